"""Import des tâches dans un centre ou dans la table modèle d'une typologie."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from referentiels.imports.lecture_taches import Cle, Lecteur, TacheLue, identite
from referentiels.imports.nettoyage import memes_valeurs
from referentiels.imports.rapport import Rapport, accorder
from referentiels.models import Centre, CentrePoste, Poste, Tache, TacheModele, Typologie
from simulateur.cache.images import Images
from simulateur.cache.suivi import LOT, suivi_differe
from simulateur.fichiers.limites import Feuille
from simulateur.travaux.prise import Refus

CHAMPS_SUIVIS = ("nom", "famille", "duree_secondes")
TacheEnBase = Tache | TacheModele
Creees = tuple[list[int], list[int]]  # clés des tâches, puis des postes ajoutés au centre


@dataclass
class Ecart:
    """Ce qui sépare le fichier de la base. `modifiees` : (tâche en base, tâche lue, champs changés)."""

    a_creer: list[TacheLue] = field(default_factory=list)
    modifiees: list[tuple[TacheEnBase, TacheLue, dict[str, list[Any]]]] = field(default_factory=list)
    inchangees: int = 0
    absentes: list[TacheEnBase] = field(default_factory=list)
    inactives: int = 0


class CibleCentre:
    """Les tâches d'un centre. Un poste qui n'y est pas encore y entre, avec un effectif nul."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre

    def __str__(self) -> str:
        return f"centre {self.centre.code}"

    @property
    def taches(self) -> "QuerySet[Tache]":
        taches: QuerySet[Tache] = Tache.objects.filter(centre_poste__centre=self.centre)
        return taches

    def verrouiller(self) -> None:
        _verrouiller(Centre, self.centre.pk)

    def existantes(self) -> list[Tache]:
        return list(self.taches.select_related("centre_poste").order_by("ordre", "pk"))

    def poste_de(self, tache: Tache) -> int:
        return tache.centre_poste.poste_id

    def noms_des_postes_a_ajouter(self, lues: Iterable[TacheLue]) -> list[str]:
        presents = self.centre.centre_postes.values("poste_id")
        manquants = {tache.poste_id for tache in lues}
        noms = Poste.objects.filter(pk__in=manquants).exclude(pk__in=presents).order_by("nom")
        return list(noms.values_list("nom", flat=True))

    def creer(self, lues: list[TacheLue], *, apres: int) -> Creees:
        if not lues:
            return [], []
        lieux = dict(self.centre.centre_postes.values_list("poste_id", "pk"))
        neufs = sorted({tache.poste_id for tache in lues} - lieux.keys())
        ajoutes = CentrePoste.objects.bulk_create(
            [CentrePoste(centre=self.centre, poste_id=poste_id) for poste_id in neufs]
        )
        lieux.update({lieu.poste_id: lieu.pk for lieu in ajoutes})
        creees = Tache.objects.bulk_create(
            [Tache(centre_poste_id=lieux[lue.poste_id], **_champs(lue, apres)) for lue in lues],
            batch_size=LOT,
        )
        return [tache.pk for tache in creees], [lieu.pk for lieu in ajoutes]


class CibleTypologie:
    """La table modèle d'une typologie."""

    def __init__(self, typologie: Typologie) -> None:
        self.typologie = typologie

    def __str__(self) -> str:
        return f"typologie {self.typologie.code}"

    @property
    def taches(self) -> "QuerySet[TacheModele]":
        taches: QuerySet[TacheModele] = TacheModele.objects.filter(typologie=self.typologie)
        return taches

    def verrouiller(self) -> None:
        _verrouiller(Typologie, self.typologie.pk)

    def existantes(self) -> list[TacheModele]:
        return list(self.taches.order_by("ordre", "pk"))

    def poste_de(self, tache: TacheModele) -> int:
        return tache.poste_id

    def noms_des_postes_a_ajouter(self, lues: Iterable[TacheLue]) -> list[str]:
        return []

    def creer(self, lues: list[TacheLue], *, apres: int) -> Creees:
        creees = TacheModele.objects.bulk_create(
            [
                TacheModele(typologie=self.typologie, poste_id=lue.poste_id, **_champs(lue, apres))
                for lue in lues
            ],
            batch_size=LOT,
        )
        return [tache.pk for tache in creees], []


