"""Routes des pages EuroMillions."""

from django.urls import path

from euromillions import convertisseurs, views
from euromillions.grilles.urls import routes as routes_des_grilles

convertisseurs.installer()
app_name = "euromillions"

urlpatterns = [
    path("", views.accueil, name="accueil"),
    path("tirages", views.tirages, name="tirages"),
    path("tirages/<jour:jour>", views.tirage, name="tirage"),
    path("frequences", views.frequences, name="frequences"),
    path("ecarts", views.ecarts, name="ecarts"),
    path("combinaisons", views.combinaisons, name="combinaisons"),
    path("repartitions", views.repartitions, name="repartitions"),
    path("uniformite", views.uniformite, name="uniformite"),
    path("gains", views.gains, name="gains"),
    path("numeros/<int:valeur>", views.fiche_numero, name="numero"),
    path("etoiles/<int:valeur>", views.fiche_etoile, name="etoile"),
    *routes_des_grilles,
]
