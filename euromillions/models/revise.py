"""Base des tables dont dépendent les statistiques : toute écriture touche la révision des tirages."""

from typing import Any

from django.db import models, transaction

from euromillions.models.querysets import marquer_changement


class ModeleRevise(models.Model):
    """`save` et `delete` dans une transaction qui touche aussi la révision (voir `QuerySetRevise`).

    `loaddata` contourne `save` : le signal `post_save` branché dans `apps` couvre ce cas.
    """

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            super().save(*args, **options)
            marquer_changement()

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            resultat = super().delete(*args, **options)
            marquer_changement()
        return resultat
