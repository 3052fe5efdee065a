"""Import des effectifs présents : Région, Centre, Poste, Statutaires, APS."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from referentiels.imports import libelles
from referentiels.imports.feuilles import tables
from referentiels.imports.nettoyage import Colonne, Doublons, LigneLue, lignes_de
from referentiels.imports.rapport import Rapport
from referentiels.imports.volumes import verrouiller_centres
from referentiels.models import Centre, CentrePoste, Poste
from referentiels.perms import PAYS, Etendue
from simulateur.cache.images import Images
from simulateur.cache.suivi import LOT, suivi_differe
from simulateur.fichiers.limites import Feuille
from simulateur.langue.texte import normaliser

COLONNES = (
    Colonne("region", ("Région", "Direction"), obligatoire=False),
    Colonne("centre", ("Centre", "Code centre")),
    Colonne("poste", ("Poste",)),
    Colonne("statutaires", ("Statutaires", "Statutaire", "Effectif")),
    Colonne("aps", ("APS",), obligatoire=False),
)
EFFECTIF_MAX = 100_000
Cle = tuple[int, int]


@dataclass(frozen=True, slots=True)
class EffectifLu:
    """Effectif d'un poste dans un centre, en personnes, deux décimales. `aps` : None s'il n'est pas dit."""

    centre_id: int
    poste_id: int
    statutaires: Decimal
    aps: Decimal | None
    feuille: str
    ligne: int

    @property
    def cle(self) -> Cle:
        return (self.centre_id, self.poste_id)


class Centres:
    """Centres par code ou nom ; la région (ou la direction) départage les homonymes et vérifie le reste."""

    def __init__(self, etendue: Etendue = PAYS) -> None:
        lignes = list(
            Centre.objects.dans(etendue)
            .order_by("pk")
            .values_list(
                "pk",
                "code",
                "nom",
                "direction__code",
                "direction__nom",
                "direction__region__code",
                "direction__region__nom",
            )
        )
        self.codes = {pk: code for pk, code, *_ in lignes}
        self._par_libelle: dict[str, list[int]] = {}
        self._territoires: dict[int, set[str]] = {}
        for pk, _, nom, *territoires in lignes:
            self._territoires[pk] = {normaliser(territoire) for territoire in territoires}
            self._par_libelle.setdefault(normaliser(nom), []).append(pk)
        # Un code l'emporte sur le nom d'un autre centre.
        self._par_libelle.update({normaliser(code): [pk] for pk, code in self.codes.items()})
        self.directions = {pk: direction for pk, _, _, direction, *_ in lignes}
        self._proches = libelles.Repertoire((cle, pks[0]) for cle, pks in self._par_libelle.items())

    def lire(self, ligne: LigneLue, rapport: Rapport) -> int | None:
        libelle, region = ligne.texte("centre"), normaliser(ligne.texte("region"))
        if not libelle:
            ligne.rejeter("centre", "centre manquant")
            return None
        trouves = self._par_libelle.get(normaliser(libelle), [])
        if not trouves:
            rapport.ignorer_centre(libelle, self._proches.suggestion(libelle))
            return None
        situes = [pk for pk in trouves if not region or region in self._territoires[pk]]
        if len(situes) == 1:
            return situes[0]
        if situes:
            ligne.rejeter("centre", "plusieurs centres portent ce nom : écrire le code")
        else:
            ligne.rejeter("region", f"le centre {self.codes[trouves[0]]} n'est pas dans cette région")
        return None


class Lecteur:
    def __init__(self, rapport: Rapport) -> None:
        self.rapport = rapport
        self.centres = Centres(rapport.etendue)
        self.postes = libelles.postes()
        self._doublons = Doublons()

    def lire(self, feuilles: Sequence[Feuille]) -> list[EffectifLu]:
        lus: list[EffectifLu] = []
        for table in tables(feuilles, COLONNES, self.rapport):
            effectifs = map(self._effectif, lignes_de(table.feuille, table.entetes, self.rapport))
            lus += [effectif for effectif in effectifs if effectif is not None]
        return lus

    def _effectif(self, ligne: LigneLue) -> EffectifLu | None:
        centre_id = self.centres.lire(ligne, self.rapport)
        poste_id = self._poste(ligne)
        statutaires, aps = _personnes(ligne, "statutaires"), _personnes(ligne, "aps")
        if statutaires is None and not ligne.texte("statutaires"):
            ligne.rejeter("statutaires", "effectif manquant (écrire 0 si le poste est vacant)")
        if ligne.rejetee or centre_id is None or poste_id is None or statutaires is None:
            return None
        lu = EffectifLu(centre_id, poste_id, statutaires, aps, ligne.feuille, ligne.numero)
        seul = self._doublons.premiere_fois(lu.cle, ligne, colonne="poste", quoi="même centre et même poste")
        return lu if seul else None

    def _poste(self, ligne: LigneLue) -> int | None:
        libelle = ligne.texte("poste")
        if not libelle:
            ligne.rejeter("poste", "poste manquant")
            return None
        poste_id = self.postes.chercher(libelle)
        if poste_id is None:
            ligne.rejeter("poste", self.postes.pourquoi(libelle, "ce poste"))
        return poste_id


