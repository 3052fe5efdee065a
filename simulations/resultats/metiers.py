"""Les métiers d'une simulation : chaque titre de poste, additionné sur tous ses centres."""

from collections.abc import Mapping
from typing import Any, TypedDict

from django.db.models import Count, Q, Sum

from simulateur.web.refus import Refus
from simulations.demandes.perimetre import Perimetre
from simulations.models import Simulation
from simulations.moteur.mesures import SOMMES, Jugement, MesuresEnUnites, Sommes
from simulations.moteur.regles import SEUILS, Seuils
from simulations.resultats.postes import postes_de


class TotalDesMetiers(MesuresEnUnites, Jugement):
    """Ce qu'un métier, ou tous, demandent."""


class Metier(TotalDesMetiers):
    poste_id: int
    poste_label: str
    type: str
    nb_centres: int


class Metiers(TypedDict):
    """Le total, puis une ligne par métier."""

    total: TotalDesMetiers
    lignes: list[Metier]


def metiers(simulation: Simulation, perimetre: Perimetre | None = None) -> Metiers:
    """Total, puis une ligne par métier, le plus grand écart d'abord. Une requête, sommes entières exactes.

    Lève Refus si le périmètre n'est pas dans la simulation.
    """
    groupes = _groupes(simulation, perimetre)
    if perimetre and not groupes:
        raise Refus(f"{perimetre} n'est pas dans cette simulation.")
    sommes = [
        Sommes(*[*(int(groupe[f"somme_{champ}"]) for champ in SOMMES), groupe["sans_prix"]])
        for groupe in groupes
    ]
    seuils = _seuils(simulation)
    lignes = [_metier(groupe, somme, seuils) for groupe, somme in zip(groupes, sommes, strict=True)]
    return {
        "total": _mesures(sum(sommes, Sommes()), seuils),
        "lignes": sorted(lignes, key=lambda ligne: (-abs(ligne["ecart"]), ligne["poste_label"])),
    }


def _groupes(simulation: Simulation, perimetre: Perimetre | None) -> list[Any]:
    postes = postes_de(
        simulation,
        direction_id=perimetre.direction_id if perimetre else None,
        centre_id=perimetre.centre_id if perimetre else None,
    )
    return list(
        postes.order_by()
        .values("titre_id", "nom", "type")
        .annotate(
            centres=Count("centre_id", distinct=True),
            sans_prix=Count("pk", filter=Q(cout_connu=False) & ~Q(ecart_centiemes=0)),
            **{f"somme_{champ}": Sum(champ) for champ in SOMMES},
        )
    )


def _metier(groupe: Mapping[str, Any], somme: Sommes, seuils: Seuils) -> Metier:
    return {
        "poste_id": groupe["titre_id"],
        "poste_label": groupe["nom"],
        "type": groupe["type"],
        "nb_centres": groupe["centres"],
        **_mesures(somme, seuils),
    }


def _mesures(sommes: Sommes, seuils: Seuils) -> TotalDesMetiers:
    return {**sommes.en_unites(), **sommes.jugees(seuils)}


def _seuils(simulation: Simulation) -> Seuils:
    """Ceux du calcul ; une simulation d'avant leurs lignes avait ceux livrés."""
    gardes = simulation.rapport.get("seuils")
    return (gardes["recruter"], gardes["surveiller"], gardes["optimiser"]) if gardes else SEUILS
