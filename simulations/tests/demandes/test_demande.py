"""La demande reçue : ce qui est permis passe, tout le reste est refusé en nommant le champ et ses bornes."""

import json
import re

import pytest

from referentiels.models.activite import VOLUME_MAX
from referentiels.tests.outils.factories import CentreFactory
from simulateur.web.refus import SaisieRefusee
from simulations.demandes.demande import BORNES, lire_demande
from simulations.demandes.fautes import FAUTES_MAX

pytestmark = [pytest.mark.django_db, pytest.mark.rapide]


def refus(corps, **options):
    """Les champs refusés et leur première phrase."""
    with pytest.raises(SaisieRefusee) as erreur:
        lire_demande(corps, **options)
    return {champ: phrases[0] for champ, phrases in erreur.value.champs.items()}


def ligne(**champs):
    return {"centre_label": "X", "flux": "CO", "sens": "ARRIVEE", "segment": "LOCAL", "volume": 1, **champs}


# --- Paramètres ---------------------------------------------------------------------------------------


def test_une_demande_vide_prend_les_valeurs_du_metier():
    parametres = lire_demande({}).parametres
    assert (parametres.productivite, parametres.heures_jour, parametres.temps_mort) == (100, 8.5, 0)
    assert (parametres.jours_ouvres, parametres.shift, parametres.part_du_mois) == (264, 1, None)
    assert (parametres.mode, parametres.croissance, parametres.libres) == ("actuel", {}, {})


@pytest.mark.parametrize("nom", BORNES)
def test_chaque_parametre_accepte_ses_bornes_et_refuse_au_dela(nom):
    minimum, maximum, _ = BORNES[nom]
    pas = 1 if nom != "productivite" else 0.999  # 1 − 1 : sous un ratio de 0,01
    for valeur in (minimum, maximum):
        lire_demande({nom: valeur})
    for valeur in (minimum - pas, maximum + 1):
        phrase = refus({nom: valeur})[nom]
        assert f"de {minimum:g} à {maximum:g}" in phrase


@pytest.mark.parametrize(
    "valeur",
    [float("nan"), float("inf"), 1e309, -1e400, "beaucoup", "1_0", "", True, False, [], [5], {"a": 1}],
)
def test_ce_qui_n_est_pas_un_nombre_est_refuse_en_nommant_le_champ_et_ses_bornes(valeur):
    noms = {*BORNES, "pct_retour", "colis_amana_par_sac"} - {"croissance"}
    fautes = refus(dict.fromkeys(noms, valeur))
    assert set(fautes) == noms
    for phrase in fautes.values():
        assert re.search(r"n'est pas un nombre : de \S+ à \S+", phrase)


@pytest.mark.parametrize("nom", ["shift", "mois"])
def test_un_parametre_entier_refuse_une_fraction(nom):
    assert "n'est pas un nombre entier" in refus({nom: 1.5})[nom]


@pytest.mark.parametrize("place", ["a_la_racine", "global_params"])
def test_un_parametre_se_donne_a_la_racine_ou_dans_global_params(place):
    corps = {"shift": 2, "pct_retour": 10, "co_pct_retour": 12}
    parametres = lire_demande(corps if place == "a_la_racine" else {place: corps}).parametres
    assert parametres.shift == 2
    assert parametres.libres == {"pct_retour": 10, "co_pct_retour": 12}


@pytest.mark.parametrize(("recue", "lue"), [(0.7, 70), (1, 100), (2, 200), (2.5, 2.5), (70, 70)])
def test_une_productivite_d_au_plus_deux_est_un_ratio(recue, lue):
    assert lire_demande({"productivite": recue}).parametres.productivite == pytest.approx(lue)


@pytest.mark.parametrize(
    ("ancien", "nouveau", "valeur"),
    [("heures_par_jour", "heures_jour", 7.5), ("idle_minutes", "temps_mort", 20)],
)
def test_les_anciens_noms_sont_compris_et_restent_ceux_des_erreurs(ancien, nouveau, valeur):
    assert getattr(lire_demande({ancien: valeur}).parametres, nouveau) == valeur
    assert set(refus({ancien: -1})) == {ancien}


def test_le_complement_d_un_pourcentage_est_compris():
    libres = lire_demande(
        {"global_params": {"pct_international": 30, "cr_pct_hors_crbt": 100}}
    ).parametres.libres
    assert libres == {"pct_national": 70, "cr_pct_crbt": 0}


