"""Ce qu'une simulation rend à l'API et aux exports : formes JSON du contrat, docs/metier/effectifs.md#api."""

from collections.abc import Iterable, Sequence
from typing import Any, TypedDict

from simulations.models import Simulation
from simulations.moteur.mesures import MesuresEnBref, Sommes, en_personnes, etp
from simulations.resultats.metiers import metiers

PLUS_GRANDS_ECARTS = 10


class Resume(MesuresEnBref):
    """Ce qui désigne une simulation dans une analyse, une comparaison ou l'historique."""

    id: str
    libelle: str
    scenario: str | None
    mode: str
    annee: int
    fictif: bool
    version_moteur: str
    termine_le: str | None


class Kpis(TypedDict):
    nb_centres: int
    nb_postes: int
    nb_taches: int
    etp_actuel: float
    etp_calcule: float
    etp_arrondi: float
    besoin_calcule: float
    effet_arrondi: float
    ecart_global: float
    a_pourvoir: float
    en_trop: float
    heures_jour: float
    cout_mensuel: float | None
    cout_annuel: float | None
    couverture_annee: float | None


class MesuresDeLigne(MesuresEnBref):
    heures: float
    decision: str
    remarque: str


class LigneCentre(MesuresDeLigne):
    centre_id: int
    centre_label: str
    code: str
    typologie: str
    direction_id: int
    direction_label: str
    nb_postes: int
    etp_moi: float


class PartDeMainDOeuvre(TypedDict):
    """`name` : MOD ou MOI ; `value` : ce qu'il faudrait."""

    name: str
    value: float
    actuel: float


class EcartDeCentre(TypedDict):
    name: str
    centre_id: int
    value: float


class SommeDeDirection(TypedDict):
    direction_id: int
    direction_label: str
    nb_centres: int
    heures: float
    etp_calcule: float
    etp_arrondi: float
    etp_actuel: float
    besoin_calcule: float
    effet_arrondi: float
    ecart: float
    a_pourvoir: float
    en_trop: float


def resume(simulation: Simulation) -> Resume:
    return {
        "id": str(simulation.pk),
        "libelle": simulation.libelle,
        "scenario": simulation.scenario.nom if simulation.scenario else None,
        "mode": simulation.parametres.get("mode", "actuel"),
        "annee": simulation.annee,
        "fictif": simulation.fictive,
        "version_moteur": simulation.version_moteur,
        "termine_le": simulation.termine_le.isoformat() if simulation.termine_le else None,
        **Sommes.de(simulation).en_bref(),
    }


def resultat(simulation: Simulation) -> dict[str, Any]:
    lignes = list(simulation.centres.brutes())
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


def kpis(simulation: Simulation) -> Kpis:
    mesures = Sommes.de(simulation).en_unites()
    return {
        "nb_centres": simulation.nb_centres,
        "nb_postes": simulation.nb_postes,
        "nb_taches": simulation.nb_taches,
        "etp_actuel": mesures["etp_actuel"],
        "etp_calcule": mesures["etp_calcule"],
        "etp_arrondi": mesures["etp_arrondi"],
        "besoin_calcule": mesures["besoin_calcule"],
        "effet_arrondi": mesures["effet_arrondi"],
        "ecart_global": mesures["ecart"],
        "a_pourvoir": mesures["a_pourvoir"],
        "en_trop": mesures["en_trop"],
        "heures_jour": mesures["heures"],
        "cout_mensuel": mesures["cout_mensuel"],
        "cout_annuel": mesures["cout_annuel"],
        "couverture_annee": _part_couverte(simulation),
    }


def _part_couverte(simulation: Simulation) -> float | None:
    """% des centres à tâches que l'année couvre ; None pour une simulation d'avant cette mesure."""
    couverture = simulation.rapport.get("couverture_annee")
    return couverture["part"] if couverture else None


def mesures(ligne: Any) -> MesuresDeLigne:
    """D'une ligne de résultat, brute ou non."""
    sommes = Sommes.de(ligne)
    return {
        "heures": etp(sommes.heures_pico),
        **sommes.en_bref(),
        **sommes.avec_la_decision(ligne.decision),
    }


def ligne_centre(ligne: Any) -> LigneCentre:
    return {
        "centre_id": ligne.centre_id,
        "centre_label": ligne.nom,
        "code": ligne.code,
        "typologie": ligne.typologie,
        "direction_id": ligne.direction_id,
        "direction_label": ligne.direction,
        "nb_postes": ligne.nb_postes,
        **mesures(ligne),
        "etp_moi": en_personnes(ligne.moi_centiemes),
    }


def distribution(simulation: Simulation) -> list[PartDeMainDOeuvre]:
    moi = float(simulation.effectif_moi)
    return [
        {"name": "MOD", "value": float(simulation.etp_mod), "actuel": float(simulation.effectif_mod)},
        {"name": "MOI", "value": moi, "actuel": moi},
    ]


def plus_grands_ecarts(lignes: Sequence[Any]) -> list[EcartDeCentre]:
    tries = sorted(lignes, key=lambda ligne: (-abs(ligne.ecart_centiemes), ligne.nom))
    return [
        {"name": ligne.nom, "centre_id": ligne.centre_id, "value": en_personnes(ligne.ecart_centiemes)}
        for ligne in tries[:PLUS_GRANDS_ECARTS]
        if ligne.ecart_centiemes
    ]


def par_direction(lignes: Iterable[Any]) -> list[SommeDeDirection]:
    """Totaux exacts par direction, sommés en entiers, de lignes brutes ou non."""
    centres: dict[int, list[Any]] = {}
    for ligne in lignes:
        centres.setdefault(ligne.direction_id, []).append(ligne)
    return [_somme(les_siens) for les_siens in centres.values()]


def _somme(centres: Sequence[Any]) -> SommeDeDirection:
    """Sans coût : un salaire inconnu d'un seul centre le rendrait inconnu."""
    mesures = sum(map(Sommes.de, centres), Sommes()).en_unites()
    return {
        "direction_id": centres[0].direction_id,
        "direction_label": centres[0].direction,
        "nb_centres": len(centres),
        "heures": mesures["heures"],
        "etp_calcule": mesures["etp_calcule"],
        "etp_arrondi": mesures["etp_arrondi"],
        "etp_actuel": mesures["etp_actuel"],
        "besoin_calcule": mesures["besoin_calcule"],
        "effet_arrondi": mesures["effet_arrondi"],
        "ecart": mesures["ecart"],
        "a_pourvoir": mesures["a_pourvoir"],
        "en_trop": mesures["en_trop"],
    }
