"""Import des volumes annuels : format long, ou classeur d'une feuille par centre."""

from collections.abc import Sequence
from dataclasses import dataclass

from referentiels.imports import libelles
from referentiels.imports.feuilles import Table, entetes_admis, meilleurs_entetes, tables
from referentiels.imports.nettoyage import (
    Colonne,
    Doublons,
    Entetes,
    LigneLue,
    lignes_de,
    memes_valeurs,
)
from referentiels.imports.rapport import Rapport, Rejet
from referentiels.models import CelluleVolume, Centre, VolumeAnnuel
from referentiels.models.activite import ANNEE_MAX, ANNEE_MIN, VOLUME_MAX
from simulateur.cache.images import Images
from simulateur.cache.suivi import LOT, suivi_differe
from simulateur.fichiers.limites import Feuille

CENTRE = Colonne("centre", ("centre", "code centre", "nom du centre"))
COMMUNES = (
    Colonne("cellule", ("cellule", "code cellule"), obligatoire=False),
    Colonne("flux", ("flux",), obligatoire=False),
    Colonne("sens", ("sens",), obligatoire=False),
    Colonne("segment", ("segment",), obligatoire=False),
    Colonne("volume", ("volume", "volume annuel")),
    Colonne("annee", ("annee", "année"), obligatoire=False),
)
FORMAT_LONG = (CENTRE, *COMMUNES)
SANS_FLUX = "sans flux"
Cle = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class VolumeLu:
    """Un volume annuel propre, et d'où il vient."""

    centre_id: int
    cellule_id: int
    annee: int
    volume: float
    feuille: str
    ligne: int

    @property
    def cle(self) -> Cle:
        return (self.centre_id, self.cellule_id, self.annee)


class Cellules:
    """Cellules retrouvées par code, ou par (flux, sens, segment). Cinq requêtes pour tout l'import."""

    def __init__(self) -> None:
        champs = ("pk", "code", "flux_id", "sens_id", "segment_id", "flux__code")
        lignes = list(CelluleVolume.objects.values_list(*champs))
        self.codes = {pk: code for pk, code, *_ in lignes}
        self.codes_de_flux = {pk: code or SANS_FLUX for pk, *_, code in lignes}
        self.par_code = libelles.Repertoire((code, pk) for pk, code, *_ in lignes)
        self.par_axes: dict[tuple[int | None, int, int], int] = {
            (flux, sens, segment): pk for pk, _, flux, sens, segment, _ in lignes
        }
        self.flux, self.sens, self.segments = libelles.axes()

    def lire(self, ligne: LigneLue) -> int | None:
        if code := ligne.texte("cellule"):
            cellule_id = self.par_code.chercher(code)
            if cellule_id is None:
                ligne.rejeter("cellule", self.par_code.pourquoi(code, "cette cellule"))
            return cellule_id
        flux = self._axe(ligne, "flux", self.flux, "ce flux", obligatoire=False)
        sens = self._axe(ligne, "sens", self.sens, "ce sens")
        segment = self._axe(ligne, "segment", self.segments, "ce segment")
        if ligne.rejetee or sens is None or segment is None:
            return None
        cellule_id = self.par_axes.get((flux, sens, segment))
        if cellule_id is None:
            ligne.rejeter("segment", "aucune cellule n'existe pour ce flux, ce sens et ce segment")
        return cellule_id

    @staticmethod
    def _axe(
        ligne: LigneLue, cle: str, repertoire: libelles.Repertoire, quoi: str, *, obligatoire: bool = True
    ) -> int | None:
        libelle = ligne.texte(cle)
        if not libelle:
            if obligatoire:
                ligne.rejeter(cle, "valeur manquante (ou donner le code de la cellule)")
            return None
        trouve = repertoire.chercher(libelle)
        if trouve is None:
            ligne.rejeter(cle, repertoire.pourquoi(libelle, quoi))
        return trouve


