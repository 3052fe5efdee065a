"""Requêtes nommées d'après ce qu'elles servent ; leurs écritures de masse sont suivies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connections, models, transaction
from django.db.models import Count, Exists, FloatField, OuterRef, Q, Sum
from django.db.models.functions import Cast, ExtractYear

from simulateur.cache.suivi import QuerySetSuivi, signaler
from simulateur.models import ETATS_FINAUX, Etat, TravailQuerySet

if TYPE_CHECKING:
    from euromillions.models import Ere, Generation, Tirage

PORTEE_TIRAGES = "euromillions:tirages"
PORTEE_GRILLES = "euromillions:grilles"
DU_JEU = frozenset({PORTEE_TIRAGES})  # ères, rangs, tirages et gains : tout chiffre en dépend
GAINS = ("tirage", "rang", "gagnants_france", "gagnants_europe", "gain")
GAINS_PAR_INSERTION = 1000  # 5 000 valeurs : sous la limite de SQLite (32 766) et de PostgreSQL (65 535)
BOULES = ("n1", "n2", "n3", "n4", "n5", "e1", "e2")


class EreQuerySet(QuerySetSuivi):
    def dans_l_ordre(self) -> EreQuerySet:
        return self.order_by("debut")

    def du_jour(self, jour: date) -> Ere | None:
        """L'ère qui contient cette date, ou None (avant le premier tirage, entre deux ères)."""
        trouvee: Ere | None = self.filter(Q(fin__isnull=True) | Q(fin__gte=jour), debut__lte=jour).first()
        return trouvee


class GainQuerySet(QuerySetSuivi):
    def inserer(self, lignes: Sequence[Sequence[Any]]) -> None:
        """Insère des (clé de tirage, rang, gagnants France, Europe, gain), sans fabriquer d'objets.

        Cinq fois plus vite que `bulk_create` : l'histoire entière fait 25 000 gains.
        """
        champs = [self.model._meta.get_field(nom) for nom in GAINS]
        connexion = connections[self.db]
        colonnes = ", ".join(connexion.ops.quote_name(champ.column) for champ in champs)
        insertion = f"INSERT INTO {connexion.ops.quote_name(self.model._meta.db_table)} ({colonnes}) VALUES "
        with transaction.atomic(using=self.db), connexion.cursor() as curseur:
            for debut_du_lot in range(0, len(lignes), GAINS_PAR_INSERTION):
                lot = lignes[debut_du_lot : debut_du_lot + GAINS_PAR_INSERTION]
                valeurs = [
                    champ.get_db_prep_save(valeur, connexion)
                    for ligne in lot
                    for champ, valeur in zip(champs, ligne, strict=True)
                ]
                places = ", ".join([f"({', '.join(['%s'] * len(champs))})"] * len(lot))
                curseur.execute(insertion + places, valeurs)
            if lignes:
                signaler([PORTEE_TIRAGES])

    inserer.alters_data = True  # type: ignore[attr-defined]

    def pour_les_gains(self, tirages: TirageQuerySet) -> list[tuple[Any, ...]]:
        """(clé d'ère, clé de tirage, rang, gagnants en Europe, gain en €) des rangs aux gagnants publiés."""
        return list(
            self.filter(tirage__in=tirages, gagnants_europe__isnull=False)
            .order_by()
            .annotate(euros=Cast("gain", FloatField()))
            .values_list("tirage__ere_id", "tirage_id", "rang", "gagnants_europe", "euros")
        )


