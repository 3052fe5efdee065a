"""Les règles du référentiel en base, et la correspondance de chaque identifiant vers son index."""

from collections.abc import Iterable
from typing import Any

from referentiels.models import (
    CelluleVolume,
    DiviseurUnite,
    FacteurBase,
    Flux,
    Parametre,
    Phase,
    Produit,
    ProduitCellule,
    Reglage,
    RepartitionVolume,
    TermePhase,
    UniteMesure,
)
from simulations.moteur import Regles
from simulations.moteur.regles import SANS, SEUILS, Seuils


class IndexRegles:
    """Les règles et la correspondance identifiant de base → index."""

    def __init__(self) -> None:
        flux = list(Flux.objects.order_by("pk").values_list("pk", "code"))
        self.flux = rangs_des(flux)
        cellules = list(
            CelluleVolume.objects.order_by("pk").values_list("pk", "code", "flux_id", "sens_id", "rang")
        )
        self.cellules = rangs_des(cellules)
        produits = list(Produit.objects.order_by("pk").values_list("pk", "code", "nom", "flux_id"))
        self.produits = rangs_des(produits)
        unites = list(UniteMesure.objects.order_by("pk").values_list("pk", "code", "nom", "mode"))
        self.unites = rangs_des(unites)
        phases = list(Phase.objects.order_by("pk").values_list("pk", "code"))
        self.phases = rangs_des(phases)
        groupes: dict[tuple[int | None, int], int] = {}
        self.regles = Regles(
            flux=tuple(code for _, code in flux),
            cellules=tuple(ligne[1] for ligne in cellules),
            cellule_flux=tuple(self._flux(ligne[2]) for ligne in cellules),
            cellule_groupe=tuple(groupes.setdefault((f, s), len(groupes)) for _, _, f, s, _ in cellules),
            cellule_rang=tuple(ligne[4] for ligne in cellules),
            repartitions=tuple(
                (self.cellules[source], self.cellules[cible], parametre, complement)
                for source, cible, parametre, complement in RepartitionVolume.objects.order_by(
                    "pk"
                ).values_list("source_id", "cible_id", "parametre", "complement")
            ),
            produits=tuple(ligne[1] for ligne in produits),
            produit_noms=tuple(ligne[2] for ligne in produits),
            produit_flux=tuple(self._flux(ligne[3]) for ligne in produits),
            produit_cellules=self._cellules_par_produit(len(produits)),
            unites=tuple(ligne[1] for ligne in unites),
            unite_noms=tuple(ligne[2] for ligne in unites),
            forfait=tuple(ligne[3] == UniteMesure.Mode.FORFAIT for ligne in unites),
            diviseurs=tuple(
                (self.unites[unite], self._flux(f), constante, parametre)
                for unite, f, constante, parametre in DiviseurUnite.objects.order_by("pk").values_list(
                    "unite_id", "flux_id", "constante", "parametre"
                )
            ),
            phases=tuple(code for _, code in phases),
            termes=self._termes_par_phase(len(phases)),
            facteurs_base=tuple(
                (
                    self._flux(f),
                    self.unites[unite],
                    SANS if phase is None else self.phases[phase],
                    parametre,
                    complement,
                )
                for f, unite, phase, parametre, complement in FacteurBase.objects.order_by("pk").values_list(
                    "flux_id", "unite_id", "phase_id", "parametre", "complement"
                )
            ),
            defauts=dict(Parametre.objects.order_by("code").values_list("code", "defaut")),
            seuils=_seuils(),
        )

    def _flux(self, pk: int | None) -> int:
        return SANS if pk is None else self.flux[pk]

    def _cellules_par_produit(self, nombre: int) -> tuple[tuple[int, ...], ...]:
        listes: list[list[int]] = [[] for _ in range(nombre)]
        for produit, cellule in ProduitCellule.objects.order_by("pk").values_list("produit_id", "cellule_id"):
            listes[self.produits[produit]].append(self.cellules[cellule])
        return tuple(tuple(sorted(liste)) for liste in listes)

    def _termes_par_phase(self, nombre: int) -> tuple[tuple[tuple[str, str, str, float | None], ...], ...]:
        listes: list[list[tuple[str, str, str, float | None]]] = [[] for _ in range(nombre)]
        for phase, nature, p, q, n in TermePhase.objects.order_by("phase_id", "ordre", "pk").values_list(
            "phase_id", "nature", "parametre", "parametre_2", "constante"
        ):
            listes[self.phases[phase]].append((nature, p, q, n))
        return tuple(tuple(liste) for liste in listes)


def rangs_des(lignes: Iterable[tuple[Any, ...]]) -> dict[int, int]:
    return {ligne[0]: rang for rang, ligne in enumerate(lignes)}


def _seuils() -> Seuils:
    """Les seuils de décision des réglages ; ceux livrés à la place d'une ligne qui manque."""
    poses = Reglage.valeurs(*Reglage.SEUILS)
    recruter, surveiller, optimiser = (
        poses.get(code, livre) for code, livre in zip(Reglage.SEUILS, SEUILS, strict=True)
    )
    return recruter, surveiller, optimiser
