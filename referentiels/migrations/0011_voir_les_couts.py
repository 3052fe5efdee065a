from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("referentiels", "0010_synonymes_livres")]

    operations = [
        migrations.AlterModelOptions(
            name="poste",
            options={
                "ordering": ("nom",),
                "permissions": (("voir_couts", "Peut voir les coûts et les salaires"),),
            },
        ),
    ]
