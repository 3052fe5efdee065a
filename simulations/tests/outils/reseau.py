"""Un petit réseau à dimensionner et un client qui parle comme le navigateur."""

from typing import Any

from referentiels.tests.outils.factories import (
    CelluleVolumeFactory,
    CentreFactory,
    CentrePosteFactory,
    DirectionFactory,
    TacheFactory,
    VolumeAnnuelFactory,
)

HEURES_PAR_CENTRE = 1000 * 12 / 3600
ETP_PAR_CENTRE = HEURES_PAR_CENTRE / 8.5
FINIS = ("SUCCESS", "FAILURE", "REVOKED")


def direction_a_simuler(centres: int = 2) -> Any:
    """Une direction de `centres` centres égaux.

    Par centre : 264 000 plis à l'année, soit 1 000 par jour à 12 s, donc 10/3 h et 0,392 ETP ; deux agents.
    """
    direction = DirectionFactory()
    for _ in range(centres):
        centre_a_simuler(direction)
    return direction


def centre_a_simuler(direction: Any = None) -> Any:
    centre = CentreFactory(direction=direction or DirectionFactory())
    TacheFactory(centre_poste=CentrePosteFactory(centre=centre))
    VolumeAnnuelFactory(centre=centre, cellule=CelluleVolumeFactory())
    return centre


class Navigateur:
    """POST, puis GET jusqu'à la fin, DELETE pour annuler : le client du contrat."""

    def __init__(self, api: Any) -> None:
        self.api = api

    def lancer(self, chemin: str, corps: Any = None, **entetes: Any) -> Any:
        reponse = self.api.post(
            f"/api/async/simulation/{chemin}", corps or {}, format="json", headers=entetes
        )
        assert reponse.status_code == 202, reponse.content
        return reponse.json()

    def suivre(self, lancement: dict[str, Any]) -> Any:
        reponse = self.api.get(lancement["check_status_url"])
        assert reponse.status_code == 200, reponse.content
        return reponse.json()

    def fini(self, lancement: dict[str, Any]) -> Any:
        """Le suivi s'il est fini, sinon rien : à donner à `grappe.attendre`."""
        suivi = self.suivre(lancement)
        return suivi if suivi["state"] in FINIS else None

    def annuler(self, lancement: dict[str, Any]) -> Any:
        reponse = self.api.delete(lancement["check_status_url"])
        assert reponse.status_code == 200, reponse.content
        return reponse.json()


def volumes(centre: Any, **par_segment: float) -> dict[str, Any]:
    """Corps d'une demande : volumes annuels de CO ARRIVEE d'un centre, par segment."""
    return {
        "volumes": [
            {"centre_id": centre.pk, "flux": "CO", "sens": "ARRIVEE", "segment": segment, "volume": volume}
            for segment, volume in par_segment.items()
        ]
    }


def heures(suivi: dict[str, Any]) -> dict[int, float]:
    """Heures par jour de chaque centre du résultat."""
    return {ligne["centre_id"]: ligne["heures"] for ligne in suivi["result"]["data"]["rows"]}