def _personnes(ligne: LigneLue, cle: str) -> Decimal | None:
    """Nombre de personnes, deux décimales au plus."""
    nombre = ligne.nombre(cle)
    if nombre is None:
        return None
    if not 0 <= nombre <= EFFECTIF_MAX:
        ligne.rejeter(cle, f"un effectif va de 0 à {EFFECTIF_MAX}")
        return None
    centiemes = round(nombre * 100)
    if abs(nombre * 100 - centiemes) > 1e-6:
        ligne.rejeter(cle, "un effectif a deux décimales au plus")
        return None
    return Decimal(centiemes) / 100


def importer_effectifs(
    feuilles: Sequence[Feuille], rapport: Rapport, *, appliquer: bool, images: Images
) -> None:
    """Remplit `rapport` ; n'écrit que si `appliquer` et que rien n'est rejeté. Idempotent.

    `images` note ce que valent les lignes écrites, avant et après.
    Un poste absent du centre y entre ; un poste absent du fichier reste tel quel.
    """
    lecteur = Lecteur(rapport)
    lus = lecteur.lire(feuilles)
    if rapport.accepte and not lus and not rapport.centres_inconnus:
        rapport.refus = "Le fichier n'a aucun effectif sous ses en-têtes."
    if not rapport.accepte:
        return
    if not appliquer:
        _comparer(lus, rapport, lecteur.centres)
        return
    with suivi_differe():
        verrouiller_centres({lu.centre_id for lu in lus})
        a_ecrire, deja_la = _comparer(lus, rapport, lecteur.centres)
        images.avant(CentrePoste, deja_la)
        ecrits = CentrePoste.objects.bulk_create(
            a_ecrire,
            batch_size=LOT,
            update_conflicts=True,
            unique_fields=["centre", "poste"],
            update_fields=["effectif_actuel", "aps"],
        )
        images.apres(CentrePoste, [ecrit.pk for ecrit in ecrits])


def _comparer(
    lus: list[EffectifLu], rapport: Rapport, centres: Centres
) -> tuple[list[CentrePoste], list[int]]:
    """Compte les écarts ; rend les lignes à écrire, neuves ou changées, et la clé en base de celles-ci."""
    existants = _existants({lu.centre_id for lu in lus})
    noms = dict(Poste.objects.values_list("pk", "nom"))
    rapport.totaux["mesure"] = "effectif présent"
    _nommer_les_omis(lus, existants, rapport, centres.codes, noms)
    a_ecrire: list[CentrePoste] = []
    deja_la: list[int] = []
    for lu in lus:
        avant = existants.get(lu.cle)
        pk, actuel, aps_actuel = avant or (0, None, Decimal(0))
        aps = aps_actuel if lu.aps is None else lu.aps
        objet = f"{centres.codes[lu.centre_id]} · {noms[lu.poste_id]}"
        ou = {"direction": centres.directions[lu.centre_id]}
        rapport.totaliser(float(actuel or 0), float(lu.statutaires), **ou)
        champs = _changements(actuel, lu.statutaires, aps_actuel, aps)
        if actuel is None:
            rapport.compter("ajout", objet, feuille=lu.feuille, ligne=lu.ligne, champs=champs, **ou)
        elif champs:
            deja_la.append(pk)
            rapport.compter("modification", objet, feuille=lu.feuille, ligne=lu.ligne, champs=champs, **ou)
        else:
            rapport.inchangees += 1
            continue
        a_ecrire.append(
            CentrePoste(centre_id=lu.centre_id, poste_id=lu.poste_id, effectif_actuel=lu.statutaires, aps=aps)
        )
    return a_ecrire, deja_la


def _nommer_les_omis(
    lus: list[EffectifLu],
    existants: Mapping[Cle, object],
    rapport: Rapport,
    codes: Mapping[int, str],
    noms: Mapping[int, str],
) -> None:
    """Au rapport : les postes des centres du fichier qu'il ne dit pas ; ils gardent leur effectif."""
    dits = {lu.cle for lu in lus}
    for centre_id, poste_id in sorted(existants.keys() - dits, key=lambda cle: (codes[cle[0]], noms[cle[1]])):
        rapport.postes_omis.setdefault(codes[centre_id], []).append(noms[poste_id])


def _changements(
    actuel: Decimal | None, statutaires: Decimal, aps_actuel: Decimal, aps: Decimal
) -> dict[str, list[object]]:
    couples = {"effectif_actuel": (actuel, statutaires), "aps": (aps_actuel, aps)}
    return {nom: [None if a is None else float(a), float(b)] for nom, (a, b) in couples.items() if a != b}


def _existants(centres: set[int]) -> dict[Cle, tuple[int, Decimal, Decimal]]:
    """(clé en base, effectif, APS) de chaque poste tenu."""
    existants: dict[Cle, tuple[int, Decimal, Decimal]] = {}
    cles = sorted(centres)
    for debut in range(0, len(cles), LOT):
        lignes = CentrePoste.objects.filter(centre_id__in=cles[debut : debut + LOT]).order_by()
        for pk, centre_id, poste_id, effectif, aps in lignes.values_list(
            "pk", "centre_id", "poste_id", "effectif_actuel", "aps"
        ):
            existants[(centre_id, poste_id)] = (pk, effectif, aps)
    return existants
