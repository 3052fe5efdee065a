"""Les groupes livrés, et à chaque compte d'avant celui qui garde ce qu'il pouvait faire.

Voir docs/metier/effectifs.md#droits. Les permissions sont celles de Django : elles sont créées ici, avant que
`migrate` ne le fasse, pour que les groupes les portent.
"""

from django.contrib.auth.management import create_permissions
from django.db import migrations

METIERS = ("simulateur", "referentiels", "simulations", "euromillions")
VOIR, AJOUTER, CHANGER, SUPPRIMER = "view_", "add_", "change_", "delete_"
LECTEUR = {"referentiels": (VOIR,), "simulations": (VOIR,)}
LANCER = ("add_simulation", "add_scenario", "add_export")
DES_TIRAGES = ("add_tirage", "change_tirage", "delete_tirage", "change_generation")
DES_AUTRES = ("change_simulation", "change_scenario")
ADMINISTRATION = (*METIERS, "auth", "axes", "django_q", "sessions")
COUTS = "voir_couts"
ECRIRE = (VOIR, AJOUTER, CHANGER, SUPPRIMER)
TOUT = ("",)


def livrer(apps, schema_editor):
    base = schema_editor.connection.alias
    for application in apps.get_app_configs():
        application.models_module = True
        create_permissions(application, apps=apps, verbosity=0, using=base)
        application.models_module = None
    des_groupes = {
        "Lecteur": LECTEUR,
        "Planificateur": {**LECTEUR, "simulations": (VOIR, *LANCER)},
        "Gestionnaire du référentiel": {**LECTEUR, "referentiels": ECRIRE},
        "Lecteur des coûts": {**LECTEUR, "referentiels": (VOIR, COUTS)},
        "Approbateur": {**LECTEUR, "simulations": (VOIR, "change_scenario")},
        "Administrateur": dict.fromkeys(ADMINISTRATION, TOUT),
    }
    Groupe = apps.get_model("auth", "Group")
    for nom, droits in des_groupes.items():
        _donner(apps, Groupe.objects.using(base).get_or_create(name=nom)[0], droits, base)
    _garder_les_comptes(apps, base)


def _garder_les_comptes(apps, base):
    """Chacun lisait et calculait ; l'équipe écrivait tout des deux métiers et lisait l'état du service."""
    Groupe, Compte = apps.get_model("auth", "Group"), apps.get_model("auth", "User")
    comptes = Compte.objects.using(base).filter(is_superuser=False)
    equipe = {
        "simulateur": (VOIR, "exploiter"),
        "referentiels": TOUT,
        "simulations": (VOIR, *LANCER, *DES_AUTRES),
        "euromillions": (VOIR, *DES_TIRAGES),
    }
    ordinaires = {"referentiels": (VOIR, COUTS), "simulations": (VOIR, *LANCER)}
    for nom, membres, droits in (
        ("Comptes d'avant les droits", comptes.filter(is_staff=False), ordinaires),
        ("Équipe d'avant les droits", comptes.filter(is_staff=True), equipe),
    ):
        cles = list(membres.values_list("pk", flat=True))
        if cles:
            groupe, _ = Groupe.objects.using(base).get_or_create(name=nom)
            _donner(apps, groupe, droits, base)
            groupe.user_set.add(*cles)


def _donner(apps, groupe, droits, base):
    Permission = apps.get_model("auth", "Permission")
    for application, debuts in droits.items():
        siennes = Permission.objects.using(base).filter(content_type__app_label=application)
        for debut in debuts:
            groupe.permissions.add(*siennes.filter(codename__startswith=debut))


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("axes", "0010_accessattemptexpiration"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("django_q", "0019_alter_task_options_alter_ormq_key_alter_ormq_lock_and_more"),
        ("euromillions", "0010_pertes_d_ouvriers"),
        ("referentiels", "0011_voir_les_couts"),
        ("sessions", "0001_initial"),
        ("simulateur", "0004_exploiter"),
        ("simulations", "0006_centiemes"),
    ]

    # Défaire la migration laisse les groupes : quelqu'un a pu y mettre des comptes.
    operations = [migrations.RunPython(livrer, migrations.RunPython.noop)]
