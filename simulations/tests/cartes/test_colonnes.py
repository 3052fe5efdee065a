"""Les colonnes de tâches : le même contenu par l'agrégat de PostgreSQL et ligne à ligne."""

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from django.db import connection

from referentiels.models import Tache
from referentiels.tests.outils.factories import (
    CentreFactory,
    CentrePosteFactory,
    ProduitFactory,
    TacheFactory,
)
from simulations.cartes import cache as cartes
from simulations.cartes import colonnes
from simulations.cartes.colonnes import Colonnes, lire
from simulations.cartes.compilation import compiler
from simulations.cartes.index_regles import IndexRegles

pytestmark = [pytest.mark.django_db, pytest.mark.rapide]
LIBELLES = (
    "Tri « manuel »",
    "",
    "L'aller\tet\nle retour",
    "Échéance ; 😀 \\N",
    "zèbre, {a}",
    "NULL",
    "Tri « manuel »",
)


def des_centres(libelles: tuple[str, ...] = LIBELLES) -> list[int]:
    """Deux centres aux tâches mêlées : libellés difficiles, phases absentes, ordres égaux, une inactive."""
    postes = [CentrePosteFactory(centre=CentreFactory()) for _ in range(2)]
    for rang, libelle in enumerate(libelles):
        TacheFactory(
            centre_poste=postes[rang % 2],
            nom=libelle or "x",
            famille=libelles[-1 - rang],
            ordre=3 - rang // 3,
            duree_secondes=7 / (rang + 3),
            actif=rang != 2,
        )
    return [poste.centre_id for poste in postes]


def en_listes(lues: Colonnes) -> dict[str, Any]:
    return {
        champ.name: valeur.tolist() if isinstance(valeur := getattr(lues, champ.name), np.ndarray) else valeur
        for champ in fields(Colonnes)
    }


def test_les_colonnes_disent_les_taches_actives_dans_l_ordre_du_referentiel():
    centres = des_centres()
    lues = lire(centres)
    taches = Tache.objects.actives().order_by("centre_poste__centre_id", "ordre", "pk")
    assert lues.pk.tolist() == [tache.pk for tache in taches]
    assert lues.duree.tolist() == [tache.duree_secondes for tache in taches]
    assert lues.phase.tolist() == [tache.phase_id or 0 for tache in taches]
    assert [lues.noms[rang] for rang in lues.nom] == [tache.nom for tache in taches]
    assert [lues.noms[rang] for rang in lues.famille] == [tache.famille for tache in taches]
    assert list(lues.noms) == sorted(set(lues.noms))


def test_l_agregat_et_les_lignes_rendent_les_memes_colonnes(monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("l'agrégat binaire est propre à PostgreSQL")
    centres = des_centres()
    agregees = en_listes(lire(centres))
    monkeypatch.setattr(colonnes, "_agregees", lambda taches: None)
    assert en_listes(lire(centres)) == agregees


def test_un_libelle_qui_contient_le_separateur_est_lu_quand_meme():
    centres = des_centres(("avant\x1eaprès", "simple", "\x1e"))
    assert set(lire(centres).noms) >= {"avant\x1eaprès", "simple"}


def test_lire_par_petits_lots_ne_change_rien_et_dit_ou_l_on_en_est(monkeypatch):
    centres = des_centres()
    entieres, pas = en_listes(lire(centres)), []
    monkeypatch.setattr(colonnes, "LOT_CENTRES", 1)
    monkeypatch.setattr(colonnes, "LOT_LIGNES", 2)
    assert en_listes(lire(centres, lambda lus, total: pas.append((lus, total)))) == entieres
    assert pas == [(1, 2), (2, 2)]


def test_des_centres_sans_tache_donnent_des_colonnes_vides():
    for centres in ([], [CentreFactory().pk]):
        lues = lire(centres)
        assert (len(lues.pk), len(lues.duree), lues.noms) == (0, 0, ())
        assert compiler(centres).nb_taches == 0


def test_une_regle_apparue_pendant_la_lecture_arrete_la_compilation_sans_rien_confondre():
    index = IndexRegles()
    poste = CentrePosteFactory()
    TacheFactory(centre_poste=poste, produit=ProduitFactory(code="NEUF"))
    with pytest.raises(LookupError, match="changé pendant"):
        compiler([poste.centre_id], index_regles=index)


def test_les_regles_partagees_sont_relues_des_que_leur_revision_change():
    partagees = cartes.ReglesLues()
    premieres = partagees.a_la_revision(1)
    assert partagees.a_la_revision(1) is premieres
    assert partagees.a_la_revision(2) is not premieres
