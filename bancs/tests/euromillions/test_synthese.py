"""L'histoire tirée au sort des mesures est un vrai jeu."""

from bancs.euromillions.synthese import historique_synthetique
from euromillions.statistiques import complet


def test_l_histoire_synthetique_des_mesures_est_un_vrai_jeu():
    historique = historique_synthetique(2000)
    assert complet(historique)["total_draws"] == 2000
    assert (historique.numeros[:, 1:] > historique.numeros[:, :-1]).all()
    assert (historique.etoiles[:, 1] > historique.etoiles[:, 0]).all()
