"""L'admin de Django, tel quel, sous le nom du projet."""

from django.contrib import admin

admin.site.site_header = "Simulateur : administration"
admin.site.site_title = "Simulateur"
admin.site.index_title = "Données, travaux et comptes"
