"""Pages des simulations."""

from django.urls import path

from simulations import urls_analyses
from simulations.vues import detail, immediat, lancement, reseau, suivi

app_name = "simulations"
urlpatterns = [
    path("", reseau.directions, name="directions"),
    path("directions/<int:direction_id>", lancement.direction, name="direction"),
    path("centres/<int:centre_id>", reseau.centre, name="centre"),
    path("centres/<int:centre_id>/simuler", immediat.centre, name="centre-simuler"),
    path("nationale", lancement.nationale, name="nationale"),
    path("lot", lancement.lot, name="lot"),
    path("lot/centres", lancement.choix_de_centres, name="choix-de-centres"),
    path("simulations", suivi.liste, name="liste"),
    path("simulations/<uuid:cle>", suivi.simulation, name="simulation"),
    path("simulations/<uuid:cle>/suivi", suivi.suivi, name="suivi"),
    path("simulations/<uuid:cle>/annuler", suivi.annuler, name="annuler"),
    path("simulations/<uuid:cle>/relancer", suivi.relancer, name="relancer"),
    path("simulations/<uuid:cle>/volumes", detail.volumes, name="volumes"),
    path("simulations/<uuid:cle>/centres/<int:centre_id>", detail.centre, name="resultat-centre"),
    path(
        "simulations/<uuid:cle>/centres/<int:centre_id>/postes/<int:titre_id>",
        detail.poste,
        name="resultat-poste",
    ),
    *urls_analyses.urlpatterns,
]
