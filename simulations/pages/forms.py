"""Formulaires de lancement. Bornes et phrases sont celles de `saisie` : la page refuse comme l'API."""

import hashlib
import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString

from simulateur.pages.envoi import poser
from simulateur.web.refus import SaisieRefusee
from simulations.demandes.cibles import LOT_MAX
from simulations.demandes.demande import BORNES, Demande, lire_demande
from simulations.moteur import Parametres
from simulations.moteur.parametres import PAR_POSTE, PART_DU_MOIS_DEFAUT
from simulations.pages.lecture import Catalogue
from simulations.pages.presentation import ARRONDIS_EN_MOTS, MODES_EN_MOTS, NOMS_DES_MOIS, court

_ESPACES = re.compile(r"\s+")
LONGUEUR_NOMBRE = 30
DEJA_SERVI = (
    "Ce formulaire a déjà servi pour une autre demande : les volumes ou les réglages ont changé depuis. "
    "Vérifier les valeurs, puis lancer de nouveau."
)
# nom : (libellé, unité, précision)
GENERAUX = {
    "productivite": ("Productivité", "%", ""),
    "heures_jour": ("Heures par jour", "h", ""),
    "temps_mort": ("Temps mort", "min par jour", ""),
    "trajet_minutes": ("Trajet aller", "min", "facteurs des centres sans trajet propre"),
    "jours_ouvres": ("Jours ouvrés", "jours par an", ""),
    "part_du_mois": ("Part d'un mois", "%", "vide : celle du mois choisi"),
}


