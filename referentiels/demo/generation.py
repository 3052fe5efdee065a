"""Génération pure du réseau de démonstration : une graine et les règles, puis un `ReseauDemo`."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

import numpy as np

from referentiels.demo import besoin
from referentiels.demo.catalogue import TacheDemo, table_modele
from referentiels.demo.noms import noms_de_lieux
from referentiels.demo.profils import PROFILS, Profil

PREFIXE = "DEMO-"
CENTRES_MAX = 5000
PARAMETRES_LOCAUX = (
    ("pct_retour", "AMANA", 4.0, 15.0),
    ("pct_retour", "CR", 5.0, 20.0),
    ("pct_crbt", "AMANA", 20.0, 60.0),
    ("pct_collecte", "CO", 5.0, 30.0),
    ("pct_boite_postale", None, 2.0, 12.0),
)


@dataclass(frozen=True)
class ReglesUtiles:
    """Ce que la génération lit des règles : flux des cellules natives, cellules des produits, trajets."""

    flux_des_cellules: Mapping[str, str | None]
    cellules_des_produits: Mapping[str, Sequence[str]]
    postes_au_trajet: frozenset[str]


@dataclass(frozen=True)
class PosteTenu:
    code: str
    effectif: float
    aps: float


@dataclass(frozen=True)
class CentreDemo:
    """Un centre fictif. `volumes` : unités par an, par cellule ; `ajustements` : rang de tâche → secondes."""

    code: str
    nom: str
    direction: str
    typologie: str
    a_guichet: bool
    circulation: float
    geographie: float
    trajet_min: float
    actif: bool
    postes: tuple[PosteTenu, ...]
    volumes: Mapping[str, int]
    parametres: tuple[tuple[str, str | None, float], ...]
    ajustements: Mapping[int, float]


@dataclass(frozen=True)
class ReseauDemo:
    """Tout le réseau. `regions` : (code, nom) ; `directions` : (code, nom, code de région)."""

    regions: tuple[tuple[str, str], ...]
    directions: tuple[tuple[str, str, str], ...]
    centres: tuple[CentreDemo, ...]
    modeles: Mapping[str, tuple[TacheDemo, ...]] = field(default_factory=dict)


def nombre_de_directions(centres: int) -> int:
    """12 jusqu'à 600 centres, puis une de plus par 175 centres, 20 au plus."""
    return min(centres, 12) if centres <= 600 else min(20, 12 + math.ceil((centres - 600) / 175))


