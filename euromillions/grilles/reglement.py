"""Juger les grilles dont le tirage est connu, une fois, en masse, dans la transaction qui l'a fait connaître.

Chaque écriture de tirage ou de gain est suivie, et `regler` y est abonné (voir `apps`). Une ligne
`Reglement` garde ce sur quoi les grilles d'un tirage ont été jugées : tant que rien n'a changé, rien n'est
refait ; un tirage corrigé fait rejuger ses grilles, l'ancien jugement est gardé.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict

from django.db import connection, transaction
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.fields import DecimalField
from django.db.models.functions import Cast
from django.utils import timezone

from euromillions.models import AncienJugement, GainRang, Generation, Grille, Rang, Reglement, Tirage
from euromillions.models.querysets import PORTEE_GRILLES
from euromillions.models.tirages import BOULES
from simulateur.cache import revisions

GAIN = DecimalField(max_digits=12, decimal_places=2)
RIEN_TROUVE: dict[str, None] = dict.fromkeys(
    ("numeros_trouves", "etoiles_trouvees", "rang", "gain", "jugee_le")
)


@dataclass(frozen=True)
class Verite:
    """Ce qu'on sait d'un tirage : boules, clé de l'ère, gain par rang."""

    numeros: tuple[int, ...]
    etoiles: tuple[int, ...]
    ere: int
    gains: Mapping[int, Decimal]

    @property
    def boules(self) -> str:
        return "-".join(map(str, (*self.numeros, *self.etoiles)))

    @property
    def empreinte_des_gains(self) -> str:
        if not self.gains:
            return ""
        texte = ";".join(f"{rang}:{gain:.2f}" for rang, gain in sorted(self.gains.items()))
        return hashlib.sha256(texte.encode()).hexdigest()


class BilanDuReglement(TypedDict):
    tirages: int
    grilles: int
    corrections: int


def regler() -> BilanDuReglement:
    """Juge tout ce qui peut l'être ; rend {tirages, grilles, corrections}. Sans effet deux fois."""
    cibles = list(
        Generation.objects.filter(origine__isnull=True, cible__lte=timezone.localdate())
        .order_by()
        .values_list("cible", flat=True)
        .distinct()
    )
    bilan: BilanDuReglement = {"tirages": 0, "grilles": 0, "corrections": 0}
    if not cibles:
        return bilan
    with transaction.atomic():
        regles = Reglement.objects.select_for_update().in_bulk(cibles)
        verites = _verites(cibles)
        en_attente = set(
            Grille.objects.filter(cible__in=verites, jugee_le__isnull=True)
            .order_by()
            .values_list("cible", flat=True)
            .distinct()
        )
        for cible in cibles:
            _regler_un(cible, verites.get(cible), regles.get(cible), cible in en_attente, bilan)
        if bilan["tirages"]:
            revisions.toucher([PORTEE_GRILLES])
    return bilan


def _verites(cibles: list[date]) -> dict[date, Verite]:
    tirages = list(Tirage.objects.reels().filter(date__in=cibles).order_by("date"))
    gains: dict[int, dict[int, Decimal]] = defaultdict(dict)
    lignes = GainRang.objects.filter(tirage__in=tirages).order_by()
    for tirage_id, rang, gain in lignes.values_list("tirage_id", "rang", "gain"):
        gains[tirage_id][rang] = gain
    return {t.date: Verite(t.numeros, t.etoiles, t.ere_id, gains.get(t.pk, {})) for t in tirages}


