"""Les lignes à écrire, dans les colonnes mêmes des imports ; partout des codes, que tout import retrouve."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from django.db.models import Q

from referentiels.exports.portee import Portee
from referentiels.imports import effectifs, lecture_taches, volumes
from referentiels.imports.nettoyage import Colonne
from referentiels.models import CentrePoste, Tache, TacheModele, VolumeAnnuel
from simulateur.fichiers.tableaux import Tableau

LOT = 2000
COLONNES_VOLUMES = ("centre", "cellule", "volume", "annee")
Ligne = Sequence[Any]


def titres(colonnes: Sequence[Colonne], cles: Sequence[str] = ()) -> list[str]:
    """Les titres qui font foi ; `cles` : dans cet ordre, sinon toutes."""
    par_cle = {colonne.cle: colonne.titres[0] for colonne in colonnes}
    return [par_cle[cle] for cle in cles] if cles else list(par_cle.values())


def taches(portee: Portee) -> Tableau:
    """Une ligne par tâche. La colonne du centre n'y est que s'il peut y en avoir plusieurs."""
    entetes = titres(lecture_taches.COLONNES)
    if portee.typologie is not None:
        modeles = TacheModele.objects.filter(typologie=portee.typologie).order_by("ordre", "pk")
        return Tableau("Tâches", entetes, _taches(modeles, "poste__code"))
    du_perimetre = Tache.objects.filter(portee.filtre("centre_poste__centre__"))
    ordonnees = du_perimetre.order_by("centre_poste__centre__code", "ordre", "pk")
    if portee.centre is not None:
        return Tableau("Tâches", entetes, _taches(ordonnees, "centre_poste__poste__code"))
    titre = lecture_taches.CENTRE.titres[0]
    lignes = _taches(ordonnees, "centre_poste__poste__code", "centre_poste__centre__code")
    return Tableau("Tâches", [titre, *entetes], lignes)


def _taches(lignes: Any, poste: str, *avant: str) -> Iterator[Ligne]:
    """Deux tâches pareilles d'un poste sont une ligne à deux responsables, comme l'import les a lues."""
    champs = ("nom", "produit__code", "famille", "phase__code", "unite__code", "base_calcul")
    lues = lignes.values_list(*avant, *champs, poste, "duree_secondes").iterator(chunk_size=LOT)
    for ligne, pareilles in groupby(lues):
        *debut, responsable, secondes = ligne
        restantes = sum(1 for _ in pareilles)
        while restantes > 0:
            second = responsable if restantes > 1 else ""
            yield [*debut, responsable, second, secondes / 60, secondes]
            restantes -= 2


def volumes_annuels(portee: Portee, annee: int | None) -> Tableau:
    """Une ligne par volume ; `annee` None : toutes."""
    lus = VolumeAnnuel.objects.filter(portee.filtre("centre__"), Q(annee=annee) if annee else Q())
    lignes = lus.order_by("centre__code", "annee", "cellule__code").values_list(
        "centre__code", "cellule__code", "volume", "annee"
    )
    return Tableau("Volumes", titres(volumes.FORMAT_LONG, COLONNES_VOLUMES), lignes.iterator(chunk_size=LOT))


def effectifs_presents(portee: Portee) -> Tableau:
    """Une ligne par poste tenu, même vacant."""
    lus = CentrePoste.objects.filter(portee.filtre("centre__")).order_by("centre__code", "poste__code")
    lignes = lus.values_list(
        "centre__direction__code", "centre__code", "poste__code", "effectif_actuel", "aps"
    )
    return Tableau("Effectifs", titres(effectifs.COLONNES), lignes.iterator(chunk_size=LOT))
