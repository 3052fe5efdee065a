"""Formulaires d'un scénario : celui du lancement, plus un nom et des volumes changés."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from referentiels.models import Centre
from simulateur.cache import versions
from simulateur.pages.envoi import poser
from simulateur.pages.versions import CHAMP, CHANGEE, ChampVersion, deux_valeurs, en_mots
from simulations.models import Scenario
from simulations.pages.forms import GENERAUX, ChampNombre, FormulaireLancement
from simulations.pages.presentation import court
from simulations.scenarios.services import DESCRIPTION_MAX, NOM_MAX

LIGNES_MAX = 5000
VALEUR_MAX = 200  # caractères cités d'un long texte
AIDE_VOLUMES = (
    "Une ligne par volume annuel : code ou nom du centre ; cellule ; volume. "
    "Exemple : AG-001 ; co.arrive.local ; 264 000. Un flux et un sens donnés remplacent tous les leurs."
)


class FormulaireScenario(FormulaireLancement):
    """Après `is_valid`, `corps` est prêt pour `services.creer` et `services.modifier`."""

    nom = forms.CharField(label="Nom", max_length=NOM_MAX)
    description = forms.CharField(
        label="Description",
        max_length=DESCRIPTION_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    volumes = forms.CharField(
        label="Volumes changés",
        required=False,
        max_length=500_000,
        help_text=AIDE_VOLUMES,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    version = ChampVersion(required=False)

    def __init__(self, data: Any = None, *, scenario: Scenario | None = None, **options: Any) -> None:
        super().__init__(data, depart=scenario.parametres if scenario else None, **options)
        annees: Any = self.fields["annee"]
        annees.choices = [("", "Celle du moment"), *annees.choices]
        if scenario is not None:
            self.initial = {
                **self.initial,
                CHAMP: versions.vue(scenario),
                "nom": scenario.nom,
                "description": scenario.description,
                "annee": scenario.annee,
                "volumes": _en_texte(scenario.volumes),
            }

    def montrer_les_deux(self, en_base: "FormulaireScenario") -> None:
        """Le scénario a changé sous cette saisie : chaque champ qui diffère de `en_base` dit les deux."""
        poser(self, CHAMP, en_base.initial.get(CHAMP, ""))
        for nom, champ in self.fields.items():
            garde, saisie = en_base[nom].initial, self[nom].data
            if nom != CHAMP and champ.has_changed(_une_ligne(garde), _une_ligne(saisie)):
                self.add_error(nom, deux_valeurs(_abrege(garde), _abrege(saisie)))
        self.add_error(None, CHANGEE)

    @property
    def corps(self) -> dict[str, Any]:
        """Le corps d'API de ces champs : un champ vide y vaut None, donc la valeur par défaut."""
        valeurs = self.cleaned_data
        nombres = {nom for nom, champ in self.fields.items() if isinstance(champ, ChampNombre)}
        return {
            "nom": valeurs["nom"],
            "description": valeurs["description"],
            "annee": valeurs["annee"] or None,
            "mode": valeurs["mode"] or "actuel",
            "arrondi": valeurs["arrondi"] or None,
            "shift": valeurs["shift"] or None,
            "mois": valeurs["mois"] or None,
            **{nom: valeurs[nom] or None for nom in GENERAUX},
            "global_params": {nom: valeurs[nom] for nom in nombres - set(GENERAUX) if valeurs[nom] != ""},
            "volumes": valeurs["volumes"],
        }

    def clean_volumes(self) -> list[dict[str, str]]:
        """Des lignes collées aux volumes d'une demande ; la saisie juge ensuite centres et cellules."""
        lignes = [ligne for ligne in self.cleaned_data["volumes"].splitlines() if ligne.strip()]
        if len(lignes) > LIGNES_MAX:
            raise ValidationError(f"{LIGNES_MAX} lignes au plus : {len(lignes)} reçues.")
        lus, fautes = [], []
        for rang, ligne in enumerate(lignes, start=1):
            parties = [partie.strip() for partie in ligne.split(";")]
            if len(parties) != 3:
                fautes.append(f"Ligne {rang} : trois valeurs séparées par « ; » sont attendues.")
                continue
            volume = "".join(parties[2].split()).replace(",", ".")
            lus.append({"centre_label": parties[0], "cellule": parties[1], "volume": volume})
        if fautes:
            raise ValidationError(fautes[:20])
        return lus


def _une_ligne(valeur: Any) -> Any:
    """Le navigateur change les fins de ligne d'un texte."""
    return "\n".join(valeur.splitlines()) if isinstance(valeur, str) else valeur


def _abrege(valeur: Any) -> str:
    texte = en_mots(valeur)
    return texte if len(texte) <= VALEUR_MAX else f"{texte[:VALEUR_MAX]}…"


def _en_texte(volumes: list[Mapping[str, Any]]) -> str:
    codes = dict(Centre.objects.filter(pk__in={v["centre_id"] for v in volumes}).values_list("pk", "code"))
    return "\n".join(
        f"{codes.get(v['centre_id'], v['centre_id'])} ; {v['cellule']} ; {court(v['volume'])}"
        for v in volumes
    )
