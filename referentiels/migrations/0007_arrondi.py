from django.db import migrations

ARRONDI = {
    "nom": "Arrondi des ETP",
    "aide": (
        "Celui d'un calcul qui n'en choisit pas. 1 : à la personne, par poste ; 2 : par centre, au plus fort reste ; "
        "3 : à la demi-personne, par poste ; 4 : aucun, deux décimales."
    ),
    "valeur": 1,
    "minimum": 1,
    "maximum": 4,
    "entier": True,
}


def livrer(apps, schema_editor):
    apps.get_model("referentiels", "Reglage").objects.get_or_create(code="arrondi", defaults=ARRONDI)


class Migration(migrations.Migration):
    dependencies = [("referentiels", "0006_effectifs_en_centiemes")]
    operations = [migrations.RunPython(livrer, migrations.RunPython.noop)]
