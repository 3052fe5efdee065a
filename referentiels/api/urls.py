"""Routes de l'API du référentiel, sous `/api/`, sans barre finale."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from referentiels.api import exports, imports, regles, reseau
from referentiels.api.couverture import CouvertureVue
from referentiels.api.perimetre import MonPerimetre
from referentiels.api.volumes import VolumesDuCentre

routeur = SimpleRouter(trailing_slash=False)
routeur.register("regions", reseau.RegionVue, basename="api-region")
routeur.register("directions", reseau.DirectionVue, basename="api-direction")
routeur.register("centres", reseau.CentreVue, basename="api-centre")
routeur.register("taches", reseau.TacheVue, basename="api-tache")
for nom, vue in (
    ("postes", reseau.PosteVue),
    ("typologies", regles.TypologieVue),
    ("cellules", regles.CelluleVue),
    ("produits", regles.ProduitVue),
    ("unites", regles.UniteVue),
    ("phases", regles.PhaseVue),
    ("parametres", regles.ParametreVue),
):
    routeur.register(nom, vue, basename=f"api-{nom}")

urlpatterns = [
    path("perimetre", MonPerimetre.as_view(), name="api-perimetre"),
    path("couverture", CouvertureVue.as_view(), name="api-couverture"),
    path("referentiel/exports/<slug:genre>", exports.ExporterReferentiel.as_view(), name="api-ref-export"),
    path("referentiel/gabarits/<slug:genre>", exports.GabaritImport.as_view(), name="api-ref-gabarit"),
    path("imports", imports.Imports.as_view(), name="api-imports"),
    path("imports/<int:pk>", imports.Import.as_view(), name="api-import"),
    path("imports/<int:pk>/defaire", imports.Defaire.as_view(), name="api-import-defaire"),
    path("imports/taches", imports.ImporterTaches.as_view(), name="api-importer-taches"),
    path("imports/volumes", imports.ImporterVolumes.as_view(), name="api-importer-volumes"),
    path("imports/effectifs", imports.ImporterEffectifs.as_view(), name="api-importer-effectifs"),
    path("imports/reseau", imports.ImporterReseau.as_view(), name="api-importer-reseau"),
    path("imports/regles", imports.ImporterRegles.as_view(), name="api-importer-regles"),
    path(
        "centres/<int:pk>/taches/depuis-modele",
        imports.RemplirDepuisModele.as_view(),
        name="api-remplir-depuis-modele",
    ),
    path(
        "directions/<int:direction_id>/centres",
        reseau.CentresDeDirectionVue.as_view({"get": "list"}),
        name="api-direction-centres",
    ),
    path(
        "centres/<int:centre_id>/postes",
        reseau.CentrePosteVue.as_view({"get": "list", "post": "create"}),
        name="api-centre-postes",
    ),
    path("centres/<int:centre_id>/volumes", VolumesDuCentre.as_view(), name="api-centre-volumes"),
    path(
        "centres/<int:centre_id>/postes/<int:poste_id>",
        reseau.CentrePosteVue.as_view(
            {"get": "retrieve", "put": "update", "patch": "partial_update", "delete": "destroy"}
        ),
        name="api-centre-poste",
    ),
    path(
        "centres/<int:centre_id>/postes/<int:poste_id>/taches",
        reseau.TachesDuPosteVue.as_view({"get": "list"}),
        name="api-centre-poste-taches",
    ),
    *routeur.urls,
]