Cible = CibleCentre | CibleTypologie


def importer_taches(
    feuilles: Sequence[Feuille],
    rapport: Rapport,
    *,
    cible: Cible | None,
    remplacer: bool,
    appliquer: bool,
    images: Images,
) -> None:
    """Remplit `rapport` ; n'écrit que si `appliquer` et que rien n'est rejeté. Idempotent.

    `cible` None : chaque ligne nomme son centre.
    `images` note ce que valent les lignes écrites, avant et après.
    """
    lues = Lecteur(rapport, par_centre=cible is None).lire(feuilles)
    if rapport.accepte and not lues and not rapport.centres_inconnus:
        rapport.refus = "Le fichier n'a aucune tâche sous ses en-têtes."
    if not rapport.accepte:
        return
    par_cible = [(cible, lues)] if cible is not None else _par_centre(lues)
    plusieurs = cible is None
    if not appliquer:
        for visee, siennes in par_cible:
            ecart = _comparer(visee, siennes, remplacer=remplacer)
            _rapporter(rapport, visee, siennes, ecart, remplacer=remplacer, plusieurs=plusieurs)
        return
    with suivi_differe():
        for visee, siennes in par_cible:
            visee.verrouiller()
            ecart = _comparer(visee, siennes, remplacer=remplacer)
            _rapporter(rapport, visee, siennes, ecart, remplacer=remplacer, plusieurs=plusieurs)
            _ecrire(visee, ecart, images, remplacer=remplacer)


def _par_centre(lues: list[TacheLue]) -> list[tuple[Cible, list[TacheLue]]]:
    """Les tâches de chaque centre, dans l'ordre des clés : deux imports s'attendent sans s'étreindre."""
    par_centre: dict[int, list[TacheLue]] = defaultdict(list)
    for lue in lues:
        if lue.centre_id is not None:
            par_centre[lue.centre_id].append(lue)
    centres = Centre.objects.in_bulk(par_centre)
    return [(CibleCentre(centres[pk]), par_centre[pk]) for pk in sorted(par_centre)]


def _comparer(cible: Any, lues: list[TacheLue], *, remplacer: bool) -> Ecart:
    """Apparie par identité, puis par rang d'occurrence : le même poste deux fois fait deux tâches."""
    libres: dict[Cle, list[Any]] = defaultdict(list)
    for tache in cible.existantes():
        libres[identite(cible.poste_de(tache), tache)].append(tache)
    ecart = Ecart()
    for lue in lues:
        candidates = libres.get(lue.cle)
        if not candidates:
            ecart.a_creer.append(lue)
            continue
        tache = candidates.pop(0)
        ecart.inactives += not getattr(tache, "actif", True)
        champs = _changements(tache, lue, avec_ordre=remplacer)
        if champs:
            ecart.modifiees.append((tache, lue, champs))
        else:
            ecart.inchangees += 1
    ecart.absentes = [tache for restantes in libres.values() for tache in restantes]
    return ecart


def _changements(tache: TacheEnBase, lue: TacheLue, *, avec_ordre: bool) -> dict[str, list[Any]]:
    champs = {
        nom: [getattr(tache, nom), getattr(lue, nom)]
        for nom in CHAMPS_SUIVIS
        if not memes_valeurs(getattr(tache, nom), getattr(lue, nom))
    }
    # Un fichier partiel ne dit rien de la place des tâches ; un fichier qui remplace la dit toute.
    if avec_ordre and tache.ordre != lue.rang:
        champs["ordre"] = [tache.ordre, lue.rang]
    return champs


