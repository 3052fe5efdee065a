"""Un paramètre d'adresse ou un champ de corps que l'appel n'attend pas : 400 qui le nomme et dit les permis.

Les permis sont lus de ce que la vue documente (`extend_schema`, filtres, pages) : le schéma et le
comportement ont la même source.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any, Optional

from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.plumbing import build_mock_request, force_instance
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from simulateur.langue.citation import citer
from simulateur.langue.inconnus import les_inconnus, phrases_des_inconnus

AVEC_CORPS = ("POST", "PUT", "PATCH")


@dataclass(frozen=True)
class Forme:
    """`ecrits` : champ → la forme de ce qu'il contient, None si elle n'est pas jugée ici.

    `lus` : ce que la lecture rend en plus ; renvoyé tel quel, il est connu, et sans effet.
    """

    ecrits: Mapping[str, Optional["Forme"]] = field(default_factory=dict)
    lus: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Permis:
    """`parametres` : « dispersion_{flux} » en permet une famille, dont la vue juge la suite.

    `corps` : sans champ, l'appel n'attend rien ; None, son corps n'est pas un objet décrit.
    """

    parametres: tuple[str, ...]
    corps: Forme | None


def refuser(request: Request, vue: Any, *, corps_juge: bool = True) -> None:
    """ValidationError si l'appel porte un inconnu ; `corps_juge` : faux quand le domaine juge les champs."""
    classe: Any = type(vue)
    permis = permis_de(classe, _methode(request), tuple(sorted(_actions(vue).items())))
    _lever(les_inconnus(request.query_params, permis.parametres), permis.parametres, "Paramètre")
    _refuser_le_nul(request)
    if not corps_juge or permis.corps is None or request.method not in AVEC_CORPS:
        return
    corps = corps_recu(request, vue)
    if not isinstance(corps, Mapping):
        raise ValidationError(
            "Un objet JSON est attendu." if permis.corps.ecrits else "Cet appel n'attend aucun corps."
        )
    for chemin, inconnus, forme in _niveaux(corps, permis.corps):
        _lever([f"{chemin}{nom}" for nom in inconnus], forme.ecrits, "Champ")


def corps_recu(request: Request, vue: Any) -> Any:
    """Le corps JSON ; un simple tableau devient l'objet que `vue.du_tableau` y lit, si elle en admet un."""
    corps = request.data
    return vue.du_tableau(corps) if vue.du_tableau and isinstance(corps, list) else corps


def _refuser_le_nul(request: Request) -> None:
    """PostgreSQL ne garde pas ce caractère : une recherche qui le porterait serait une panne."""
    fautifs = [nom for nom, valeurs in request.query_params.lists() if any("\x00" in v for v in valeurs)]
    if fautifs:
        raise ValidationError({citer(nom): ["Un caractère nul n'est pas permis."] for nom in fautifs})


def _methode(request: Request) -> str:
    return "GET" if request.method == "HEAD" else str(request.method)


def _actions(vue: Any) -> dict[str, str]:
    return getattr(vue, "action_map", None) or {}


@cache
def permis_de(classe: Any, methode: str, actions: tuple[tuple[str, str], ...]) -> Permis:
    """Ce que documente cette vue pour cette méthode ; `actions` : méthode → action, pour un ViewSet."""
    generateur = SchemaGenerator()
    faconne = SimpleNamespace(cls=classe, initkwargs={}, actions=dict(actions) or None)
    vue = generateur.create_view(faconne, methode)
    vue.request = build_mock_request(methode, "/", vue, None)
    schema = vue.schema
    schema.registry, schema.method = generateur.registry, methode
    schema.path = schema.path_regex = schema.path_prefix = ""
    with GENERATOR_STATS.silence():  # ce qui manque au schéma se dit en l'écrivant, pas à chaque processus
        parametres = schema._get_parameters()
    return Permis(
        tuple(p["name"] for p in parametres if p["in"] == "query"),
        _forme_du_corps(schema.get_request_serializer()) if methode in AVEC_CORPS else Forme(),
    )


def _forme_du_corps(serialiseur: Any) -> Forme | None:
    if serialiseur is None:
        return Forme()
    if isinstance(serialiseur, dict):  # {type de corps : sérialiseur} : un seul type par vue
        (serialiseur,) = serialiseur.values()
    return _forme(force_instance(serialiseur))


def _forme(champ: Any) -> Forme | None:
    """Celle d'un sérialiseur, ou des éléments d'une liste ; None pour un champ simple ou libre."""
    if isinstance(champ, serializers.ListSerializer | serializers.ListField):
        return _forme(champ.child)
    if not isinstance(champ, serializers.Serializer):
        return None
    return Forme(
        {nom: _forme(dedans) for nom, dedans in champ.fields.items() if not dedans.read_only},
        frozenset(nom for nom, dedans in champ.fields.items() if dedans.read_only),
    )


def _niveaux(corps: Mapping[str, Any], forme: Forme, ou: str = "") -> Iterator[tuple[str, list[str], Forme]]:
    """(chemin, inconnus, forme) de chaque objet du corps dont la forme est décrite."""
    yield ou, les_inconnus(corps, {*forme.ecrits, *forme.lus}), forme
    for nom, dedans in forme.ecrits.items():
        if dedans is not None:
            for chemin, objet in _objets(corps.get(nom), f"{ou}{nom}"):
                yield from _niveaux(objet, dedans, f"{chemin}.")


def _objets(valeur: Any, chemin: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """L'objet, ou ceux de la liste, avec leur chemin ; ce qui n'en est pas est laissé à la validation."""
    if isinstance(valeur, Mapping):
        yield chemin, valeur
    elif isinstance(valeur, list):
        yield from (
            (f"{chemin}[{rang}]", objet) for rang, objet in enumerate(valeur) if isinstance(objet, Mapping)
        )


def _lever(inconnus: list[str], permis: Iterable[str], quoi: str) -> None:
    if inconnus:
        raise ValidationError(phrases_des_inconnus(inconnus, permis, quoi))
