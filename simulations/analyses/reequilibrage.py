"""Mouvements de personnes entre centres : une proposition, rien n'est appliqué."""

from collections.abc import Mapping, Sequence

from simulations.analyses.analyse import Analyse, Corps, option_booleenne, option_choix, option_entiere
from simulations.analyses.memoire import memoriser
from simulations.calculs.relecture import PartRelue, relire
from simulations.demandes.perimetre import Perimetre
from simulations.models import Simulation
from simulations.moteur import reequilibrage as mouvements
from simulations.moteur.mesures import en_personnes
from simulations.moteur.modes import regroupement
from simulations.moteur.niveaux import Etiquette, etiquettes

MOUVEMENTS = "mouvements"  # nom de cache : « reequilibrage » désignait une forme sans les mappings de centre


def reequilibrage(
    simulation: Simulation,
    perimetre: Perimetre,
    *,
    distance: str,
    mouvements_max: int,
    avec_mapping: bool,
) -> Corps:
    """Mouvements proposés et écarts avant/après."""

    def calculer() -> Corps:
        gens: list[mouvements.Poste] = []
        centres: list[Etiquette] = []
        titres: dict[int, str] = {}
        for part in relire(simulation, perimetre):
            gens += _gens(part, len(centres), avec_mapping=avec_mapping)
            centres += etiquettes(part.carte, "centre")
            titres |= dict(zip(part.carte.titres.id.tolist(), part.carte.titres.nom, strict=True))
        proposition = mouvements.proposer(gens, distance=distance, mouvements_max=mouvements_max)
        return _proposition(proposition, centres, titres)

    nom = f"{MOUVEMENTS}:{perimetre.cle}:{distance}:{mouvements_max}:{int(avec_mapping)}"
    return memoriser([simulation], nom, calculer)


def _gens(part: PartRelue, debut: int, *, avec_mapping: bool) -> list[mouvements.Poste]:
    """Les postes d'une direction ; `debut` : rang de son premier centre. Le mapping, celui de leur centre."""
    carte, ids = part.carte, part.carte.titres.id.tolist()
    cible_de = regroupement(carte)
    gens = []
    for centre, titre, ecart in zip(
        carte.postes.centre.tolist(), carte.postes.titre.tolist(), part.resultat.ecart.tolist(), strict=True
    ):
        cible = cible_de(centre, titre) if avec_mapping else None
        gens.append(
            mouvements.Poste(
                debut + centre,
                int(carte.centres.direction_id[centre]),
                ids[titre],
                ecart,
                mouvements.AUCUN if cible is None else ids[cible],
            )
        )
    return gens


def _proposition(
    proposition: mouvements.Proposition, centres: Sequence[Etiquette], titres: Mapping[int, str]
) -> Corps:
    return {
        "besoin_avant": en_personnes(proposition.besoin_avant),
        "besoin_apres": en_personnes(proposition.besoin_apres),
        "surplus_avant": en_personnes(proposition.surplus_avant),
        "surplus_apres": en_personnes(proposition.surplus_apres),
        "personnes": proposition.personnes,
        "personnes_entre_centres": proposition.entre_centres,
        "mouvements": [
            {
                "personnes": m.personnes,
                "depart": {**centres[m.depart], "poste": titres[m.titre_depart]},
                "arrivee": {**centres[m.arrivee], "poste": titres[m.titre_arrivee]},
                "meme_direction": m.meme_direction,
                "meme_centre": m.depart == m.arrivee,
                "meme_poste": m.titre_depart == m.titre_arrivee,
            }
            for m in proposition.mouvements
        ],
    }


ANALYSE = Analyse(
    code="reequilibrage",
    libelle="Rééquilibrage",
    phrase="Mouvements de personnes qui combleraient le plus de besoin ; rien n'est appliqué",
    calcul=reequilibrage,
    options=(
        option_choix("distance", "Dans la direction, ou dans tout le pays", mouvements.DISTANCES),
        option_entiere(
            "mouvements_max",
            "Personnes déplacées au plus",
            defaut=mouvements.MOUVEMENTS_MAX,
            minimum=0,
            maximum=mouvements.MOUVEMENTS_MAX,
        ),
        option_booleenne(
            "mapping",
            "Permettre les métiers correspondants (vrai par défaut)",
            defaut=True,
            argument="avec_mapping",
        ),
    ),
)
