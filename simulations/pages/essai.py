"""Page de l'essai : des curseurs et des champs, recalculés à mesure ; « garder » en fait une simulation."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from referentiels.perms import etendue_de
from simulateur.web.refus import Refus, SaisieRefusee
from simulations import perms
from simulations.calculs.essai import essayer
from simulations.demandes.demande import Demande
from simulations.demandes.essai import EssaiDemande, Lieu, lire_lieu
from simulations.moteur import Parametres
from simulations.pages import lecture
from simulations.pages.forms_essai import FormulaireEssai
from simulations.pages.lancement import depart_demande
from simulations.pages.presentation import Contexte
from simulations.resultats.avertissements import du_rapport
from simulations.resultats.pont import pont_en_mots
from simulations.scenarios.services import garder


@require_http_methods(["GET", "HEAD", "POST"])
def essai(request: HttpRequest) -> HttpResponse:
    """Rien n'est écrit sans « garder » : un POST parce que tant de champs ne tiennent pas dans une adresse.

    L'adresse dit le lieu (`direction_id` ou `centre_id`) et la simulation dont on part (`depuis`).
    """
    if not perms.peut_lancer(request.user):
        raise PermissionDenied
    etendue = etendue_de(request.user)
    voulu = {nom: request.GET.get(nom) for nom in ("direction_id", "centre_id")}
    try:
        lieu = lire_lieu(voulu, etendue)
    except SaisieRefusee as refus:
        choix = {"phrases": refus.phrases, "directions": lecture.directions(etendue)}
        # Qui n'a pas le pays et ne nomme rien n'a rien demandé de faux : il choisit.
        statut = 404 if any(voulu.values()) else 200
        return render(request, "simulations/essai_refuse.html", choix, status=statut)
    parametres = depart_demande(request)
    depart = Demande(parametres=Parametres.depuis_dict(parametres) if parametres else Parametres())
    formulaire = FormulaireEssai(
        request.POST if request.method == "POST" else None,
        catalogue=lecture.catalogue(),
        annees=lecture.annees_proposees(),
        direction_id=lieu.direction.pk if lieu.direction else None,
        depart=parametres,
    )
    if formulaire.is_bound and not formulaire.is_valid():
        return _montrer(request, lieu, formulaire, {}, 400)
    demande = formulaire.demande if formulaire.is_bound else depart
    annee = formulaire.annee_voulue if formulaire.is_bound else None
    try:
        calcule = essayer(EssaiDemande(lieu, demande, depart, annee))
        if formulaire.is_bound and "garder" in request.POST:
            if not perms.peut_creer_scenario(request.user):
                raise PermissionDenied
            nom = formulaire.cleaned_data["nom"]
            cible = lieu.cible
            return redirect(
                garder(demande, nom=nom, annee=calcule["annee"], proprietaire=request.user, **cible)
            )
    except SaisieRefusee as refus:
        formulaire.refuser(refus)
        return _montrer(request, lieu, formulaire, {}, 400)
    except Refus as refus:
        # Sans rien avoir demandé, on lit ce qui manque ; une demande, elle, est refusée.
        statut = refus.statut if formulaire.is_bound else 200
        return _montrer(request, lieu, formulaire, {"refus": str(refus)}, statut)
    resultat: Contexte = {
        "essai": calcule,
        "pont": pont_en_mots(calcule["total"], demande.parametres.arrondi),
        "avertissements": du_rapport(calcule["report"], calcule["annee"]),
        "hypotheses": _hypotheses(calcule["parametres_depart"], calcule["parametres"]),
    }
    return _montrer(request, lieu, formulaire, resultat, 200)


def _montrer(
    request: HttpRequest, lieu: Lieu, formulaire: FormulaireEssai, resultat: Contexte, statut: int
) -> HttpResponse:
    """La page ; le seul résultat quand c'est un curseur qui demande."""
    contexte = {"lieu": lieu, "form": formulaire, "fil": [("Essai", None)], **resultat}
    fragment = request.headers.get("HX-Request") == "true"
    gabarit = "simulations/_essai_resultat.html" if fragment else "simulations/essai.html"
    return render(request, gabarit, contexte, status=200 if fragment else statut)


def _hypotheses(avant: dict[str, Any], apres: dict[str, Any]) -> list[tuple[str, str]]:
    """(paramètre, « de → à ») de tout ce que l'essai change, aplati."""
    anciennes, nouvelles = _aplati(avant), _aplati(apres)
    return [
        (nom, f"{anciennes.get(nom, '—')} → {nouvelles.get(nom, '—')}")
        for nom in dict.fromkeys((*anciennes, *nouvelles))
        if anciennes.get(nom) != nouvelles.get(nom)
    ]


def _aplati(parametres: dict[str, Any]) -> dict[str, str]:
    plats: dict[str, str] = {}
    for nom, valeur in parametres.items():
        if nom == "par_centre":
            continue
        if isinstance(valeur, dict):
            propres = {f"{nom} {cle}".strip() if nom == "croissance" else cle: v for cle, v in valeur.items()}
            plats |= {cle: lecture_de(v) for cle, v in propres.items()}
        elif valeur is not None:
            plats[nom] = lecture_de(valeur)
    return plats


def lecture_de(valeur: Any) -> str:
    """Un nombre à la française, un mot tel quel."""
    return f"{valeur:g}".replace(".", ",") if isinstance(valeur, int | float) else str(valeur)
