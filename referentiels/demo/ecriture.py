"""Écriture du réseau de démonstration : tout ou rien, par lots, une seule montée de révision."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from referentiels.demo.catalogue import OPERATIONS
from referentiels.demo.generation import PREFIXE, CentreDemo, ReglesUtiles, ReseauDemo
from referentiels.demo.profils import EXCLUSIONS, REGROUPEMENT, SALAIRES
from referentiels.models import (
    CelluleVolume,
    Centre,
    CentrePoste,
    Direction,
    Flux,
    MappingPosteRecommande,
    Parametre,
    ParametreCentre,
    Phase,
    Poste,
    Produit,
    ProduitCellule,
    Region,
    Tache,
    TacheExclue,
    TacheModele,
    Typologie,
    UniteMesure,
    VolumeAnnuel,
)
from referentiels.suivi import portees
from simulateur.cache.suivi import suivi_differe

LOT = 2000


class RegleManquante(Exception):
    """Une règle livrée dont la démonstration se sert a été supprimée ou renommée."""


@dataclass(frozen=True)
class Cles:
    """Clés primaires des règles et du réseau, par code."""

    typologies: dict[str, int]
    postes: dict[str, int]
    produits: dict[str, int]
    unites: dict[str, int]
    phases: dict[str, int]
    cellules: dict[str, int]
    flux: dict[str, int]
    parametres: dict[str, int]

    @classmethod
    def lire(cls) -> "Cles":
        modeles: dict[str, type[models.Model]] = {
            "typologies": Typologie,
            "postes": Poste,
            "produits": Produit,
            "unites": UniteMesure,
            "phases": Phase,
            "cellules": CelluleVolume,
            "flux": Flux,
            "parametres": Parametre,
        }
        return cls(**{nom: _cles(modele) for nom, modele in modeles.items()})

    def de(self, sorte: str, code: str) -> int:
        """La clé de ce code ; RegleManquante avec une phrase s'il n'existe plus."""
        try:
            cle: int = getattr(self, sorte)[code]
        except KeyError:
            raise RegleManquante(
                f"La démonstration a besoin de « {code} » ({sorte}), absent des règles : à recréer."
            ) from None
        return cle


def _cles(modele: type[models.Model]) -> dict[str, int]:
    return dict(modele._default_manager.order_by().values_list("code", "pk"))


def regles_utiles() -> ReglesUtiles:
    cellules: dict[str, list[str]] = {code: [] for code in Produit.objects.values_list("code", flat=True)}
    for produit, cellule in ProduitCellule.objects.values_list("produit__code", "cellule__code").order_by(
        "pk"
    ):
        cellules[produit].append(cellule)
    return ReglesUtiles(
        flux_des_cellules=dict(
            CelluleVolume.objects.filter(rang=0).order_by("ordre", "code").values_list("code", "flux__code")
        ),
        cellules_des_produits=cellules,
        postes_au_trajet=frozenset(
            Poste.objects.filter(soumis_au_trajet=True).values_list("code", flat=True)
        ),
    )


def est_la() -> int:
    """Nombre de centres fictifs en base."""
    return Centre.objects.filter(fictif=True).count()


def effacer() -> int:
    """Supprime le réseau fictif et lui seul ; rend le nombre de centres supprimés.

    Une table modèle, une région ou une direction que de vraies données ont rejointes reste en place.
    """
    noms_demo = {operation.nom for operation in OPERATIONS}
    with suivi_differe():
        nombre = est_la()
        # Les lignes des centres d'abord, sans passer par la cascade, qui les chargerait en mémoire.
        for modele, chemin in (
            (Tache, "centre_poste__centre__fictif"),
            (VolumeAnnuel, "centre__fictif"),
            (ParametreCentre, "centre__fictif"),
        ):
            lignes = modele._base_manager.filter(**{chemin: True})
            lignes._raw_delete(lignes.db)
        Centre.objects.filter(fictif=True).delete()
        Direction.objects.filter(code__startswith=PREFIXE, centres__isnull=True).delete()
        Region.objects.filter(code__startswith=PREFIXE, directions__isnull=True).delete()
        d_ailleurs = TacheModele.objects.exclude(nom__in=noms_demo).values("typologie")
        TacheModele.objects.exclude(typologie__in=d_ailleurs).delete()
        for typologie, nom in EXCLUSIONS:
            TacheExclue.objects.filter(typologie__code=typologie, nom=nom).delete()
        _retirer_les_salaires()
    return nombre


def ecrire(reseau: ReseauDemo, *, annee: int) -> dict[str, int]:
    """Écrit tout le réseau dans une transaction ; rend le nombre de lignes écrites par sorte."""
    cles = Cles.lire()
    with suivi_differe() as touchees:
        regions = _creer(Region, [Region(code=code, nom=nom) for code, nom in reseau.regions])
        directions = _creer(
            Direction,
            [
                Direction(code=code, nom=nom, region=regions[region])
                for code, nom, region in reseau.directions
            ],
        )
        centres = _creer(Centre, [_centre(c, directions, cles) for c in reseau.centres])
        tenus = _creer_postes(reseau, centres, cles)
        compte = {
            "régions": len(regions),
            "directions": len(directions),
            "centres": len(centres),
            "postes de centre": len(tenus),
            "tâches modèles": _ecrire_modeles(reseau, cles),
            "tâches": _inserer(Tache, COLONNES_TACHE, _taches(reseau, tenus, cles)),
            "volumes annuels": _inserer(
                VolumeAnnuel,
                ("centre_id", "cellule_id", "annee", "volume"),
                _volumes(reseau, centres, cles, annee),
            ),
            "paramètres de centre": _inserer(
                ParametreCentre,
                ("centre_id", "parametre_id", "flux_id", "valeur"),
                _parametres(reseau, centres, cles),
            ),
            "regroupements de postes": _ecrire_regroupements(tenus, centres, cles),
            "tâches exclues": _ecrire_exclusions(cles),
            "salaires posés": _poser_les_salaires(),
        }
        # Les insertions en masse passent sous le suivi : leurs centres sont ceux qui viennent de naître.
        couples = ((centre.pk, centre.direction_id) for centre in centres.values())
        touchees |= portees.des_centres(couples, liste=True)
        touchees |= {portees.volumes(annee, centre.pk) for centre in centres.values()}
    return compte


def _creer(modele: Any, objets: Sequence[Any]) -> dict[str, Any]:
    return {objet.code: objet for objet in modele.objects.bulk_create(objets, batch_size=LOT)}


def _centre(demo: CentreDemo, directions: dict[str, Direction], cles: Cles) -> Centre:
    return Centre(
        code=demo.code,
        nom=demo.nom,
        direction=directions[demo.direction],
        typologie_id=cles.de("typologies", demo.typologie),
        aps=sum(poste.aps for poste in demo.postes),
        a_guichet=demo.a_guichet,
        coeff_circulation=demo.circulation,
        coeff_geographie=demo.geographie,
        trajet_minutes=demo.trajet_min,
        actif=demo.actif,
        fictif=True,
    )


def _creer_postes(
    reseau: ReseauDemo, centres: dict[str, Centre], cles: Cles
) -> dict[tuple[str, str], CentrePoste]:
    objets = {
        (centre.code, poste.code): CentrePoste(
            centre=centres[centre.code],
            poste_id=cles.de("postes", poste.code),
            effectif_actuel=poste.effectif,
            aps=poste.aps,
        )
        for centre in reseau.centres
        for poste in centre.postes
    }
    CentrePoste.objects.bulk_create(list(objets.values()), batch_size=LOT)
    return objets


COLONNES_DESCRIPTION = (
    *("nom", "famille", "produit_id", "unite_id", "phase_id", "base_calcul", "duree_secondes", "ordre"),
)
COLONNES_TACHE = ("centre_poste_id", *COLONNES_DESCRIPTION, "actif")


def _descriptions(reseau: ReseauDemo, cles: Cles) -> dict[str, list[tuple[str, tuple[Any, ...]]]]:
    """Par typologie : (code de poste, valeurs de COLONNES_DESCRIPTION) de chaque tâche modèle."""
    return {
        typologie: [
            (
                tache.poste,
                (
                    tache.nom,
                    tache.famille,
                    cles.de("produits", tache.produit),
                    cles.de("unites", tache.unite),
                    cles.de("phases", tache.phase) if tache.phase else None,
                    tache.base,
                    tache.duree_s,
                    ordre,
                ),
            )
            for ordre, tache in enumerate(taches)
        ]
        for typologie, taches in reseau.modeles.items()
    }


RANG_DUREE = COLONNES_DESCRIPTION.index("duree_secondes")


def _taches(
    reseau: ReseauDemo, tenus: dict[tuple[str, str], CentrePoste], cles: Cles
) -> Iterator[tuple[Any, ...]]:
    descriptions = _descriptions(reseau, cles)
    for centre in reseau.centres:
        for rang, (poste, valeurs) in enumerate(descriptions[centre.typologie]):
            if rang in centre.ajustements:
                duree_s = centre.ajustements[rang]
                valeurs = (*valeurs[:RANG_DUREE], duree_s, *valeurs[RANG_DUREE + 1 :])
            yield (tenus[centre.code, poste].pk, *valeurs, True)


def _volumes(
    reseau: ReseauDemo, centres: dict[str, Centre], cles: Cles, annee: int
) -> Iterator[tuple[Any, ...]]:
    for centre in reseau.centres:
        for cellule, volume in centre.volumes.items():
            yield centres[centre.code].pk, cles.cellules[cellule], annee, float(volume)


def _parametres(reseau: ReseauDemo, centres: dict[str, Centre], cles: Cles) -> Iterator[tuple[Any, ...]]:
    for centre in reseau.centres:
        for code, flux, valeur in centre.parametres:
            flux_id = cles.de("flux", flux) if flux else None
            yield centres[centre.code].pk, cles.de("parametres", code), flux_id, valeur


def _ecrire_modeles(reseau: ReseauDemo, cles: Cles) -> int:
    """Remplit les tables modèles vides ; une table déjà tenue par quelqu'un n'est pas touchée."""
    tenues = set(TacheModele.objects.order_by().values_list("typologie__code", flat=True).distinct())
    return len(
        TacheModele.objects.bulk_create(
            [
                TacheModele(
                    typologie_id=cles.de("typologies", typologie),
                    poste_id=cles.de("postes", poste),
                    **dict(zip(COLONNES_DESCRIPTION, valeurs, strict=True)),
                )
                for typologie, lignes in _descriptions(reseau, cles).items()
                if typologie not in tenues
                for poste, valeurs in lignes
            ],
            batch_size=LOT,
        )
    )


def _ecrire_regroupements(
    tenus: dict[tuple[str, str], CentrePoste], centres: dict[str, Centre], cles: Cles
) -> int:
    source, cible = REGROUPEMENT
    return len(
        MappingPosteRecommande.objects.bulk_create(
            [
                MappingPosteRecommande(
                    poste_source_id=cles.de("postes", source),
                    poste_cible_id=cles.de("postes", cible),
                    centre=centre,
                )
                for code, centre in centres.items()
                if (code, source) in tenus and (code, cible) in tenus
            ],
            batch_size=LOT,
        )
    )


def _ecrire_exclusions(cles: Cles) -> int:
    crees = [
        TacheExclue.objects.get_or_create(typologie_id=cles.de("typologies", typologie), nom=nom)[1]
        for typologie, nom in EXCLUSIONS
    ]
    return sum(crees)


def _poser_les_salaires() -> int:
    """Un salaire inventé aux postes qui n'en ont pas ; un salaire saisi n'est jamais remplacé."""
    vides = list(Poste.objects.filter(salaire_mensuel__isnull=True, code__in=SALAIRES))
    for poste in vides:
        poste.salaire_mensuel, poste.salaire_fictif = SALAIRES[poste.code], True
    return Poste.objects.bulk_update(vides, ["salaire_mensuel", "salaire_fictif"])


def _retirer_les_salaires() -> None:
    """Ceux que la démonstration a posés et que personne n'a changés depuis."""
    poses = list(Poste.objects.filter(salaire_fictif=True))
    for poste in poses:
        if poste.salaire_mensuel == SALAIRES.get(poste.code):
            poste.salaire_mensuel = None
        poste.salaire_fictif = False
    Poste.objects.bulk_update(poses, ["salaire_mensuel", "salaire_fictif"])


