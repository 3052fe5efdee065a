"""Les directions des simulations et des scénarios d'avant, et le droit de l'Administrateur sur les partages.

Une simulation dont le rapport nomme des centres ignorés a pu en nommer de partout : elle reste du pays, comme un
scénario qui n'en nomme aucun. Voir docs/metier/effectifs.md#droits.
"""

from django.contrib.auth.management import create_permissions
from django.db import migrations

LOT = 500
QUI_ADMINISTRE = "Administrateur"


def viser(apps, schema_editor):
    base = schema_editor.connection.alias
    modeles = {
        nom: apps.get_model(application, nom).objects.using(base)
        for application, nom in (
            ("simulations", "Simulation"),
            ("simulations", "Scenario"),
            ("simulations", "PartSimulation"),
            ("simulations", "DirectionVisee"),
            ("referentiels", "Centre"),
        )
    }
    Visee = apps.get_model("simulations", "DirectionVisee")
    des_centres = dict(modeles["Centre"].values_list("pk", "direction_id"))
    parts = {}
    for cle, direction in modeles["PartSimulation"].values_list("simulation_id", "direction_id"):
        parts.setdefault(cle, set()).add(direction)
    lignes = []
    champs = ("pk", "direction_id", "centre_id", "centre_ids", "volumes_demandes", "rapport")
    simulations = modeles["Simulation"].exclude(niveau="national").order_by()
    for cle, direction, centre, lot, volumes, rapport in simulations.values_list(*champs).iterator():
        if not rapport.get("ignored_centres"):
            centres = {centre, *lot, *(volume["centre_id"] for volume in volumes)}
            siennes = {direction, *parts.get(cle, ()), *map(des_centres.get, centres)} - {None}
            lignes += [Visee(simulation_id=cle, direction_id=pk) for pk in sorted(siennes)]
    for cle, volumes, parametres in modeles["Scenario"].order_by().values_list("pk", "volumes", "parametres"):
        centres = {volume["centre_id"] for volume in volumes} | set(map(int, parametres.get("par_centre") or ()))
        siennes = set(map(des_centres.get, centres)) - {None}
        lignes += [Visee(scenario_id=cle, direction_id=pk) for pk in sorted(siennes)]
    modeles["DirectionVisee"].bulk_create(lignes, batch_size=LOT)
    _permettre(apps, base)


def _permettre(apps, base):
    application = apps.get_app_config("simulations")
    application.models_module = True
    create_permissions(application, apps=apps, verbosity=0, using=base)
    application.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.using(base)
    siennes = permissions.filter(content_type__app_label="simulations", content_type__model="partage")
    for groupe in apps.get_model("auth", "Group").objects.using(base).filter(name=QUI_ADMINISTRE):
        groupe.permissions.add(*siennes)


class Migration(migrations.Migration):
    dependencies = [
        ("simulateur", "0005_groupes_livres"),
        ("simulations", "0007_visibles"),
    ]

    operations = [migrations.RunPython(viser, migrations.RunPython.noop)]
