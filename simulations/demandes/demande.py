"""Validation d'une demande de simulation (API, page, commande) : du JSON reçu aux entrées du moteur.

Chaque erreur nomme son champ et ce qui est permis. Les noms historiques des clients sont acceptés.
"""

from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from referentiels.models import Centre, Flux, Parametre
from referentiels.perms import PAYS, Etendue
from simulateur.langue.citation import citer
from simulateur.web.refus import SANS_CHAMP, SaisieRefusee
from simulations.demandes.arrondi import lire_arrondi
from simulations.demandes.fautes import Fautes, ecrire, identifiant, nombre_fini
from simulations.demandes.volumes import CHAMPS_DE_LIGNE, donne, lire_volumes
from simulations.models.contenus import Rapport, VolumeSaisi
from simulations.moteur import MODES, Parametres
from simulations.moteur.parametres import PART_DU_MOIS_DEFAUT
from simulations.moteur.presence import DE_PRESENCE

# nom du champ : (minimum, maximum, entier) — docs/metier/effectifs.md#parametres
BORNES: dict[str, tuple[float, float, bool]] = {
    "productivite": (1, 200, False),
    "heures_jour": (1, 24, False),
    "temps_mort": (0, 480, False),
    "trajet_minutes": (0, 240, False),
    "shift": (1, 3, True),
    "jours_ouvres": (1, 366, False),
    "part_du_mois": (0, 100, False),
    "mois": (1, 12, True),
    "croissance": (-100, 1000, False),
}
ALIAS = {
    "heures_par_jour": "heures_jour",
    "idle_minutes": "temps_mort",
    "duree_trajet": "trajet_minutes",
    "pct_annee": "croissance",
    "pct_mois": "part_du_mois",
    "colis_amana_par_canva_sac": "colis_amana_par_sac",
    "nbr_co_sac": "co_par_sac",
    "nbr_cr_sac": "cr_par_sac",
}
ALIAS_SUFFIXES = {"pct_marche_ordinaire": "pct_marche", "pct_vague_master": "pct_vaguemestre"}
# Compléments des anciens clients : (paramètre déduit) = 100 − valeur.
COMPLEMENTS = {"pct_hors_crbt": "pct_crbt", "pct_international": "pct_national"}
# Ils appartiennent au centre : donnés pour tout un calcul, ils n'agiraient sur rien.
DU_CENTRE = ("circulation", "geographie", "coeff_circ", "coeff_geo", "has_guichet")
SEUIL_RATIO = 2.0  # une productivité d'au plus 2 est un ratio : 0,7 = 70 %
HORS_PARAMETRES = {
    *("volumes", "centres_volumes", "global_params", "centres_params"),
    *("centre_ids", "mode", "arrondi", "annee"),
}
IGNORES_MAX = 20  # champs inconnus cités dans le rapport
Bornes = tuple[float, float, bool]


@dataclass
class Demande:
    """Entrées validées ; `rapport` est rendu au client dans le résultat.

    `directions` : celles des centres nommés, même ignorés. Le rapport les cite : elles sont du périmètre.
    """

    parametres: Parametres
    volumes: list[VolumeSaisi] = field(default_factory=list)
    rapport: Rapport = field(default_factory=lambda: Rapport())
    directions: set[int] = field(default_factory=set)


def lire_demande(
    corps: Any,
    *,
    direction_id: int | None = None,
    centre_ids: Collection[int] | None = None,
    inconnus_refuses: bool = False,
    etendue: Etendue = PAYS,
) -> Demande:
    """Valide le corps d'une demande ; lève SaisieRefusee (tous les champs fautifs à la fois).

    `direction_id`, `centre_ids` : les volumes d'un centre hors de cette direction ou de ces centres sont
    comptés « ignorés ». Un champ qui ne nomme rien, lignes de volumes comprises, est cité au rapport
    (`ignored_fields`), ou refusé (docs/metier/effectifs.md#champs-inconnus). Hors de `etendue`, un centre est
    inconnu.
    """
    if not isinstance(corps, Mapping):
        raise SaisieRefusee({SANS_CHAMP: ["Le corps de la demande doit être un objet JSON."]})
    fautes = Fautes()
    parametres, sans_nom = _lire_parametres(corps, fautes)
    volumes, rapport, directions = lire_volumes(corps, fautes, direction_id, centre_ids, etendue)
    ignores = [*map(citer, sans_nom), *rapport.pop("ignored_fields", [])]
    if inconnus_refuses:
        _refuser(ignores, fautes)
    fautes.lever()
    directions |= _signaler_les_centres(rapport, parametres.par_centre, direction_id, centre_ids, etendue)
    if ignores:
        rapport["ignored_fields"] = ignores[:IGNORES_MAX]
    return Demande(parametres=parametres, volumes=volumes, rapport=rapport, directions=directions)


