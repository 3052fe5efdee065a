"""`simuler centre CODE` et `simuler poste CENTRE POSTE` : le calcul immédiat de l'API, imprimé."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.management.base import CommandError

from referentiels.models import Centre, CentrePoste
from simulateur.langue.nombres import en_plus, nombre, personnes
from simulateur.web.refus import refus_de_commande
from simulations.calculs.immediat import (
    CentreSimule,
    ModesCompares,
    PosteSimule,
    comparer_les_modes_du_centre,
    simuler_centre,
    simuler_poste,
)
from simulations.demandes.demande import lire_demande
from simulations.resultats.pont import pont_en_mots

Reponse = CentreSimule | PosteSimule | ModesCompares


def calculer(niveau: str, codes: Sequence[str], corps: Mapping[str, Any], annee: int | None) -> Reponse:
    """La réponse de l'API pour ce centre ou ce poste ; CommandError si un code ou une valeur est faux."""
    attendus = {"centre": "CODE", "poste": "CENTRE POSTE", "modes": "CODE"}[niveau]
    if len(codes) != len(attendus.split()):
        raise CommandError(f"Donner : simuler {niveau} {attendus}")
    centre = Centre.objects.select_related("direction").filter(code=codes[0]).first()
    if centre is None:
        raise CommandError(f"Centre « {codes[0]} » inconnu.")
    with refus_de_commande():
        demande = lire_demande(corps, centre_ids=[centre.pk])
        if niveau == "centre":
            return simuler_centre(centre, demande, annee)
        if niveau == "modes":
            return comparer_les_modes_du_centre(centre, demande, annee)
        return simuler_poste(_poste(centre, codes[1]), demande, annee)


def _poste(centre: Centre, code: str) -> CentrePoste:
    tenus = CentrePoste.objects.select_related("centre__direction", "poste").filter(centre=centre)
    tenu = tenus.filter(poste__code=code).first()
    if tenu is None:
        connus = ", ".join(tenus.order_by("poste__code").values_list("poste__code", flat=True))
        raise CommandError(f"{centre.nom} n'a pas de poste « {code} ». Postes : {connus or 'aucun'}.")
    return tenu


def lignes(corps: Mapping[str, Any]) -> list[list[str]]:
    """Lignes à imprimer : les postes d'un centre, les tâches d'un poste, ou les trois modes."""
    if "modes" in corps:
        return [[mode["mode"], *_mesures(mode)] for mode in corps["modes"]]
    if "taches" in corps:
        return [[t["nom"], nombre(t["heures_par_jour"], 4), t["formule"]] for t in corps["taches"]]
    return [[poste["poste_label"], *_mesures(poste)] for poste in corps["postes"]]


def pont(corps: Mapping[str, Any]) -> str:
    """Le pont du centre ; vide pour un poste ou trois modes, qui ont plusieurs lignes de mesures."""
    return pont_en_mots(corps["kpis"], corps["parametres"]["arrondi"]) if "kpis" in corps else ""


def _mesures(ligne: Mapping[str, Any]) -> list[str]:
    return [
        personnes(ligne["etp_actuel"]),
        nombre(ligne["etp_calcule"], 2),
        personnes(ligne["etp_arrondi"]),
        en_plus(ligne["ecart"]),
        ligne["decision"],
    ]
