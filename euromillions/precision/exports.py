"""Un backtest que l'on emporte : les chiffres de sa page, les raisons comprises."""

from collections.abc import Iterator
from typing import Any

from euromillions.jeu.prix import NOTE_DU_RETOUR
from euromillions.lectures.exports import emporter
from euromillions.models import Backtest
from euromillions.precision.backtest import NOMS, resultats_ranges
from euromillions.statistiques.precision import Precision
from simulateur.fichiers.tableaux import Fichier, Tableau

NON_PUBLIE = "non publié"
ENTETES = (
    "série", "grilles", "tirages", "boules", "trouvées par grille", "intervalle à 95 % : bas",
    "intervalle à 95 % : haut", "hasard exact", "z", "p", "p corrigé", "verdict", "pourquoi rien",
    "grilles gagnantes", "mise (€)", "gains publiés (€)", "retour hors My Million",
)  # fmt: skip


def backtest(lu: Backtest, format_: str) -> Fichier:
    """Le fichier d'un backtest terminé : ses stratégies et ses références, puis chaque année.

    Une statistique qui n'existe pas laisse sa case vide et dit pourquoi ; sans aucun gain publié, mise et
    gains le disent au lieu de valoir zéro.
    """
    resultats = resultats_ranges(lu)
    mesures = [*resultats["strategies"].items(), *resultats["references"].items()]
    par_annee = [
        [NOMS[nom], int(an), moyenne]
        for nom, annees in resultats["par_annee"].items()
        for an, moyenne in annees.items()
    ]
    tableaux = [
        Tableau("Backtest", ENTETES, [ligne for nom, mesure in mesures for ligne in _lignes(nom, mesure)]),
        Tableau("Par année", ["série", "année", "numéros par grille"], par_annee),
    ]
    demande = {
        "rejoué depuis": lu.depuis.isoformat() if lu.depuis else "le début de l'histoire",
        "grilles par tirage": str(lu.par_tirage),
        "graine": str(lu.graine),
        "premier tirage": resultats["premier"],
        "dernier tirage": resultats["dernier"],
        "retour": NOTE_DU_RETOUR,
    }
    return emporter("backtest", tableaux, demande, lu.revision, format_, fictif=lu.fictif)


def _lignes(nom: str, mesure: Precision) -> Iterator[list[Any]]:
    payees = mesure["priced_grids"]
    argent = [mesure["cost"], mesure["winnings"]] if payees else [NON_PUBLIE, NON_PUBLIE]
    for boules, m in (("numéros", mesure["numbers"]), ("étoiles", mesure["stars"])):
        loi = [m["mean"], m["ci_low"], m["ci_high"], m["expected"], m["z"], m["p"], m["p_corrected"]]
        compte = [NOMS[nom], mesure["grids"], mesure["draws"], boules]
        # Les premiers backtests ne gardaient pas de raison.
        dit = [mesure["verdict"], m.get("reason")]
        yield [*compte, *loi, *dit, mesure["winning_grids"], *argent, mesure["return_rate"]]
