"""Exécution d'une simulation, direction par direction : carte, volumes, calcul, puis une seule écriture."""

import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from referentiels.models import Centre
from simulateur.cache import revisions
from simulateur.travaux.machine import Prise, Refus
from simulations.calculs.ecriture import inserer
from simulations.cartes.cache import CarteLue, ReglesLues, carte_de_direction
from simulations.cartes.compilation import volumes_de
from simulations.models import Instantane, PartSimulation, ResultatCentre, ResultatPoste, Simulation
from simulations.moteur import VERSION, Carte, Parametres, Resultat, appliquer_mode, calculer_ensemble
from simulations.moteur.calcul import DECISIONS, decider
from simulations.moteur.carte import Entiers, Flottants
from simulations.moteur.mesures import SOMMES, colonnes

MESURES = (*SOMMES, "cout_connu")
CHAMPS_CENTRE = (
    "simulation",
    "centre_id",
    "direction_id",
    "direction",
    "code",
    "nom",
    "typologie",
    "nb_postes",
    "etp_mod_pico",
    "moi_dixiemes",
    "decision",
    *MESURES,
)
TOTAL_MAX_PICO = 2.0**62
DEMESURE = (
    "Volumes démesurés : plus de 4,6 millions d'heures par jour ou d'ETP. Vérifier volumes et croissance."
)
OUBLIS_CITES = 10
CHAMPS_POSTE = ("simulation", "centre_id", "titre_id", "nom", "type", "decision", *MESURES)


@dataclass(frozen=True)
class Lue:
    """Une direction à calculer : `carte` réduite aux centres visés, `lue` entière."""

    direction_id: int
    lue: CarteLue
    carte: Carte
    volumes: Flottants


@dataclass(frozen=True)
class Part:
    """Une direction calculée : `carte` est celle du mode, `lue` celle du référentiel."""

    direction_id: int
    lue: CarteLue
    carte: Carte
    volumes: Flottants
    resultat: Resultat


def executer(simulation: Simulation, prise: Prise) -> None:
    """Calcule la simulation et la conclut ; lève Refus si rien n'est à dimensionner."""
    revision_depart = revisions.lire_une(revisions.GLOBALE)
    voulus = centres_par_direction(simulation)
    total = sum(len(centres) for centres in voulus.values())
    if not total:
        raise Refus(f"{simulation.libelle} n'a aucun centre actif : rien à dimensionner.")
    regles = ReglesLues()
    lues: list[Lue] = []
    faits = 0
    for direction_id, centres in voulus.items():
        prise.avancer(faits, total, f"{faits} centre{'s' if faits > 1 else ''} sur {total}")
        deja = faits

        def avancer(lus: int, _: int, deja: int = deja) -> None:
            prise.avancer(deja + lus, total, f"{deja + lus} centres lus sur {total}")

        lue = carte_de_direction(direction_id, avancer=avancer, regles=regles)
        tous_voulus = set(centres).issuperset(lue.carte.centres.id.tolist())
        carte = lue.carte if tous_voulus else lue.carte.restreinte(centres)
        volumes = volumes_de(carte, simulation.annee)
        appliquer_volumes(carte, volumes, simulation.volumes_demandes)
        lues.append(Lue(direction_id, lue, carte, volumes))
        faits += len(centres)
    parts = calculer_parts(lues, simulation.jeu_de_parametres)
    if not sum(part.carte.nb_taches for part in parts):
        raise Refus(f"{simulation.libelle} n'a aucune tâche active : importer d'abord ses tâches.")
    refuser_un_total_demesure(parts)
    prise.avancer(faits, total, "Écriture des résultats")
    for part in parts:
        Instantane.objects.bulk_create([_instantane(part.lue)], ignore_conflicts=True)
    prise.terminer(
        lambda: _enregistrer(simulation, parts),
        version_moteur=VERSION,
        message="",
        revision=max(part.lue.revision for part in parts),
        revision_depart=revision_depart,
        rapport={**simulation.rapport, **sans_volume(lues)},
        **totaux(parts),
    )


