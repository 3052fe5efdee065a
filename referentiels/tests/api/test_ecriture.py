"""Écrire par l'API : créer, remplacer, modifier, supprimer, et chaque refus avec sa phrase."""

from typing import Any

import pytest

from referentiels.models import Centre, CentrePoste, Direction, Region, Tache
from referentiels.tests.outils import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return f.CentreFactory()


def corps_centre(direction: Direction, **champs: Any) -> dict[str, Any]:
    return {"code": "N1", "nom": "Neuf", "direction_id": direction.pk, "typologie_code": "CM", **champs}


def corps_tache(tenu: CentrePoste, **champs: Any) -> dict[str, Any]:
    return {
        "centre_poste_id": tenu.pk,
        "nom": "Trier",
        "produit_code": "CO ARRIVE",
        "unite_code": "SAC",
        "duree_secondes": 4.5,
        **champs,
    }


def test_une_region_se_cree_se_renomme_et_se_supprime(api_staff):
    creee = api_staff.post("/api/regions", {"code": "NO", "nom": "Nord"})
    assert creee.status_code == 201
    adresse = f"/api/regions/{creee.json()['id']}"
    assert api_staff.patch(adresse, {"nom": "Grand Nord"}).json()["nom"] == "Grand Nord"
    assert api_staff.get(adresse).json() == {**creee.json(), "nom": "Grand Nord"}
    assert api_staff.delete(adresse).status_code == 204
    assert api_staff.get(adresse).status_code == 404


def test_ce_qui_se_lit_se_reecrit_tel_quel(api_staff):
    tache = f.TacheFactory(en_collecte=True)
    tenu = tache.centre_poste
    for adresse in (
        f"/api/regions/{tenu.centre.direction.region_id}",
        f"/api/centres/{tenu.centre_id}",
        f"/api/centres/{tenu.centre_id}/postes/{tenu.poste_id}",
        f"/api/taches/{tache.pk}",
    ):
        lu = api_staff.get(adresse).json()
        assert api_staff.put(adresse, lu).json() == lu, adresse


def test_un_centre_se_cree_avec_sa_typologie_par_son_code(api_staff, centre):
    reponse = api_staff.post("/api/centres", corps_centre(centre.direction, coeff_circulation=0.25))
    assert reponse.status_code == 201
    assert reponse.json()["coeff_circulation"] == 0.25
    assert Centre.objects.get(code="N1").typologie.code == "CM"


def test_un_client_ne_fait_pas_passer_un_centre_pour_une_demonstration(api_staff, centre):
    api_staff.post("/api/centres", corps_centre(centre.direction, fictif=True))
    assert Centre.objects.get(code="N1").fictif is False


def test_un_poste_se_cree_dans_un_centre_puis_se_modifie_et_se_retire(api_staff, centre):
    poste = f.PosteFactory()
    adresse = f"/api/centres/{centre.pk}/postes"
    creee = api_staff.post(adresse, {"poste_id": poste.pk, "effectif_actuel": 2.5})
    assert (creee.status_code, creee.json()["centre_id"]) == (201, centre.pk)
    modifie = api_staff.patch(f"{adresse}/{poste.pk}", {"effectif_actuel": 4})
    assert modifie.json()["effectif_actuel"] == 4
    assert api_staff.delete(f"{adresse}/{poste.pk}").status_code == 204
    assert not CentrePoste.objects.exists()


def test_un_poste_ne_se_tient_pas_deux_fois_dans_un_centre(api_staff):
    tenu = f.CentrePosteFactory()
    reponse = api_staff.post(f"/api/centres/{tenu.centre_id}/postes", {"poste_id": tenu.poste_id})
    assert reponse.status_code == 400
    assert "Ce poste existe déjà dans ce centre." in reponse.json()["detail"]


def test_un_poste_change_de_metier_sans_prendre_la_place_d_un_autre(api_staff):
    tenu = f.CentrePosteFactory()
    voisin = f.CentrePosteFactory(centre=tenu.centre, poste_neuf=True)
    adresse = f"/api/centres/{tenu.centre_id}/postes/{tenu.poste_id}"
    assert api_staff.patch(adresse, {"poste_id": voisin.poste_id}).status_code == 400
    libre = f.PosteFactory(neuf=True)
    assert api_staff.patch(adresse, {"poste_id": libre.pk}).json()["poste_id"] == libre.pk


def test_une_tache_se_cree_par_les_codes_de_ses_regles(api_staff):
    tenu = f.CentrePosteFactory()
    reponse = api_staff.post("/api/taches", corps_tache(tenu, phase_code="COLLECT", base_calcul=60))
    assert reponse.status_code == 201
    tache = Tache.objects.get()
    assert (tache.produit.code, tache.unite.code, tache.phase.code) == ("CO ARRIVE", "SAC", "COLLECT")
    assert api_staff.patch(f"/api/taches/{tache.pk}", {"phase_code": None}).json()["phase_code"] is None