def _refuser(inconnus: Collection[str], fautes: Fautes) -> None:
    """Une faute par champ inconnu ; ceux d'une ligne de volumes s'écrivent « volumes[].nom »."""
    for nom in inconnus:
        permis = CHAMPS_DE_LIGNE if "[]." in nom else (*sorted(HORS_PARAMETRES), *BORNES)
        suite = "." if "[]." in nom else ", ou un paramètre du catalogue."
        fautes.noter(nom, f"Champ inconnu. Permis : {', '.join(permis)}{suite}")


def _signaler_les_centres(
    rapport: Rapport,
    par_centre: Collection[int],
    direction_id: int | None,
    centre_ids: Collection[int] | None,
    etendue: Etendue,
) -> set[int]:
    """Au rapport : les centres nommés dont rien ne sera calculé. Une requête, s'il y en a de nommés.

    Rend les directions des centres nommés.
    """
    nommes = {*par_centre, *(centre_ids or ())}
    if not nommes:
        return set()
    connus = {centre.pk: centre for centre in Centre.objects.dans(etendue).filter(pk__in=nommes)}
    rapport["unknown_centres"] += [str(pk) for pk in sorted(set(par_centre) - set(connus))]
    hors = [
        connus[pk].nom
        for pk in sorted(set(par_centre) & set(connus))
        if (centre_ids is not None and pk not in centre_ids)
        or (direction_id is not None and connus[pk].direction_id != direction_id)
    ]
    rapport["ignored_centres"] += [nom for nom in hors if nom not in rapport["ignored_centres"]]
    if inactifs := [f"{c.nom} ({c.code})" for _, c in sorted(connus.items()) if not c.actif]:
        rapport["inactive_centres"] = inactifs
    return {centre.direction_id for centre in connus.values()}


def _lire_parametres(corps: Mapping[str, Any], fautes: Fautes) -> tuple[Parametres, list[str]]:
    """Les paramètres, et les champs du corps qui n'en nomment aucun."""
    lecture = _LectureParametres(fautes)
    globaux = donne(corps, "global_params", {})
    if not isinstance(globaux, Mapping):
        fautes.noter("global_params", "Un objet {nom: valeur} est attendu.")
        globaux = {}
    for nom, brut in globaux.items():
        lecture.exiger(str(nom), brut)
    candidats = [str(nom) for nom in corps if nom not in HORS_PARAMETRES]
    ignores = [nom for nom in candidats if not lecture.lire(nom, corps[nom])]
    mode = donne(corps, "mode", "actuel")
    if mode not in MODES:
        fautes.noter("mode", f"« {citer(mode)} » est inconnu : choisir parmi {', '.join(MODES)}.")
        mode = "actuel"
    fixes = lecture.fixes
    if "mois" in fixes:
        fixes.setdefault("part_du_mois", PART_DU_MOIS_DEFAUT)
    parametres = Parametres(
        productivite=fixes.get("productivite", 100.0),
        heures_jour=fixes.get("heures_jour", 8.5),
        temps_mort=fixes.get("temps_mort", 0.0),
        trajet_minutes=fixes.get("trajet_minutes", 0.0),
        shift=int(fixes.get("shift", 1)),
        jours_ouvres=fixes.get("jours_ouvres", 264.0),
        part_du_mois=fixes.get("part_du_mois"),
        mois=int(fixes["mois"]) if "mois" in fixes else None,
        croissance=lecture.croissance,
        libres=lecture.libres,
        par_centre=_lire_par_centre(donne(corps, "centres_params", {}), lecture),
        mode=mode,
        arrondi=lire_arrondi(corps, fautes),
    )
    return parametres, ignores


