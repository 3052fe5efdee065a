"""Le réseau et les règles, table par table : leurs colonnes, ce qui désigne une ligne, un exemple.

Import, export et gabarit lisent la même description (docs/metier/effectifs.md#imports-lignes). L'ordre des
tables est celui de leur lecture : ce qu'une ligne désigne est écrit avant elle.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.text import slugify

from referentiels import models as tables
from referentiels.imports.nettoyage import Colonne
from referentiels.models import ImportFichier

Genre = ImportFichier.Genre


@dataclass(frozen=True)
class Champ:
    """Une colonne. `nom` : le champ du modèle ; `cle` : il désigne la ligne, et ne se change donc pas ;
    `normalise` : rangé en majuscules sans accents ; `cout` : ne se lit qu'avec la permission sur les coûts ;
    `exige` : sa colonne distingue la table d'une autre.
    """

    nom: str
    titre: str
    cle: bool = False
    normalise: bool = False
    cout: bool = False
    exige: bool = False


@dataclass(frozen=True)
class Description:
    """Une table. `non_nuls` : ses lignes ont ces champs ; `retirable` : une ligne absente peut se supprimer ;
    `rang_dans` : le dernier champ de la clé numérote les lignes de ce champ, de 1 en 1.
    """

    nom: str
    modele: type[models.Model]
    champs: tuple[Champ, ...]
    exemple: tuple[Any, ...]
    non_nuls: tuple[str, ...] = ()
    retirable: bool = False
    creable: bool = True
    rang_dans: str = ""

    @property
    def code(self) -> str:
        """« parametres-des-centres » : le nom d'une table dans une adresse ou une commande."""
        return slugify(self.nom.replace("'", " "))

    @property
    def cles(self) -> tuple[Champ, ...]:
        return tuple(champ for champ in self.champs if champ.cle)

    def champ(self, nom: str) -> Any:
        """Le champ du modèle."""
        return self.modele._meta.get_field(nom)

    def colonnes(self) -> list[Colonne]:
        """Obligatoires : ce qui désigne la ligne, et ce sans quoi une ligne neuve ne tiendrait pas."""
        return [Colonne(c.nom, (c.titre,), c.cle or c.exige or self._exige(c.nom)) for c in self.champs]

    def _exige(self, nom: str) -> bool:
        champ = self.champ(nom)
        return nom in self.non_nuls or not (champ.null or champ.blank or champ.has_default())

    def lignes(self) -> "models.QuerySet[Any]":
        """Dans l'ordre de leurs codes."""
        ordre = [f"{c.nom}__code" if self.champ(c.nom).is_relation else c.nom for c in self.cles]
        filtre = {f"{nom}__isnull": False for nom in self.non_nuls}
        return self.modele._base_manager.filter(**filtre).order_by(*ordre, "pk")


def _nomenclature(nom: str, modele: type[models.Model], mot: str, exemple: Sequence[Any]) -> Description:
    code = Champ("code", f"Code {mot}", cle=True, normalise=True)
    return Description(nom, modele, (code, Champ("nom", f"Nom {mot}")), tuple(exemple))


def _synonymes(nom: str, modele: type[models.Model], champ: str, mot: str, *exemple: str) -> Description:
    code = Champ("code", f"Synonyme de {mot}", cle=True, normalise=True)
    designe = Champ(champ, f"{mot.capitalize()} désigné{'e' if mot == 'unité' else ''}")
    return Description(nom, modele, (code, designe), exemple, non_nuls=(champ,), retirable=True)


