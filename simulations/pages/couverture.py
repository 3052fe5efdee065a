"""Page de la couverture des règles."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from referentiels.lectures.couverture import couverture
from referentiels.perms import etendue_de
from simulateur.pages import gardees
from simulations.pages import etats, lecture

PAR_PAGE = 100


@require_safe
@gardees.page(etats.couverture)
def rapport(request: HttpRequest) -> HttpResponse:
    """Les tâches qu'aucune règle ne couvre, par règle, typologie et centre."""
    etendue = etendue_de(request.user)
    directions = lecture.directions(etendue)
    brut = request.GET.get("direction", "")
    choisie = next((d for d in directions if str(d["id"]) == brut), None)
    if brut and choisie is None:
        raise Http404("Cette direction n'existe pas.")
    lu = couverture(direction_id=choisie["id"] if choisie else None, etendue=etendue)
    page = Paginator(lu.centres, PAR_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "simulations/couverture.html",
        {
            "rapport": lu,
            "page": page,
            "centres": page.object_list,
            "directions": directions,
            "choisie": choisie,
        },
    )
