"""Écrire un paramètre ou une phase dans l'admin : refusé si des parts d'un même tout dépassent 100."""

from typing import Any

from django.core.exceptions import ValidationError

from referentiels.lectures.parts import DU_CENTRE, Parts, nom_pour, tout_de
from referentiels.models import Centre, ParametreCentre, TermePhase
from simulateur.admin.versions import LignesVersionnees
from simulateur.pages.versions import FormulaireVersionne
from simulateur.web.refus import SaisieRefusee


def _verifier(parts: Parts) -> None:
    try:
        parts.verifier()
    except SaisieRefusee as refus:
        raise ValidationError(refus.phrases) from None


def _poser(parts: Parts, centre: int, valeurs: dict[str, Any]) -> None:
    """La valeur d'un centre, telle que le formulaire l'écrirait."""
    parametre, flux, valeur = (valeurs.get(nom) for nom in ("parametre", "flux", "valeur"))
    if parametre is not None and valeur is not None:
        nom = nom_pour(parametre.code, flux.code if flux else None)
        parts.propres.setdefault(centre, {})[nom] = (valeur, DU_CENTRE)


class FormulaireParametre(FormulaireVersionne):
    def clean(self) -> dict[str, Any]:
        valeurs: dict[str, Any] = super().clean() or {}
        if "code" in valeurs and "defaut" in valeurs:
            parts = Parts.lues(Centre.objects.actifs())
            parts.defauts[valeurs["code"]] = valeurs["defaut"]
            _verifier(parts)
        return valeurs


class FormulaireParametreCentre(FormulaireVersionne):
    def clean(self) -> dict[str, Any]:
        valeurs: dict[str, Any] = super().clean() or {}
        if centre := valeurs.get("centre"):
            parts = Parts.lues(Centre.objects.filter(pk=centre.pk))
            if self.instance.pk:
                avant = ParametreCentre.objects.select_related("parametre", "flux").get(pk=self.instance.pk)
                nom = nom_pour(avant.parametre.code, avant.flux.code if avant.flux else None)
                parts.propres.get(avant.centre_id, {}).pop(nom, None)
            _poser(parts, centre.pk, valeurs)
            _verifier(parts)
        return valeurs


class LignesDeParametres(LignesVersionnees):
    """Toutes les valeurs d'un centre à la fois : deux parts peuvent changer ensemble."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        parts = Parts.lues(Centre.objects.none())
        for formulaire in self.forms:
            if not formulaire.cleaned_data.get("DELETE"):
                _poser(parts, self.instance.pk or -1, formulaire.cleaned_data)
        _verifier(parts)


class LignesDeTermes(LignesVersionnees):
    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        ecrits = [f.cleaned_data for f in self.forms if not f.cleaned_data.get("DELETE")]
        parts = Parts.lues(Centre.objects.actifs())
        parts.touts = {
            tout_de(termes.get("parametre", ""), termes.get("parametre_2", ""))
            for termes in ecrits
            if termes.get("nature") == TermePhase.Nature.COMPLEMENT
        }
        _verifier(parts)
