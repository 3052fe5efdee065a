"""L'année d'un calcul qui n'en nomme pas : une seule règle, par toutes les portes (#annee)."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from referentiels.lectures.annees import annees_des_volumes
from referentiels.models import CelluleVolume, Reglage, VolumeAnnuel
from referentiels.tests.outils.factories import DirectionFactory, VolumeAnnuelFactory
from simulations.calculs.lancement import lancer
from simulations.demandes.demande import lire_demande
from simulations.models import Simulation
from simulations.tests.outils.reseau import centre_a_simuler, direction_a_simuler

pytestmark = pytest.mark.django_db
Niveau = Simulation.Niveau


def remplir(centre: Any, annee: int, cellules: int, volume: float = 10.0) -> None:
    VolumeAnnuel.objects.filter(centre=centre, annee=annee).delete()
    for cellule in CelluleVolume.objects.order_by("pk")[:cellules]:
        VolumeAnnuelFactory(centre=centre, annee=annee, cellule=cellule, volume=volume)


def retenue() -> int | None:
    return annees_des_volumes().retenue


@pytest.fixture
def reseau(db: None) -> Any:
    """Vingt centres, quatre cellules chacun en 2026."""
    direction = direction_a_simuler(20)
    for centre in direction.centres.all():
        remplir(centre, 2026, 4)
    return direction


def test_une_ligne_egaree_ne_change_l_annee_de_personne(api: Any, reseau: Any) -> None:
    centre = reseau.centres.first()
    remplir(centre, 2027, 1)
    lot = {"niveau": Niveau.BATCH, "centre_ids": [centre.pk]}
    cibles: list[dict[str, Any]] = [
        {"niveau": Niveau.NATIONAL},
        {"niveau": Niveau.DIRECTION, "direction": reseau},
        {"niveau": Niveau.DIRECTION, "direction": DirectionFactory()},
        lot,
    ]
    assert {lancer(demande=lire_demande({}), **cible).annee for cible in cibles} == {2026}
    for chemin in (
        f"centre/{centre.pk}",
        f"poste/{centre.centre_postes.get().pk}",
        f"centre/{centre.pk}/modes",
    ):
        assert api.post(f"/api/simulation/{chemin}", {}, format="json").json()["annee"] == 2026
    assert lancer(demande=lire_demande({}), annee=2027, **lot).annee == 2027


def test_une_annee_compte_des_la_moitie_des_cellules_et_95_pour_cent_des_centres(reseau: Any) -> None:
    premier, *autres = reseau.centres.all()
    for centre in autres:
        remplir(centre, 2027, 2)
    assert retenue() == 2027
    remplir(autres[0], 2027, 1)
    assert retenue() == 2026
    remplir(premier, 2027, 2)
    assert retenue() == 2027


def test_ni_les_zeros_ni_les_centres_fermes_ou_sans_tache_ne_comptent(reseau: Any) -> None:
    for centre in reseau.centres.all():
        remplir(centre, 2028, 4, volume=0.0)
    VolumeAnnuelFactory(annee=2030)
    assert retenue() == 2026
    ferme = centre_a_simuler()
    for centre in reseau.centres.all()[1:]:
        remplir(centre, 2027, 4)
    remplir(ferme, 2026, 4)
    assert retenue() == 2026
    ferme.actif = False
    ferme.save()
    assert retenue() == 2027


def test_une_annee_fixee_par_une_ligne_l_emporte(reseau: Any) -> None:
    reglage = Reglage.objects.get(code="annee_des_volumes")
    reglage.valeur = 2024
    reglage.save()
    assert lancer(demande=lire_demande({}), niveau=Niveau.NATIONAL).annee == 2024
    reglage.valeur = None
    reglage.save()
    assert retenue() == 2026
    reglage.valeur = 2024.5
    with pytest.raises(ValidationError):
        reglage.full_clean()


def test_sans_aucun_volume_c_est_l_annee_en_cours(db: None) -> None:
    assert annees_des_volumes().par_defaut == timezone.localdate().year


def test_relue_sans_changement_elle_ne_coute_qu_une_requete_de_donnees(
    reseau: Any, django_assert_max_num_queries: Any
) -> None:
    annees_des_volumes()
    with django_assert_max_num_queries(2):
        annees_des_volumes()


def test_le_calcul_dit_ce_que_l_annee_couvre_et_nomme_les_centres_partiels(
    api: Any, simuler: Any, reseau: Any
) -> None:
    partiel, sain = reseau.centres.all()[:2]
    remplir(partiel, 2026, 1)
    remplir(partiel, 2025, 4)
    attendu = {
        "annee": 2026,
        "centres": 20,
        "couverts": 19,
        "part": 95.0,
        "partiels": {"nombre": 1, "noms": [f"{partiel.nom} ({partiel.code})"]},
    }
    data = simuler(f"direction/{reseau.pk}")["result"]["data"]
    assert data["report"]["couverture_annee"] == attendu
    assert data["kpis"]["couverture_annee"] == 95.0
    corps = api.post(f"/api/simulation/centre/{sain.pk}", {}, format="json").json()
    assert corps["report"]["couverture_annee"] == {"annee": 2026, "centres": 1, "couverts": 1, "part": 100.0}
    saisis = [
        {"centre_id": partiel.pk, "cellule": c.code, "volume": 5} for c in CelluleVolume.objects.all()[:4]
    ]
    corps = api.post(f"/api/simulation/centre/{partiel.pk}", {"volumes": saisis}, format="json").json()
    assert corps["report"]["couverture_annee"]["couverts"] == 1


def test_la_page_et_la_commande_le_disent_aussi(
    client_connecte: Any, simuler: Any, reseau: Any, capsys: Any
) -> None:
    partiel = reseau.centres.first()
    remplir(partiel, 2026, 1)
    remplir(partiel, 2025, 4)
    simuler("nationale")
    page = client_connecte.get(Simulation.objects.get().get_absolute_url()).content.decode()
    assert "2026 couvre 95,0 % des centres" in " ".join(page.split())
    assert f"{partiel.nom} ({partiel.code})" in page
    page = client_connecte.post(
        reverse("simulations:centre-simuler", args=[partiel.pk]), {"mode": "actuel"}
    ).content.decode()
    assert "2026 couvre 0,0 % des centres" in " ".join(page.split())
    call_command("simuler", "centre", partiel.code)
    assert (
        f"0 centre(s) couvert(s) sur 1 ; partiels : {partiel.nom} ({partiel.code})" in capsys.readouterr().out
    )


def test_la_page_propose_d_abord_l_annee_de_tous(client_connecte: Any, reseau: Any) -> None:
    remplir(reseau.centres.first(), 2027, 1)
    for adresse in (reverse("simulations:direction", args=[reseau.pk]), reverse("simulations:nationale")):
        page = client_connecte.get(adresse)
        assert page.status_code == 200, adresse
        assert page.context["form"].fields["annee"].choices == [(2026, "2026"), (2027, "2027")]


def test_la_page_d_un_centre_montre_l_annee_d_un_calcul(client_connecte: Any, reseau: Any) -> None:
    centre = reseau.centres.first()
    remplir(centre, 2027, 1)
    adresse = reverse("simulations:centre", args=[centre.pk])
    assert client_connecte.get(adresse).context["centre"]["annee"] == 2026
    for autre in reseau.centres.all():
        remplir(autre, 2027, 4)
    assert "de 2027" in " ".join(client_connecte.get(adresse).content.decode().split())