def test_la_croissance_se_donne_pour_tout_ou_par_flux():
    assert lire_demande({"croissance": 5}).parametres.croissance == {"": 5}
    par_flux = lire_demande({"croissance": {"AMANA": 5, "co": -3}}).parametres
    assert par_flux.croissance == {"AMANA": 5, "CO": -3}
    assert (
        par_flux == lire_demande({"global_params": {"amana_croissance": 5, "co_croissance": -3}}).parametres
    )


def test_la_croissance_d_un_flux_inconnu_est_refusee():
    assert list(refus({"croissance": {"LAIT": 5}})) == ["lait_croissance"]


def test_un_parametre_global_inconnu_est_refuse_en_listant_les_connus():
    phrase = refus({"global_params": {"pct_chance": 5}})["pct_chance"]
    assert "pct_retour" in phrase
    assert "co_" in phrase


def test_un_champ_de_page_inconnu_a_la_racine_est_ignore():
    """Les clients existants envoient aussi ce qui sert à leur affichage."""
    assert lire_demande({"titre": "Essai", "page": 2}).parametres == lire_demande({}).parametres


@pytest.mark.parametrize("mode", ["rapide", 3, ["actuel"], {"a": 1}])
def test_un_mode_inconnu_est_refuse_en_listant_les_connus(mode):
    assert "actuel, recommande, optimise" in refus({"mode": mode})["mode"]


def test_toutes_les_fautes_sont_dites_a_la_fois():
    fautes = refus(
        {"shift": 9, "mode": "x", "global_params": {"pct_retour": 101}, "volumes": [ligne(volume=-1)]}
    )
    assert set(fautes) == {"shift", "mode", "pct_retour", "volumes[0].volume"}


@pytest.mark.parametrize("corps", [None, [], "texte", 3, [{"shift": 1}]])
def test_un_corps_qui_n_est_pas_un_objet_est_refuse(corps):
    assert refus(corps) == {"detail": "Le corps de la demande doit être un objet JSON."}


@pytest.mark.parametrize("champ", ["global_params", "centres_params"])
@pytest.mark.parametrize("valeur", ["a", [1], 5])
def test_un_groupe_de_parametres_qui_n_est_pas_un_objet_est_refuse(champ, valeur):
    assert "objet" in refus({champ: valeur})[champ]


# --- Paramètres propres à un centre -------------------------------------------------------------------


def test_les_parametres_d_un_centre_sont_ranges_sous_son_identifiant():
    lus = lire_demande({"centres_params": {"12": {"pct_retour": 5, "co_pct_retour": 6}}}).parametres
    assert lus.par_centre == {12: {"pct_retour": 5, "co_pct_retour": 6}}


@pytest.mark.parametrize("cle", ["x", "²", "-1", "9" * 5000])
def test_une_cle_qui_n_est_pas_un_identifiant_de_centre_est_refusee(cle):
    assert "identifiant de centre" in refus({"centres_params": {cle: {}}})["centres_params"]


def test_une_valeur_hors_bornes_nomme_son_centre():
    assert set(refus({"centres_params": {"12": {"pct_retour": 101}}})) == {"centres_params.12.pct_retour"}


@pytest.mark.parametrize("nom", ["productivite", "heures_par_jour", "croissance", "co_croissance"])
def test_ce_qui_se_regle_pour_toute_la_simulation_est_refuse_pour_un_centre(nom):
    """Accepté puis oublié, il ferait croire à un résultat qui en tient compte."""
    assert "toute la simulation" in refus({"centres_params": {"12": {nom: 5}}})[f"centres_params.12.{nom}"]


# --- Volumes ------------------------------------------------------------------------------------------


def test_un_volume_se_donne_par_identifiant_code_ou_nom_de_centre():
    centre = CentreFactory(nom="Évreux  Sud", code="EVX")
    for designation in (
        {"centre_id": centre.pk},
        {"centre_id": str(centre.pk)},
        {"centre_label": "evreux sud"},
        {"centre_label": "EVX"},
    ):
        demande = lire_demande({"volumes": [ligne(**{"centre_label": None, **designation})]})
        assert demande.volumes == [{"centre_id": centre.pk, "cellule": "co.arrive.local", "volume": 1}]
        assert demande.rapport["matched_centres"] == 1


