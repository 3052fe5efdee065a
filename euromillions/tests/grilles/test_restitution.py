"""Le résultat d'une génération, tel que l'API le rend."""

import pytest

from euromillions.grilles import restitution
from euromillions.grilles.lancement import DemandeDeGrilles, lancer
from euromillions.models import Strategie
from euromillions.tests.outils.grilles import executee, generer

pytestmark = pytest.mark.django_db


@pytest.fixture
def en_file(petite_histoire, utilisateur):
    return lancer(DemandeDeGrilles(Strategie.ECART, 4, 9), demandeur=utilisateur)


def test_finie_elle_donne_ses_grilles_dans_l_ordre_et_de_quoi_les_retrouver(en_file, petite_histoire):
    resultat = restitution.resultat(executee(en_file))
    assert len(resultat["grids"]) == 4
    assert {grille["strategy"] for grille in resultat["grids"]} == {"gap_based"}
    assert (resultat["params"]["seed"], resultat["params"]["num_grids"]) == (9, 4)
    assert resultat["params"]["history_until"] == petite_histoire[-1].isoformat()
    assert resultat["total_draws_analyzed"] == len(petite_histoire)
    assert "demo" not in resultat


def test_servie_du_cache_elle_donne_les_grilles_de_son_origine(en_file, utilisateur):
    origine = executee(en_file)
    reprise = lancer(DemandeDeGrilles(Strategie.ECART, 4, 9), demandeur=utilisateur)
    assert restitution.resultat(reprise)["cached"] is True
    assert restitution.resultat(reprise)["grids"] == restitution.resultat(origine)["grids"]
    assert not reprise.grilles.exists()


def test_d_un_passe_fictif_elle_le_dit(petite_histoire):
    generation = generer(nombre=1)
    generation.fictive = True
    assert restitution.resultat(generation)["demo"] is True
