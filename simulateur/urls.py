"""Routes du projet."""

from django.contrib import admin
from django.contrib.auth import views as vues_auth
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from simulateur import views

urlpatterns = [
    path("", views.accueil, name="accueil"),
    path("vivant", views.vivant, name="vivant"),
    path("pret", views.pret, name="pret"),
    path("metrics", views.mesures, name="mesures"),
    path("admin/", admin.site.urls),
    path("euromillions/", include("euromillions.urls")),
    path("api/euromillions/", include("euromillions.urls_api")),
    path("euromillions/", include("euromillions.imports.urls")),
    path("connexion", vues_auth.LoginView.as_view(redirect_authenticated_user=True), name="connexion"),
    path("deconnexion", vues_auth.LogoutView.as_view(), name="deconnexion"),
    path("effectifs/", include("simulations.urls")),
    path("referentiels/", include("referentiels.urls")),
    path("api/async/", include("simulations.urls_api")),
    path("api/schema", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
    path("api/", include("simulations.urls_api_metier")),
    path("api/", include("referentiels.urls_api")),
]

handler404 = "simulateur.views.introuvable"
handler500 = "simulateur.views.en_panne"
