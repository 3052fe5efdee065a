from django.db import migrations, models

REGLAGES = {
    "annee_des_volumes": {
        "nom": "Année des volumes",
        "aide": "Année que prend tout calcul qui n'en nomme pas ; vide : la plus récente qui est assez remplie.",
        "valeur": None,
        "minimum": 1990,
        "maximum": 2100,
        "entier": True,
        "facultatif": True,
    },
}


def livrer(apps, schema_editor):
    for code, champs in REGLAGES.items():
        apps.get_model("referentiels", "Reglage").objects.create(code=code, **champs)


class Migration(migrations.Migration):
    dependencies = [("referentiels", "0003_salaire_fictif")]
    operations = [
        migrations.CreateModel(
            name="Reglage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=60, unique=True)),
                ("nom", models.CharField(max_length=120)),
                ("aide", models.CharField(blank=True, default="", max_length=300)),
                ("valeur", models.FloatField(blank=True, null=True)),
                ("minimum", models.FloatField()),
                ("maximum", models.FloatField()),
                ("entier", models.BooleanField(default=False)),
                ("facultatif", models.BooleanField(default=False, verbose_name="peut rester vide")),
            ],
            options={
                "verbose_name": "réglage",
                "verbose_name_plural": "réglages",
                "ordering": ("code",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("facultatif", True), ("valeur__isnull", True)),
                            models.Q(
                                ("valeur__gte", models.F("minimum")), ("valeur__lte", models.F("maximum"))
                            ),
                            _connector="OR",
                        ),
                        name="reglage_dans_ses_bornes",
                        violation_error_message="La valeur d'un réglage est dans ses bornes.",
                    )
                ],
            },
        ),
        migrations.RunPython(livrer, migrations.RunPython.noop),
    ]
