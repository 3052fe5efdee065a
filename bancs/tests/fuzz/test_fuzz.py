"""`make fuzz` : des fichiers et des demandes abîmés, pendant un temps donné ; un refus, jamais une panne.

`FUZZ_DUREE_S` pour chaque cible, `FUZZ_GRAINE` pour refaire : l'essai fautif dit sa graine et son rang.
"""

import json
import os
import random
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

import pytest
from django.db import transaction
from drf_spectacular.generators import SchemaGenerator

from bancs.tests.fuzz import mutations
from euromillions.imports.service import Fichier, previsualiser
from euromillions.tests.outils.fabriques import petite_histoire
from euromillions.tests.outils.imports import miniature
from referentiels.exports.lignes import tableaux_du_genre
from referentiels.exports.portee import Portee
from referentiels.imports.service import Demande, Genre, importer
from referentiels.models import Centre
from referentiels.tests.outils.imports import canevas_miniature
from simulateur.api.conventions import LimiteUtilisateur
from simulateur.fichiers.limites import FichierRefuse
from simulateur.tests.outils.fichiers import texte_csv, xlsx
from simulateur.web.refus import SaisieRefusee
from simulations.api.schemas import DemandeSimulation
from simulations.demandes.demande import BORNES, lire_demande
from simulations.tests.outils.parcours import petit_reseau, simuler

pytestmark = [pytest.mark.complet, pytest.mark.fuzz, pytest.mark.django_db]
DUREE_S = float(os.environ.get("FUZZ_DUREE_S", "10"))
GRAINE = int(os.environ.get("FUZZ_GRAINE", "0")) or random.SystemRandom().randrange(1, 10**6)
TIRAGES = ("fdj_2004", "fdj_2011", "fdj_2016", "fdj_2020", "generique", "merseyworld", "national_lottery")
CHAMPS = [*BORNES, *DemandeSimulation.__annotations__, "co_pct_retour", "pct_marche", "pct_collecte", "zzz"]


def essais() -> Iterator[random.Random]:
    """Un hasard neuf par essai, jusqu'à la fin du temps ; affiché par pytest si l'essai échoue."""
    fin = time.monotonic() + DUREE_S
    rang = 0
    while time.monotonic() < fin or not rang:
        print(f"FUZZ_GRAINE={GRAINE}, essai {rang}")
        yield random.Random(f"{GRAINE}:{rang}")
        rang += 1


def modele_volumes(centre: Centre) -> list[list[Any]]:
    entetes = ["centre", "flux", "sens", "segment", "volume"]
    return [entetes, [centre.code, "CO", "ARRIVEE", "LOCAL", 1200], [centre.nom, "CR", "DEPART", "GLOBAL", 5]]


def modele_effectifs(centre: Centre) -> list[list[Any]]:
    entetes = ["Région", "Centre", "Poste", "Statutaires", "APS"]
    return [entetes, ["", centre.code, "AGENT TRAITEMENT", 3, "0,5"], ["", centre.nom, "CHEF", 1, 0]]


def fichier(hasard: random.Random, modele: list[list[Any]]) -> tuple[bytes, str]:
    """Le tableau abîmé, en csv ou en classeur, ses octets parfois abîmés aussi."""
    lignes = mutations.lignes(hasard, modele)
    if hasard.random() < 0.7:
        encodage = hasard.choice(["utf-8", "utf-8-sig", "cp1252", "utf-16"])
        texte = texte_csv(lignes, separateur=hasard.choice(";,\t")).decode()
        contenu, nom = texte.encode(encodage, "replace"), "envoi.csv"
    else:
        propres = [[str(c).replace("\x00", "") for c in ligne] for ligne in lignes]
        contenu, nom = xlsx({"Feuille": propres}), "envoi.xlsx"
    return (mutations.octets(hasard, contenu) if hasard.random() < 0.5 else contenu), nom


def modeles(genre: Genre, centre: Centre) -> list[list[list[Any]]]:
    """Des fichiers que cet import accepte ; du réseau et des règles, une table chacun."""
    if genre == Genre.TACHES:
        return [canevas_miniature()]
    if genre == Genre.VOLUMES:
        return [modele_volumes(centre)]
    if genre == Genre.EFFECTIFS:
        return [modele_effectifs(centre)]
    tables = tableaux_du_genre(genre, Portee(), couts=True)
    return [[list(table.entetes), *map(list, islice(table.lignes, 4))] for table in tables]


