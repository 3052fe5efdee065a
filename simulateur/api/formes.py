"""Une forme JSON se décrit une fois, en TypedDict : mypy la vérifie là où on la remplit, OpenAPI la montre.

`Annotated[int, {"min_value": 0}]` ajoute les arguments d'un champ de DRF ; `Annotated[str, UUIDField]` en
choisit la classe. Les sérialiseurs faits ici ne servent qu'à la documentation.
"""

from functools import cache
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from rest_framework import serializers

Champ = serializers.Field[Any, Any, Any, Any]
Serialiseur = type[serializers.Serializer[Any]]
Uuid = Annotated[str, serializers.UUIDField]
Horodatage = Annotated[str, serializers.DateTimeField]
CHAMPS: dict[Any, type[Champ]] = {
    str: serializers.CharField,
    int: serializers.IntegerField,
    float: serializers.FloatField,
    bool: serializers.BooleanField,
    dict: serializers.DictField,
}


class OuUnTableau:
    """Marque un sérialiseur dont l'objet s'écrit aussi en un simple tableau JSON (`VueApi.du_tableau`)."""

    @staticmethod
    def tableau(objet: dict[str, Any]) -> dict[str, Any]:
        """Le schéma du tableau, d'après celui de l'objet."""
        raise NotImplementedError


def borne(sorte: str, minimum: float, maximum: float) -> dict[str, object]:
    """Le schéma d'un paramètre borné ; `sorte` : integer ou number."""
    return {"type": sorte, "minimum": minimum, "maximum": maximum}


@cache
def forme(decrite: Any) -> Serialiseur:
    """Le sérialiseur qui documente ce TypedDict, sous le même nom."""
    champs = {
        nom: _champ(sorte, requis=nom in decrite.__required_keys__)
        for nom, sorte in get_type_hints(decrite, include_extras=True).items()
    }
    return type(f"{decrite.__name__}Serializer", (serializers.Serializer,), champs)


def _champ(sorte: Any, *, requis: bool = True) -> Champ:
    options: dict[str, Any] = {} if requis else {"required": False}
    classe: type[Champ] | None = None
    while get_origin(sorte) in (Annotated, NotRequired, Required, Union, UnionType):
        arguments = get_args(sorte)
        if get_origin(sorte) is Annotated:
            for precision in sorte.__metadata__:
                if isinstance(precision, dict):
                    options |= precision
                else:
                    classe = precision
        elif NoneType in arguments:
            options["allow_null"] = True
            arguments = tuple(argument for argument in arguments if argument is not NoneType)
        sorte = arguments[0]
    return _fabriquer(sorte, classe, options)


def _fabriquer(sorte: Any, classe: type[Champ] | None, options: dict[str, Any]) -> Champ:
    if is_typeddict(sorte):
        return forme(sorte)(**options)
    if get_origin(sorte) is Literal:
        return serializers.ChoiceField(choices=list(get_args(sorte)), **options)
    if "choices" in options:
        return serializers.ChoiceField(**options)
    if get_origin(sorte) is list:
        (element,) = get_args(sorte)
        if is_typeddict(element):
            return forme(element)(many=True, **options)
        return serializers.ListField(child=_champ(element), **options)
    return (classe or CHAMPS[get_origin(sorte) or sorte])(**options)