class _LectureParametres:
    """Range chaque valeur nommée là où elle va, après contrôle de ses bornes. Deux requêtes.

    `fixes` : les champs de Parametres ; `libres` : ceux du catalogue ; `croissance` : par code de flux.
    """

    def __init__(
        self, fautes: Fautes, *, modele: "_LectureParametres | None" = None, champ: str = ""
    ) -> None:
        self.fautes, self.champ, self.d_un_centre = fautes, champ, modele is not None
        self.catalogue: dict[str, Parametre] = (
            modele.catalogue if modele else {ligne.code: ligne for ligne in Parametre.objects.all()}
        )
        self.flux: list[str] = (
            modele.flux if modele else list(Flux.objects.order_by("pk").values_list("code", flat=True))
        )
        self.fixes: dict[str, float] = {}
        self.libres: dict[str, float] = {}
        self.croissance: dict[str, float] = {}
        self._recus: dict[tuple[str, str], tuple[str, float]] = {}

    def exiger(self, nom: str, brut: Any) -> None:
        """Comme `lire`, mais un nom inconnu est une faute."""
        if self.lire(nom, brut):
            return
        self._noter(
            nom,
            f"Paramètre inconnu. Permis : {', '.join([*BORNES, *sorted(self.catalogue)])}, "
            f"seuls ou précédés d'un flux ({', '.join(f.lower() + '_' for f in self.flux)}).",
        )

    def lire(self, recu: str, brut: Any) -> bool:
        """Faux si `recu` ne nomme aucun paramètre. Une valeur nulle vaut une valeur absente."""
        prefixe, code, complement = _decomposer(recu, self.flux, self.catalogue)
        if code == "croissance" and not prefixe and isinstance(brut, Mapping):
            for flux, taux in brut.items():
                self.exiger(f"{str(flux).lower()}_croissance", taux)
            return True
        if code in DU_CENTRE and not self.d_un_centre:
            self._noter(recu, "Appartient au centre : se règle dans le référentiel, pas pour un calcul.")
            return True
        if prefixe and (code in DE_PRESENCE or (code in BORNES and code != "croissance")):
            self._noter(recu, "Ne se décline pas par flux.")
            return True
        bornes = self._bornes(prefixe, code)
        if bornes is None:
            return False
        if self.d_un_centre and code in BORNES:
            self._noter(recu, "Se règle pour toute la simulation, pas pour un centre.")
        elif brut is not None:
            valeur = self._valeur(recu, brut, code, bornes, complement)
            if valeur is not None and self._accorde(recu, (prefixe, code), valeur):
                self._ranger(prefixe, code, valeur)
        return True

    def _bornes(self, prefixe: str, code: str) -> Bornes | None:
        if code in BORNES and (not prefixe or code == "croissance"):
            return BORNES[code]
        regle = self.catalogue.get(code)
        return (regle.minimum, regle.maximum, False) if regle else None

    def _valeur(self, recu: str, brut: Any, code: str, bornes: Bornes, complement: bool) -> float | None:
        """La valeur dans ses bornes, ou None et une faute notée."""
        minimum, maximum, entier = bornes
        permis = f"de {ecrire(minimum)} à {ecrire(maximum)}"
        valeur = nombre_fini(brut)
        if valeur is None:
            self._noter(recu, f"« {citer(brut)} » n'est pas un nombre : {permis}.")
            return None
        if code == "productivite" and 0 < valeur <= SEUIL_RATIO:
            valeur *= 100
        valeur = 100 - valeur if complement else valeur
        if not minimum <= valeur <= maximum:
            self._noter(recu, f"{ecrire(valeur)} est hors des bornes : {permis}.")
            return None
        if entier and valeur != int(valeur):
            self._noter(recu, f"{valeur:g} n'est pas un nombre entier : {permis}.")
            return None
        return valeur

    def _accorde(self, recu: str, champ: tuple[str, str], valeur: float) -> bool:
        """Faux si le même champ a déjà été reçu avec une autre valeur : l'ordre du JSON ne décide de rien."""
        deja, avant = self._recus.setdefault(champ, (recu, valeur))
        if abs(avant - valeur) <= 1e-9:
            return True
        qui = f"« {citer(deja)} »" if deja != recu else "donné deux fois"
        self._noter(recu, f"{ecrire(valeur)} contredit {ecrire(avant)} : {qui}, le même champ.")
        return False

    def _ranger(self, prefixe: str, code: str, valeur: float) -> None:
        if code == "croissance":
            self.croissance[prefixe.upper()] = valeur
        elif code in BORNES:
            self.fixes[code] = valeur
        else:
            self.libres[f"{prefixe}_{code}" if prefixe else code] = valeur

    def _noter(self, nom: str, phrase: str) -> None:
        self.fautes.noter(f"{self.champ}{nom}", phrase)


def _decomposer(nom: str, flux: list[str], catalogue: Container[str]) -> tuple[str, str, bool]:
    """« co_pct_hors_crbt » → ("co", "pct_crbt", vrai) ; « co_par_sac », nom du catalogue, reste entier."""
    connus = {*ALIAS, *ALIAS_SUFFIXES, *BORNES, *DU_CENTRE}
    prefixe = ""
    if nom not in catalogue and nom not in connus:
        suites = ((c.lower(), nom[len(c) + 1 :]) for c in flux if nom.lower().startswith(f"{c.lower()}_"))
        prefixe = next(
            (c for c, suite in suites if suite in connus or suite.startswith("pct") or suite in catalogue), ""
        )
    code = nom[len(prefixe) + 1 :] if prefixe else nom
    code = ALIAS.get(code, code)
    code = ALIAS_SUFFIXES.get(code, code)
    return prefixe, COMPLEMENTS.get(code, code), code in COMPLEMENTS


def _lire_par_centre(brut: Any, modele: _LectureParametres) -> dict[int, dict[str, float]]:
    """`centres_params` : {identifiant de centre: {paramètre: valeur}}."""
    fautes = modele.fautes
    if not isinstance(brut, Mapping):
        fautes.noter("centres_params", "Un objet {identifiant de centre: {paramètre: valeur}} est attendu.")
        return {}
    lus: dict[int, dict[str, float]] = {}
    for cle, valeurs in brut.items():
        centre_id = identifiant(cle)
        if centre_id is None or not isinstance(valeurs, Mapping):
            fautes.noter("centres_params", f"« {citer(cle)} » n'est pas un identifiant de centre.")
            continue
        lecture = _LectureParametres(fautes, modele=modele, champ=f"centres_params.{centre_id}.")
        for nom, valeur in valeurs.items():
            lecture.exiger(str(nom), valeur)
        lus[centre_id] = lecture.libres
    return lus
