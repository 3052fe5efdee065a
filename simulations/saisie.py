"""Validation d'une demande de simulation (API, page, commande) : du JSON reçu aux entrées du moteur.

Chaque erreur nomme son champ et ce qui est permis. Les noms historiques des clients sont acceptés.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rest_framework.exceptions import ValidationError

from referentiels.models import CelluleVolume, Centre, Flux, Parametre
from referentiels.models.activite import VOLUME_MAX
from simulateur.texte import normaliser
from simulations.moteur import MODES, Parametres
from simulations.moteur.parametres import PART_DU_MOIS_DEFAUT

# nom du champ : (minimum, maximum, entier) — metier/effectifs.md §3
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
SEUIL_RATIO = 2.0  # une productivité d'au plus 2 est un ratio : 0,7 = 70 %


@dataclass
class Demande:
    """Entrées validées ; `rapport` est rendu au client dans le résultat."""

    parametres: Parametres
    volumes: list[dict[str, Any]] = field(default_factory=list)
    rapport: dict[str, Any] = field(default_factory=dict)


class _Erreurs(dict[str, list[str]]):
    def noter(self, champ: str, phrase: str) -> None:
        self.setdefault(champ, []).append(phrase)


def nombre_fini(valeur: Any) -> float | None:
    """Le nombre, ou None si ce n'en est pas un (texte, booléen, NaN, infini)."""
    if isinstance(valeur, bool):
        return None
    try:
        nombre = float(valeur)
    except (TypeError, ValueError, OverflowError):
        return None
    return nombre if math.isfinite(nombre) else None


def lire_demande(corps: Any, *, direction_id: int | None = None) -> Demande:
    """Valide le corps d'une demande ; lève ValidationError (tous les champs fautifs à la fois).

    `direction_id` : les volumes d'un centre d'une autre direction sont comptés « ignorés ».
    """
    if not isinstance(corps, Mapping):
        raise ValidationError({"detail": "Le corps de la demande doit être un objet JSON."})
    erreurs = _Erreurs()
    parametres = _lire_parametres(corps, erreurs)
    volumes, rapport = _lire_volumes(corps, erreurs, direction_id)
    if erreurs:
        raise ValidationError(dict(erreurs))
    return Demande(parametres=parametres, volumes=volumes, rapport=rapport)


def _lire_parametres(corps: Mapping[str, Any], erreurs: _Erreurs) -> Parametres:
    catalogue = {parametre.code: parametre for parametre in Parametre.objects.all()}
    flux = list(Flux.objects.order_by("pk").values_list("code", flat=True))
    globaux = corps.get("global_params") or {}
    if not isinstance(globaux, Mapping):
        erreurs.noter("global_params", "Un objet {nom: valeur} est attendu.")
        globaux = {}
    connus = {ALIAS.get(nom, nom): valeur for nom, valeur in corps.items()}
    fixes: dict[str, float] = {}
    libres: dict[str, float] = {}
    croissance: dict[str, float] = {}
    for nom, brut in globaux.items():
        _classer(str(nom), brut, catalogue, flux, fixes, libres, croissance, erreurs, connu_seulement=False)
    for nom in set(BORNES) | set(catalogue):
        if nom in connus and connus[nom] is not None:
            _classer(nom, connus[nom], catalogue, flux, fixes, libres, croissance, erreurs)
    mode = corps.get("mode") or "actuel"
    if mode not in MODES:
        erreurs.noter("mode", f"« {mode} » est inconnu : choisir parmi {', '.join(MODES)}.")
        mode = "actuel"
    if "mois" in fixes:
        fixes.setdefault("part_du_mois", PART_DU_MOIS_DEFAUT)
    par_centre = _lire_par_centre(corps.get("centres_params"), catalogue, flux, erreurs)
    return Parametres(
        productivite=fixes.get("productivite", 100.0),
        heures_jour=fixes.get("heures_jour", 8.5),
        temps_mort=fixes.get("temps_mort", 0.0),
        trajet_minutes=fixes.get("trajet_minutes", 0.0),
        shift=int(fixes.get("shift", 1)),
        jours_ouvres=fixes.get("jours_ouvres", 264.0),
        part_du_mois=fixes.get("part_du_mois"),
        croissance=croissance,
        libres=libres,
        par_centre=par_centre,
        mode=mode,
    )


