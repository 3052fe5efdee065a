"""Lancer une génération : la seule porte, pour la page, l'API et la commande."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from euromillions.grilles import chronometrage
from euromillions.jeu import calendrier
from euromillions.lectures import histoire, reperes
from euromillions.models import Ere, Generation, Strategie, Tirage
from euromillions.models.grilles import GRAINE_MAX, NOMBRE_MAX
from simulateur.mesures.metriques import CACHE_LECTURES
from simulateur.models import Etat
from simulateur.travaux.machine import creer_et_enfiler
from simulateur.web.refus import Refus

DUREE_DU_CACHE = timedelta(minutes=5)
VERSION = "1"
GRAINE_TIREE_MAX = 2**53  # un navigateur affiche exactement tout entier plus petit
FAMILLE_CACHE = "em:generation"
PHRASE_NOMBRE = f"Un nombre de grilles de 1 à {NOMBRE_MAX}."
PHRASE_GRAINE = f"Un entier de 0 à {GRAINE_MAX} (64 bits)."


@dataclass(frozen=True)
class DemandeDeGrilles:
    """Ce qui est demandé, déjà vérifié. `graine` : None pour la laisser au sort."""

    strategie: Strategie
    nombre: int
    graine: int | None = None


def lancer(
    demande: DemandeDeGrilles, *, demandeur: Any = None, maintenant: datetime | None = None
) -> Generation:
    """Met la génération en file, ou rend aussitôt celle d'il y a moins de cinq minutes (`du_cache`).

    Lève Refus s'il n'y a aucun tirage ou aucun tirage à venir.
    """
    maintenant = maintenant or timezone.now()
    revision = histoire.revision()
    generation = Generation(
        strategie=demande.strategie,
        nombre=demande.nombre,
        graine=secrets.randbelow(GRAINE_TIREE_MAX) if demande.graine is None else demande.graine,
        graine_choisie=demande.graine is not None,
        cible=prochaine_cible(maintenant),
        revision=revision,
        fictive=reperes.fictifs_presents(revision),
        demandeur=demandeur,
        version_moteur=VERSION,
        cree_le=maintenant,
    )
    generation.empreinte = _empreinte(generation)
    ancienne = _deja_faite(generation, demande)
    if ancienne is not None:
        return _reprendre(generation, ancienne)
    creee, _ = creer_et_enfiler(generation)
    return creee  # type: ignore[return-value]


def prochaine_cible(maintenant: datetime) -> date:
    """Premier tirage à venir après cet instant. Lève Refus s'il n'y en a pas, ou si la base est vide."""
    if not Tirage.objects.exists():
        raise Refus("Aucun tirage n'est enregistré : importer l'historique avant de générer des grilles.")
    apres = calendrier.dernier_jour_tire(maintenant)
    connu = Tirage.objects.filter(date__gt=apres).order_by("-date").values_list("date", flat=True).first()
    cible = calendrier.prochain_tirage(list(Ere.objects.all()), apres=connu or apres)
    if cible is None:
        raise Refus("Aucun tirage n'est prévu : aucune ère du jeu n'est en cours.")
    return cible


def _deja_faite(generation: Generation, demande: DemandeDeGrilles) -> Generation | None:
    """Mêmes paramètres, mêmes tirages, même personne, moins de cinq minutes ; jamais pour le hasard."""
    if generation.strategie == Strategie.HASARD or generation.demandeur is None:
        return None
    criteres: dict[str, Any] = {"graine": demande.graine} if demande.graine is not None else {}
    trouvee = Generation.objects.reutilisable(
        depuis=generation.cree_le - DUREE_DU_CACHE,
        demandeur=generation.demandeur,
        strategie=generation.strategie,
        nombre=generation.nombre,
        graine_choisie=generation.graine_choisie,
        cible=generation.cible,
        revision=generation.revision,
        **criteres,
    )
    CACHE_LECTURES.labels(FAMILLE_CACHE, "trouve" if trouvee else "calcule").inc()
    return trouvee


def _reprendre(generation: Generation, ancienne: Generation) -> Generation:
    debut = timezone.now()
    generation.origine = ancienne
    generation.graine = ancienne.graine
    generation.historique_jusqu_au = ancienne.historique_jusqu_au
    generation.tirages_analyses = ancienne.tirages_analyses
    generation.etat = Etat.TERMINEE
    generation.progression = 100
    generation.demarre_le = generation.termine_le = timezone.now()
    generation.message = "Servie du cache : mêmes paramètres et mêmes tirages il y a moins de 5 minutes"
    with transaction.atomic():
        generation.save(force_insert=True)
        chronometrage.noter(generation, (timezone.now() - debut).total_seconds(), reussie=True, du_cache=True)
    return generation


def _empreinte(generation: Generation) -> str:
    entrees = {
        "strategie": str(generation.strategie),
        "nombre": generation.nombre,
        "graine": generation.graine,
        "cible": generation.cible.isoformat(),
        "revision": generation.revision,
    }
    return hashlib.sha256(json.dumps(entrees, sort_keys=True).encode()).hexdigest()
