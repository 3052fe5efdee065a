"""Retrouver une ligne du référentiel par ce que les fichiers écrivent : code, synonyme ou nom."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from rapidfuzz import fuzz, process

from referentiels.models import (
    Centre,
    Flux,
    Phase,
    Poste,
    Produit,
    Segment,
    Sens,
    Synonyme,
    SynonymePoste,
    SynonymeProduit,
    UniteMesure,
)
from referentiels.perms import PAYS, Etendue
from simulateur.langue.texte import normaliser

SUGGESTIONS = 500  # libellés faux différents à qui l'on en cherche
PROCHES = 3
RESSEMBLANCE = 70  # sur 100


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
        return f"{quoi} n'existe pas{self.suggestion(libelle)}"

    def suggestion(self, libelle: str) -> str:
        """« (proches : TRIEUR, TRI) » ; vide si rien ne ressemble."""
        normalise = normaliser(libelle)
        # Un fichier entièrement faux ne paie pas une recherche par ligne.
        if normalise not in self._suggerees and len(self._suggerees) < SUGGESTIONS:
            proches = self._proches(normalise)
            mot = "le plus proche" if len(proches) == 1 else "les plus proches"
            self._suggerees[normalise] = f" ({mot} : {', '.join(proches)})" if proches else ""
        return self._suggerees.get(normalise, "")

    def _proches(self, normalise: str) -> list[str]:
        """Au même nombre près, zéros de tête perdus en route, d'abord ; puis à quelques lettres près."""
        if normalise.isdecimal():
            nus = [cle for cle in self._cles if cle.isdecimal() and int(cle) == int(normalise)]
            if nus:
                return nus[:PROCHES]
        trouves = process.extract(
            normalise, self._cles.keys(), scorer=fuzz.ratio, limit=PROCHES, score_cutoff=RESSEMBLANCE
        )
        return [str(cle) for cle, _, _ in trouves]


def par_code_et_nom(
    modele: type[Model], synonymes: Iterable[tuple[str, int]] = (), *, lignes: Any = None
) -> Repertoire:
    """`lignes` : celles-là seulement."""
    toutes = modele._default_manager if lignes is None else lignes
    lignes = list(toutes.order_by("pk").values_list("code", "nom", "pk"))
    return Repertoire(((code, pk) for code, _, pk in lignes), synonymes, ((nom, pk) for _, nom, pk in lignes))


def postes() -> Repertoire:
    return par_code_et_nom(Poste, SynonymePoste.objects.values_list("code", "poste_id"))


def produits() -> Repertoire:
    return par_code_et_nom(Produit, SynonymeProduit.objects.values_list("code", "produit_id"))


def unites() -> Repertoire:
    return par_code_et_nom(UniteMesure, _synonymes("unite_id")["unite_id"])


def phases() -> Repertoire:
    return par_code_et_nom(Phase)


def centres(etendue: Etendue = PAYS) -> Repertoire:
    """Ceux que voit qui importe : les autres ne se trouvent ni ne se suggèrent."""
    return par_code_et_nom(Centre, lignes=Centre.objects.dans(etendue))


def axes() -> tuple[Repertoire, Repertoire, Repertoire]:
    """Les flux, les sens et les segments, synonymes compris. Quatre requêtes."""
    lus = _synonymes("flux_id", "sens_id", "segment_id")
    flux, sens, segments = (
        par_code_et_nom(modele, lus[champ])
        for modele, champ in ((Flux, "flux_id"), (Sens, "sens_id"), (Segment, "segment_id"))
    )
    return flux, sens, segments


def _synonymes(*champs: str) -> dict[str, list[tuple[str, int]]]:
    """Les (écriture, clé) de chacun de ces champs. Une requête."""
    lus: dict[str, list[tuple[str, int]]] = {champ: [] for champ in champs}
    for code, *cles in Synonyme.objects.values_list("code", *champs):
        for champ, cle in zip(champs, cles, strict=True):
            if cle is not None:
                lus[champ].append((code, cle))
    return lus