def calculer_parts(lues: Sequence[Lue], parametres: Parametres) -> list[Part]:
    """Calcule toutes les directions ; Refus si une mesure ne tient pas dans ses 64 bits."""
    cartes = [appliquer_mode(lue.carte, parametres.mode) for lue in lues]
    try:
        with np.errstate(invalid="raise"):  # jamais un chiffre replié
            resultats = calculer_ensemble(cartes, [lue.volumes for lue in lues], parametres)
    except FloatingPointError:
        raise Refus(DEMESURE) from None
    return [
        Part(lue.direction_id, lue.lue, carte, lue.volumes, resultat)
        for lue, carte, resultat in zip(lues, cartes, resultats, strict=True)
    ]


def refuser_un_total_demesure(parts: list[Part]) -> None:
    """Chaque mesure tient en 64 bits ; leur somme aussi, vérifiée en flottants qui ne débordent pas."""
    for mesure in ("heures_pico", "etp_pico"):
        if (
            sum(float(getattr(part.resultat, mesure).sum(dtype=np.float64)) for part in parts)
            > TOTAL_MAX_PICO
        ):
            raise Refus(DEMESURE)


def centres_par_direction(simulation: Simulation) -> dict[int, list[int]]:
    """Centres actifs visés, par direction, dans l'ordre des directions. Une requête."""
    centres = Centre.objects.actifs()
    niveau = Simulation.Niveau(simulation.niveau)
    if niveau == Simulation.Niveau.DIRECTION:
        centres = centres.filter(direction=simulation.direction_id or 0)
    elif niveau == Simulation.Niveau.BATCH:
        centres = centres.filter(pk__in=simulation.centre_ids)
    elif niveau in (Simulation.Niveau.CENTRE, Simulation.Niveau.POSTE):
        centres = centres.filter(pk=simulation.centre_id or 0)
    par_direction: dict[int, list[int]] = defaultdict(list)
    for pk, direction_id in centres.order_by("direction__nom", "direction_id", "nom").values_list(
        "pk", "direction_id"
    ):
        par_direction[direction_id].append(pk)
    return dict(par_direction)


def appliquer_volumes(carte: Carte, volumes: Flottants, demandes: list[dict[str, Any]]) -> None:
    """Pose les volumes saisis ; un (flux, sens) saisi remplace tous ceux du référentiel pour ce centre."""
    rang_centre = {int(pk): rang for rang, pk in enumerate(carte.centres.id)}
    rang_cellule = {code: rang for rang, code in enumerate(carte.regles.cellules)}
    groupes = np.array(carte.regles.cellule_groupe)
    utiles = [d for d in demandes if d["centre_id"] in rang_centre and d["cellule"] in rang_cellule]
    for groupe_de, centre in {
        (int(groupes[rang_cellule[d["cellule"]]]), rang_centre[d["centre_id"]]) for d in utiles
    }:
        volumes[centre, groupes == groupe_de] = 0.0
    for demande in utiles:
        volumes[rang_centre[demande["centre_id"]], rang_cellule[demande["cellule"]]] += demande["volume"]


def sans_volume(lues: Sequence[Lue]) -> dict[str, Any]:
    """`centres_sans_volume` : {nombre, noms (les premiers)} des centres à tâches sans aucun volume, ou rien.

    Leur besoin se réduit aux forfaits : un chiffre qui semble un résultat et qui est un oubli.
    """
    noms: list[str] = []
    for lue in lues:
        charges = np.zeros(len(lue.carte.centres.id), dtype=bool)
        charges[lue.carte.postes.centre[lue.carte.taches.poste]] = True
        oublies = charges & ~lue.volumes.any(axis=1)
        noms += [lue.carte.centres.nom[rang] for rang in np.flatnonzero(oublies).tolist()]
    return {"centres_sans_volume": {"nombre": len(noms), "noms": noms[:OUBLIS_CITES]}} if noms else {}


def totaux(parts: list[Part]) -> dict[str, Any]:
    """Totaux exacts de la simulation."""
    sommes: dict[str, int] = defaultdict(int)
    connu = True
    for part in parts:
        resultat, mod = part.resultat, part.carte.titres.mod[part.carte.postes.titre]
        for champ, tableau in zip(SOMMES, colonnes(resultat), strict=True):
            sommes[champ] += int(tableau.sum())
        sommes["etp_mod_pico"] += int(resultat.etp_pico[mod].sum())
        sommes["moi_dixiemes"] += int(resultat.actuel[~mod].sum())
        sommes["nb_centres"] += len(part.carte.centres.id)
        sommes["nb_postes"] += len(part.carte.postes.id)
        sommes["nb_taches"] += part.carte.nb_taches
        connu = connu and _cout_connu(resultat)
    return {**sommes, "cout_connu": connu}


