"""Pages des scénarios."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referentiels.models import Centre
from referentiels.perms import etendue_de
from simulateur.cache.versions import VersionDepassee
from simulateur.langue.citation import citer
from simulateur.models import Etat
from simulateur.pages import gardees
from simulateur.pages.versions import CHAMP
from simulateur.web.refus import SaisieRefusee, refus_en_message
from simulations import perms
from simulations.demandes.cibles import cible
from simulations.models import Scenario, Simulation
from simulations.models.scenarios import ScenarioFige
from simulations.pages import etats, lecture, presentation
from simulations.pages.forms_scenarios import FormulaireScenario
from simulations.scenarios import services

PAR_PAGE = 50
SIMULATIONS_MONTREES = 50
VOLUMES_MONTRES = 200


@require_safe
@gardees.page(etats.scenarios)
def liste(request: HttpRequest) -> HttpResponse:
    """Tous les scénarios, les derniers changés d'abord."""
    lus = Scenario.objects.pour_liste(request.user).order_by("-modifie_le", "pk")
    page = Paginator(lus, PAR_PAGE).get_page(request.GET.get("page"))
    return render(request, "simulations/scenarios/liste.html", {"page": page, "scenarios": page.object_list})


@require_http_methods(["GET", "HEAD", "POST"])
def nouveau(request: HttpRequest) -> HttpResponse:
    if not perms.peut_creer_scenario(request.user):
        raise PermissionDenied
    return _editer(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: HttpRequest, pk: int) -> HttpResponse:
    scenario = _a_changer(request, pk)
    if scenario.est_valide:
        messages.warning(request, str(ScenarioFige()))
        return redirect(scenario)
    return _editer(request, scenario)


def _editer(request: HttpRequest, scenario: Scenario | None) -> HttpResponse:
    formulaire = _formulaire(request.POST or None, scenario)
    if request.method == "POST" and formulaire.is_valid():
        try:
            garde = (
                services.modifier(
                    scenario,
                    formulaire.corps,
                    version=formulaire.cleaned_data[CHAMP],
                    par=request.user,
                )
                if scenario
                else services.creer(formulaire.corps, proprietaire=request.user)
            )
        except ScenarioFige as fige:
            messages.warning(request, str(fige))
            return redirect("simulations:scenarios")
        except VersionDepassee:
            formulaire.montrer_les_deux(
                _formulaire(None, Scenario.objects.filter(pk=scenario.pk).first() if scenario else None)
            )
        except SaisieRefusee as erreur:
            for nom, phrases in erreur.champs.items():
                champ = nom if nom in formulaire.fields else nom.split("[")[0]
                formulaire.add_error(
                    champ if champ in formulaire.fields else None, [f"{nom} : {p}" for p in phrases]
                )
        else:
            messages.success(request, f"Scénario « {garde} » enregistré.")
            return redirect(garde)
    titre = f"Modifier {scenario}" if scenario else "Nouveau scénario"
    contexte = {
        "form": formulaire,
        "scenario": scenario,
        "titre": titre,
        "fil": [("Scénarios", reverse("simulations:scenarios")), (titre, None)],
    }
    return render(
        request,
        "simulations/scenarios/formulaire.html",
        contexte,
        status=400 if formulaire.errors else 200,
    )


def _formulaire(donnees: QueryDict | None, scenario: Scenario | None) -> FormulaireScenario:
    return FormulaireScenario(
        donnees, scenario=scenario, catalogue=lecture.catalogue(), annees=lecture.annees_proposees()
    )


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Le scénario, ses simulations, et ce qu'on peut en faire."""
    scenario = _lire(request, pk)
    directions, catalogue = lecture.directions_et_catalogue(etendue_de(request.user))
    simulations = list(
        Simulation.objects.visible_par(request.user)
        .pour_historique()
        .filter(scenario=scenario)
        .order_by("-cree_le")[:SIMULATIONS_MONTREES]
    )
    return render(
        request,
        "simulations/scenarios/detail.html",
        {
            "scenario": scenario,
            "parametres": _en_mots(scenario, catalogue),
            "nb_volumes": len(scenario.volumes),
            "volumes": presentation.volumes_en_lignes(scenario.volumes[:VOLUMES_MONTRES])
            if scenario.volumes
            else [],
            "fictive": any(s.fictive for s in simulations),
            "simulations": simulations,
            "comparables": sum(s.etat == Etat.TERMINEE for s in simulations) > 1,
            "directions": directions,
            "peut_changer": perms.peut_changer_scenario(request.user, scenario),
            "fil": [("Scénarios", reverse("simulations:scenarios")), (scenario.nom, None)],
        },
    )


