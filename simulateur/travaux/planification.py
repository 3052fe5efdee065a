"""Planifications Django-Q du projet : déclarées par les applications, modifiables dans l'admin."""

from dataclasses import dataclass

NOM_CANARI = "principal"


@dataclass(frozen=True)
class Planification:
    """Une planification livrée. `cron` est à l'heure de TIME_ZONE ; sinon `minutes` entre deux passages."""

    nom: str
    fonction: str
    minutes: int = 0
    cron: str = ""


_DECLAREES: list[Planification] = [
    Planification(nom="noyau : canari", fonction="simulateur.travaux.entrees.canari", minutes=1),
    Planification(nom="noyau : faucheur", fonction="simulateur.travaux.entrees.faucher", minutes=1),
    Planification(
        nom="noyau : nettoyer le cache",
        fonction="simulateur.travaux.entrees.nettoyer_le_cache",
        cron="0 2 * * *",
    ),
    Planification(
        nom="noyau : derniers usages des jetons",
        fonction="simulateur.travaux.entrees.recopier_les_usages",
        minutes=10,
    ),
    Planification(nom="noyau : purge", fonction="simulateur.travaux.entrees.purger", cron="45 2 * * *"),
    Planification(
        nom="noyau : préchauffer le cache",
        fonction="simulateur.travaux.entrees.prechauffer",
        cron="30 6 * * *",
    ),
]


def declarer(*planifications: Planification) -> None:
    """À appeler dans `AppConfig.ready` : ligne créée au prochain `migrate`, jamais réécrite ensuite."""
    _DECLAREES.extend(planifications)


def declarees() -> tuple[Planification, ...]:
    return tuple(_DECLAREES)
