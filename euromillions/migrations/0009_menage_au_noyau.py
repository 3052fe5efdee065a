"""Le ménage du cache est au noyau, pour toutes les familles : sa planification d'ici s'en va."""

from django.db import migrations


def retirer(apps, schema_editor):
    apps.get_model("django_q", "Schedule").objects.filter(name="euromillions : nettoyer le cache").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("euromillions", "0008_prix_d_une_grille"),
        ("django_q", "0018_task_success_index"),
    ]

    operations = [migrations.RunPython(retirer, migrations.RunPython.noop)]
