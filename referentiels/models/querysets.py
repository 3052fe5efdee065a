"""Requêtes du référentiel, nommées d'après ce qu'elles servent."""

from typing import Self

from django.db.models import Count, Q, Sum

from referentiels.models.perimetres import DuReseau


class DirectionQuerySet(DuReseau):
    def pour_liste(self) -> Self:
        """Chaque direction avec sa région, son nombre de centres actifs."""
        return self.select_related("region").annotate(
            nb_centres=Count("centres", filter=Q(centres__actif=True))
        )


class CentreQuerySet(DuReseau):
    def actifs(self) -> Self:
        return self.filter(actif=True)

    def pour_liste(self) -> Self:
        """Chaque centre avec direction, typologie, nombre de postes et effectif présent."""
        return self.select_related("direction", "typologie").annotate(
            nb_postes=Count("centre_postes"), effectif_actuel=Sum("centre_postes__effectif_actuel")
        )


class TacheQuerySet(DuReseau):
    def actives(self) -> Self:
        return self.filter(actif=True)
