"""Le prix d'une grille en lignes datées, remplies avec les prix connus."""

import time

import django.core.validators
from decimal import Decimal
from django.db import migrations, models

from euromillions.jeu.prix import installer_prix


def remplir(apps, editeur):
    installer_prix(apps.get_model("euromillions", "PrixGrille"))
    # Mises et retours gardés en cache viennent d'un autre barème : une révision neuve les périme.
    revisions = apps.get_model("simulateur", "Revision").objects.filter(pk__in=("tout", "euromillions:tirages"))
    revisions.update(numero=time.time_ns() // 1000)


class Migration(migrations.Migration):

    dependencies = [
        ('euromillions', '0007_chemins_des_travaux'),
        ('simulateur', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='PrixGrille',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('debut', models.DateField(unique=True, verbose_name='depuis le tirage du')),
                ('montant', models.DecimalField(decimal_places=2, max_digits=6, validators=[django.core.validators.MinValueValidator(Decimal('0.01'))], verbose_name='prix (€)')),
                ('source', models.CharField(help_text="D'où vient ce prix : règlement, adresse…", max_length=200, verbose_name='source')),
            ],
            options={
                'verbose_name': "prix d'une grille",
                'verbose_name_plural': "prix d'une grille",
                'ordering': ('debut',),
                'constraints': [models.CheckConstraint(condition=models.Q(('montant__gt', 0)), name='euromillions_prix_positif', violation_error_message='Une grille coûte plus de zéro euro.')],
            },
        ),
        migrations.RunPython(remplir, migrations.RunPython.noop),
    ]
