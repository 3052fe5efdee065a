"""Un premier regard sur le XML d'un classeur, avant de le confier à calamine.

calamine passe sous silence un XML coupé, une référence hors de la feuille, les cellules en erreur, les
formules sans valeur enregistrée et les lignes masquées. Ici on compte ce qui est rempli, on refuse ce qui est
mal formé ou déclare des entités, et on retient le reste. Norme : ECMA-376, partie 1, §18.
"""

import posixpath
import re
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from simulateur.fichiers.limites import FichierRefuse, Limites

MORCEAU = 64 * 1024
LIGNES_EXCEL = 1_048_576
_RANG = re.compile(r"[0-9]{1,7}")
_CELLULE_VIDE = re.compile(rb'<c r="[A-Z]{1,3}[0-9]{1,7}"[^<>]*/>')
_COLONNE = re.compile(r"[A-Z]{1,3}")
Place = tuple[int, int]
Attributs = dict[str, str]
Lecteur = Callable[[str, Attributs, "expat.XMLParserType"], None]


@dataclass
class FeuilleVue:
    """Ce que calamine ne dira pas d'une feuille ; places et numéros à partir de 1.

    `erreurs` : place → texte (« #N/A ») ; `sans_valeur` : les formules sans valeur enregistrée.
    """

    erreurs: dict[Place, str] = field(default_factory=dict)
    sans_valeur: set[Place] = field(default_factory=set)
    lignes_masquees: set[int] = field(default_factory=set)
    colonnes_masquees: set[int] = field(default_factory=set)


class Regard:
    """Les feuilles annoncées et, pour chacune, ce qu'on y a vu."""

    def __init__(self, archive: zipfile.ZipFile, limites: Limites) -> None:
        self.archive, self.limites = archive, limites
        self.lignes = self.cellules = self.textes = 0
        self._cibles: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
        self._feuilles: list[tuple[str, str]] = []
        self._vues: dict[str, FeuilleVue] = defaultdict(FeuilleVue)

    def parcourir(self) -> None:
        """Lit chaque partie une fois, les relations d'abord. Lève FichierRefuse ou ExpatError."""
        noms = self.archive.namelist()
        relations = [nom for nom in noms if nom.endswith(".rels")]
        for nom in relations:
            self._lire(nom, _Relations(nom, self._cibles))
        genres = {chemin: genre for cibles in self._cibles.values() for genre, chemin in cibles.values()}
        for nom in noms:
            genre = genres.get(nom, "").rpartition("/")[2]
            if genre == "officeDocument":
                self._lire(nom, _Sommaire(nom, self._cibles[nom], self._feuilles))
            elif genre == "worksheet":
                self._lire(nom, _Feuille(nom, self, self._vues[nom]))
            elif genre == "sharedStrings":
                self._lire(nom, _Textes(self))
            elif nom.endswith(".xml"):
                self._lire(nom, None)

    def vue(self, feuille: str) -> FeuilleVue:
        chemin = next((chemin for nom, chemin in self._feuilles if nom == feuille), "")
        return self._vues[chemin]

    def _lire(self, nom: str, lecteur: "Lecteur | None") -> None:
        analyseur = expat.ParserCreate()
        analyseur.buffer_text = True
        analyseur.StartDoctypeDeclHandler = _refuser_doctype
        if lecteur is not None:

            def debut(balise: str, attributs: Attributs) -> None:
                lecteur(balise.rpartition(":")[2] if ":" in balise else balise, attributs, analyseur)

            analyseur.StartElementHandler = debut
        with self.archive.open(nom) as flux:
            for morceau in _sans_cellules_vides(flux) if isinstance(lecteur, _Feuille) else _morceaux(flux):
                analyseur.Parse(morceau, False)
        analyseur.Parse(b"", True)
        if isinstance(lecteur, _Feuille):
            lecteur.finir_la_cellule(analyseur)


def _morceaux(flux: IO[bytes]) -> Iterator[bytes]:
    while morceau := flux.read(MORCEAU):
        yield morceau


def _sans_cellules_vides(flux: IO[bytes]) -> Iterator[bytes]:
    """Le XML sans ses cellules situées et vides : un million de lignes coloriées n'est rien."""
    reste = b""
    for morceau in _morceaux(flux):
        tout = reste + morceau
        coupe = tout.rfind(b"<")
        # Une balise à cheval sur deux morceaux attend le suivant, tant qu'elle reste courte.
        if coupe < 0 or len(tout) - coupe > MORCEAU:
            coupe = len(tout)
        yield _CELLULE_VIDE.sub(b"", tout[:coupe])
        reste = tout[coupe:]
    yield reste


def _refuser_doctype(*_: object) -> None:
    raise FichierRefuse("Le classeur est piégé : il déclare des entités XML.")


class _Relations:
    """Note, pour la partie que décrit ce fichier de relations : identifiant → (type, chemin)."""

    def __init__(self, nom: str, cibles: dict[str, dict[str, tuple[str, str]]]) -> None:
        self.dossier = posixpath.dirname(posixpath.dirname(nom))
        source = posixpath.join(self.dossier, posixpath.basename(nom).removesuffix(".rels"))
        self.cibles = cibles[source]

    def __call__(self, balise: str, attributs: Attributs, _: object) -> None:
        if balise == "Relationship" and attributs.get("TargetMode") != "External":
            chemin = posixpath.normpath(posixpath.join("/", self.dossier, attributs.get("Target", "")))
            self.cibles[attributs.get("Id", "")] = (attributs.get("Type", ""), chemin.lstrip("/"))


