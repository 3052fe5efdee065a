"""La base d'avant, en dixièmes, garde ses chiffres en centièmes ; ses instantanés se relisent."""

import io
import json
import zlib
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from simulations.moteur import Carte, calculer
from simulations.tests.outils.cartes_tirees import PARAMETRES, carte, volumes

AVANT, APRES = ("simulations", "0005_pertes_d_ouvriers"), ("simulations", "0006_centiemes")
MESURES = {"heures_pico": 10**12, "etp_pico": 12 * 10**11, "arrondi_dixiemes": 10, "actuel_dixiemes": 25}


def au_format_1(lue: Carte) -> bytes:
    """Les octets qu'écrivait le premier format : effectifs en dixièmes."""
    with np.load(io.BytesIO(zlib.decompress(lue.en_octets())), allow_pickle=False) as paquet:
        tableaux = dict(paquet.items())
    entete = {**json.loads(tableaux.pop("entete").tobytes().decode()), "format": 1}
    tableaux["postes.effectif_dixiemes"] = tableaux.pop("postes.effectif_centiemes") // 10
    tampon = io.BytesIO()
    octets = np.frombuffer(json.dumps(entete, ensure_ascii=False).encode(), dtype=np.uint8)
    np.savez(tampon, allow_pickle=False, entete=octets, **tableaux)
    return zlib.compress(tampon.getvalue(), 1)


def test_un_instantane_en_dixiemes_se_relit_et_calcule_la_meme_chose() -> None:
    lue = carte(5)
    lue.postes.effectif_centiemes[:] = lue.postes.effectif_centiemes // 10 * 10
    relue = Carte.depuis_octets(au_format_1(lue))
    saisis = volumes(lue, 5)
    attendu, obtenu = calculer(lue, saisis, PARAMETRES), calculer(relue, saisis, PARAMETRES)
    assert relue.postes.effectif_centiemes.tolist() == lue.postes.effectif_centiemes.tolist()
    assert obtenu.ecart.tolist() == attendu.ecart.tolist()
    assert obtenu.cout_dix_milliemes.tolist() == attendu.cout_dix_milliemes.tolist()


def test_un_format_inconnu_est_refuse() -> None:
    octets = au_format_1(carte(5))
    with np.load(io.BytesIO(zlib.decompress(octets))) as paquet:
        tableaux = dict(paquet.items())
    entete = {**json.loads(tableaux.pop("entete").tobytes().decode()), "format": 9}
    tampon = io.BytesIO()
    np.savez(tampon, entete=np.frombuffer(json.dumps(entete).encode(), dtype=np.uint8), **tableaux)
    with pytest.raises(ValueError, match="format 9"):
        Carte.depuis_octets(zlib.compress(tampon.getvalue()))


@pytest.mark.complet
@pytest.mark.django_db(transaction=True)
def test_les_resultats_gardes_changent_d_unite_sans_changer_de_chiffre() -> None:
    migrer(AVANT)
    try:
        cle = ancienne("Simulation", annee=2026, libelle="Avant", moi_dixiemes=5, cout_milliemes=-150).pk
        for centre, ecarts in ((1, (-15, 40)), (2, (-20,))):
            du_centre = {"simulation_id": cle, "centre_id": centre}
            ancienne("ResultatCentre", **du_centre, direction_id=1, moi_dixiemes=5)
            for titre, ecart in enumerate(ecarts):
                ancienne("ResultatPoste", **du_centre, titre_id=titre, ecart_dixiemes=ecart)
        migrer(APRES)
        apres = etat(APRES).get_model("simulations", "Simulation").objects.get()
        assert (apres.arrondi_centiemes, apres.actuel_centiemes, apres.moi_centiemes) == (100, 250, 50)
        assert (apres.cout_dix_milliemes, apres.a_pourvoir_centiemes) == (-1500, 400)
        manques = apres.centres.order_by("centre_id").values_list("a_pourvoir_centiemes", "ecart_centiemes")
        assert list(manques) == [(400, 0), (0, 0)]
        migrer(AVANT)
        retour = etat(AVANT).get_model("simulations", "Simulation").objects.get()
        assert (retour.arrondi_dixiemes, retour.cout_milliemes) == (10, -150)
    finally:
        migrer(None)


def ancienne(modele: str, **champs: Any) -> Any:
    return etat(AVANT).get_model("simulations", modele).objects.create(**MESURES, **champs)


def etat(cible: tuple[str, str]) -> Any:
    return MigrationExecutor(connection).loader.project_state([cible]).apps


def migrer(cible: tuple[str, str] | None) -> None:
    """Jusqu'à cette migration ; None : jusqu'à la dernière de chaque application."""
    executeur = MigrationExecutor(connection)
    executeur.migrate([cible] if cible else executeur.loader.graph.leaf_nodes())
