"""Routes de l'API du référentiel, sous `/api/`, sans barre finale."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from referentiels import api
from referentiels.api_couverture import CouvertureVue
from referentiels.imports.urls import routes_api

routeur = SimpleRouter(trailing_slash=False)
routeur.register("regions", api.RegionVue, basename="api-region")
routeur.register("directions", api.DirectionVue, basename="api-direction")
routeur.register("centres", api.CentreVue, basename="api-centre")
routeur.register("taches", api.TacheVue, basename="api-tache")
for nom, vue in (
    ("postes", api.PosteVue),
    ("typologies", api.TypologieVue),
    ("cellules", api.CelluleVue),
    ("produits", api.ProduitVue),
    ("unites", api.UniteVue),
    ("phases", api.PhaseVue),
    ("parametres", api.ParametreVue),
):
    routeur.register(nom, vue, basename=f"api-{nom}")

urlpatterns = [
    path("couverture", CouvertureVue.as_view(), name="api-couverture"),
    *routes_api,
    path(
        "directions/<int:direction_id>/centres",
        api.CentresDeDirectionVue.as_view({"get": "list"}),
        name="api-direction-centres",
    ),
    path(
        "centres/<int:centre_id>/postes",
        api.CentrePosteVue.as_view({"get": "list", "post": "create"}),
        name="api-centre-postes",
    ),
    path(
        "centres/<int:centre_id>/postes/<int:poste_id>",
        api.CentrePosteVue.as_view(
            {"get": "retrieve", "put": "update", "patch": "partial_update", "delete": "destroy"}
        ),
        name="api-centre-poste",
    ),
    path(
        "centres/<int:centre_id>/postes/<int:poste_id>/taches",
        api.TachesDuPosteVue.as_view({"get": "list"}),
        name="api-centre-poste-taches",
    ),
    *routeur.urls,
]
