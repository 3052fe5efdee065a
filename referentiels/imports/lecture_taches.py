"""Lecture du canevas des tâches : des lignes du fichier aux tâches propres, toutes erreurs réunies."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from referentiels.imports import libelles
from referentiels.imports.feuilles import tables
from referentiels.imports.nettoyage import (
    Colonne,
    Doublons,
    Entetes,
    LigneLue,
    lignes_de,
)
from referentiels.imports.rapport import Rapport, Rejet
from referentiels.models.activite import DUREE_MAX_S, DescriptionTache
from simulateur.fichiers.limites import Feuille
from simulateur.fichiers.nombres import NombreInvalide, lire_nombre
from simulateur.langue.texte import normaliser

CENTRE = Colonne("centre", ("Centre", "Code centre", "Code du centre"))
COLONNES = (
    Colonne("nom", ("Nom de tâche", "Nom de la tâche", "Tâche")),
    Colonne("produit", ("Produit",)),
    Colonne("famille", ("Famille",), obligatoire=False),
    Colonne("phase", ("Phase",), obligatoire=False),
    Colonne("unite", ("Unité de mesure", "Unité")),
    Colonne("base", ("base de calcul", "Base")),
    Colonne("responsable_1", ("Responsable 1",)),
    Colonne("responsable_2", ("Responsable 2",), obligatoire=False),
    Colonne("temps_min", ("Temps_min", "Temps minutes"), obligatoire=False),
    Colonne("temps_sec", ("Temps_sec", "Temps secondes"), obligatoire=False),
)
BASES = {0.4: 40, 0.6: 60, 1.0: 100, 40.0: 40, 60.0: 60, 100.0: 100}
RESPONSABLES = ("responsable_1", "responsable_2")
# Au-delà, minutes et secondes ne disent plus la même durée (docs/metier/effectifs.md#imports-taches).
ECART_RELATIF, ECART_SECONDES = 1e-6, 0.01

Cle = tuple[int, str, str, int, int, int | None, int]


@dataclass(frozen=True, slots=True)
class TacheLue:
    """Une tâche d'un poste. `rang` : place de sa ligne parmi celles du fichier, ou de son centre, dès 1.

    `centre_id` : le centre que nomme le fichier, quand l'import n'en vise pas un.
    """

    poste_id: int
    nom: str
    famille: str
    produit_id: int
    unite_id: int
    phase_id: int | None
    base_calcul: int
    duree_secondes: float
    rang: int
    ligne: int
    centre_id: int | None = None

    @property
    def cle(self) -> Cle:
        return identite(self.poste_id, self)


def identite(poste_id: int, tache: TacheLue | DescriptionTache) -> Cle:
    """Ce qui fait que deux tâches sont la même : tout, sauf la durée. Ni casse ni accents."""
    return (
        poste_id,
        normaliser(tache.nom),
        normaliser(tache.famille),
        tache.produit_id,
        tache.unite_id,
        tache.phase_id,
        tache.base_calcul,
    )


class Lecteur:
    """Lit les lignes d'un canevas. Les libellés du référentiel sont chargés une fois (6 requêtes)."""

    def __init__(self, rapport: Rapport, *, par_centre: bool = False) -> None:
        """`par_centre` : chaque ligne nomme son centre."""
        self.rapport = rapport
        self.colonnes = (CENTRE, *COLONNES) if par_centre else COLONNES
        self.centres = libelles.centres(rapport.etendue) if par_centre else None
        self._rangs: dict[int | None, int] = defaultdict(int)
        self.postes = libelles.postes()
        self.produits = libelles.produits()
        self.unites = libelles.unites()
        self.phases = libelles.phases()
        self._doublons = Doublons()

    def lire(self, feuilles: Sequence[Feuille]) -> list[TacheLue]:
        """Tâches propres, dans l'ordre du fichier ; les lignes refusées sont dans le rapport."""
        taches: list[TacheLue] = []
        for feuille, entetes in self._tables(feuilles):
            if not {"temps_min", "temps_sec"} & set(entetes.positions):
                manque = Rejet(
                    feuille.nom, entetes.numero, "Temps_sec", "", "colonne manquante (ou Temps_min)"
                )
                self.rapport.rejeter(manque)
                return []
            for ligne in lignes_de(feuille, entetes, self.rapport):
                taches += self._taches(ligne)
        return taches

    def _tables(self, feuilles: Sequence[Feuille]) -> list[tuple[Feuille, Entetes]]:
        """La première feuille qui a les colonnes d'un canevas ; les autres sont sautées, nommées."""
        trouvees = tables(feuilles, self.colonnes, self.rapport)
        for autre in trouvees[1:]:
            self.rapport.sauter(autre.feuille.nom, "un canevas n'est lu que sur une feuille, la première")
        return [(table.feuille, table.entetes) for table in trouvees[:1]]

    def _taches(self, ligne: LigneLue) -> list[TacheLue]:
        centre_id = None if self.centres is None else ligne.centre(self.centres)
        if self.centres is not None and centre_id is None:
            return []
        self._rangs[centre_id] += 1
        rang = self._rangs[centre_id]
        nom = ligne.texte_borne("nom", 200)
        if not nom:
            ligne.rejeter("nom", "nom manquant")
        famille = ligne.texte_borne("famille", 120)
        produit_id = self._chercher(ligne, "produit", self.produits, "ce produit")
        unite_id = self._chercher(ligne, "unite", self.unites, "cette unité")
        phase_id = self._phase(ligne)
        base = _base(ligne)
        duree = _duree(ligne)
        postes = self._responsables(ligne)
        if ligne.rejetee or produit_id is None or unite_id is None or base is None or duree is None:
            return []
        taches = [
            TacheLue(
                *(p, nom, famille, produit_id, unite_id, phase_id, base, duree),
                *(rang, ligne.numero, centre_id),
            )
            for p in postes
        ]
        return taches if self._sans_doublon(ligne, taches) else []

    def _chercher(self, ligne: LigneLue, cle: str, repertoire: libelles.Repertoire, quoi: str) -> int | None:
        libelle = ligne.texte(cle)
        if not libelle:
            ligne.rejeter(cle, "valeur manquante")
            return None
        trouve = repertoire.chercher(libelle)
        if trouve is None:
            ligne.rejeter(cle, repertoire.pourquoi(libelle, quoi))
        return trouve

    def _phase(self, ligne: LigneLue) -> int | None:
        return self._chercher(ligne, "phase", self.phases, "cette phase") if ligne.texte("phase") else None

    def _responsables(self, ligne: LigneLue) -> list[int]:
        """Postes nommés ; le même poste nommé deux fois fait deux tâches, à plein temps chacune."""
        remplis = [cle for cle in RESPONSABLES if ligne.texte(cle)]
        if not remplis:
            ligne.rejeter("responsable_1", "poste manquant")
        trouves = [self._chercher(ligne, cle, self.postes, "ce poste") for cle in remplis]
        return [poste for poste in trouves if poste is not None]

    def _sans_doublon(self, ligne: LigneLue, taches: list[TacheLue]) -> bool:
        return all(
            self._doublons.premiere_fois(
                (tache.centre_id, *tache.cle), ligne, colonne="nom", quoi="ligne en double : même tâche"
            )
            for tache in taches
        )


