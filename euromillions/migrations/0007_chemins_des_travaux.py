"""Les planifications posées avant le déménagement des modules portent les nouveaux chemins."""

from django.db import migrations

CHEMINS = {
    "euromillions.grilles.travaux.juger_les_grilles": "euromillions.travaux.juger_les_grilles",
    "euromillions.grilles.travaux.rapport_hebdomadaire": "euromillions.travaux.rapport_hebdomadaire",
    "euromillions.grilles.travaux.elaguer_les_mesures": "euromillions.travaux.elaguer_les_mesures",
    "euromillions.grilles.travaux.purge_hebdomadaire": "euromillions.travaux.purge_hebdomadaire",
    "euromillions.grilles.travaux.reapprendre_le_modele": "euromillions.travaux.reapprendre_le_modele",
    "euromillions.imports.travaux.telecharger_tirages": "euromillions.travaux.telecharger_tirages",
}


def _renommer(apps, chemins):
    Schedule = apps.get_model("django_q", "Schedule")
    for ancien, nouveau in chemins.items():
        Schedule.objects.filter(func=ancien).update(func=nouveau)


def avancer(apps, editeur):
    _renommer(apps, CHEMINS)


def reculer(apps, editeur):
    _renommer(apps, {nouveau: ancien for ancien, nouveau in CHEMINS.items()})


class Migration(migrations.Migration):
    dependencies = [
        ("euromillions", "0006_modele_appris"),
        ("django_q", "0018_task_success_index"),
    ]
    operations = [migrations.RunPython(avancer, reculer)]
