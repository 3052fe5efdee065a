from django.db import migrations

# modèle, champ : code de la ligne → ses autres écritures, telles qu'on les range
LIVRES = {
    ("Flux", "flux"): {
        "AMANA": ["MESSAGERIE"],
        "CO": ["COURRIER ORDINAIRE", "ORDINAIRE"],
        "CR": ["COURRIER RECOMMANDE", "RECOMMANDE"],
        "EBARKIA": ["EB", "E-BARKIA", "E BARKIA"],
    },
    ("Sens", "sens"): {
        "ARRIVEE": ["ARRIVE", "RECU", "RECEPTION"],
        "DEPART": ["ENVOI", "EXPEDITION"],
        "DEPOT": ["DEPOT (GUICHET)", "DEPOT GUICHET"],
        "RECUP": ["RECUP (GUICHET)", "RECUPERATION", "RETRAIT"],
    },
    ("Segment", "segment"): {
        "GLOBAL": ["TOTAL", "TOUS"],
        "GC": ["GRAND COMPTE"],
        "PART": ["PARTICULIER"],
        "PRO": ["PROFESSIONNEL"],
    },
}


def livrer(apps, schema_editor):
    synonymes = apps.get_model("referentiels", "Synonyme").objects
    for (modele, champ), lignes in LIVRES.items():
        connus = {ligne.code: ligne for ligne in apps.get_model("referentiels", modele).objects.all()}
        for code, ecritures in lignes.items():
            for ecriture in ecritures:
                if code in connus and ecriture not in connus:
                    synonymes.get_or_create(code=ecriture, **{champ: connus[code]})


class Migration(migrations.Migration):
    dependencies = [("referentiels", "0009_synonymes")]
    operations = [migrations.RunPython(livrer, migrations.RunPython.noop)]
