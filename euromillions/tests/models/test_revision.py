"""Tout changement de tirage touche la révision, dans sa transaction ; l'ancienne valeur est gardée."""

import json
import os
import subprocess
import sys

import pytest
from django.contrib import admin
from django.core import serializers
from django.db import connection, transaction
from django.test import RequestFactory

from euromillions.lectures import histoire
from euromillions.lectures.filtre import Filtre
from euromillions.models import Ere, GainRang, HistoriqueTirage, Rang, Source, Tirage
from euromillions.models.querysets import PORTEE_TIRAGES
from euromillions.tests.outils.fabriques import petite_histoire, un_tirage
from simulateur.cache import revisions, suivi
from simulateur.cache.disjoncteur import disjoncteur
from simulateur.cache.suivi import suivi_differe


@pytest.fixture
def tirage(petite_histoire):
    return Tirage.objects.get(date=petite_histoire[-1])


def _enregistrer(tirage):
    tirage.source = Source.SAISIE
    tirage.save()


def _charger_en_bloc(tirage):
    serialise = serializers.serialize("json", [tirage])
    for objet in serializers.deserialize("json", serialise):
        objet.save()


ECRITURES = {
    "save": _enregistrer,
    "delete": lambda tirage: tirage.delete(),
    "create": lambda tirage: un_tirage().save(),
    "bulk_create": lambda tirage: Tirage.objects.bulk_create([un_tirage()]),
    "update": lambda tirage: Tirage.objects.filter(pk=tirage.pk).update(source=Source.SAISIE),
    "bulk_update": lambda tirage: Tirage.objects.bulk_update([tirage], ["source"]),
    "delete en masse": lambda tirage: Tirage.objects.filter(pk=tirage.pk).delete(),
    "get_or_create": lambda tirage: tirage.gains.get_or_create(rang=1, defaults={"gain": 2}),
    "gain en masse": lambda tirage: GainRang.objects.bulk_create([GainRang(tirage=tirage, rang=1, gain=2)]),
    "ère": lambda tirage: Ere.objects.update(nom="autre"),
    "rang": lambda tirage: Rang.objects.all()[0].save(),
    "loaddata": _charger_en_bloc,
}


@pytest.mark.rapide
@pytest.mark.django_db
@pytest.mark.parametrize("ecriture", ECRITURES)
def test_toute_ecriture_touche_la_revision(tirage, ecriture):
    avant = histoire.revision()
    ECRITURES[ecriture](tirage)
    assert histoire.revision() > avant


@pytest.mark.django_db
def test_la_suppression_par_l_admin_touche_la_revision(tirage, utilisateur_staff):
    avant = histoire.revision()
    requete = RequestFactory().post("/")
    requete.user = utilisateur_staff
    modele = admin.site._registry[Tirage]
    modele.delete_queryset(requete, Tirage.objects.filter(pk=tirage.pk))
    assert histoire.revision() > avant


@pytest.mark.django_db
def test_une_ecriture_annulee_ne_laisse_ni_donnee_ni_revision(tirage):
    avant = histoire.revision()
    with transaction.atomic():
        Tirage.objects.all().delete()
        transaction.set_rollback(True)
    assert histoire.revision() == avant
    assert Tirage.objects.filter(pk=tirage.pk).exists()


@pytest.mark.django_db
def test_un_bloc_d_ecritures_ne_touche_la_revision_qu_une_fois(tirage, monkeypatch):
    touchees = []
    toucher = revisions.toucher
    monkeypatch.setattr(revisions, "toucher", lambda portees: touchees.append(1) or toucher(portees))
    avant = histoire.revision()
    with suivi_differe():
        Tirage.objects.update(source=Source.SAISIE)
        tirage.save()
        assert histoire.revision() == avant
    assert histoire.revision() > avant
    assert len(touchees) == 1


