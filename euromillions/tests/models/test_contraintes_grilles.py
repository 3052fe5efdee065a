"""Ce que la base refuse elle-même, avec la phrase que l'utilisateur lit."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from euromillions.models import (
    AncienJugement,
    Backtest,
    Generation,
    Grille,
    MesurePerformance,
    ModeleAppris,
    RapportHebdomadaire,
)

pytestmark = [pytest.mark.django_db, pytest.mark.rapide]
CIBLE = date(2024, 1, 2)


def generation(**autres):
    return Generation(**({"strategie": "random", "nombre": 5, "graine": 1, "cible": CIBLE} | autres))


def grille(de, **autres):
    boules = {"n1": 3, "n2": 12, "n3": 24, "n4": 37, "n5": 50, "e1": 2, "e2": 11}
    return Grille(**({"generation": de, "position": 1, "cible": CIBLE} | boules | autres))


FAUTES = {
    "trop de grilles": (lambda g: generation(nombre=1001), "De 1 à 1000 grilles"),
    "aucune grille": (lambda g: generation(nombre=0), "De 1 à 1000 grilles"),
    "stratégie inconnue": (lambda g: generation(strategie="tarot"), "Stratégies admises"),
    "avenir lu": (lambda g: generation(historique_jusqu_au=CIBLE), "doit précéder le tirage visé"),
    "hasard du cache": (lambda g: generation(origine=g), "ne viennent jamais du cache"),
    "numéro en double": (lambda g: grille(g, n2=3), "tous différents"),
    "étoiles à l'envers": (lambda g: grille(g, e1=11, e2=2), "deux étoiles doivent être différentes"),
    "jugement partiel": (lambda g: grille(g, numeros_trouves=2), "jugée en entier"),
    "jugement impossible": (
        lambda g: grille(g, numeros_trouves=6, etoiles_trouvees=0, rang=0, jugee_le=timezone.now()),
        "jugée en entier",
    ),
    "backtest trop gros": (lambda g: Backtest(par_tirage=101), "De 1 à 100 grilles"),
    "durée négative": (
        lambda g: MesurePerformance(strategie="random", nombre=1, duree_s=-1, reussie=True),
        "ne peut pas être négative",
    ),
    "log-loss nulle": (
        lambda g: ModeleAppris(revision=1, tirages=1, logloss=0, logloss_constante=1, resultats={"a": 1}),
        "strictement positive",
    ),
}


@pytest.mark.parametrize("faute", FAUTES)
def test_la_base_et_le_formulaire_refusent(faute):
    origine = generation()
    origine.save()
    fabriquer, phrase = FAUTES[faute]
    with pytest.raises(ValidationError, match=phrase):
        fabriquer(origine).validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        fabriquer(origine).save()


def test_une_generation_n_a_pas_deux_fois_la_meme_grille_ni_la_meme_position():
    origine = generation()
    origine.save()
    grille(origine).save()
    for jumelle, phrase in (
        (grille(origine, position=2), "toutes différentes"),
        (grille(origine, n1=1), "le même numéro"),
    ):
        with pytest.raises(ValidationError, match=phrase):
            jumelle.validate_constraints()
        with pytest.raises(IntegrityError), transaction.atomic():
            jumelle.save()


def test_un_ancien_jugement_impossible_est_refuse():
    origine = generation()
    origine.save()
    jugee = grille(origine)
    jugee.save()
    faux = AncienJugement(
        grille=jugee, numeros_trouves=6, etoiles_trouvees=0, rang=0, jugee_le=timezone.now()
    )
    with pytest.raises(ValidationError, match="au plus 5 numéros"):
        faux.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        faux.save()


def test_une_semaine_n_a_qu_un_rapport():
    RapportHebdomadaire.objects.create(lundi=CIBLE - timedelta(days=1), contenu={"a": 1}, revision=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        RapportHebdomadaire.objects.create(lundi=CIBLE - timedelta(days=1), contenu={"a": 1}, revision=1)
