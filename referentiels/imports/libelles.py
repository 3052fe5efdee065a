"""Retrouver une ligne du référentiel par ce que les fichiers écrivent : code, synonyme ou nom."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from django.db.models import Model

from referentiels.models import (
    Centre,
    Phase,
    Poste,
    Produit,
    Segment,
    Sens,
    SynonymePoste,
    SynonymeProduit,
    UniteMesure,
)
from simulateur.langue.texte import normaliser

SUGGESTIONS = 20


class Repertoire:
    """Libellé normalisé → clé. Un code l'emporte sur un synonyme, un synonyme sur un nom.

    Un nom porté par deux lignes n'en désigne aucune.
    """

    def __init__(self, *rangs: Iterable[tuple[str, int]]) -> None:
        self._cles: dict[str, int] = {}
        self._ambigus: set[str] = set()
        for rang in rangs:
            self._ajouter(rang)
        self._suggerees: dict[str, str] = {}

    def _ajouter(self, couples: Iterable[tuple[str, int]]) -> None:
        neufs: dict[str, int] = {}
        for libelle, cle in couples:
            normalise = normaliser(libelle)
            if normalise in self._cles:
                continue
            if neufs.setdefault(normalise, cle) != cle:
                self._ambigus.add(normalise)
        self._cles.update((n, cle) for n, cle in neufs.items() if n not in self._ambigus)

    def chercher(self, libelle: str) -> int | None:
        return self._cles.get(normaliser(libelle))

    def est_ambigu(self, libelle: str) -> bool:
        return normaliser(libelle) in self._ambigus

    def pourquoi(self, libelle: str, quoi: str) -> str:
        """Raison d'un échec de `chercher`, avec le libellé le plus proche s'il y en a un.

        `quoi` : « ce poste », « cette unité »…
        """
        if self.est_ambigu(libelle):
            return "plusieurs lignes du référentiel portent ce nom : écrire le code"
        return f"{quoi} n'existe pas{self._suggestion(normaliser(libelle))}"

    def _suggestion(self, normalise: str) -> str:
        # Comparer à tous les libellés coûte cher : un fichier entièrement faux n'y a droit que vingt fois.
        if normalise not in self._suggerees and len(self._suggerees) < SUGGESTIONS:
            proches = get_close_matches(normalise, self._cles, n=1, cutoff=0.75)
            self._suggerees[normalise] = f" (le plus proche : {proches[0]})" if proches else ""
        return self._suggerees.get(normalise, "")


def par_code_et_nom(modele: type[Model], synonymes: Iterable[tuple[str, int]] = ()) -> Repertoire:
    lignes: Any = list(modele._default_manager.order_by("pk").values_list("code", "nom", "pk"))
    return Repertoire(((code, pk) for code, _, pk in lignes), synonymes, ((nom, pk) for _, nom, pk in lignes))


def postes() -> Repertoire:
    return par_code_et_nom(Poste, SynonymePoste.objects.values_list("code", "poste_id"))


def produits() -> Repertoire:
    return par_code_et_nom(Produit, SynonymeProduit.objects.values_list("code", "produit_id"))


def unites() -> Repertoire:
    return par_code_et_nom(UniteMesure)


def phases() -> Repertoire:
    return par_code_et_nom(Phase)


def centres() -> Repertoire:
    return par_code_et_nom(Centre)


def sens() -> Repertoire:
    return par_code_et_nom(Sens)


def segments() -> Repertoire:
    return par_code_et_nom(Segment)
