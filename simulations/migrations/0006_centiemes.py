"""Les personnes en centièmes, les coûts en dix-millièmes, et ce qui manque brut : aucun chiffre ne change."""

from django.db import migrations, models
from django.db.models import Case, F, OuterRef, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

RENOMMES = {
    "arrondi_dixiemes": "arrondi_centiemes",
    "actuel_dixiemes": "actuel_centiemes",
    "ecart_dixiemes": "ecart_centiemes",
    "cout_milliemes": "cout_dix_milliemes",
}
LIGNES = ("simulation", "resultatcentre", "resultatposte")
AVEC_MOI = ("simulation", "resultatcentre")
COUT_MAX = 9 * 10**17  # au-delà, le coût ne tiendrait plus en 64 bits : il redevient inconnu


def _champs(modele):
    moi = ("moi_centiemes",) if modele in AVEC_MOI else ()
    return (*RENOMMES.values(), *moi)


def grandir(apps, schema_editor):
    for modele in LIGNES:
        lignes = apps.get_model("simulations", modele).objects.order_by()
        lignes.filter(cout_dix_milliemes__gt=COUT_MAX).update(cout_dix_milliemes=0, cout_connu=False)
        lignes.filter(cout_dix_milliemes__lt=-COUT_MAX).update(cout_dix_milliemes=0, cout_connu=False)
        lignes.update(**{champ: F(champ) * 10 for champ in _champs(modele)})
    postes, centres, simulations = (
        apps.get_model("simulations", nom) for nom in ("resultatposte", "resultatcentre", "simulation")
    )
    manque = Case(When(ecart_centiemes__gt=0, then=F("ecart_centiemes")), default=Value(0))
    postes.objects.order_by().update(a_pourvoir_centiemes=manque)
    du_centre = postes.objects.filter(simulation=OuterRef("simulation"), centre_id=OuterRef("centre_id"))
    centres.objects.order_by().update(a_pourvoir_centiemes=_somme(du_centre))
    de_la_simulation = centres.objects.filter(simulation=OuterRef("pk"))
    simulations.objects.order_by().update(a_pourvoir_centiemes=_somme(de_la_simulation))


def _somme(lignes):
    """Σ de ce qui manque, groupée par simulation ; 0 sans ligne."""
    par_simulation = lignes.order_by().values("simulation").annotate(somme=Sum("a_pourvoir_centiemes"))
    somme = Subquery(par_simulation.values("somme")[:1], output_field=models.BigIntegerField())
    return Coalesce(somme, Value(0), output_field=models.BigIntegerField())


def rapetisser(apps, schema_editor):
    for modele in LIGNES:
        lignes = apps.get_model("simulations", modele).objects.order_by()
        lignes.update(**{champ: F(champ) / 10 for champ in _champs(modele)})


def renommer(modele):
    anciens = {**RENOMMES, **({"moi_dixiemes": "moi_centiemes"} if modele in AVEC_MOI else {})}
    return [migrations.RenameField(modele, ancien, nouveau) for ancien, nouveau in anciens.items()]


class Migration(migrations.Migration):
    dependencies = [("simulations", "0005_pertes_d_ouvriers")]
    operations = [
        *(operation for modele in LIGNES for operation in renommer(modele)),
        *(
            migrations.AddField(
                modele, "a_pourvoir_centiemes", models.BigIntegerField(db_default=0, default=0, editable=False)
            )
            for modele in LIGNES
        ),
        migrations.RunPython(grandir, rapetisser),
    ]
