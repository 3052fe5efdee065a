"""`make schema` : schemathesis sur tout le schéma, plusieurs graines, contre un vrai serveur ; aucun défaut.

Une graine sur deux vise les lignes qui existent, l'autre laisse les identifiants au hasard.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from euromillions.tests.outils.fabriques import petite_histoire
from referentiels.models import CentrePoste, Tache
from simulateur.api.conventions import LimiteUtilisateur
from simulateur.tests.outils.jetons import secret_pour
from simulations.models import Scenario, Simulation
from simulations.tests.outils.parcours import petit_reseau, simuler

pytestmark = [pytest.mark.complet, pytest.mark.schema]
GRAINES = [int(graine) for graine in os.environ.get("SCHEMA_GRAINES", "1").split(",")]
FILTRE = ["--include-path-regex", os.environ["SCHEMA_CHEMINS"]] if "SCHEMA_CHEMINS" in os.environ else []
EXEMPLES = os.environ.get("SCHEMA_EXEMPLES", "5")
DELAI_S = 3000
DECLENCHEURS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
# Ce qu'un schéma ne sait pas décrire : une demande bien formée y reste refusable (400).
NON_DESCRIPTIBLES = {
    "^/api/(euromillions/)?import": "un fichier au hasard n'est pas un tableau",
    "^/api/(async/simulation|simulation)/": "les centres, cellules et paramètres nommés sont des lignes",
    "^/api/scenarios": "de même : le corps d'un scénario est celui d'un calcul",
    "^/api/(centres|taches|directions)": "un corps y nomme d'autres lignes par leur clé ou leur code",
    "^/api/euromillions/draws": "les jours de tirage et l'urne suivent l'ère de la date",
    "^/api/euromillions/(quick-stats|stats|payouts|numbers|stars|exports)": "une fin précède son début",
    "^/api/euromillions/(gap|combination)-analysis": "de même",
    "^/api/euromillions/(generate-advanced|backtest)": "chaque valeur : dans l'adresse ou dans le corps",
    "^/api/referentiel/exports": "un centre, une direction, une typologie s'y nomment par leur code",
    "^/api/simulations/comparer": "une simulation donnée deux fois",
    "^/api/euromillions/(score|compare|check)-grid": "l'urne suit l'ère",
    "^/api/simulations/.*/profil": "douze parts dont la somme fait 100",
}


@pytest.fixture
def _scenarios_effacables(transactional_db: None) -> Iterator[None]:
    """SQLite efface ligne à ligne : ses déclencheurs garderaient un scénario que l'essai a validé."""
    yield
    if connection.vendor != "sqlite":
        return
    with connection.constraint_checks_disabled(), connection.cursor() as curseur:
        curseur.execute(DECLENCHEURS, [Scenario._meta.db_table])
        poses = curseur.fetchall()
        for nom, _ in poses:
            curseur.execute(f'DROP TRIGGER "{nom}"')
        curseur.execute(f'DELETE FROM "{Scenario._meta.db_table}"')
        for _, sql in poses:
            curseur.execute(sql)


@pytest.fixture
def peuplee(_scenarios_effacables: None, api_staff: Any, utilisateur_staff: Any) -> dict[str, dict[str, Any]]:
    """De quoi répondre à chaque adresse ; rend, par préfixe d'adresse, ses identifiants."""
    directions = petit_reseau()
    petite_histoire()
    simulation: Simulation = simuler(api_staff)
    scenario = Scenario.objects.create(nom="Base", proprietaire=utilisateur_staff)
    tenu = CentrePoste.objects.exclude(taches=None).select_related("centre")[0]
    du_reseau = {
        "direction_id": directions[0].pk,
        "centre_id": tenu.centre_id,
        "poste_id": tenu.poste_id,
        "centre_poste_id": tenu.pk,
    }
    return {
        "/": du_reseau,
        "/api/regions/": {"id": directions[0].region_id},
        "/api/directions/": {"id": directions[0].pk},
        "/api/centres/": {"id": tenu.centre_id},
        "/api/taches/": {"id": Tache.objects.all()[0].pk},
        "/api/scenarios/": {"id": scenario.pk},
        "/api/simulations/": {"cle": str(simulation.pk)},
        "/api/async/task/": {"task_id": str(simulation.pk)},
    }


def reglages(connus: dict[str, dict[str, Any]]) -> str:
    """Ceux de schemathesis : les identifiants connus de chaque famille d'adresses, et NON_DESCRIPTIBLES."""
    blocs = [
        f"[[operations]]\ninclude-path-regex = '^{prefixe}'\n"
        + "".join(f'parameters."path.{nom}" = {json.dumps(cle)}\n' for nom, cle in cles.items())
        for prefixe, cles in connus.items()
    ]
    admis = '["2xx", "3xx", "400", "401", "403", "404", "409", "429"]'
    blocs += [
        f"[[operations]]\ninclude-path-regex = '{chemin}'\n"
        f"checks.positive_data_acceptance.expected-statuses = {admis}\n"
        for chemin in NON_DESCRIPTIBLES
    ]
    return "\n".join(blocs)


@pytest.mark.parametrize("graine", GRAINES)
def test_l_api_fait_ce_que_dit_son_schema(
    graine: int,
    live_server: Any,
    peuplee: dict[str, dict[str, Any]],
    utilisateur_staff: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(LimiteUtilisateur, "get_rate", lambda self: None)
    jeton = secret_pour(utilisateur_staff)
    (tmp_path / "schemathesis.toml").write_text(reglages(peuplee if graine % 2 else {}))
    rapport = tmp_path / "rapport.json"
    commande = [
        *(sys.executable, "-m", "schemathesis.cli"),
        *("--config-file", str(tmp_path / "schemathesis.toml")),
        *("run", f"{live_server.url}/api/schema?format=json"),
        *("-H", f"Authorization: Token {jeton}", "--seed", str(graine), "-n", EXEMPLES),
        *FILTRE,
        *("--phases", "examples,coverage,fuzzing", "--continue-on-failure", "--warnings", "off"),
        *("--report", "json", "--report-json-path", str(rapport), "--no-color"),
    ]
    sortie = Path(os.environ.get("SCHEMA_RAPPORT", tmp_path / "sortie.txt"))
    with sortie.open("w") as ecrite:
        fait = subprocess.run(
            commande, stdout=ecrite, stderr=ecrite, timeout=DELAI_S, cwd=tmp_path, check=False
        )
    assert fait.returncode == 0, resume(sortie.read_text())


def resume(sortie: str) -> str:
    """Les défauts comptés par sorte, puis tout le détail de schemathesis."""
    sortes = Counter(ligne.strip()[2:] for ligne in sortie.splitlines() if ligne.strip().startswith("- "))
    return "\n".join([f"{nombre} × {sorte}" for sorte, nombre in sortes.most_common()] + [sortie[-60_000:]])
