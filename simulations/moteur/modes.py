"""Les modes : une carte transformée, le calcul ne change pas (docs/metier/effectifs.md#modes)."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from simulations.moteur.carte import Carte, Postes

ID_VIRTUEL = -1  # poste que le mode recommandé crée dans un centre qui ne l'avait pas


def appliquer_mode(carte: Carte, mode: str) -> Carte:
    """`actuel` : inchangée ; `recommande` : postes regroupés ; `optimise` : tâches exclues retirées."""
    if mode == "actuel":
        return carte
    if mode == "recommande":
        return _recommandee(carte)
    if mode == "optimise":
        return _optimisee(carte)
    raise ValueError(f"mode inconnu : {mode}")


def _optimisee(carte: Carte) -> Carte:
    garde = ~carte.taches.exclue
    taches = replace(
        carte.taches,
        **{
            champ: getattr(carte.taches, champ)[garde]
            for champ in ("id", "poste", "type", "duree_s", "nom", "famille", "exclue")
        },
    )
    return replace(carte, taches=taches)


def regroupement(carte: Carte) -> Callable[[int, int], int | None]:
    """(rang du centre, rang du titre) → rang du titre cible de ses gens, ou None s'ils ne bougent pas.

    Un mapping propre au centre l'emporte sur le mapping général ; les chaînes ne sont pas suivies.
    """
    generaux = {source: cible for source, cible, centre in carte.mapping if centre < 0}
    propres = {(centre, source): cible for source, cible, centre in carte.mapping if centre >= 0}
    return lambda centre, titre: propres.get((centre, titre), generaux.get(titre))


def _recommandee(carte: Carte) -> Carte:
    """Tâches et effectif de chaque poste source passent au poste cible du même centre, créé au besoin."""
    postes = carte.postes
    cible_de = regroupement(carte)
    existants = {
        (int(c), int(t)): rang for rang, (c, t) in enumerate(zip(postes.centre, postes.titre, strict=True))
    }
    centre, titre, ident = postes.centre.tolist(), postes.titre.tolist(), postes.id.tolist()
    effectif = postes.effectif_centiemes.copy().tolist()
    destination = list(range(len(ident)))
    for rang in range(len(postes.id)):
        cible = cible_de(centre[rang], titre[rang])
        if cible is None:
            continue
        if (centre[rang], cible) not in existants:
            existants[(centre[rang], cible)] = len(ident)
            ident.append(ID_VIRTUEL)
            centre.append(centre[rang])
            titre.append(cible)
            effectif.append(0)
            destination.append(len(ident) - 1)
        destination[rang] = existants[(centre[rang], cible)]
    verses = list(effectif)
    for rang, vers in enumerate(destination):
        if vers != rang:
            verses[vers] += effectif[rang]
            verses[rang] -= effectif[rang]
    return _reindexer(carte, centre, titre, ident, verses, destination)


def _reindexer(
    carte: Carte,
    centre: list[int],
    titre: list[int],
    ident: list[int],
    effectif: list[int],
    destination: list[int],
) -> Carte:
    """Retire les postes vidés et remet les postes dans l'ordre des centres."""
    # Un poste vidé reste s'il en reçoit un autre (A → B et B → C).
    gardes = sorted(set(destination))
    gardes.sort(key=lambda rang: (centre[rang], rang))
    nouveau = np.full(len(ident), -1, dtype=np.int64)
    nouveau[gardes] = np.arange(len(gardes))
    postes = Postes(
        id=np.array([ident[r] for r in gardes], dtype=np.int64),
        centre=np.array([centre[r] for r in gardes], dtype=np.int64),
        titre=np.array([titre[r] for r in gardes], dtype=np.int64),
        effectif_centiemes=np.array([effectif[r] for r in gardes], dtype=np.int64),
    )
    vers = nouveau[np.array(destination, dtype=np.int64)]
    return replace(carte, postes=postes, taches=replace(carte.taches, poste=vers[carte.taches.poste]))
