"""Adresse × rôle × objet : ce qui est ailleurs se répond comme ce qui n'existe pas, par toutes les méthodes.

La table se déduit des routes et du schéma de l'API : une adresse sans ligne fait échouer. Voir
docs/metier/effectifs.md#droits.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from simulateur.tests.outils.droits import DU_LECTEUR
from simulations.tests.outils.etrangers import (
    DU_BORNE,
    MOT,
    Cote,
    compte_borne,
    compte_du_pays,
    cote,
    direction_nommee,
    nationale,
)

pytestmark = pytest.mark.django_db
METIERS = ("referentiels", "simulations")
METHODES = ("get", "post", "put", "patch", "delete")
CLE_INCONNUE, UUID_INCONNU = 900_000_000, "00000000-0000-4000-8000-000000000000"

# De quelle sorte est l'objet que nomme chaque paramètre d'une route : (début du nom, paramètre) → sorte.
# « » : rien de la direction (un format, un genre d'import, un métier, une règle du pays).
SORTES: list[tuple[str, str, str]] = [
    (r"api-export(-fichier)?$|simulations:export(-suivi|-fichier)?$", "cle", "export"),
    (r".*", "cle|task_id", "simulation"),
    (r".*", "direction_id", "direction"),
    (r".*", "centre_id", "centre"),
    (r".*", "centre_poste_id", "tenu"),
    (r"api-partage$|simulations:partage-retirer$", "pk", "partage"),
    (r"simulations:scenario|api-scenario", "pk", "scenario"),
    (r"referentiels:import|api-import", "pk", "importe"),
    (r"api-direction-", "pk", "direction"),
    (r"api-centre-detail|api-remplir", "pk", "centre"),
    (r"api-centre-(?!detail)", "pk", "centre"),
    (r"api-tache-", "pk", "tache"),
    (r"api-region-", "pk", ""),
    (r".*", "poste_id|titre_id|genre|format", ""),
]
DU_PAYS = {"poste_id": "poste", "titre_id": "poste", "pk": "region"}
LUES: dict[str, Callable[[Cote], Any]] = {
    "simulation": lambda c: c.simulation.pk,
    "export": lambda c: c.export.pk,
    "scenario": lambda c: c.scenario.pk,
    "importe": lambda c: c.importe.pk,
    "partage": lambda c: c.partage.pk,
    "direction": lambda c: c.direction.pk,
    "centre": lambda c: c.centre.pk,
    "tenu": lambda c: c.tenu.pk,
    "tache": lambda c: c.tenu.taches.get().pk,
    "poste": lambda c: c.tenu.poste_id,
    "region": lambda c: c.direction.region_id,
}
MOTS = {"genre": "taches", "format": "csv"}


@dataclass(frozen=True)
class Route:
    nom: str
    motif: str
    parametres: tuple[str, ...]

    def adresse(self, de: Callable[[str], Any]) -> str:
        """`de(parametre)` : la valeur de chacun."""
        chemin = self.motif
        for parametre in self.parametres:
            chemin = re.sub(rf"<(\w+:)?{parametre}>|\(\?P<{parametre}>[^)]*\)", str(de(parametre)), chemin)
        return "/" + re.sub(r"[\^$\\]", "", chemin).replace(".?", "")


def routes() -> list[Route]:
    trouvees = []
    for motif, nom, vue in _motifs(get_resolver(), "", ()):
        if vue.__module__.partition(".")[0] in METIERS and "(?P<format>" not in motif:
            parametres = tuple(re.findall(r"<(?:\w+:)?(\w+)>", motif))
            trouvees.append(Route(nom, motif, parametres))
    return trouvees


def _motifs(noeud: URLResolver, devant: str, espaces: tuple[str, ...]) -> Iterator[tuple[str, str, Any]]:
    for enfant in noeud.url_patterns:
        chemin = f"{devant}{enfant.pattern}"
        if chemin.startswith("admin/"):
            continue
        if isinstance(enfant, URLResolver):
            yield from _motifs(enfant, chemin, espaces + ((enfant.namespace,) if enfant.namespace else ()))
        elif isinstance(enfant, URLPattern):
            yield chemin, ":".join([*espaces, enfant.name or ""]), enfant.callback


def sorte(route: Route, parametre: str) -> str | None:
    for debut, noms, trouvee in SORTES:
        if re.match(debut, route.nom) and re.fullmatch(noms, parametre):
            return trouvee
    return None


def valeur(route: Route, parametre: str, de: Cote) -> Any:
    voulue = sorte(route, parametre) or DU_PAYS.get(parametre, "")
    return LUES[voulue](de) if voulue else MOTS[parametre]


def inconnue(route: Route, parametre: str, de: Cote) -> Any:
    voulue = sorte(route, parametre)
    if not voulue:
        return valeur(route, parametre, de)
    return UUID_INCONNU if voulue in ("simulation", "export") else CLE_INCONNUE


def nommant(lues: list[Route]) -> list[Route]:
    """Celles qui nomment un objet d'une direction."""
    return [route for route in lues if any(sorte(route, p) for p in route.parametres)]


