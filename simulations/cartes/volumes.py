"""Les volumes d'un calcul, rangés comme sa carte : (centres × cellules), 0 où rien n'est saisi."""

import zlib
from collections.abc import Sequence

import numpy as np

from referentiels.models import VolumeAnnuel
from referentiels.suivi import portees
from simulateur.cache import revisions
from simulateur.cache.memoire import Memoire
from simulations.cartes.cache import CarteDeDirection
from simulations.models.contenus import VolumeSaisi
from simulations.moteur import Carte
from simulations.moteur.carte import Booleens, Flottants

# Par processus : le pays entier sous deux années, vingt kilo-octets par direction.
_VOLUMES: Memoire[Flottants] = Memoire(80)


def volumes_de_direction(origine: CarteDeDirection, carte: Carte, annee: int) -> Flottants:
    """Ceux de `volumes_de` pour `carte`, l'origine ou une part d'elle, gardés tant qu'aucun n'a changé.

    Rend une copie : qui calcule y pose les volumes de sa demande.
    """
    centres = origine.carte.centres.id.tolist()
    numeros = revisions.lire(*(portees.volumes(annee, pk) for pk in centres)) if centres else {}
    revision = max(numeros.values(), default=0)
    cle = (origine.empreinte, annee, revision)
    volumes = _VOLUMES.lire(cle)
    if volumes is None:
        volumes = _VOLUMES.garder(cle, volumes_de(origine.carte, annee))
    return volumes.copy() if carte is origine.carte else volumes[np.isin(centres, carte.centres.id)]


def volumes_de(carte: Carte, annee: int) -> Flottants:
    """(centres × cellules) volumes saisis de l'année, 0 où rien n'est saisi. Une requête."""
    rang_centre = {int(pk): rang for rang, pk in enumerate(carte.centres.id)}
    rang_cellule = {code: rang for rang, code in enumerate(carte.regles.cellules)}
    volumes = np.zeros((len(carte.centres.id), len(carte.regles.cellules)))
    lignes = VolumeAnnuel.objects.filter(annee=annee, centre_id__in=list(rang_centre))
    for centre, code, volume in lignes.values_list("centre_id", "cellule__code", "volume"):
        if code in rang_cellule:
            volumes[rang_centre[centre], rang_cellule[code]] = volume
    return volumes


def appliquer_volumes(carte: Carte, volumes: Flottants, demandes: Sequence[VolumeSaisi]) -> None:
    """Pose les volumes saisis ; un (flux, sens) saisi remplace tous ceux du référentiel pour ce centre."""
    rang_centre = {int(pk): rang for rang, pk in enumerate(carte.centres.id)}
    rang_cellule = {code: rang for rang, code in enumerate(carte.regles.cellules)}
    groupes = np.array(carte.regles.cellule_groupe)
    utiles = [d for d in demandes if d["centre_id"] in rang_centre and d["cellule"] in rang_cellule]
    for groupe_de, centre in {
        (int(groupes[rang_cellule[d["cellule"]]]), rang_centre[d["centre_id"]]) for d in utiles
    }:
        volumes[centre, groupes == groupe_de] = 0.0
    for demande in utiles:
        volumes[rang_centre[demande["centre_id"]], rang_cellule[demande["cellule"]]] += demande["volume"]


def centres_a_taches(carte: Carte) -> Booleens:
    """(centres,) : ceux qui ont au moins une tâche active."""
    charges = np.zeros(len(carte.centres.id), dtype=bool)
    charges[carte.postes.centre[carte.taches.poste]] = True
    return charges


def centres_sans_volume(carte: Carte, volumes: Flottants) -> list[str]:
    """Noms des centres à tâches sans aucun volume.

    Leur besoin se réduit aux forfaits : un chiffre qui semble un résultat et qui est un oubli.
    """
    oublies = centres_a_taches(carte) & ~volumes.any(axis=1)
    return [carte.centres.nom[rang] for rang in np.flatnonzero(oublies).tolist()]


def volumes_en_octets(volumes: Flottants) -> bytes:
    return zlib.compress(np.ascontiguousarray(volumes, dtype="<f8").tobytes(), 1)


def volumes_depuis_octets(octets: bytes, carte: Carte) -> Flottants:
    forme = (len(carte.centres.id), len(carte.regles.cellules))
    return np.frombuffer(zlib.decompress(octets), dtype="<f8").reshape(forme).copy()
