"""La base de toutes les vues de l'API."""

from typing import Any

from rest_framework.request import Request
from rest_framework.views import APIView

from simulateur.api import inconnus


class VueApi(APIView):
    """Refuse un paramètre ou un champ que la vue ne documente pas (docs/metier/effectifs.md#champs-inconnus).

    Les droits sont jugés avant : qui n'en a pas n'apprend rien de la forme. `corps_juge` : faux quand le
    domaine refuse lui-même les champs inconnus du corps. `inconnus_ignores` : il les cite seulement.
    `versionnee` : une écriture honore If-Match.
    """

    corps_juge = True
    inconnus_ignores = False
    versionnee = False

    def initial(self, request: Request, *args: Any, **options: Any) -> None:
        super().initial(request, *args, **options)
        servie = hasattr(self, str(request.method).lower())  # sinon DRF répond 405
        if servie and request.method != "OPTIONS":
            inconnus.refuser(request, self, corps_juge=self.corps_juge and not self.inconnus_ignores)
