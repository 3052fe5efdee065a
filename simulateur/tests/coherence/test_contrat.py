"""Ce que l'extérieur connaît du site : adresses, schéma de l'API, noms de gabarits.

Rien n'en change par accident : `avant/` garde l'état d'avant le déménagement du code, un changement voulu s'y
écrit et se voit à la relecture.
"""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver

AVANT = Path(__file__).parent / "avant"
ENTIERS = "2147483647|2147483648|32767|9223372036854775807|9223372036854775808"
BORNE = re.compile(rf"(maximum|minimum): -?({ENTIERS})|format: int64")


def routes(noeud: URLResolver, prefixe: str = "", espaces: tuple[str, ...] = ()) -> set[str]:
    """« motif<tabulation>espace:nom » de chaque route du site."""
    trouvees: set[str] = set()
    for enfant in noeud.url_patterns:
        motif = prefixe + str(enfant.pattern)
        if isinstance(enfant, URLPattern):
            trouvees.add(f"{motif}\t{':'.join([*espaces, enfant.name or ''])}")
        else:
            trouvees |= routes(enfant, motif, espaces + ((enfant.namespace,) if enfant.namespace else ()))
    return trouvees


def sans_bornes(schema: str) -> list[str]:
    """Les lignes du schéma, moins les bornes d'entiers, qui sont celles de la base (SQLite, PostgreSQL)."""
    return [ligne for ligne in schema.splitlines() if not BORNE.fullmatch(ligne.strip())]


def test_les_adresses_du_site_sont_celles_que_l_on_connait():
    presentes = {route for route in routes(get_resolver()) if not route.startswith("admin/django_q")}
    assert sorted(presentes) == (AVANT / "routes.tsv").read_text().splitlines()


@pytest.mark.django_db
def test_le_schema_de_l_api_est_celui_que_l_on_connait(tmp_path):
    fichier = tmp_path / "openapi.yaml"
    call_command("spectacular", file=str(fichier))
    assert sans_bornes(fichier.read_text()) == sans_bornes((AVANT / "openapi.yaml").read_text())


def test_les_gabarits_gardent_leurs_noms():
    dossier = Path(settings.BASE_DIR) / "templates"
    presents = {str(chemin.relative_to(dossier)) for chemin in dossier.rglob("*.html")}
    assert sorted(set((AVANT / "gabarits.txt").read_text().split()) - presents) == []
