"""Écriture des résultats d'un calcul, en masse : COPY sur PostgreSQL, lots sur SQLite."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection, models

from simulations.calculs.directions import DirectionCalculee
from simulations.cartes.volumes import volumes_en_octets
from simulations.models import Instantane, PartSimulation, ResultatCentre, ResultatPoste, Simulation
from simulations.moteur import Carte
from simulations.moteur.calcul import DECISIONS, decider
from simulations.moteur.carte import Entiers
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
    "moi_centiemes",
    "decision",
    *MESURES,
)
CHAMPS_POSTE = ("simulation", "centre_id", "titre_id", "nom", "type", "decision", *MESURES)


def ecrire_instantanes(directions: Iterable[DirectionCalculee]) -> None:
    """La carte lue de chaque direction ; une carte déjà gardée l'est sous le même nom."""
    origines = {direction.origine.empreinte: direction.origine for direction in directions}
    deja = Instantane.objects.filter(pk__in=origines).values_list("pk", flat=True)
    for empreinte in origines.keys() - set(deja):
        origine = origines[empreinte]
        instantane = Instantane(
            empreinte=empreinte,
            contenu=origine.octets,
            nb_centres=len(origine.carte.centres.id),
            nb_taches=origine.carte.nb_taches,
        )
        Instantane.objects.bulk_create([instantane], ignore_conflicts=True)


def ecrire_parts(simulation: Simulation, directions: Iterable[DirectionCalculee]) -> None:
    """Ce qu'il faut, avec les instantanés, pour refaire ce calcul."""
    PartSimulation.objects.bulk_create(
        PartSimulation(
            simulation=simulation,
            instantane_id=direction.origine.empreinte,
            direction_id=direction.direction_id,
            revision=direction.origine.revision,
            volumes=volumes_en_octets(direction.volumes),
        )
        for direction in directions
    )


def ecrire_resultats(simulation: Simulation, directions: Sequence[DirectionCalculee]) -> None:
    """Les lignes de centre et de poste, dans la transaction courante."""
    for modele, champs, lignes_de in (
        (ResultatCentre, CHAMPS_CENTRE, lignes_centres),
        (ResultatPoste, CHAMPS_POSTE, lignes_postes),
    ):
        lignes = (ligne for direction in directions for ligne in lignes_de(simulation, direction))
        inserer(modele, champs, lignes)


def lignes_centres(simulation: Simulation, direction: DirectionCalculee) -> list[tuple[Any, ...]]:
    """Une ligne par centre, sommes entières de ses postes."""
    carte, resultat = direction.carte, direction.resultat
    mod = carte.titres.mod[carte.postes.titre]
    par_centre = [_sommer(carte, colonne) for colonne in colonnes(resultat)]
    nb_postes = np.bincount(carte.postes.centre, minlength=len(carte.centres.id))
    etp_mod = _sommer(carte, np.where(mod, resultat.etp_pico, 0))
    moi = _sommer(carte, np.where(mod, 0, resultat.actuel))
    inconnus = _sommer(carte, resultat.sans_prix)
    decisions = decider(par_centre[1], par_centre[3], par_centre[2], carte.regles.seuils)
    return [
        (
            simulation.pk,
            int(carte.centres.id[c]),
            direction.direction_id,
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


def lignes_postes(simulation: Simulation, direction: DirectionCalculee) -> list[tuple[Any, ...]]:
    carte, resultat = direction.carte, direction.resultat
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


def inserer(modele: type[models.Model], champs: Sequence[str], lignes: Iterable[Sequence[Any]]) -> None:
    """Insère des lignes de valeurs simples dans la transaction courante, sans signaux ni clés rendues."""
    colonnes = [str(getattr(modele._meta.get_field(champ), "column")) for champ in champs]  # noqa: B009
    if connection.vendor == "postgresql":
        _copier(modele._meta.db_table, colonnes, lignes)
        return
    noms = ", ".join(connection.ops.quote_name(colonne) for colonne in colonnes)
    trous = ", ".join(["%s"] * len(colonnes))
    table = connection.ops.quote_name(modele._meta.db_table)
    with connection.cursor() as curseur:
        curseur.executemany(
            f"INSERT INTO {table} ({noms}) VALUES ({trous})",
            [[_simple(v) for v in ligne] for ligne in lignes],
        )


def _simple(valeur: Any) -> Any:
    """SQLite n'a pas d'UUID : Django l'y range en 32 chiffres hexadécimaux."""
    return valeur.hex if isinstance(valeur, UUID) else valeur


def _copier(table: str, colonnes: Sequence[str], lignes: Iterable[Sequence[Any]]) -> None:
    from psycopg import sql

    ordre = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, colonnes))
    )
    with connection.cursor() as curseur, curseur.copy(ordre) as copie:
        for ligne in lignes:
            copie.write_row(ligne)
