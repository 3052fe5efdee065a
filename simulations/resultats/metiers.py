"""Les métiers d'une simulation : chaque titre de poste, additionné sur tous ses centres."""

from typing import Any, TypedDict

from django.db.models import Count, Q, QuerySet, Sum

from simulateur.web.refus import Refus
from simulations.demandes.perimetre import Perimetre
from simulations.models import ResultatPoste, Simulation
from simulations.moteur.mesures import SOMMES, Sommes


class Metiers(TypedDict):
    """Formes JSON : le total, puis une ligne par métier."""

    total: dict[str, Any]
    lignes: list[dict[str, Any]]


def metiers(simulation: Simulation, perimetre: Perimetre | None = None) -> Metiers:
    """Total, puis une ligne par métier, le plus grand écart d'abord. Une requête, sommes entières exactes.

    Lève Refus si le périmètre n'est pas dans la simulation.
    """
    groupes: list[Any] = list(
        _postes(simulation, perimetre)
        .order_by()
        .values("titre_id", "nom", "type")
        .annotate(
            centres=Count("centre_id", distinct=True),
            sans_prix=Count("pk", filter=Q(cout_connu=False) & ~Q(ecart_dixiemes=0)),
            **{f"somme_{champ}": Sum(champ) for champ in SOMMES},
        )
    )
    if perimetre and not groupes:
        raise Refus(f"{perimetre} n'est pas dans cette simulation.")
    sommes = [
        Sommes(*(int(groupe[f"somme_{champ}"]) for champ in SOMMES), groupe["sans_prix"])
        for groupe in groupes
    ]
    lignes = [
        {
            "poste_id": groupe["titre_id"],
            "poste_label": groupe["nom"],
            "type": groupe["type"],
            "nb_centres": groupe["centres"],
            **_mesures(somme),
        }
        for groupe, somme in zip(groupes, sommes, strict=True)
    ]
    return {
        "total": _mesures(sum(sommes, Sommes())),
        "lignes": sorted(lignes, key=lambda ligne: (-abs(ligne["ecart"]), ligne["poste_label"])),
    }


def _postes(simulation: Simulation, perimetre: Perimetre | None) -> "QuerySet[ResultatPoste]":
    postes: QuerySet[ResultatPoste] = simulation.postes.all()
    if perimetre and perimetre.centre_id:
        postes = postes.filter(centre_id=perimetre.centre_id)
    if perimetre and perimetre.direction_id:
        de_la_direction = simulation.centres.filter(direction_id=perimetre.direction_id).order_by()
        postes = postes.filter(centre_id__in=de_la_direction.values("centre_id"))
    return postes


def _mesures(sommes: Sommes) -> dict[str, Any]:
    return {**sommes.en_unites(), "decision": sommes.decision}
