import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        # Après les groupes livrés : aucun d'eux ne reçoit le droit de donner un périmètre sans qu'on le dise.
        ("simulateur", "0005_groupes_livres"),
        ("referentiels", "0012_genres_reseau_et_regles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Perimetre",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "compte",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="perimetres",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "direction",
                    models.ForeignKey(
                        blank=True,
                        help_text="Vide : tout le pays.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="perimetres",
                        to="referentiels.direction",
                    ),
                ),
                (
                    "groupe",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="perimetres",
                        to="auth.group",
                    ),
                ),
            ],
            options={
                "verbose_name": "périmètre",
                "verbose_name_plural": "périmètres",
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(compte__isnull=True, groupe__isnull=False)
                        | Q(compte__isnull=False, groupe__isnull=True),
                        name="perimetre_d_un_compte_ou_d_un_groupe",
                        violation_error_message=(
                            "Un périmètre est celui d'un compte ou d'un groupe, pas des deux."
                        ),
                    ),
                    models.UniqueConstraint(
                        Coalesce("compte", 0),
                        Coalesce("groupe", 0),
                        Coalesce("direction", 0),
                        name="perimetre_unique",
                        violation_error_message="Ce périmètre est déjà donné.",
                    ),
                ],
            },
        ),
    ]
