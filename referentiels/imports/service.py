"""Le seul chemin d'un import : page, API, commande et admin l'appellent tous."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from referentiels.imports.defaire import garder_l_image
from referentiels.imports.descriptions import DESCRIPTIONS
from referentiels.imports.effectifs import importer_effectifs
from referentiels.imports.feuilles import Lecture, preparer
from referentiels.imports.lignes import importer_lignes
from referentiels.imports.rapport import Options, Rapport
from referentiels.imports.taches import Cible, CibleCentre, CibleTypologie, importer_taches
from referentiels.imports.volumes import importer_volumes
from referentiels.models import Centre, ImportFichier, Typologie
from referentiels.perms import PAYS, Etendue, etendue_de
from simulateur.cache.images import Images
from simulateur.fichiers.lecture import lire_tableur
from simulateur.fichiers.limites import FichierRefuse
from simulateur.travaux.prise import Refus

Genre = ImportFichier.Genre
RIEN_A_LIRE = "Le fichier n'a aucune ligne à lire ; ce qui est masqué ne l'est que sur demande."
CHANGE_ENTRE_TEMPS = "Le référentiel a changé pendant l'import : rien n'est écrit, recommencer."


@dataclass(frozen=True)
class Demande:
    """Ce qu'on importe et comment. Les champs qui ne concernent pas le genre restent à leur défaut.

    `couts` : qui importe peut voir et écrire les salaires.
    """

    genre: Genre
    centre: Centre | None = None
    typologie: Typologie | None = None
    remplacer: bool = False
    annee: int | None = None
    masques: bool = False
    fusions: bool = False
    notation: str = ""
    couts: bool = False

    @property
    def cible(self) -> str:
        if self.genre == Genre.TACHES:
            return str(self._cible_des_taches() or "les centres que nomme le fichier")
        return f"année {self.annee}" if self.annee is not None else ""

    @property
    def options(self) -> Options:
        return Options(
            centre=self.centre.pk if self.centre else None,
            typologie=self.typologie.pk if self.typologie else None,
            remplacer=self.remplacer,
            annee=self.annee,
            masques=self.masques,
            fusions=self.fusions,
            notation=self.notation,
        )

    @classmethod
    def rejouer(cls, trace: ImportFichier, *, couts: bool = False) -> "Demande":
        """La demande d'un import passé. Lève Refus si sa cible n'existe plus."""
        options = trace.rapport.get("options", {})
        centre = Centre.objects.filter(pk=options.get("centre")).first()
        typologie = Typologie.objects.filter(pk=options.get("typologie")).first()
        visait = options.get("centre") or options.get("typologie")
        if trace.genre == Genre.TACHES and visait and centre is None and typologie is None:
            raise Refus("Le centre ou la typologie de cet import n'existe plus.")
        return cls(
            genre=Genre(trace.genre),
            centre=centre,
            typologie=typologie,
            remplacer=bool(options.get("remplacer")),
            annee=options.get("annee"),
            masques=bool(options.get("masques")),
            fusions=bool(options.get("fusions")),
            notation=options.get("notation") or "",
            couts=couts,
        )

    def _cible_des_taches(self) -> Cible | None:
        """None : chaque ligne du fichier nomme son centre."""
        if self.centre is not None and self.typologie is not None:
            raise ValueError("Les tâches vont dans un centre ou dans une typologie, pas dans les deux.")
        if self.centre is not None:
            return CibleCentre(self.centre)
        return CibleTypologie(self.typologie) if self.typologie is not None else None

    def travail(self, *, appliquer: bool) -> Callable[..., None]:
        if self.genre == Genre.TACHES:
            cible = self._cible_des_taches()
            return partial(importer_taches, cible=cible, remplacer=self.remplacer, appliquer=appliquer)
        if self.genre == Genre.VOLUMES:
            return partial(importer_volumes, annee=self.annee, appliquer=appliquer)
        if self.genre == Genre.EFFECTIFS:
            return partial(importer_effectifs, appliquer=appliquer)
        descriptions = DESCRIPTIONS[self.genre.value]
        return partial(
            importer_lignes,
            descriptions=descriptions,
            remplacer=self.remplacer,
            couts=self.couts,
            appliquer=appliquer,
        )


def importer(demande: Demande, *, contenu: bytes, nom: str, a_blanc: bool, par: Any = None) -> ImportFichier:
    """Lit, compare et, sauf à blanc ou erreur, écrit. Rend la trace, dont le rapport dit tout.

    Les données et leur trace s'écrivent dans la même transaction. `par` : hors de ce qu'il voit, un centre
    est inconnu ; sans personne, à la console, tout le pays. PermissionDenied si la cible lui échappe.
    """
    etendue = PAYS if par is None else etendue_de(par)
    _verifier_la_cible(demande, etendue)
    rapport = Rapport(
        genre=demande.genre.value, cible=demande.cible, options=demande.options, etendue=etendue
    )
    travail = demande.travail(appliquer=not a_blanc)
    try:
        lues = lire_tableur(contenu, nom)
        feuilles = preparer(lues, rapport, Lecture(masques=demande.masques, fusions=demande.fusions))
        if not any(feuille.lignes for feuille in feuilles):
            raise FichierRefuse(RIEN_A_LIRE)
    except FichierRefuse as refus:
        rapport.refus = str(refus)
        return _garder_trace(demande, rapport, contenu, nom, a_blanc=a_blanc, par=par)
    try:
        with transaction.atomic():
            images = Images()
            travail(feuilles, rapport, images=images)
            rapport.classer()
            trace = _garder_trace(demande, rapport, contenu, nom, a_blanc=a_blanc, par=par)
            if trace.applique:
                garder_l_image(trace, images.touchees())
            return trace
    except IntegrityError:
        rapport = Rapport(
            genre=demande.genre.value,
            cible=demande.cible,
            options=demande.options,
            refus=CHANGE_ENTRE_TEMPS,
        )
    return _garder_trace(demande, rapport, contenu, nom, a_blanc=a_blanc, par=par)


def _verifier_la_cible(demande: Demande, etendue: Etendue) -> None:
    """La table modèle d'une typologie, le réseau et les règles valent pour tout le pays."""
    hors = demande.centre is not None and not etendue.voit(demande.centre.direction_id)
    if hors or (demande.typologie is not None and not etendue.pays):
        raise PermissionDenied("Une table modèle vaut pour tout le pays : l'écrire demande de l'avoir.")
    if demande.genre in DESCRIPTIONS and not etendue.pays:
        raise PermissionDenied("Réseau et règles valent pour tout le pays : les écrire demande de l'avoir.")


