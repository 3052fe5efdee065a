"""Formulaires d'import. Chacun rend une `Demande` ; le contenu n'est jugé que par la lecture gardée."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from referentiels.imports.rapport import OptionsDeLecture
from referentiels.imports.service import Demande, Genre, trouver_centre
from referentiels.models import Centre, Typologie
from referentiels.models.activite import ANNEE_MAX, ANNEE_MIN
from referentiels.perms import PAYS, Etendue
from simulateur.fichiers.limites import FichierRefuse
from simulateur.fichiers.reception import verifier_taille
from simulateur.travaux.prise import Refus


class ChampCentre(forms.CharField):
    """Centre par son code : deux mille centres ne tiennent pas dans une liste déroulante."""

    etendue: Etendue = PAYS

    def clean(self, valeur: Any) -> Any:
        code = super().clean(valeur)
        if not code:
            return None
        try:
            return trouver_centre(code, self.etendue)
        except Refus as refus:
            raise forms.ValidationError(str(refus)) from None


def _borner(formulaire: forms.Form, etendue: Etendue) -> None:
    for champ in formulaire.fields.values():
        if isinstance(champ, ChampCentre):
            champ.etendue = etendue


class FormulaireImport(forms.Form):
    fichier = forms.FileField(
        label="Classeur (xlsx, xls, xlsb, ods) ou csv",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.xlsb,.ods,.csv,.txt,.tsv"}),
    )
    masques = forms.BooleanField(
        label="Lire aussi ce qui est masqué",
        required=False,
        help_text="Feuilles, lignes masquées ou filtrées : sans cette case, elles sont sautées et nommées.",
    )
    fusions = forms.BooleanField(
        label="Recopier les cellules fusionnées",
        required=False,
        help_text="Sans cette case, une ligne sous une cellule fusionnée est refusée.",
    )
    notation = forms.ChoiceField(
        label="Notation des nombres",
        required=False,
        choices=[
            ("", "Selon chaque colonne"),
            ("virgule", "Virgule décimale (12.500 = 12 500)"),
            ("point", "Point décimal (12,500 = 12 500)"),
        ],
    )
    field_order = ("fichier", "centre", "typologie", "annee", "remplacer")

    def __init__(self, *args: Any, etendue: Etendue = PAYS, **options: Any) -> None:
        """`etendue` : hors d'elle, un centre est inconnu."""
        super().__init__(*args, **options)
        _borner(self, etendue)

    def clean_fichier(self) -> UploadedFile:
        fichier: UploadedFile = self.cleaned_data["fichier"]
        try:
            verifier_taille(fichier.size or 0)
        except FichierRefuse as refus:
            raise forms.ValidationError(str(refus)) from None
        return fichier

    @property
    def lecture(self) -> OptionsDeLecture:
        """Ce qu'on demande de la lecture, pour la demande."""
        propres = self.cleaned_data
        return {nom: propres[nom] for nom in ("masques", "fusions", "notation")}  # type: ignore[return-value]

    def demande(self) -> Demande:
        raise NotImplementedError


class FormulaireTaches(FormulaireImport):
    centre = ChampCentre(
        label="Code du centre",
        required=False,
        max_length=30,
        help_text="Ni centre ni typologie : chaque ligne nomme le sien, dans une colonne « Centre ».",
    )
    typologie = forms.ModelChoiceField(
        Typologie.objects.all(),
        label="ou table modèle de la typologie",
        required=False,
        empty_label="— aucune —",
    )
    remplacer = forms.BooleanField(
        label="Supprimer les tâches absentes du fichier",
        required=False,
        help_text="Sans cette case, elles restent.",
    )

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        if donnees.get("centre") is not None and donnees.get("typologie") is not None:
            raise forms.ValidationError("Donner un centre ou une typologie, pas les deux.")
        return donnees

    def demande(self) -> Demande:
        propres = self.cleaned_data
        return Demande(
            genre=Genre.TACHES,
            centre=propres["centre"],
            typologie=propres["typologie"],
            remplacer=propres["remplacer"],
            **self.lecture,
        )


class FormulaireVolumes(FormulaireImport):
    annee = forms.IntegerField(
        label="Année des lignes qui n'en donnent pas",
        required=False,
        min_value=ANNEE_MIN,
        max_value=ANNEE_MAX,
    )

    def demande(self) -> Demande:
        return Demande(genre=Genre.VOLUMES, annee=self.cleaned_data["annee"], **self.lecture)


class FormulaireEffectifs(FormulaireImport):
    def demande(self) -> Demande:
        return Demande(genre=Genre.EFFECTIFS, **self.lecture)


class FormulaireReseau(FormulaireImport):
    genre = Genre.RESEAU
    remplacer = forms.BooleanField(
        label="Supprimer les lignes absentes du fichier",
        required=False,
        help_text="Dans ses tables d'association seulement (synonymes, paramètres des centres, cellules d'un "
        "produit, termes…) ; sans cette case, elles restent.",
    )

    def demande(self) -> Demande:
        return Demande(genre=self.genre, remplacer=self.cleaned_data["remplacer"], **self.lecture)


class FormulaireRegles(FormulaireReseau):
    genre = Genre.REGLES


class FormulaireModele(forms.Form):
    """Centre sans tâche à remplir depuis la table modèle de sa typologie."""

    centre = ChampCentre(label="Code du centre sans tâche", max_length=30)

    def __init__(self, *args: Any, etendue: Etendue = PAYS, **options: Any) -> None:
        super().__init__(*args, **options)
        _borner(self, etendue)

    def centre_choisi(self) -> Centre:
        centre: Centre = self.cleaned_data["centre"]
        return centre


FORMULAIRES: dict[str, type[FormulaireImport]] = {
    Genre.TACHES.value: FormulaireTaches,
    Genre.VOLUMES.value: FormulaireVolumes,
    Genre.EFFECTIFS.value: FormulaireEffectifs,
    Genre.RESEAU.value: FormulaireReseau,
    Genre.REGLES.value: FormulaireRegles,
}
