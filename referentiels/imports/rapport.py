"""Le rapport d'un import : ce qui a été lu, ce qui change, et chaque ligne refusée."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal, NotRequired, TypedDict

from referentiels.perms import PAYS, Etendue

REJETS_GARDES = 5_000
DETAILS_GARDES = 1_000
VALEUR_MAX = 120
DUREES_CITEES = 10
NOTATIONS = {"virgule": ",", "point": "."}  # le séparateur décimal d'un fichier
Sorte = Literal["ajout", "modification", "suppression"]


def accorder(nombre: int, nom: str) -> str:
    """« 1 ligne lue », « 2 lignes lues »."""
    return f"{nombre} {nom if nombre < 2 else ' '.join(f'{mot}s' for mot in nom.split())}"


class OptionsDeLecture(TypedDict):
    """Lire ce qui est masqué, recopier les fusions ; `notation` : une de NOTATIONS, ou vide."""

    masques: bool
    fusions: bool
    notation: str


class Options(TypedDict, total=False):
    """De quoi rejouer une demande d'import : des clés et des valeurs simples."""

    centre: int | None
    typologie: int | None
    remplacer: bool
    annee: int | None
    masques: bool
    fusions: bool
    notation: str


class Detail(TypedDict):
    """Un écart. `champs` : nom → [avant, après] ; None d'un côté où la ligne n'existe pas."""

    sorte: Sorte
    objet: str
    feuille: str
    ligne: int
    champs: dict[str, list[Any]]
    direction: NotRequired[str]
    flux: NotRequired[str]


def ampleur(detail: Detail) -> float:
    """Le plus grand écart de ses champs numériques ; une ligne créée ou supprimée compte pour sa valeur."""
    ecarts = [
        abs((apres or 0) - (avant or 0))
        for avant, apres in detail["champs"].values()
        if isinstance(avant, int | float | None) and isinstance(apres, int | float | None)
    ]
    return max(ecarts, default=0.0)


@dataclass(frozen=True, slots=True)
class Rejet:
    """Une cellule refusée : où elle est (`feuille` vide pour un csv), ce qu'elle contient et pourquoi."""

    feuille: str
    ligne: int
    colonne: str
    valeur: str
    raison: str

    def __str__(self) -> str:
        ou = f"feuille « {self.feuille} », " if self.feuille else ""
        valeur = f" « {self.valeur} »" if self.valeur else ""
        return f"{ou}ligne {self.ligne}, colonne {self.colonne}{valeur} : {self.raison}"


class Totaux(TypedDict):
    """[avant, après] de ce que les lignes du fichier portent, en tout, par flux et par direction (codes)."""

    mesure: str
    total: list[float]
    par_flux: dict[str, list[float]]
    par_direction: dict[str, list[float]]


def totaux_nuls() -> Totaux:
    return {"mesure": "", "total": [0, 0], "par_flux": {}, "par_direction": {}}


