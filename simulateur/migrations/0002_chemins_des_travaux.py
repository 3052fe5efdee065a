"""Les planifications posées avant le déménagement des modules portent les nouveaux chemins."""

from django.db import migrations

CHEMINS = {
    "simulateur.travaux.executer": "simulateur.travaux.entrees.executer",
    "simulateur.travaux.faucher": "simulateur.travaux.entrees.faucher",
    "simulateur.travaux.canari": "simulateur.travaux.entrees.canari",
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
        ("simulateur", "0001_initial"),
        ("django_q", "0018_task_success_index"),
    ]
    operations = [migrations.RunPython(avancer, reculer)]
