"""Comparer une lecture à ce qui est déjà connu : ajouts, identiques, conflits. Pur."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from euromillions.imports.lignes import FichierLu, GainLu, LigneLue

# Au-delà, ce ne sont plus des fautes de frappe : le fichier parle sans doute d'un autre jeu.
CONFLITS_ADMIS = 3
PART_HORS_JEU_ADMISE = 0.2


@dataclass(frozen=True)
class TirageConnu:
    """Un tirage en place. `gains` : pour chaque rang connu, (gagnants France connus, Europe connus)."""

    cle: int
    numeros: tuple[int, ...]
    etoiles: tuple[int, ...]
    a_ordre: bool = False
    gains: Mapping[int, tuple[bool, bool]] = field(default_factory=dict)

    @classmethod
    def depuis(cls, ligne: LigneLue) -> "TirageConnu":
        """Le tirage que cette ligne deviendra : sert à enchaîner plusieurs fichiers à blanc."""
        return cls(
            cle=0,
            numeros=ligne.numeros,
            etoiles=ligne.etoiles,
            a_ordre=ligne.ordre_physique is not None,
            gains={
                gain.rang: (gain.gagnants_france is not None, gain.gagnants_europe is not None)
                for gain in ligne.gains
            },
        )


@dataclass(frozen=True)
class Apport:
    """Ce qu'une ligne identique ajoute au tirage en place : ordre de sortie, gains, comptes manquants."""

    ligne: LigneLue
    connu: TirageConnu
    ordre: bool
    gains_neufs: tuple[GainLu, ...]
    gains_completes: tuple[GainLu, ...]


@dataclass(frozen=True)
class Conflit:
    """Même date, autres boules."""

    ligne: LigneLue
    connu: TirageConnu


@dataclass(frozen=True)
class Comparaison:
    """`identiques` compte aussi les répétitions dans le fichier ; `apports` en est une partie."""

    ajouts: tuple[LigneLue, ...]
    identiques: int
    apports: tuple[Apport, ...]
    conflits: tuple[Conflit, ...]


def comparer(lecture: FichierLu, connus: Mapping[date, TirageConnu]) -> Comparaison:
    """Range chaque tirage lu ; une date connue avec d'autres boules est un conflit, jamais un ajout."""
    ajouts: list[LigneLue] = []
    apports: list[Apport] = []
    conflits: list[Conflit] = []
    identiques = lecture.doublons
    for ligne in lecture.lues:
        connu = connus.get(ligne.date)
        if connu is None:
            ajouts.append(ligne)
        elif (connu.numeros, connu.etoiles) != ligne.boules:
            conflits.append(Conflit(ligne, connu))
        else:
            identiques += 1
            apports += [apport] if (apport := _apport(ligne, connu)) else []
    return Comparaison(tuple(ajouts), identiques, tuple(apports), tuple(conflits))


def _apport(ligne: LigneLue, connu: TirageConnu) -> Apport | None:
    ordre = ligne.ordre_physique is not None and not connu.a_ordre
    neufs = tuple(gain for gain in ligne.gains if gain.rang not in connu.gains)
    completes = tuple(gain for gain in ligne.gains if _complete(gain, connu.gains.get(gain.rang)))
    return Apport(ligne, connu, ordre, neufs, completes) if ordre or neufs or completes else None


def _complete(gain: GainLu, connus: tuple[bool, bool] | None) -> bool:
    if connus is None:
        return False
    france, europe = connus
    return (not france and gain.gagnants_france is not None) or (
        not europe and gain.gagnants_europe is not None
    )


def soupcon(lecture: FichierLu, comparaison: Comparaison) -> str:
    """Phrase si le fichier ressemble à celui d'un autre jeu, vide sinon. Rien n'en est alors ajouté seul."""
    conflits, ajouts = len(comparaison.conflits), len(comparaison.ajouts)
    if conflits > CONFLITS_ADMIS or (ajouts and conflits > comparaison.identiques):
        return (
            f"Ce fichier est peut-être celui d'un autre jeu : {conflits} de ses tirages contredisent des "
            f"tirages connus, {comparaison.identiques} les confirment."
        )
    hors_jeu = sum(ligne.hors_jeu for ligne in lecture.invalides)
    if hors_jeu > max(CONFLITS_ADMIS, PART_HORS_JEU_ADMISE * lecture.lignes):
        return (
            f"Ce fichier est peut-être celui d'un autre jeu : {hors_jeu} lignes sur {lecture.lignes} "
            "n'obéissent pas aux règles d'EuroMillions (dates, numéros ou étoiles)."
        )
    return ""