@pytest.fixture
def cotes() -> tuple[Cote, Cote]:
    """Ce qui est au lecteur, et ce qui est ailleurs."""
    sienne, ailleurs = direction_nommee("Sienne"), direction_nommee(MOT)
    borne, pays = compte_borne(sienne), compte_du_pays()
    return cote(sienne, borne, "Sienne"), cote(ailleurs, pays, MOT)


def client_de(compte: Any) -> APIClient:
    client = APIClient(raise_request_exception=False)
    client.force_login(compte)
    return client


def test_chaque_parametre_d_une_route_a_sa_ligne() -> None:
    sans_ligne = [(r.nom, p) for r in routes() for p in r.parametres if sorte(r, p) is None]
    assert sans_ligne == []
    assert len(nommant(routes())) > 60


def test_chaque_chemin_du_schema_est_une_route_de_la_table() -> None:
    connues = {re.sub(r"<(?:\w+:)?\w+>|\(\?P<\w+>[^)]*\)", "{}", f"/{route.motif}") for route in routes()}
    connues = {re.sub(r"[\^$\\]", "", chemin) for chemin in connues}
    chemins: Any = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    effectifs = {"référentiel", "Référentiel", "simulations", "scénarios", "analyses", "exports", "imports"}
    absents = [
        chemin
        for chemin, operations in chemins.items()
        if {tag for operation in operations.values() for tag in operation["tags"]} & effectifs
        and re.sub(r"{\w+}", "{}", chemin) not in connues
    ]
    assert absents == []
    assert len(chemins) > 60


@pytest.mark.parametrize("droits", [DU_BORNE, DU_LECTEUR], ids=["tout", "lecteur"])
def test_ce_qui_est_ailleurs_se_repond_comme_inconnu(
    cotes: tuple[Cote, Cote], droits: tuple[str, ...]
) -> None:
    """Même statut et même corps, par chaque méthode ; et rien n'est écrit."""
    sien, ailleurs = cotes
    client = client_de(compte_borne(sien.direction, *droits, nom="lecteur"))
    du_pays = _national(ailleurs, nationale(ailleurs.simulation.demandeur))
    differents: dict[Any, Any] = {}
    for route in nommant(routes()):
        des_simulations = "simulation" in {sorte(route, p) for p in route.parametres}
        nulle_part = route.adresse(lambda p, r=route: inconnue(r, p, ailleurs))
        for methode in METHODES:
            attendue = _appeler(client, methode, nulle_part)
            for cas, de in {
                "ailleurs": ailleurs,
                **({"national": du_pays} if des_simulations else {}),
            }.items():
                la = route.adresse(lambda p, r=route, d=de: valeur(r, p, d))
                lue = _appeler(client, methode, la)
                if lue != attendue or lue[0] == 200:
                    differents[methode, route.nom, cas] = (lue, attendue)
    assert differents == {}
    for objet in (ailleurs.simulation, ailleurs.scenario, ailleurs.centre, ailleurs.partage):
        objet.refresh_from_db()


