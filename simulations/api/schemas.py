"""Formes JSON de l'API des simulations, décrites une fois pour OpenAPI et pour mypy.

La validation des demandes est dans `demandes`.
"""

from typing import Annotated, Any, Literal, NotRequired, TypedDict

from referentiels.models import Poste
from referentiels.models.activite import ANNEE_MAX, ANNEE_MIN
from simulateur.api.formes import Horodatage, Uuid
from simulations.moteur import MODES
from simulations.moteur.parametres import ARRONDIS

MODE = {"choices": list(MODES)}
ARRONDI = {"choices": list(ARRONDIS)}
PRODUCTIVITE = {"min_value": 0, "max_value": 200}
HEURES = {"min_value": 1, "max_value": 24}
MINUTES = {"min_value": 0, "max_value": 480}
LOT = {"min_length": 1, "max_length": 50}
ANNEE = {"min_value": ANNEE_MIN, "max_value": ANNEE_MAX}


class Volume(TypedDict):
    centre_id: NotRequired[int]
    centre_label: NotRequired[Annotated[str, {"help_text": "Code ou nom du centre"}]]
    flux: NotRequired[Annotated[str, {"help_text": "AMANA, CO, CR, EBARKIA, LRH"}]]
    sens: NotRequired[Annotated[str, {"help_text": "ARRIVEE, DEPART, DEPOT, RECUP"}]]
    segment: NotRequired[Annotated[str, {"help_text": "GLOBAL, LOCAL, AXES, PRO, PART, DIST…"}]]
    cellule: NotRequired[Annotated[str, {"help_text": "Au lieu des trois : amana.recu.gc.local"}]]
    volume: Annotated[float, {"min_value": 0}]


class DemandeSimulation(TypedDict, total=False):
    """Une valeur nulle vaut une valeur absente. Les paramètres du catalogue vont dans `global_params`."""

    productivite: Annotated[
        float | None, PRODUCTIVITE, {"help_text": "% de 1 à 200 ; au plus 2, c'est un ratio (0,7 = 70 %)"}
    ]
    heures_jour: Annotated[float | None, HEURES]
    heures_par_jour: Annotated[float | None, HEURES, {"help_text": "Autre nom d'heures_jour"}]
    temps_mort: Annotated[float | None, MINUTES, {"help_text": "minutes"}]
    idle_minutes: Annotated[float | None, MINUTES, {"help_text": "Autre nom de temps_mort"}]
    mode: Annotated[str | None, MODE]
    arrondi: Annotated[str | None, ARRONDI, {"help_text": "Par défaut, celui du réglage « arrondi »"}]
    annee: Annotated[int | None, ANNEE, {"help_text": "Année des volumes ; par défaut la même partout"}]
    volumes: list[Volume] | None
    centres_volumes: list[Volume] | None
    global_params: Annotated[dict[str, Any] | None, {"help_text": "Paramètres nommés du catalogue"}]
    centres_params: Annotated[
        dict[str, Any] | None, {"help_text": "{identifiant de centre: {paramètre: valeur}}"}
    ]


class DemandeImmediate(DemandeSimulation):
    """Celle d'un calcul immédiat : un champ inconnu y est refusé."""


class DemandeLotSimulation(DemandeSimulation):
    centre_ids: Annotated[list[int], LOT]


class LancementSimulation(TypedDict):
    task_id: Uuid
    status: Annotated[str, {"help_text": "PENDING"}]
    message: str
    check_status_url: str
    direction_id: NotRequired[int]
    estimated_duration: NotRequired[str]
    total_centres: NotRequired[int]
    ignored_fields: NotRequired[Annotated[list[str], {"help_text": "Champs du corps que rien ne lit"}]]


class Rejeu(TypedDict):
    task_id: Uuid
    status: str
    message: str
    check_status_url: str


class SuiviSimulation(TypedDict):
    task_id: Uuid
    state: Literal["PENDING", "PROGRESS", "SUCCESS", "FAILURE", "REVOKED"]
    progress: Annotated[int, {"min_value": 0, "max_value": 100}]
    status: str
    result: dict[str, Any] | None
    details: NotRequired[dict[str, Any]]
    error: NotRequired[str]