def generer(*, centres: int, graine: int, regles: ReglesUtiles) -> ReseauDemo:
    """Le réseau de cette graine ; deux appels identiques rendent deux réseaux égaux."""
    if not 1 <= centres <= CENTRES_MAX:
        raise ValueError(f"Le nombre de centres va de 1 à {CENTRES_MAX}.")
    hasard = Random(graine)
    noms = noms_de_lieux(hasard)
    modeles = {typologie: table_modele(typologie) for typologie in PROFILS}
    charges = {
        typologie: besoin.compiler(
            taches,
            postes=PROFILS[typologie].postes,
            cellules=tuple(regles.flux_des_cellules),
            produits=regles.cellules_des_produits,
        )
        for typologie, taches in modeles.items()
    }
    nb_directions = nombre_de_directions(centres)
    regions = tuple(
        (f"{PREFIXE}R{n:02}", f"Région {next(noms)} (fictive)")
        for n in range(1, math.ceil(nb_directions / 2) + 1)
    )
    directions = tuple(
        (f"{PREFIXE}D{n + 1:02}", f"Direction {next(noms)} (fictive)", regions[n // 2][0])
        for n in range(nb_directions)
    )
    typologies = _repartir_typologies(centres, hasard)
    reseau = tuple(
        _centre(
            code=f"{PREFIXE}{rang + 1:04}",
            lieu=next(noms),
            direction=directions[rang % nb_directions][0],
            charge=charges[typologie],
            modele=modeles[typologie],
            typologie=typologie,
            regles=regles,
            # Un seul centre fermé, le dernier : les listes montrent ce cas.
            actif=rang != centres - 1 or centres == 1,
            hasard=hasard,
        )
        for rang, typologie in enumerate(typologies)
    )
    return ReseauDemo(regions, directions, reseau, modeles)


def _repartir_typologies(centres: int, hasard: Random) -> list[str]:
    """Une typologie par centre : les parts des profils, mêlées ; chaque typologie présente dès 6 centres."""
    choisies = list(PROFILS)[:centres]
    reste = centres - len(choisies)
    choisies += hasard.choices(list(PROFILS), weights=[p.part for p in PROFILS.values()], k=reste)
    hasard.shuffle(choisies)
    return choisies


def _centre(
    *,
    code: str,
    lieu: str,
    direction: str,
    charge: besoin.Charge,
    modele: tuple[TacheDemo, ...],
    typologie: str,
    regles: ReglesUtiles,
    actif: bool,
    hasard: Random,
) -> CentreDemo:
    profil = PROFILS[typologie]
    a_guichet = hasard.random() >= profil.sans_guichet
    circulation = hasard.choice((0, 0, 0.05, 0.1, 0.15, 0.25, 0.4))
    geographie = hasard.choice((0, 0, 0, -0.03, -0.05, -0.1))
    trajet_min = hasard.choice((0, 0, 5, 10, 15, 20, 30))
    volumes, heures = _volumes_et_heures(
        charge,
        profil=profil,
        cible=profil.etp_median * math.exp(hasard.gauss(0, 0.45)),
        par_volume=charge.heures_par_volume(relief=1 + circulation + geographie, a_guichet=a_guichet),
        flux_des_cellules=regles.flux_des_cellules,
        hasard=hasard,
    )
    tournee = besoin.HEURES_JOUR - 2 * trajet_min / 60
    etp = [
        float(h) / (tournee if poste in regles.postes_au_trajet else besoin.HEURES_JOUR)
        for poste, h in zip(charge.postes, heures, strict=True)
    ]
    # Un centre entier est à l'aise ou sous tension ; chaque poste s'en écarte encore un peu.
    dotation = min(1.3, max(0.75, hasard.gauss(1.0, 0.12)))
    tenus = [
        _poste_tenu(poste, besoin_poste, dotation=dotation, hasard=hasard)
        for poste, besoin_poste in zip(charge.postes, etp, strict=True)
    ]
    tenus += [PosteTenu(poste, effectif, 0.0) for poste, effectif in profil.moi]
    return CentreDemo(
        code=code,
        nom=f"{lieu} {typologie}",
        direction=direction,
        typologie=typologie,
        a_guichet=a_guichet,
        circulation=circulation,
        geographie=geographie,
        trajet_min=trajet_min,
        actif=actif,
        postes=tuple(tenus),
        volumes=volumes,
        parametres=_parametres(hasard),
        ajustements={
            rang: round(modele[rang].duree_s * hasard.uniform(0.8, 1.25), 2)
            for rang in hasard.sample(range(len(modele)), k=len(modele) // 50)
        },
    )


def _volumes_et_heures(
    charge: besoin.Charge,
    *,
    profil: Profil,
    cible: float,
    par_volume: np.ndarray,
    flux_des_cellules: Mapping[str, str | None],
    hasard: Random,
) -> tuple[dict[str, int], np.ndarray]:
    """Volumes annuels dont le besoin approche `cible` personnes ; heures par jour de chaque poste."""
    trafic = dict(profil.trafic)
    poids = np.array(
        [trafic.get(flux or "", 0.05) * hasard.uniform(0.5, 1.5) for flux in flux_des_cellules.values()]
    )
    variable = float((par_volume @ poids).sum())
    voulu = max(cible * besoin.HEURES_JOUR - float(charge.fixe.sum()), 0.2 * cible * besoin.HEURES_JOUR)
    volumes = np.rint(poids * voulu / variable)
    heures: np.ndarray = charge.fixe + par_volume @ volumes
    return {code: int(v) for code, v in zip(charge.cellules, volumes, strict=True)}, heures


def _poste_tenu(poste: str, etp: float, *, dotation: float, hasard: Random) -> PosteTenu:
    """Un effectif autour du besoin : le plus souvent juste, parfois en trop, parfois en manque."""
    present = etp * dotation * min(1.4, max(0.7, hasard.gauss(1.0, 0.1)))
    # Les gens se comptent entiers ; sous trois personnes, un mi-temps est possible.
    effectif = math.floor(present + 0.5) if present >= 3 else math.floor(present * 2 + 0.5) / 2
    if effectif == 0 and etp > 0.1 and hasard.random() < 0.8:
        effectif = 0.5
    aps = float(hasard.random() < 0.1 and effectif >= 3)
    return PosteTenu(poste, float(effectif), aps)


def _parametres(hasard: Random) -> tuple[tuple[str, str | None, float], ...]:
    """Un centre sur six a ses propres parts, par flux ou globales."""
    if hasard.random() >= 1 / 6:
        return ()
    choisis = hasard.sample(PARAMETRES_LOCAUX, k=2)
    return tuple((code, flux, round(hasard.uniform(bas, haut), 1)) for code, flux, bas, haut in choisis)
