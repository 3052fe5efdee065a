"""Une ligne du réseau ou des règles : chaque cellule devient une valeur de son champ, ou une faute."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from referentiels.imports import libelles
from referentiels.imports.descriptions import Champ, Description
from referentiels.imports.nettoyage import LigneLue
from referentiels.models import Centre, Flux, Phase, Poste, Produit, Segment, Sens, UniteMesure
from simulateur.langue.texte import normaliser

OUI_NON = {
    **dict.fromkeys(("OUI", "VRAI", "TRUE", "1", "X"), True),
    **dict.fromkeys(("NON", "FAUX", "FALSE", "0"), False),
}
NON_MONTRE = "(non montré)"
REPERTOIRES: dict[Any, Callable[[], libelles.Repertoire]] = {
    Poste: libelles.postes,
    Produit: libelles.produits,
    UniteMesure: libelles.unites,
    Phase: libelles.phases,
    Centre: libelles.centres,
    Flux: lambda: libelles.axes()[0],
    Sens: lambda: libelles.axes()[1],
    Segment: lambda: libelles.axes()[2],
}


class Lien:
    """Les lignes qu'une colonne désigne, par code, synonyme ou nom ; et leurs codes."""

    def __init__(self, modele: Any) -> None:
        champs = {champ.name for champ in modele._meta.concrete_fields}
        self.codes: dict[int, str] = dict(modele._base_manager.values_list("pk", "code"))
        if modele in REPERTOIRES:
            self.repertoire = REPERTOIRES[modele]()
        elif "nom" in champs:
            self.repertoire = libelles.par_code_et_nom(modele)
        else:
            self.repertoire = libelles.Repertoire((code, pk) for pk, code in self.codes.items())


class Lecteur:
    """Une ligne du fichier → les valeurs de ses champs, ou ses fautes au rapport."""

    def __init__(self, description: Description, *, couts: bool) -> None:
        self.description = description
        self.couts = couts
        liens: dict[Any, Lien] = {}
        self.liens: dict[str, Lien] = {}
        for champ in description.champs:
            du_modele = description.champ(champ.nom)
            if du_modele.is_relation:
                vise = du_modele.related_model
                self.liens[champ.nom] = liens.setdefault(vise, liens.get(vise) or Lien(vise))

    def valeurs(self, ligne: LigneLue, presents: Sequence[Champ]) -> dict[str, Any]:
        """Par champ du modèle (« region_id »). Sans sens si la ligne est rejetée."""
        lues: dict[str, Any] = {}
        for champ in presents:
            if champ.cout and not self.couts:
                if ligne.texte(champ.nom):
                    ligne.rejeter(champ.nom, "écrire un salaire demande la permission de voir les coûts")
                continue
            attribut = self.description.champ(champ.nom).attname
            lues[attribut] = self._valeur(ligne, champ, self.description.champ(champ.nom))
        return lues

    def _valeur(self, ligne: LigneLue, champ: Champ, du_modele: Any) -> Any:
        texte = ligne.texte(champ.nom)
        if not texte:
            return self._vide(ligne, champ, du_modele)
        if du_modele.is_relation:
            lien = self.liens[champ.nom].repertoire
            trouve = lien.chercher(texte)
            if trouve is None:
                ligne.rejeter(champ.nom, lien.pourquoi(texte, "cette valeur"))
            return trouve
        brute = _brute(ligne, champ, du_modele)
        if brute is None:
            return None
        try:
            return du_modele.clean(brute, None)
        except ValidationError as faute:
            ligne.rejeter(champ.nom, " ".join(faute.messages))
            return None

    def _vide(self, ligne: LigneLue, champ: Champ, du_modele: Any) -> Any:
        if du_modele.null and champ.nom not in self.description.non_nuls:
            return None
        if du_modele.blank and isinstance(du_modele, models.CharField):
            return ""
        ligne.rejeter(champ.nom, "valeur manquante")
        return None

    def montrer(self, champ: Champ, valeur: Any) -> Any:
        """Pour le rapport : le code d'une ligne désignée, jamais un salaire."""
        if champ.cout:
            return NON_MONTRE
        if champ.nom in self.liens:
            return None if valeur is None else self.liens[champ.nom].codes.get(valeur, "")
        if isinstance(valeur, bool):
            return "oui" if valeur else "non"
        return float(valeur) if isinstance(valeur, Decimal) else valeur


def _brute(ligne: LigneLue, champ: Champ, du_modele: Any) -> Any:
    """La valeur dans le type du champ ; None si elle est rejetée."""
    if isinstance(du_modele, models.BooleanField):
        lue = OUI_NON.get(normaliser(ligne.texte(champ.nom)))
        if lue is None:
            ligne.rejeter(champ.nom, "oui ou non est attendu")
        return lue
    if du_modele.choices:
        return _choix(ligne, champ, du_modele)
    if isinstance(du_modele, models.IntegerField | models.FloatField | models.DecimalField):
        return _nombre(ligne, champ, du_modele)
    texte = ligne.texte_borne(champ.nom, du_modele.max_length)
    if ligne.rejetee:
        return None
    return normaliser(texte) if champ.normalise else texte


def _choix(ligne: LigneLue, champ: Champ, du_modele: Any) -> str | None:
    """Par sa valeur, ou par ce que l'admin en montre."""
    connus = {normaliser(str(mot)): valeur for valeur, mot in du_modele.flatchoices}
    connus |= {normaliser(str(valeur)): valeur for valeur, _ in du_modele.flatchoices}
    lu: str | None = connus.get(normaliser(ligne.texte(champ.nom)))
    if lu is None:
        permis = ", ".join(str(valeur) for valeur, _ in du_modele.flatchoices)
        ligne.rejeter(champ.nom, f"inconnu ; permis : {permis}")
    return lu


def _nombre(ligne: LigneLue, champ: Champ, du_modele: Any) -> Any:
    nombre = ligne.nombre(champ.nom)
    if nombre is None:
        return None
    if isinstance(du_modele, models.DecimalField):
        return Decimal(repr(nombre))
    if isinstance(du_modele, models.IntegerField):
        if nombre != int(nombre):
            ligne.rejeter(champ.nom, "un nombre entier est attendu")
            return None
        return int(nombre)
    return nombre
