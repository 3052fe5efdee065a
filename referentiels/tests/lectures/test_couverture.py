"""La couverture dit quelles tâches aucune règle ne compte, où et pourquoi."""

from typing import Any

import pytest

from referentiels.lectures.couverture import couverture
from referentiels.tests.outils.factories import (
    CentreFactory,
    CentrePosteFactory,
    PhaseFactory,
    ProduitFactory,
    TacheFactory,
    UniteMesureFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def tenu() -> Any:
    return CentrePosteFactory(centre=CentreFactory(typologie__code="CM"))


def test_une_tache_bien_decrite_est_couverte(tenu: Any) -> None:
    TacheFactory(centre_poste=tenu, en_sac=True, phase=PhaseFactory(code="SAC"))
    TacheFactory(centre_poste=tenu, en_collecte=True)
    rapport = couverture()
    assert (rapport.total.taches, rapport.total.non_couvertes) == (2, 0)
    assert rapport.regles == []


def test_chaque_cause_est_nommee_par_centre_et_par_typologie(tenu: Any) -> None:
    vide = ProduitFactory(code="INVENTE")
    TacheFactory(centre_poste=tenu, produit=vide)
    TacheFactory(centre_poste=tenu, unite=UniteMesureFactory(code="PALETTE"))
    TacheFactory(centre_poste=tenu, phase=PhaseFactory(code="SANS TERME"))
    TacheFactory(centre_poste=tenu, produit=vide, inactive=True)
    TacheFactory(centre_poste=CentrePosteFactory())
    rapport = couverture()
    assert rapport.total.non_couvertes == 3
    assert rapport.total.causes == {"produit": 1, "unite": 1, "phase": 1}
    assert (rapport.centres[0].identifiant, rapport.centres[0].non_couvertes) == (tenu.centre_id, 3)
    assert [(ligne.nom, ligne.non_couvertes) for ligne in rapport.typologies] == [("CM", 3), ("CD", 0)]
    assert {(cause, code) for cause, code, _, _ in rapport.regles} == {
        ("produit", "INVENTE"),
        ("unite", "PALETTE"),
        ("phase", "SANS TERME"),
    }


def test_un_forfait_n_a_besoin_ni_de_volume_ni_de_diviseur(tenu: Any) -> None:
    TacheFactory(centre_poste=tenu, produit=ProduitFactory(code="INVENTE"), forfait=True)
    assert couverture().total.non_couvertes == 0


def test_le_rapport_se_restreint_et_se_lit_en_nombre_constant_de_requetes(
    tenu: Any, api: Any, compter_requetes: Any
) -> None:
    TacheFactory(centre_poste=tenu, produit=ProduitFactory(code="INVENTE"))
    TacheFactory()
    api.get("/api/regions")  # les droits du compte se lisent une fois
    with compter_requetes() as requetes:
        corps = api.get(f"/api/couverture?direction={tenu.centre.direction_id}").json()
    assert len(requetes) <= 12
    assert corps["total"]["taches"] == 1
    assert corps["regles"] == [{"cause": "produit", "code": "INVENTE", "nom": "INVENTE", "taches": 1}]
    assert api.get(f"/api/couverture?centre={tenu.centre_id}").json()["total"]["sans_produit"] == 1
    assert api.get("/api/couverture?centre=abc").status_code == 400
