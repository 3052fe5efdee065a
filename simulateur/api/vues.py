"""La base de toutes les vues de l'API : un paramètre ou un champ que la vue ne documente pas est refusé.

Les droits sont jugés avant : qui n'en a pas n'apprend rien de la forme.
Voir docs/metier/effectifs.md#champs-inconnus.
"""

from collections.abc import Callable
from typing import Any

from rest_framework.request import Request
from rest_framework.views import APIView

from simulateur.api import inconnus
from simulateur.web import acces, reserves


class VueApi(APIView):
    # Sans docstring : OpenAPI en ferait la description de chaque opération qui n'a pas la sienne.

    # Faux quand le domaine refuse lui-même les champs inconnus du corps.
    corps_juge = True
    # Ces champs sont seulement cités dans la réponse.
    inconnus_ignores = False
    # Une écriture honore If-Match.
    versionnee = False
    # L'objet que veut dire un corps qui est un simple tableau, pour qui en admet un.
    du_tableau: Callable[[list[Any]], dict[str, Any]] | None = None

    def initial(self, request: Request, *args: Any, **options: Any) -> None:
        super().initial(request, *args, **options)
        acces.verifier(type(self).__module__, request.user)
        servie = hasattr(self, str(request.method).lower())  # sinon DRF répond 405
        if servie and request.method != "OPTIONS":
            inconnus.refuser(request, self, corps_juge=self.corps_juge and not self.inconnus_ignores)

    def finalize_response(self, request: Request, response: Any, *args: Any, **options: Any) -> Any:
        if getattr(response, "data", None) is not None and response.status_code < 400:
            response.data = reserves.pour(request.user, response.data)
        return super().finalize_response(request, response, *args, **options)
