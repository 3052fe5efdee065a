"""Un autre processus, qui garde ses propres mémoires, lit aussitôt ce que celui-ci vient d'écrire."""

from django.contrib.auth import get_user_model
from django.urls import reverse

from referentiels.models import Centre, Parametre, VolumeAnnuel
from simulateur.tests.outils.droits import accorder
from simulations.tests.outils.pages import simulation_terminee
from simulations.tests.outils.reseau import direction_a_simuler


def test_ce_qui_change_ici_se_lit_la_bas_aussitot(lire_ailleurs, utilisateur):
    direction = direction_a_simuler(2)
    centre = direction.centres.first()
    simulation = simulation_terminee(direction, demandeur=utilisateur)
    pages = {
        "direction": reverse("simulations:direction", args=[direction.pk]),
        "centre": reverse("simulations:centre", args=[centre.pk]),
        "résultat": simulation.get_absolute_url(),
        "api": f"/api/directions/{direction.pk}/centres",
    }
    for adresse in pages.values():
        lire_ailleurs(adresse)  # gardée là-bas, en mémoire comme dans le cache

    Centre.objects.filter(pk=centre.pk).update(nom="Centre renommé ici")
    assert "Centre renommé ici" in lire_ailleurs(pages["direction"])
    assert "Centre renommé ici" in lire_ailleurs(pages["centre"])
    assert "Centre renommé ici" in lire_ailleurs(pages["api"])
    assert "Le référentiel a changé depuis" in lire_ailleurs(pages["résultat"])

    VolumeAnnuel.objects.filter(centre=centre).update(volume=987654)
    assert "987" in lire_ailleurs(pages["centre"])
    assert "les volumes de 2026 ont changé depuis" in lire_ailleurs(pages["résultat"])

    parametre = Parametre.objects.filter(par_flux=True).first()
    Parametre.objects.filter(pk=parametre.pk).update(nom="Règle renommée ici")
    assert "Règle renommée ici" in lire_ailleurs(pages["direction"])

    simulation_terminee(direction, demandeur=utilisateur, productivite=61)
    assert lire_ailleurs(pages["direction"]).count("simulations/") > 1


def test_un_droit_donne_ici_se_voit_la_bas_aussitot(lire_ailleurs, utilisateur):
    assert "Administration" not in lire_ailleurs("/")
    get_user_model().objects.filter(pk=utilisateur.pk).update(is_staff=True)
    assert "Administration" in lire_ailleurs("/")
    accorder(utilisateur, "simulateur.exploiter")
    assert "Cache" in lire_ailleurs("/exploitation/cache")
