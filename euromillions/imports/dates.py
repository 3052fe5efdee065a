"""Dates et jours de semaine. Jour d'abord ou mois d'abord se décide sur toute la colonne."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from euromillions.jeu.calendrier import PARIS
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
_HEURE = r"(?P<heure>[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?)?"
_FUSEAU = r" ?(?P<fuseau>Z|GMT|UTC|[+-][0-9]{2}:?[0-9]{2})?"
JOUR_D_ABORD, MOIS_D_ABORD = CHIFFRES = ("JJ/MM/AAAA", "MM/JJ/AAAA")
_MOTIFS = {
    "AAAAMMJJ": re.compile(r"(?P<a>[0-9]{4})(?P<m>[0-9]{2})(?P<j>[0-9]{2})"),
    "AAAA-MM-JJ": re.compile(
        rf"(?P<a>[0-9]{{4}})[-/.](?P<m>[0-9]{{1,2}})[-/.](?P<j>[0-9]{{1,2}}){_HEURE}{_FUSEAU}"
    ),
    JOUR_D_ABORD: re.compile(
        r"(?P<j>[0-9]{1,2})[-/.](?P<m>[0-9]{1,2})[-/.](?P<a>[0-9]{4}|[0-9]{2})(?: 0?0:00(?::00)?)?"
    ),
    MOIS_D_ABORD: re.compile(
        r"(?P<m>[0-9]{1,2})[-/.](?P<j>[0-9]{1,2})[-/.](?P<a>[0-9]{4}|[0-9]{2})(?: 0?0:00(?::00)?)?"
    ),
    "JJ-MMM-AAAA": re.compile(
        r"(?:(?P<semaine>[^\W\d_]{2,9})\.?,? )?"
        r"(?P<j>[0-9]{1,2})[-/. ](?P<mois>[^\W\d_]{3,9})\.?[-/. ](?P<a>[0-9]{4}|[0-9]{2})"
        rf"{_HEURE}{_FUSEAU}"
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
    """La date écrite dans ce style, ou None ; une année à deux chiffres est du XXIe siècle.

    Une heure suivie de son fuseau désigne le jour qu'il est alors à Paris ; un jour de semaine écrit dans
    la date doit être le sien.
    """
    trouve = _MOTIFS[style].fullmatch(texte.strip())
    if trouve is None:
        return None
    morceaux = trouve.groupdict()
    annee = int(morceaux["a"])
    mois = _NUMERO_DU_MOIS.get(sans_accent(morceaux["mois"])) if "mois" in morceaux else int(morceaux["m"])
    if mois is None:
        return None
    try:
        lue = date(annee + 2000 if annee < 100 else annee, mois, int(morceaux["j"]))
        semaine = morceaux.get("semaine")
        if semaine and numero_du_jour(semaine) != lue.weekday():
            return None
        return _a_paris(lue, morceaux.get("heure"), morceaux.get("fuseau"))
    except (ValueError, OverflowError):
        return None


def _a_paris(jour: date, heure: str | None, fuseau: str | None) -> date:
    """Le même jour sans fuseau ; ValueError si l'heure n'existe pas."""
    if not heure:
        return jour
    mots = re.split("[:.,]", heure[1:])
    h, m, s = (int(mot) for mot in [*mots[:3], "0"][:3])
    instant = datetime(jour.year, jour.month, jour.day, h, m, s, tzinfo=UTC)
    if not fuseau:
        return jour
    if fuseau[0] in "+-":
        decalage = timedelta(hours=int(fuseau[1:3]), minutes=int(fuseau[-2:]))
        instant += -decalage if fuseau[0] == "+" else decalage
    return instant.astimezone(PARIS).date()


@dataclass(frozen=True)
class LecteurDeDates:
    """Comment lire une colonne. `chiffres` : jour d'abord ou mois d'abord ; `vus` : styles trouvés."""

    chiffres: str
    vus: tuple[str, ...]

    @property
    def nom(self) -> str:
        return " et ".join(self.vus)

    def lire(self, texte: str) -> date | None:
        for style in self.vus:
            if (lue := lire_date(texte, style)) is not None:
                return lue
        return None


class DateAmbigue(FichierRefuse):
    """Rien ne dit si le jour précède le mois : le fichier attend qu'on choisisse."""


