"""Les règles de calcul, en lignes : un nouveau flux, une phase ou un autre métier ne coûte aucun code.

Source : docs/metier/effectifs.md#regles. Les lignes livrées viennent des migrations de données.
"""

import re
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from referentiels.suivi import portees
from simulateur.cache.suivi import ModeleSuivi
from simulateur.langue.texte import normaliser

LETTRE = re.compile(r"\b[pqn]\b")  # les lettres d'une formule, remplacées d'un seul passage


class Regle(ModeleSuivi):
    """Base des lignes de règles : leur changement touche `ref:regles`."""

    PORTEES: ClassVar[frozenset[str]] = frozenset({portees.REGLES})

    class Meta:
        abstract = True


class Nomenclature(Regle):
    """Ligne (code, nom) ; le code est rangé normalisé : majuscules, sans accents."""

    code = models.CharField(max_length=60, unique=True)
    nom = models.CharField(max_length=120)

    class Meta:
        abstract = True
        ordering = ("code",)

    def __str__(self) -> str:
        return self.nom

    def clean(self) -> None:
        self.code = normaliser(self.code)

    def save(self, *args: Any, **options: Any) -> None:
        self.code = normaliser(self.code)
        super().save(*args, **options)


class Flux(Nomenclature):
    """AMANA, CO, CR, EBARKIA, LRH. Son code en minuscules préfixe ses paramètres (`co_pct_retour`)."""

    class Meta(Nomenclature.Meta):
        verbose_name = "flux"
        verbose_name_plural = "flux"


class Sens(Nomenclature):
    class Meta(Nomenclature.Meta):
        verbose_name = "sens"
        verbose_name_plural = "sens"


class Segment(Nomenclature):
    class Meta(Nomenclature.Meta):
        verbose_name = "segment"
        verbose_name_plural = "segments"


class CelluleVolume(Regle):
    """Ce que l'utilisateur saisit : un volume annuel par centre et par cellule (flux?, sens, segment)."""

    code = models.CharField(max_length=80, unique=True, help_text="Lisible : amana.recu.gc.local")
    flux = models.ForeignKey(Flux, null=True, blank=True, on_delete=models.PROTECT, related_name="cellules")
    sens = models.ForeignKey(Sens, on_delete=models.PROTECT, related_name="cellules")
    segment = models.ForeignKey(Segment, on_delete=models.PROTECT, related_name="cellules")
    rang = models.PositiveSmallIntegerField(
        default=0,
        help_text="0 : compte tel quel ; au-delà, réparti, pour ce que les rangs plus fins ne couvrent pas.",
    )
    ordre = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "cellule de volume"
        verbose_name_plural = "cellules de volume"
        ordering = ("ordre", "code")
        constraints = [
            models.UniqueConstraint(
                Coalesce("flux", 0),
                "sens",
                "segment",
                name="cellule_flux_sens_segment_unique",
                violation_error_message="Une cellule existe déjà pour ce flux, ce sens et ce segment.",
            )
        ]

    def __str__(self) -> str:
        return self.code


