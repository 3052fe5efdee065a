"""Les heures du centre miniature, posées à la main : volume ÷ jours × part × secondes ÷ 3 600.

Volumes et paramètres sont ceux de `donnees/references.json`, répétés ici en chiffres : lus au même endroit
que le calcul, ils ne prouveraient rien.
"""

JOURS = 264
AMANA_RECU, AMANA_RECU_LOCAL = 120_000, 72_000
CO_ARRIVE, CO_ARRIVE_LOCAL, CO_MED_LOCAL = 900_000, 540_000, 240_000
CR_ARRIVE, CR_ARRIVE_LOCAL, CR_MED_LOCAL = 60_000, 36_000, 18_000
TOURNEE = 1 + 0.1 + 0.2  # circulation et géographie
CAPACITE_H = 8.5


def heures(volume: float, secondes: float, part: float = 1.0) -> float:
    return volume / JOURS * part * secondes / 3600


# Encaisser à la porte : deux responsables, la tâche entière pour chacun.
ENCAISSER = heures(AMANA_RECU_LOCAL, 180, TOURNEE * 0.7)
REGISTRE = 120 / 3600  # une fois par jour, quel que soit le volume
HEURES = {
    "MANUTENTIONNAIRE": heures(AMANA_RECU, 6, 0.4) + heures(AMANA_RECU, 12, 0.6 / 35),
    "AGENT OPERATIONS": (
        heures(AMANA_RECU, 6, 0.4)
        + heures(CO_ARRIVE, 3)
        + heures(CR_ARRIVE, 30, 1 / 500)
        + heures(CR_ARRIVE_LOCAL, 15, 1 / 5)
        + REGISTRE
        + heures(CO_ARRIVE_LOCAL, 3, 0.25)
    ),
    "FACTEUR DISTRIBUTEUR": heures(CO_ARRIVE_LOCAL, 6, TOURNEE) + ENCAISSER,
    "FACTEUR CONDUCTEUR": ENCAISSER + heures(CR_ARRIVE_LOCAL, 30, 0.08 * 0.4),
    "GUICHETIER": heures(CO_MED_LOCAL, 60, 0.7) + heures(CR_MED_LOCAL, 120, 0.05 * 0.8),
}
ETP = {poste: total / CAPACITE_H for poste, total in HEURES.items()}
FACTEURS = ("FACTEUR DISTRIBUTEUR", "FACTEUR CONDUCTEUR")
# (paramètres changés, ETP attendu de chaque poste).
CAS = {
    "tel quel": ({}, ETP),
    "productivité de 80 %": ({"productivite": 80.0}, {poste: etp / 0.8 for poste, etp in ETP.items()}),
    "temps mort d'une demi-heure": (
        {"temps_mort": 30.0},
        {poste: etp * CAPACITE_H / (CAPACITE_H - 0.5) for poste, etp in ETP.items()},
    ),
    "trajet d'un quart d'heure": (
        {"trajet_minutes": 15.0},
        ETP | {poste: HEURES[poste] / (CAPACITE_H - 0.5) for poste in FACTEURS},
    ),
    "deuxième vacation": (
        {"shift": 2},
        ETP | {poste: 2 * ETP[poste] for poste in ("AGENT OPERATIONS", "MANUTENTIONNAIRE")},
    ),
    "sans guichet": ({"a_guichet": 0}, ETP | {"GUICHETIER": 0.0}),
    "croissance de 10 %": (
        {"croissance": 10.0},
        {poste: 1.1 * etp for poste, etp in ETP.items()}
        | {"AGENT OPERATIONS": (1.1 * (HEURES["AGENT OPERATIONS"] - REGISTRE) + REGISTRE) / CAPACITE_H},
    ),
}
