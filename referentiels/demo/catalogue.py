"""Ce que font les postes de la démonstration : opérations et variantes, par typologie.

Noms et durées sont inventés pour ce projet ; aucun ne vient d'une mesure. Codes de produits, d'unités, de
phases et de postes : ceux des règles livrées (migration 0002).
"""

from dataclasses import dataclass

from referentiels.demo.profils import PROFILS


@dataclass(frozen=True)
class Variante:
    """Sur quoi porte une opération. `poids` multiplie la durée de base : un sac pèse plus qu'un pli."""

    produit: str
    unite: str
    poids: float
    base: int = 100


@dataclass(frozen=True)
class Operation:
    """Une opération de `secondes` (pour un poids de 1), faite par chacun des `postes` qui existent."""

    nom: str
    famille: str
    postes: tuple[str, ...]
    variantes: tuple[Variante, ...]
    secondes: float
    typologies: frozenset[str]
    phase: str | None = None


def _v(produit: str, unite: str, poids: float, base: int = 100) -> Variante:
    return Variante(produit, unite, poids, base)


SACS_ARRIVEE = (
    _v("AMANA RECU", "SAC", 3.0, 60),
    _v("AMANA RECU", "COLIS", 1.1, 40),
    _v("CO ARRIVE", "SAC", 3.4),
    _v("CR ARRIVE", "SAC", 3.6),
    _v("CR ARRIVE", "BAC", 2.8),
)
SACS_DEPART = (
    _v("AMANA DEPOT", "SAC", 3.1, 60),
    _v("AMANA DEPOT", "COLIS", 1.0, 40),
    _v("CO MED", "SAC", 3.3),
    _v("CR MED", "SAC", 3.5),
    _v("CR MED", "CAISSON", 3.0),
)
PIECES_ARRIVEE = (
    _v("AMANA RECU LOCAL", "COLIS", 1.0),
    _v("AMANA RECU AXES", "COLIS", 1.1),
    _v("CO ARRIVE LOCAL", "COURRIER", 0.12),
    _v("CO ARRIVE AXES", "COURRIER", 0.14),
    _v("CR ARRIVE LOCAL", "CR", 0.55),
    _v("CR ARRIVE AXES", "CR", 0.6),
    _v("E BARKIA ARRIVE", "E-BARKIA", 0.7),
    _v("LRH ARRIVE", "LRH", 0.5),
)
PIECES_DEPART = (
    _v("AMANA DEPOT LOCAL", "COLIS", 0.9),
    _v("AMANA DEPOT AXES", "COLIS", 1.0),
    _v("CO MED LOCAL", "COURRIER", 0.11),
    _v("CO MED AXES", "COURRIER", 0.13),
    _v("CR MED LOCAL", "CR", 0.5),
    _v("CR MED AXES", "CR", 0.58),
    _v("E BARKIA MED", "E-BARKIA", 0.65),
    _v("LRH MED", "LRH", 0.45),
)
SUIVIS_ARRIVEE = (
    _v("AMANA RECU TOTAL", "COLIS", 1.0),
    _v("CR ARRIVE", "CR", 0.6),
    _v("E BARKIA ARRIVE", "E-BARKIA", 0.7),
    _v("LRH ARRIVE", "LRH", 0.5),
)
SUIVIS_DEPART = (
    _v("AMANA DEPOT TOTAL", "COLIS", 1.0),
    _v("CR MED", "CR", 0.6),
    _v("E BARKIA MED", "E-BARKIA", 0.7),
    _v("LRH MED", "LRH", 0.5),
)
LIASSES = (
    _v("CO LOCAL", "DNL", 0.5),
    _v("TOTAL CO", "DNL", 0.45),
    _v("CO ARRIVE TOTAL", "COURRIER", 0.1),
)
TOUTES_ARRIVEES = SACS_ARRIVEE + PIECES_ARRIVEE
TOUS_DEPARTS = SACS_DEPART + PIECES_DEPART
VACATION = (_v("CO", "PART", 1.0), _v("AMANA", "PART", 0.8))
DEPECHES = (_v("CO", "DEPECHES", 1.0), _v("CR", "DEPECHES", 1.2), _v("AMANA", "DEPECHES", 1.4))