class RepartitionVolume(Regle):
    """Un volume saisi globalement se répartit : part de `source` versée à `cible`.

    La part vaut 1, p/100 ou 1 − p/100 selon le paramètre p et `complement`.
    """

    source = models.ForeignKey(CelluleVolume, on_delete=models.CASCADE, related_name="repartitions")
    cible = models.ForeignKey(CelluleVolume, on_delete=models.CASCADE, related_name="apports")
    parametre = models.CharField(max_length=60, blank=True, default="")
    complement = models.BooleanField("1 − p/100", default=False)

    class Meta:
        verbose_name = "répartition de volume"
        verbose_name_plural = "répartitions de volume"
        ordering = ("source", "cible")
        constraints = [
            models.UniqueConstraint(fields=("source", "cible"), name="repartition_source_cible_unique"),
            models.CheckConstraint(
                condition=~Q(source=F("cible")),
                name="repartition_vers_autre_cellule",
                violation_error_message="Une cellule ne se répartit pas vers elle-même.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.cible}"


class Produit(Nomenclature):
    """Désigne un ensemble de cellules : son volume est leur somme (nul s'il n'en désigne aucune)."""

    flux = models.ForeignKey(Flux, null=True, blank=True, on_delete=models.PROTECT, related_name="produits")
    cellules = models.ManyToManyField(
        CelluleVolume, through="ProduitCellule", related_name="produits", blank=True
    )

    class Meta(Nomenclature.Meta):
        verbose_name = "produit"
        verbose_name_plural = "produits"


class ProduitCellule(Regle):
    produit = models.ForeignKey(Produit, on_delete=models.CASCADE, related_name="lignes_cellules")
    cellule = models.ForeignKey(CelluleVolume, on_delete=models.PROTECT, related_name="lignes_produits")

    class Meta:
        verbose_name = "cellule du produit"
        verbose_name_plural = "cellules du produit"
        constraints = [
            models.UniqueConstraint(
                fields=("produit", "cellule"),
                name="produit_cellule_unique",
                violation_error_message="Cette cellule compte déjà dans ce produit.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.produit} ← {self.cellule}"


class SynonymeProduit(Regle):
    """Autre libellé d'un produit rencontré dans les fichiers (« EL BARKIA MED »)."""

    produit = models.ForeignKey(Produit, on_delete=models.CASCADE, related_name="synonymes")
    code = models.CharField(max_length=60, unique=True)

    class Meta:
        verbose_name = "synonyme de produit"
        verbose_name_plural = "synonymes de produit"

    def __str__(self) -> str:
        return self.code

    def save(self, *args: Any, **options: Any) -> None:
        self.code = normaliser(self.code)
        super().save(*args, **options)


class UniteMesure(Nomenclature):
    """DIVISE : le volume est divisé (colis par sac…). FORFAIT : une fois par jour, sans volume."""

    class Mode(models.TextChoices):
        DIVISE = "DIVISE", "Divise le volume"
        FORFAIT = "FORFAIT", "Forfait, une fois par jour"

    mode = models.CharField(max_length=7, choices=Mode.choices, default=Mode.DIVISE)

    class Meta(Nomenclature.Meta):
        verbose_name = "unité de mesure"
        verbose_name_plural = "unités de mesure"
        constraints = [
            models.CheckConstraint(
                condition=Q(mode__in=("DIVISE", "FORFAIT")),
                name="unite_mode_connu",
                violation_error_message="Le mode d'une unité est DIVISE ou FORFAIT.",
            )
        ]


class DiviseurUnite(Regle):
    """Diviseur d'une unité, éventuellement par flux : une constante, ou un paramètre. Vaut au moins 1."""

    unite = models.ForeignKey(UniteMesure, on_delete=models.CASCADE, related_name="diviseurs")
    flux = models.ForeignKey(Flux, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    constante = models.FloatField(null=True, blank=True)
    parametre = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        verbose_name = "diviseur"
        verbose_name_plural = "diviseurs"
        constraints = [
            models.UniqueConstraint(
                "unite",
                Coalesce("flux", 0),
                name="diviseur_unite_flux_unique",
                violation_error_message="Cette unité a déjà un diviseur pour ce flux.",
            ),
            models.CheckConstraint(
                condition=Q(constante__isnull=False, parametre="", constante__gte=1)
                | (Q(constante__isnull=True) & ~Q(parametre="")),
                name="diviseur_constante_ou_parametre",
                violation_error_message="Donner une constante d'au moins 1, ou un paramètre, pas les deux.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unite} ÷ {self.parametre or self.constante}"


class Phase(Nomenclature):
    """Liste de termes multipliés entre eux ; sans terme, le facteur vaut 1."""

    class Meta(Nomenclature.Meta):
        verbose_name = "phase"
        verbose_name_plural = "phases"


class TermePhase(Regle):
    """Un facteur d'une phase. p et q sont cherchés par flux puis globaux, par centre puis par simulation."""

    class Nature(models.TextChoices):
        POURCENT = "POURCENT", "p / 100"
        COMPLEMENT = "COMPLEMENT", "1 − p/100 − q/100"
        UN_PLUS = "UN_PLUS", "1 + p + q"
        VALEUR = "VALEUR", "p"
        INVERSE = "INVERSE", "1 / n"

    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="termes")
    ordre = models.PositiveSmallIntegerField(default=0)
    nature = models.CharField(max_length=10, choices=Nature.choices)
    parametre = models.CharField("p", max_length=60, blank=True, default="")
    parametre_2 = models.CharField("q", max_length=60, blank=True, default="")
    constante = models.FloatField("n", null=True, blank=True)

    class Meta:
        verbose_name = "terme"
        verbose_name_plural = "termes"
        ordering = ("phase", "ordre")
        constraints = [
            models.CheckConstraint(
                condition=(Q(nature="INVERSE", constante__gte=1) | ~Q(nature="INVERSE") & ~Q(parametre="")),
                name="terme_complet",
                violation_error_message="Un terme 1/n demande n ≥ 1 ; les autres demandent un paramètre p.",
            ),
            models.CheckConstraint(
                condition=Q(parametre_2="") | Q(nature__in=("COMPLEMENT", "UN_PLUS")),
                name="terme_q_seulement_si_somme",
                violation_error_message="q ne sert que dans 1 − p/100 − q/100 et 1 + p + q.",
            ),
        ]

    def __str__(self) -> str:
        valeurs = {"p": self.parametre, "q": self.parametre_2 or "0", "n": str(self.constante or "")}
        modele = str(self.get_nature_display())
        return LETTRE.sub(lambda lettre: valeurs[lettre[0]], modele)


class FacteurBase(Regle):
    """Facteur des tâches de base 40 ou 60 (jamais 100) selon flux, unité et phase ; la plus précise gagne.

    Livré : la part en sac (ED %) d'AMANA, docs/metier/effectifs.md#base.
    """

    flux = models.ForeignKey(Flux, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    unite = models.ForeignKey(UniteMesure, on_delete=models.CASCADE, related_name="facteurs_base")
    phase = models.ForeignKey(Phase, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    parametre = models.CharField(max_length=60, default="ed_percent")
    complement = models.BooleanField("1 − p/100", default=False)

    class Meta:
        verbose_name = "facteur de base"
        verbose_name_plural = "facteurs de base (40/60)"
        constraints = [
            models.UniqueConstraint(
                Coalesce("flux", 0),
                "unite",
                Coalesce("phase", 0),
                name="facteur_base_unique",
                violation_error_message="Un facteur existe déjà pour ce flux, cette unité et cette phase.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.flux or 'tout flux'} {self.unite} {self.phase or ''}".strip()


class Parametre(Regle):
    """Catalogue des paramètres qu'une règle peut nommer : bornes, défaut, et s'il se décline par flux."""

    DE_PRESENCE: ClassVar[tuple[str, ...]] = ("conges_jours", "formation_jours", "absence_pct")  # sans flux

    code = models.SlugField(max_length=60, unique=True)
    nom = models.CharField(max_length=120)
    unite = models.CharField("unité", max_length=20, blank=True, default="%")
    defaut = models.FloatField("défaut", default=0)
    minimum = models.FloatField(default=0)
    maximum = models.FloatField(default=100)
    par_flux = models.BooleanField("se décline par flux", default=True)
    source = models.CharField(max_length=120, blank=True, default="")
    ordre = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "paramètre"
        verbose_name_plural = "paramètres"
        ordering = ("ordre", "code")
        constraints = [
            models.CheckConstraint(
                condition=Q(minimum__lte=F("defaut"), defaut__lte=F("maximum")),
                name="parametre_defaut_dans_les_bornes",
                violation_error_message="Le défaut doit être entre le minimum et le maximum.",
            )
        ]

    def __str__(self) -> str:
        return self.nom

    def verifier(self, valeur: float, *, nom: str) -> None:
        """Lève ValidationError si `valeur` sort des bornes (NaN et infinis compris)."""
        if not self.minimum <= valeur <= self.maximum:
            raise ValidationError(
                {nom: f"{valeur:g} est hors des bornes : de {self.minimum:g} à {self.maximum:g}."}
            )


class Reglage(Regle):
    """Un choix de la maison, en une ligne livrée : sa valeur se change. Vide : la règle."""

    SEUILS: ClassVar[tuple[str, ...]] = ("seuil_recruter", "seuil_surveiller", "seuil_optimiser")

    code = models.SlugField(max_length=60, unique=True)
    nom = models.CharField(max_length=120)
    aide = models.CharField(max_length=300, blank=True, default="")
    valeur = models.FloatField(null=True, blank=True)
    minimum = models.FloatField()
    maximum = models.FloatField()
    entier = models.BooleanField(default=False)
    facultatif = models.BooleanField("peut rester vide", default=False)

    class Meta:
        verbose_name = "réglage"
        verbose_name_plural = "réglages"
        ordering = ("code",)
        constraints = [
            models.CheckConstraint(
                condition=Q(valeur__isnull=True, facultatif=True)
                | Q(valeur__gte=F("minimum"), valeur__lte=F("maximum")),
                name="reglage_dans_ses_bornes",
                violation_error_message="La valeur d'un réglage est dans ses bornes.",
            )
        ]

    def __str__(self) -> str:
        return self.nom

    def clean(self) -> None:
        if self.entier and self.valeur is not None and self.valeur != int(self.valeur):
            raise ValidationError({"valeur": "Un nombre entier est attendu."})
        if self.code in self.SEUILS and self.valeur is not None:
            seuils = {**self.valeurs(*self.SEUILS), self.code: self.valeur}
            if sorted(seuils.values(), reverse=True) != [
                seuils.get(code) for code in self.SEUILS if code in seuils
            ]:
                raise ValidationError({"valeur": "Il faut Optimiser ≤ Surveiller ≤ Recruter."})

    @classmethod
    def valeurs(cls, *codes: str) -> dict[str, float]:
        """Les valeurs posées, par code. Une requête."""
        lignes = cls.objects.filter(code__in=codes).values_list("code", "valeur")
        return {code: valeur for code, valeur in lignes if valeur is not None}

    @classmethod
    def valeur_de(cls, code: str) -> float | None:
        """La valeur posée ; None si elle est vide ou si la ligne manque."""
        valeur: float | None = cls.objects.filter(code=code).values_list("valeur", flat=True).first()
        return valeur