def _inserer(modele: type[models.Model], colonnes: Sequence[str], lignes: Iterable[tuple[Any, ...]]) -> int:
    """Insère sans objets : COPY sur PostgreSQL, executemany ailleurs. Rend le nombre de lignes."""
    table = connection.ops.quote_name(modele._meta.db_table)
    noms = ", ".join(connection.ops.quote_name(colonne) for colonne in colonnes)
    nombre = 0
    with connection.cursor() as curseur:
        if connection.vendor == "postgresql":
            with curseur.copy(f"COPY {table} ({noms}) FROM STDIN") as copie:
                for ligne in lignes:
                    copie.write_row(ligne)
                    nombre += 1
            return nombre
        valeurs = list(lignes)
        emplacements = ", ".join(["%s"] * len(colonnes))
        curseur.executemany(f"INSERT INTO {table} ({noms}) VALUES ({emplacements})", valeurs)
    return len(valeurs)


def mettre_a_jour_les_statistiques() -> None:
    """Le planificateur de requêtes ne sait rien d'une table qui vient de grossir de 500 000 lignes."""
    with connection.cursor() as curseur:
        for modele in (Centre, CentrePoste, Tache, VolumeAnnuel):
            curseur.execute(f"ANALYZE {connection.ops.quote_name(modele._meta.db_table)}")
