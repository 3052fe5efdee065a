"""Routes des pages de scénarios, d'analyses, d'exports et de couverture, sous `/effectifs/`."""

from django.urls import path

from simulations.exports import views as exports
from simulations.scenarios import views as scenarios
from simulations.vues import analyses, couverture

urlpatterns = [
    path("scenarios", scenarios.liste, name="scenarios"),
    path("scenarios/nouveau", scenarios.nouveau, name="scenario-nouveau"),
    path("scenarios/<int:pk>", scenarios.detail, name="scenario"),
    path("scenarios/<int:pk>/modifier", scenarios.modifier, name="scenario-modifier"),
    path("scenarios/<int:pk>/dupliquer", scenarios.dupliquer, name="scenario-dupliquer"),
    path("scenarios/<int:pk>/valider", scenarios.valider, name="scenario-valider"),
    path("scenarios/<int:pk>/supprimer", scenarios.supprimer, name="scenario-supprimer"),
    path("scenarios/<int:pk>/simuler", scenarios.simuler, name="scenario-simuler"),
    path("comparer", analyses.comparaison, name="comparer"),
    path("couverture", couverture.rapport, name="couverture"),
    path("simulations/<uuid:cle>/sensibilites", analyses.sensibilites, name="sensibilites"),
    path("simulations/<uuid:cle>/incertitude", analyses.incertitude, name="incertitude"),
    path("simulations/<uuid:cle>/profil", analyses.profil, name="profil"),
    path("simulations/<uuid:cle>/reequilibrage", analyses.reequilibrage, name="reequilibrage"),
    path("simulations/<uuid:cle>/modes", analyses.modes, name="modes"),
    path("simulations/<uuid:cle>/couts", analyses.couts, name="couts"),
    path("simulations/<uuid:cle>/rejouer", analyses.rejeu, name="rejouer"),
    path("simulations/<uuid:cle>/conserver", analyses.conserver, name="conserver"),
    path("simulations/<uuid:cle>/exporter", exports.demander, name="exporter"),
    path("exports/<uuid:cle>", exports.export, name="export"),
    path("exports/<uuid:cle>/suivi", exports.suivi, name="export-suivi"),
    path("exports/<uuid:cle>/fichier", exports.telecharger, name="export-fichier"),
]