def _regler_un(
    cible: date, verite: Verite | None, regle: Reglement | None, en_attente: bool, bilan: BilanDuReglement
) -> None:
    if verite is None:
        if regle is not None and regle.boules:
            bilan["grilles"] += _oublier(cible, regle)
            bilan["tirages"] += 1
            bilan["corrections"] += 1
        return
    memes_boules = regle is not None and regle.boules == verite.boules
    memes_gains = regle is not None and regle.gains == verite.empreinte_des_gains
    if memes_boules and memes_gains and not en_attente:
        return
    grilles = Grille.objects.filter(cible=cible)
    corrige = regle is not None and bool(regle.boules) and not memes_boules
    if corrige:
        _archiver(cible)
        jugees = _juger(cible, verite, toutes=True)
    else:
        if not memes_gains:
            _archiver(cible, gains_seulement=True)
            _payer(grilles.filter(jugee_le__isnull=False), verite)
        jugees = _juger(cible, verite, toutes=False)
    bilan["tirages"] += 1
    bilan["grilles"] += jugees
    bilan["corrections"] += corrige
    Reglement.objects.update_or_create(
        cible=cible,
        defaults={
            "boules": verite.boules,
            "gains": verite.empreinte_des_gains,
            "regle_le": timezone.now(),
            "grilles": grilles.count(),
            "corrections": (regle.corrections if regle else 0) + corrige,
        },
    )


def _juger(cible: date, verite: Verite, *, toutes: bool) -> int:
    """Juge les grilles du tirage : toutes, ou celles qui ne le sont pas encore ; rend leur nombre."""
    grilles = Grille.objects.filter(cible=cible)
    a_juger = grilles if toutes else grilles.filter(jugee_le__isnull=True)
    maintenant = timezone.now()
    nombre = a_juger.update(
        numeros_trouves=_trouves(BOULES[:5], verite.numeros),
        etoiles_trouvees=_trouves(BOULES[5:], verite.etoiles),
        rang=0,
        gain=0,
        jugee_le=maintenant,
    )
    _payer(grilles.filter(jugee_le=maintenant), verite)
    return nombre


def _payer(grilles: Any, verite: Verite) -> None:
    """Pose rang et gain des grilles gagnantes ; un rang sans gain publié a un gain inconnu."""
    rangs = list(Rang.objects.filter(ere=verite.ere).order_by("numero"))
    gagnante = Q()
    for rang in rangs:
        gagnante |= Q(numeros_trouves=rang.numeros, etoiles_trouvees=rang.etoiles)
    if not rangs:
        return
    grilles.filter(gagnante).update(
        rang=Case(
            *(
                When(numeros_trouves=r.numeros, etoiles_trouvees=r.etoiles, then=Value(r.numero))
                for r in rangs
            ),
            output_field=IntegerField(),
        ),
        gain=Case(
            *(
                When(
                    numeros_trouves=r.numeros,
                    etoiles_trouvees=r.etoiles,
                    then=Cast(Value(verite.gains.get(r.numero)), GAIN),
                )
                for r in rangs
            ),
            output_field=GAIN,
        ),
    )


def _trouves(champs: tuple[str, ...], boules: tuple[int, ...]) -> Any:
    """Nombre de ces champs dont la boule est sortie, calculé par la base."""
    un, zero = Value(1), Value(0)
    somme: Any = Value(0)
    for champ in champs:
        somme = somme + Case(
            When(**{f"{champ}__in": boules}, then=un), default=zero, output_field=IntegerField()
        )
    return somme


def _oublier(cible: date, regle: Reglement) -> int:
    """Le tirage a disparu : ses grilles redeviennent à juger, leur jugement est gardé."""
    _archiver(cible)
    nombre = Grille.objects.filter(cible=cible).jugees().update(**RIEN_TROUVE)
    Reglement.objects.filter(pk=regle.pk).update(
        boules="", gains="", grilles=0, regle_le=timezone.now(), corrections=F("corrections") + 1
    )
    return nombre


def _archiver(cible: date, *, gains_seulement: bool = False) -> None:
    """Copie les jugements en place, sans les faire passer par Python."""
    ancien, grille = AncienJugement._meta.db_table, Grille._meta.db_table
    colonnes = "numeros_trouves, etoiles_trouvees, rang, gain, jugee_le"
    condition = "cible = %s AND jugee_le IS NOT NULL"
    if gains_seulement:
        condition += " AND rang > 0 AND gain IS NOT NULL"
    with connection.cursor() as curseur:
        curseur.execute(
            f"INSERT INTO {ancien} (grille_id, {colonnes}, remplace_le)"
            f" SELECT id, {colonnes}, %s FROM {grille} WHERE {condition}",
            [
                connection.ops.adapt_datetimefield_value(timezone.now()),
                connection.ops.adapt_datefield_value(cible),
            ],
        )
