"""Écriture en masse des résultats : COPY sur PostgreSQL, lots sur SQLite."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, models


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