class AnnulationSimulation(TypedDict):
    task_id: Uuid
    status: Annotated[str, {"help_text": "cancelled, ou l'état déjà atteint"}]
    message: str


class Actifs(TypedDict):
    active: list[dict[str, Any]]
    queued: list[dict[str, Any]]
    total: int


class Resume(TypedDict):
    """Une ligne de l'historique."""

    id: Uuid
    libelle: str
    niveau: str
    state: str
    etat: str
    mode: Annotated[str, MODE]
    annee: int
    fictif: bool
    scenario: str | None
    scenario_id: int | None
    direction_id: int | None
    rejoue_de: Uuid | None
    conservee: bool
    demandeur: str | None
    cree_le: Horodatage
    termine_le: Horodatage | None
    nb_centres: int
    revision: int
    version_moteur: str
    resultat_disponible: bool
    etp_calcule: float
    etp_arrondi: float
    etp_actuel: float
    besoin_calcule: Annotated[float, {"help_text": "ETP calculé − présent"}]
    effet_arrondi: Annotated[float, {"help_text": "Arrondi − ETP calculé"}]
    ecart: float
    a_pourvoir: Annotated[float, {"help_text": "Σ des écarts positifs des postes"}]
    en_trop: Annotated[float, {"help_text": "Σ de leurs écarts négatifs"}]
    cout_mensuel: float | None


class ResultatPoste(TypedDict):
    centre_id: int
    poste_id: int
    poste_label: str
    type: Annotated[str, {"choices": Poste.Type.choices}]
    heures: float
    etp_calcule: float
    etp_arrondi: float
    etp_actuel: float
    besoin_calcule: Annotated[float, {"help_text": "ETP calculé − présent"}]
    effet_arrondi: Annotated[float, {"help_text": "Arrondi − ETP calculé"}]
    ecart: float
    a_pourvoir: Annotated[float, {"help_text": "Σ des écarts positifs des postes"}]
    en_trop: Annotated[float, {"help_text": "Σ de leurs écarts négatifs"}]
    decision: str
    remarque: Annotated[str, {"help_text": "Pourquoi l'écart contredit la décision, vide sinon"}]
    cout_mensuel: float | None


class Conservation(TypedDict):
    conservee: Annotated[bool, {"default": True}]


class PartageDemande(TypedDict):
    """Le nom d'un compte ou d'un groupe, l'un des deux."""

    compte: NotRequired[Annotated[str, {"max_length": 150}]]
    groupe: NotRequired[Annotated[str, {"max_length": 150}]]


class Partage(TypedDict):
    id: int
    compte: str | None
    groupe: str | None
    cree_le: str


class ScenarioEcrit(DemandeSimulation):
    nom: Annotated[str, {"max_length": 120}]
    description: NotRequired[Annotated[str, {"max_length": 2000, "allow_blank": True}]]
    annee: NotRequired[Annotated[int | None, ANNEE]]


class Scenario(TypedDict):
    id: int
    nom: str
    description: str
    etat: Annotated[str, {"choices": ["brouillon", "valide"]}]
    proprietaire: str | None
    parent_id: int | None
    annee: int | None
    parametres: dict[str, Any]
    volumes: list[dict[str, Any]]
    nb_simulations: int
    cree_le: Horodatage
    modifie_le: Horodatage
    valide_le: Horodatage | None
    valide_par: str | None


class Duplication(TypedDict, total=False):
    nom: Annotated[str | None, {"max_length": 120, "allow_blank": True}]


class Cible(TypedDict, total=False):
    """Le pays sans cible ; une direction ou des centres, pas les deux."""

    direction_id: Annotated[int | None, {"min_value": 1}]
    centre_ids: Annotated[list[int] | None, LOT]


class Export(TypedDict):
    id: Uuid
    etat: str
    progression: int
    message: str
    nom_fichier: str
    octets: int
    url: Annotated[str, {"help_text": "Suivi"}]
    fichier: Annotated[str | None, {"help_text": "Téléchargement, une fois terminé"}]