RESEAU = (
    Description(
        "Régions",
        tables.Region,
        (Champ("code", "Code région", cle=True), Champ("nom", "Nom région")),
        ("NORD", "Nord"),
    ),
    Description(
        "Directions",
        tables.Direction,
        (
            Champ("code", "Code direction", cle=True),
            Champ("nom", "Nom direction"),
            Champ("region", "Région"),
            Champ("est_siege", "Siège"),
        ),
        ("DR-01", "Direction du Nord", "NORD", "non"),
    ),
    Description(
        "Typologies",
        tables.Typologie,
        (Champ("code", "Code typologie", cle=True), Champ("nom", "Nom typologie")),
        ("AM", "Agence messagerie"),
    ),
    Description(
        "Centres",
        tables.Centre,
        (
            Champ("code", "Code centre", cle=True),
            Champ("nom", "Nom centre"),
            Champ("direction", "Direction"),
            Champ("typologie", "Typologie"),
            Champ("aps", "APS"),
            Champ("a_guichet", "Guichet"),
            Champ("coeff_circulation", "Circulation"),
            Champ("coeff_geographie", "Géographie"),
            Champ("trajet_minutes", "Trajet (minutes)"),
            Champ("actif", "Actif"),
        ),
        ("AG-001", "Agence du port", "DR-01", "AM", 0, "oui", 0.2, -0.05, 12.5, "oui"),
    ),
    Description(
        "Postes",
        tables.Poste,
        (
            Champ("code", "Code poste", cle=True, normalise=True),
            Champ("nom", "Nom poste"),
            Champ("type", "Type"),
            Champ("salaire_mensuel", "Salaire mensuel", cout=True),
            Champ("soumis_au_trajet", "Soumis au trajet"),
            Champ("coef_shift_2", "Shift 2"),
            Champ("coef_shift_3", "Shift 3"),
        ),
        ("TRIEUR", "Trieur", "MOD", 6500, "non", 2, 2),
    ),
    _synonymes("Synonymes de poste", tables.SynonymePoste, "poste", "poste", "TRIEUSE", "TRIEUR"),
    Description(
        "Paramètres des centres",
        tables.ParametreCentre,
        (
            Champ("centre", "Centre", cle=True),
            Champ("parametre", "Paramètre", cle=True),
            Champ("flux", "Flux", cle=True),
            Champ("valeur", "Valeur"),
        ),
        ("AG-001", "pct_collecte", "CO", 12.5),
        retirable=True,
    ),
)

