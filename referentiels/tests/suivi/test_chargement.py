"""`loaddata` écrit sous `save` : les révisions le voient quand même, et le cache avec elles."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core import serializers
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from referentiels.lectures import referentiel
from referentiels.models import Centre, Tache
from referentiels.suivi import portees
from referentiels.tests.outils import factories as f
from simulateur.cache import revisions
from simulateur.models import Revision

pytestmark = pytest.mark.django_db


@pytest.fixture
def tache() -> Tache:
    return f.TacheFactory()


def charger(dossier: Path, *objets: Any, **champs: Any) -> set[str]:
    """Écrit ces lignes, leurs champs changés, dans un vrai fichier, le charge ; rend les portées touchées."""
    lignes = json.loads(serializers.serialize("json", objets))
    for ligne in lignes:
        ligne["fields"] |= champs
    fichier = dossier / "reseau.json"
    fichier.write_text(json.dumps(lignes), encoding="utf-8")
    avant = revisions.lire_une(revisions.GLOBALE)
    call_command("loaddata", fichier, verbosity=0)
    touchees = Revision.objects.filter(numero__gt=avant).exclude(pk=revisions.GLOBALE)
    return set(touchees.values_list("portee", flat=True))


def test_une_tache_chargee_touche_son_centre_et_sa_direction(tmp_path, tache):
    centre = tache.centre_poste.centre
    assert charger(tmp_path, tache, duree_secondes=99) == {
        portees.centre(centre.pk),
        portees.direction(centre.direction_id),
        portees.NATIONAL,
    }
    assert Tache.objects.get().duree_secondes == 99


def test_un_centre_charge_dans_une_autre_direction_touche_les_deux(tmp_path, tache):
    centre, voisine = tache.centre_poste.centre, f.DirectionFactory()
    touchees = charger(tmp_path, centre, direction=voisine.pk)
    assert {portees.centres_de(centre.direction_id), portees.centres_de(voisine.pk)} <= touchees


def test_une_regle_chargee_touche_les_regles(tmp_path, tache):
    assert charger(tmp_path, tache.produit, nom="Autre nom") == {portees.REGLES}


def test_un_chargement_annule_n_empeche_pas_le_suivant_de_toucher(tmp_path, tache):
    with transaction.atomic():
        with transaction.atomic():
            charger(tmp_path, tache.produit, nom="Annulé")
            transaction.set_rollback(True)
        assert charger(tmp_path, tache.produit, nom="Gardé") == {portees.REGLES}


def test_mille_regles_touchent_leur_portee_une_fois(tmp_path):
    produits = [f.ProduitFactory() for _ in range(20)]
    with CaptureQueriesContext(connection) as requetes:
        charger(tmp_path, *produits)
    ecritures = [r["sql"] for r in requetes if "INSERT INTO" in r["sql"] and portees.REGLES in r["sql"]]
    assert len(ecritures) == 1


def test_le_cache_relit_ce_que_loaddata_a_ecrit(tmp_path, tache):
    centre = tache.centre_poste.centre
    referentiel.centres_de_direction(centre.direction_id)
    charger(tmp_path, centre, nom="Chargé d'un fichier")
    assert [lu["nom"] for lu in referentiel.centres_de_direction(centre.direction_id)] == [
        "Chargé d'un fichier"
    ]
    assert Centre.objects.get().nom == "Chargé d'un fichier"
