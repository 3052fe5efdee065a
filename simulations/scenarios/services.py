"""Créer, changer, copier, valider, supprimer et simuler un scénario : la seule porte, page comme API."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from referentiels.models import Direction
from simulateur.machine import annuler
from simulations.lancement import lancer
from simulations.models import Scenario, Simulation
from simulations.moteur import Parametres
from simulations.saisie import SEUIL_RATIO, Demande, lire_demande, nombre_fini

CHAMPS_PROPRES = ("nom", "description", "annee")
NOM_MAX, DESCRIPTION_MAX = 120, 2000
DOUBLON = {"nom": ["Vous avez déjà un scénario de ce nom."]}


def creer(corps: Mapping[str, Any], *, proprietaire: Any) -> Scenario:
    """Valide et enregistre un scénario ; lève ValidationError, champs fautifs nommés."""
    champs = _valider(corps)
    return _enregistrer(Scenario(**champs, proprietaire=proprietaire))


def modifier(scenario: Scenario, corps: Mapping[str, Any]) -> Scenario:
    """Remplace les champs donnés, garde les autres. Lève ScenarioFige s'il a été validé entre-temps."""
    from simulations.scenarios.modeles import ScenarioFige

    champs = _valider({**corps_de(scenario), **corps})
    try:
        with transaction.atomic():
            changes = (
                Scenario.objects.brouillons()
                .filter(pk=scenario.pk)
                .update(**champs, modifie_le=timezone.now())
            )
    except IntegrityError:
        raise ValidationError(DOUBLON) from None
    if changes != 1:
        raise ScenarioFige
    scenario.refresh_from_db()
    return scenario


def dupliquer(scenario: Scenario, *, proprietaire: Any, nom: str = "") -> Scenario:
    """Une copie modifiable, liée à son original. Sans nom : « X (copie) », numéroté au besoin."""
    copie = Scenario(
        nom=_borner_nom(nom) if nom else _nom_libre(scenario.nom, proprietaire),
        description=scenario.description,
        annee=scenario.annee,
        parametres=scenario.parametres,
        volumes=scenario.volumes,
        parent=scenario,
        proprietaire=proprietaire,
    )
    return _enregistrer(copie)


def valider(scenario: Scenario, *, par: Any) -> bool:
    """Brouillon → validé, en un UPDATE ; faux s'il l'était déjà."""
    maintenant = timezone.now()
    valides = (
        Scenario.objects.brouillons()
        .filter(pk=scenario.pk)
        .update(etat=Scenario.Etat.VALIDE, valide_le=maintenant, valide_par=par, modifie_le=maintenant)
    )
    scenario.refresh_from_db()
    return bool(valides)


def supprimer(scenario: Scenario) -> int:
    """Supprime un scénario et annule ses simulations en cours ; rend le nombre d'annulations demandées.

    Les simulations finies restent, sans scénario. Un scénario validé ne se supprime pas : ScenarioFige.
    """
    from simulations.scenarios.modeles import ScenarioFige

    with transaction.atomic():
        verrouille = Scenario.objects.select_for_update().filter(pk=scenario.pk).first()
        if verrouille is None:
            return 0
        if verrouille.est_valide:
            raise ScenarioFige("Un scénario validé ne se supprime pas.")
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
            rapport={"scenario": lu.nom},
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
        "global_params": {**parametres.libres, **croissance},
        "centres_params": {str(pk): dict(valeurs) for pk, valeurs in parametres.par_centre.items()},
        "volumes": scenario.volumes,
    }
    if parametres.part_du_mois is not None:
        corps["part_du_mois"] = parametres.part_du_mois
    return corps


def _valider(corps: Mapping[str, Any]) -> dict[str, Any]:
    erreurs: dict[str, Any] = {}
    champs: dict[str, Any] = {"description": str(corps.get("description") or "").strip()}
    try:
        champs["nom"] = _borner_nom(str(corps.get("nom") or ""))
    except ValidationError as erreur:
        erreurs |= dict(erreur.detail)  # type: ignore[arg-type]
    if len(champs["description"]) > DESCRIPTION_MAX:
        erreurs["description"] = [f"{DESCRIPTION_MAX} caractères au plus."]
    champs["annee"] = _annee(corps.get("annee"), erreurs)
    entrees = {cle: valeur for cle, valeur in corps.items() if cle not in CHAMPS_PROPRES}
    try:
        demande = lire_demande(entrees)
    except ValidationError as erreur:
        raise ValidationError({**erreurs, **dict(erreur.detail)}) from None  # type: ignore[arg-type]
    inconnus = demande.rapport.get("unknown_centres") or []
    if inconnus:
        erreurs["volumes"] = [f"Centres inconnus : {', '.join(inconnus[:20])}."]
    if erreurs:
        raise ValidationError(erreurs)
    return {**champs, "parametres": demande.parametres.en_dict(), "volumes": demande.volumes}


def _annee(brut: Any, erreurs: dict[str, Any]) -> int | None:
    if brut in (None, ""):
        return None
    annee = nombre_fini(brut)
    if annee is None or annee != int(annee) or not 1990 <= annee <= 2100:
        erreurs["annee"] = [f"« {brut} » : une année de 1990 à 2100 est attendue."]
        return None
    return int(annee)


def _borner_nom(nom: str) -> str:
    nom = nom.strip()
    if not nom:
        raise ValidationError({"nom": ["Un scénario porte un nom."]})
    if len(nom) > NOM_MAX:
        raise ValidationError({"nom": [f"{NOM_MAX} caractères au plus ({len(nom)} reçus)."]})
    if "\x00" in nom:
        raise ValidationError({"nom": ["Le caractère nul n'est pas permis."]})
    return nom


def _nom_libre(nom: str, proprietaire: Any) -> str:
    pris = set(Scenario.objects.filter(proprietaire=proprietaire).values_list("nom", flat=True))
    rang = 1
    while True:
        suffixe = " (copie)" if rang == 1 else f" (copie {rang})"
        candidat = nom[: NOM_MAX - len(suffixe)] + suffixe
        if candidat not in pris:
            return candidat
        rang += 1


def _enregistrer(scenario: Scenario) -> Scenario:
    try:
        with transaction.atomic():
            scenario.save(force_insert=True)
    except IntegrityError:
        raise ValidationError(DOUBLON) from None
    return scenario
