import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        # Après les groupes livrés : aucun d'eux ne reçoit les partages sans qu'on le dise.
        ("simulateur", "0005_groupes_livres"),
        ("simulations", "0006_centiemes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DirectionVisee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('direction_id', models.BigIntegerField()),
                ('scenario', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='directions_visees', to='simulations.scenario')),
                ('simulation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='directions_visees', to='simulations.simulation')),
            ],
            options={
                'verbose_name': 'direction visée',
                'verbose_name_plural': 'directions visées',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('scenario__isnull', False), ('simulation__isnull', True)), models.Q(('scenario__isnull', True), ('simulation__isnull', False)), _connector='OR'), name='direction_visee_d_une_simulation_ou_d_un_scenario'), models.UniqueConstraint(fields=('simulation', 'direction_id'), name='direction_visee_unique'), models.UniqueConstraint(fields=('scenario', 'direction_id'), name='direction_de_scenario_unique')],
            },
        ),
        migrations.CreateModel(
            name='Partage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='créé le')),
                ('compte', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('groupe', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='auth.group')),
                ('par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('simulation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='partages', to='simulations.simulation')),
            ],
            options={
                'verbose_name': 'partage',
                'ordering': ('cree_le', 'pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('compte__isnull', True), ('groupe__isnull', False)), models.Q(('compte__isnull', False), ('groupe__isnull', True)), _connector='OR'), name='partage_avec_un_compte_ou_un_groupe', violation_error_message='Un partage est avec un compte ou un groupe, pas les deux.'), models.UniqueConstraint(models.F('simulation'), django.db.models.functions.comparison.Coalesce('compte', 0), django.db.models.functions.comparison.Coalesce('groupe', 0), name='partage_unique', violation_error_message='Cette simulation lui est déjà partagée.')],
            },
        ),
    ]
