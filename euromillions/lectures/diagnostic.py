"""Ce qu'EuroMillions promet : un historique à jour, sans date manquante."""

from django.utils import timezone

from euromillions.lectures import histoire, reperes
from simulateur.exploitation.diagnostic import Constat


def tirages_a_jour() -> Constat:
    nom = "tirages à jour"
    revision = histoire.revision()
    if not reperes.annees(revision):
        return Constat(nom, None, "aucun tirage : importer l'historique, ou charger la démonstration")
    manquants = reperes.manquants(revision, timezone.localdate())
    if not manquants:
        fictifs = " (tirages fictifs)" if reperes.fictifs_presents(revision) else ""
        return Constat(nom, True, f"aucune date ne manque{fictifs}")
    constat = f"{len(manquants)} dates manquent, la dernière le {manquants[0]}"
    return Constat(nom, False, constat, "Importer les tirages (« manage.py importer_tirages »).")