@pytest.mark.parametrize(
    ("champ", "valeur", "phrase"),
    [
        ("coeff_circulation", 0.81, "Le coefficient de circulation va de 0 à 0,8."),
        ("coeff_geographie", 0.1, "Le coefficient de géographie va de −0,2 à 0."),
        ("trajet_minutes", 241, "Le trajet aller va de 0 à 240 minutes."),
        ("aps", -1, "Le nombre d'APS ne peut pas être négatif."),
        ("aps", "beaucoup", ""),
        ("code", "", ""),
        ("code", "x" * 31, ""),
        ("nom", "a\x00b", ""),
        ("typologie_code", "INCONNUE", "« INCONNUE » n'existe pas."),
        ("typologie_code", 3, ""),
        ("typologie_code", "a\x00", ""),
        ("direction_id", 0, ""),
        ("direction_id", 10**30, ""),
        ("direction_id", "abc", ""),
        ("actif", "peut-être", ""),
    ],
)
def test_un_centre_faux_est_refuse_en_nommant_le_champ(api_staff, centre, champ, valeur, phrase):
    reponse = api_staff.post("/api/centres", corps_centre(centre.direction, **{champ: valeur}))
    assert reponse.status_code == 400
    assert list(reponse.json()["champs"]) == [champ]
    assert phrase in reponse.json()["detail"]
    assert Centre.objects.count() == 1


@pytest.mark.parametrize(
    ("champ", "valeur"),
    [
        ("duree_secondes", 0),
        ("duree_secondes", 86_401),
        ("duree_secondes", "nan"),
        ("duree_secondes", "inf"),
        ("base_calcul", 50),
        ("produit_code", "RIEN"),
        ("unite_code", None),
        ("centre_poste_id", 0),
        ("ordre", -1),
        ("ordre", 10**12),
        ("nom", ""),
    ],
)
def test_une_tache_fausse_est_refusee_en_nommant_le_champ(api_staff, champ, valeur):
    reponse = api_staff.post("/api/taches", corps_tache(f.CentrePosteFactory(), **{champ: valeur}))
    assert reponse.status_code == 400
    assert list(reponse.json()["champs"]) == [champ]
    assert not Tache.objects.exists()


def test_un_effectif_negatif_est_refuse_en_nommant_le_champ(api_staff, centre):
    reponse = api_staff.post(
        f"/api/centres/{centre.pk}/postes", {"poste_id": f.PosteFactory().pk, "effectif_actuel": -0.5}
    )
    assert reponse.json()["champs"] == {"effectif_actuel": ["L'effectif actuel ne peut pas être négatif."]}


def test_un_code_deja_pris_est_refuse(api_staff, centre):
    reponse = api_staff.post("/api/centres", corps_centre(centre.direction, code=centre.code))
    assert list(reponse.json()["champs"]) == ["code"]


def test_un_corps_qui_n_est_pas_un_objet_est_refuse(api_staff):
    for corps in ([], "texte", 3):
        assert api_staff.post("/api/regions", corps).status_code == 400
    mal_forme = api_staff.post("/api/regions", "{", content_type="application/json")
    assert mal_forme.status_code == 400


def test_supprimer_ce_dont_d_autres_dependent_est_un_409_qui_dit_quoi(api_staff, centre):
    reponse = api_staff.delete(f"/api/directions/{centre.direction_id}")
    assert reponse.status_code == 409
    assert reponse.json()["detail"] == (
        f"« {centre.direction} » ne se supprime pas : 1 lignes en dépendent (centres)."
    )
    assert api_staff.delete(f"/api/regions/{centre.direction.region_id}").status_code == 409
    assert Direction.objects.count() == Region.objects.count() == 1


def test_supprimer_un_centre_emporte_ses_postes_et_ses_taches(api_staff):
    tache = f.TacheFactory()
    assert api_staff.delete(f"/api/centres/{tache.centre_poste.centre_id}").status_code == 204
    assert not Tache.objects.exists()


def test_une_place_prise_pendant_l_ecriture_est_un_409(api_staff, monkeypatch):
    """L'unicité vérifiée, un autre écrit avant nous : la base tranche, la réponse le dit."""
    f.RegionFactory(code="NO")
    monkeypatch.setattr("referentiels.api.serializers.RegionSerializer.is_valid", lambda *a, **o: True)
    monkeypatch.setattr(
        "referentiels.api.serializers.RegionSerializer.save",
        lambda *a, **o: Region.objects.create(code="NO", nom="Nord"),
    )
    reponse = api_staff.post("/api/regions", {"code": "NO", "nom": "Nord"})
    assert reponse.status_code == 409
    assert "écriture simultanée" in reponse.json()["detail"]


def test_une_ecriture_se_lit_aussitot(api_staff):
    tache = f.TacheFactory()
    tenu = tache.centre_poste
    adresse = f"/api/centres/{tenu.centre_id}/postes/{tenu.poste_id}/taches"
    assert api_staff.get(adresse).json()["count"] == 1
    api_staff.post("/api/taches", corps_tache(tenu))
    assert api_staff.get(adresse).json()["count"] == 2
    api_staff.patch(f"/api/taches/{tache.pk}", {"nom": "Renommée"})
    assert "Renommée" in {ligne["nom"] for ligne in api_staff.get(adresse).json()["results"]}


def test_un_demi_caractere_est_refuse_sans_panne(api_staff):
    tache = f.TacheFactory()
    refus = api_staff.generic(
        "PATCH", f"/api/taches/{tache.pk}", r'{"base_calcul": "\ud800"}', content_type="application/json"
    )
    assert refus.status_code == 400
    assert "base_calcul" in refus.json()["champs"]
