"""Les essais : un palier de personnes, l'endurance, et la famine d'un calcul court derrière des longs."""

import csv
import json
import os
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from bancs.serveurs import RACINE
from charge.site import MesureImpossible, Site
from simulateur.exploitation import processus

ARRIVEES_S = 10
PAYS_EN_FILE = 50
ATTENTE_D_UNE_DIRECTION_S = 2.0
DERIVE_TOLEREE = 0.15
RELEVES = 10
CIBLE_P95_MS = 200
GENERATEUR = "générateur"
COUPURES = ("ConnectionReset", "Connection reset", "BrokenPipe", "RemoteDisconnected", "Connection aborted")


@dataclass(frozen=True)
class Cadre:
    """Le site, la durée d'un palier en secondes, et où dire ce qu'on mesure."""

    site: Site
    duree_s: int
    dire: Callable[[str], None]


@dataclass(frozen=True)
class Palier:
    """Ce que tant de personnes ont vécu : durées en ms, requêtes par seconde, CPU par requête en ms."""

    utilisateurs: int
    p50: float
    p95: float
    p99: float
    par_seconde: float
    requetes: int
    erreurs: int
    coupures: int
    cpu_ms: dict[str, float] = field(default_factory=dict)

    def tenu(self, p95_ms: float) -> bool:
        return self.p95 < p95_ms and not self.erreurs and not self.coupures

    def en_dict(self) -> dict[str, Any]:
        return asdict(self)


def palier(cadre: Cadre, utilisateurs: int, *, p95_ms: float = CIBLE_P95_MS) -> Palier:
    """Tant de personnes pendant la durée du cadre ; imprime et rend ce qu'elles ont vécu."""
    avant = cadre.site.cpu_s()
    sortie, generateur_s = _locust(cadre, utilisateurs, cadre.duree_s)
    apres = cadre.site.cpu_s()
    lu = _lire(sortie, utilisateurs)
    depenses = {role: apres[role] - avant[role] for role in apres} | {GENERATEUR: generateur_s}
    cpu_ms = {role: 1000 * depense / max(1, lu.requetes) for role, depense in depenses.items()}
    mesure = replace(lu, cpu_ms=cpu_ms)
    for ligne in _en_lignes(mesure, sortie, p95_ms):
        cadre.dire(ligne)
    return mesure


def _en_lignes(mesure: Palier, sortie: Path, p95_ms: float) -> list[str]:
    servi = sum(valeur for role, valeur in mesure.cpu_ms.items() if role != GENERATEUR)
    detail = ", ".join(f"{role} {valeur:.1f}" for role, valeur in mesure.cpu_ms.items())
    return [
        f"{_verdict(mesure.tenu(p95_ms))} {mesure.utilisateurs:>4} personnes : p50 {mesure.p50:.0f}, "
        f"p95 {mesure.p95:.0f}, p99 {mesure.p99:.0f} ms ; {mesure.par_seconde:.1f} requêtes/s, "
        f"{mesure.erreurs} erreurs, {mesure.coupures} coupures",
        f"       CPU {servi:.1f} ms par requête ({detail})",
        *(f"       {ligne}" for ligne in _pires(sortie)),
    ]


def endurance(cadre: Cadre, *, minutes: float, utilisateurs: int) -> bool:
    """La mémoire du web et des ouvriers, relevée dix fois ; vrai si elle ne monte pas."""
    memoires = []
    for releve in range(RELEVES):
        palier(Cadre(cadre.site, int(minutes * 60 / RELEVES), cadre.dire), utilisateurs)
        memoires.append(cadre.site.memoire_mo())
        cadre.dire(f"     mémoire à {(releve + 1) * minutes / RELEVES:.1f} min : {_en_mots(memoires[-1])}")
    # Le premier relevé remplit les mémoires de chaque processus : la dérive se compte après lui.
    depart, arrivee = memoires[min(2, len(memoires) - 1)], memoires[-1]
    derives = {role: arrivee[role] / depart[role] - 1 for role in ("web", "ouvriers")}
    plat = all(derive < DERIVE_TOLEREE for derive in derives.values())
    detail = ", ".join(f"{role} {derive:+.0%}" for role, derive in derives.items())
    cadre.dire(f"{_verdict(plat)} mémoire en {minutes:g} min : {detail}")
    return plat


def famine(cadre: Cadre) -> bool:
    """Cinquante calculs du pays en file, puis une direction : elle n'attend pas qu'ils finissent."""
    compte = cadre.site.comptes["comptes"][0]
    direction = cadre.site.comptes["directions"][0]
    pays = [_lancer(cadre.site, compte, "/api/async/simulation/nationale") for _ in range(PAYS_EN_FILE)]
    debut = time.monotonic()
    lancee = _lancer(cadre.site, compte, f"/api/async/simulation/direction/{direction}")
    _attendre(cadre.site, compte, lancee)
    attente = time.monotonic() - debut
    restants = sum(_etat(cadre.site, compte, adresse) in ("PENDING", "PROGRESS") for adresse in pays)
    tenu = attente < ATTENTE_D_UNE_DIRECTION_S and restants > 0
    cadre.dire(
        f"{_verdict(tenu)} une direction lancée derrière {PAYS_EN_FILE} calculs du pays : "
        f"{attente:.2f} s (cible < {ATTENTE_D_UNE_DIRECTION_S:g}), {restants} d'entre eux pas encore finis"
    )
    return tenu


