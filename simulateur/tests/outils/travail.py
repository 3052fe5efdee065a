"""Ce que les tests de la machine font d'un travail d'essai (fixture `essai`)."""

from simulateur.models import Canari
from simulateur.travaux import machine


def creer(essai, **champs):
    travail, _ = machine.creer_et_enfiler(essai(**champs))
    return travail


def en_cours(essai, **champs):
    return machine.reclamer(creer(essai, **champs))


def executer(travail):
    return machine.executer(travail._meta.label, str(travail.pk))


def relire(travail):
    travail.refresh_from_db()
    return travail


def lever(erreur):
    def travailler(travail, prise):
        raise erreur

    return travailler


def reussir(travail, prise):
    prise.terminer(lambda: Canari.objects.create(nom=str(travail.pk)))
