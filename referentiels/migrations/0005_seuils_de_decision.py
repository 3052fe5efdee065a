from django.db import migrations

AIDE = "ETP ÷ effectif présent, en %. De chaque seuil au suivant : Optimiser, Maintenir, Surveiller, Recruter."
SEUILS = {
    "seuil_recruter": ("Recruter au-delà de (%)", 110),
    "seuil_surveiller": ("Surveiller au-delà de (%)", 102),
    "seuil_optimiser": ("Optimiser en deçà de (%)", 85),
}


def livrer(apps, schema_editor):
    for code, (nom, valeur) in SEUILS.items():
        apps.get_model("referentiels", "Reglage").objects.create(
            code=code, nom=nom, aide=AIDE, valeur=valeur, minimum=0, maximum=1000
        )


class Migration(migrations.Migration):
    dependencies = [("referentiels", "0004_reglages")]
    operations = [migrations.RunPython(livrer, migrations.RunPython.noop)]
