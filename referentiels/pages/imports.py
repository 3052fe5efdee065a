"""Pages d'import : envoyer, relire le rapport de l'essai à blanc, appliquer."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from referentiels.imports import defaire as retours
from referentiels.imports import depot
from referentiels.imports.descriptions import DESCRIPTIONS
from referentiels.imports.rapport import accorder
from referentiels.imports.service import Demande, Genre, importer
from referentiels.imports.taches import remplir_depuis_modele
from referentiels.models import ImportFichier
from referentiels.models.activite import ImportQuerySet
from referentiels.pages.forms import FORMULAIRES, FormulaireModele
from referentiels.perms import etendue_de, peut_importer, peut_voir_les_couts
from simulateur.fichiers.ecriture import csv_pour_tableur
from simulateur.langue.texte import normaliser
from simulateur.travaux.prise import Refus
from simulateur.web.refus import refus_en_message

PAR_PAGE = 100
COLONNES = {
    Genre.TACHES.value: "Nom de tâche, Produit, Famille, Phase, Unité de mesure, base de calcul, "
    "Responsable 1, Responsable 2, Temps_min, Temps_sec",
    Genre.VOLUMES.value: "centre, flux, sens, segment (ou cellule), volume, annee ; ou feuille par centre",
    Genre.EFFECTIFS.value: "Région, Centre, Poste, Statutaires, APS",
    **{
        genre: "une feuille par table (" + ", ".join(table.nom for table in tables) + "), ou une seule en csv"
        for genre, tables in DESCRIPTIONS.items()
    },
}


def _verifier_droit(request: HttpRequest) -> None:
    if not peut_importer(request.user):
        raise PermissionDenied


def _visibles(request: HttpRequest) -> ImportQuerySet:
    return ImportFichier.objects.visible_par(request.user)


def _fil(*suite: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [("Imports", reverse("referentiels:imports")), *suite]


@require_GET
def liste(request: HttpRequest) -> HttpResponse:
    _verifier_droit(request)
    lignes = _visibles(request).select_related("par").defer("rapport")
    page = Paginator(lignes, 50).get_page(request.GET.get("page"))
    contexte = {"page": page, "genres": Genre.choices}
    return render(request, "referentiels/imports/liste.html", contexte)


@require_http_methods(["GET", "POST"])
def nouveau(request: HttpRequest, genre: str) -> HttpResponse:
    """Envoi d'un fichier : toujours un essai à blanc."""
    _verifier_droit(request)
    classe = FORMULAIRES.get(genre)
    if classe is None:
        raise Http404
    etendue = etendue_de(request.user)
    formulaire = classe(request.POST or None, request.FILES or None, etendue=etendue)
    if request.method == "POST" and formulaire.is_valid():
        fichier = formulaire.cleaned_data["fichier"]
        contenu = fichier.read()
        demande = replace(formulaire.demande(), couts=peut_voir_les_couts(request.user))
        trace = importer(demande, contenu=contenu, nom=fichier.name, a_blanc=True, par=request.user)
        if trace.rapport["accepte"]:
            depot.deposer(trace, contenu)
        return redirect("referentiels:import", trace.pk)
    libelle = Genre(genre).label
    contexte: dict[str, Any] = {
        "form": formulaire,
        "genre": genre,
        "libelle": libelle,
        "colonnes": COLONNES[genre],
        "tables": DESCRIPTIONS.get(genre, ()),
        "modele": FormulaireModele(prefix="modele") if genre == Genre.TACHES.value else None,
        "fil": _fil((libelle, None)),
    }
    statut = 400 if formulaire.is_bound else 200
    return render(request, "referentiels/imports/nouveau.html", contexte, status=statut)


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    _verifier_droit(request)
    trace = get_object_or_404(_visibles(request).select_related("par", "defait_par"), pk=pk)
    rejets = Paginator(trace.rapport.get("rejets", []), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "trace": trace,
        "rapport": trace.rapport,
        "rejets": rejets,
        **_changements(request, trace),
        "applicable": _applicable(request, trace),
        "defaisable": retours.peut_se_defaire(trace),
        "jours": settings.IMPORT_DEFAIRE_JOURS,
        "fil": _fil((f"Import n° {trace.pk}", None)),
    }
    return render(request, "referentiels/imports/detail.html", contexte)