def _classer(
    nom_recu: str,
    brut: Any,
    catalogue: Mapping[str, Parametre],
    flux: list[str],
    fixes: dict[str, float],
    libres: dict[str, float],
    croissance: dict[str, float],
    erreurs: _Erreurs,
    *,
    connu_seulement: bool = True,
) -> None:
    """Range une valeur nommée là où elle va, après contrôle de ses bornes."""
    nom = ALIAS.get(nom_recu, nom_recu)
    prefixe, code, complement = _decomposer(nom, flux)
    if code == "croissance" and isinstance(brut, Mapping):
        for flux_code, taux in brut.items():
            _classer(
                f"{str(flux_code).lower()}_croissance",
                taux,
                catalogue,
                flux,
                fixes,
                libres,
                croissance,
                erreurs,
                connu_seulement=False,
            )
        return
    valeur = nombre_fini(brut)
    if valeur is None:
        erreurs.noter(nom_recu, f"« {brut} » n'est pas un nombre.")
    elif code == "croissance":
        _borner(nom_recu, valeur, *BORNES["croissance"], erreurs)
        croissance[prefixe.upper()] = valeur
    elif code in BORNES and not prefixe:
        if code == "productivite" and 0 < valeur <= SEUIL_RATIO:
            valeur *= 100
        _borner(nom_recu, valeur, *BORNES[code], erreurs)
        fixes[code] = valeur
    elif code in catalogue:
        regle = catalogue[code]
        valeur = 100 - valeur if complement else valeur
        _borner(nom_recu, valeur, regle.minimum, regle.maximum, False, erreurs)
        libres[f"{prefixe}_{code}" if prefixe else code] = valeur
    elif not connu_seulement:
        erreurs.noter(
            nom_recu,
            f"Paramètre inconnu. Permis : {', '.join([*BORNES, *sorted(catalogue)])}, "
            f"seuls ou précédés d'un flux ({', '.join(f.lower() + '_' for f in flux)}).",
        )


def _decomposer(nom: str, flux: list[str]) -> tuple[str, str, bool]:
    """« co_pct_hors_crbt » → ("co", "pct_crbt", vrai)."""
    prefixe = next((code.lower() for code in flux if nom.lower().startswith(f"{code.lower()}_pct")), "")
    if not prefixe and nom.lower().endswith("_croissance"):
        prefixe = next((c.lower() for c in flux if nom.lower() == f"{c.lower()}_croissance"), "")
    code = nom[len(prefixe) + 1 :] if prefixe else nom
    code = ALIAS_SUFFIXES.get(code, code)
    return prefixe, COMPLEMENTS.get(code, code), code in COMPLEMENTS


def _borner(nom: str, valeur: float, minimum: float, maximum: float, entier: bool, erreurs: _Erreurs) -> None:
    if not minimum <= valeur <= maximum:
        erreurs.noter(nom, f"{valeur:g} est hors des bornes : de {minimum:g} à {maximum:g}.")
    elif entier and valeur != int(valeur):
        erreurs.noter(nom, f"{valeur:g} n'est pas un nombre entier ({minimum:g} à {maximum:g}).")


def _lire_par_centre(
    brut: Any, catalogue: Mapping[str, Parametre], flux: list[str], erreurs: _Erreurs
) -> dict[int, dict[str, float]]:
    """`centres_params` : {identifiant de centre: {paramètre: valeur}}."""
    if not brut:
        return {}
    if not isinstance(brut, Mapping):
        erreurs.noter("centres_params", "Un objet {identifiant de centre: {paramètre: valeur}} est attendu.")
        return {}
    lus: dict[int, dict[str, float]] = {}
    for cle, valeurs in brut.items():
        if not str(cle).isdigit() or not isinstance(valeurs, Mapping):
            erreurs.noter("centres_params", f"« {cle} » n'est pas un identifiant de centre.")
            continue
        libres: dict[str, float] = {}
        for nom, valeur in valeurs.items():
            locales = _Erreurs()
            _classer(str(nom), valeur, catalogue, flux, {}, libres, {}, locales, connu_seulement=False)
            for champ, phrases in locales.items():
                erreurs.noter(f"centres_params.{cle}.{champ}", phrases[0])
        lus[int(cle)] = libres
    return lus


def _lignes_de_volumes(corps: Mapping[str, Any], erreurs: _Erreurs) -> list[tuple[str, Mapping[str, Any]]]:
    """(nom du champ, ligne) des deux formes admises : `volumes` à plat, `centres_volumes` groupés."""
    lignes: list[tuple[str, Mapping[str, Any]]] = []
    for champ in ("volumes", "centres_volumes"):
        brut = corps.get(champ) or []
        if not isinstance(brut, list):
            erreurs.noter(champ, "Une liste est attendue.")
            continue
        for rang, ligne in enumerate(brut):
            nom = f"{champ}[{rang}]"
            if not isinstance(ligne, Mapping):
                erreurs.noter(nom, "Un objet {centre_id ou centre_label, flux, sens, segment, volume}.")
                continue
            groupees = ligne.get("volumes")
            if isinstance(groupees, list):
                commun = {cle: ligne.get(cle) for cle in ("centre_id", "centre_label")}
                lignes += [
                    (f"{nom}.volumes[{i}]", {**commun, **sous})
                    for i, sous in enumerate(groupees)
                    if isinstance(sous, Mapping)
                ]
            else:
                lignes.append((nom, ligne))
    return lignes


