"""Juger un fichier par lui-même : les jours qu'il saute, les tirages qu'il recopie. Pur."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from euromillions.imports.lignes import Boules, FichierLu, LigneLue
from euromillions.jeu.calendrier import jours_de_tirage
from euromillions.jeu.regles import EreDuJeu

# Un extrait choisi peut sauter des jours ; l'histoire d'un autre jeu en saute la moitié.
LIGNES_D_UNE_HISTOIRE = 20
PART_SAUTEE_ADMISE = 0.2
DATES_CITEES = 10


@dataclass(frozen=True)
class Copie:
    """Une ligne qui redonne les cinq numéros et les deux étoiles d'une autre date."""

    ligne: LigneLue
    deja_sorti_le: date


@dataclass(frozen=True)
class Jugement:
    """`lus` tirages sur les `periode` jours de tirage que le fichier couvre.

    `sautes` : ceux de ces jours qui ne sont ni dans le fichier ni en base.
    """

    lus: int
    periode: int
    sautes: tuple[date, ...]
    copies: tuple[Copie, ...]

    @property
    def soupcon(self) -> str:
        """Phrases à confirmer avant d'écrire ; vide si rien ne s'oppose."""
        phrases = [_phrase_des_sauts(self)] if self._saute_trop else []
        phrases += [_phrase_de_la_copie(copie) for copie in self.copies[:DATES_CITEES]]
        reste = len(self.copies) - DATES_CITEES
        phrases += [f"Et {reste} autres lignes recopiées."] if reste > 0 else []
        return " ".join(phrases)

    @property
    def remarque(self) -> str:
        """Les jours sautés, quand ils ne font pas déjà soupçonner le fichier."""
        return "" if self._saute_trop or not self.sautes else _phrase_des_sauts(self)

    @property
    def _saute_trop(self) -> bool:
        return self.lus >= LIGNES_D_UNE_HISTOIRE and len(self.sautes) > PART_SAUTEE_ADMISE * self.periode


def juger(
    lecture: FichierLu,
    ajouts: Sequence[LigneLue],
    *,
    eres: Sequence[EreDuJeu],
    connus: Collection[date],
    sortis: Mapping[Boules, date],
) -> Jugement:
    """`connus` : dates en place ; `sortis` : à quelle date chaque combinaison en place est sortie."""
    if not lecture.lues:
        return Jugement(0, 0, (), ())
    lues = {ligne.date for ligne in lecture.lues}
    jours = [jour for jour in jours_de_tirage(eres, jusqu_au=max(lues)) if jour >= min(lues)]
    sautes = tuple(jour for jour in jours if jour not in lues and jour not in connus)
    return Jugement(len(lues), len(jours), sautes, tuple(_copies(ajouts, sortis)))


def _copies(ajouts: Sequence[LigneLue], sortis: Mapping[Boules, date]) -> list[Copie]:
    vus = dict(sortis)
    copies = []
    for ligne in ajouts:
        deja = vus.setdefault(ligne.boules, ligne.date)
        if deja != ligne.date:
            copies.append(Copie(ligne, deja))
    return copies


def _phrase_des_sauts(jugement: Jugement) -> str:
    sautes = jugement.sautes
    cites = ", ".join(f"{jour:%d/%m/%Y}" for jour in sautes[:DATES_CITEES])
    suite = "…" if len(sautes) > DATES_CITEES else ""
    if len(sautes) == 1:
        return f"Un jour de tirage manque dans la période de ce fichier : {cites}."
    return (
        f"{len(sautes)} des {jugement.periode} jours de tirage de la période de ce fichier y manquent : "
        f"{cites}{suite}."
    )


def _phrase_de_la_copie(copie: Copie) -> str:
    return (
        f"Ligne {copie.ligne.numero_ligne} : le {copie.ligne.date:%d/%m/%Y} porte les cinq numéros et les "
        f"deux étoiles du {copie.deja_sorti_le:%d/%m/%Y} : est-ce un tirage recopié ?"
    )