@pytest.mark.parametrize("genre", list(Genre))
def test_un_import_abime_rend_un_rapport(genre: Genre) -> None:
    petit_reseau()
    centre = Centre.objects.all()[0]
    acceptes = modeles(genre, centre)
    demande = Demande(genre=genre, centre=centre if genre == Genre.TACHES else None, couts=True)
    for hasard in essais():
        contenu, nom = fichier(hasard, hasard.choice(acceptes))
        with transaction.atomic():
            trace = importer(demande, contenu=contenu, nom=nom, a_blanc=hasard.random() < 0.5)
            assert trace.rapport["phrase"]
            transaction.set_rollback(True)


def test_un_fichier_de_tirages_abime_est_lu_ou_refuse() -> None:
    for hasard in essais():
        contenu = mutations.octets(hasard, miniature(f"{hasard.choice(TIRAGES)}.csv"))
        with suppress(FichierRefuse):
            assert previsualiser(Fichier("tirages.csv", contenu), auteur=None).rapport


def test_une_demande_quelconque_est_lue_ou_refusee_en_nommant_ses_champs() -> None:
    petit_reseau()
    for hasard in essais():
        noms = hasard.sample(CHAMPS, hasard.randint(0, 6))
        corps: Any = {nom: mutations.valeur(hasard) for nom in noms}
        if hasard.random() < 0.05:
            corps = mutations.valeur(hasard)
        with suppress(SaisieRefusee):
            assert lire_demande(corps, inconnus_refuses=hasard.random() < 0.5).parametres.heures_jour >= 1


def test_des_parametres_quelconques_ne_font_jamais_de_panne(
    api_staff: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LimiteUtilisateur, "get_rate", lambda self: None)
    petit_reseau()
    petite_histoire()
    cle = str(simuler(api_staff).pk)
    chemins = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    lectures = [
        (
            chemin.replace("{cle}", cle),
            [p["name"] for p in ops["get"].get("parameters", ()) if p["in"] == "query"],
        )
        for chemin, ops in sorted(chemins.items())
        if "get" in ops and chemin.replace("{cle}", "").count("{") == 0
    ]
    avec = [(chemin, noms) for chemin, noms in lectures if noms]
    for hasard in essais():
        chemin, noms = hasard.choice(avec)
        donnes = {nom: mutations.cellule(hasard) for nom in hasard.sample(noms, hasard.randint(1, len(noms)))}
        reponse = api_staff.get(chemin, donnes)
        assert reponse.status_code < 500, (chemin, donnes)


def test_des_corps_quelconques_ne_font_jamais_de_panne(
    api_staff: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Les champs que chaque écriture décrit, portant n'importe quelle valeur."""
    monkeypatch.setattr(LimiteUtilisateur, "get_rate", lambda self: None)
    petit_reseau()
    petite_histoire()
    schema = SchemaGenerator().get_schema(request=None, public=True)
    connus = {"id": 1, "pk": 1, "centre_id": Centre.objects.all()[0].pk, "cle": str(simuler(api_staff).pk)}
    ecritures = list(_ecritures(schema))
    for hasard in essais():
        methode, chemin, champs = hasard.choice(ecritures)
        adresse = re.sub(r"\{(\w+)\}", lambda nom: str(connus.get(nom[1], 1)), chemin)
        noms = hasard.sample(champs, hasard.randint(0, len(champs)))
        corps = {nom: mutations.valeur(hasard) for nom in noms}
        reponse = api_staff.generic(
            methode.upper(), adresse, json.dumps(corps), content_type="application/json"
        )
        assert reponse.status_code < 500, (methode, adresse, corps)


def _ecritures(schema: dict[str, Any]) -> Iterator[tuple[str, str, list[str]]]:
    """(méthode, adresse, champs décrits) de chaque opération à corps JSON."""
    composants = schema["components"]["schemas"]
    for chemin, operations in sorted(schema["paths"].items()):
        for methode in ("post", "put", "patch"):
            contenu = operations.get(methode, {}).get("requestBody", {}).get("content", {})
            reference = contenu.get("application/json", {}).get("schema", {}).get("$ref", "")
            champs = composants.get(reference.rpartition("/")[2], {}).get("properties", {})
            if champs:
                yield methode, chemin, sorted(champs)


def _parametres(operation: dict[str, Any]) -> list[str]:
    return [p["name"] for p in operation["parameters"] if p["in"] == "query"]