class SaisieDeNombre(forms.TextInput):
    """Le même <input>, écrit sans gabarit : le formulaire en a quatre-vingts, cinq fois plus vite ainsi."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        widget = self.get_context(name, value, attrs)["widget"]
        attributs = {"type": "text", "name": name, **widget["attrs"]}
        if widget["value"] is not None:
            attributs["value"] = widget["value"]
        return format_html("<input{}>", flatatt(attributs))


class ChampNombre(forms.CharField):
    """Un nombre écrit à la française (« 1 234,5 ») ou non ; rendu en texte, jugé par `saisie`."""

    def __init__(self, *, bornes: tuple[float, float], defaut: str = "", **options: Any) -> None:
        self.bornes = bornes
        attributs = {"inputmode": "decimal", "autocomplete": "off", "placeholder": defaut}
        super().__init__(
            required=False,
            max_length=LONGUEUR_NOMBRE,
            widget=SaisieDeNombre(attrs=attributs),
            **options,
        )

    def to_python(self, value: Any) -> str:
        return _ESPACES.sub("", super().to_python(value) or "").replace(",", ".").replace("−", "-")


@dataclass(frozen=True)
class LigneDeParametre:
    """Une ligne du panneau : le champ commun, puis un champ par flux (aucun s'il ne se décline pas)."""

    nom: str
    bornes: str
    commun: forms.BoundField
    par_flux: list[forms.BoundField]

    @property
    def erreurs(self) -> list[str]:
        return [str(erreur) for champ in (self.commun, *self.par_flux) for erreur in champ.errors]


class FormulaireLancement(forms.Form):
    """Paramètres d'une simulation. Après `is_valid`, `demande` et `annee_voulue` sont prêts pour `lancer`."""

    demande: Demande
    en_conflit = False
    cle = forms.UUIDField(required=False, widget=forms.HiddenInput)
    shift = forms.ChoiceField(choices=[("1", "1"), ("2", "2"), ("3", "3")], required=False)
    mois = forms.TypedChoiceField(
        coerce=int,
        required=False,
        choices=[("", "Année entière"), *NOMS_DES_MOIS.items()],
        help_text=f"sans part donnée, {court(PART_DU_MOIS_DEFAUT)} % de l'année",
    )
    mode = forms.ChoiceField(choices=list(MODES_EN_MOTS.items()), required=False)
    arrondi = forms.ChoiceField(choices=list(ARRONDIS_EN_MOTS.items()), required=False)
    annee = forms.TypedChoiceField(label="Année des volumes", coerce=int, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        catalogue: Catalogue,
        annees: Sequence[int],
        direction_id: int | None = None,
        depart: Mapping[str, Any] | None = None,
        cle: str = "",
    ) -> None:
        """`depart` : paramètres d'une simulation passée (`Parametres.en_dict`) à proposer de nouveau.

        `cle` : ce qui fera de cet envoi, reçu deux fois, un seul ; neuve si elle n'est pas donnée.
        """
        self.catalogue = catalogue
        self.direction_id = direction_id
        valeurs = _valeurs_de_depart(depart) if depart else {}
        initial = (
            {"cle": cle or uuid.uuid4(), "shift": "1", "mode": "actuel", "arrondi": catalogue.arrondi}
            | _valeurs_par_defaut()
            | valeurs
        )
        super().__init__(data, initial=initial, label_suffix="")
        self._ajouter_les_champs()
        self.fields["annee"].choices = [(annee, str(annee)) for annee in annees]  # type: ignore[attr-defined]

    def _ajouter_les_champs(self) -> None:
        defauts = _valeurs_par_defaut()
        for nom, (libelle, unite, precision) in GENERAUX.items():
            minimum, maximum, _ = BORNES[nom]
            aide = f"{unite}, de {court(minimum)} à {court(maximum)}"
            self.fields[nom] = ChampNombre(
                label=libelle,
                bornes=(minimum, maximum),
                defaut=defauts.get(nom, ""),
                help_text=f"{aide} ({precision})" if precision else aide,
            )
        minimum, maximum, _ = BORNES["croissance"]
        aide = f"%, de {court(minimum)} à {court(maximum)}"
        self.fields["croissance"] = ChampNombre(
            label="Tous les flux", bornes=(minimum, maximum), defaut="0", help_text=aide
        )
        for flux in self.catalogue.flux:
            self.fields[f"{flux['code'].lower()}_croissance"] = ChampNombre(
                label=flux["nom"], bornes=(minimum, maximum), help_text="vide : comme tous"
            )
        for parametre in self.catalogue.parametres:
            self._ajouter_un_parametre(parametre)

    def _ajouter_un_parametre(self, parametre: Mapping[str, Any]) -> None:
        bornes = (parametre["minimum"], parametre["maximum"])
        noms = {parametre["code"]: (parametre["nom"], court(parametre["defaut"]))}
        if parametre["par_flux"]:
            noms |= {
                f"{flux['code'].lower()}_{parametre['code']}": (f"{parametre['nom']}, {flux['nom']}", "")
                for flux in self.catalogue.flux
            }
        for nom, (libelle, defaut) in noms.items():
            self.fields[nom] = ChampNombre(label=libelle, bornes=bornes, defaut=defaut)
            self.fields[nom].widget.attrs["aria-label"] = libelle

    @property
    def champs_generaux(self) -> list[forms.BoundField]:
        return [self[nom] for nom in (*GENERAUX, "mois", "shift", "mode", "arrondi", "annee")]

    @property
    def champs_croissance(self) -> list[forms.BoundField]:
        return [self[nom] for nom in self.fields if nom == "croissance" or nom.endswith("_croissance")]

    @property
    def lignes_de_parametres(self) -> list[LigneDeParametre]:
        return [
            LigneDeParametre(
                nom=parametre["nom"],
                bornes=_bornes(parametre),
                commun=self[parametre["code"]],
                par_flux=[
                    self[f"{flux['code'].lower()}_{parametre['code']}"]
                    for flux in self.catalogue.flux
                    if parametre["par_flux"]
                ],
            )
            for parametre in self.catalogue.parametres
        ]

    @property
    def panneau_ouvert(self) -> bool:
        """Le panneau des paramètres s'ouvre de lui-même quand il porte une valeur ou une erreur."""
        champs = [champ for ligne in self.lignes_de_parametres for champ in (ligne.commun, *ligne.par_flux)]
        return any(champ.errors or champ.value() for champ in champs)

    def clean(self) -> dict[str, Any]:
        valeurs = {
            nom: valeur
            for nom, valeur in self.cleaned_data.items()
            if isinstance(self.fields[nom], ChampNombre) and valeur != ""
        }
        valeurs |= {nom: self.cleaned_data[nom] for nom in ("shift", "mois") if self.cleaned_data.get(nom)}
        mode, arrondi = self.cleaned_data.get("mode") or "actuel", self.cleaned_data.get("arrondi")
        corps = {"mode": mode, "arrondi": arrondi, "global_params": valeurs}
        try:
            self.demande = lire_demande(corps, direction_id=self.direction_id)
        except SaisieRefusee as erreur:
            for nom, phrases in erreur.champs.items():
                self.add_error(nom if nom in self.fields else None, list(phrases))
        return self.cleaned_data

    @property
    def annee_voulue(self) -> int | None:
        return self.cleaned_data.get("annee") or None

    def cle_idempotence(self, cible: Mapping[str, Any]) -> str:
        """La clé du formulaire, sa cible et ses valeurs : le même envoi deux fois ne lance qu'une fois."""
        valeurs = {nom: str(valeur) for nom, valeur in self.cleaned_data.items()}
        valeurs["cible"] = str(sorted((nom, str(getattr(v, "pk", v))) for nom, v in cible.items()))
        empreinte = hashlib.sha256(json.dumps(valeurs, sort_keys=True).encode()).hexdigest()
        return f"page:{self.cleaned_data.get('cle') or uuid.uuid4()}:{empreinte[:24]}"

    def refuser_la_cle(self) -> None:
        """Dit le conflit et donne une clé neuve : le même formulaire, renvoyé, passera."""
        self.add_error(None, DEJA_SERVI)
        self.en_conflit = True
        poser(self, "cle", str(uuid.uuid4()))


class FormulaireLot(FormulaireLancement):
    """Le même, pour un lot de centres choisis."""

    def __init__(self, data: Any = None, *, existants: Sequence[int] = (), **options: Any) -> None:
        """`existants` : parmi les centres demandés, ceux qui existent."""
        self.existants = set(existants)
        super().__init__(data, **options)
        self.fields["centres"] = forms.TypedMultipleChoiceField(
            label="Centres",
            coerce=int,
            choices=[(pk, pk) for pk in existants],
            error_messages={
                "required": "Choisir au moins un centre.",
                "invalid_choice": "Le centre « %(value)s » n'existe pas.",
            },
        )

    def clean_centres(self) -> list[int]:
        choisis = sorted(set(self.cleaned_data["centres"]))
        if len(choisis) > LOT_MAX:
            raise ValidationError(f"Maximum {LOT_MAX} centres par lot : {len(choisis)} sont choisis.")
        return choisis


def _bornes(parametre: Mapping[str, Any]) -> str:
    """« %, de 0 à 100 »."""
    return f"{parametre['unite']}, de {court(parametre['minimum'])} à {court(parametre['maximum'])}"


def _valeurs_par_defaut() -> dict[str, str]:
    """Valeurs de départ des champs généraux : celles du moteur."""
    defauts = Parametres()
    noms = (nom for nom in GENERAUX if nom != "part_du_mois")
    return {nom: court(getattr(defauts, nom)) for nom in noms}


def _valeurs_de_depart(parametres: Mapping[str, Any]) -> dict[str, str]:
    """Les champs d'une simulation passée, écrits comme le formulaire les montre."""
    valeurs = {nom: court(parametres[nom]) for nom in GENERAUX if parametres.get(nom) is not None}
    valeurs |= {nom: court(valeur) for nom, valeur in parametres.get("libres", {}).items()}
    for flux, taux in parametres.get("croissance", {}).items():
        valeurs[f"{flux.lower()}_croissance" if flux else "croissance"] = court(taux)
    arrondi = parametres.get("arrondi", PAR_POSTE)
    choisis = {"shift": str(parametres["shift"]), "mode": parametres["mode"], "arrondi": arrondi}
    return valeurs | choisis | {"mois": parametres.get("mois") or ""}
