"""Deux centres aux heures connues d'avance, remplis par la commande d'import comme le fait un exploitant."""

import tempfile
from pathlib import Path
from typing import Any

from django.core.management import call_command

from referentiels.models import Centre, MappingPosteRecommande, Poste, TermePhase
from referentiels.tests.outils.factories import CentreFactory
from referentiels.tests.outils.imports import canevas_miniature, canevas_reel, en_xlsx


def importer_cm(dossier: Path) -> Centre:
    """Le centre CM de référence : les 303 tâches du canevas réel de 254 lignes."""
    centre: Centre = CentreFactory(code="CM-REF", typologie__code="CM")
    _importer(canevas_reel(dossier, "CM"), centre)
    return centre


def importer_miniature() -> Centre:
    """Un petit centre inventé : les 14 tâches d'un canevas de 12 lignes."""
    centre: Centre = CentreFactory(code="MINIATURE")
    _importer(canevas_miniature(), centre)
    return centre


def _importer(lignes: list[list[Any]], centre: Centre) -> None:
    with tempfile.TemporaryDirectory() as ou:
        chemin = Path(ou) / "canevas.xlsx"
        chemin.write_bytes(en_xlsx(lignes))
        call_command("importer_taches", str(chemin), "--centre", centre.code, "--appliquer", verbosity=0)


def circulation_nue() -> None:
    """L'hypothèse des figures du centre CM : `circul_*` au coefficient nu, sans le 1 +."""
    TermePhase.objects.filter(phase__code__in=("CIRCUL_COLLECT", "CIRCUL_MARCH"), nature="UN_PLUS").update(
        nature="VALEUR"
    )


def recommander_les_agents() -> None:
    """Le passage du mode recommandé des figures : les manutentionnaires deviennent agents opérations."""
    MappingPosteRecommande.objects.create(
        poste_source=Poste.objects.get(code="MANUTENTIONNAIRE"),
        poste_cible=Poste.objects.get(code="AGENT OPERATIONS"),
    )