def _rapporter(
    rapport: Rapport, cible: Any, lues: list[TacheLue], ecart: Ecart, *, remplacer: bool, plusieurs: bool
) -> None:
    """`plusieurs` : chaque objet dit aussi son centre."""
    ou = f"{cible.centre.code} · " if plusieurs else ""
    rapport.inchangees += ecart.inchangees
    gardees = ecart.inchangees + len(ecart.modifiees)
    avant = gardees + len(ecart.absentes)
    parties = len(ecart.absentes) if remplacer else 0
    rapport.totaux["mesure"] = "tâches"
    rapport.totaliser(avant, avant - parties + len(ecart.a_creer))
    rapport.postes_ajoutes += [f"{ou}{nom}" for nom in cible.noms_des_postes_a_ajouter(lues)]
    for lue in ecart.a_creer:
        rapport.compter(
            "ajout", f"{ou}{lue.nom}", ligne=lue.ligne, champs={"duree_secondes": [None, lue.duree_secondes]}
        )
    for tache, lue, champs in ecart.modifiees:
        rapport.compter("modification", f"{ou}{tache.nom}", ligne=lue.ligne, champs=champs)
    if remplacer:
        for tache in ecart.absentes:
            rapport.compter(
                "suppression", f"{ou}{tache.nom}", champs={"duree_secondes": [tache.duree_secondes, None]}
            )
    elif ecart.absentes:
        rapport.avertissements.append(
            f"{ou}Absentes du fichier, gardées en base : {accorder(len(ecart.absentes), 'tâche')}."
        )
    if ecart.inactives:
        rapport.avertissements.append(
            f"{ou}Inactives en base, laissées inactives : {accorder(ecart.inactives, 'tâche')}."
        )


def _ecrire(cible: Any, ecart: Ecart, images: Images, *, remplacer: bool) -> None:
    taches = cible.taches
    modele = taches.model
    touchees = [tache.pk for tache, _, _ in ecart.modifiees]
    touchees += [tache.pk for tache in ecart.absentes] if remplacer else []
    images.avant(modele, touchees)
    if remplacer and ecart.absentes:
        taches.filter(pk__in=[tache.pk for tache in ecart.absentes]).delete()
    for tache, _, champs in ecart.modifiees:
        for nom, (_, apres) in champs.items():
            setattr(tache, nom, apres)
    modifiees = [tache for tache, _, _ in ecart.modifiees]
    if modifiees:
        modele.objects.bulk_update(modifiees, [*CHAMPS_SUIVIS, "ordre"], batch_size=500)
    apres = 0 if remplacer else _dernier_ordre(taches)
    creees, lieux = cible.creer(ecart.a_creer, apres=apres)
    images.apres(CentrePoste, lieux)
    images.apres(modele, [*touchees, *creees])


def _dernier_ordre(taches: "QuerySet[Any]") -> int:
    return taches.order_by("-ordre").values_list("ordre", flat=True).first() or 0


def _champs(lue: TacheLue, apres: int) -> dict[str, Any]:
    return {
        "nom": lue.nom,
        "famille": lue.famille,
        "produit_id": lue.produit_id,
        "unite_id": lue.unite_id,
        "phase_id": lue.phase_id,
        "base_calcul": lue.base_calcul,
        "duree_secondes": lue.duree_secondes,
        "ordre": apres + lue.rang,
    }


def _verrouiller(modele: Any, pk: int) -> None:
    """Un seul import à la fois écrit sur cette cible : deux imports simultanés doubleraient ses tâches."""
    modele.objects.select_for_update(no_key=True).filter(pk=pk).values_list("pk").get()


def remplir_depuis_modele(centre: Centre) -> int:
    """Copie la table modèle de la typologie dans un centre sans tâche ; rend le nombre de tâches créées.

    Lève Refus si le centre a déjà des tâches (même inactives) ou si la typologie n'a pas de modèle.
    """
    cible = CibleCentre(centre)
    with suivi_differe():
        cible.verrouiller()
        if cible.taches.exists():
            raise Refus(f"Le centre {centre.code} a déjà des tâches : rien n'est copié.")
        modeles = list(TacheModele.objects.filter(typologie_id=centre.typologie_id).order_by("ordre", "pk"))
        if not modeles:
            raise Refus(f"La typologie {centre.typologie.code} n'a pas de table modèle.")
        cible.creer([_depuis_modele(modele) for modele in modeles], apres=0)
    return len(modeles)


def _depuis_modele(modele: TacheModele) -> TacheLue:
    return TacheLue(
        poste_id=modele.poste_id,
        nom=modele.nom,
        famille=modele.famille,
        produit_id=modele.produit_id,
        unite_id=modele.unite_id,
        phase_id=modele.phase_id,
        base_calcul=modele.base_calcul,
        duree_secondes=modele.duree_secondes,
        rang=modele.ordre,
        ligne=0,
    )
