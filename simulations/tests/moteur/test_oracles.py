"""Les figures de référence, calculées indépendamment, et le centre miniature posé à la main : à 1e-9 près."""

from pathlib import Path
from typing import Any

import pytest

from referentiels.models import Centre, CentrePoste
from referentiels.tests.outils.factories import CentreFactory, CentrePosteFactory
from simulateur.langue.texte import normaliser
from simulateur.tests.outils.compact import en_texte, lignes
from simulations.cartes.compilation import compiler
from simulations.cartes.volumes import volumes_de
from simulations.moteur import appliquer_mode, calculer
from simulations.moteur.arrondis import PICO
from simulations.moteur.detail import detailler
from simulations.tests.outils import extraire_references, miniature
from simulations.tests.outils.centre_de_reference import (
    circulation_nue,
    importer_cm,
    importer_miniature,
    recommander_les_agents,
)
from simulations.tests.outils.commun import (
    ANNEE,
    carte_et_volumes,
    parametres_de,
    poser_tache,
    poser_volumes,
)
from simulations.tests.outils.references import REFERENCES, references

pytestmark = pytest.mark.django_db
REFERENCE = references()
CM_REGLE_LIVREE_H = 104.07288748539821  # le centre CM, avec notre (1 + circulation) × part


def test_les_references_sont_celles_du_dossier_partage(dossier_partage: Path) -> None:
    assert en_texte(extraire_references.extraire(dossier_partage)) == REFERENCES.read_text(encoding="utf-8")


@pytest.mark.parametrize("cas", lignes(REFERENCE["taches"]), ids=lambda cas: f"cas {cas['cas']}")
def test_chaque_tache_de_reference_retrouve_volume_unites_et_heures(cas: dict[str, Any]) -> None:
    centre = CentreFactory()
    poser_volumes(centre, REFERENCE["volumes"])
    poser_tache(CentrePosteFactory(centre=centre, poste__code=normaliser(cas["poste"])), **cas)
    carte, volumes = carte_et_volumes(centre)
    parametres = parametres_de({**REFERENCE["parametres"], **cas["modifies"]}, centre)
    (ligne,) = detailler(carte, 0, volumes, parametres)
    assert ligne.volume_annuel == pytest.approx(cas["volume_annuel"], rel=1e-9)
    assert ligne.unites_par_jour == pytest.approx(cas["unites_par_jour"], rel=1e-9)
    assert ligne.heures_par_jour == pytest.approx(cas["heures_par_jour"], rel=1e-9)
    heures = calculer(carte, volumes, parametres).heures_pico[0] / PICO
    assert heures == pytest.approx(cas["heures_par_jour"], rel=1e-9, abs=1e-12)


def _calculer(centre: Centre, modifies: dict[str, Any], mode: str = "actuel") -> tuple[dict[str, float], Any]:
    """ETP de chaque poste, et (heures, ETP MOD) du centre, les paramètres de référence ainsi modifiés."""
    nommes = {**REFERENCE["parametres"], **modifies}
    Centre.objects.filter(pk=centre.pk).update(a_guichet=bool(nommes["a_guichet"]))
    carte = appliquer_mode(compiler([centre.pk]), mode)
    resultat = calculer(carte, volumes_de(carte, ANNEE), parametres_de(nommes, centre))
    etp = {
        carte.titres.code[titre]: resultat.etp_pico[rang] / PICO
        for rang, titre in enumerate(carte.postes.titre)
    }
    mod = carte.titres.mod[carte.postes.titre]
    return etp, (resultat.heures_pico.sum() / PICO, resultat.etp_pico[mod].sum() / PICO)


@pytest.mark.parametrize("cas", miniature.CAS)
def test_le_centre_miniature_retrouve_les_heures_posees_a_la_main(cas: str) -> None:
    centre = importer_miniature()
    assert CentrePoste.objects.filter(centre=centre).count() == len(miniature.HEURES)
    poser_volumes(centre, REFERENCE["volumes"])
    modifies, attendu = miniature.CAS[cas]
    etp, (heures, etp_mod) = _calculer(centre, modifies)
    assert etp == pytest.approx(attendu, rel=1e-9, abs=1e-12)
    assert etp_mod == pytest.approx(sum(attendu.values()), rel=1e-9)
    if not modifies:
        assert heures == pytest.approx(sum(miniature.HEURES.values()), rel=1e-9)


def test_sans_volume_le_centre_miniature_ne_garde_que_son_forfait() -> None:
    _, (heures, _) = _calculer(importer_miniature(), {})
    assert heures == pytest.approx(miniature.REGISTRE, rel=1e-9)


def test_en_mode_recommande_les_agents_reprennent_les_taches_des_manutentionnaires() -> None:
    centre = importer_miniature()
    poser_volumes(centre, REFERENCE["volumes"])
    recommander_les_agents()
    etp, _ = _calculer(centre, {}, mode="recommande")
    ensemble = miniature.ETP["AGENT OPERATIONS"] + miniature.ETP["MANUTENTIONNAIRE"]
    assert etp["AGENT OPERATIONS"] == pytest.approx(ensemble, rel=1e-9)
    assert etp["FACTEUR DISTRIBUTEUR"] == pytest.approx(miniature.ETP["FACTEUR DISTRIBUTEUR"], rel=1e-9)


@pytest.fixture
def centre_cm(dossier_partage: Path) -> Centre:
    """Le centre de référence, rempli par la commande d'import depuis la table CM réelle."""
    return importer_cm(dossier_partage)


def test_le_centre_cm_retrouve_chaque_cas_de_reference(centre_cm: Centre) -> None:
    circulation_nue()
    recommander_les_agents()
    for cas in REFERENCE["centre"]:
        poser_volumes(centre_cm, {} if cas["sans_volume"] else REFERENCE["volumes"])
        mode = "recommande" if cas["recommande"] else "actuel"
        etp, (heures, etp_mod) = _calculer(centre_cm, cas["modifies"], mode)
        for poste, attendu in cas["etp_par_poste"].items():
            assert etp[poste] == pytest.approx(attendu, rel=1e-9), (cas["cas"], poste)
        if cas["un_poste"]:
            continue
        assert heures == pytest.approx(cas["heures"], rel=1e-9), cas["cas"]
        assert etp_mod == pytest.approx(cas["etp_mod"], rel=1e-9), cas["cas"]


def test_la_regle_livree_compte_un_plus_la_circulation(centre_cm: Centre) -> None:
    poser_volumes(centre_cm, REFERENCE["volumes"])
    _, (heures, _) = _calculer(centre_cm, {})
    assert heures == pytest.approx(CM_REGLE_LIVREE_H, rel=1e-9)