def _garder_trace(
    demande: Demande, rapport: Rapport, contenu: bytes, nom: str, *, a_blanc: bool, par: Any
) -> ImportFichier:
    return ImportFichier.objects.create(
        genre=demande.genre,
        nom_fichier=nom.replace("\0", "")[-255:],
        sha256=hashlib.sha256(contenu).hexdigest(),
        octets=len(contenu),
        cible=rapport.cible[:200],
        a_blanc=a_blanc,
        applique=not a_blanc and rapport.accepte and rapport.change,
        par=par,
        rapport=rapport.en_json(),
    )


def trouver_centre(libelle: str, etendue: Etendue = PAYS) -> Centre:
    """Centre de ce code, ou de ce numéro. Lève Refus s'il n'existe pas ou ne se voit pas."""
    centre = Centre.objects.dans(etendue).filter(code=libelle.strip()).select_related("typologie").first()
    if centre is None:
        raise Refus(f"Aucun centre n'a le code « {libelle[:60]} ».")
    return centre


def trouver_typologie(code: str) -> Typologie:
    """Typologie de ce code. Lève Refus avec les codes qui existent."""
    typologie = Typologie.objects.filter(code__iexact=code.strip()).first()
    if typologie is None:
        connus = ", ".join(Typologie.objects.values_list("code", flat=True))
        raise Refus(f"Aucune typologie n'a le code « {code[:60]} » (il y a : {connus}).")
    return typologie
