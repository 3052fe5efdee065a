"""Créer, changer, copier, valider, supprimer et simuler un scénario : la seule porte, page comme API."""

import unicodedata
from collections.abc import Mapping
from typing import Any, TypedDict

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from referentiels.models import Centre, Direction
from referentiels.models.activite import ANNEE_MAX, ANNEE_MIN
from referentiels.perms import PAYS, Etendue, etendue_de
from simulateur.cache import versions
from simulateur.cache.versions import VersionDepassee
from simulateur.langue.citation import citer
from simulateur.travaux.machine import annuler
from simulateur.web.refus import DejaPris, SaisieRefusee
from simulations.calculs.lancement import centres_vises, lancer
from simulations.demandes.demande import SEUIL_RATIO, Demande, lire_demande, nombre_fini
from simulations.models import DirectionVisee, Scenario, Simulation
from simulations.models.contenus import Rapport, VolumeSaisi
from simulations.models.scenarios import ScenarioFige
from simulations.models.visibles import viser
from simulations.moteur import Parametres

CHAMPS_PROPRES = ("nom", "description", "annee")
NOM_MAX, DESCRIPTION_MAX = 120, 2000
DOUBLON = {"nom": ["Vous avez déjà un scénario de ce nom."]}


class ChampsDeScenario(TypedDict):
    """Ce qu'on écrit d'un scénario, validé. `parametres` : `Parametres.en_dict()`."""

    nom: str
    description: str
    annee: int | None
    parametres: dict[str, Any]
    volumes: list[VolumeSaisi]


def creer(corps: Mapping[str, Any], *, proprietaire: Any) -> Scenario:
    """Valide et enregistre un scénario ; lève SaisieRefusee, champs fautifs nommés."""
    etendue = _etendue(proprietaire)
    champs, directions = _valider(corps, etendue)
    # Sans centre nommé, il est de ce que voit son auteur.
    return _enregistrer(
        Scenario(**champs, proprietaire=proprietaire), directions or set(etendue.directions or ())
    )


def _etendue(compte: Any) -> Etendue:
    """Ce que voit qui écrit ; personne, à la console : tout le pays."""
    return PAYS if compte is None else etendue_de(compte)


def modifier(scenario: Scenario, corps: Mapping[str, Any], *, version: str = "", par: Any = None) -> Scenario:
    """Remplace les champs donnés, garde les autres. `version` : l'étiquette de ce que l'auteur a vu.

    Lève ScenarioFige s'il a été validé ou supprimé entre-temps, VersionDepassee s'il a changé.
    """
    lu = _relire(scenario, version)
    champs, directions = _valider({**corps_de(lu), **corps}, _etendue(par))
    try:
        with transaction.atomic():
            changes = _tel_que_lu(lu).update(**champs, modifie_le=timezone.now())
            if changes and directions:
                DirectionVisee.objects.filter(scenario=lu).delete()
                viser(directions, scenario=lu)
    except IntegrityError:
        raise DejaPris(DOUBLON) from None
    if changes != 1:
        _relire(scenario, "")
        raise VersionDepassee
    scenario.refresh_from_db()
    return scenario


def _relire(scenario: Scenario, version: str) -> Scenario:
    """Le brouillon tel qu'il est en base ; VersionDepassee si ce n'est plus `version`."""
    lu: Scenario | None = Scenario.objects.filter(pk=scenario.pk).first()
    if lu is None:
        raise ScenarioFige("Ce scénario vient d'être supprimé.")
    if lu.est_valide:
        raise ScenarioFige
    if version and version != versions.vue(lu):
        raise VersionDepassee
    return lu


def _tel_que_lu(lu: Scenario) -> QuerySet[Scenario]:
    """Ce brouillon, s'il a encore toutes ses valeurs : la vérification est dans l'écriture même."""
    lignes: QuerySet[Scenario] = Scenario.objects.brouillons().filter(**versions.stockees(lu))
    return lignes


def dupliquer(scenario: Scenario, *, proprietaire: Any, nom: str = "") -> Scenario:
    """Une copie modifiable, liée à son original. Sans nom : « X (copie) », numéroté au besoin."""
    copie = Scenario(
        nom=nom or _nom_libre(scenario.nom, proprietaire),
        description=scenario.description,
        annee=scenario.annee,
        parametres=scenario.parametres,
        volumes=scenario.volumes,
        parent=scenario,
        proprietaire=proprietaire,
    )
    visees = DirectionVisee.objects.filter(scenario=scenario)
    return _enregistrer(copie, set(visees.values_list("direction_id", flat=True)))


