"""Ce qu'une simulation rend à l'API et aux exports : formes JSON du contrat, docs/metier/effectifs.md#api."""

from typing import Any

from simulateur.api.etats import etat_api
from simulations.analyses.metiers import metiers
from simulations.models import Resultat, ResultatCentre, Simulation

PLUS_GRANDS_ECARTS = 10


def suivi(simulation: Simulation) -> dict[str, Any]:
    """Réponse de `GET /api/async/task/{id}`. Les lignes de centres ne sont lues qu'une fois finie."""
    etat = etat_api(simulation)
    corps: dict[str, Any] = {
        "task_id": str(simulation.pk),
        "state": etat,
        "progress": simulation.progression,
        "status": simulation.message or str(simulation.get_etat_display()),
        "result": resultat(simulation) if etat == "SUCCESS" else None,
    }
    if etat == "PROGRESS":
        corps["details"] = {"tentative": simulation.tentative, "message": simulation.message}
    if etat == "FAILURE":
        corps["error"] = simulation.message
        if simulation.reference_erreur:
            corps["details"] = {"reference": simulation.reference_erreur}
    return corps


def resultat(simulation: Simulation) -> dict[str, Any]:
    lignes = list(simulation.centres.all())
    corps: dict[str, Any] = {
        "success": True,
        "direction_id": simulation.direction_id,
        "task_id": str(simulation.pk),
        "completed_at": simulation.termine_le.isoformat() if simulation.termine_le else None,
        "data": {
            "direction_label": simulation.libelle,
            "mode": simulation.parametres.get("mode", "actuel"),
            "annee": simulation.annee,
            "fictif": simulation.fictive,
            "revision": simulation.revision,
            "version_moteur": simulation.version_moteur,
            "parametres": simulation.parametres,
            "kpis": kpis(simulation),
            "rows": [ligne_centre(ligne) for ligne in lignes],
            "chart_distribution_moi_mod": distribution(simulation),
            "chart_top_gaps": plus_grands_ecarts(lignes),
            "report": simulation.rapport,
        },
    }
    if simulation.niveau == Simulation.Niveau.NATIONAL:
        corps["data"]["directions"] = par_direction(lignes)
        corps["data"]["postes"] = metiers(simulation)["lignes"]
    return corps


def kpis(simulation: Simulation) -> dict[str, Any]:
    return {
        "nb_centres": simulation.nb_centres,
        "nb_postes": simulation.nb_postes,
        "nb_taches": simulation.nb_taches,
        "etp_actuel": float(simulation.effectif_actuel),
        "etp_calcule": float(simulation.etp_calcule),
        "etp_arrondi": float(simulation.etp_arrondi),
        "ecart_global": float(simulation.ecart),
        "heures_jour": float(simulation.heures),
        "cout_mensuel": _ou_rien(simulation.cout_mensuel),
        "cout_annuel": _ou_rien(simulation.cout_annuel),
    }


def mesures(ligne: Resultat) -> dict[str, Any]:
    return {
        "heures": float(ligne.heures),
        "etp_calcule": float(ligne.etp_calcule),
        "etp_arrondi": float(ligne.etp_arrondi),
        "etp_actuel": float(ligne.effectif_actuel),
        "ecart": float(ligne.ecart),
        "decision": ligne.decision,
        "cout_mensuel": _ou_rien(ligne.cout_mensuel),
    }


def ligne_centre(ligne: ResultatCentre) -> dict[str, Any]:
    return {
        "centre_id": ligne.centre_id,
        "centre_label": ligne.nom,
        "code": ligne.code,
        "typologie": ligne.typologie,
        "direction_id": ligne.direction_id,
        "direction_label": ligne.direction,
        "nb_postes": ligne.nb_postes,
        **mesures(ligne),
        "etp_moi": ligne.moi_dixiemes / 10,
    }


def distribution(simulation: Simulation) -> list[dict[str, Any]]:
    moi = float(simulation.effectif_moi)
    return [
        {"name": "MOD", "value": float(simulation.etp_mod), "actuel": float(simulation.effectif_mod)},
        {"name": "MOI", "value": moi, "actuel": moi},
    ]


def plus_grands_ecarts(lignes: list[ResultatCentre]) -> list[dict[str, Any]]:
    tries = sorted(lignes, key=lambda ligne: (-abs(ligne.ecart_dixiemes), ligne.nom))
    return [
        {"name": ligne.nom, "centre_id": ligne.centre_id, "value": float(ligne.ecart)}
        for ligne in tries[:PLUS_GRANDS_ECARTS]
        if ligne.ecart_dixiemes
    ]


def par_direction(lignes: list[ResultatCentre]) -> list[dict[str, Any]]:
    """Totaux exacts par direction, sommés en entiers."""
    sommes: dict[int, dict[str, Any]] = {}
    for ligne in lignes:
        somme = sommes.setdefault(
            ligne.direction_id,
            {"direction_id": ligne.direction_id, "direction_label": ligne.direction, "nb_centres": 0}
            | dict.fromkeys(("heures", "etp", "arrondi", "actuel", "ecart"), 0),
        )
        somme["nb_centres"] += 1
        somme["heures"] += ligne.heures_pico
        somme["etp"] += ligne.etp_pico
        somme["arrondi"] += ligne.arrondi_dixiemes
        somme["actuel"] += ligne.actuel_dixiemes
        somme["ecart"] += ligne.ecart_dixiemes
    return [
        {
            "direction_id": somme["direction_id"],
            "direction_label": somme["direction_label"],
            "nb_centres": somme["nb_centres"],
            "heures": somme["heures"] / 10**12,
            "etp_calcule": somme["etp"] / 10**12,
            "etp_arrondi": somme["arrondi"] / 10,
            "etp_actuel": somme["actuel"] / 10,
            "ecart": somme["ecart"] / 10,
        }
        for somme in sommes.values()
    ]


def _ou_rien(valeur: Any) -> float | None:
    return None if valeur is None else float(valeur)