QUAI = ("MANUTENTIONNAIRE", "AGENT OPERATIONS")
TRI = ("TRIEUR", "AGENT TRAITEMENT")
FACTEURS = ("FACTEUR DISTRIBUTEUR", "FACTEUR CONDUCTEUR")
TOUTES = frozenset({"AM", "CM", "CD", "CCC", "CLD", "CTD"})
GRANDES = frozenset({"CM", "CCC", "CTD"})
DISTRIBUTION = frozenset({"CD", "CLD", "CTD", "CCC"})
MESSAGERIE = frozenset({"AM", "CM", "CCC"})
SAUF_CLD = TOUTES - {"CLD"}


def _o(
    nom: str,
    famille: str,
    postes: tuple[str, ...],
    variantes: tuple[Variante, ...],
    secondes: float,
    typologies: frozenset[str] = TOUTES,
    phase: str | None = None,
) -> Operation:
    return Operation(nom, famille, postes, variantes, secondes, typologies, phase)


OPERATIONS = (
    _o("Vider le fourgon du matin", "RECEPTION MATIN", QUAI, SACS_ARRIVEE, 4.2),
    _o("Rapprocher le bordereau de route", "RECEPTION MATIN", ("AGENT OPERATIONS",), SACS_ARRIVEE, 3.0),
    _o("Peser et vérifier les scellés", "RECEPTION MATIN", QUAI, SACS_ARRIVEE, 2.6, GRANDES),
    _o("Vider la navette de l'après-midi", "RECEPTION SOIR", QUAI, SACS_ARRIVEE, 3.9, GRANDES | {"CD"}),
    _o("Ouvrir les contenants", "OUVERTURE", TRI, TOUTES_ARRIVEES, 2.2, phase="SAC"),
    _o("Lire le code à l'arrivée", "OUVERTURE", ("AGENT OPERATIONS",), SUIVIS_ARRIVEE, 3.1),
    _o("Signaler une avarie", "OUVERTURE", ("CONTROLEUR",), SUIVIS_ARRIVEE, 55.0, SAUF_CLD, "DAY_24"),
    _o("Séparer par nature", "TRI ARRIVEE", TRI, PIECES_ARRIVEE, 3.4),
    _o("Séparer par tournée", "TRI ARRIVEE", TRI, PIECES_ARRIVEE, 4.1, DISTRIBUTION),
    _o("Ranger dans l'ordre des rues", "TRI ARRIVEE", FACTEURS, PIECES_ARRIVEE, 5.2, DISTRIBUTION),
    _o("Mettre en liasses", "TRI ARRIVEE", ("TRIEUR",), LIASSES, 6.0, DISTRIBUTION),
    _o("Reprendre les fausses directions", "TRI ARRIVEE", TRI, PIECES_ARRIVEE, 48.0, SAUF_CLD, "DAY_24"),
    _o("Prendre en charge la tournée", "PREPARATION", FACTEURS, SUIVIS_ARRIVEE, 6.5, DISTRIBUTION),
    _o("Charger le véhicule", "PREPARATION", ("FACTEUR CONDUCTEUR",), PIECES_ARRIVEE, 3.6),
    _o("Remettre à domicile", "TOURNEE", FACTEURS, PIECES_ARRIVEE, 24.0, DISTRIBUTION, "CIRCUL_GEO"),
    _o(
        "Livrer en point relais",
        "TOURNEE",
        ("FACTEUR CONDUCTEUR",),
        SUIVIS_ARRIVEE,
        17.0,
        MESSAGERIE,
        "CIRCUL_GEO",
    ),
    _o(
        "Encaisser le contre-remboursement",
        "TOURNEE",
        FACTEURS,
        SUIVIS_ARRIVEE,
        75.0,
        DISTRIBUTION,
        "CRBT_CIRCUL_GEO",
    ),
    _o("Remettre hors encaissement", "TOURNEE", FACTEURS, SUIVIS_ARRIVEE, 8.0, TOUTES, "HCRBT_CIRCUL_GEO"),
    _o("Servir les boîtes postales", "TOURNEE", ("TRIEUR",), PIECES_ARRIVEE, 5.0, DISTRIBUTION, "B_POSTALE"),
    _o(
        "Remettre aux vaguemestres",
        "TOURNEE",
        ("AGENT OPERATIONS",),
        SUIVIS_ARRIVEE,
        9.0,
        SAUF_CLD,
        "V_MASTER",
    ),
    _o("Rendre compte au retour", "RETOUR DE TOURNEE", FACTEURS, SUIVIS_ARRIVEE, 4.4, DISTRIBUTION),
    _o(
        "Saisir les avis de passage",
        "RETOUR DE TOURNEE",
        FACTEURS,
        SUIVIS_ARRIVEE,
        21.0,
        DISTRIBUTION,
        "RETOUR",
    ),
    _o(
        "Verser les fonds",
        "RETOUR DE TOURNEE",
        ("AGENT MAC ET MAG",),
        SUIVIS_ARRIVEE,
        16.0,
        SAUF_CLD,
        "MIN_RETOUR_CRBT",
    ),
    _o("Garder en instance", "INSTANCES", ("AGENT MAC ET MAG",), SUIVIS_ARRIVEE, 190.0, TOUTES, "DAY_24"),
    _o(
        "Renvoyer les non-réclamés",
        "INSTANCES",
        ("AGENT MAC ET MAG",),
        SUIVIS_ARRIVEE,
        34.0,
        SAUF_CLD,
        "RETOUR",
    ),
    _o(
        "Inventorier le magasin",
        "INSTANCES",
        ("AGENT MAC ET MAG",),
        SUIVIS_ARRIVEE,
        310.0,
        GRANDES,
        "DAY_350",
    ),
    _o(
        "Relever chez le client",
        "COLLECTE",
        ("FACTEUR COLLECTEUR",),
        PIECES_DEPART,
        41.0,
        phase="CIRCUL_COLLECT",
    ),
    _o("Vérifier le ramassage", "COLLECTE", ("FACTEUR COLLECTEUR",), PIECES_DEPART, 9.5),
    _o(
        "Ramasser au marché",
        "COLLECTE",
        ("FACTEUR MARCHE ORDINAIRE",),
        PIECES_DEPART,
        33.0,
        DISTRIBUTION,
        "CIRCUL_MARCH",
    ),
    _o(
        "Trier le ramassage du marché",
        "COLLECTE",
        ("FACTEUR MARCHE ORDINAIRE",),
        PIECES_DEPART,
        5.6,
        DISTRIBUTION,
    ),
    _o("Décharger la collecte", "COLLECTE", QUAI, SACS_DEPART, 3.7),
    _o("Accueillir le déposant", "GUICHET DEPOT", ("GUICHETIER",), SUIVIS_DEPART, 34.0),
    _o("Affranchir", "GUICHET DEPOT", ("GUICHETIER",), PIECES_DEPART, 11.0),
    _o(
        "Déposer pour l'étranger",
        "GUICHET DEPOT",
        ("GUICHETIER",),
        SUIVIS_DEPART,
        64.0,
        SAUF_CLD,
        "INTER_GUICHET",
    ),
    _o("Remettre au guichet", "GUICHET RETRAIT", ("GUICHETIER",), SUIVIS_ARRIVEE, 47.0, TOUTES, "GUICHET"),
    _o("Chercher une instance", "GUICHET RETRAIT", ("GUICHETIER",), SUIVIS_ARRIVEE, 8.0),
    _o("Taxer les envois en nombre", "COMPTES", ("AGENT TAXATION",), TOUS_DEPARTS, 3.3, MESSAGERIE | {"CTD"}),
    _o("Contrôler la taxe", "COMPTES", ("CONTROLEUR FACTURATION",), SUIVIS_DEPART, 9.5, GRANDES),
    _o(
        "Tenir le compte du client",
        "COMPTES",
        ("GESTIONNAIRE CLIENTS EN COMPTE",),
        SUIVIS_DEPART,
        8.0,
        MESSAGERIE,
    ),
    _o(
        "Répondre aux réclamations",
        "COMPTES",
        ("GESTIONNAIRE CLIENTS EN COMPTE",),
        PIECES_DEPART,
        70.0,
        phase="DAY_24",
    ),
    _o("Séparer par destination", "TRI DEPART", TRI, PIECES_DEPART, 3.8),
    _o("Trier par axe", "TRI DEPART", TRI, PIECES_DEPART, 3.2, GRANDES),
    _o("Lire le code au départ", "TRI DEPART", ("AGENT OPERATIONS",), SUIVIS_DEPART, 3.0),
    _o("Former les contenants", "EXPEDITION", TRI, TOUS_DEPARTS, 2.4, phase="SAC"),
    _o("Étiqueter et sceller", "EXPEDITION", ("AGENT TRAITEMENT",), SACS_DEPART, 5.0),
    _o("Dresser la feuille de route", "EXPEDITION", ("AGENT OPERATIONS",), SACS_DEPART, 4.6),
    _o("Charger le fourgon du soir", "EXPEDITION", QUAI, SACS_DEPART, 4.4),
    _o("Charger la liaison de nuit", "EXPEDITION", QUAI, SACS_DEPART, 4.0, GRANDES),
    _o("Clore les dépêches", "EXPEDITION", ("CONTROLEUR",), DEPECHES, 420.0, SAUF_CLD),
    _o("Vérifier par sondage", "CONTROLE", ("CONTROLEUR",), TOUTES_ARRIVEES, 1.6, SAUF_CLD),
    _o(
        "Suivre les écarts du jour", "CONTROLE", ("RESPONSABLE DES OPERATIONS",), SUIVIS_ARRIVEE, 2.8, GRANDES
    ),
    _o("Répartir les moyens", "PILOTAGE", ("RESPONSABLE DES OPERATIONS",), VACATION, 4200.0, GRANDES),
    _o("Préparer la vacation", "PILOTAGE", ("GESTIONNAIRE DES OPERATIONS",), VACATION, 3900.0),
    _o("Relever les compteurs", "PILOTAGE", ("GESTIONNAIRE DES OPERATIONS",), TOUTES_ARRIVEES, 0.9, SAUF_CLD),
    _o("Ouvrir et fermer le site", "PILOTAGE", ("AGENT OPERATIONS",), VACATION[:1], 1500.0),
    _o("Nettoyer la zone de tri", "PILOTAGE", ("MANUTENTIONNAIRE",), VACATION[:1], 2400.0),
)


@dataclass(frozen=True)
class TacheDemo:
    """Une ligne de la table modèle d'une typologie ; `duree_s` en secondes par unité de travail."""

    nom: str
    famille: str
    poste: str
    produit: str
    unite: str
    phase: str | None
    base: int
    duree_s: float


def table_modele(typologie: str) -> tuple[TacheDemo, ...]:
    """Toutes les tâches de la typologie, dans l'ordre du catalogue."""
    postes = set(PROFILS[typologie].postes)
    return tuple(
        TacheDemo(
            operation.nom,
            operation.famille,
            poste,
            variante.produit,
            variante.unite,
            operation.phase,
            variante.base,
            round(operation.secondes * variante.poids, 2),
        )
        for operation in OPERATIONS
        if typologie in operation.typologies
        for poste in operation.postes
        if poste in postes
        for variante in operation.variantes
    )
