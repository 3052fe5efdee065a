"""Le schéma de l'API dit tout ce que l'API fait : refus sous leur forme, corps fermés aux champs inconnus."""

from collections.abc import Iterator
from typing import Any, NotRequired, TypedDict

from django.utils.module_loading import import_string
from drf_spectacular.openapi import AutoSchema
from rest_framework.views import APIView

from simulateur.api.formes import forme

ECRITURES = ("POST", "PUT", "PATCH", "DELETE")
AVEC_CORPS = ("POST", "PUT", "PATCH")
IGNORES = "x-champs-inconnus"  # l'opération dont le corps reste ouvert
REFUS = {
    "400": "Paramètre, champ ou valeur refusés : `champs` les nomme et dit ce qui est permis.",
    "401": "Jeton ou session absents ou faux.",
    "403": "Ce compte n'en a pas le droit.",
    "404": "Rien n'a cet identifiant, ou cette page n'existe pas.",
    "409": "La demande contredit l'état actuel.",
    "412": "If-Match ne cite plus la version de la ligne : elle a changé.",
    "413": "Corps démesuré.",
    "415": "Ce type de corps n'est pas lu ici.",
    "503": "Base pleine, occupée ou partie : rien n'est enregistré, `Retry-After` dit quand revenir.",
    "429": "Trop d'appels : `Retry-After` dit quand revenir.",
}


class Erreur(TypedDict):
    """Tout refus : une phrase, l'identifiant de la requête, et les champs fautifs d'un 400."""

    detail: str
    requete: str
    champs: NotRequired[dict[str, object]]


def vars_de(vue: Any) -> set[str]:
    """Les attributs que la vue, ou une base à nous, pose elle-même."""
    return {nom for classe in type(vue).__mro__ if classe is not APIView for nom in vars(classe)}


class Schema(AutoSchema):
    """Ajoute à chaque opération les refus qu'elle peut rendre."""

    def get_operation(self, *args: Any, **options: Any) -> dict[str, Any] | None:
        operation = super().get_operation(*args, **options)
        if operation is None:
            return None
        for parametre in operation.get("parameters", ()) if self.method == "GET" else ():
            if parametre["in"] == "query" and not parametre.get("required"):
                parametre["allowEmptyValue"] = True  # vide vaut absent
        reponses = operation["responses"]
        for code in self._refus(operation):
            reponses.setdefault(code, {"description": REFUS[code]})
        for code, reponse in reponses.items():
            if code >= "400":
                reponse["content"] = {"application/json": {"schema": self._erreur()}}
        operation["responses"] = dict(sorted(reponses.items()))
        if getattr(self.view, "inconnus_ignores", False):
            operation[IGNORES] = "ignored_fields"
        return operation

    def map_parsers(self) -> list[str]:
        """JSON, sauf la vue qui reçoit un fichier et le dit."""
        recus: list[str] = super().map_parsers()
        return recus if "parser_classes" in vars_de(self.view) else ["application/json"]

    def _refus(self, operation: dict[str, Any]) -> Iterator[str]:
        yield from ("400", "401", "403", "429", "503")
        noms = {p["name"] for p in operation.get("parameters", ())}
        if "{" in self.path or "page" in noms:
            yield "404"
        if self.method in ECRITURES:
            yield "409"
        if self.method in AVEC_CORPS:
            yield from ("413", "415")
        if self.method in ("PUT", "PATCH", "DELETE") and getattr(self.view, "versionnee", False):
            yield "412"

    def _erreur(self) -> dict[str, Any]:
        reference: dict[str, Any] = self.resolve_serializer(forme(Erreur), "response").ref
        return reference


def fermer_les_corps(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """`additionalProperties: false` sur ce que reçoivent les opérations qui refusent un champ inconnu."""
    composants = result.get("components", {}).get("schemas", {})
    for operations in result["paths"].values():
        for operation in operations.values():
            if IGNORES not in operation and "requestBody" in operation:
                _fermer(operation["requestBody"], composants)
    return result


def nommer_les_choix(result: dict[str, Any], request: Any, **_: Any) -> dict[str, Any]:
    """`x-choix` : le chemin de la fonction qui lit les valeurs permises, des lignes de la base.

    Le schéma servi les dit ; celui qu'écrit une commande, sans base peut-être, les laisse ouvertes.
    """
    for noeud in _objets(result):
        if (chemin := noeud.pop("x-choix", None)) and request is not None:
            noeud["enum"] = import_string(chemin)()
    return result


def _objets(noeud: Any) -> Iterator[dict[str, Any]]:
    if isinstance(noeud, dict):
        yield noeud
    enfants = list(noeud.values()) if isinstance(noeud, dict) else noeud if isinstance(noeud, list) else []
    for enfant in enfants:
        yield from _objets(enfant)


def _fermer(noeud: Any, composants: dict[str, Any]) -> None:
    if isinstance(noeud, list):
        for element in noeud:
            _fermer(element, composants)
    if not isinstance(noeud, dict):
        return
    composant = composants.get(str(noeud.get("$ref", "")).rpartition("/")[2])
    if composant and "properties" in composant and "additionalProperties" not in composant:
        composant["additionalProperties"] = False
        _fermer(composant["properties"], composants)
    for valeur in noeud.values():
        _fermer(valeur, composants)
