"""Importer des tirages : à blanc, en aperçu gardé, puis en une courte transaction."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone

from euromillions.imports import ecriture, rapport
from euromillions.imports.comparaison import Comparaison, TirageConnu, comparer, soupcon
from euromillions.imports.jugement import Jugement, juger
from euromillions.imports.lecture import lire
from euromillions.imports.lignes import Boules, FichierLu, RegleEre
from euromillions.imports.rapport import CompteRendu
from euromillions.jeu import calendrier
from euromillions.models import Ere, EtatImport, GainRang, ImportTirages, Tirage
from euromillions.models.tirages import BOULES
from euromillions.tirages.demo import supprimer_fictifs
from simulateur.cache.suivi import suivi_differe
from simulateur.fichiers.limites import FichierRefuse

APERCU_GARDE = timedelta(days=7)


class ImportSuspect(Exception):
    """Le fichier ressemble à celui d'un autre jeu : il faut le confirmer en connaissance de cause."""


class DejaApplique(Exception):
    """Cet aperçu a déjà été appliqué ou abandonné."""


@dataclass(frozen=True)
class Fichier:
    """Un fichier reçu : son nom (pour l'affichage seulement) et ses octets."""

    nom: str
    octets: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.octets).hexdigest()


def lire_fichier(fichier: Fichier, *, style_date: str = "") -> FichierLu:
    """FichierLu selon les ères et les tirages de la base, et l'heure de Paris. Lève FichierRefuse."""
    return lire(
        fichier.octets,
        eres=regles_des_eres(),
        jusqu_au=calendrier.dernier_jour_tire(timezone.now()),
        taille_max=settings.IMPORT_TAILLE_MAX_OCTETS,
        connus=boules_en_place(),
        style_date=style_date,
    )


def boules_en_place() -> dict[date, Boules]:
    """Les boules de chaque tirage réel."""
    lignes = Tirage.objects.reels().order_by("date").values_list("date", *BOULES)
    return {jour: (tuple(boules[:5]), tuple(boules[5:])) for jour, *boules in lignes}


def regles_des_eres() -> list[RegleEre]:
    return [
        RegleEre(ere.debut, ere.fin, ere.numeros_max, ere.etoiles_max, ere.jours, ere.nombre_rangs)
        for ere in Ere.objects.annotate(nombre_rangs=Count("rangs")).order_by("debut")
    ]


def tirages_connus(lecture: FichierLu) -> dict[date, TirageConnu]:
    """Les tirages réels en place aux dates du fichier. Un tirage fictif ne compte pas : il cédera."""
    if not lecture.lues:
        return {}
    periode = (lecture.lues[0].date, lecture.lues[-1].date)
    gains: dict[int, dict[int, tuple[bool, bool]]] = {}
    if any(ligne.gains for ligne in lecture.lues):
        lignes = GainRang.objects.filter(tirage__date__range=periode).values_list(
            "tirage_id", "rang", "gagnants_france", "gagnants_europe"
        )
        for cle, rang, france, europe in lignes.iterator(chunk_size=5000):
            gains.setdefault(cle, {})[rang] = (france is not None, europe is not None)
    return {
        tirage.date: TirageConnu(
            tirage.pk, tirage.numeros, tirage.etoiles, bool(tirage.ordre_numeros), gains.get(tirage.pk, {})
        )
        for tirage in Tirage.objects.reels().filter(date__range=periode)
    }


def a_blanc(fichiers: Sequence[Fichier], *, style_date: str = "") -> list[CompteRendu]:
    """Comptes rendus sans rien écrire ; chaque fichier voit les ajouts de ceux qui le précèdent."""
    ajoutes: dict[date, TirageConnu] = {}
    sorties = []
    for fichier in fichiers:
        lecture = lire_fichier(fichier, style_date=style_date)
        comparaison = comparer(lecture, {**tirages_connus(lecture), **ajoutes})
        jugement = _juger(lecture, comparaison, ajoutes)
        if not _soupcons(lecture, comparaison, jugement):
            ajoutes |= {ligne.date: TirageConnu.depuis(ligne) for ligne in comparaison.ajouts}
        sorties.append(en_dict(_remplir(ImportTirages(), fichier, lecture, comparaison, jugement)))
    return sorties


