"""Requêtes des simulations, nommées d'après la page qu'elles servent."""

from typing import Any, Self

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT

from referentiels.models.perimetres import etendue_de
from simulateur.cache.suivi import QuerySetSuivi
from simulateur.models import Etat, TravailQuerySet
from simulations.models.visibles import dans_le_perimetre, simulations_visibles

# Entrées que seules les pages de résultat lisent : un lot importé y met des milliers de lignes.
VOLUMINEUX = ("volumes_demandes", "centre_ids", "parametres", "rapport")


class SimulationQuerySet(QuerySetSuivi, TravailQuerySet):  # type: ignore[override]
    def visible_par(self, compte: Any) -> Self:
        """Celles dont ce compte a tout le périmètre, ou qu'on lui a partagées ; les autres n'existent pas."""
        return simulations_visibles(self, compte)

    def dans_le_perimetre(self, compte: Any) -> Self:
        """Celles dont ce compte a tout le périmètre : un partage montre, il ne donne pas de quoi relancer."""
        etendue = etendue_de(compte)
        return self if etendue.pays else self.filter(dans_le_perimetre("simulation", etendue))

    def pour_liste(self) -> Self:
        return self.select_related("demandeur", "direction")

    def pour_historique(self) -> Self:
        """La liste des simulations, sans leurs entrées."""
        return (
            self.select_related("demandeur", "scenario")
            .defer(*VOLUMINEUX, "scenario__parametres", "scenario__volumes")
            .annotate(mode=KT("parametres__mode"))
        )

    def pour_suivi(self) -> Self:
        """Ce que lit le suivi d'un travail, sans les entrées volumineuses."""
        return self.defer("volumes_demandes", "centre_ids")

    def pour_page(self) -> Self:
        """La page d'une simulation : sa cible et qui l'a demandée."""
        return self.select_related("demandeur", "direction", "scenario").defer(
            "volumes_demandes", "scenario__parametres", "scenario__volumes"
        )

    def dernieres_par_direction(self, directions: "QuerySet") -> Self:
        """La dernière simulation terminée de chaque direction qui en a une. Une requête."""
        de_la_direction = (
            self.filter(niveau="direction", etat=Etat.TERMINEE, direction_id=OuterRef("pk"))
            .order_by("-termine_le")
            .values("pk")[:1]
        )
        voulues = directions.order_by().annotate(derniere=Subquery(de_la_direction)).values("derniere")
        return self.filter(pk__in=voulues).defer(*VOLUMINEUX)
