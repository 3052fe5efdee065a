"""Les figures de référence, calculées indépendamment, à 1e-9 près : docs/metier/effectifs.md#references."""

import json
from pathlib import Path
from typing import Any

import pytest

from referentiels.models import Centre, CentrePoste, MappingPosteRecommande, Poste, TermePhase
from referentiels.tests.outils.factories import CentreFactory, CentrePosteFactory
from simulateur.langue.texte import normaliser
from simulations.cartes.compilation import compiler
from simulations.cartes.volumes import volumes_de
from simulations.moteur import appliquer_mode, calculer
from simulations.moteur.calcul import PICO
from simulations.moteur.detail import detailler
from simulations.tests.outils.commun import (
    ANNEE,
    carte_et_volumes,
    parametres_de_reference,
    poser_grille,
    poser_tache,
)

pytestmark = pytest.mark.django_db
CM_REGLE_LIVREE_H = 104.07288748539821  # la même, avec notre (1 + circulation) × part


def _lire(dossier: Path, nom: str) -> dict[str, Any]:
    return json.loads((dossier / "oracles" / "rh" / nom).read_text())


def test_chaque_tache_de_reference_retrouve_volume_unites_et_heures(dossier_partage: Path) -> None:
    reference = _lire(dossier_partage, "taches.json")
    centre = CentreFactory()
    poser_grille(centre, reference["grille"])
    for cas in reference["cas"]:
        CentrePoste.objects.filter(centre=centre).delete()
        tenu = CentrePosteFactory(centre=centre, poste__code=normaliser(cas["tache"]["poste"]))
        poser_tache(tenu, **cas["tache"])
        carte, volumes = carte_et_volumes(centre)
        parametres = parametres_de_reference(
            {**reference["parametres"], **cas["parametres_modifies"]}, centre
        )
        (ligne,) = detailler(carte, 0, volumes, parametres)
        attendu = cas["attendu"]
        assert ligne.volume_annuel == pytest.approx(attendu["volume_annuel"], rel=1e-9), cas["nom"]
        assert ligne.unites_par_jour == pytest.approx(attendu["unites_par_jour"], rel=1e-9), cas["nom"]
        assert ligne.heures_par_jour == pytest.approx(attendu["heures_par_jour"], rel=1e-9), cas["nom"]
        heures = calculer(carte, volumes, parametres).heures_pico[0] / PICO
        assert heures == pytest.approx(attendu["heures_par_jour"], rel=1e-9, abs=1e-12), cas["nom"]


@pytest.fixture
def centre_cm(dossier_partage: Path) -> Centre:
    """Le centre de référence, rempli par la commande d'import depuis la table CM réelle."""
    from simulations.tests.outils.import_cm import importer_cm

    return importer_cm(dossier_partage)


@pytest.fixture
def _circulation_nue() -> None:
    """L'hypothèse des figures : `circul_*` au coefficient nu, sans le 1 +. Une ligne de règle suffit."""
    TermePhase.objects.filter(phase__code__in=("CIRCUL_COLLECT", "CIRCUL_MARCH"), nature="UN_PLUS").update(
        nature="VALEUR"
    )


@pytest.mark.usefixtures("_circulation_nue")
def test_le_centre_cm_retrouve_chaque_cas_de_reference(dossier_partage: Path, centre_cm: Centre) -> None:
    reference = _lire(dossier_partage, "centre_cm.json")
    for cas in reference["cas"]:
        modifies = dict(cas["parametres_modifies"])
        poser_grille(centre_cm, modifies.pop("grille", reference["grille"]))
        bruts = {**reference["parametres"], **modifies}
        Centre.objects.filter(pk=centre_cm.pk).update(a_guichet=bool(bruts["has_guichet"]))
        carte = compiler([centre_cm.pk])
        if "role_mapping" in cas.get("options", {}):
            MappingPosteRecommande.objects.create(
                poste_source=Poste.objects.get(code="MANUTENTIONNAIRE"),
                poste_cible=Poste.objects.get(code="AGENT OPERATIONS"),
            )
            carte = appliquer_mode(compiler([centre_cm.pk]), "recommande")
        parametres = parametres_de_reference(bruts, centre_cm)
        resultat = calculer(carte, volumes_de(carte, ANNEE), parametres)
        mod = carte.titres.mod[carte.postes.titre]
        par_poste = {
            carte.titres.code[titre]: resultat.etp_pico[rang] / PICO
            for rang, titre in enumerate(carte.postes.titre)
        }
        sortie = cas["sortie"]
        for poste, etp in sortie.get("ressources_par_poste", {}).items():
            assert par_poste[poste] == pytest.approx(etp, rel=1e-9), (cas["nom"], poste)
        if "poste_code" in cas.get("options", {}):
            continue
        assert resultat.heures_pico.sum() / PICO == pytest.approx(sortie["total_heures"], rel=1e-9)
        assert resultat.etp_pico[mod].sum() / PICO == pytest.approx(sortie["fte_calcule"], rel=1e-9)


def test_la_regle_livree_compte_un_plus_la_circulation(dossier_partage: Path, centre_cm: Centre) -> None:
    reference = _lire(dossier_partage, "centre_cm.json")
    poser_grille(centre_cm, reference["grille"])
    carte, volumes = carte_et_volumes(centre_cm)
    parametres = parametres_de_reference(reference["parametres"], centre_cm)
    heures = calculer(carte, volumes, parametres).heures_pico.sum() / PICO
    assert heures == pytest.approx(CM_REGLE_LIVREE_H, rel=1e-9)