@dataclass(frozen=True)
class _Essai:
    style: str
    lues: int
    plausibles: int
    confirmees: int

    @property
    def merite(self) -> tuple[int, int, int]:
        return self.lues, self.confirmees, self.plausibles


def lecteur_de_la_colonne(
    valeurs: Sequence[tuple[int, str]],
    est_un_jour_de_tirage: Callable[[date], bool],
    *,
    confirme: Callable[[int, date], bool] = lambda _ligne, _jour: False,
    impose: str = "",
    a_egalite: str = "",
) -> LecteurDeDates:
    """Comment se lit cette colonne ; `valeurs` = (numéro de ligne, texte).

    Un style où le mois se reconnaît se lit ligne par ligne. Jour d'abord ou mois d'abord se décide une fois
    pour la colonne : les lignes qui ne se lisent que d'une façon, puis `confirme` (cette ligne est un tirage
    connu à cette date), puis les jours de tirage ; sinon `a_egalite`. `impose` décide avant tout.
    Lève DateAmbigue quand les deux se valent, FichierRefuse si la colonne les mélange.
    """
    surs = [style for style in STYLES if style not in CHIFFRES]
    vus = [style for style in surs if any(lire_date(texte, style) for _, texte in valeurs)]
    douteuses = [(n, texte) for n, texte in valeurs if not any(lire_date(texte, style) for style in vus)]
    chiffres = impose or _chiffres(douteuses, est_un_jour_de_tirage, confirme, a_egalite)
    if any(lire_date(texte, chiffres) for _, texte in douteuses):
        vus.append(chiffres)
    if not vus:
        numero_ligne, exemple = valeurs[0] if valeurs else (0, "")
        raise FichierRefuse(
            f"La colonne de date n'est lisible dans aucun style connu ({', '.join(STYLES)}) : "
            f"ligne {numero_ligne}, « {exemple[:40]} »."
        )
    return LecteurDeDates(chiffres, tuple(vus))


def _chiffres(
    valeurs: Sequence[tuple[int, str]],
    est_un_jour_de_tirage: Callable[[date], bool],
    confirme: Callable[[int, date], bool],
    a_egalite: str,
) -> str:
    _refuser_le_melange(valeurs)
    premier, second = (_essayer(valeurs, style, est_un_jour_de_tirage, confirme) for style in CHIFFRES)
    if premier.merite != second.merite:
        return max(premier, second, key=lambda essai: essai.merite).style
    if a_egalite:
        return a_egalite
    for numero_ligne, texte in valeurs:
        jour, autre = (lire_date(texte, style) for style in CHIFFRES)
        if jour and autre and jour != autre:
            raise DateAmbigue(
                f"Ligne {numero_ligne}, « {texte[:40]} » peut être le {jour:%d/%m/%Y} ou le "
                f"{autre:%d/%m/%Y}, et rien dans le fichier ni dans les tirages connus n'en décide : "
                f"choisir le style des dates, {JOUR_D_ABORD} ou {MOIS_D_ABORD}."
            )
    return JOUR_D_ABORD


def _essayer(
    valeurs: Sequence[tuple[int, str]],
    style: str,
    est_un_jour_de_tirage: Callable[[date], bool],
    confirme: Callable[[int, date], bool],
) -> _Essai:
    lues = [(numero, jour) for numero, texte in valeurs if (jour := lire_date(texte, style)) is not None]
    plausibles = sum(est_un_jour_de_tirage(jour) for _, jour in lues)
    return _Essai(style, len(lues), plausibles, sum(confirme(numero, jour) for numero, jour in lues))


def _refuser_le_melange(valeurs: Sequence[tuple[int, str]]) -> None:
    jour_seul = mois_seul = 0
    for numero_ligne, texte in valeurs:
        comme_jour = lire_date(texte, JOUR_D_ABORD) is not None
        comme_mois = lire_date(texte, MOIS_D_ABORD) is not None
        if comme_jour and not comme_mois:
            jour_seul = jour_seul or numero_ligne
        if comme_mois and not comme_jour:
            mois_seul = mois_seul or numero_ligne
    if jour_seul and mois_seul:
        raise FichierRefuse(
            f"La colonne de date mélange jour/mois (ligne {jour_seul}) et mois/jour (ligne {mois_seul}) : "
            "impossible de lire les autres lignes sans deviner."
        )
