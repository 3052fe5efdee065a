"""Les tableaux que l'on emporte ; un hasard n'y dit pas plus que sur sa page."""

from collections.abc import Callable, Iterable
from math import comb
from typing import Any

from django.utils import timezone

from euromillions.lectures import histoire, reperes, statistiques
from euromillions.lectures.filtre import Filtre
from euromillions.models import Grille
from euromillions.statistiques.combinaisons import compter, decoder
from euromillions.statistiques.historique import NUMEROS_MAX, NUMEROS_TIRES
from simulateur.fichiers.tableaux import Fichier, Tableau, en_fichier
from simulateur.langue.revisions import revision_en_texte

BOULES = ("n1", "n2", "n3", "n4", "n5", "e1", "e2")
HASARD = "Un tirage ne dépend pas des précédents : aucun de ces chiffres ne prédit le suivant."


def tirages(choisis: Any, demande: dict[str, str], revision: int, format_: str) -> Fichier:
    """`choisis` : les tirages montrés. Les colonnes sont celles que l'import générique relit."""
    lignes = choisis.order_by("date").values_list("date", *BOULES, "source")
    tableau = Tableau("Tirages", ["date", *BOULES, "source"], ([jour.isoformat(), *r] for jour, *r in lignes))
    return emporter("tirages", [tableau], demande, revision, format_)


def frequences(filtre: Filtre, revision: int, format_: str) -> Fichier:
    sorties = statistiques.completes(filtre, revision).valeur["frequencies"]
    entetes = ["sorte", "boule", "sorties", "% des tirages", "attendu", "écart réduit", "dernière sortie"]
    lignes = [
        [sorte, b["numero"], b["count"], b["percentage"], b["expected"], b["z"], b["last_appearance"]]
        for sorte, cle in (("numéro", "numbers"), ("étoile", "stars"))
        for b in sorties[cle]
    ]
    tableau = Tableau("Fréquences", entetes, lignes)
    return emporter("frequences", [tableau], filtre.parametres, revision, format_)


def paires(filtre: Filtre, revision: int, format_: str) -> Fichier:
    """Les paires de numéros, toutes, celles qui ne sont jamais sorties comprises."""
    historique = histoire.charger(filtre)
    comptes = compter(historique.numeros, 2, NUMEROS_MAX)
    attendu = len(historique) * comb(NUMEROS_TIRES, 2) / len(comptes)
    lignes = [
        [*decoder(rang, 2, NUMEROS_MAX), int(compte), attendu] for rang, compte in enumerate(comptes.tolist())
    ]
    tableau = Tableau("Paires", ["numéro", "numéro et", "sorties", "attendu"], lignes)
    return emporter("paires", [tableau], filtre.parametres, revision, format_)


def grilles(compte: Any, revision: int, format_: str) -> Fichier:
    """Celles que ce compte voit, jugées ou non ; un gain que personne n'a publié le dit."""
    visibles = Grille.objects.visibles_par(compte).pour_la_liste()
    entetes = ["tirage visé", *BOULES, "stratégie", "numéros trouvés", "étoiles trouvées", "rang", "gain (€)"]
    tableau = Tableau("Grilles", entetes, map(_ligne_de_grille, visibles.iterator(chunk_size=2000)))
    return emporter("grilles", [tableau], {}, revision, format_)


def _ligne_de_grille(grille: Grille) -> list[Any]:
    if grille.rang is None:
        juge: list[Any] = [None, None, "pas encore jugée", None]
    else:
        gain = "non publié" if grille.rang and grille.gain is None else grille.gain or 0
        juge = [grille.numeros_trouves, grille.etoiles_trouvees, grille.rang or "aucun", gain]
    boules = [getattr(grille, boule) for boule in BOULES]
    return [grille.cible.isoformat(), *boules, grille.generation.get_strategie_display(), *juge]


def emporter(
    nom: str,
    tableaux: list[Tableau],
    demande: dict[str, str],
    revision: int,
    format_: str,
    *,
    fictif: bool | None = None,
) -> Fichier:
    """Le fichier, et dans le classeur la feuille qui dit d'où il vient.

    `fictif` : ce qu'en sait le contenu ; sinon, s'il y a des tirages fictifs à cette révision.
    """
    fictif = reperes.fictifs_presents(revision) if fictif is None else fictif
    dit: Iterable[tuple[str, str]] = (
        *demande.items(),
        ("révision des tirages", revision_en_texte(revision)),
        ("écrit le", f"{timezone.localtime():%d/%m/%Y %H:%M}"),
        *([("données", "fictives")] if fictif else []),
        ("à savoir", HASARD),
    )
    feuille = Tableau("Demande", ["quoi", "valeur"], [list(ligne) for ligne in dit])
    return en_fichier(f"{nom}-fictif" if fictif else nom, format_, [*tableaux, feuille])


DE_LA_SELECTION: dict[str, Callable[[Filtre, int, str], Fichier]] = {
    "frequences": frequences,
    "paires": paires,
}
