"""Chaque compte d'avant les périmètres garde tout le pays ; l'Administrateur les donne.

Voir docs/metier/effectifs.md#droits.
"""

from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUPES_D_AVANT = ("Comptes d'avant les droits", "Équipe d'avant les droits")
QUI_LES_DONNE = "Administrateur"


def garder(apps, schema_editor):
    base = schema_editor.connection.alias
    Perimetre = apps.get_model("referentiels", "Perimetre")
    Compte, Groupe = apps.get_model("auth", "User"), apps.get_model("auth", "Group")
    comptes = Compte.objects.using(base).filter(perimetres=None)
    groupes = Groupe.objects.using(base).filter(name__in=GROUPES_D_AVANT, perimetres=None)
    lignes = [Perimetre(compte=compte) for compte in comptes]
    lignes += [Perimetre(groupe=groupe) for groupe in groupes]
    Perimetre.objects.using(base).bulk_create(lignes, batch_size=500)
    _permettre(apps, base)


def _permettre(apps, base):
    application = apps.get_app_config("referentiels")
    application.models_module = True
    create_permissions(application, apps=apps, verbosity=0, using=base)
    application.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.using(base)
    siennes = permissions.filter(content_type__app_label="referentiels", content_type__model="perimetre")
    for groupe in apps.get_model("auth", "Group").objects.using(base).filter(name=QUI_LES_DONNE):
        groupe.permissions.add(*siennes)


class Migration(migrations.Migration):
    dependencies = [("referentiels", "0013_perimetres")]

    # Défaire la migration laisse les périmètres : leur table part avec la précédente.
    operations = [migrations.RunPython(garder, migrations.RunPython.noop)]
