"""Un scénario validé ne change plus : un déclencheur de la base le refuse, par quelque chemin que ce soit.

Une contrainte CHECK ne voit pas la ligne d'avant. Les liens que d'autres suppressions mettent à NULL
(propriétaire, valideur, parent) restent libres.
"""

from typing import Any

from django.db import migrations

FIGES = ("nom", "description", "etat", "annee", "parametres", "volumes", "cree_le", "modifie_le", "valide_le")

POSTGRESQL = """
CREATE FUNCTION simulations_scenario_fige() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'scenario_fige' USING ERRCODE = 'check_violation', CONSTRAINT = 'scenario_fige';
END $$;
CREATE TRIGGER scenario_fige_change BEFORE UPDATE ON simulations_scenario FOR EACH ROW
    WHEN (OLD.etat = 'valide' AND ({changements})) EXECUTE FUNCTION simulations_scenario_fige();
CREATE TRIGGER scenario_fige_supprime BEFORE DELETE ON simulations_scenario FOR EACH ROW
    WHEN (OLD.etat = 'valide') EXECUTE FUNCTION simulations_scenario_fige();
"""
SQLITE = (
    """
CREATE TRIGGER scenario_fige_change BEFORE UPDATE ON simulations_scenario
    WHEN OLD.etat = 'valide' AND ({changements})
BEGIN SELECT RAISE(ABORT, 'scenario_fige'); END
""",
    """
CREATE TRIGGER scenario_fige_supprime BEFORE DELETE ON simulations_scenario WHEN OLD.etat = 'valide'
BEGIN SELECT RAISE(ABORT, 'scenario_fige'); END
""",
)


def poser(apps: Any, schema_editor: Any) -> None:
    postgresql = schema_editor.connection.vendor == "postgresql"
    difference = "IS DISTINCT FROM" if postgresql else "IS NOT"
    changements = " OR ".join(f"NEW.{champ} {difference} OLD.{champ}" for champ in FIGES)
    for ordre in (POSTGRESQL,) if postgresql else SQLITE:
        schema_editor.execute(ordre.replace("{changements}", changements), params=None)


def retirer(apps: Any, schema_editor: Any) -> None:
    postgresql = schema_editor.connection.vendor == "postgresql"
    table = " ON simulations_scenario" if postgresql else ""
    for nom in ("scenario_fige_change", "scenario_fige_supprime"):
        schema_editor.execute(f"DROP TRIGGER {nom}{table}", params=None)
    if postgresql:
        schema_editor.execute("DROP FUNCTION simulations_scenario_fige()", params=None)


class Migration(migrations.Migration):
    dependencies = [("simulations", "0003_revision_depart")]
    operations = [migrations.RunPython(poser, retirer)]
