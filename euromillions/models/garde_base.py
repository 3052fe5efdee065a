"""Déclencheurs qui tiennent, dans la base, l'accord d'un tirage avec son ère (SQLite et PostgreSQL).

Une contrainte CHECK ne lit pas une autre table ; l'ère est une ligne. Les déclencheurs sont retirés avant
`migrate` et remis après : SQLite reconstruit les tables qu'il modifie et perdrait les siens sans bruit.
"""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from euromillions.jeu.eres import installer_eres
from euromillions.jeu.prix import installer_prix

NOM_TIRAGE = "euromillions_tirage_conforme_ere"
NOM_ERE = "euromillions_ere_conforme_tirages"

_JOUR_SQLITE = "(CAST(strftime('%w', {t}.date) AS INTEGER) + 6) % 7 + 1"
_CONFORME_SQLITE = (
    "{t}.date >= {e}.debut AND ({e}.fin IS NULL OR {t}.date <= {e}.fin)"
    " AND {t}.n5 <= {e}.numeros_max AND {t}.e2 <= {e}.etoiles_max"
    f" AND {{t}}.jour = {_JOUR_SQLITE} AND instr({{e}}.jours, {{t}}.jour) > 0"
)
_CONFORME_POSTGRES = (
    "{t}.date >= {e}.debut AND ({e}.fin IS NULL OR {t}.date <= {e}.fin)"
    " AND {t}.n5 <= {e}.numeros_max AND {t}.e2 <= {e}.etoiles_max"
    " AND {t}.jour = EXTRACT(ISODOW FROM {t}.date) AND position({t}.jour::text in {e}.jours) > 0"
)


def apres_migrate(*, using: str, apps: Any, **_: Any) -> None:
    """Déclencheurs, puis ères et prix si leur table est vide (base neuve, ou vidée par un test)."""
    installer(using=using)
    try:
        ere, rang, prix = (apps.get_model("euromillions", nom) for nom in ("Ere", "Rang", "PrixGrille"))
    except LookupError:
        return
    installer_eres(ere, rang)
    installer_prix(prix)


def installer(*, using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Pose les déclencheurs si les deux tables existent (après `migrate`)."""
    connexion = connections[using]
    tables = set(connexion.introspection.table_names())
    if not {"euromillions_tirage", "euromillions_ere"} <= tables:
        return
    retirer(using=using)
    _executer(using, _sql_sqlite() if connexion.vendor == "sqlite" else _sql_postgres())


def retirer(*, using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Ôte les déclencheurs (avant `migrate`)."""
    connexion = connections[using]
    if connexion.vendor == "sqlite":
        noms = (f"{NOM_TIRAGE}_insert", f"{NOM_TIRAGE}_update", NOM_ERE)
        _executer(using, [f"DROP TRIGGER IF EXISTS {nom}" for nom in noms])
        return
    tables = set(connexion.introspection.table_names())
    ordres = [
        f"DROP TRIGGER IF EXISTS {nom} ON {table}"
        for nom, table in ((NOM_TIRAGE, "euromillions_tirage"), (NOM_ERE, "euromillions_ere"))
        if table in tables
    ]
    _executer(using, ordres)


def _executer(using: str, ordres: list[str]) -> None:
    with connections[using].cursor() as curseur:
        for ordre in ordres:
            curseur.execute(ordre)


def _sql_sqlite() -> list[str]:
    refus_tirage = (
        "WHEN NOT EXISTS (SELECT 1 FROM euromillions_ere e WHERE e.id = NEW.ere_id"
        f" AND {_CONFORME_SQLITE.format(t='NEW', e='e')})"
        f" BEGIN SELECT RAISE(ABORT, '{NOM_TIRAGE}'); END"
    )
    refus_ere = (
        "WHEN EXISTS (SELECT 1 FROM euromillions_tirage t WHERE t.ere_id = NEW.id"
        f" AND NOT ({_CONFORME_SQLITE.format(t='t', e='NEW')}))"
        f" BEGIN SELECT RAISE(ABORT, '{NOM_ERE}'); END"
    )
    return [
        f"CREATE TRIGGER {NOM_TIRAGE}_insert BEFORE INSERT ON euromillions_tirage {refus_tirage}",
        f"CREATE TRIGGER {NOM_TIRAGE}_update BEFORE UPDATE ON euromillions_tirage {refus_tirage}",
        f"CREATE TRIGGER {NOM_ERE} BEFORE UPDATE ON euromillions_ere {refus_ere}",
    ]


def _sql_postgres() -> list[str]:
    tirage = (
        "IF NOT EXISTS (SELECT 1 FROM euromillions_ere e WHERE e.id = NEW.ere_id"
        f" AND {_CONFORME_POSTGRES.format(t='NEW', e='e')})"
    )
    ere = (
        "IF EXISTS (SELECT 1 FROM euromillions_tirage t WHERE t.ere_id = NEW.id"
        f" AND NOT ({_CONFORME_POSTGRES.format(t='t', e='NEW')}))"
    )
    return [
        _fonction_postgres(NOM_TIRAGE, tirage),
        _fonction_postgres(NOM_ERE, ere),
        f"CREATE TRIGGER {NOM_TIRAGE} BEFORE INSERT OR UPDATE ON euromillions_tirage"
        f" FOR EACH ROW EXECUTE FUNCTION {NOM_TIRAGE}()",
        f"CREATE TRIGGER {NOM_ERE} BEFORE UPDATE ON euromillions_ere"
        f" FOR EACH ROW EXECUTE FUNCTION {NOM_ERE}()",
    ]


def _fonction_postgres(nom: str, condition: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {nom}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {condition} THEN"
        f" RAISE EXCEPTION '{nom}' USING ERRCODE = 'check_violation', CONSTRAINT = '{nom}';"
        " END IF; RETURN NEW; END $$"
    )