def _lire_volumes(
    corps: Mapping[str, Any], erreurs: _Erreurs, direction_id: int | None
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    lignes = _lignes_de_volumes(corps, erreurs)
    rapport: dict[str, Any] = {
        "total_lignes": len(lignes),
        "matched_centres": 0,
        "unknown_centres": [],
        "ignored_centres": [],
    }
    if not lignes:
        return [], rapport
    cellules = _Cellules()
    centres = _CentresCites(lignes)
    lus: list[dict[str, Any]] = []
    trouves: set[int] = set()
    inconnus: dict[str, None] = {}
    ignores: dict[str, None] = {}
    for nom, ligne in lignes:
        volume = nombre_fini(ligne.get("volume"))
        if volume is None:
            erreurs.noter(f"{nom}.volume", f"« {ligne.get('volume')} » n'est pas un nombre.")
        elif not 0 <= volume <= VOLUME_MAX:
            erreurs.noter(f"{nom}.volume", f"{volume:g} est hors des bornes : de 0 à {VOLUME_MAX:g}.")
        cellule = cellules.trouver(ligne)
        if cellule is None:
            erreurs.noter(nom, cellules.phrase(ligne))
        centre = centres.trouver(ligne)
        libelle = str(ligne.get("centre_label") or ligne.get("centre_id") or "")
        if centre is None:
            inconnus[libelle] = None
        elif not centre.actif or (direction_id is not None and centre.direction_id != direction_id):
            ignores[libelle] = None
        elif volume is not None and cellule is not None:
            trouves.add(centre.pk)
            lus.append({"centre_id": centre.pk, "cellule": cellule, "volume": volume})
    rapport |= {
        "matched_centres": len(trouves),
        "unknown_centres": list(inconnus),
        "ignored_centres": list(ignores),
    }
    return lus, rapport


class _Cellules:
    """Cellules par code, et par (flux, sens, segment) normalisés. Une requête."""

    def __init__(self) -> None:
        lignes = CelluleVolume.objects.values_list("code", "flux__code", "sens__code", "segment__code")
        self.par_triple = {(flux or "", sens, segment): code for code, flux, sens, segment in lignes}
        self.par_code = {normaliser(code): code for code in self.par_triple.values()}

    def trouver(self, ligne: Mapping[str, Any]) -> str | None:
        if ligne.get("cellule"):
            return self.par_code.get(normaliser(str(ligne["cellule"])))
        return self.par_triple.get(self._triple(ligne))

    def _triple(self, ligne: Mapping[str, Any]) -> tuple[str, str, str]:
        flux, sens, segment = (normaliser(str(ligne.get(cle) or "")) for cle in ("flux", "sens", "segment"))
        return flux, sens, segment.replace(".", "_").replace(" ", "_") or "GLOBAL"

    def phrase(self, ligne: Mapping[str, Any]) -> str:
        flux, sens, segment = self._triple(ligne)
        permis = sorted(s for f, sn, s in self.par_triple if (f, sn) == (flux, sens))
        if permis:
            return f"Segment « {segment} » inconnu pour {flux} {sens} : {', '.join(permis)}."
        couples = sorted({f"{f or '(sans flux)'} {sn}" for f, sn, _ in self.par_triple})
        return f"Flux et sens « {flux} {sens} » inconnus : {', '.join(couples)}."


class _CentresCites:
    """Les centres nommés dans la demande, par identifiant, code ou nom. Une requête.

    Les libellés se comparent sans casse ni accents : SQLite ne sait pas le faire, on compare ici.
    """

    def __init__(self, lignes: list[tuple[str, Mapping[str, Any]]]) -> None:
        self.par_id: dict[int, Centre] = {}
        self.par_label: dict[str, Centre] = {}
        par_label = any(not str(ligne.get("centre_id") or "").isdigit() for _, ligne in lignes)
        centres = Centre.objects.only("pk", "nom", "code", "actif", "direction_id")
        if not par_label:
            centres = centres.filter(pk__in={int(ligne["centre_id"]) for _, ligne in lignes})
        for centre in centres:
            self.par_id[centre.pk] = centre
            if par_label:
                self.par_label[normaliser(centre.nom)] = centre
                self.par_label[normaliser(centre.code)] = centre

    def trouver(self, ligne: Mapping[str, Any]) -> Centre | None:
        identifiant = str(ligne.get("centre_id") or "")
        if identifiant.isdigit():
            return self.par_id.get(int(identifiant))
        return self.par_label.get(normaliser(str(ligne.get("centre_label") or "")))
