"""Ce que les pages disent d'une simulation : ses paramètres en mots et les données de ses graphiques."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NotRequired, TypedDict

from django.utils import timezone

from referentiels.models import Centre
from simulateur.langue.nombres import nombre, signe
from simulations.models import Simulation
from simulations.moteur import Parametres
from simulations.moteur.mesures import en_personnes, etp
from simulations.moteur.parametres import JOURS_OUVRES_DU_MOIS
from simulations.pages.lecture import Catalogue
from simulations.resultats.restitution import EcartDeCentre, PartDeMainDOeuvre, SommeDeDirection

MODES_EN_MOTS = {
    "actuel": "Actuel",
    "recommande": "Recommandé (postes regroupés)",
    "optimise": "Optimisé (sans tâches exclues)",
}
ARRONDIS_EN_MOTS = {
    "poste": "À la personne, par poste",
    "centre": "Par centre, au plus fort reste",
    "demi": "À la demi-personne, par poste",
    "aucun": "Aucun (deux décimales)",
}
NOMS_DES_MOIS: dict[int | None, str] = dict(
    enumerate(
        (
            *("janvier", "février", "mars", "avril", "mai", "juin"),
            *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
        ),
        start=1,
    )
)
CENTRES_MONTRES = 20
Contexte = dict[str, Any]  # les variables d'un gabarit
BARRES_MAX = 40  # au-delà, les noms ne se lisent plus
DECIMALES_MAX = 4


class Serie(TypedDict):
    nom: str
    valeurs: list[float]
    couleur: NotRequired[int | str]


class Bande(TypedDict):
    nom: str
    bas: list[float]
    haut: list[float]


class Graphique(TypedDict):
    """Ce que montre `composants/graphique.html`, où chaque nom est décrit."""

    etiquettes: list[str]
    series: list[Serie]
    unite: str
    decimales: int
    axe_x: NotRequired[str]
    horizontal: NotRequired[bool]
    zero: NotRequired[bool]
    bande: NotRequired[Bande]
    attendu: NotRequired[float | None]
    attendu_nom: NotRequired[str]


class VolumeEnMots(TypedDict):
    centre: str
    cellule: str
    volume: float


def court(valeur: float) -> str:
    """Nombre français sans zéros inutiles : 8,5 ; 264."""
    decimales = f"{valeur:.{DECIMALES_MAX}f}".rstrip("0").partition(".")[2]
    return nombre(valeur, len(decimales))


def date_et_heure(moment: datetime) -> str:
    """« 18/05/2026 à 14:05 », à l'heure locale."""
    return f"{timezone.localtime(moment):%d/%m/%Y à %H:%M}"


def parametres_en_mots(
    simulation: Simulation, catalogue: Catalogue, noms: Mapping[int, str] | None = None
) -> list[tuple[str, str]]:
    """(libellé, valeur) de tout ce qui a été demandé ; le reste est à la valeur du référentiel.

    `noms` : nom des centres par identifiant, pour les paramètres propres à certains.
    """
    parametres = simulation.jeu_de_parametres
    return [
        ("Mode", MODES_EN_MOTS[parametres.mode]),
        ("Arrondi", ARRONDIS_EN_MOTS[parametres.arrondi]),
        ("Volumes de l'année", str(simulation.annee)),
        ("Période", _periode(parametres)),
        ("Productivité", f"{court(parametres.productivite)} %"),
        ("Journée", f"{court(parametres.heures_jour)} h"),
        ("Temps mort", f"{court(parametres.temps_mort)} min par jour"),
        (
            "Trajet",
            f"{court(parametres.trajet_minutes)} min aller, là où le centre n'en a pas"
            if parametres.trajet_minutes
            else "celui de chaque centre",
        ),
        ("Shift", str(parametres.shift)),
        ("Croissance", _croissance(parametres, catalogue)),
        *_libres(parametres.libres, catalogue),
        *_propres(simulation, parametres, catalogue, noms or {}),
    ]


def _periode(parametres: Parametres) -> str:
    if parametres.part_du_mois is None:
        return f"année entière, {court(parametres.jours_ouvres)} jours ouvrés"
    part, mois = court(parametres.part_du_mois), NOMS_DES_MOIS.get(parametres.mois, "un mois")
    return f"{mois} : {part} % du volume annuel sur {JOURS_OUVRES_DU_MOIS} jours"


def _croissance(parametres: Parametres, catalogue: Catalogue) -> str:
    noms = {flux["code"]: flux["nom"] for flux in catalogue.flux} | {"": "tous les flux"}
    taux = [
        f"{noms.get(code, code)} {signe(valeur, 1)} %"
        for code, valeur in sorted(parametres.croissance.items())
        if valeur
    ]
    return ", ".join(taux) or "aucune"