def _changements(request: HttpRequest, trace: ImportFichier) -> dict[str, Any]:
    """Les changements, les plus grands d'abord, filtrés par sorte, direction, flux et mot de l'objet."""
    details = trace.rapport.get("details", [])
    demande = {nom: request.GET.get(nom, "")[:100] for nom in ("sorte", "direction", "flux", "objet")}
    gardes = [
        detail
        for detail in details
        if all(demande[nom] in ("", detail.get(nom, "")) for nom in ("sorte", "direction", "flux"))
        and normaliser(demande["objet"]) in normaliser(detail["objet"])
    ]
    choix = {nom: sorted({d[nom] for d in details if d.get(nom)}) for nom in ("sorte", "direction", "flux")}
    page = Paginator(gardes, PAR_PAGE).get_page(request.GET.get("page"))
    filtres = [(nom, choix[nom], demande[nom]) for nom in choix if len(choix[nom]) > 1]
    return {"changements": page, "filtres": filtres, "objet": demande["objet"], "nb_details": len(details)}


def _applicable(request: HttpRequest, trace: ImportFichier) -> bool:
    """Un essai accepté s'applique par celui qui l'a fait, tant que son fichier est gardé."""
    accepte = trace.a_blanc and bool(trace.rapport.get("accepte")) and _changerait(trace)
    return accepte and trace.par_id == request.user.pk and depot.attend(trace)


def _changerait(trace: ImportFichier) -> bool:
    return any(trace.rapport.get(compte) for compte in ("creees", "modifiees", "supprimees"))


@require_POST
def appliquer(request: HttpRequest, pk: int) -> HttpResponse:
    """Applique le fichier de l'essai, tel que le serveur l'a gardé."""
    _verifier_droit(request)
    essai = get_object_or_404(_visibles(request), pk=pk, a_blanc=True, par_id=request.user.pk)
    contenu = depot.reprendre(essai)
    if contenu is None:
        messages.error(request, "Le fichier de cet essai n'est plus gardé : l'envoyer de nouveau.")
        return redirect("referentiels:import-nouveau", essai.genre)
    try:
        demande = Demande.rejouer(essai, couts=peut_voir_les_couts(request.user))
    except Refus as refus:
        messages.error(request, str(refus))
        return redirect("referentiels:import", essai.pk)
    trace = importer(demande, contenu=contenu, nom=essai.nom_fichier, a_blanc=False, par=request.user)
    if trace.rapport["accepte"]:
        depot.oublier(essai)
        messages.success(
            request, "Import appliqué." if trace.applique else "Rien ne change : rien n'est écrit."
        )
    return redirect("referentiels:import", trace.pk)


@require_POST
@refus_en_message(vers="referentiels:import")
def defaire(request: HttpRequest, pk: int) -> HttpResponse:
    """Rend à chaque ligne écrite par cet import sa valeur d'avant."""
    _verifier_droit(request)
    trace = retours.defaire(get_object_or_404(_visibles(request), pk=pk), par=request.user)
    messages.success(request, f"Import n° {trace.pk} défait : chaque ligne a sa valeur d'avant.")
    return redirect("referentiels:import", trace.pk)


@require_GET
def rejets_csv(request: HttpRequest, pk: int) -> HttpResponse:
    _verifier_droit(request)
    trace = get_object_or_404(_visibles(request), pk=pk)
    champs = ("feuille", "ligne", "colonne", "valeur", "raison")
    lignes = ([rejet[champ] for champ in champs] for rejet in trace.rapport.get("rejets", []))
    contenu = csv_pour_tableur([champ.capitalize() for champ in champs], lignes)
    reponse = HttpResponse(contenu, content_type="text/csv; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="import-{trace.pk}-erreurs.csv"'
    return reponse


@require_POST
def remplir(request: HttpRequest) -> HttpResponse:
    """Remplit un centre sans tâche depuis la table modèle de sa typologie, sur demande."""
    _verifier_droit(request)
    formulaire = FormulaireModele(request.POST, prefix="modele", etendue=etendue_de(request.user))
    if not formulaire.is_valid():
        messages.error(request, str(formulaire.errors["centre"][0]))
        return redirect("referentiels:import-nouveau", Genre.TACHES.value)
    centre = formulaire.centre_choisi()
    try:
        nombre = remplir_depuis_modele(centre)
    except Refus as refus:
        messages.error(request, str(refus))
    else:
        copiees = accorder(nombre, "tâche copiée")
        messages.success(request, f"{copiees} de la typologie {centre.typologie.code} dans {centre}.")
    return redirect("referentiels:import-nouveau", Genre.TACHES.value)
