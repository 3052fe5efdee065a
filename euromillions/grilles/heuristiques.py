"""Heuristiques de la phase 2 : lues du cache, toujours accompagnées de ce qu'elles valent."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, TypedDict

import numpy as np

from euromillions.grilles.grille_donnee import GrilleDonnee
from euromillions.lectures import familles, histoire
from euromillions.models import Backtest, GainRang, ModeleAppris, Rang, Tirage
from euromillions.statistiques import heuristiques as calculs
from euromillions.statistiques.apprentissage import apprendre
from euromillions.statistiques.heuristiques import EcartPredit, Frequentes
from euromillions.statistiques.popularite import EffetMesure, effets, popularite
from euromillions.statistiques.valeur import ValeurLue, lire_la_valeur
from simulateur.cache.donnees import Lecture, lire_ou_calculer
from simulateur.langue.nombres import nombre, signe
from simulateur.models import Etat
from simulateur.web.refus import Refus

RANGS_DE_PARTAGE = ((3, 0), (2, 0))  # rangs fréquents, sans étoile : le partage s'y mesure le mieux
MODELES_GARDES = 104


class PartAttendue(TypedDict):
    """Gain attendu d'une grille qui gagne, relatif à la moyenne."""

    numbers_le_31: int
    relative_prize: float
    draws: int


class GrilleNotee(TypedDict):
    numbers: list[int]
    stars: list[int]
    total_score: float
    scores: dict[str, float]
    confidence: str
    popularity: float
    expected_share: PartAttendue | None


class ValeurDesScores(TypedDict):
    """Ce que vaut le score d'après le plus long backtest, et la phrase qui le dit."""

    measured: ValeurLue | None
    backtest: str | None
    statement: str


class EffetDuPartage(TypedDict):
    """`rank` : le premier rang de `by_rank` qui a des gains publiés ; `effects` : les siens."""

    rank: str | None
    effects: list[EffetMesure]
    by_rank: dict[str, list[EffetMesure]]


class ScoresDEcart(TypedDict):
    as_of: str | None
    numbers: list[EcartEtiquete]
    mean_score: float | None
    label: str | None


class EcartEtiquete(EcartPredit):
    label: str


class EnsemblesFrequents(TypedDict):
    total_draws: int
    sizes: list[Frequentes]


def ecarts() -> Lecture:
    """Score d'écart de chaque numéro à la date du dernier tirage."""

    def calculer() -> ScoresDEcart:
        historique = histoire.charger()
        lignes = calculs.ecarts_predits(historique)
        moyenne = float(np.mean([ligne["prediction_score"] for ligne in lignes])) if lignes else None
        return {
            "as_of": historique.dernier,
            "numbers": [_etiqueter(ligne) for ligne in lignes],
            "mean_score": moyenne,
            "label": None if moyenne is None else _etiquette_d_ecart(moyenne),
        }

    return _lire("ecarts", calculer)


def combinaisons() -> Lecture:
    """Ensembles fréquents de 2, 3 et 4 numéros."""

    def calculer() -> EnsemblesFrequents:
        historique = histoire.charger()
        tailles = [calculs.frequentes(historique, taille) for taille in calculs.TAILLES]
        return {"total_draws": len(historique), "sizes": tailles}

    return _lire("combinaisons", calculer)


def noter(grilles: list[GrilleDonnee]) -> list[GrilleNotee]:
    """Score, composantes, niveau et popularité de chaque grille. Lève Refus sans tirage."""
    numeros = np.array([grille.numeros for grille in grilles], dtype=np.int64)
    composantes, totaux = calculs.scorer(numeros, contexte())
    populaires = popularite(numeros)
    partage = {ligne["numbers_le_31"]: ligne for ligne in effet_du_partage()["effects"]}
    return [
        {
            "numbers": list(grille.numeros),
            "stars": list(grille.etoiles),
            "total_score": round(float(total), 3),
            "scores": {
                f"{nom}_score": round(float(valeur), 3)
                for nom, valeur in zip(calculs.COMPOSANTES, ligne, strict=True)
            },
            "confidence": calculs.etiquette(float(total), calculs.NIVEAUX, strict=False),
            "popularity": round(float(populaire), 3),
            "expected_share": _part_attendue(grille, partage),
        }
        for grille, ligne, total, populaire in zip(grilles, composantes, totaux, populaires, strict=True)
    ]


def contexte() -> calculs.Contexte:
    """Contexte de score à la date du dernier tirage. Lève Refus sans tirage."""

    def calculer() -> dict[str, list[Any]]:
        historique = histoire.charger()
        if not len(historique):
            return {}
        (un,) = calculs.contextes(historique, np.array([len(historique)]))
        # Le JSON n'a pas de NaN.
        return {nom: np.where(np.isnan(t), -1.0, t).tolist() for nom, t in asdict(un).items()}

    lu = _lire("contexte", calculer).valeur
    if not lu:
        raise Refus("Aucun tirage n'est enregistré : importer l'historique avant de noter des grilles.")
    tableaux = {nom: np.array(valeurs, dtype=np.float64) for nom, valeurs in lu.items()}
    for nom in ("scores_ecart", "retards"):
        tableaux[nom][tableaux[nom] < 0] = np.nan
    tableaux["ensembles"] = tableaux["ensembles"].reshape(-1, 50)
    return calculs.Contexte(**tableaux)


