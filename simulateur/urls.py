"""Routes du site : celles du noyau, puis celles que chaque application a déclarées."""

from django.contrib import admin
from django.contrib.auth import views as vues_auth
from django.urls import include, path
from drf_spectacular.views import SpectacularSwaggerSplitView

from simulateur.api.diagnostic import VueDiagnostic
from simulateur.api.jetons import VueJeton, VueJetons
from simulateur.api.schema import VueSchema
from simulateur.pages import accueil, exploitation, jetons, sondes
from simulateur.pages.connexion import Connexion
from simulateur.web import routes

urlpatterns = [
    path("", accueil.accueil, name="accueil"),
    path("vivant", sondes.vivant, name="vivant"),
    path("pret", sondes.pret, name="pret"),
    path("metrics", sondes.mesures, name="mesures"),
    path("exploitation/diagnostic", exploitation.controles, name="exploitation-diagnostic"),
    path("exploitation/cache", exploitation.cache, name="exploitation-cache"),
    path("exploitation/cache/vider", exploitation.vider_le_cache, name="exploitation-cache-vider"),
    path("admin/", admin.site.urls),
    path("connexion", Connexion.as_view(), name="connexion"),
    path("deconnexion", vues_auth.LogoutView.as_view(), name="deconnexion"),
    path("compte/jetons", jetons.mes_jetons, name="mes-jetons"),
    path("compte/jetons/<int:id>/revoquer", jetons.revoquer, name="mes-jetons-revoquer"),
    path("compte/fermer-les-sessions", jetons.fermer_les_sessions, name="fermer-les-sessions"),
    path("api/jetons", VueJetons.as_view(), name="api-jetons"),
    path("api/jetons/<int:id>", VueJeton.as_view(), name="api-jeton"),
    path("api/schema", VueSchema.as_view(), name="api-schema"),
    path("api/diagnostic", VueDiagnostic.as_view(), name="api-diagnostic"),
    path("api/docs", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
    *(path("", include(module)) for module in routes.declarees()),
]

handler400 = "simulateur.pages.erreurs.illisible"
handler404 = "simulateur.pages.erreurs.introuvable"
handler500 = "simulateur.pages.erreurs.en_panne"
