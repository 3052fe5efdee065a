"""La table des clés en clair disparaît, et ses droits ; l'administrateur a ceux des jetons.

Elle ne revient pas : d'une empreinte, on ne refait pas une clé. À part de la reprise, car PostgreSQL ne mêle
pas lignes écrites et tables défaites.
"""

from django.contrib.auth.management import create_permissions
from django.db import migrations


def retirer(apps, schema_editor):
    schema_editor.execute("DROP TABLE IF EXISTS authtoken_token")


def accorder(apps, schema_editor):
    base = schema_editor.connection.alias
    application = apps.get_app_config("simulateur")
    application.models_module = True
    create_permissions(application, apps=apps, verbosity=0, using=base)
    application.models_module = None
    siennes = apps.get_model("auth", "Permission").objects.using(base)
    for groupe in apps.get_model("auth", "Group").objects.using(base).filter(name="Administrateur"):
        gestes = siennes.filter(content_type__app_label="simulateur", content_type__model="jeton")
        groupe.permissions.add(*gestes)
    apps.get_model("contenttypes", "ContentType").objects.using(base).filter(app_label="authtoken").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("simulateur", "0006_jetons"),
    ]

    operations = [
        migrations.RunPython(retirer, migrations.RunPython.noop),
        migrations.RunPython(accorder, migrations.RunPython.noop),
    ]
