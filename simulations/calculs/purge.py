"""Purge hebdomadaire : les simulations de plus de 30 jours, sauf conservées ou d'un scénario validé."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from simulateur.models import ETATS_VIVANTS
from simulations.models import Export, Instantane, PartSimulation, Scenario, Simulation

JOURS = 30
LOT = 20  # simulations par transaction : une nationale emporte 20 000 lignes


@dataclass(frozen=True)
class Bilan:
    """Ce qui a été supprimé (ou le serait, à blanc)."""

    simulations: int
    exports: int
    instantanes: int

    def en_dict(self) -> dict[str, int]:
        return asdict(self)


def purgeables(*, maintenant: datetime, jours: int = JOURS) -> "QuerySet[Simulation]":
    """Simulations finies, vieilles, ni conservées, ni d'un scénario validé, ni en cours d'export."""
    exports_vivants = Export.objects.filter(simulation=OuterRef("pk"), etat__in=ETATS_VIVANTS)
    anciennes: QuerySet[Simulation] = (
        Simulation.objects.finis()
        .filter(termine_le__lt=maintenant - timedelta(days=jours), conservee=False)
        .exclude(scenario__etat=Scenario.Etat.VALIDE)
        .exclude(Exists(exports_vivants))
    )
    return anciennes


def purger(*, maintenant: datetime | None = None, jours: int = JOURS, a_blanc: bool = False) -> Bilan:
    """Supprime par lots ; ce qui change d'avis entre-temps (conservée, validée) est épargné."""
    maintenant = maintenant or timezone.now()
    voulues = purgeables(maintenant=maintenant, jours=jours)
    vieux_exports = Export.objects.finis().filter(termine_le__lt=maintenant - timedelta(days=jours))
    if a_blanc:
        return Bilan(voulues.count(), vieux_exports.count(), 0)
    supprimees = 0
    cles = list(voulues.values_list("pk", flat=True))
    for debut in range(0, len(cles), LOT):
        supprimees += _purger_un_lot(voulues, cles[debut : debut + LOT])
    _, par_modele = vieux_exports.only("pk").delete()
    return Bilan(supprimees, par_modele.get(Export._meta.label, 0), _purger_les_instantanes())


def _purger_un_lot(voulues: "QuerySet[Simulation]", cles: list[UUID]) -> int:
    """Les conditions sont revues une fois scénarios et simulations verrouillés : valider attend."""
    with transaction.atomic():
        simulations = Simulation.objects.filter(pk__in=cles)
        scenarios = Scenario.objects.filter(pk__in=simulations.values("scenario"))
        for lignes in (scenarios, simulations):
            list(lignes.order_by("pk").select_for_update().values_list("pk", flat=True))
        _, par_modele = voulues.filter(pk__in=cles).only("pk").delete()
    return par_modele.get(Simulation._meta.label, 0)


def _purger_les_instantanes() -> int:
    """Instantanés qu'aucune part ne cite. Différé tant qu'une simulation vit : elle pourrait en citer un."""
    if Simulation.objects.vivants().exists():
        return 0
    cites = PartSimulation.objects.filter(instantane=OuterRef("pk"))
    # Un seul DELETE : `delete` relirait d'abord tous les contenus, et la clé étrangère veille déjà.
    orphelins = Instantane.objects.exclude(Exists(cites))
    return orphelins._raw_delete(orphelins.db)
