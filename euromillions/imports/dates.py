"""Dates et jours de semaine : le style se décide sur toute la colonne, jamais sur une ligne."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from euromillions.jeu.regles import JOURS_SEMAINE
from simulateur.fichiers.limites import FichierRefuse

_ANGLAIS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MOIS_FRANCAIS = (
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
)
_MOIS_ANGLAIS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MOTIFS = {
    "AAAAMMJJ": re.compile(r"(?P<a>[0-9]{4})(?P<m>[0-9]{2})(?P<j>[0-9]{2})"),
    "AAAA-MM-JJ": re.compile(
        r"(?P<a>[0-9]{4})[-/.](?P<m>[0-9]{1,2})[-/.](?P<j>[0-9]{1,2})(?:[T ]00:00(?::00)?)?"
    ),
    "JJ/MM/AAAA": re.compile(r"(?P<j>[0-9]{1,2})[-/.](?P<m>[0-9]{1,2})[-/.](?P<a>[0-9]{4}|[0-9]{2})"),
    "MM/JJ/AAAA": re.compile(r"(?P<m>[0-9]{1,2})[-/.](?P<j>[0-9]{1,2})[-/.](?P<a>[0-9]{4}|[0-9]{2})"),
    "JJ-MMM-AAAA": re.compile(
        r"(?P<j>[0-9]{1,2})[-/. ](?P<mois>[^\W\d_]{3,9})\.?[-/. ](?P<a>[0-9]{4}|[0-9]{2})"
    ),
}
STYLES = tuple(_MOTIFS)


def sans_accent(texte: str) -> str:
    """Minuscules sans accents ni blancs autour : la forme sous laquelle les mots se comparent."""
    decompose = unicodedata.normalize("NFKD", texte.strip().lower())
    return "".join(lettre for lettre in decompose if not unicodedata.combining(lettre))


_NUMERO_DU_JOUR = {
    nom[:longueur]: rang
    for noms in (JOURS_SEMAINE, _ANGLAIS)
    for rang, nom in enumerate(noms)
    for longueur in (2, 3, len(nom))
}
_NUMERO_DU_MOIS = {
    nom[:longueur]: rang
    for noms in (_MOIS_ANGLAIS, _MOIS_FRANCAIS)
    for rang, nom in enumerate(noms, 1)
    for longueur in (3, 4, len(nom))
    # « jui » serait juin ou juillet.
    if nom[:longueur] != "jui"
}


def numero_du_jour(texte: str) -> int | None:
    """0 = lundi, pour « VE », « MARDI   », « Fri »… ; None si le mot n'est pas un jour."""
    return _NUMERO_DU_JOUR.get(sans_accent(texte).rstrip("."))


def lire_date(texte: str, style: str) -> date | None:
    """La date écrite dans ce style, ou None ; une année à deux chiffres est du XXIe siècle."""
    trouve = _MOTIFS[style].fullmatch(texte.strip())
    if trouve is None:
        return None
    morceaux = trouve.groupdict()
    annee = int(morceaux["a"])
    mois = _NUMERO_DU_MOIS.get(sans_accent(morceaux["mois"])) if "mois" in morceaux else int(morceaux["m"])
    if mois is None:
        return None
    try:
        return date(annee + 2000 if annee < 100 else annee, mois, int(morceaux["j"]))
    except ValueError:
        return None


@dataclass(frozen=True)
class _Essai:
    style: str
    lues: int
    plausibles: int


def style_de_la_colonne(valeurs: Sequence[tuple[int, str]], jours: Iterable[int]) -> str:
    """Style qui lit le plus de lignes ; `valeurs` = (numéro de ligne, texte), `jours` de tirage possibles.

    Jour/mois contre mois/jour : chaque ligne est comparée ; si certaines ne se lisent que d'une façon
    et d'autres que de l'autre, le fichier est refusé plutôt que lu de travers.
    """
    _refuser_le_melange(valeurs)
    possibles = frozenset(jours)
    essais = [_essayer(valeurs, style, possibles) for style in STYLES]
    # À égalité de lignes lues, les jours de tirage départagent, puis l'ordre de STYLES (jour d'abord).
    meilleur = max(essais, key=lambda essai: (essai.lues, essai.plausibles))
    if meilleur.lues == 0:
        numero_ligne, exemple = valeurs[0] if valeurs else (0, "")
        raise FichierRefuse(
            f"La colonne de date n'est lisible dans aucun style connu ({', '.join(STYLES)}) : "
            f"ligne {numero_ligne}, « {exemple[:40]} »."
        )
    return meilleur.style


def _essayer(valeurs: Sequence[tuple[int, str]], style: str, jours: frozenset[int]) -> _Essai:
    lues = [jour for _, texte in valeurs if (jour := lire_date(texte, style)) is not None]
    return _Essai(style, len(lues), sum(jour.weekday() in jours for jour in lues))


def _refuser_le_melange(valeurs: Sequence[tuple[int, str]]) -> None:
    jour_seul = mois_seul = 0
    for numero_ligne, texte in valeurs:
        comme_jour = lire_date(texte, "JJ/MM/AAAA") is not None
        comme_mois = lire_date(texte, "MM/JJ/AAAA") is not None
        if comme_jour and not comme_mois:
            jour_seul = jour_seul or numero_ligne
        if comme_mois and not comme_jour:
            mois_seul = mois_seul or numero_ligne
    if jour_seul and mois_seul:
        raise FichierRefuse(
            f"La colonne de date mélange jour/mois (ligne {jour_seul}) et mois/jour (ligne {mois_seul}) : "
            "impossible de lire les autres lignes sans deviner."
        )