def _libres(libres: Any, catalogue: Catalogue) -> list[tuple[str, str]]:
    """Les paramètres du catalogue fixés pour cette simulation, dans son ordre."""
    connus: dict[str, tuple[str, str]] = {}
    for parametre in catalogue.parametres:
        connus[parametre["code"]] = (parametre["nom"], parametre["unite"])
        for flux in catalogue.flux:
            nom = f"{parametre['nom']}, {flux['nom']}"
            connus[f"{flux['code'].lower()}_{parametre['code']}"] = (nom, parametre["unite"])
    ordre = {code: rang for rang, code in enumerate(connus)}
    lignes = []
    for code in sorted(libres, key=lambda code: (ordre.get(code, len(ordre)), code)):
        nom, unite = connus.get(code, (code, ""))
        lignes.append((nom, f"{court(libres[code])} {unite}".strip()))
    return lignes


def _propres(
    simulation: Simulation, parametres: Parametres, catalogue: Catalogue, noms: Mapping[int, str]
) -> list[tuple[str, str]]:
    """Ce qui ne vaut que pour certains centres : paramètres, puis volumes."""
    lignes = []
    for pk, valeurs in list(parametres.par_centre.items())[:CENTRES_MONTRES]:
        ecrits = (f"{nom} {valeur}" for nom, valeur in _libres(valeurs, catalogue))
        lignes.append((noms.get(pk, f"Centre {pk}"), ", ".join(ecrits)))
    if (autres := len(parametres.par_centre) - CENTRES_MONTRES) > 0:
        lignes.append(("Autres centres", f"paramètres propres à {nombre(autres)} de plus, voir l'export"))
    if centres := simulation.rapport.get("matched_centres"):
        de = "centre" if centres == 1 else "centres"
        lignes.append(("Volumes saisis", f"{nombre(centres)} {de}, à la place de ceux du référentiel"))
    return lignes


def volumes_en_lignes(volumes: Sequence[Mapping[str, Any]]) -> list[VolumeEnMots]:
    """Volumes saisis, centre nommé : {centre, cellule, volume}. Une requête."""
    noms = dict(Centre.objects.filter(pk__in={v["centre_id"] for v in volumes}).values_list("pk", "nom"))
    return [
        {
            "centre": noms.get(v["centre_id"], f"Centre {v['centre_id']}, supprimé"),
            "cellule": v["cellule"],
            "volume": v["volume"],
        }
        for v in volumes
    ]


def effectifs_compares(
    lignes: Iterable[tuple[str, float, float]], *, axe: str, horizontal: bool = False
) -> Graphique:
    """Graphique de (nom, effectif présent, ETP calculé)."""
    lignes = list(lignes)
    return {
        "etiquettes": [nom for nom, _, _ in lignes],
        "series": [
            {"nom": "Effectif présent", "valeurs": [actuel for _, actuel, _ in lignes], "couleur": "neutre"},
            {"nom": "ETP calculé", "valeurs": [round(calcule, 2) for _, _, calcule in lignes], "couleur": 1},
        ],
        "axe_x": axe,
        "unite": "ETP",
        "decimales": 1,
        "horizontal": horizontal,
    }


def graphique_des_lignes(lignes: Iterable[Any], *, axe: str) -> tuple[Graphique, str]:
    """(données, note) : au plus BARRES_MAX lignes de résultat, les plus grandes, dans l'ordre d'origine."""
    lignes = list(lignes)
    note = ""
    if len(lignes) > BARRES_MAX:
        plus_grandes = sorted(lignes, key=_taille, reverse=True)[:BARRES_MAX]
        gardees = {id(ligne) for ligne in plus_grandes}
        note = f"Les {BARRES_MAX} plus grands sur {nombre(len(lignes))}."
        lignes = [ligne for ligne in lignes if id(ligne) in gardees]
    points = ((ligne.nom, en_personnes(ligne.actuel_centiemes), etp(ligne.etp_pico)) for ligne in lignes)
    return effectifs_compares(points, axe=axe), note


def _taille(ligne: Any) -> int:
    return max(ligne.actuel_centiemes, ligne.arrondi_centiemes)


def graphique_des_directions(directions: list[SommeDeDirection]) -> Graphique:
    points = ((ligne["direction_label"], ligne["etp_actuel"], ligne["etp_calcule"]) for ligne in directions)
    return effectifs_compares(points, axe="Direction")


def graphique_mod_moi(distribution: list[PartDeMainDOeuvre]) -> Graphique:
    """Main-d'œuvre directe et indirecte, présente et calculée."""
    points = ((part["name"], part["actuel"], part["value"]) for part in distribution)
    return effectifs_compares(points, axe="Main-d'œuvre", horizontal=True)


def graphique_ecarts(ecarts: list[EcartDeCentre]) -> Graphique:
    """À droite il manque du monde, à gauche il y en a trop."""
    return {
        "etiquettes": [ecart["name"] for ecart in ecarts],
        "series": [{"nom": "Écart", "valeurs": [ecart["value"] for ecart in ecarts], "couleur": 2}],
        "axe_x": "Centre",
        "unite": "ETP",
        "decimales": 1,
        "horizontal": True,
    }


def mode_court(mode: str | None) -> str:
    """« recommande » → « recommandé » ; sans mode, l'actuel."""
    return MODES_EN_MOTS.get(mode or "actuel", mode or "").partition(" (")[0].lower()
