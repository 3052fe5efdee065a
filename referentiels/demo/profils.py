"""Typologies de la démonstration : taille, postes, trafic, salaires, modes ; tout est inventé."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Profil:
    """Une typologie : sa part du réseau, son besoin médian en personnes, ses postes, son trafic.

    `trafic` : poids relatif de chaque flux dans le volume annuel. `moi` : effectif par poste indirect.
    """

    part: float
    etp_median: float
    postes: tuple[str, ...]
    moi: tuple[tuple[str, float], ...]
    trafic: tuple[tuple[str, float], ...]
    sans_guichet: float


_COURRIER = (("AMANA", 0.08), ("CO", 0.72), ("CR", 0.16), ("EBARKIA", 0.02), ("LRH", 0.02))
_COLIS = (("AMANA", 0.62), ("CO", 0.18), ("CR", 0.12), ("EBARKIA", 0.06), ("LRH", 0.02))
_MIXTE = (("AMANA", 0.3), ("CO", 0.5), ("CR", 0.15), ("EBARKIA", 0.03), ("LRH", 0.02))
_TERRAIN = ("MANUTENTIONNAIRE", "AGENT OPERATIONS", "TRIEUR", "GESTIONNAIRE DES OPERATIONS")

PROFILS = {
    "AM": Profil(
        0.24,
        9,
        (*_TERRAIN, "FACTEUR CONDUCTEUR", "FACTEUR COLLECTEUR", "GUICHETIER", "AGENT TAXATION"),
        (("CHEF D'AGENCE", 1),),
        _COLIS,
        0.05,
    ),
    "CM": Profil(
        0.1,
        34,
        (
            *_TERRAIN,
            *("AGENT TRAITEMENT", "FACTEUR CONDUCTEUR", "FACTEUR COLLECTEUR", "CONTROLEUR", "AGENT TAXATION"),
            *("CONTROLEUR FACTURATION", "GESTIONNAIRE CLIENTS EN COMPTE", "RESPONSABLE DES OPERATIONS"),
        ),
        (("CHEF DE CENTRE", 1), ("CHARGE REPORTING & QUALITE", 1)),
        _COLIS,
        0.5,
    ),
    "CD": Profil(
        0.3,
        17,
        (
            *_TERRAIN,
            *("FACTEUR DISTRIBUTEUR", "FACTEUR CONDUCTEUR", "FACTEUR MARCHE ORDINAIRE", "FACTEUR COLLECTEUR"),
            *("AGENT MAC ET MAG", "CONTROLEUR", "GUICHETIER"),
        ),
        (("CHEF DE CENTRE", 1),),
        _COURRIER,
        0.2,
    ),
    "CCC": Profil(
        0.09,
        26,
        (
            *_TERRAIN,
            *(
                "AGENT TRAITEMENT",
                "FACTEUR DISTRIBUTEUR",
                "FACTEUR CONDUCTEUR",
                "GUICHETIER",
                "AGENT TAXATION",
            ),
            *("GESTIONNAIRE CLIENTS EN COMPTE", "RESPONSABLE DES OPERATIONS"),
        ),
        (("CHEF DE CENTRE", 1), ("AGENT REPORTING ET QUALITE", 1)),
        _MIXTE,
        0.1,
    ),
    "CLD": Profil(
        0.2,
        5,
        ("TRIEUR", "FACTEUR DISTRIBUTEUR", "FACTEUR COLLECTEUR", "AGENT MAC ET MAG", "GUICHETIER"),
        (("CHEF DE ZONE", 0.5),),
        _COURRIER,
        0.3,
    ),
    "CTD": Profil(
        0.07,
        48,
        (
            *_TERRAIN,
            *("AGENT TRAITEMENT", "FACTEUR DISTRIBUTEUR", "FACTEUR CONDUCTEUR", "FACTEUR MARCHE ORDINAIRE"),
            *("AGENT MAC ET MAG", "CONTROLEUR", "RESPONSABLE DES OPERATIONS"),
        ),
        (("CHEF DE CENTRE", 1), ("CHARGE REPORTING & QUALITE", 1), ("AGENT REPORTING ET QUALITE", 1)),
        _MIXTE,
        0.6,
    ),
}
# Salaires mensuels bruts inventés, posés seulement sur les postes qui n'en ont pas.
SALAIRES = {
    "MANUTENTIONNAIRE": 4100,
    "AGENT OPERATIONS": 4800,
    "AGENT TRAITEMENT": 4600,
    "TRIEUR": 4300,
    "CONTROLEUR": 5600,
    "CONTROLEUR DE ZONE": 6100,
    "CONTROLEUR FACTURATION": 5700,
    "FACTEUR DISTRIBUTEUR": 4500,
    "FACTEUR CONDUCTEUR": 4700,
    "FACTEUR COLLECTEUR": 4600,
    "FACTEUR MARCHE ORDINAIRE": 4500,
    "GUICHETIER": 4900,
    "AGENT TAXATION": 4700,
    "AGENT MAC ET MAG": 4600,
    "GESTIONNAIRE DES OPERATIONS": 6200,
    "GESTIONNAIRE CLIENTS EN COMPTE": 5900,
    "RESPONSABLE DES OPERATIONS": 7200,
    "CHEF DE CENTRE": 8600,
    "CHEF DE ZONE": 7800,
    "CHEF D'AGENCE": 7900,
    "CHARGE REPORTING & QUALITE": 6600,
    "AGENT REPORTING ET QUALITE": 5200,
}
# Mode « recommandé » : dans chaque centre qui tient les deux postes.
REGROUPEMENT = ("FACTEUR MARCHE ORDINAIRE", "FACTEUR COLLECTEUR")
# Mode « optimisé » : (typologie, nom de tâche)
EXCLUSIONS = (("CD", "Reprendre les fausses directions"), ("CTD", "Vérifier par sondage"))