def _locust(cadre: Cadre, utilisateurs: int, duree_s: int) -> tuple[Path, float]:
    """Lance le générateur ; rend le préfixe de ses fichiers et ses secondes de calcul."""
    sortie = cadre.site.dossier / f"locust-{utilisateurs}-{time.monotonic_ns()}"
    arrivees = max(1, utilisateurs // ARRIVEES_S)
    commande = [sys.executable, "-m", "locust", "-f", str(RACINE / "charge" / "scenario.py"), "--headless"]
    commande += ["-u", str(utilisateurs), "-r", str(arrivees), "-t", f"{duree_s + ARRIVEES_S}s"]
    commande += ["--host", cadre.site.adresse, "--csv", str(sortie), "--reset-stats", "--only-summary"]
    commande += ["--exit-code-on-error", "0", "--stop-timeout", "5", "--loglevel", "ERROR"]
    env = {**os.environ, "CHARGE_DONNEES": str(cadre.site.donnees)}
    avant = os.times()
    journal = Path(f"{sortie}.log")
    with journal.open("wb") as tuyau:
        lance = processus.lancer(commande, env=env, sortie=tuyau, erreurs=tuyau, dossier=RACINE)
        try:
            code = lance.wait(duree_s + ARRIVEES_S + 90)
        finally:
            processus.achever(lance)
    apres = os.times()
    if code:
        raise MesureImpossible(f"locust a échoué :\n{journal.read_text(errors='replace')[-2000:]}")
    depense = (apres.children_user + apres.children_system) - (avant.children_user + avant.children_system)
    return sortie, depense


def _lire(sortie: Path, utilisateurs: int) -> Palier:
    total = next(ligne for ligne in _csv(sortie, "stats") if ligne["Name"] == "Aggregated")
    erreurs = _csv(sortie, "failures")
    coupees = [ligne for ligne in erreurs if any(mot in ligne["Error"] for mot in COUPURES)]
    return Palier(
        utilisateurs=utilisateurs,
        p50=float(total["50%"]),
        p95=float(total["95%"]),
        p99=float(total["99%"]),
        par_seconde=float(total["Requests/s"]),
        requetes=int(total["Request Count"]),
        erreurs=int(total["Failure Count"]),
        coupures=sum(int(ligne["Occurrences"]) for ligne in coupees),
    )


def _pires(sortie: Path, nombre: int = 4) -> list[str]:
    """Les adresses les plus lentes, puis les erreurs."""
    lignes = [ligne for ligne in _csv(sortie, "stats") if ligne["Name"] != "Aggregated"]
    lignes.sort(key=lambda ligne: -float(ligne["95%"]))
    lentes = [
        f"{ligne['Name']} : p50 {ligne['50%']}, p95 {ligne['95%']} ms, {ligne['Request Count']} fois"
        for ligne in lignes[:nombre]
    ]
    return lentes + [
        f"ERREUR {e['Name']} : {e['Error']} ({e['Occurrences']})" for e in _csv(sortie, "failures")
    ]


def _csv(sortie: Path, nom: str) -> list[dict[str, str]]:
    with Path(f"{sortie}_{nom}.csv").open(encoding="utf-8", newline="") as fichier:
        return list(csv.DictReader(fichier))


def _lancer(site: Site, compte: dict[str, str], adresse: str) -> str:
    return str(_appeler(site, compte, adresse, corps=b"{}")["check_status_url"])


def _attendre(site: Site, compte: dict[str, str], adresse: str) -> None:
    processus.attendre(
        lambda: _etat(site, compte, adresse) == "SUCCESS", delai_s=120, quoi=f"{adresse} finie"
    )


def _etat(site: Site, compte: dict[str, str], adresse: str) -> str:
    return str(_appeler(site, compte, adresse)["state"])


def _appeler(site: Site, compte: dict[str, str], adresse: str, corps: bytes | None = None) -> dict[str, Any]:
    entetes = {
        "Authorization": f"Token {compte['jeton']}",
        "X-Forwarded-Proto": "https",
        "Content-Type": "application/json",
    }
    demande = urllib.request.Request(site.adresse + adresse, data=corps, headers=entetes)
    with urllib.request.urlopen(demande, timeout=30) as reponse:
        lu: dict[str, Any] = json.loads(reponse.read())
        return lu


def _en_mots(memoires: dict[str, float]) -> str:
    return ", ".join(f"{role} {valeur:.0f} Mo" for role, valeur in memoires.items())


def _verdict(tenu: bool) -> str:
    return "OK " if tenu else "KO "
