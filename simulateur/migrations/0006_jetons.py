"""Les jetons d'API : ceux d'avant gardent leur clé, dont seule l'empreinte reste.

Voir docs/metier/effectifs.md#jetons.
"""

from datetime import UTC, datetime

from django.conf import settings
from django.db import migrations, models
from knox.crypto import hash_token


NOM_D_AVANT = "jeton d'avant"


def _instant(lu):
    """SQLite rend ce que Django y a écrit : du texte, en UTC."""
    instant = datetime.fromisoformat(lu) if isinstance(lu, str) else lu
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def reprendre(apps, schema_editor):
    """Les clés de rest_framework.authtoken, qui n'est plus installé : sa table, si elle est là, en est vidée."""
    connexion = schema_editor.connection
    with connexion.cursor() as curseur:
        if "authtoken_token" not in connexion.introspection.table_names(curseur):
            return
        curseur.execute('SELECT "key", user_id, created FROM authtoken_token')
        lus = curseur.fetchall()
    Jeton = apps.get_model("simulateur", "Jeton").objects.using(connexion.alias)
    for cle, compte, cree in lus:
        jeton = Jeton.create(
            user_id=compte, nom=NOM_D_AVANT, portee="ecriture", digest=hash_token(cle), token_key=""
        )
        Jeton.filter(pk=jeton.pk).update(created=_instant(cree))


class Migration(migrations.Migration):

    dependencies = [
        ('simulateur', '0005_groupes_livres'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Jeton',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('digest', models.CharField(editable=False, max_length=128, unique=True, verbose_name='empreinte')),
                ('token_key', models.CharField(editable=False, max_length=25, verbose_name='début')),
                ('nom', models.CharField(help_text="Ce qui s'en sert : un tableur, un autre logiciel…", max_length=60, verbose_name='nom')),
                ('portee', models.CharField(choices=[('lecture', 'Lecture seule'), ('ecriture', 'Lecture et écriture')], max_length=10, verbose_name='portée')),
                ('created', models.DateTimeField(auto_now_add=True, verbose_name='créé le')),
                ('expiry', models.DateTimeField(blank=True, null=True, verbose_name='expire le')),
                ('utilise_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='utilisé le')),
                ('user', models.ForeignKey(on_delete=models.CASCADE, related_name='auth_token_set', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': "jeton d'API",
                'verbose_name_plural': "jetons d'API",
                'ordering': ('user', 'nom'),
                'constraints': [models.UniqueConstraint(fields=('user', 'nom'), name='simulateur_jeton_nom_unique', violation_error_message='Ce compte a déjà un jeton de ce nom.'), models.CheckConstraint(condition=models.Q(('nom', ''), _negated=True), name='simulateur_jeton_nomme', violation_error_message='Un jeton porte un nom.'), models.CheckConstraint(condition=models.Q(('portee__in', ('lecture', 'ecriture'))), name='simulateur_jeton_portee', violation_error_message='Un jeton est en lecture seule, ou en lecture et écriture.')],
            },
        ),
        migrations.RunPython(reprendre, migrations.RunPython.noop),
    ]