def valider(scenario: Scenario, *, par: Any, version: str = "") -> bool:
    """Brouillon → validé, en un UPDATE ; faux s'il l'était déjà. VersionDepassee s'il a changé."""
    try:
        lu = _relire(scenario, version)
    except ScenarioFige:
        return False
    maintenant = timezone.now()
    valides = _tel_que_lu(lu).update(
        etat=Scenario.Etat.VALIDE, valide_le=maintenant, valide_par=par, modifie_le=maintenant
    )
    scenario.refresh_from_db()
    if not valides and not scenario.est_valide:
        raise VersionDepassee
    return bool(valides)


def supprimer(scenario: Scenario, *, version: str = "") -> int:
    """Supprime un scénario et annule ses simulations en cours ; rend le nombre d'annulations demandées.

    Les simulations finies restent, sans scénario. Un scénario validé ne se supprime pas : ScenarioFige ;
    VersionDepassee s'il n'est plus `version`.
    """
    with transaction.atomic():
        verrouille = Scenario.objects.select_for_update().filter(pk=scenario.pk).first()
        if verrouille is None:
            return 0
        if verrouille.est_valide:
            raise ScenarioFige("Un scénario validé ne se supprime pas.")
        if version and version != versions.vue(verrouille):
            raise VersionDepassee
        vivantes = list(Simulation.objects.vivants().filter(scenario=verrouille))
        for simulation in vivantes:
            annuler(simulation)
        verrouille.delete()
    return len(vivantes)


def simuler(
    scenario: Scenario,
    *,
    niveau: Simulation.Niveau,
    demandeur: Any,
    direction: Direction | None = None,
    centre_ids: list[int] | None = None,
    cle: str | None = None,
) -> Simulation:
    """Lance une simulation du scénario. Lève Scenario.DoesNotExist s'il vient d'être supprimé."""
    with transaction.atomic():
        lu = Scenario.objects.select_for_update().get(pk=scenario.pk)
        demande = Demande(
            parametres=lu.jeu_de_parametres,
            volumes=lu.volumes,
            rapport={"scenario": lu.nom, **_rapport(lu.volumes, centres_vises(direction, centre_ids))},
            directions=set(lu.directions_visees.values_list("direction_id", flat=True)),
        )
        return lancer(
            niveau=niveau,
            demande=demande,
            demandeur=demandeur,
            direction=direction,
            centre_ids=centre_ids,
            annee=lu.annee,
            cle=cle,
            scenario=lu,
        )


def garder(
    demande: Demande,
    *,
    nom: str,
    annee: int,
    proprietaire: Any,
    direction: Direction | None = None,
    centre_ids: list[int] | None = None,
) -> Simulation:
    """D'un essai, un scénario de ce nom et sa simulation, ensemble ou pas du tout ; DejaPris si le nom l'est.

    L'année est celle de l'essai : la simulation a ses chiffres même si d'autres volumes arrivent.
    """
    niveau = Simulation.Niveau.NATIONAL
    if direction is not None:
        niveau = Simulation.Niveau.DIRECTION
    elif centre_ids:
        niveau = Simulation.Niveau.BATCH
    scenario = Scenario(
        nom=lire_nom({"nom": nom}),
        annee=annee,
        parametres=demande.parametres.en_dict(),
        volumes=demande.volumes,
        proprietaire=proprietaire,
    )
    with transaction.atomic():
        return simuler(
            _enregistrer(scenario, demande.directions or set(_etendue(proprietaire).directions or ())),
            niveau=niveau,
            demandeur=proprietaire,
            direction=direction,
            centre_ids=centre_ids,
        )


def _rapport(volumes: list[VolumeSaisi], vises: QuerySet[Centre]) -> Rapport:
    """Le rapport d'une demande, pour des volumes déjà lus : ceux des centres visés, les autres ignorés."""
    cites = {ligne["centre_id"] for ligne in volumes}
    comptes = set(vises.filter(pk__in=cites, actif=True).values_list("pk", flat=True))
    ignores = dict(Centre.objects.filter(pk__in=cites - comptes).values_list("pk", "nom"))
    return {
        "total_lignes": len(volumes),
        "matched_centres": len(comptes),
        "unknown_centres": [str(pk) for pk in sorted(cites - comptes - set(ignores))],
        "ignored_centres": list(ignores.values()),
    }