class Lecteur:
    """Lit chaque feuille : avec une colonne « centre », format long ; sans, la feuille est un centre."""

    def __init__(self, rapport: Rapport, *, annee: int | None) -> None:
        self.rapport = rapport
        self.annee = annee
        self.centres = libelles.centres(rapport.etendue)
        self.cellules = Cellules()
        self._doublons = Doublons()

    def lire(self, feuilles: Sequence[Feuille]) -> list[VolumeLu]:
        """Les feuilles sans en-têtes reconnus sont sautées, nommées, tant qu'une autre en a."""
        lus: list[VolumeLu] = []
        sautees: list[Feuille] = []
        remplies = [feuille for feuille in feuilles if feuille.lignes]
        for feuille in remplies:
            long, par_centre = (meilleurs_entetes(feuille, c) for c in (FORMAT_LONG, COMMUNES))
            if long is not None and not long.manquants:
                lus += self._table(Table(feuille, long), centre_id=None)
            elif feuille.nom and par_centre is not None and not par_centre.manquants:
                lus += self._feuille_de_centre(Table(feuille, par_centre))
            else:
                sautees.append(feuille)
        if len(sautees) == len(remplies):
            tables(sautees, FORMAT_LONG, self.rapport)
            return []
        for feuille in sautees:
            self.rapport.sauter(feuille.nom, "sans les en-têtes attendus")
        return lus

    def _table(self, table: Table, *, centre_id: int | None) -> list[VolumeLu]:
        if not entetes_admis(table, self.rapport):
            return []
        return self._lignes(table.feuille, table.entetes, centre_id=centre_id)

    def _feuille_de_centre(self, table: Table) -> list[VolumeLu]:
        """Sans colonne « centre », la feuille en porte le nom ou le code."""
        nom = table.feuille.nom
        centre_id = self.centres.chercher(nom)
        if centre_id is not None:
            return self._table(table, centre_id=centre_id)
        if self.centres.est_ambigu(nom):
            raison = self.centres.pourquoi(nom, "ce centre")
            self.rapport.rejeter(Rejet(nom, 1, "nom de la feuille", nom, raison))
        else:
            self.rapport.ignorer_centre(nom, self.centres.suggestion(nom))
        return []

    def _lignes(self, feuille: Feuille, entetes: Entetes, *, centre_id: int | None) -> list[VolumeLu]:
        volumes = (
            self._volume(ligne, centre_id, grille=centre_id is not None)
            for ligne in lignes_de(feuille, entetes, self.rapport)
        )
        return [volume for volume in volumes if volume is not None]

    def _volume(self, ligne: LigneLue, centre_id: int | None, *, grille: bool) -> VolumeLu | None:
        if grille and not ligne.texte("volume"):
            # Une grille par centre liste toutes les cellules : celles qu'on n'a pas remplies restent telles.
            self.rapport.lignes_vides += 1
            return None
        if centre_id is None:
            centre_id = ligne.centre(self.centres)
            if centre_id is None:
                return None
        cellule_id, annee, volume = self.cellules.lire(ligne), self._annee(ligne), _volume(ligne)
        if ligne.rejetee or cellule_id is None or annee is None or volume is None:
            return None
        lu = VolumeLu(centre_id, cellule_id, annee, volume, ligne.feuille, ligne.numero)
        seul = self._doublons.premiere_fois(
            lu.cle, ligne, colonne="volume", quoi="même centre, même cellule et même année"
        )
        return lu if seul else None

    def _annee(self, ligne: LigneLue) -> int | None:
        annee = ligne.nombre("annee") if ligne.texte("annee") else self.annee
        if annee is None:
            if not ligne.texte("annee"):
                ligne.rejeter("annee", "année manquante : la donner dans le fichier ou avec l'import")
            return None
        if not ANNEE_MIN <= annee <= ANNEE_MAX or annee != int(annee):
            ligne.rejeter("annee", f"une année entière de {ANNEE_MIN} à {ANNEE_MAX} est attendue")
            return None
        return int(annee)


def _volume(ligne: LigneLue) -> float | None:
    volume = ligne.nombre("volume")
    if volume is None:
        if not ligne.texte("volume"):
            ligne.rejeter("volume", "volume manquant")
        return None
    if not 0 <= volume <= VOLUME_MAX:
        ligne.rejeter("volume", "un volume annuel va de 0 à mille milliards")
    return volume


