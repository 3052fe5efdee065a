"""Qui lit une simulation d'autrui n'agit pas sur elle, par aucune porte (docs/metier/effectifs.md#droits)."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from referentiels.models import Poste, Tache
from simulateur.tests.outils.droits import COUTS, DU_LECTEUR, accorder
from simulateur.tests.outils.jetons import secret_pour
from simulations.analyses.registre import PAR_CODE
from simulations.models import Scenario, Simulation
from simulations.tests.outils.parcours import petit_reseau, simuler

pytestmark = pytest.mark.django_db


@pytest.fixture
def d_un_autre(api: Any, utilisateur: Any) -> tuple[Simulation, Scenario]:
    petit_reseau()
    return simuler(api), Scenario.objects.create(nom="Base", proprietaire=utilisateur)


def lecteur(**champs: Any) -> tuple[Client, dict[str, str]]:
    """Un client connecté, et l'en-tête de son jeton."""
    compte = accorder(get_user_model().objects.create_user("lecteur", **champs), *DU_LECTEUR)
    client = Client()
    client.force_login(compte)
    return client, {"Authorization": f"Token {secret_pour(compte)}"}


@pytest.mark.parametrize("equipe", [False, True])
def test_un_lecteur_lit_tout_et_n_agit_sur_rien(
    d_un_autre: tuple[Simulation, Scenario], equipe: bool
) -> None:
    simulation, scenario = d_un_autre
    client, jeton = lecteur(is_staff=equipe)
    assert client.get(simulation.get_absolute_url()).status_code == 200
    assert client.get(f"/api/simulations/{simulation.pk}/couts", headers=jeton).status_code == 200
    assert client.get(reverse("simulations:scenario", args=[scenario.pk])).status_code == 200
    avant = (Simulation.objects.count(), Scenario.objects.count(), Tache.objects.count())
    pages = [("rejouer", simulation.pk), ("relancer", simulation.pk), ("conserver", simulation.pk)]
    pages += [(f"scenario-{geste}", scenario.pk) for geste in ("dupliquer", "supprimer", "simuler")]
    rendus = {nom: client.post(reverse(f"simulations:{nom}", args=[cle])).status_code for nom, cle in pages}
    assert rendus.pop("conserver") == 302  # redit pourquoi, sur la simulation
    assert set(rendus.values()) == {403}, rendus
    appels = [
        ("post", f"/api/simulations/{simulation.pk}/rejouer"),
        ("post", f"/api/simulations/{simulation.pk}/conserver"),
        ("delete", f"/api/async/task/{simulation.pk}"),
        ("post", "/api/async/simulation/nationale"),
        ("post", f"/api/scenarios/{scenario.pk}/dupliquer"),
        ("delete", f"/api/scenarios/{scenario.pk}"),
        ("delete", f"/api/taches/{Tache.objects.all()[0].pk}"),
    ]
    statuts = {appel: getattr(client, appel[0])(appel[1], headers=jeton).status_code for appel in appels}
    assert set(statuts.values()) == {403}, statuts
    simulation.refresh_from_db()
    assert not simulation.conservee
    assert (Simulation.objects.count(), Scenario.objects.count(), Tache.objects.count()) == avant


def test_le_lecteur_ne_voit_aucun_bouton_qui_le_refuserait(d_un_autre: tuple[Simulation, Scenario]) -> None:
    client, _ = lecteur()
    for adresse in (
        reverse("simulations:nationale"),
        reverse("simulations:directions"),
        reverse("simulations:liste"),
        reverse("simulations:scenarios"),
        d_un_autre[0].get_absolute_url(),
    ):
        page = client.get(adresse).content.decode()
        for geste in ("Lancer la simulation", "Un lot de centres", "Nouveau scénario", ">Rejouer<"):
            assert geste not in page, (adresse, geste)


CLE_DE_COUT = re.compile(
    r'"((?:cout|salaires?)_\w+|(?:actuel|calcule|ecart)_(?:mensuel|annuel))":(null|[^,}]+)'
)