def valeur_des_scores() -> ValeurDesScores:
    """Ce que vaut le score de grille, d'après le plus long backtest ; et la phrase qui le dit."""
    montree = _mesure_a_montrer()
    if montree is None:
        phrase = "Aucun backtest n'a encore mesuré ce que ce score vaut."
        return {"measured": None, "backtest": None, "statement": f"{calculs.SANS_PREDICTION} {phrase}"}
    cle, mesure = montree
    return {
        "measured": mesure,
        "backtest": cle,
        "statement": f"{calculs.SANS_PREDICTION} {_phrase_de_la_mesure(mesure)}",
    }


def _mesure_a_montrer() -> tuple[str, ValeurLue] | None:
    """Celle du plus de tirages, puis de grilles ; une mesure sans p ne se montre qu'à défaut d'autre.

    Une mesure faite sur des tirages fictifs ne vaut plus rien dès que les vrais sont là.
    """
    finis = Backtest.objects.filter(etat=Etat.TERMINEE, resultats__has_key="score")
    if not Tirage.objects.fictifs().exists():
        finis = finis.filter(fictif=False)
    defaut = None
    for cle, brute in finis.order_by("-tirages", "-par_tirage", "-termine_le").values_list(
        "pk", "resultats__score"
    ):
        montree = str(cle), lire_la_valeur(brute)
        if montree[1]["p"] is not None:
            return montree
        defaut = defaut or montree
    return defaut


def effet_du_partage() -> EffetDuPartage:
    """Gains publiés des rangs 3+0 et 2+0 de l'ère en cours, selon les petits numéros du tirage."""
    lu: EffetDuPartage = _lire("partage", _effet_du_partage).valeur
    return lu


def reapprendre() -> ModeleAppris:
    """Réapprend le modèle et le garde. Lève TropPeuDeTirages."""
    revision, historique = histoire.revision(), histoire.charger()
    appris = apprendre(historique)
    modele = ModeleAppris.objects.create(
        revision=revision,
        tirages=len(historique),
        logloss=appris["test_logloss_model"],
        logloss_constante=appris["test_logloss_constant"],
        resultats=appris,
        fictif=Tirage.objects.fictifs().exists(),
    )
    gardes = ModeleAppris.objects.values_list("pk", flat=True)[:MODELES_GARDES]
    ModeleAppris.objects.exclude(pk__in=list(gardes)).delete()
    return modele


def _effet_du_partage() -> EffetDuPartage:
    rangs = {
        (r.numeros, r.etoiles): r
        for r in Rang.objects.filter(ere__fin__isnull=True, etoiles=0).select_related("ere")
    }
    par_rang: dict[str, list[EffetMesure]] = {}
    for resultat in RANGS_DE_PARTAGE:
        rang = rangs.get(resultat)
        if rang is None:
            continue
        lignes = list(
            GainRang.objects.filter(rang=rang.numero, tirage__ere=rang.ere, tirage__fictif=False, gain__gt=0)
            .order_by()
            .values_list(*(f"tirage__n{i}" for i in range(1, 6)), "gain")
        )
        tableau = np.array(lignes, dtype=np.float64).reshape(-1, 6)
        par_rang[rang.resultat] = effets(tableau[:, :5].astype(np.int64), tableau[:, 5])
    premier = next((nom for nom, effets_du_rang in par_rang.items() if effets_du_rang), None)
    return {"rank": premier, "effects": par_rang[premier] if premier else [], "by_rank": par_rang}


def _part_attendue(grille: GrilleDonnee, partage: dict[int, EffetMesure]) -> PartAttendue | None:
    """Gain attendu en cas de gain, relatif à la moyenne ; None si aucun gain n'est publié."""
    petits = sum(numero <= 31 for numero in grille.numeros)
    ligne = partage.get(petits)
    if ligne is None:
        return None
    return {
        "numbers_le_31": petits,
        "relative_prize": round(ligne["relative_to_mean"], 3),
        "draws": ligne["draws"],
    }


def _phrase_de_la_mesure(mesure: ValeurLue) -> str:
    tirages = nombre(mesure["draws"])
    if mesure["p"] is None or mesure["correlation"] is None:
        return f"Le backtest de {tirages} tirages n'a pas pu le mesurer ({mesure['reason']})."
    return (
        f"Dans le plus long backtest, sur {tirages} tirages, sa corrélation avec les "
        f"numéros trouvés est de {signe(mesure['correlation'], 4)} (p = {nombre(mesure['p'], 3)})."
    )


def _etiqueter(ligne: EcartPredit) -> EcartEtiquete:
    return {**ligne, "label": _etiquette_d_ecart(ligne["prediction_score"])}


def _etiquette_d_ecart(score: float) -> str:
    return calculs.etiquette(score, calculs.ETIQUETTES_ECART, strict=True)


def _lire(nom: str, calculer: Any) -> Lecture:
    return lire_ou_calculer(familles.HEURISTIQUES, nom, histoire.revision(), calculer)