def _juger(
    lecture: FichierLu, comparaison: Comparaison, ajoutes: Mapping[date, TirageConnu] | None = None
) -> Jugement:
    en_place = boules_en_place()
    en_place |= {jour: (connu.numeros, connu.etoiles) for jour, connu in (ajoutes or {}).items()}
    return juger(
        lecture,
        comparaison.ajouts,
        eres=regles_des_eres(),
        connus=en_place.keys(),
        sortis={boules: jour for jour, boules in en_place.items()},
    )


def _soupcons(lecture: FichierLu, comparaison: Comparaison, jugement: Jugement) -> str:
    """Toutes les phrases à confirmer avant d'écrire ce fichier ; vide s'il n'y en a pas."""
    return " ".join(filter(None, (soupcon(lecture, comparaison), jugement.soupcon)))


def previsualiser(fichier: Fichier, *, auteur: Any, style_date: str = "") -> ImportTirages:
    """Aperçu gardé jusqu'à sa confirmation : rien d'autre n'est écrit. Lève FichierRefuse."""
    lecture = lire_fichier(fichier, style_date=style_date)
    comparaison = comparer(lecture, tirages_connus(lecture))
    apercu = _remplir(
        ImportTirages(auteur=auteur), fichier, lecture, comparaison, _juger(lecture, comparaison)
    )
    apercu.contenu = fichier.octets
    apercu.rapport["fictifs_a_supprimer"] = Tirage.objects.fictifs().count() if lecture.lues else 0
    with transaction.atomic():
        ImportTirages.objects.filter(
            etat=EtatImport.APERCU, cree_le__lt=timezone.now() - APERCU_GARDE
        ).delete()
        apercu.save()
    return apercu


def confirmer(apercu: ImportTirages, *, auteur: Any, malgre_soupcon: bool = False) -> ImportTirages:
    """Applique un aperçu : le fichier gardé est relu et comparé à la base de maintenant."""
    if apercu.etat != EtatImport.APERCU or apercu.contenu is None:
        raise DejaApplique("Cet import a déjà été appliqué.")
    fichier = Fichier(apercu.nom_fichier, bytes(apercu.contenu))
    # Les dates se lisent comme l'aperçu les a montrées, même si d'autres tirages sont arrivés depuis.
    lecture = lire_fichier(fichier, style_date=apercu.rapport.get("ordre_date", ""))
    with _transaction_d_import():
        # L'UPDATE conditionnel désigne un seul gagnant quand deux agents confirment ensemble.
        pris = ImportTirages.objects.filter(pk=apercu.pk, etat=EtatImport.APERCU).update(
            etat=EtatImport.APPLIQUE, applique_le=timezone.now(), contenu=None
        )
        if pris != 1:
            raise DejaApplique("Cet import a déjà été appliqué ou abandonné.")
        apercu.refresh_from_db()
        _appliquer(apercu, fichier, lecture, auteur=auteur, malgre_soupcon=malgre_soupcon)
    return apercu


def importer(
    fichiers: Sequence[Fichier], *, auteur: Any, malgre_soupcon: bool = False, style_date: str = ""
) -> list[ImportTirages]:
    """Applique ces fichiers dans une seule transaction : tous, ou aucun."""
    lectures = [(fichier, lire_fichier(fichier, style_date=style_date)) for fichier in fichiers]
    with _transaction_d_import():
        maintenant = timezone.now()
        return [
            _appliquer(
                ImportTirages(etat=EtatImport.APPLIQUE, applique_le=maintenant),
                fichier,
                lecture,
                auteur=auteur,
                malgre_soupcon=malgre_soupcon,
            )
            for fichier, lecture in lectures
        ]