@pytest.mark.django_db
def test_un_chargement_previent_les_abonnes_jusqu_a_sa_derniere_ligne(tirage, monkeypatch):
    tirages = list(Tirage.objects.order_by("date")[:3])
    fichier = serializers.serialize("json", tirages).replace(tirage.source, Source.SAISIE)
    vus = []
    compter = lambda: vus.append(Tirage.objects.filter(source=Source.SAISIE).count())  # noqa: E731
    monkeypatch.setattr(suivi, "_ABONNES", [(PORTEE_TIRAGES, compter)])
    Tirage.objects.exclude(pk__in=[t.pk for t in tirages]).delete()
    with transaction.atomic():
        for objet in serializers.deserialize("json", fichier):
            objet.save()
    assert vus[-1] == 3


@pytest.mark.rapide
@pytest.mark.django_db
@pytest.mark.parametrize("chemin", ["save", "update", "bulk_update"])
def test_corriger_un_tirage_garde_l_ancienne_valeur(tirage, chemin, utilisateur):
    anciens, nouveau = tirage.numeros, min(set(range(1, 51)) - set(tirage.numeros))
    boules = dict(zip(("n1", "n2", "n3", "n4", "n5"), sorted((*anciens[1:], nouveau)), strict=True))
    for champ, valeur in boules.items():
        setattr(tirage, champ, valeur)
    if chemin == "save":
        tirage.auteur_changement = utilisateur
        tirage.save()
    elif chemin == "update":
        Tirage.objects.filter(pk=tirage.pk).update(**boules)
    else:
        Tirage.objects.bulk_update([tirage], list(boules))
    trace = HistoriqueTirage.objects.get()
    assert trace.numeros == anciens
    assert trace.tirage == tirage
    assert trace.auteur == (utilisateur if chemin == "save" else None)


@pytest.mark.django_db
def test_supprimer_un_tirage_garde_sa_valeur(tirage):
    boules, jour = (tirage.numeros, tirage.etoiles), tirage.date
    tirage.delete()
    trace = HistoriqueTirage.objects.get()
    assert (trace.numeros, trace.etoiles, trace.date, trace.tirage) == (*boules, jour, None)


@pytest.mark.django_db
def test_enregistrer_sans_rien_changer_ne_laisse_pas_de_trace(tirage):
    tirage.save()
    assert not HistoriqueTirage.objects.exists()


@pytest.mark.django_db
def test_un_tirage_change_change_la_reponse_suivante(api, tirage):
    avant = api.get("/api/euromillions/quick-stats").json()
    assert api.get("/api/euromillions/quick-stats").json()["cached"] is True
    tirage.delete()
    apres = api.get("/api/euromillions/quick-stats").json()
    assert apres["cached"] is False
    assert apres["total_draws"] == avant["total_draws"] - 1


AUTRE_PROCESSUS = """
import django, sys
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from euromillions.models import Tirage
Tirage.objects.filter(date=sys.argv[2]).delete()
"""


@pytest.mark.django_db(transaction=True)
def test_un_tirage_change_par_un_autre_processus_change_la_reponse_suivante(api):
    jours = petite_histoire(10)
    assert api.get("/api/euromillions/quick-stats").json()["total_draws"] == 10
    assert api.get("/api/euromillions/quick-stats").json()["cached"] is True
    subprocess.run(
        [sys.executable, "-c", AUTRE_PROCESSUS, str(connection.settings_dict["NAME"]), jours[3].isoformat()],
        check=True,
        timeout=60,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "simulateur.settings"},
    )
    reponse = api.get("/api/euromillions/quick-stats").json()
    assert (reponse["total_draws"], reponse["cached"]) == (9, False)


@pytest.mark.rapide
@pytest.mark.django_db
def test_cache_en_panne_les_reponses_sont_les_memes(api, petite_histoire):
    avec = api.get("/api/euromillions/stats").json()
    disjoncteur.declencher("default", ConnectionError("arrêté"))
    sans = api.get("/api/euromillions/stats").json()
    assert sans.pop("cached") is False
    avec.pop("cached")
    avec.pop("cache_info")
    sans.pop("cache_info")
    assert json.dumps(sans) == json.dumps(avec)


@pytest.mark.django_db
def test_une_lecture_ne_charge_que_sa_selection(petite_histoire):
    annee = petite_histoire[0].year
    assert len(histoire.charger(Filtre(year=annee, month=1))) == sum(j.month == 1 for j in petite_histoire)