def importer_volumes(
    feuilles: Sequence[Feuille], rapport: Rapport, *, annee: int | None, appliquer: bool, images: Images
) -> None:
    """Remplit `rapport` ; n'écrit que si `appliquer` et que rien n'est rejeté. Idempotent.

    `images` note ce que valent les lignes écrites, avant et après.
    `annee` vaut pour les lignes sans colonne « annee ». Un volume absent du fichier reste tel quel.
    """
    lecteur = Lecteur(rapport, annee=annee)
    lus = lecteur.lire(feuilles)
    if rapport.accepte and not lus and not rapport.centres_inconnus:
        rapport.refus = "Le fichier n'a aucun volume sous ses en-têtes."
    if not rapport.accepte:
        return
    if not appliquer:
        _comparer(lus, rapport, lecteur.cellules)
        return
    with suivi_differe():
        verrouiller_centres({lu.centre_id for lu in lus})
        a_ecrire, deja_la = _comparer(lus, rapport, lecteur.cellules)
        images.avant(VolumeAnnuel, deja_la)
        ecrits = VolumeAnnuel.objects.bulk_create(
            [
                VolumeAnnuel(
                    centre_id=lu.centre_id, cellule_id=lu.cellule_id, annee=lu.annee, volume=lu.volume
                )
                for lu in a_ecrire
            ],
            batch_size=LOT,
            update_conflicts=True,
            unique_fields=["centre", "cellule", "annee"],
            update_fields=["volume"],
        )
        images.apres(VolumeAnnuel, [ecrit.pk for ecrit in ecrits])


def _comparer(lus: list[VolumeLu], rapport: Rapport, cellules: Cellules) -> tuple[list[VolumeLu], list[int]]:
    """Compte les écarts ; rend les volumes à écrire, neufs ou changés, et la clé en base de ceux-ci."""
    existants = _existants(lus)
    centres = Centre.objects.filter(pk__in={lu.centre_id for lu in lus})
    noms = {
        pk: (code, direction) for pk, code, direction in centres.values_list("pk", "code", "direction__code")
    }
    rapport.totaux["mesure"] = "volumes annuels"
    a_ecrire: list[VolumeLu] = []
    deja_la: list[int] = []
    for lu in lus:
        pk, avant = existants.get(lu.cle, (0, None))
        code, direction = noms[lu.centre_id]
        ou = {"direction": direction, "flux": cellules.codes_de_flux[lu.cellule_id]}
        rapport.totaliser(avant or 0, lu.volume, **ou)
        if avant is not None and memes_valeurs(avant, lu.volume):
            rapport.inchangees += 1
            continue
        objet = f"{code} · {cellules.codes[lu.cellule_id]} · {lu.annee}"
        champs: dict[str, list[object]] = {"volume": [avant, lu.volume]}
        if avant is None:
            rapport.compter("ajout", objet, feuille=lu.feuille, ligne=lu.ligne, champs=champs, **ou)
        else:
            deja_la.append(pk)
            rapport.compter("modification", objet, feuille=lu.feuille, ligne=lu.ligne, champs=champs, **ou)
        a_ecrire.append(lu)
    return a_ecrire, deja_la


def _existants(lus: list[VolumeLu]) -> dict[Cle, tuple[int, float]]:
    """(clé en base, volume) de chaque volume déjà là."""
    centres = sorted({lu.centre_id for lu in lus})
    annees = {lu.annee for lu in lus}
    existants: dict[Cle, tuple[int, float]] = {}
    for debut in range(0, len(centres), LOT):
        lignes = VolumeAnnuel.objects.filter(annee__in=annees, centre_id__in=centres[debut : debut + LOT])
        for pk, centre_id, cellule_id, annee, volume in lignes.values_list(
            "pk", "centre_id", "cellule_id", "annee", "volume"
        ):
            existants[(centre_id, cellule_id, annee)] = (pk, volume)
    return existants


def verrouiller_centres(centres: set[int]) -> None:
    """Toujours dans l'ordre des clés : deux imports simultanés s'attendent au lieu de s'étreindre."""
    lignes = Centre.objects.select_for_update(no_key=True).filter(pk__in=centres).order_by("pk")
    list(lignes.values_list("pk", flat=True))
