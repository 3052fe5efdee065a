"""Pages des simulations."""

from django.urls import path

from simulations.analyses.registre import ANALYSES
from simulations.pages import (
    analyses,
    couverture,
    detail,
    essai,
    exports,
    historique,
    immediat,
    lancement,
    partages,
    reseau,
    resultats,
    scenarios,
    suivi,
)

app_name = "simulations"
urlpatterns = [
    path("", reseau.directions, name="directions"),
    path("directions/<int:direction_id>", lancement.direction, name="direction"),
    path("centres/<int:centre_id>", reseau.centre, name="centre"),
    path("centres/<int:centre_id>/volumes", reseau.volumes, name="centre-volumes"),
    path("centres/<int:centre_id>/simuler", immediat.centre, name="centre-simuler"),
    path("nationale", lancement.nationale, name="nationale"),
    path("lot", lancement.lot, name="lot"),
    path("essai", essai.essai, name="essai"),
    path("lot/centres", lancement.choix_de_centres, name="choix-de-centres"),
    path("simulations", historique.liste, name="liste"),
    path("simulations/<uuid:cle>", resultats.simulation, name="simulation"),
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
    path("scenarios", scenarios.liste, name="scenarios"),
    path("scenarios/nouveau", scenarios.nouveau, name="scenario-nouveau"),
    path("scenarios/<int:pk>", scenarios.detail, name="scenario"),
    path("scenarios/<int:pk>/modifier", scenarios.modifier, name="scenario-modifier"),
    path("scenarios/<int:pk>/dupliquer", scenarios.dupliquer, name="scenario-dupliquer"),
    path("scenarios/<int:pk>/valider", scenarios.valider, name="scenario-valider"),
    path("scenarios/<int:pk>/supprimer", scenarios.supprimer, name="scenario-supprimer"),
    path("scenarios/<int:pk>/simuler", scenarios.simuler, name="scenario-simuler"),
    path("comparer", analyses.comparaison, name="comparer"),
    path("comparer/fichier.<slug:format>", analyses.fichier_de_comparaison, name="comparer-fichier"),
    path("couverture", couverture.rapport, name="couverture"),
    *(
        path(f"simulations/<uuid:cle>/{une.code}", analyses.analyse, {"analyse": une}, name=une.code)
        for une in ANALYSES
    ),
    *(
        path(
            f"simulations/<uuid:cle>/{une.code}/fichier.<slug:format>",
            analyses.fichier_d_analyse,
            {"analyse": une},
            name=f"{une.code}-fichier",
        )
        for une in ANALYSES
    ),
    path("simulations/<uuid:cle>/partages", partages.partages, name="partages"),
    path("simulations/<uuid:cle>/partages/<int:pk>/retirer", partages.reprise, name="partage-retirer"),
    path("simulations/<uuid:cle>/rejouer", suivi.rejeu, name="rejouer"),
    path("simulations/<uuid:cle>/conserver", suivi.conserver, name="conserver"),
    path("simulations/<uuid:cle>/exporter", exports.demander, name="exporter"),
    path("exports/<uuid:cle>", exports.export, name="export"),
    path("exports/<uuid:cle>/suivi", exports.suivi, name="export-suivi"),
    path("exports/<uuid:cle>/fichier", exports.telecharger, name="export-fichier"),
]
