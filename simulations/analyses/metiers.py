"""Les métiers d'une simulation : chaque titre de poste, additionné sur tous ses centres."""

from typing import Any

import numpy as np
from django.db.models import Count, Q, QuerySet, Sum

from simulateur.travaux.machine import Refus
from simulations.demandes.perimetre import Perimetre
from simulations.models import ResultatPoste, Simulation
from simulations.moteur.calcul import DECISIONS, decider
from simulations.moteur.mesures import SOMMES, en_unites


def metiers(simulation: Simulation, perimetre: Perimetre | None = None) -> dict[str, Any]:
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
    lignes = [
        {
            "poste_id": groupe["titre_id"],
            "poste_label": groupe["nom"],
            "type": groupe["type"],
            "nb_centres": groupe["centres"],
            **_mesures(groupe),
        }
        for groupe in groupes
    ]
    cles = [*(f"somme_{champ}" for champ in SOMMES), "sans_prix"]
    total = {cle: sum(int(groupe[cle]) for groupe in groupes) for cle in cles}
    return {
        "total": _mesures(total),
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


def _mesures(sommes: dict[str, Any]) -> dict[str, Any]:
    entieres = [int(sommes[f"somme_{champ}"]) for champ in SOMMES]
    _, calcule, arrondi, actuel, *_ = entieres
    decision = decider(*(np.array([valeur], dtype=np.int64) for valeur in (calcule, actuel, arrondi)))
    return {
        **en_unites(*entieres, cout_connu=not sommes["sans_prix"]),
        "decision": DECISIONS[int(decision[0])],
    }