def _en_mots(scenario: Scenario, catalogue: lecture.Catalogue) -> list[tuple[str, str]]:
    """Les paramètres écrits comme ceux d'une simulation."""
    apercu = Simulation(annee=scenario.annee or 0, parametres=scenario.parametres, rapport={})
    lignes = presentation.parametres_en_mots(apercu, catalogue)
    annee = str(scenario.annee) if scenario.annee else "celle du moment, la même pour tous les calculs"
    return [(nom, annee if nom == "Volumes de l'année" else valeur) for nom, valeur in lignes]


@require_POST
def dupliquer(request: HttpRequest, pk: int) -> HttpResponse:
    scenario = _lire(request, pk)
    if not perms.peut_dupliquer_scenario(request.user, scenario):
        raise PermissionDenied
    copie = services.dupliquer(scenario, proprietaire=request.user)
    messages.success(request, f"« {copie} » est une copie modifiable de « {scenario} ».")
    return redirect(copie)


@require_POST
@refus_en_message("simulations:scenario")
def valider(request: HttpRequest, pk: int) -> HttpResponse:
    scenario = _a_changer(request, pk)
    if services.valider(scenario, par=request.user, version=request.POST.get(CHAMP, "")):
        messages.success(request, f"« {scenario} » est validé : il ne changera plus.")
    else:
        messages.warning(request, "Ce scénario était déjà validé.")
    return redirect(scenario)


@require_POST
@refus_en_message("simulations:scenario")
def supprimer(request: HttpRequest, pk: int) -> HttpResponse:
    scenario = _a_changer(request, pk)
    annulees = services.supprimer(scenario, version=request.POST.get(CHAMP, ""))
    suite = f" {annulees} simulation(s) en cours annulée(s)." if annulees else ""
    messages.success(request, f"« {scenario} » est supprimé.{suite}")
    return redirect("simulations:scenarios")


@require_POST
@refus_en_message("simulations:scenario")
def simuler(request: HttpRequest, pk: int) -> HttpResponse:
    scenario = _lire(request, pk)
    if not perms.peut_simuler_scenario(request.user, scenario):
        raise PermissionDenied
    try:
        voulue = cible(_cible_saisie(request), etendue_de(request.user))
        simulation = services.simuler(scenario, demandeur=request.user, **voulue)
    except Scenario.DoesNotExist:
        messages.warning(request, "Ce scénario vient d'être supprimé.")
        return redirect("simulations:scenarios")
    return redirect(simulation)


def _cible_saisie(request: HttpRequest) -> dict[str, object]:
    """La direction choisie, ou les centres dont on a écrit les codes ; SaisieRefusee sinon."""
    donnees = request.POST
    codes = donnees.get("codes", "").replace(",", " ").replace(";", " ").split()
    voulue: dict[str, object] = {"direction_id": donnees.get("direction_id")}
    if not codes:
        return voulue
    connus = dict(Centre.objects.visible_par(request.user).filter(code__in=codes).values_list("code", "pk"))
    if inconnus := [code for code in codes if code not in connus]:
        raise SaisieRefusee({"codes": [f"Centres inconnus : {', '.join(map(citer, inconnus[:20]))}."]})
    return {**voulue, "centre_ids": [connus[code] for code in codes]}


def _lire(request: HttpRequest, pk: int) -> Scenario:
    """404 s'il n'existe pas ou ne regarde pas cette personne."""
    visibles = Scenario.objects.pour_liste(request.user).select_related("valide_par")
    scenario: Scenario = get_object_or_404(visibles, pk=pk)
    return scenario


def _a_changer(request: HttpRequest, pk: int) -> Scenario:
    scenario = _lire(request, pk)
    if not perms.peut_changer_scenario(request.user, scenario):
        raise PermissionDenied
    return scenario
