"""Grilles de test : lancer, exécuter sur place, donner le tirage visé."""

from euromillions.grilles.lancement import DemandeDeGrilles, lancer
from euromillions.models import Generation, Strategie
from euromillions.tests.outils.fabriques import un_tirage
from simulateur.models import Etat
from simulateur.travaux.machine import executer


def generer(strategie=Strategie.HASARD, nombre=5, graine=1, demandeur=None):
    """Une génération terminée, exécutée ici même."""
    return executee(lancer(DemandeDeGrilles(Strategie(strategie), nombre, graine), demandeur=demandeur))


def executee(generation):
    executer(generation._meta.label, str(generation.pk))
    generation = Generation.objects.get(pk=generation.pk)
    assert generation.etat == Etat.TERMINEE, generation.message
    return generation


def arriver(jour, numeros=(3, 12, 24, 37, 50), etoiles=(2, 11)):
    """Le tirage du jour, enregistré."""
    tirage = un_tirage(jour, numeros, etoiles)
    tirage.save()
    return tirage
