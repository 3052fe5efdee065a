"""Les postes gardés d'une simulation, dans un périmètre."""

from django.db.models import QuerySet

from simulations.models import ResultatPoste, Simulation


def postes_de(
    simulation: Simulation, *, direction_id: int | None = None, centre_id: int | None = None
) -> "QuerySet[ResultatPoste]":
    postes: QuerySet[ResultatPoste] = simulation.postes.all()
    if centre_id:
        postes = postes.filter(centre_id=centre_id)
    if direction_id:
        de_la_direction = simulation.centres.filter(direction_id=direction_id).order_by()
        postes = postes.filter(centre_id__in=de_la_direction.values("centre_id"))
    return postes