def test_les_volumes_groupes_par_centre_valent_les_volumes_a_plat():
    centre = CentreFactory()
    a_plat = {"volumes": [ligne(centre_id=centre.pk, volume=3), ligne(centre_id=centre.pk, segment="AXES")]}
    sous = [{k: v for k, v in volume.items() if not k.startswith("centre")} for volume in a_plat["volumes"]]
    groupes = {"centres_volumes": [{"centre_id": centre.pk, "volumes": sous}]}
    assert lire_demande(groupes) == lire_demande(a_plat)


def test_le_rapport_compte_les_lignes_et_les_centres_trouves_inconnus_et_ignores():
    chez_nous = CentreFactory()
    ailleurs = CentreFactory()
    ferme = CentreFactory(direction=chez_nous.direction, inactif=True)
    demande = lire_demande(
        {
            "volumes": [
                ligne(centre_id=chez_nous.pk),
                ligne(centre_id=chez_nous.pk, segment="AXES"),
                ligne(centre_label="Atlantide"),
                ligne(centre_label="Atlantide", segment="AXES"),
                ligne(centre_label=ailleurs.nom),
                ligne(centre_label=ferme.nom),
            ]
        },
        direction_id=chez_nous.direction_id,
    )
    assert demande.rapport == {
        "total_lignes": 6,
        "matched_centres": 1,
        "unknown_centres": ["Atlantide"],
        "ignored_centres": [ailleurs.nom, ferme.nom],
    }
    assert {volume["centre_id"] for volume in demande.volumes} == {chez_nous.pk}


@pytest.mark.parametrize(
    "designation",
    [
        {},
        {"centre_id": 10**30},
        {"centre_id": 2**63},
        {"centre_id": "²"},
        {"centre_id": "9" * 5000},
        {"centre_id": 0},
        {"centre_id": -1},
        {"centre_id": 1.5},
        {"centre_id": [1]},
        {"centre_id": True},
        {"centre_label": {"a": 1}},
        {"centre_label": "\ud800\x00"},
        {"centre_label": "x" * 10_000},
    ],
    ids=range(13),
)
def test_un_centre_indechiffrable_est_inconnu_et_son_libelle_reste_affichable(designation):
    rapport = lire_demande({"volumes": [ligne(**{"centre_label": None, **designation})]}).rapport
    (libelle,) = rapport["unknown_centres"]
    assert 0 < len(libelle) <= 100
    assert libelle.isprintable()
    json.dumps(rapport, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "volume", [-1, "beaucoup", None, True, float("nan"), float("inf"), VOLUME_MAX * 1.001]
)
def test_un_volume_negatif_ou_non_numerique_est_refuse_avec_son_rang(volume):
    fautes = refus({"volumes": [ligne(), ligne(volume=volume)]})
    assert list(fautes) == ["volumes[1].volume"]
    assert "0 à 1\u202f000\u202f000\u202f000\u202f000" in fautes["volumes[1].volume"]


def test_un_segment_inconnu_liste_ceux_de_ce_flux():
    assert "LOCAL" in refus({"volumes": [ligne(segment="LUNE")]})["volumes[0]"]


@pytest.mark.parametrize("champ", ["flux", "sens"])
def test_un_flux_ou_un_sens_inconnu_liste_les_couples_connus(champ):
    assert "CO ARRIVEE" in refus({"volumes": [ligne(**{champ: "LUNE"})]})["volumes[0]"]


@pytest.mark.parametrize("champ", ["volumes", "centres_volumes"])
@pytest.mark.parametrize("valeur", ["a", {"a": 1}, 5])
def test_des_volumes_qui_ne_sont_pas_une_liste_sont_refuses(champ, valeur):
    assert refus({champ: valeur})[champ] == "Une liste est attendue."


def test_une_ligne_de_volume_qui_n_est_pas_un_objet_est_refusee_avec_son_rang():
    assert list(refus({"volumes": [ligne(), 5]})) == ["volumes[1]"]
    groupes = {"centres_volumes": [{"centre_id": 1, "volumes": [ligne(), 5]}]}
    assert list(refus(groupes)) == ["centres_volumes[0].volumes[1]"]


def test_dix_mille_fautes_font_une_reponse_courte():
    fautes = refus({"volumes": [ligne(volume="x" * 500)] * 10_000})
    assert len(fautes) == FAUTES_MAX + 1
    assert str(10_000 - FAUTES_MAX) in fautes["autres"]
    assert len(json.dumps(fautes)) < 100_000


def test_une_valeur_recue_tres_longue_n_est_pas_renvoyee_entiere():
    assert len(refus({"shift": "x" * 100_000})["shift"]) < 300