class TirageQuerySet(QuerySetSuivi):
    def reels(self) -> TirageQuerySet:
        return self.filter(fictif=False)

    def fictifs(self) -> TirageQuerySet:
        return self.filter(fictif=True)

    def pour_la_liste(self) -> TirageQuerySet:
        return self.select_related("ere").order_by("-date")

    def pour_la_fiche(self) -> TirageQuerySet:
        return self.select_related("ere").prefetch_related("gains", "ere__rangs", "historique__auteur")

    def pour_la_matrice(self) -> models.QuerySet[Any, Any]:
        """Lignes brutes (date, n1…n5, e1, e2, clé de l'ère) dans l'ordre des tirages."""
        return self.order_by("date").values_list("date", *BOULES, "ere_id")

    def contenant(self, *, numeros: Sequence[int] = (), etoiles: Sequence[int] = ()) -> TirageQuerySet:
        """Tirages qui contiennent tous ces numéros et toutes ces étoiles."""
        choisis = self
        for numero in numeros:
            choisis = choisis.filter(Q(n1=numero) | Q(n2=numero) | Q(n3=numero) | Q(n4=numero) | Q(n5=numero))
        for etoile in etoiles:
            choisis = choisis.filter(Q(e1=etoile) | Q(e2=etoile))
        return choisis

    def _tirages(self) -> type[Tirage]:
        modele: Any = self.model
        return modele

    def par_annee(self) -> list[tuple[int, int]]:
        """(année, nombre de tirages), de la plus récente à la plus ancienne."""
        annees = self.annotate(an=ExtractYear("date")).values("an").annotate(nombre=Count("pk"))
        return list(annees.order_by("-an").values_list("an", "nombre"))

    def bulk_create(self, objs: Iterable[Any], *args: Any, **options: Any) -> list[Any]:
        """Comme Django, après avoir complété l'ère et le jour de chaque tirage."""
        tirages = list(objs)
        self._tirages().completer(tirages)
        return super().bulk_create(tirages, *args, **options)

    def update(self, **valeurs: Any) -> int:
        """Comme Django ; l'ancienne valeur des tirages réels dont la date ou une boule change est gardée."""
        if {"date", *BOULES}.isdisjoint(valeurs):
            return super().update(**valeurs)
        with transaction.atomic(using=self.db):
            avant = {tirage.pk: tirage for tirage in self.reels().order_by().select_for_update()}
            nombre = super().update(**valeurs)
            apres = self._tirages().objects.in_bulk(list(avant))
            changes = [ancien for pk, ancien in avant.items() if ancien.differe_de(apres[pk])]
            self._tirages().historiser(changes, motif="mise à jour en masse")
        return nombre

    def delete(self) -> tuple[int, dict[str, int]]:
        """Comme Django, après avoir gardé la valeur des tirages réels."""
        with transaction.atomic(using=self.db):
            self._tirages().historiser(self.reels().order_by(), motif="suppression")
            return super().delete()

    update.alters_data = True  # type: ignore[attr-defined]
    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class GenerationQuerySet(TravailQuerySet):
    def delete(self) -> tuple[int, dict[str, int]]:
        """Comme Django ; les mesures de précision rangées sur ces grilles ne se servent plus."""
        with transaction.atomic(using=self.db):
            resultat: tuple[int, dict[str, int]] = super().delete()
            signaler([PORTEE_GRILLES])
        return resultat

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def visibles_par(self, utilisateur: Any) -> GenerationQuerySet:
        """Les siennes ; toutes pour le personnel."""
        return self if utilisateur.is_staff else self.filter(demandeur=utilisateur)

    def pour_la_liste(self) -> GenerationQuerySet:
        return self.select_related("demandeur").order_by("-cree_le")

    def purgeables(self, *, avant: datetime) -> GenerationQuerySet:
        """Finies avant cette heure et dont aucun chiffre ne dépend (voir `grilles.purge`)."""
        grille: Any = self.model._meta.get_field("grilles").related_model
        siennes = grille.objects.filter(generation=OuterRef("pk"))
        sans_grille = ~Exists(siennes)
        fictive_sans_gain = Q(fictive=True, cible__lt=avant) & ~Exists(siennes.filter(rang__gt=0))
        return self.filter(etat__in=ETATS_FINAUX, termine_le__lt=avant).filter(
            sans_grille | fictive_sans_gain
        )

    def reutilisable(self, *, depuis: datetime, **criteres: Any) -> Generation | None:
        """La plus récente génération finie depuis `depuis`, aux mêmes critères, qui a ses propres grilles."""
        trouvee: Any = (
            self.filter(etat=Etat.TERMINEE, origine__isnull=True, termine_le__gte=depuis, **criteres)
            .order_by("-termine_le")
            .first()
        )
        generation: Generation | None = trouvee
        return generation


class GrilleQuerySet(models.QuerySet[Any, Any]):
    def visibles_par(self, utilisateur: Any) -> GrilleQuerySet:
        return self if utilisateur.is_staff else self.filter(generation__demandeur=utilisateur)

    def pour_la_liste(self) -> GrilleQuerySet:
        return self.select_related("generation", "generation__demandeur").order_by(
            "-cible", "-generation__cree_le", "position"
        )

    def jugees(self) -> GrilleQuerySet:
        return self.filter(jugee_le__isnull=False)

    def pour_la_precision(self) -> GrilleQuerySet:
        """Grilles jugées, hors celles qui ont été tirées d'un passé fictif."""
        return self.jugees().filter(generation__fictive=False).order_by()

    def resultats_par_tirage(self) -> Any:
        """(stratégie, tirage, numéros, étoiles, rang, grilles, gains connus, gains inconnus)."""
        return self.values_list(
            "generation__strategie", "cible", "numeros_trouves", "etoiles_trouvees", "rang"
        ).annotate(
            grilles=Count("pk"),
            gains=Cast(Sum("gain"), FloatField()),
            inconnus=Count("pk", filter=Q(gain__isnull=True)),
        )

    def boules_par_tirage(self, champ: str) -> Any:
        """(stratégie, tirage, boule, grilles) pour une colonne de boules."""
        return self.values_list("generation__strategie", "cible", champ).annotate(grilles=Count("pk"))
