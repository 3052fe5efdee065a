"""Le catalogue des bancs : chaque banc existe et se choisit, et aucune application ne dépend d'eux."""

import ast
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from bancs.catalogue import MODULES, bancs
from bancs.management.commands.banc_essai import PHASES, Command
from bancs.outil import Mesure

RACINE = Path(settings.BASE_DIR)
APPLICATIONS = ("simulateur", "referentiels", "simulations", "euromillions")


def importes(fichier: Path) -> set[str]:
    """Premier nom de chaque module importé, où que soit l'import."""
    noeuds = list(ast.walk(ast.parse(fichier.read_text(encoding="utf-8"))))
    modules = [n.module or "" for n in noeuds if isinstance(n, ast.ImportFrom) and not n.level]
    modules += [alias.name for n in noeuds if isinstance(n, ast.Import) for alias in n.names]
    return {module.split(".")[0] for module in modules}


@pytest.mark.rapide
def test_chaque_banc_a_un_nom_a_lui_et_des_phases_que_la_commande_connait():
    noms = [banc.nom for banc in bancs()]
    assert len(noms) == len(set(noms)) >= 13
    assert all(banc.phases and set(banc.phases) <= set(PHASES) for banc in bancs())
    assert all(callable(banc.mesurer) and banc.mesurer.__module__.startswith("bancs.") for banc in bancs())


@pytest.mark.rapide
def test_aucun_module_de_bancs_n_est_oublie_du_catalogue():
    """Un module qui déclare des bancs et que le catalogue ne lit pas ne serait jamais mesuré."""
    declares = {
        ".".join(fichier.relative_to(RACINE).with_suffix("").parts)
        for fichier in (RACINE / "bancs").glob("*/*.py")
        if "tests" not in fichier.parts and "Banc(" in fichier.read_text(encoding="utf-8")
    }
    assert declares == {module.__name__ for module in MODULES}


@pytest.mark.rapide
@pytest.mark.parametrize("application", APPLICATIONS)
def test_aucune_application_n_importe_les_bancs(application):
    fautifs = [f for f in (RACINE / application).rglob("*.py") if "bancs" in importes(f)]
    assert fautifs == []


@pytest.mark.rapide
@pytest.mark.parametrize("code", ["import bancs.outil", "def f():\n    from bancs import outil"])
def test_un_import_des_bancs_se_voit_meme_cache(tmp_path, code):
    (tmp_path / "a.py").write_text(code)
    assert "bancs" in importes(tmp_path / "a.py")


@pytest.mark.rapide
def test_la_commande_dit_ce_qu_elle_fait_et_choisit_ses_bancs_par_leur_nom(monkeypatch):
    assert issubclass(Command, BaseCommand)
    with pytest.raises(SystemExit) as fin:
        call_command("banc_essai", "--help")
    assert fin.value.code == 0
    monkeypatch.setattr("bancs.management.commands.banc_essai._apaiser_la_base", lambda: None)
    sortie = StringIO()
    call_command("banc_essai", "--ici", "--phase", "embarque", "--seulement", "aucun banc", stdout=sortie)
    assert sortie.getvalue() == ""


@pytest.mark.rapide
@pytest.mark.parametrize(
    ("valeur", "au_moins", "tenue"),
    [(0.7, True, True), (0.5, True, False), (0.5, False, True), (0.7, False, False)],
)
def test_une_promesse_est_un_plafond_ou_un_plancher(valeur, au_moins, tenue):
    assert Mesure("essai", valeur, "", 0.6, au_moins=au_moins).tenue is tenue
    assert Mesure("essai", valeur, "").tenue is None
