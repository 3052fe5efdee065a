"""Le filtre des tirages : une sélection, écrite d'une seule façon dans l'adresse et dans la clé de cache."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, fields
from datetime import date
from urllib.parse import urlencode

from euromillions.jeu.regles import JOURS_SEMAINE, MOIS
from euromillions.models.tirages import TirageQuerySet


@dataclass(frozen=True)
class Filtre:
    """Une sélection de tirages ; tout à None : l'histoire entière."""

    year: int | None = None
    month: int | None = None
    date_from: date | None = None
    date_to: date | None = None
    era: str | None = None
    weekday: int | None = None

    @property
    def parametres(self) -> dict[str, str]:
        """Paramètres d'adresse renseignés, dans un ordre fixe et une écriture unique."""
        valeurs = ((champ.name, getattr(self, champ.name)) for champ in fields(self))
        return {nom: str(valeur) for nom, valeur in valeurs if valeur is not None}

    @property
    def cle(self) -> str:
        """Partie de la clé de cache : « tout » ou « year=2016&month=9 »."""
        return urlencode(self.parametres) or "tout"

    def appliquer(self, tirages: TirageQuerySet) -> TirageQuerySet:
        if self.year is not None:
            tirages = tirages.filter(date__gte=date(self.year, 1, 1), date__lte=date(self.year, 12, 31))
        if self.month is not None:
            tirages = self._filtrer_le_mois(tirages)
        if self.date_from is not None:
            tirages = tirages.filter(date__gte=self.date_from)
        if self.date_to is not None:
            tirages = tirages.filter(date__lte=self.date_to)
        if self.era is not None:
            tirages = tirages.filter(ere__code=self.era)
        if self.weekday is not None:
            tirages = tirages.filter(jour=self.weekday)
        return tirages

    def _filtrer_le_mois(self, tirages: TirageQuerySet) -> TirageQuerySet:
        if self.year is None or self.month is None:
            return tirages.filter(date__month=self.month)
        dernier = calendar.monthrange(self.year, self.month)[1]
        return tirages.filter(
            date__gte=date(self.year, self.month, 1), date__lte=date(self.year, self.month, dernier)
        )

    def admet_l_ere(self, code: str) -> bool:
        return self.era in (None, code)

    def admet_le_jour(self, jour: date) -> bool:
        """Vrai si un tirage de ce jour serait choisi, l'ère mise à part ; la même règle qu'`appliquer`."""
        return (
            self.year in (None, jour.year)
            and self.month in (None, jour.month)
            and (self.date_from is None or jour >= self.date_from)
            and (self.date_to is None or jour <= self.date_to)
            and self.weekday in (None, jour.isoweekday())
        )

    @property
    def en_clair(self) -> str:
        """« septembre 2016, le mardi » ; vide pour l'histoire entière."""
        morceaux = []
        if self.month is not None:
            morceaux.append(
                f"{MOIS[self.month - 1]} {self.year}" if self.year else f"mois de {MOIS[self.month - 1]}"
            )
        elif self.year is not None:
            morceaux.append(f"année {self.year}")
        if self.date_from is not None:
            morceaux.append(f"depuis le {self.date_from:%d/%m/%Y}")
        if self.date_to is not None:
            morceaux.append(f"jusqu'au {self.date_to:%d/%m/%Y}")
        if self.era is not None:
            morceaux.append(f"ère « {self.era} »")
        if self.weekday is not None:
            morceaux.append(f"le {JOURS_SEMAINE[self.weekday - 1]}")
        return ", ".join(morceaux)