class _Sommaire:
    """Note (nom, chemin) de chaque feuille du classeur."""

    def __init__(self, nom: str, cibles: dict[str, tuple[str, str]], feuilles: list[tuple[str, str]]) -> None:
        self.cibles, self.feuilles = cibles, feuilles

    def __call__(self, balise: str, attributs: Attributs, _: object) -> None:
        if balise == "sheet":
            identifiant = next((valeur for cle, valeur in attributs.items() if cle.endswith(":id")), "")
            self.feuilles.append((attributs.get("name", ""), self.cibles.get(identifiant, ("", ""))[1]))


class _Textes:
    def __init__(self, regard: Regard) -> None:
        self.regard = regard

    def __call__(self, balise: str, _: Attributs, __: object) -> None:
        if balise == "si":
            self.regard.textes += 1
            if self.regard.textes > self.regard.limites.cellules:
                raise FichierRefuse(
                    f"Le classeur a plus de {self.regard.limites.cellules} textes : le partager."
                )


class _Feuille:
    """Compte les lignes et les cellules remplies, refuse les références fausses, retient ce qui manquera."""

    def __init__(self, nom: str, regard: Regard, vue: FeuilleVue) -> None:
        self.nom, self.regard, self.vue = posixpath.basename(nom)[:60], regard, vue
        self.ligne = self.colonne = 0
        self.rangs: dict[str, int] = {}
        self.remplie = True  # la ligne en cours a déjà compté
        self.attributs: Attributs = {}  # ceux de la cellule en cours
        self.genre = ""  # celui de la cellule en cours : « e » en erreur, « str » pour un texte calculé
        self.formule = False
        self.texte: list[str] | None = None

    def __call__(self, balise: str, attributs: Attributs, analyseur: "expat.XMLParserType") -> None:
        if balise == "c":
            if self.formule or self.genre:
                self.finir_la_cellule(analyseur)
            self.colonne += 1
            self.attributs = attributs
        elif balise == "v":
            self._valeur(analyseur)
        elif balise == "row":
            self.finir_la_cellule(analyseur)
            self._rangee(attributs)
        elif balise == "f":
            self._situer()
            self.formule = True
        elif balise == "is":
            self._situer()
            self._compter()
        elif balise == "col" and _vrai(attributs.get("hidden")):
            self._masquer(attributs)

    def finir_la_cellule(self, analyseur: "expat.XMLParserType") -> None:
        """Ce qu'on sait de la cellule en cours, une fois la suivante commencée."""
        if self.formule or self.genre == "e":
            place, texte = (self.ligne, self.colonne), "".join(self.texte or ())
            if self.genre == "e" and texte:
                self.vue.erreurs[place] = texte
            elif self.formule and not texte.strip() and (self.genre != "str" or self.texte is None):
                self.vue.sans_valeur.add(place)
        if self.texte is not None:
            analyseur.CharacterDataHandler = None
        self.genre, self.formule, self.texte = "", False, None

    def _rangee(self, attributs: Attributs) -> None:
        reference = attributs.get("r")
        if reference is None:
            self.ligne += 1
        elif _RANG.fullmatch(reference) and 1 <= int(reference) <= LIGNES_EXCEL:
            self.ligne = int(reference)
        else:
            raise FichierRefuse(f"Feuille « {self.nom} » : un numéro de ligne est faux.")
        if _vrai(attributs.get("hidden")):
            self.vue.lignes_masquees.add(self.ligne)
        self.colonne, self.remplie = 0, False

    def _situer(self) -> None:
        """La place et le genre de la cellule en cours, dont on vient de voir qu'elle n'est pas vide."""
        lettres = self.attributs.get("r", "").rstrip("0123456789")
        if lettres:
            self.colonne = self._rang(lettres)
        self.genre = self.attributs.get("t", "")

    def _valeur(self, analyseur: "expat.XMLParserType") -> None:
        self._situer()
        self._compter()
        if self.formule or self.genre == "e":
            self.texte = []
            analyseur.CharacterDataHandler = self.texte.append

    def _compter(self) -> None:
        limites = self.regard.limites
        self.regard.cellules += 1
        if self.regard.cellules > limites.cellules:
            raise FichierRefuse(f"Le classeur a plus de {limites.cellules} cellules remplies : le partager.")
        if not self.remplie:
            self.remplie = True
            self.regard.lignes += 1
            if self.regard.lignes > limites.lignes:
                raise FichierRefuse(f"Le classeur a plus de {limites.lignes} lignes remplies : le partager.")

    def _masquer(self, attributs: Attributs) -> None:
        bornes = [attributs.get(nom, "") for nom in ("min", "max")]
        if all(_RANG.fullmatch(borne) for borne in bornes):
            premiere, derniere = (min(int(borne), self.regard.limites.colonnes) for borne in bornes)
            self.vue.colonnes_masquees.update(range(premiere, derniere + 1))

    def _rang(self, lettres: str) -> int:
        """« AB » → 28."""
        if lettres not in self.rangs:
            if not _COLONNE.fullmatch(lettres):
                raise FichierRefuse(f"Feuille « {self.nom} » : une référence de cellule est fausse.")
            rang = 0
            for lettre in lettres:
                rang = rang * 26 + ord(lettre) - 64
            self.rangs[lettres] = rang
        return self.rangs[lettres]


def _vrai(attribut: str | None) -> bool:
    return attribut in ("1", "true")
