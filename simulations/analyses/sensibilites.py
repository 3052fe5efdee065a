"""Effet d'un petit changement de chaque levier."""

from collections.abc import Iterable, Mapping

from simulations.analyses.analyse import Analyse, Corps
from simulations.analyses.memoire import memoriser, sous_le_total
from simulations.calculs.relecture import relire
from simulations.demandes.perimetre import Perimetre
from simulations.models import Simulation
from simulations.moteur import sensibilites as leviers
from simulations.moteur.mesures import en_personnes, etp
from simulations.moteur.niveaux import etiquettes


def sensibilites(simulation: Simulation, perimetre: Perimetre) -> Corps:
    """Effet de chaque levier, du plus grand au moindre : sur le total, puis sur chaque ligne."""

    def calculer() -> Corps:
        libelles: dict[str, str] = {}
        total: dict[str, list[int]] = {}
        corps: list[Corps] = []
        for part in relire(simulation, perimetre):
            effet = leviers.sensibilites(part.carte, part.entrees.volumes, part.entrees.parametres)
            codes = [levier.code for levier in effet.leviers]
            libelles |= {levier.code: levier.libelle for levier in effet.leviers}
            for code, pico, personnes in zip(
                codes, effet.etp_pico.sum(axis=1), effet.personnes.sum(axis=1), strict=True
            ):
                cumul = total.setdefault(code, [0, 0])
                cumul[0] += int(pico)
                cumul[1] += int(personnes)
            etps, gens = effet.au_niveau(part.carte, perimetre.niveau)
            for qui, ligne, ronds in zip(
                etiquettes(part.carte, perimetre.niveau), etps.tolist(), gens.tolist(), strict=True
            ):
                corps.append({**qui, "effets": _tornade(zip(codes, ligne, ronds, strict=True), libelles)})
        return {
            "niveau": perimetre.niveau,
            "total": _tornade(((code, p, g) for code, (p, g) in total.items()), libelles),
            "lignes": sous_le_total(corps, perimetre),
        }

    return memoriser([simulation], f"sensibilites:{perimetre.cle}", calculer)


def _tornade(effets: Iterable[tuple[str, int, int]], libelles: Mapping[str, str]) -> list[Corps]:
    tries = sorted(effets, key=lambda effet: (-abs(effet[1]), effet[0]))
    return [
        {"levier": code, "libelle": libelles[code], "etp": etp(pico), "personnes": en_personnes(gens)}
        for code, pico, gens in tries
    ]


ANALYSE = Analyse(
    code="sensibilites",
    libelle="Sensibilités",
    phrase="Effet d'un petit changement de chaque levier",
    calcul=sensibilites,
)
