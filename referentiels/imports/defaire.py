"""Défaire un import appliqué, d'après l'image qu'il a gardée (docs/metier/effectifs.md#imports).

Page, API, admin et commande appellent `defaire`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from referentiels.imports.rapport import accorder
from referentiels.models import ImageImport, ImportFichier
from simulateur.cache.images import Image, depuis_octets, en_octets
from simulateur.cache.retour import OBSTACLES_CITES, Obstacle, RetourImpossible, rendre
from simulateur.travaux.prise import Refus

AUTRES_IMPORTS_RELUS = 50


def garder_l_image(trace: ImportFichier, images: Sequence[Image]) -> None:
    """Dans la transaction de l'import : de quoi le défaire. Rien si rien n'a changé."""
    if images:
        ImageImport.objects.create(import_fichier=trace, lignes=len(images), contenu=en_octets(images))


def limite(maintenant: datetime | None = None) -> datetime:
    """Un import d'avant cette date ne se défait plus."""
    return (maintenant or timezone.now()) - timedelta(days=settings.IMPORT_DEFAIRE_JOURS)


def peut_se_defaire(trace: ImportFichier) -> bool:
    """Il a écrit, n'est pas défait, son image est gardée. Ses lignes, elles, se vérifient en défaisant."""
    recent = trace.applique and trace.defait_le is None and trace.cree_le >= limite()
    return recent and ImageImport.objects.filter(import_fichier=trace).exists()


def defaire(trace: ImportFichier, *, par: Any = None) -> ImportFichier:
    """Rend à chaque ligne ce qu'elle valait avant l'import. Lève Refus, en disant ce qui s'y oppose.

    Une ligne a changé depuis, ou a des dépendants : aucune n'est rendue.
    """
    with transaction.atomic():
        a_defaire = ImportFichier.objects.filter(pk=trace.pk, applique=True, defait_le=None)
        if a_defaire.update(defait_le=timezone.now(), defait_par=par) != 1:
            raise Refus(_pourquoi_pas(trace))
        image = ImageImport.objects.filter(
            import_fichier=trace, import_fichier__cree_le__gte=limite()
        ).first()
        if image is None:
            raise Refus(_sans_image(trace))
        try:
            rendre(depuis_octets(bytes(image.contenu)))
        except RetourImpossible as refus:
            raise Refus(_phrase(trace, refus.obstacles)) from None
        image.delete()
    trace.refresh_from_db()
    return trace


def _pourquoi_pas(trace: ImportFichier) -> str:
    trace.refresh_from_db()
    if trace.defait_le is not None:
        return f"L'import n° {trace.pk} est déjà défait."
    return f"L'import n° {trace.pk} n'a rien écrit : il n'y a rien à défaire."


def _sans_image(trace: ImportFichier) -> str:
    if trace.cree_le < limite():
        jours = accorder(settings.IMPORT_DEFAIRE_JOURS, "jour")
        return f"L'import n° {trace.pk} a plus de {jours} : il ne se défait plus."
    return f"L'import n° {trace.pk} n'a rien changé, ou date d'avant que les imports se défassent."


def _phrase(trace: ImportFichier, obstacles: Sequence[Obstacle]) -> str:
    """Quelles lignes, ce qu'elles sont devenues, et l'import qui les a changées quand c'en est un."""
    auteurs = _imports_suivants(trace, {(o.image.modele, o.image.pk) for o in obstacles})
    cites = [
        f"{obstacle.ligne} ({obstacle.raison}{auteurs.get((obstacle.image.modele, obstacle.image.pk), '')})"
        for obstacle in obstacles[:OBSTACLES_CITES]
    ]
    reste = len(obstacles) - len(cites)
    suite = f" ; et {reste} de plus" if reste > 0 else ""
    lignes = accorder(len(obstacles), "ligne")
    return f"Rien n'est défait : {lignes} ne peut pas revenir en arrière. {' ; '.join(cites)}{suite}."


def _imports_suivants(trace: ImportFichier, cles: set[tuple[str, Any]]) -> dict[tuple[str, Any], str]:
    """Pour chaque ligne, « , par l'import n° 12 » : le premier, après celui-ci, qui l'a écrite."""
    suivants = ImageImport.objects.filter(import_fichier__pk__gt=trace.pk, import_fichier__defait_le=None)
    trouves: dict[tuple[str, Any], str] = {}
    for image in suivants.order_by("import_fichier_id")[:AUTRES_IMPORTS_RELUS]:
        for ecrite in depuis_octets(bytes(image.contenu)):
            cle = (ecrite.modele, ecrite.pk)
            if cle in cles:
                trouves.setdefault(cle, f", par l'import n° {image.import_fichier_id}")
    return trouves


def oublier_les_anciennes(maintenant: datetime | None = None) -> int:
    """Les images qui ne servent plus ; rend leur nombre."""
    anciennes = ImageImport.objects.filter(import_fichier__cree_le__lt=limite(maintenant))
    return anciennes._raw_delete(anciennes.db) if anciennes.exists() else 0