def _appeler(client: APIClient, methode: str, adresse: str) -> tuple[int, str]:
    return _comparable(getattr(client, methode)(adresse, {}, format="json"), adresse)


def _national(ailleurs: Cote, simulation: Any) -> Cote:
    return Cote(**{**ailleurs.__dict__, "simulation": simulation})


def _comparable(reponse: Any, adresse: str) -> tuple[int, str]:
    """Sans l'adresse ni, en JSON, ses clés, que la réponse répète ; sans ce qui est neuf à chaque requête."""
    corps = reponse.content.decode(errors="replace").replace(adresse, "ADRESSE")
    if reponse.status_code not in (400, 404, 409):
        return reponse.status_code, ""
    if reponse["Content-Type"].startswith("application/json"):
        corps = corps.split(',"requete"')[0]
        cles = {m for m in adresse.split("/") if m.isdecimal() or len(m) == 36}
        for cle in sorted(cles, key=len, reverse=True):
            corps = re.sub(rf"\b{cle}\b", "N", corps)
    return reponse.status_code, re.sub(r"\b[0-9a-zA-Z]{32,64}\b", "JETON", corps)


def test_ce_qui_est_a_soi_s_ouvre(cotes: tuple[Cote, Cote]) -> None:
    sien, _ = cotes
    client = client_de(sien.simulation.demandeur)
    fermees = {
        route.nom: statut
        for route in nommant(routes())
        if (statut := client.get(route.adresse(lambda p, r=route: valeur(r, p, sien))).status_code)
        not in (200, 302, 405)
    }
    assert fermees == {}


def test_ce_qui_est_partage_se_lit_et_ne_s_ecrit_pas(cotes: tuple[Cote, Cote]) -> None:
    sien, ailleurs = cotes
    lecteur = compte_borne(sien.direction, nom="invité")
    ailleurs.partage.compte = lecteur
    ailleurs.partage.save()
    client = client_de(lecteur)
    des_simulations = [
        route for route in nommant(routes()) if {sorte(route, p) for p in route.parametres} & {"simulation"}
    ]
    lues, ecrites = {}, {}
    for route in des_simulations:
        adresse = route.adresse(lambda p, r=route: valeur(r, p, ailleurs))
        lues[route.nom] = client.get(adresse).status_code
        for methode in METHODES[1:]:
            ecrites[route.nom, methode] = getattr(client, methode)(adresse, {}, format="json").status_code
    partages = {nom for nom in lues if "partage" in nom}
    assert {nom: s for nom, s in lues.items() if s not in (200, 302, 405) and nom not in partages} == {}
    assert {lues[nom] for nom in partages} <= {403, 405}
    permises = {cle for cle, statut in ecrites.items() if statut < 400}
    # Emporter ce que l'on lit ; « conserver » redit sur la page pourquoi non.
    assert permises == {
        ("simulations:exporter", "post"),
        ("api-export-simulation", "post"),
        ("simulations:conserver", "post"),
    }
    ailleurs.simulation.refresh_from_db()
    assert not ailleurs.simulation.conservee


def test_sans_perimetre_tout_est_ferme(cotes: tuple[Cote, Cote]) -> None:
    sien, _ = cotes
    compte = compte_borne(sien.direction, nom="sans")
    compte.perimetres.all().delete()
    client = client_de(type(compte)._default_manager.get(pk=compte.pk))
    ouvertes = {}
    for route in routes():
        adresse = route.adresse(lambda p, r=route: valeur(r, p, sien))
        for methode in METHODES:
            statut = getattr(client, methode)(adresse).status_code
            if statut not in (403, 405):
                ouvertes[route.nom, methode] = statut
    assert ouvertes == {}