@dataclass
class Rapport:
    """Comptes complets ; `rejets` et `details` sont bornés, leurs totaux ne le sont pas.

    `details` : les plus grands changements d'abord, une fois `classer` appelé. `etendue` : hors d'elle, un
    centre est inconnu ; elle ne se garde pas.
    """

    genre: str
    cible: str = ""
    options: Options = field(default_factory=Options)
    refus: str = ""
    etendue: Etendue = PAYS
    lignes_lues: int = 0
    lignes_vides: int = 0
    lignes_ignorees: int = 0
    lignes_masquees: int = 0
    feuilles_sautees: dict[str, str] = field(default_factory=dict)
    durees_lues: int = 0
    creees: int = 0
    modifiees: int = 0
    inchangees: int = 0
    supprimees: int = 0
    champs_modifies: dict[str, int] = field(default_factory=dict)
    postes_ajoutes: list[str] = field(default_factory=list)
    centres_inconnus: dict[str, int] = field(default_factory=dict)
    centres_proches: dict[str, str] = field(default_factory=dict)
    postes_omis: dict[str, list[str]] = field(default_factory=dict)
    totaux: Totaux = field(default_factory=totaux_nuls)
    avertissements: list[str] = field(default_factory=list)
    rejets_total: int = 0
    rejets: list[Rejet] = field(default_factory=list)
    details: list[Detail] = field(default_factory=list)

    @property
    def decimale(self) -> str:
        """Le séparateur décimal choisi pour tout le fichier ; vide : chaque colonne décide."""
        return NOTATIONS.get(self.options.get("notation") or "", "")

    def sauter(self, feuille: str, raison: str) -> None:
        """Une feuille qui n'est pas lue, et pourquoi."""
        self.feuilles_sautees[feuille] = raison

    def remarquer_une_duree(self, feuille: str, ligne: int, texte: str, secondes: float) -> None:
        """Une cellule d'heure ou de durée, lue en secondes."""
        self.durees_lues += 1
        if self.durees_lues <= DUREES_CITEES:
            ou = f"Feuille « {feuille} », ligne" if feuille else "Ligne"
            self.avertissements.append(f"{ou} {ligne} : « {texte} » lu {secondes:g} s.")

    @property
    def accepte(self) -> bool:
        """Vrai si rien ne s'oppose à l'écriture."""
        return not self.refus and not self.rejets_total

    def rejeter(self, rejet: Rejet) -> None:
        self.rejets_total += 1
        if len(self.rejets) < REJETS_GARDES:
            self.rejets.append(rejet)

    def compter(
        self,
        sorte: Sorte,
        objet: str,
        *,
        feuille: str = "",
        ligne: int = 0,
        champs: dict[str, list[Any]] | None = None,
        **ou: str,
    ) -> None:
        """Compte un écart. `champs` : nom → [avant, après] ; `ou` : `direction` et `flux`, des codes."""
        if sorte == "ajout":
            self.creees += 1
        elif sorte == "modification":
            self.modifiees += 1
        else:
            self.supprimees += 1
        for nom in champs or {}:
            self.champs_modifies[nom] = self.champs_modifies.get(nom, 0) + 1
        detail = Detail(sorte=sorte, objet=objet, feuille=feuille, ligne=ligne, champs=champs or {})
        self.details.append({**detail, **ou})  # type: ignore[typeddict-item]

    def totaliser(self, avant: float, apres: float, *, direction: str = "", flux: str = "") -> None:
        """Ce qu'une ligne du fichier porte en base, et ce qu'elle y porterait."""
        groupes = (("par_flux", flux), ("par_direction", direction))
        sommes = [self.totaux[nom].setdefault(code, [0, 0]) for nom, code in groupes if code]  # type: ignore[literal-required]
        for somme in (self.totaux["total"], *sommes):
            somme[0] += avant
            somme[1] += apres

    def classer(self) -> None:
        """Les plus grands changements d'abord, à égalité dans l'ordre du fichier ; les autres ne sont que
        comptés.
        """
        self.details.sort(key=lambda detail: -ampleur(detail))
        del self.details[DETAILS_GARDES:]

    @property
    def change(self) -> bool:
        """Vrai si l'import écrirait quelque chose."""
        return bool(self.creees or self.modifiees or self.supprimees)

    def ignorer_centre(self, libelle: str, proches: str = "") -> None:
        """Un centre inconnu n'est pas une erreur : ses lignes sont ignorées, il est nommé, et ses `proches`
        aussi.
        """
        if proches:
            self.centres_proches[libelle] = proches.strip(" ()")
        self.lignes_ignorees += 1
        self.centres_inconnus[libelle] = self.centres_inconnus.get(libelle, 0) + 1

    @property
    def phrase(self) -> str:
        if self.refus:
            return self.refus
        if self.rejets_total:
            lignes = len({(rejet.feuille, rejet.ligne) for rejet in self.rejets})
            au_moins = "au moins " if self.rejets_total > len(self.rejets) else ""
            erreurs = accorder(self.rejets_total, "erreur")
            return f"{erreurs} sur {au_moins}{accorder(lignes, 'ligne')} : rien n'est écrit."
        suite = (
            accorder(self.creees, "ajout"),
            accorder(self.modifiees, "modification"),
            accorder(self.inchangees, "inchangée"),
            accorder(self.supprimees, "suppression"),
        )
        rien = "" if self.change else " Rien ne change."
        return f"{accorder(self.lignes_lues, 'ligne lue')} : {', '.join(suite)}.{rien}"

    def en_json(self) -> dict[str, object]:
        gardes = {nom: valeur for nom, valeur in asdict(self).items() if nom != "etendue"}
        return {**gardes, "accepte": self.accepte, "phrase": self.phrase}
