"""Des parts d'un même tout ne dépassent pas 100, par toutes les portes (#parts)."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.forms import inlineformset_factory
from django.urls import reverse

from referentiels.admin.parts import LignesDeParametres
from referentiels.models import Centre, Flux, Parametre, ParametreCentre, Phase, TermePhase
from simulations.models import Simulation
from simulations.tests.outils.reseau import direction_a_simuler

pytestmark = pytest.mark.django_db


@pytest.fixture
def direction(db: None) -> Any:
    return direction_a_simuler(2)


def propre(centre: Any, code: str, valeur: float, flux: str | None = None) -> ParametreCentre:
    lu = Flux.objects.get(code=flux) if flux else None
    parametre = Parametre.objects.get(code=code)
    return ParametreCentre.objects.create(centre=centre, parametre=parametre, flux=lu, valeur=valeur)


def chemins(direction: Any) -> list[str]:
    centre = direction.centres.first()
    return [
        f"/api/async/simulation/direction/{direction.pk}",
        "/api/async/simulation/nationale",
        f"/api/simulation/centre/{centre.pk}",
        f"/api/simulation/poste/{centre.centre_postes.get().pk}",
        f"/api/simulation/direction/{direction.pk}/modes",
    ]


def test_une_demande_qui_depasse_est_refusee_par_toutes_les_portes_de_l_api(api: Any, direction: Any) -> None:
    for chemin in chemins(direction):
        corps = {"pct_marche": 80, "pct_collecte": 80}
        reponse = api.post(chemin, corps, format="json")
        assert reponse.status_code == 400, chemin
        phrase = reponse.json()["champs"]["pct_collecte + pct_marche"][0]
        assert "pct_collecte 80 (demande) + pct_marche 80 (demande) = 160 %" in phrase
        assert api.post(chemin, {"pct_marche": 60, "pct_collecte": 40}, format="json").status_code < 300
    assert not Simulation.objects.filter(parametres__libres__pct_marche=80).exists()


def test_les_valeurs_resolues_melent_demande_flux_et_centre_et_disent_d_ou_elles_viennent(
    api: Any, direction: Any
) -> None:
    centre, autre = direction.centres.all()
    propre(centre, "pct_marche", 70, flux="CO")
    chemin = f"/api/async/simulation/direction/{direction.pk}"
    reponse = api.post(chemin, {"pct_collecte": 40}, format="json")
    (phrase,) = reponse.json()["champs"]["pct_collecte + pct_marche"]
    assert "pct_collecte 40 (demande) + pct_marche 70 (référentiel de ce centre) = 110 % pour CO" in phrase
    assert f"{centre.nom} ({centre.code})" in phrase
    assert autre.code not in phrase.split("Centres")[1].replace(centre.code, "")
    assert (
        api.post(f"/api/simulation/centre/{autre.pk}", {"pct_collecte": 40}, format="json").status_code == 200
    )
    mixte = {"co_pct_collecte": 20, "centres_params": {str(autre.pk): {"pct_marche": 90}}}
    reponse = api.post(chemin, mixte, format="json")
    assert reponse.status_code == 400
    assert "pct_marche 90 (demande, pour ce centre)" in str(reponse.json())
    corrige = {"pct_collecte": 40, "centres_params": {str(centre.pk): {"co_pct_collecte": 30}}}
    assert api.post(chemin, corrige, format="json").status_code == 202


def test_la_page_et_la_commande_refusent_aussi(client_connecte: Any, direction: Any) -> None:
    envoi = {"mode": "actuel", "pct_marche": "80", "pct_collecte": "80"}
    page = client_connecte.post(reverse("simulations:direction", args=[direction.pk]), envoi)
    assert "Au plus 100 % ensemble" in page.content.decode()
    centre = direction.centres.first()
    page = client_connecte.post(reverse("simulations:centre-simuler", args=[centre.pk]), envoi)
    assert page.status_code == 400
    assert "Au plus 100 % ensemble" in page.content.decode()
    with pytest.raises(CommandError, match="Au plus 100 % ensemble"):
        call_command("simuler", "centre", centre.code, parametre=["pct_marche=80", "pct_collecte=80"])
    assert not Simulation.objects.exists()


def test_un_tout_est_ce_qu_une_phase_retire_de_un(api: Any, direction: Any) -> None:
    phase = Phase.objects.create(code="RESTE", nom="reste")
    TermePhase.objects.create(
        phase=phase, nature="COMPLEMENT", parametre="pct_retour", parametre_2="pct_axes"
    )
    corps = {"pct_retour": 60, "pct_axes": 50}
    assert api.post(chemins(direction)[0], corps, format="json").status_code == 400


def test_l_admin_refuse_un_defaut_une_valeur_de_centre_et_une_phase_qui_depassent(
    admin_client: Any, direction: Any
) -> None:
    centre = direction.centres.first()
    propre(centre, "pct_marche", 70)
    collecte = Parametre.objects.get(code="pct_collecte")
    adresse = reverse("admin:referentiels_parametrecentre_add")
    envoi = {"centre": centre.pk, "parametre": collecte.pk, "flux": "", "valeur": "40"}
    assert "Au plus 100 % ensemble" in admin_client.post(adresse, envoi).content.decode()
    assert admin_client.post(adresse, envoi | {"valeur": "30"}).status_code == 302
    tenue = ParametreCentre.objects.get(parametre=collecte)
    adresse = reverse("admin:referentiels_parametrecentre_change", args=[tenue.pk])
    assert "Au plus 100 % ensemble" in admin_client.post(adresse, envoi | {"valeur": "31"}).content.decode()
    tenue.delete()
    adresse = reverse("admin:referentiels_parametre_change", args=[collecte.pk])
    champs = ("code", "nom", "unite", "minimum", "maximum", "source", "ordre")
    envoi = {nom: getattr(collecte, nom) for nom in champs} | {"par_flux": "on"}
    assert "Au plus 100 % ensemble" in admin_client.post(adresse, envoi | {"defaut": 31}).content.decode()
    assert admin_client.post(adresse, envoi | {"defaut": 30}).status_code == 302
    propre(centre, "pct_retour", 90)
    adresse = reverse("admin:referentiels_phase_add")
    termes = {"termes-TOTAL_FORMS": 1, "termes-INITIAL_FORMS": 0, "termes-0-nature": "COMPLEMENT"}
    termes |= {"termes-0-ordre": 0, "termes-0-parametre": "pct_retour", "termes-0-parametre_2": "pct_marche"}
    envoi = {"code": "X", "nom": "x", **termes}
    assert "Au plus 100 % ensemble" in admin_client.post(adresse, envoi).content.decode()
    assert not Phase.objects.filter(code="X").exists()


def test_l_admin_d_un_centre_juge_ses_valeurs_ensemble(admin_client: Any, direction: Any) -> None:

    centre = direction.centres.first()
    marche, collecte = propre(centre, "pct_marche", 60), propre(centre, "pct_collecte", 40)
    fabrique = inlineformset_factory(Centre, ParametreCentre, formset=LignesDeParametres, fields="__all__")

    def valide(*valeurs: float) -> bool:
        envoi: dict[str, Any] = {"parametres-TOTAL_FORMS": 2, "parametres-INITIAL_FORMS": 2}
        for rang, (ligne, valeur) in enumerate(zip((marche, collecte), valeurs, strict=True)):
            debut = f"parametres-{rang}-"
            envoi |= {
                debut + "id": ligne.pk,
                debut + "parametre": ligne.parametre_id,
                debut + "valeur": valeur,
            }
        return bool(fabrique(envoi, instance=centre).is_valid())

    assert valide(70, 30)
    assert not valide(70, 31)


def test_des_heures_negatives_sont_un_refus_jamais_un_chiffre(api: Any, direction: Any) -> None:
    """Un terme qui n'est pas une part (1 + p + q) peut encore descendre sous zéro : le calcul le refuse."""
    centre = direction.centres.first()
    Parametre.objects.create(code="remise", nom="remise", defaut=-3, minimum=-5, maximum=0)
    phase = Phase.objects.create(code="REMISE", nom="remise")
    TermePhase.objects.create(phase=phase, nature="UN_PLUS", parametre="remise")
    tache = centre.centre_postes.get().taches.get()
    tache.phase = phase
    tache.save()
    reponse = api.post(f"/api/simulation/centre/{centre.pk}", {}, format="json")
    assert reponse.status_code == 409
    assert "Heures négatives" in str(reponse.json())