def abandonner(cle: int) -> bool:
    """Oublie un aperçu et son fichier ; faux s'il a été appliqué ou déjà abandonné."""
    return bool(ImportTirages.objects.filter(pk=cle, etat=EtatImport.APERCU).delete()[0])


def deja_applique(fichier: Fichier) -> bool:
    """Vrai si ces mêmes octets ont déjà été importés."""
    return ImportTirages.objects.filter(sha256=fichier.sha256, etat=EtatImport.APPLIQUE).exists()


def en_dict(tirages: ImportTirages) -> CompteRendu:
    """Le compte rendu d'un import, prêt pour le JSON ou le terminal."""
    return {
        "id": tirages.pk,
        "nom_fichier": tirages.nom_fichier,
        "sha256": tirages.sha256,
        "format": tirages.format,
        "encodage": tirages.encodage,
        "etat": tirages.etat,
        "lignes": tirages.lignes,
        "ajoutes": tirages.ajoutes,
        "identiques": tirages.identiques,
        "conflits": tirages.conflits,
        "invalides": tirages.invalides,
        "fictifs_supprimes": tirages.fictifs_supprimes,
        "rapport": tirages.rapport,
    }


@contextmanager
def _transaction_d_import() -> Iterator[None]:
    """Une transaction où les imports passent l'un après l'autre ; une saisie concurrente la refuse."""
    try:
        with suivi_differe():
            # Verrou partagé de tous les imports (sans objet sur SQLite, qui n'a qu'un écrivain).
            list(Ere.objects.select_for_update().order_by("pk"))
            yield
    except IntegrityError as erreur:
        raise FichierRefuse(
            "Les tirages ont changé pendant l'import : rien n'a été écrit, recommencer."
        ) from erreur


def _appliquer(
    ligne: ImportTirages, fichier: Fichier, lecture: FichierLu, *, auteur: Any, malgre_soupcon: bool
) -> ImportTirages:
    comparaison = comparer(lecture, tirages_connus(lecture))
    jugement = _juger(lecture, comparaison)
    phrase = _soupcons(lecture, comparaison, jugement)
    if phrase and not malgre_soupcon:
        raise ImportSuspect(f"{fichier.nom} : {phrase} Rien n'a été écrit.")
    _remplir(ligne, fichier, lecture, comparaison, jugement)
    ligne.auteur = auteur
    ligne.fictifs_supprimes = supprimer_fictifs() if lecture.lues else 0
    ligne.save()
    ecriture.ecrire(ligne, comparaison)
    return ligne


def _remplir(
    ligne: ImportTirages,
    fichier: Fichier,
    lecture: FichierLu,
    comparaison: Comparaison,
    jugement: Jugement,
) -> ImportTirages:
    ligne.nom_fichier = fichier.nom[-255:] or "sans nom"
    ligne.sha256 = fichier.sha256
    ligne.format = lecture.format
    ligne.encodage = lecture.encodage
    for nom, valeur in rapport.comptes(lecture, comparaison).items():
        setattr(ligne, nom, valeur)
    ligne.rapport = {
        **rapport.details(lecture, comparaison, jugement, soupcon=_soupcons(lecture, comparaison, jugement)),
        "deja_importe_le": _deja_importe_le(fichier.sha256, sauf=ligne.pk),
    }
    return ligne


def _deja_importe_le(sha256: str, *, sauf: int | None) -> str | None:
    deja = ImportTirages.objects.filter(sha256=sha256, etat=EtatImport.APPLIQUE).exclude(pk=sauf or 0)
    dernier = deja.order_by("-applique_le").first()
    if dernier is None or dernier.applique_le is None:
        return None
    return timezone.localtime(dernier.applique_le).isoformat(timespec="seconds")
