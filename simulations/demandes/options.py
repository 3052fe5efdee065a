"""Options d'une lecture (`?niveau=centre&graine=7`) : chacune bornée, nommée dans son erreur."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from referentiels.models.activite import ANNEE_MAX, ANNEE_MIN
from simulateur.langue.citation import citer
from simulateur.web.refus import SANS_CHAMP, SaisieRefusee
from simulations.demandes.fautes import identifiant, nombre_fini
from simulations.demandes.perimetre import Perimetre, niveau_par_defaut
from simulations.models import Simulation
from simulations.moteur.niveaux import NIVEAUX

COMPAREES_MAX = 5
DISPERSION = "dispersion_"  # suivi du code d'un flux


def entier(donnees: Mapping[str, Any], nom: str, *, defaut: int, minimum: int, maximum: int) -> int:
    """L'entier demandé ; SaisieRefusee hors des bornes."""
    brut = donnees.get(nom)
    if brut in (None, ""):
        return defaut
    valeur = nombre_fini(brut)
    if valeur is None or valeur != int(valeur):
        raise SaisieRefusee({nom: [f"« {citer(brut)} » n'est pas un nombre entier."]})
    if not minimum <= valeur <= maximum:
        permis = f"de {minimum} à {maximum}"
        raise SaisieRefusee({nom: [f"{citer(brut)} est hors des bornes : {permis}."]})
    return int(valeur)


def cle(donnees: Mapping[str, Any], nom: str) -> int | None:
    """L'identifiant demandé, None s'il ne l'est pas ; SaisieRefusee si ce n'en est pas un."""
    brut = donnees.get(nom)
    if brut in (None, ""):
        return None
    lu = identifiant(brut)
    if not lu:
        raise SaisieRefusee({nom: [f"« {citer(brut)} » n'est pas un identifiant."]})
    return lu


def annee(donnees: Mapping[str, Any]) -> int | None:
    """L'année des volumes demandée ; None : la même pour tous les calculs."""
    return entier(donnees, "annee", defaut=0, minimum=ANNEE_MIN, maximum=ANNEE_MAX) or None


def nombre(donnees: Mapping[str, Any], nom: str, *, defaut: float, minimum: float, maximum: float) -> float:
    brut = donnees.get(nom)
    if brut in (None, ""):
        return defaut
    valeur = nombre_fini(str(brut).replace(",", "."))
    if valeur is None:
        raise SaisieRefusee({nom: [f"« {citer(brut)} » n'est pas un nombre."]})
    if not minimum <= valeur <= maximum:
        raise SaisieRefusee({nom: [f"{valeur:g} est hors des bornes : de {minimum:g} à {maximum:g}."]})
    return valeur


def choix(donnees: Mapping[str, Any], nom: str, permis: Sequence[str], *, defaut: str) -> str:
    valeur = str(donnees.get(nom) or defaut)
    if valeur not in permis:
        phrase = f"« {citer(valeur)} » est inconnu : choisir parmi {', '.join(permis)}."
        raise SaisieRefusee({nom: [phrase]})
    return valeur


def corps(donnees: Any) -> Mapping[str, Any]:
    """Le corps JSON d'une demande, qui doit être un objet."""
    if not isinstance(donnees, Mapping):
        raise SaisieRefusee({SANS_CHAMP: ["Le corps de la demande doit être un objet JSON."]})
    return donnees


def booleen(donnees: Mapping[str, Any], nom: str, *, defaut: bool) -> bool:
    brut = donnees.get(nom)
    if brut in (None, ""):
        return defaut
    if str(brut).lower() in ("1", "true", "vrai", "oui", "on"):
        return True
    if str(brut).lower() in ("0", "false", "faux", "non"):
        return False
    raise SaisieRefusee({nom: [f"« {citer(brut)} » : vrai ou faux est attendu."]})


def perimetre(donnees: Mapping[str, Any], simulation: Simulation) -> Perimetre:
    """`direction`, `centre` et `niveau` des lignes ; par défaut le niveau juste au-dessous."""
    direction_id, centre_id = cle(donnees, "direction"), cle(donnees, "centre")
    naturel = niveau_par_defaut(simulation, direction_id=direction_id, centre_id=centre_id)
    niveau = choix(donnees, "niveau", NIVEAUX, defaut=naturel)
    large = simulation.niveau == Simulation.Niveau.NATIONAL and not direction_id and not centre_id
    if niveau == "poste" and large:
        raise SaisieRefusee({"niveau": ["Pour les postes du pays, donner `direction` ou `centre`."]})
    return Perimetre(niveau, direction_id, centre_id)


def perimetre_commun(donnees: Mapping[str, Any], simulations: Sequence[Simulation]) -> Perimetre:
    """Le périmètre d'une comparaison : celui de la plus large des simulations."""
    return perimetre(donnees, max(simulations, key=lambda s: s.niveau == Simulation.Niveau.NATIONAL))


def identifiants(donnees: Mapping[str, Any], nom: str = "ids") -> list[UUID]:
    """De deux à cinq identifiants de simulations distincts, séparés par des virgules."""
    bruts = [brut.strip() for brut in str(donnees.get(nom) or "").split(",") if brut.strip()]
    try:
        cles = [UUID(brut) for brut in bruts]
    except ValueError:
        raise SaisieRefusee({nom: ["Des identifiants de simulations sont attendus."]}) from None
    if len(set(cles)) != len(cles):
        raise SaisieRefusee({nom: ["Une simulation est donnée deux fois."]})
    if not 2 <= len(cles) <= COMPAREES_MAX:
        raise SaisieRefusee(
            {nom: [f"De 2 à {COMPAREES_MAX} simulations sont attendues ({len(cles)} reçue(s))."]}
        )
    return cles


def parts_du_mois(donnees: Mapping[str, Any], nom: str = "parts") -> list[float] | None:
    """Douze parts en %, séparées par des virgules (ou « ; »), dont la somme fait 100 à 1 près."""
    brut = str(donnees.get(nom) or "").strip()
    if not brut:
        return None
    separateur = ";" if ";" in brut else ","
    valeurs = [nombre_fini(v.strip().replace(",", ".")) for v in brut.split(separateur)]
    if len(valeurs) != 12 or any(v is None or not 0 <= v <= 100 for v in valeurs):
        raise SaisieRefusee({nom: ["Douze parts de 0 à 100 sont attendues."]})
    nombres = [float(v) for v in valeurs if v is not None]
    if abs(sum(nombres) - 100) > 1:
        raise SaisieRefusee({nom: [f"La somme des douze parts fait {sum(nombres):g}, pas 100."]})
    return nombres


def dispersions(donnees: Mapping[str, Any], flux: Sequence[str]) -> dict[str, float]:
    """`dispersion_co=15` : dispersion propre à un flux, en %."""
    propres = {}
    for code in flux:
        nom = f"{DISPERSION}{code.lower()}"
        if donnees.get(nom) not in (None, ""):
            propres[code] = nombre(donnees, nom, defaut=0, minimum=0, maximum=100)
    inconnus = [
        nom
        for nom in donnees
        if nom.startswith(DISPERSION) and nom.removeprefix(DISPERSION).upper() not in flux
    ]
    if inconnus:
        permis = ", ".join(f"{DISPERSION}{code.lower()}" for code in flux)
        raise SaisieRefusee({citer(inconnus[0]): [f"Flux inconnu. Permis : {permis}."]})
    return propres
