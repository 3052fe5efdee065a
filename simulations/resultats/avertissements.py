"""Ce qu'il faut savoir avant de croire un résultat : les mêmes avertissements que sa page, en phrases."""

from collections.abc import Iterator

from simulateur.langue.nombres import nombre
from simulations.calculs.fraicheur import fraicheur
from simulations.models import Simulation
from simulations.models.contenus import CouvertureAnnee, Oublis, Rapport


def avertissements(simulation: Simulation) -> list[str]:
    """Vide quand rien n'est à dire. Deux requêtes, pour la fraîcheur."""
    rapport: Rapport = simulation.rapport
    phrases = ["Données fictives."] if simulation.fictive else []
    etat = fraicheur(simulation)
    if etat.referentiel:
        phrases.append("Le référentiel a changé depuis le calcul.")
    if etat.volumes:
        phrases.append(f"Les volumes de {simulation.annee} ont changé depuis le calcul.")
    return [*phrases, *du_rapport(rapport, simulation.annee)]


def du_rapport(rapport: Rapport, annee: int) -> list[str]:
    """Ce que dit le rapport d'un calcul, gardé ou non."""
    phrases = []
    if sans_volume := rapport.get("centres_sans_volume"):
        phrases.append(f"Centres sans aucun volume en {annee} : {_cites(sans_volume)}.")
    if rapport.get("moi_seulement"):
        phrases.append("Main-d'œuvre indirecte seulement : le besoin est l'effectif présent.")
    if couverture := rapport.get("couverture_annee"):
        phrases += _de_l_annee(couverture)
    return [*phrases, *_de_la_demande(rapport)]


def _de_l_annee(couverture: CouvertureAnnee) -> Iterator[str]:
    annee, couverts, centres = couverture["annee"], couverture["couverts"], couverture["centres"]
    if couverts < centres:
        part = nombre(couverture["part"], 1)
        yield f"L'année {annee} couvre {part} % des centres ({couverts} sur {centres})."
    if partiels := couverture.get("partiels"):
        yield f"Centres aux volumes partiels en {annee} : {_cites(partiels)}."


def _de_la_demande(rapport: Rapport) -> Iterator[str]:
    for cle, debut in (
        ("inactive_centres", "Centres fermés, non calculés"),
        ("unknown_centres", "Centres inconnus, ignorés"),
        ("ignored_centres", "Centres hors du calcul, ignorés"),
        ("ignored_fields", "Champs inconnus de la demande, ignorés"),
    ):
        if noms := rapport.get(cle):
            yield f"{debut} : {', '.join(map(str, noms))}."  # type: ignore[call-overload]


def _cites(oublis: Oublis) -> str:
    suite = "…" if oublis["nombre"] > len(oublis["noms"]) else ""
    return f"{', '.join(oublis['noms'])}{suite} ({oublis['nombre']})"
