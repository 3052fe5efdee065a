"""Routes des pages EuroMillions."""

from datetime import date

from django.urls import path, register_converter

from euromillions import views
from euromillions.grilles.urls import routes as routes_des_grilles


class ConvertisseurDate:
    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return str(value)


register_converter(ConvertisseurDate, "jour")

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
