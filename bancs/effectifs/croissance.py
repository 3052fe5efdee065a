"""Le coût suit-il le travail ? Des runs entiers du pays à 500, 1 000, 2 000 et 4 000 centres."""

from collections.abc import Iterator
from io import StringIO

from django.core.management import call_command
from django.db.models import F, Window
from django.db.models.functions import RowNumber

from bancs.effectifs.reseau import calculer_tout, cartes_du_reseau, client_du_banc, mediane_des_runs
from bancs.outil import Mesure, mediane_s
from referentiels.models import Centre
from simulations.moteur import Parametres

TAILLES = (500, 1000, 2000, 4000)
CHEMIN = "/api/async/simulation/nationale"


def croissance() -> Iterator[Mesure]:
    """Recharge le réseau fictif à la plus grande taille, puis n'en garde actifs que les premiers centres."""
    call_command("charger_demo", centres=TAILLES[-1], remplacer=True, stdout=StringIO())
    client = client_du_banc()
    par_tache: dict[str, list[float]] = {"froid": [], "chaud": []}
    for taille in TAILLES:
        _garder_actifs(taille)
        mediane_des_runs(client, CHEMIN, 1, froid=True)
        froid, etat = mediane_des_runs(client, CHEMIN, 3, froid=True)
        chaud, _ = mediane_des_runs(client, CHEMIN, 3, froid=False)
        kpis = etat["result"]["data"]["kpis"]
        taches, detail = kpis["nb_taches"], f"{kpis['nb_centres']} centres, {kpis['nb_taches']} tâches"
        yield Mesure(f"pays de {taille} centres, cartes à compiler", froid, "s", None, detail)
        yield Mesure(f"pays de {taille} centres, cartes en cache", chaud, "s", None, detail)
        yield from _calcul_seul(taille, taches)
        par_tache["froid"].append(froid / taches)
        par_tache["chaud"].append(chaud / taches)
    for nom, couts in par_tache.items():
        # Au plus 1 : huit fois plus de tâches coûtent au plus huit fois plus.
        yield Mesure(
            f"coût par tâche, {TAILLES[-1]} centres ÷ {TAILLES[0]} centres, à {nom}",
            couts[-1] / couts[0],
            "×",
            1.0,
        )


def _garder_actifs(nombre: int) -> None:
    """Les premiers centres de chaque direction, pour que chacune grandisse avec le pays."""
    rang = Window(RowNumber(), partition_by=F("direction_id"), order_by=F("pk").asc())
    rangs = {pk: (rang, pk) for pk, rang in Centre.objects.annotate(rang=rang).values_list("pk", "rang")}
    gardes = sorted(rangs, key=lambda pk: rangs[pk])[:nombre]
    Centre.objects.exclude(pk__in=gardes).update(actif=False)
    Centre.objects.filter(pk__in=gardes).update(actif=True)


def _calcul_seul(taille: int, taches: int) -> Iterator[Mesure]:
    cartes = cartes_du_reseau()
    for carte, _ in cartes:
        _ = carte.durees
    duree = mediane_s(lambda: calculer_tout(cartes, Parametres()), fois=9)
    yield Mesure(f"calcul seul, {taille} centres, par tâche", duree / taches * 1e6, "µs")