def _base(ligne: LigneLue) -> int | None:
    """40, 60 ou 100, écrit aussi 0,4 · 0,6 · 1 ou « 40 % »."""
    texte = ligne.texte("base")
    attendu = "attendu 40, 60 ou 100 (ou 0,4 ; 0,6 ; 1)"
    if not texte:
        ligne.rejeter("base", f"valeur manquante : {attendu}")
        return None
    try:
        valeur = lire_nombre(texte.removesuffix("%"))
    except NombreInvalide:
        ligne.rejeter("base", attendu)
        return None
    if texte.endswith("%"):
        valeur /= 100
    trouvees = [base for ecrite, base in BASES.items() if math.isclose(valeur, ecrite, rel_tol=1e-9)]
    if not trouvees:
        ligne.rejeter("base", attendu)
    return trouvees[0] if trouvees else None


def _duree(ligne: LigneLue) -> float | None:
    """Secondes. Minutes et secondes disent la MÊME durée : jamais ajoutées, les secondes font foi.

    Une cellule d'heure ou de durée se dit d'elle-même, dans l'une ou l'autre colonne.
    """
    en_secondes = ligne.duree("temps_sec", unite_s=1.0)
    en_minutes = ligne.duree("temps_min", unite_s=60.0)
    if en_secondes is None and en_minutes is None:
        if not ligne.texte("temps_sec") and not ligne.texte("temps_min"):
            ligne.rejeter("temps_sec", "durée manquante")
        return None
    for cle, valeur in (("temps_sec", en_secondes), ("temps_min", en_minutes)):
        if valeur is not None and valeur <= 0:
            ligne.rejeter(cle, "la durée doit être supérieure à 0")
    if en_secondes is None:
        en_secondes = en_minutes or 0.0
    elif en_minutes is not None and not math.isclose(
        en_minutes, en_secondes, rel_tol=ECART_RELATIF, abs_tol=ECART_SECONDES
    ):
        ligne.rejeter("temps_min", f"{en_minutes:.6g} s en minutes contre {en_secondes:.6g} s en secondes")
    if en_secondes > DUREE_MAX_S:
        ligne.rejeter("temps_sec", f"la durée dépasse {DUREE_MAX_S} s (un jour)")
    return en_secondes
