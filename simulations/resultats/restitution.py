"""Ce qu'une simulation rend à l'API et aux exports : formes JSON du contrat, docs/metier/effectifs.md#api."""

from typing import Any

from simulations.models import Resultat, ResultatCentre, Simulation
from simulations.moteur.mesures import Sommes
from simulations.resultats.metiers import metiers

PLUS_GRANDS_ECARTS = 10
NON_RESUMEES = ("heures", "cout_annuel")
COUTS = ("cout_mensuel", "cout_annuel")


def resume(simulation: Simulation) -> dict[str, Any]:
    """Ce qui désigne une simulation dans une analyse, une comparaison ou l'historique."""
    return {
        "id": str(simulation.pk),
        "libelle": simulation.libelle,
        "scenario": simulation.scenario.nom if simulation.scenario else None,
        "mode": simulation.parametres.get("mode", "actuel"),
        "annee": simulation.annee,
        "fictif": simulation.fictive,
        "version_moteur": simulation.version_moteur,
        "termine_le": simulation.termine_le.isoformat() if simulation.termine_le else None,
        **Sommes.de(simulation).sans(*NON_RESUMEES),
    }


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
    mesures = Sommes.de(simulation).en_unites()
    return {
        "nb_centres": simulation.nb_centres,
        "nb_postes": simulation.nb_postes,
        "nb_taches": simulation.nb_taches,
        "etp_actuel": mesures["etp_actuel"],
        "etp_calcule": mesures["etp_calcule"],
        "etp_arrondi": mesures["etp_arrondi"],
        "ecart_global": mesures["ecart"],
        "heures_jour": mesures["heures"],
        "cout_mensuel": mesures["cout_mensuel"],
        "cout_annuel": mesures["cout_annuel"],
    }


def mesures(ligne: Resultat) -> dict[str, Any]:
    return {**Sommes.de(ligne).sans("cout_annuel"), "decision": ligne.decision}


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
    centres: dict[int, list[ResultatCentre]] = {}
    for ligne in lignes:
        centres.setdefault(ligne.direction_id, []).append(ligne)
    return [
        {
            "direction_id": direction_id,
            "direction_label": les_siens[0].direction,
            "nb_centres": len(les_siens),
            **sum(map(Sommes.de, les_siens), Sommes()).sans(*COUTS),
        }
        for direction_id, les_siens in centres.items()
    ]