def lectures(simulation: Simulation) -> Iterator[str]:
    """Chaque page et chaque adresse de l'API qui parle de cette simulation, et le reste du site."""
    cle = simulation.pk
    for route in ("liste", "directions", "nationale", "scenarios"):
        yield reverse(f"simulations:{route}")
    yield simulation.get_absolute_url()
    yield f"{simulation.get_absolute_url()}?tri=cout"
    for code in PAR_CODE:
        yield reverse(f"simulations:{code}", args=[cle])
        yield f"/api/simulations/{cle}/{code}"
        yield f"/api/simulations/{cle}/{code}/fichier?format=csv"
    yield f"/api/async/task/{cle}"
    yield "/api/simulations"
    yield "/api/postes"
    centre = simulation.centres.all()[0]
    yield reverse("simulations:resultat-centre", args=[cle, centre.centre_id])
    for modele in ("simulation", "resultatcentre", "resultatposte"):
        yield reverse(f"admin:simulations_{modele}_changelist")
    yield reverse("admin:simulations_simulation_change", args=[cle])
    yield reverse("admin:referentiels_poste_changelist")
    yield reverse("admin:referentiels_poste_change", args=[Poste.objects.all()[0].pk])


@pytest.mark.parametrize("permis", [False, True])
def test_sans_le_droit_de_voir_les_couts_aucune_porte_n_en_dit(
    d_un_autre: tuple[Simulation, Scenario], permis: bool
) -> None:
    Poste.objects.update(salaire_mensuel="4321.17")
    simulation, _ = d_un_autre
    compte = get_user_model().objects.create_user("gerante", is_staff=True)
    droits = ["simulations", "referentiels.view_poste", *DU_LECTEUR, *([COUTS] if permis else [])]
    client = Client()
    client.force_login(accorder(compte, *droits))
    dits = {}
    for adresse in lectures(simulation):
        reponse = client.get(adresse)
        if "/couts" in adresse and "/api/" not in adresse:
            assert reponse.status_code == (200 if permis else 403)
        else:
            assert reponse.status_code == 200, adresse
        texte = reponse.content.decode("utf-8-sig")
        if adresse.startswith("/api/") and "fichier" not in adresse:
            dits[adresse] = any(valeur != "null" for _, valeur in CLE_DE_COUT.findall(texte))
        elif "fichier" in adresse:
            dits[adresse] = bool(re.search(r"[1-9]", "".join(couts_du_csv(texte))))
        else:
            dits[adresse] = bool(re.search(r"Coût (mensuel|annuel|/)|coût mensuel|4[^0-9]?321", texte))
    assert any(dits.values()) is permis, {adresse for adresse, dit in dits.items() if dit}


def couts_du_csv(texte: str) -> list[str]:
    lignes = list(csv.DictReader(io.StringIO(texte), delimiter=";"))
    return [
        v or "" for ligne in lignes for titre, v in ligne.items() if re.search(r"oût|mensuel|annuel", titre)
    ]


@pytest.mark.parametrize("permis", [False, True])
def test_le_classeur_exporte_a_la_meme_forme_sans_les_couts(
    d_un_autre: tuple[Simulation, Scenario], permis: bool
) -> None:
    compte = get_user_model().objects.create_user("gerante")
    client = Client()
    client.force_login(accorder(compte, *DU_LECTEUR, *([COUTS] if permis else [])))
    octets = client.get(f"/api/simulations/{d_un_autre[0].pk}/export").content
    classeur = load_workbook(io.BytesIO(octets))
    entetes, *lignes = classeur["Centres"].values
    rang = entetes.index("Coût mensuel de l'écart")
    assert any(ligne[rang] for ligne in lignes) is permis
    decider = {ligne[0]: ligne[1:3] for ligne in classeur["Décider"].values}
    dit, valeur = decider["Coût mensuel de l'écart"]
    assert (valeur is not None) is permis
    assert ("non montré" in (dit or "")) is not permis