REGLES = (
    _nomenclature("Flux", tables.Flux, "flux", ("CO", "Courrier ordinaire")),
    _nomenclature("Sens", tables.Sens, "sens", ("ARRIVEE", "Arrivée")),
    _nomenclature("Segments", tables.Segment, "segment", ("PART", "Particuliers")),
    Description(
        "Paramètres",
        tables.Parametre,
        (
            Champ("code", "Code paramètre", cle=True),
            Champ("nom", "Nom paramètre"),
            Champ("unite", "Unité du paramètre"),
            Champ("defaut", "Défaut"),
            Champ("minimum", "Minimum"),
            Champ("maximum", "Maximum"),
            Champ("par_flux", "Par flux"),
            Champ("source", "Source"),
            Champ("ordre", "Ordre"),
        ),
        ("pct_collecte", "Collecte", "%", 0, 0, 100, "oui", "", 10),
    ),
    Description(
        "Cellules",
        tables.CelluleVolume,
        (
            Champ("code", "Code cellule", cle=True),
            Champ("flux", "Flux"),
            Champ("sens", "Sens"),
            Champ("segment", "Segment"),
            Champ("rang", "Rang"),
            Champ("ordre", "Ordre"),
        ),
        ("co.arrive.local", "CO", "ARRIVEE", "LOCAL", 0, 10),
    ),
    Description(
        "Répartitions",
        tables.RepartitionVolume,
        (
            Champ("source", "Cellule source", cle=True),
            Champ("cible", "Cellule cible", cle=True),
            Champ("parametre", "Paramètre"),
            Champ("complement", "Complément"),
        ),
        ("co.arrive.global", "co.arrive.local", "pct_axes", "oui"),
        retirable=True,
    ),
    Description(
        "Produits",
        tables.Produit,
        (
            Champ("code", "Code produit", cle=True, normalise=True),
            Champ("nom", "Nom produit"),
            Champ("flux", "Flux"),
        ),
        ("CO ARRIVE", "CO arrivé", "CO"),
    ),
    Description(
        "Cellules des produits",
        tables.ProduitCellule,
        (Champ("produit", "Produit", cle=True), Champ("cellule", "Cellule", cle=True)),
        ("CO ARRIVE", "co.arrive.local"),
        retirable=True,
    ),
    _synonymes(
        "Synonymes de produit", tables.SynonymeProduit, "produit", "produit", "CO ARRIVEE", "CO ARRIVE"
    ),
    Description(
        "Unités",
        tables.UniteMesure,
        (
            Champ("code", "Code unité", cle=True, normalise=True),
            Champ("nom", "Nom unité"),
            Champ("mode", "Mode"),
        ),
        ("SAC", "Sac", "DIVISE"),
    ),
    Description(
        "Diviseurs",
        tables.DiviseurUnite,
        (
            Champ("unite", "Unité", cle=True),
            Champ("flux", "Flux", cle=True),
            Champ("constante", "Constante", exige=True),
            Champ("parametre", "Paramètre"),
        ),
        ("SAC", "CO", "", "co_par_sac"),
        retirable=True,
    ),
    _nomenclature("Phases", tables.Phase, "phase", ("COLLECTE", "Collecte")),
    Description(
        "Termes des phases",
        tables.TermePhase,
        (
            Champ("phase", "Phase", cle=True),
            Champ("ordre", "Rang", cle=True),
            Champ("nature", "Nature"),
            Champ("parametre", "p"),
            Champ("parametre_2", "q"),
            Champ("constante", "n"),
        ),
        ("COLLECTE", 1, "POURCENT", "pct_collecte", "", ""),
        retirable=True,
        rang_dans="phase",
    ),
    Description(
        "Facteurs de base",
        tables.FacteurBase,
        (
            Champ("flux", "Flux", cle=True),
            Champ("unite", "Unité", cle=True),
            Champ("phase", "Phase", cle=True),
            Champ("parametre", "Paramètre"),
            Champ("complement", "Complément"),
        ),
        ("AMANA", "SAC", "", "ed_percent", "oui"),
        retirable=True,
    ),
    *(
        _synonymes(f"Synonymes {de}", tables.Synonyme, champ, mot, *exemple)
        for de, champ, mot, exemple in (
            ("de flux", "flux", "flux", ("EB", "EBARKIA")),
            ("de sens", "sens", "sens", ("ARR", "ARRIVEE")),
            ("de segment", "segment", "segment", ("PARTICULIER", "PART")),
            ("d'unité", "unite", "unité", ("SACS", "SAC")),
        )
    ),
    Description(
        "Postes recommandés",
        tables.MappingPosteRecommande,
        (
            Champ("poste_source", "Poste source", cle=True),
            Champ("centre", "Centre", cle=True),
            Champ("poste_cible", "Poste cible"),
        ),
        ("TRIEUR", "", "AGENT TRAITEMENT"),
        retirable=True,
    ),
    Description(
        "Tâches exclues",
        tables.TacheExclue,
        (
            Champ("typologie", "Typologie", cle=True),
            Champ("centre", "Centre", cle=True),
            Champ("nom", "Tâche exclue", cle=True),
            Champ("famille", "Famille", cle=True),
            Champ("produit", "Produit", cle=True),
            Champ("unite", "Unité", cle=True),
        ),
        ("AM", "", "Tri des sacs", "", "", ""),
        retirable=True,
    ),
    Description(
        "Réglages",
        tables.Reglage,
        (Champ("code", "Code réglage", cle=True), Champ("valeur", "Valeur")),
        ("seuil_recruter", 110),
        creable=False,
    ),
)

DESCRIPTIONS: dict[str, tuple[Description, ...]] = {
    Genre.RESEAU.value: RESEAU,
    Genre.REGLES.value: REGLES,
}
