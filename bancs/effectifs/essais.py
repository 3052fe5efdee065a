"""Vitesse des essais : une direction, le pays, cartes en mémoire ; et ce que ces cartes pèsent."""

from collections.abc import Iterator

from bancs.outil import Banc, Mesure, mediane_s
from referentiels.models import Direction
from simulations.calculs.essai import essayer
from simulations.cartes.cache import CARTES_EN_MEMOIRE
from simulations.demandes.essai import lire_essai
from simulations.moteur import MODES

HYPOTHESES = {"productivite": 95, "global_params": {"absence_pct": 6, "conges_jours": 26, "croissance": 3}}


def bancs() -> list[Banc]:
    return [Banc("essais", _essais)]


def _essais() -> Iterator[Mesure]:
    direction = Direction.objects.order_by("pk").values_list("pk", flat=True)[0]
    for mode in MODES:
        corps = {**HYPOTHESES, "mode": mode}
        d_une = mediane_s(lambda: essayer(lire_essai({**corps, "direction_id": direction})), fois=15)  # noqa: B023
        du_pays = mediane_s(lambda: essayer(lire_essai(corps)), fois=9)  # noqa: B023
        actuel = mode == "actuel"
        yield Mesure(f"essai d'une direction, {mode}", d_une * 1e3, "ms", 40 if actuel else None)
        yield Mesure(f"essai du pays, {mode}", du_pays * 1e3, "ms", 120 if actuel else None)
    yield Mesure("cartes gardées par processus, au plus", float(2 * CARTES_EN_MEMOIRE), "cartes")
