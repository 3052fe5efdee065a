"""Pages du référentiel."""

from referentiels.imports.urls import routes_pages

app_name = "referentiels"
urlpatterns = routes_pages
