"""Écriture française des nombres : 1 234,5 (espace fine insécable, virgule). Sans Django."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import Any

FINE_INSECABLE = "\u202f"
ABSENT = "—"
PLUS_GRAND = 1e15  # au-delà, un nombre à virgule flottante n'a plus toutes ses décimales
PRECISION = Context(prec=400)  # chiffres : tout nombre à virgule flottante, même 1e308, s'écrit


def nombre(valeur: Any, decimales: int = 0) -> str:
    """1234.56 → « 1 234,6 » pour 1 décimale, arrondi au plus proche (demi vers le haut)."""
    if type(valeur) is float and _sans_demi(valeur, int(decimales)):
        return _a_la_francaise(f"{valeur:,.{int(decimales)}f}")
    return _nombre_exact(valeur, decimales)


def _sans_demi(valeur: float, decimales: int) -> bool:
    """Son écriture ne finit pas par un 5 : le format de Python rend alors le même arrondi.

    Au-delà de quinze chiffres, décimales comprises, il écrirait ceux du binaire.
    """
    if not abs(valeur) * 10.0**decimales < PLUS_GRAND:
        return False
    ecrit = repr(valeur)
    return ecrit[-1] != "5" and "e" not in ecrit


def _nombre_exact(valeur: Any, decimales: int) -> str:
    if valeur is None or valeur == "":
        return ABSENT
    try:
        exact = Decimal(str(valeur))
        if not exact.is_finite():
            return ABSENT
    except InvalidOperation:
        return ABSENT
    arrondi = exact.quantize(Decimal(1).scaleb(-int(decimales)), ROUND_HALF_UP, PRECISION)
    return _a_la_francaise(f"{arrondi:,.{int(decimales)}f}")


def _a_la_francaise(texte: str) -> str:
    """« -1,234.50 » → « −1 234,50 » ; un zéro n'a pas de signe."""
    francais = texte.replace(",", FINE_INSECABLE).replace(".", ",")
    if francais[0] != "-":
        return francais
    return francais[1:] if not francais.strip("-0,") else f"−{francais[1:]}"


def signe(valeur: Any, decimales: int = 0) -> str:
    """Comme `nombre`, avec un + devant une valeur positive (écarts)."""
    texte = nombre(valeur, decimales)
    return f"+{texte}" if texte not in (ABSENT,) and Decimal(str(valeur)) > 0 and texte.strip("0,") else texte


def personnes(valeur: Any) -> str:
    """Des personnes : une décimale, deux quand il le faut (« 12,0 », « 0,34 »)."""
    return nombre(valeur, _decimales(valeur))


def en_plus(valeur: Any) -> str:
    """Comme `personnes`, avec son signe : un écart."""
    return signe(valeur, _decimales(valeur))


def _decimales(valeur: Any) -> int:
    return 1 if nombre(valeur, 2).endswith("0") else 2


def pourcent(valeur: Any, decimales: int = 0) -> str:
    texte = nombre(valeur, decimales)
    return texte if texte == ABSENT else f"{texte}{FINE_INSECABLE}%"


def duree(secondes: Any) -> str:
    """Secondes → « 0,8 s », « 2 min 05 s », « 1 h 03 min »."""
    if secondes is None:
        return ABSENT
    if isinstance(secondes, timedelta):
        secondes = secondes.total_seconds()
    secondes = float(secondes)
    if round(secondes, 1) < 60:
        return f"{nombre(secondes, 1)}{FINE_INSECABLE}s"
    minutes, reste = divmod(round(secondes), 60)
    if minutes < 60:
        return f"{minutes}{FINE_INSECABLE}min{FINE_INSECABLE}{reste:02d}{FINE_INSECABLE}s"
    heures, minutes = divmod(minutes, 60)
    return f"{heures}{FINE_INSECABLE}h{FINE_INSECABLE}{minutes:02d}{FINE_INSECABLE}min"
