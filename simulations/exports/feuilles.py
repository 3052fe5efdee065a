"""Les feuilles d'un export : totaux, centres, postes, tâches, paramètres. Des valeurs, pas un fichier."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulations.calculs.relecture import PartRelue, relire
from simulations.models import ResultatCentre, ResultatPoste, Simulation
from simulations.models.contenus import CouvertureAnnee
from simulations.moteur.detail import Detailleur

LOT = 2000
EN_TETE_TOTAUX = ("Mesure", "Valeur", "Unité")
MESURES = (
    "Heures par jour",
    "ETP calculé",
    "ETP arrondi",
    "Effectif actuel",
    "Besoin calculé",
    "Effet d'arrondi",
    "Écart",
    "À pourvoir",
    "En trop",
    "Décision",
    "Coût mensuel de l'écart",
    "Coût annuel de l'écart",
    "Remarque",
)


@dataclass(frozen=True)
class Feuille:
    """`lignes` est un flux : une feuille nationale de tâches ne tient pas en mémoire."""

    nom: str
    entetes: Sequence[str]
    lignes: Callable[[], Iterator[Sequence[Any]]]
    nombre: int


def feuilles(simulation: Simulation) -> list[Feuille]:
    """Les cinq feuilles de cette simulation terminée."""
    return [
        Feuille("Totaux", EN_TETE_TOTAUX, lambda: _totaux(simulation), 14),
        Feuille(
            "Centres",
            ("Direction", "Code", "Centre", "Typologie", "Postes", *MESURES),
            lambda: _centres(simulation),
            simulation.nb_centres,
        ),
        Feuille(
            "Postes",
            ("Direction", "Centre", "Poste", "Type", *MESURES),
            lambda: _postes(simulation),
            simulation.nb_postes,
        ),
        Feuille(
            "Tâches",
            (
                "Direction",
                "Centre",
                "Poste",
                "Tâche",
                "Famille",
                "Produit",
                "Unité",
                "Phase",
                "Base (%)",
                "Durée (s)",
                "Volume annuel",
                "Unités par jour",
                "Heures par jour",
                "D'où vient ce chiffre",
            ),
            lambda: _taches(simulation),
            simulation.nb_taches,
        ),
        Feuille("Paramètres", ("Paramètre", "Portée", "Valeur"), lambda: _parametres(simulation), 20),
    ]


def _totaux(simulation: Simulation) -> Iterator[Sequence[Any]]:
    yield "Simulation", simulation.libelle, ""
    if simulation.fictive:
        yield "Données", "fictives", ""
    yield "Calculée le", simulation.termine_le, ""
    yield "Année des volumes", simulation.annee, ""
    yield from _couverture(simulation.rapport.get("couverture_annee"))
    yield "Mode", simulation.parametres.get("mode", "actuel"), ""
    yield "Révision du référentiel", simulation.revision, ""
    yield "Version du moteur", simulation.version_moteur, ""
    yield "Centres", simulation.nb_centres, ""
    yield "Postes", simulation.nb_postes, ""
    yield "Tâches", simulation.nb_taches, ""
    yield "Heures", simulation.heures, "h/jour"
    yield "ETP calculé", simulation.etp_calcule, "ETP"
    yield "ETP arrondi", simulation.etp_arrondi, "personnes"
    yield "Effectif actuel", simulation.effectif_actuel, "personnes"
    yield "Besoin calculé", simulation.besoin_calcule, "ETP"
    yield "Effet d'arrondi", simulation.effet_arrondi, "personnes"
    yield "Écart", simulation.ecart, "personnes"
    yield "À pourvoir", simulation.a_pourvoir, "personnes"
    yield "En trop", simulation.en_trop, "personnes"
    yield "Coût mensuel de l'écart", simulation.cout_mensuel, "par mois"
    yield "Coût annuel de l'écart", simulation.cout_annuel, "par an"


def _couverture(couverture: CouvertureAnnee | None) -> Iterator[Sequence[Any]]:
    """Rien pour une simulation d'avant cette mesure."""
    if couverture is None:
        return
    yield "Centres couverts par l'année", couverture["part"], "%"
    if partiels := couverture.get("partiels"):
        yield "Centres aux volumes partiels", partiels["nombre"], ", ".join(partiels["noms"])


def _mesures(ligne: ResultatCentre | ResultatPoste) -> tuple[Any, ...]:
    return (
        ligne.heures,
        ligne.etp_calcule,
        ligne.etp_arrondi,
        ligne.effectif_actuel,
        ligne.besoin_calcule,
        ligne.effet_arrondi,
        ligne.ecart,
        ligne.a_pourvoir,
        ligne.en_trop,
        ligne.decision,
        ligne.cout_mensuel,
        ligne.cout_annuel,
        ligne.remarque,
    )


def _centres(simulation: Simulation) -> Iterator[Sequence[Any]]:
    for ligne in simulation.centres.all().iterator(chunk_size=LOT):
        yield (
            ligne.direction,
            ligne.code,
            ligne.nom,
            ligne.typologie,
            ligne.nb_postes,
            *_mesures(ligne),
        )


def _postes(simulation: Simulation) -> Iterator[Sequence[Any]]:
    centres = {
        pk: (direction, nom)
        for pk, direction, nom in simulation.centres.values_list("centre_id", "direction", "nom")
    }
    for ligne in simulation.postes.order_by("centre_id", "nom").iterator(chunk_size=LOT):
        yield *centres.get(ligne.centre_id, ("", "")), ligne.nom, ligne.type, *_mesures(ligne)


def _taches(simulation: Simulation) -> Iterator[Sequence[Any]]:
    for part in relire(simulation):
        yield from _taches_de(part)


def _taches_de(part: PartRelue) -> Iterator[Sequence[Any]]:
    """Les chiffres et la phrase de « d'où vient ce chiffre »."""
    carte = part.carte
    centres, titres = carte.centres, carte.titres
    detailleur = Detailleur(carte, part.entrees.volumes, part.entrees.parametres)
    centre_de, titre_de = carte.postes.centre.tolist(), carte.postes.titre.tolist()
    postes = carte.taches.poste.tolist()
    for poste, tache in zip(postes, detailleur.lignes(np.arange(len(postes))), strict=True):
        centre = centre_de[poste]
        yield (
            centres.direction[centre],
            centres.nom[centre],
            titres.nom[titre_de[poste]],
            tache.nom,
            tache.famille,
            tache.produit,
            tache.unite,
            tache.phase,
            tache.base_calcul,
            tache.duree_secondes,
            tache.volume_annuel,
            tache.unites_par_jour,
            tache.heures_par_jour,
            tache.formule,
        )


def _parametres(simulation: Simulation) -> Iterator[Sequence[Any]]:
    parametres = simulation.jeu_de_parametres
    for nom in (
        "productivite",
        "heures_jour",
        "temps_mort",
        "trajet_minutes",
        "shift",
        "jours_ouvres",
        "part_du_mois",
        "mois",
        "mode",
        "arrondi",
    ):
        yield nom, "simulation", getattr(parametres, nom)
    for flux, taux in sorted(parametres.croissance.items()):
        yield "croissance", flux or "tous les flux", taux
    for nom, valeur in sorted(parametres.libres.items()):
        yield nom, "simulation", valeur
    for centre, valeurs in sorted(parametres.par_centre.items()):
        for nom, valeur in sorted(valeurs.items()):
            yield nom, f"centre {centre}", valeur
    for demande in simulation.volumes_demandes:
        yield f"volume {demande['cellule']}", f"centre {demande['centre_id']}", demande["volume"]
