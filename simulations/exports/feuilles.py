"""Les feuilles d'un export : totaux, centres, postes, tâches, paramètres. Des valeurs, pas un fichier."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from simulations.models import ResultatCentre, ResultatPoste, Simulation
from simulations.moteur.calcul import PICO, coefs_shift
from simulations.moteur.coefficients import contributions
from simulations.moteur.lineaire import unites_par_jour
from simulations.parts import PartLue, charger

LOT = 2000
EN_TETE_TOTAUX = ("Mesure", "Valeur", "Unité")
MESURES = (
    "Heures par jour",
    "ETP calculé",
    "ETP arrondi",
    "Effectif actuel",
    "Écart",
    "Décision",
    "Coût mensuel de l'écart",
    "Coût annuel de l'écart",
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
                "Unités par jour",
                "Heures par jour",
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
    yield "Écart", simulation.ecart, "personnes"
    yield "Coût mensuel de l'écart", simulation.cout_mensuel, "par mois"
    yield "Coût annuel de l'écart", simulation.cout_annuel, "par an"


def _mesures(ligne: ResultatCentre | ResultatPoste) -> tuple[Any, ...]:
    return (
        ligne.heures,
        ligne.etp_calcule,
        ligne.etp_arrondi,
        ligne.effectif_actuel,
        ligne.ecart,
        ligne.decision,
        ligne.cout_mensuel,
        ligne.cout_annuel,
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
    for part in charger(simulation):
        yield from _taches_de(part)


def _taches_de(part: PartLue) -> Iterator[Sequence[Any]]:
    """Heures par jour au même chiffre que « d'où vient ce chiffre »."""
    carte, parametres = part.carte, part.entrees.parametres
    regles, taches, types = carte.regles, carte.taches, carte.types
    nb_centres = len(carte.centres.id)
    plat = taches.type * nb_centres + carte.postes.centre[taches.poste]
    horaire = contributions(carte, part.entrees.volumes, parametres)
    par_jour = unites_par_jour(carte, part.entrees.volumes, parametres)
    shift = coefs_shift(carte, parametres.shift)[taches.poste]
    heures = _plein(horaire, nb_centres)[plat] * taches.duree_s * shift
    unites = _plein(par_jour, nb_centres)[plat]
    for rang in range(carte.nb_taches):
        poste, type_ = int(taches.poste[rang]), int(taches.type[rang])
        centre, phase = int(carte.postes.centre[poste]), int(types.phase[type_])
        yield (
            carte.centres.direction[centre],
            carte.centres.nom[centre],
            carte.titres.nom[int(carte.postes.titre[poste])],
            carte.noms[int(taches.nom[rang])],
            carte.noms[int(taches.famille[rang])],
            regles.produit_noms[int(types.produit[type_])],
            regles.unite_noms[int(types.unite[type_])],
            regles.phases[phase].lower() if phase >= 0 else "",
            int(types.base[type_]),
            float(taches.duree_s[rang]),
            float(unites[rang]),
            float(heures[rang]),
        )


def _plein(tableau: Any, nb_centres: int) -> Any:
    import numpy as np

    return np.broadcast_to(tableau, (len(tableau), nb_centres)).ravel()


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
        "mode",
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


def exact(valeur: Any) -> Any:
    """Un décimal exact devient le flottant que rend l'API ; le reste est inchangé."""
    return float(valeur) if isinstance(valeur, Decimal) else valeur


__all__ = ["PICO", "Feuille", "exact", "feuilles"]