def corps_de(scenario: Scenario) -> dict[str, Any]:
    """Le corps d'API qui redonnerait ce scénario : la même forme qu'une demande de simulation."""
    parametres = Parametres.depuis_dict(scenario.parametres)
    croissance = {
        (f"{flux.lower()}_croissance" if flux else "croissance"): taux
        for flux, taux in parametres.croissance.items()
    }
    corps: dict[str, Any] = {
        "nom": scenario.nom,
        "description": scenario.description,
        "annee": scenario.annee,
        # Une productivité d'au plus 2 serait relue comme un ratio.
        "productivite": parametres.productivite / 100
        if parametres.productivite <= SEUIL_RATIO
        else parametres.productivite,
        "heures_jour": parametres.heures_jour,
        "temps_mort": parametres.temps_mort,
        "trajet_minutes": parametres.trajet_minutes,
        "shift": parametres.shift,
        "jours_ouvres": parametres.jours_ouvres,
        "mode": parametres.mode,
        "arrondi": parametres.arrondi,
        "global_params": {**parametres.libres, **croissance},
        "centres_params": {str(pk): dict(valeurs) for pk, valeurs in parametres.par_centre.items()},
        "volumes": scenario.volumes,
    }
    if parametres.part_du_mois is not None:
        corps |= {"part_du_mois": parametres.part_du_mois, "mois": parametres.mois}
    return corps


def _valider(corps: Mapping[str, Any], etendue: Etendue) -> tuple[ChampsDeScenario, set[int]]:
    """Les champs à écrire, et les directions des centres nommés."""
    erreurs: dict[str, list[str]] = {}
    textes: dict[str, str] = {}
    for nom, lire in (("nom", lire_nom), ("description", _lire_description)):
        try:
            textes[nom] = lire(corps)
        except SaisieRefusee as erreur:
            erreurs |= erreur.champs
    annee = _annee(corps.get("annee"), erreurs)
    entrees = {cle: valeur for cle, valeur in corps.items() if cle not in CHAMPS_PROPRES}
    try:
        demande = lire_demande(entrees, inconnus_refuses=True, etendue=etendue)
    except SaisieRefusee as erreur:
        raise SaisieRefusee({**erreurs, **erreur.champs}) from None
    inconnus = demande.rapport.get("unknown_centres") or []
    if inconnus:
        erreurs["volumes"] = [f"Centres inconnus : {', '.join(inconnus[:20])}."]
    if erreurs:
        raise SaisieRefusee(erreurs)
    champs: ChampsDeScenario = {
        "nom": textes["nom"],
        "description": textes["description"],
        "annee": annee,
        "parametres": demande.parametres.en_dict(),
        "volumes": demande.volumes,
    }
    return champs, demande.directions


def _annee(brut: Any, erreurs: dict[str, list[str]]) -> int | None:
    if brut in (None, ""):
        return None
    annee = nombre_fini(brut)
    if annee is None or annee != int(annee) or not ANNEE_MIN <= annee <= ANNEE_MAX:
        erreurs["annee"] = [f"« {citer(brut)} » : une année de {ANNEE_MIN} à {ANNEE_MAX} est attendue."]
        return None
    return int(annee)


def lire_nom(corps: Mapping[str, Any], *, obligatoire: bool = True) -> str:
    """Le nom d'un scénario ; vide s'il n'est pas obligatoire et absent."""
    nom = _lire_texte(corps, "nom", NOM_MAX)
    if obligatoire and not nom:
        raise SaisieRefusee({"nom": ["Un scénario porte un nom."]})
    return nom


def _lire_description(corps: Mapping[str, Any]) -> str:
    return _lire_texte(corps, "description", DESCRIPTION_MAX, permis="\r\n\t")


def _lire_texte(corps: Mapping[str, Any], champ: str, maximum: int, *, permis: str = "") -> str:
    """Un texte que toute base sait garder : ni caractère de contrôle, ni demi-caractère Unicode."""
    brut = corps.get(champ)
    if brut is None:
        return ""
    if not isinstance(brut, str):
        raise SaisieRefusee({champ: [f"« {citer(brut)} » n'est pas un texte."]})
    texte = brut.strip()
    if len(texte) > maximum:
        raise SaisieRefusee({champ: [f"{maximum} caractères au plus ({len(texte)} reçus)."]})
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in permis for c in texte):
        raise SaisieRefusee({champ: ["Un caractère de contrôle ou illisible n'est pas permis."]})
    return texte


def _nom_libre(nom: str, proprietaire: Any) -> str:
    pris = set(Scenario.objects.filter(proprietaire=proprietaire).values_list("nom", flat=True))
    rang = 1
    while True:
        suffixe = " (copie)" if rang == 1 else f" (copie {rang})"
        candidat = nom[: NOM_MAX - len(suffixe)] + suffixe
        if candidat not in pris:
            return candidat
        rang += 1


def _enregistrer(scenario: Scenario, directions: set[int]) -> Scenario:
    try:
        with transaction.atomic():
            scenario.save(force_insert=True)
            viser(directions, scenario=scenario)
    except IntegrityError:
        raise DejaPris(DOUBLON) from None
    return scenario
