from django.db import migrations

SOURCE = "docs/metier/effectifs.md#presence"
PRESENCE = {
    "conges_jours": ("Congés", "jours par an", 150),
    "formation_jours": ("Formation", "jours par an", 100),
    "absence_pct": ("Absence", "%", 80),
}
PREMIER_RANG = 100  # après les paramètres livrés d'abord


def livrer(apps, schema_editor):
    for rang, (code, (nom, unite, maximum)) in enumerate(PRESENCE.items(), start=PREMIER_RANG):
        apps.get_model("referentiels", "Parametre").objects.get_or_create(
            code=code,
            defaults={
                "nom": nom,
                "unite": unite,
                "defaut": 0,
                "minimum": 0,
                "maximum": maximum,
                "par_flux": False,
                "source": SOURCE,
                "ordre": rang,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("referentiels", "0014_perimetres_d_avant")]
    operations = [migrations.RunPython(livrer, migrations.RunPython.noop)]