def _cout_connu(resultat: Resultat) -> bool:
    """Un salaire inconnu n'empêche le total que là où un écart devait être chiffré."""
    return bool((resultat.cout_connu | (resultat.ecart == 0)).all())


def _instantane(lue: CarteLue) -> Instantane:
    return Instantane(
        empreinte=lue.empreinte,
        contenu=lue.octets,
        nb_centres=len(lue.carte.centres.id),
        nb_taches=lue.carte.nb_taches,
    )


def volumes_en_octets(volumes: Flottants) -> bytes:
    return zlib.compress(np.ascontiguousarray(volumes, dtype="<f8").tobytes(), 1)


def volumes_depuis_octets(octets: bytes, carte: Carte) -> Flottants:
    forme = (len(carte.centres.id), len(carte.regles.cellules))
    return np.frombuffer(zlib.decompress(octets), dtype="<f8").reshape(forme).copy()


def _enregistrer(simulation: Simulation, parts: list[Part]) -> None:
    PartSimulation.objects.bulk_create(
        PartSimulation(
            simulation=simulation,
            instantane_id=part.lue.empreinte,
            direction_id=part.direction_id,
            revision=part.lue.revision,
            volumes=volumes_en_octets(part.volumes),
        )
        for part in parts
    )
    enregistrer_resultats(simulation, parts)


def enregistrer_resultats(simulation: Simulation, parts: list[Part]) -> None:
    inserer(
        ResultatCentre, CHAMPS_CENTRE, (ligne for part in parts for ligne in lignes_centres(simulation, part))
    )
    inserer(
        ResultatPoste, CHAMPS_POSTE, (ligne for part in parts for ligne in lignes_postes(simulation, part))
    )


def lignes_centres(simulation: Simulation, part: Part) -> list[tuple[Any, ...]]:
    """Une ligne par centre, sommes entières de ses postes."""
    carte, resultat = part.carte, part.resultat
    mod = carte.titres.mod[carte.postes.titre]
    par_centre = [_sommer(carte, colonne) for colonne in colonnes(resultat)]
    nb_postes = np.bincount(carte.postes.centre, minlength=len(carte.centres.id))
    etp_mod = _sommer(carte, np.where(mod, resultat.etp_pico, 0))
    moi = _sommer(carte, np.where(mod, 0, resultat.actuel))
    inconnus = _sommer(carte, (~resultat.cout_connu & (resultat.ecart != 0)).astype(np.int64))
    decisions = decider(par_centre[1], par_centre[3], par_centre[2])
    return [
        (
            simulation.pk,
            int(carte.centres.id[c]),
            part.direction_id,
            carte.centres.direction[c],
            carte.centres.code[c],
            carte.centres.nom[c],
            carte.centres.typologie[c],
            int(nb_postes[c]),
            int(etp_mod[c]),
            int(moi[c]),
            DECISIONS[decisions[c]],
            *(int(colonne[c]) for colonne in par_centre),
            bool(inconnus[c] == 0),
        )
        for c in range(len(carte.centres.id))
    ]


def _sommer(carte: Carte, valeurs: Entiers) -> Entiers:
    """Somme entière par centre (bincount passerait par des flottants)."""
    sommes = np.zeros(len(carte.centres.id), dtype=np.int64)
    np.add.at(sommes, carte.postes.centre, valeurs)
    return sommes


def lignes_postes(simulation: Simulation, part: Part) -> list[tuple[Any, ...]]:
    carte, resultat = part.carte, part.resultat
    titres, postes = carte.titres, carte.postes
    types = ["MOD" if mod else "MOI" for mod in titres.mod]
    listes = [colonne.tolist() for colonne in colonnes(resultat)]
    connus = resultat.cout_connu.tolist()
    decisions = resultat.decision.tolist()
    centre_ids = carte.centres.id[postes.centre].tolist()
    return [
        (
            simulation.pk,
            centre_ids[p],
            int(titres.id[titre]),
            titres.nom[titre],
            types[titre],
            DECISIONS[decisions[p]],
            *(liste[p] for liste in listes),
            connus[p],
        )
        for p, titre in enumerate(postes.titre.tolist())
    ]
