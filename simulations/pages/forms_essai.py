"""Formulaire de l'essai : celui d'un lancement, dont les champs qu'on fait glisser ont un curseur."""

from typing import Any

from django import forms

from simulateur.web.refus import SaisieRefusee
from simulations.moteur.presence import ABSENCE, CONGES, DE_PRESENCE, FORMATION
from simulations.pages.forms import GENERAUX, FormulaireLancement, LigneDeParametre
from simulations.scenarios.services import NOM_MAX

# nom : (minimum, maximum, pas) du curseur ; le champ, lui, accepte toutes ses bornes.
CURSEURS = {
    "productivite": (50, 150, 1),
    "heures_jour": (4, 12, 0.25),
    "temps_mort": (0, 120, 1),
    CONGES: (0, 60, 1),
    FORMATION: (0, 30, 1),
    ABSENCE: (0, 40, 0.5),
}
CURSEUR_DE_CROISSANCE = (-50, 100, 1)


class FormulaireEssai(FormulaireLancement):
    """Après `is_valid`, `demande` et `annee_voulue` sont prêts pour `essayer`."""

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["nom"] = forms.CharField(
            label="Nom du scénario à garder", required=False, max_length=NOM_MAX
        )
        for champ in (self[nom] for nom in self.fields):
            bornes = CURSEURS.get(champ.name)
            if champ.name == "croissance" or champ.name.endswith("_croissance"):
                bornes = CURSEUR_DE_CROISSANCE
            if bornes:
                minimum, maximum, pas = bornes
                champ.field.widget.attrs |= {"data-curseur": f"{minimum} {maximum} {pas}"}

    @property
    def champs_principaux(self) -> list[forms.BoundField]:
        """Ceux qui ont un curseur, hors croissance."""
        return [self[nom] for nom in CURSEURS if nom in self.fields]

    @property
    def champs_generaux(self) -> list[forms.BoundField]:
        """Les autres réglages de tout le calcul."""
        autres = [nom for nom in GENERAUX if nom not in CURSEURS]
        return [self[nom] for nom in (*autres, "mois", "shift", "mode", "arrondi", "annee")]

    @property
    def lignes_de_parametres(self) -> list[LigneDeParametre]:
        return [ligne for ligne in super().lignes_de_parametres if ligne.commun.name not in DE_PRESENCE]

    def clean(self) -> dict[str, Any]:
        valeurs = super().clean()
        if "garder" in self.data and not valeurs.get("nom"):
            self.add_error("nom", "Un scénario porte un nom.")
        return valeurs

    def refuser(self, refus: SaisieRefusee) -> None:
        """Les phrases de ce refus, chacune à son champ."""
        for nom, phrases in refus.champs.items():
            self.add_error(nom if nom in self.fields else None, list(phrases))
