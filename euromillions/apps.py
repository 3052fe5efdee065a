"""Application EuroMillions."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, post_save, pre_migrate


class EuromillionsConfig(AppConfig):
    name = "euromillions"
    verbose_name = "EuroMillions"

    def ready(self) -> None:
        from euromillions import garde_base
        from euromillions.grilles.reglement import regler
        from euromillions.querysets import a_chaque_changement

        a_chaque_changement(regler)
        pre_migrate.connect(garde_base.retirer, sender=self)
        post_migrate.connect(self._apres_migrate, sender=self)
        for modele in (self.get_model(nom) for nom in ("Ere", "Rang", "Tirage", "GainRang")):
            post_save.connect(_apres_loaddata, sender=modele)
        _declarer_les_planifications()

    def _apres_migrate(self, *, using: str, apps: Any, **_: Any) -> None:
        """Déclencheurs, et ères si la table est vide (base neuve, ou vidée par un test)."""
        from euromillions import eres, garde_base

        garde_base.installer(using=using)
        try:
            modeles = apps.get_model("euromillions", "Ere"), apps.get_model("euromillions", "Rang")
        except LookupError:
            return
        eres.installer_eres(*modeles)


def _apres_loaddata(*, raw: bool = False, **_: Any) -> None:
    """`loaddata` écrit sans passer par `save` : la révision se touche ici, dans sa transaction."""
    from euromillions.querysets import marquer_changement

    if raw:
        marquer_changement()


def _declarer_les_planifications() -> None:
    from simulateur.planification import Planification, declarer

    declarer(
        Planification(
            nom="euromillions : actualiser les statistiques",
            fonction="euromillions.travaux.actualiser_statistiques",
            cron="0 6 * * *",
        ),
        Planification(
            nom="euromillions : juger les grilles",
            fonction="euromillions.grilles.travaux.juger_les_grilles",
            cron="0 6 * * *",
        ),
        Planification(
            nom="euromillions : rapport hebdomadaire",
            fonction="euromillions.grilles.travaux.rapport_hebdomadaire",
            cron="0 8 * * 1",
        ),
        Planification(
            nom="euromillions : élaguer les mesures",
            fonction="euromillions.grilles.travaux.elaguer_les_mesures",
            cron="10 2 * * *",
        ),
        Planification(
            nom="euromillions : purge",
            fonction="euromillions.grilles.travaux.purge_hebdomadaire",
            cron="40 3 * * 1",
        ),
        Planification(
            nom="euromillions : réapprendre le modèle",
            fonction="euromillions.grilles.travaux.reapprendre_le_modele",
            cron="0 7 * * 1",
        ),
        Planification(
            nom="euromillions : nettoyer le cache",
            fonction="euromillions.travaux.nettoyer_cache",
            cron="0 2 * * *",
        ),
        Planification(
            nom="euromillions : télécharger les tirages",
            fonction="euromillions.imports.travaux.telecharger_tirages",
            # Lendemains de tirage, avant l'actualisation de 6 h. Sans adresse réglée, ne fait rien.
            cron="30 5 * * 3,6",
        ),
    )
