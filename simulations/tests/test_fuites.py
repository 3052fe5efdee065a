"""Un mot écrit partout dans une autre direction n'est lu nulle part par qui n'en voit qu'une.

Pages, API, admin, exports ouverts, suggestions, refus, en-têtes. Voir docs/metier/effectifs.md#droits.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from rest_framework.test import APIClient

from simulations.calculs.lancement import lancer
from simulations.demandes.demande import lire_demande
from simulations.models import Simulation
from simulations.tests.outils.etrangers import MOT, Cote, nationale
from simulations.tests.outils.parcours import finir
from simulations.tests.test_matrice import METIERS, client_de, cotes, routes, valeur  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def lecteur(cotes: tuple[Cote, Cote]) -> APIClient:  # noqa: F811
    """Tous les droits des deux métiers, une direction. Le pays et un lot ont aussi été calculés."""
    sien, ailleurs = cotes
    pays = ailleurs.simulation.demandeur
    nationale(pays)
    ids = [sien.centre.pk, ailleurs.centre.pk]
    demande = lire_demande({}, centre_ids=ids)
    finir(lancer(niveau=Simulation.Niveau.BATCH, centre_ids=ids, demande=demande, demandeur=pays))
    lancer(niveau="direction", direction=ailleurs.direction, demande=lire_demande({}), demandeur=pays)
    client = client_de(sien.simulation.demandeur)
    # Des réponses du pays entier sont gardées : aucune ne doit lui être resservie.
    chauffe = client_de(pays)
    for adresse in lectures(sien):
        chauffe.get(adresse)
    return client


def lectures(de: Cote) -> Iterator[str]:
    """Toute adresse lue, aux objets de `de` ; les listes une seconde fois, en cherchant le mot."""
    for route in routes():
        adresse = route.adresse(lambda p, r=route: valeur(r, p, de))
        yield adresse
        if not route.parametres:
            cherche = "&".join(f"{nom}={MOT}" for nom in ("recherche", "q", "scenario", "objet"))
            yield f"{adresse}?{cherche}" if adresse.startswith("/effectifs") else f"{adresse}?recherche={MOT}"
    yield f"/effectifs/comparer?ids={de.simulation.pk}&ids={de.simulation.pk}"
    yield f"/effectifs/lot/centres?recherche={MOT}&centres={de.centre.pk}"
    yield f"/effectifs/directions/{de.direction.pk}?depuis={de.simulation.pk}"
    for genre in ("taches", "volumes", "effectifs"):
        for suite in (f"exports/{genre}.xlsx", f"exports/{genre}.csv", f"gabarits/{genre}.xlsx"):
            yield f"/referentiels/{suite}"
            yield f"/referentiels/{suite}?direction={de.direction.code}"
        yield f"/api/referentiel/exports/{genre}?format=xlsx"
        yield f"/api/referentiel/exports/{genre}?centre={de.centre.code}"


def pages_d_admin(de: Cote) -> Iterator[str]:
    yield "/admin/"
    lignes = {"simulation": de.simulation.pk, "scenario": de.scenario.pk, "centre": de.centre.pk}
    lignes |= {"direction": de.direction.pk, "export": de.export.pk, "importfichier": de.importe.pk}
    lignes |= {"centreposte": de.tenu.pk, "partage": de.partage.pk, "tache": de.tenu.taches.get().pk}
    for modele, page in admin.site._registry.items():
        meta = modele._meta
        if meta.app_label not in METIERS:
            continue
        nom = f"admin:{meta.app_label}_{meta.model_name}"
        for adresse in (reverse(f"{nom}_changelist"), reverse(f"{nom}_add")):
            yield adresse
            yield f"{adresse}?q={MOT}"
        premiere = (
            lignes.get(str(meta.model_name)) or modele._default_manager.values_list("pk", flat=True).last()
        )
        for geste in ("change", "history", "delete") if premiere else ():
            yield reverse(f"{nom}_{geste}", args=[premiere])
        for champ in page.autocomplete_fields:
            yield (
                f"/admin/autocomplete/?app_label={meta.app_label}&model_name={meta.model_name}"
                f"&field_name={champ}&term={MOT}"
            )


def tout_ce_qui_est_dit(reponse: Any) -> str:
    """En-têtes et corps ; un classeur ou une archive se lit ouvert."""
    corps = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
    if zipfile.is_zipfile(io.BytesIO(corps)):
        with zipfile.ZipFile(io.BytesIO(corps)) as archive:
            corps = b"\n".join([*map(str.encode, archive.namelist()), *map(archive.read, archive.namelist())])
    texte = corps.decode(errors="replace")
    if "json" in reponse.get("Content-Type", ""):
        texte = json.dumps(json.loads(texte), ensure_ascii=False)
    return f"{dict(reponse.items())} {texte}"


def relire(client: APIClient, adresses: Iterator[str]) -> dict[str, str]:
    """{adresse: ce qu'elle dit du mot}, hors de l'adresse elle-même et de la recherche qu'on y a écrite."""
    fuites = {}
    for adresse in dict.fromkeys(adresses):
        dit = tout_ce_qui_est_dit(client.get(adresse))
        for repete in (adresse, adresse.replace("&", "&amp;"), f'value="{MOT}"', f"={MOT}", f"%3D{MOT}"):
            dit = dit.replace(repete, "")
        if (place := dit.lower().find(MOT.lower())) >= 0:
            fuites[adresse] = dit[max(0, place - 80) : place + 60]
    return fuites


def test_le_mot_est_bien_partout_pour_qui_voit_le_pays(cotes: tuple[Cote, Cote]) -> None:  # noqa: F811
    _, ailleurs = cotes
    client = client_de(ailleurs.simulation.demandeur)
    assert len(relire(client, lectures(ailleurs))) > 60
    assert len(relire(client, pages_d_admin(ailleurs))) > 15


def test_aucune_lecture_ne_le_dit(lecteur: APIClient, cotes: tuple[Cote, Cote]) -> None:  # noqa: F811
    sien, ailleurs = cotes
    assert relire(lecteur, lectures(sien)) == {}
    # Une adresse d'ailleurs peut répéter le code qu'on y a écrit, rien de plus.
    ailleurs.direction.code = ailleurs.centre.code = "inconnu"
    assert relire(lecteur, lectures(ailleurs)) == {}


def test_aucune_page_d_admin_ne_le_dit(lecteur: APIClient, cotes: tuple[Cote, Cote]) -> None:  # noqa: F811
    for cote_lu in cotes:
        assert relire(lecteur, pages_d_admin(cote_lu)) == {}


def test_aucun_refus_ni_suggestion_ne_le_dit(lecteur: APIClient, cotes: tuple[Cote, Cote]) -> None:  # noqa: F811
    """Un code, un nom à une lettre près ; une clé d'ailleurs dans chaque corps."""
    sien, ailleurs = cotes
    presque = MOT[:-1]
    cellule = ailleurs.centre.volumes.get().cellule.code
    volumes = [
        {"centre_id": ailleurs.centre.pk, "cellule": cellule, "volume": 1},
        {"centre_label": f"{presque} centre", "cellule": cellule, "volume": 1},
    ]
    nommes = {"volumes": volumes, "centres_params": {str(ailleurs.centre.pk): {"pct_retour": 3}}}
    dits = [
        lecteur.post(adresse, corps, format="json")
        for adresse, corps in (
            (f"/api/async/simulation/direction/{sien.direction.pk}", nommes),
            ("/api/async/simulation/centres/batch", {"centre_ids": [ailleurs.centre.pk]}),
            (f"/api/simulation/centre/{sien.centre.pk}", nommes),
            ("/api/scenarios", {"nom": "S", **nommes}),
            (f"/api/scenarios/{sien.scenario.pk}/simuler", {"centre_ids": [ailleurs.centre.pk]}),
            (f"/api/scenarios/{sien.scenario.pk}/simuler", {"direction_id": ailleurs.direction.pk}),
            ("/api/taches", {"centre_poste_id": ailleurs.tenu.pk}),
            ("/api/centres", {"code": "N", "nom": "N", "direction_id": ailleurs.direction.pk}),
        )
    ]
    simuler = f"/effectifs/scenarios/{sien.scenario.pk}/simuler"
    dits.append(lecteur.post(simuler, {"codes": presque}, format="multipart", follow=True))
    for genre, contenu in (
        (
            "volumes",
            f"centre;cellule;volume;annee\n{presque}-C;{cellule};5;2026\n{presque} centre;{cellule};5;2026",
        ),
        ("effectifs", f"Centre;Poste;Statutaires\n{presque}-C;TRIEUR;5\n{presque} centre;TRIEUR;5"),
        ("taches", f"Centre;Nom de tâche\n{presque} centre;Tri"),
    ):
        fichier = SimpleUploadedFile("f.csv", contenu.encode(), content_type="text/csv")
        dits.append(lecteur.post(f"/api/imports/{genre}", {"fichier": fichier}, format="multipart"))
    fuites = [dit for dit in map(tout_ce_qui_est_dit, dits) if MOT.lower() in dit.lower()]
    assert fuites == []
    lancee = Simulation.objects.order_by("-cree_le").first()
    assert lancee is not None
    assert MOT not in str(lancee.rapport)
