"""Un premier regard sur le XML d'un classeur, avant de le confier à calamine.

calamine passe sous silence un XML coupé, une référence hors de la feuille, et les cellules en erreur : un
« #N/A » deviendrait une case vide. Ici on compte, on refuse ce qui est mal formé ou déclare des entités, et
on retient le texte des erreurs. Norme : ECMA-376, partie 1, §18.
"""

import posixpath
import re
import zipfile
from collections import defaultdict
from collections.abc import Callable
from xml.parsers import expat

from simulateur.fichiers.limites import FichierRefuse, Limites

MORCEAU = 64 * 1024
LIGNES_EXCEL = 1_048_576
_RANG = re.compile(r"[0-9]{1,7}")
_COLONNE = re.compile(r"[A-Z]{1,3}")
Place = tuple[int, int]
Attributs = dict[str, str]
Lecteur = Callable[[str, Attributs, "expat.XMLParserType"], None]


class Regard:
    """Ce qu'on a vu : les feuilles annoncées et, pour chacune, ses cellules en erreur."""

    def __init__(self, archive: zipfile.ZipFile, limites: Limites) -> None:
        self.archive, self.limites = archive, limites
        self.lignes = self.cellules = self.textes = 0
        self._cibles: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
        self._feuilles: list[tuple[str, str]] = []
        self._erreurs: dict[str, dict[Place, list[str]]] = defaultdict(dict)

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
                self._lire(nom, _Feuille(nom, self, self._erreurs[nom]))
            elif genre == "sharedStrings":
                self._lire(nom, _Textes(self))
            elif nom.endswith(".xml"):
                self._lire(nom, None)

    def erreurs_de(self, feuille: str) -> dict[Place, str]:
        """(ligne, colonne), à partir de 1, → le texte de l'erreur (« #N/A »)."""
        chemin = next((chemin for nom, chemin in self._feuilles if nom == feuille), "")
        return {place: "".join(morceaux) for place, morceaux in self._erreurs.get(chemin, {}).items()}

    def _lire(self, nom: str, lecteur: "Lecteur | None") -> None:
        analyseur = expat.ParserCreate()
        analyseur.buffer_text = True
        analyseur.StartDoctypeDeclHandler = _refuser_doctype
        if lecteur is not None:

            def debut(balise: str, attributs: Attributs) -> None:
                lecteur(balise.rpartition(":")[2], attributs, analyseur)

            analyseur.StartElementHandler = debut
        with self.archive.open(nom) as flux:
            while morceau := flux.read(MORCEAU):
                analyseur.Parse(morceau, False)
        analyseur.Parse(b"", True)


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
            if self.regard.textes > self.regard.limites.cellules_xlsx:
                raise FichierRefuse(
                    f"Le classeur a plus de {self.regard.limites.cellules_xlsx} textes : le partager."
                )


class _Feuille:
    """Compte lignes et cellules, refuse les références fausses, retient les cellules en erreur."""

    def __init__(self, nom: str, regard: Regard, erreurs: dict[Place, list[str]]) -> None:
        self.nom, self.regard, self.erreurs = posixpath.basename(nom)[:60], regard, erreurs
        self.ligne = self.colonne = 0
        self.rangs: dict[str, int] = {}
        self.texte: list[str] | None = None

    def __call__(self, balise: str, attributs: Attributs, analyseur: "expat.XMLParserType") -> None:
        if balise == "c":
            self._cellule(attributs, analyseur)
        elif balise == "row":
            self._rangee(attributs.get("r"))
        elif balise == "v" and self.texte is not None:
            self.texte.clear()  # ce qui précède était la formule

    def _rangee(self, reference: str | None) -> None:
        limites = self.regard.limites
        self.regard.lignes += 1
        if self.regard.lignes > limites.lignes:
            raise FichierRefuse(f"Le classeur a plus de {limites.lignes} lignes : le partager.")
        if reference is None:
            self.ligne += 1
        elif _RANG.fullmatch(reference) and 1 <= int(reference) <= LIGNES_EXCEL:
            self.ligne = int(reference)
        else:
            raise FichierRefuse(f"Feuille « {self.nom} » : un numéro de ligne est faux.")
        self.colonne = 0

    def _cellule(self, attributs: Attributs, analyseur: "expat.XMLParserType") -> None:
        limites = self.regard.limites
        self.regard.cellules += 1
        if self.regard.cellules > limites.cellules_xlsx:
            raise FichierRefuse(
                f"Le classeur a plus de {limites.cellules_xlsx} cellules : le partager, ou l'envoyer en csv."
            )
        lettres = attributs.get("r", "").rstrip("0123456789")
        self.colonne = self._rang(lettres) if lettres else self.colonne + 1
        en_erreur = attributs.get("t") == "e"
        if en_erreur:
            self.texte = self.erreurs[self.ligne, self.colonne] = []
            analyseur.CharacterDataHandler = self.texte.append
        elif self.texte is not None:
            self.texte = analyseur.CharacterDataHandler = None

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
