"""La première feuille d'un export : de quoi décider, avec tout ce qu'il faut savoir avant d'y croire."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from simulateur.langue.revisions import revision_en_texte
from simulations.exports.feuille import Feuille, codes_des_directions
from simulations.models import Simulation
from simulations.moteur.calcul import DECISIONS
from simulations.moteur.mesures import Sommes
from simulations.resultats.avertissements import avertissements
from simulations.resultats.pont import pont_en_mots
from simulations.resultats.restitution import PLUS_GRANDS_ECARTS, par_direction

NOM = "Décider"
VALEUR = 2  # colonne des valeurs
PONT = ("Effectif actuel", "Besoin calculé", "Effet d'arrondi", "Écart")
Ligne = Sequence[Any]


def decision(simulation: Simulation) -> Feuille:
    """Le pont, les écarts bruts, les décisions, les plus grands écarts, et un graphique de ceux-ci."""
    lignes = list(_lignes(simulation))
    rangs = {str(ligne[0]): rang for rang, ligne in enumerate(lignes, 1)}

    def finir(classeur: Any, feuille: Any) -> None:
        _dessiner(classeur, feuille, [rangs[nom] for nom in PONT], 0, "Du présent à l'écart", "F2")
        ecarts = [rang for nom, rang in rangs.items() if nom.startswith("Plus grand écart")]
        if ecarts:
            _dessiner(classeur, feuille, ecarts, 1, "Plus grands écarts", "F20")

    return Feuille(NOM, ("Quoi", "De qui", "Valeur", "Unité"), lambda: iter(lignes), len(lignes), finir=finir)


def _lignes(simulation: Simulation) -> Iterator[Ligne]:
    yield from _identite(simulation)
    for phrase in avertissements(simulation):
        yield "Attention", phrase, None, ""
    yield "En une phrase", _phrase(simulation), None, ""
    yield from _mesures(simulation)
    centres = list(simulation.centres.brutes())
    compte = Counter(centre.decision for centre in centres)
    for nom in DECISIONS:
        yield f"Décision : {nom}", "", compte[nom], "centres"
    yield from _par_direction(simulation, centres)
    yield from _plus_grands(centres)


def _identite(simulation: Simulation) -> Iterator[Ligne]:
    parametres = simulation.jeu_de_parametres
    yield "Simulation", simulation.libelle, None, ""
    if simulation.fictive:
        yield "Données", "fictives", None, ""
    yield "Calculée le", en_texte(simulation.termine_le), None, ""
    yield "Année des volumes", str(simulation.annee), None, ""
    couverture = simulation.rapport.get("couverture_annee")
    if couverture is not None:
        yield "Centres couverts par l'année", "", couverture["part"], "%"
    yield "Mode", parametres.mode, None, ""
    yield "Arrondi", parametres.arrondi, None, ""
    yield "Révision du référentiel", revision_en_texte(simulation.revision), None, ""
    yield "Version du moteur", simulation.version_moteur, None, ""
    yield "Centres", "", simulation.nb_centres, ""
    yield "Postes", "", simulation.nb_postes, ""
    yield "Tâches", "", simulation.nb_taches, ""


def _mesures(simulation: Simulation) -> Iterator[Ligne]:
    """Le pont d'abord, de suite : son graphique le lit là."""
    yield "Effectif actuel", "", simulation.effectif_actuel, "personnes"
    yield "Besoin calculé", "", simulation.besoin_calcule, "ETP"
    yield "Effet d'arrondi", "", simulation.effet_arrondi, "personnes"
    yield "Écart", "", simulation.ecart, "personnes"
    yield "À pourvoir", "", simulation.a_pourvoir, "personnes"
    yield "En trop", "", simulation.en_trop, "personnes"
    yield "ETP calculé", "", simulation.etp_calcule, "ETP"
    yield "ETP arrondi", "", simulation.etp_arrondi, "personnes"
    yield "Heures", "", simulation.heures, "h/jour"
    inconnu = "un salaire manque" if simulation.cout_mensuel is None else ""
    yield "Coût mensuel de l'écart", inconnu, simulation.cout_mensuel, "par mois"
    yield "Coût annuel de l'écart", inconnu, simulation.cout_annuel, "par an"


def _phrase(simulation: Simulation) -> str:
    return pont_en_mots(Sommes.de(simulation).en_bref(), simulation.jeu_de_parametres.arrondi)


def _par_direction(simulation: Simulation, centres: Sequence[Any]) -> Iterator[Ligne]:
    """Rien pour une seule direction : c'est le total."""
    directions = par_direction(centres)
    if len(directions) < 2:
        return
    codes = codes_des_directions(simulation)
    for ligne in directions:
        nom = nomme(ligne["direction_label"], codes.get(ligne["direction_id"], ""))
        bruts = f"{nom} : {ligne['a_pourvoir']:g} à pourvoir, {-ligne['en_trop']:g} en trop"
        yield "Écart de direction", bruts, ligne["ecart"], "personnes"


def _plus_grands(centres: Sequence[Any]) -> Iterator[Ligne]:
    lignes = sorted(centres, key=lambda ligne: (-abs(ligne.ecart_centiemes), ligne.code))
    for rang, ligne in enumerate((li for li in lignes if li.ecart_centiemes), 1):
        if rang > PLUS_GRANDS_ECARTS:
            return
        yield (
            f"Plus grand écart n° {rang}",
            nomme(ligne.nom, ligne.code),
            ligne.ecart_centiemes / 100,
            "personnes",
        )


def nomme(nom: str, code: str) -> str:
    """« Agence du Lac (C1) » : deux centres peuvent porter le même nom."""
    return f"{nom} ({code})" if code else nom


def en_texte(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%d/%m/%Y %H:%M}" if moment else ""


def _dessiner(classeur: Any, feuille: Any, rangs: Sequence[int], noms: int, titre: str, place: str) -> None:
    """Des barres, une par ligne ; elles se suivent. `noms` : la colonne de leurs étiquettes."""
    premier, dernier = min(rangs), max(rangs)
    graphique = classeur.add_chart({"type": "bar" if noms else "column"})
    graphique.add_series(
        {
            "categories": [NOM, premier, noms, dernier, noms],
            "values": [NOM, premier, VALEUR, dernier, VALEUR],
            "data_labels": {"value": True, "num_format": "0.0"},
        }
    )
    graphique.set_title({"name": titre})
    graphique.set_legend({"none": True})
    feuille.insert_chart(place, graphique)
