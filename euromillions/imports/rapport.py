"""Le compte rendu d'un import : la même forme pour la base, l'API, la page et le terminal."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, NotRequired, TypedDict

from euromillions.imports.comparaison import Comparaison, Conflit
from euromillions.imports.jugement import Jugement
from euromillions.imports.lignes import FichierLu, Remarque
from euromillions.models import ImportTirages

# Une page et une ligne de base restent lisibles ; les comptes, eux, sont toujours complets.
DETAILS_MAX = 200
COMPTES_BORNES: tuple[Literal["conflits", "invalides"], ...] = ("conflits", "invalides")


class Comptes(TypedDict):
    lignes: int
    ajoutes: int
    identiques: int
    conflits: int
    invalides: int


class Boules(TypedDict):
    numeros: list[int]
    etoiles: list[int]


class AjoutRapporte(Boules):
    date: str


class ConflitRapporte(TypedDict):
    ligne: int
    date: str
    en_place: Boules
    propose: Boules


class LigneRapportee(TypedDict):
    ligne: int
    colonne: str
    valeur: str
    raison: str


class RemarqueRapportee(TypedDict):
    """`ligne` nulle : une remarque sur le fichier entier."""

    ligne: int | None
    texte: str


class Details(TypedDict):
    """`sautes` : jours de tirage de la période du fichier qui n'y sont pas.

    `deja_importe_le` et `fictifs_a_supprimer` : ce que la base en dit, ajouté à l'enregistrement."""

    separateur: str
    fins_de_ligne: str
    style_date: str
    ordre_date: NotRequired[str]
    sautes: NotRequired[list[str]]
    premier: str | None
    dernier: str | None
    enrichis: int
    doublons: int
    soupcon: str
    conflits: list[ConflitRapporte]
    invalides: list[LigneRapportee]
    remarques: list[RemarqueRapportee]
    ajouts: list[AjoutRapporte]
    deja_importe_le: NotRequired[str | None]
    fictifs_a_supprimer: NotRequired[int]


class CompteRendu(Comptes):
    """Un import, comme l'API et le terminal le rendent."""

    id: int | None
    nom_fichier: str
    sha256: str
    format: str
    encodage: str
    etat: str
    fictifs_supprimes: int
    rapport: Details


def comptes(lecture: FichierLu, comparaison: Comparaison) -> Comptes:
    """Les quatre comptes : leur somme est le nombre de lignes."""
    return {
        "lignes": lecture.lignes,
        "ajoutes": len(comparaison.ajouts),
        "identiques": comparaison.identiques,
        "conflits": len(comparaison.conflits),
        "invalides": len(lecture.invalides),
    }


def details(lecture: FichierLu, comparaison: Comparaison, jugement: Jugement, *, soupcon: str) -> Details:
    """Ce qui accompagne les comptes, borné à DETAILS_MAX éléments par liste. JSON."""
    jours = [ligne.date for ligne in lecture.lues]
    return {
        "separateur": lecture.separateur,
        "fins_de_ligne": lecture.fins_de_ligne,
        "style_date": lecture.style_date,
        "ordre_date": lecture.ordre_date,
        "sautes": [jour.isoformat() for jour in jugement.sautes],
        "premier": jours[0].isoformat() if jours else None,
        "dernier": jours[-1].isoformat() if jours else None,
        "enrichis": len(comparaison.apports),
        "doublons": lecture.doublons,
        "soupcon": soupcon,
        "conflits": [_conflit(conflit) for conflit in comparaison.conflits[:DETAILS_MAX]],
        "invalides": [
            {
                "ligne": ligne.numero_ligne,
                "colonne": ligne.colonne,
                "valeur": ligne.valeur,
                "raison": ligne.raison,
            }
            for ligne in lecture.invalides[:DETAILS_MAX]
        ],
        "remarques": _remarques(lecture, jugement),
        "ajouts": [
            {"date": ligne.date.isoformat(), "numeros": list(ligne.numeros), "etoiles": list(ligne.etoiles)}
            for ligne in comparaison.ajouts[:DETAILS_MAX]
        ],
    }


def _remarques(lecture: FichierLu, jugement: Jugement) -> list[RemarqueRapportee]:
    du_fichier = [Remarque(None, jugement.remarque.rstrip("."))] if jugement.remarque else []
    return [
        {"ligne": remarque.numero_ligne, "texte": remarque.texte}
        for remarque in [*du_fichier, *lecture.remarques][:DETAILS_MAX]
    ]


def _conflit(conflit: Conflit) -> ConflitRapporte:
    return {
        "ligne": conflit.ligne.numero_ligne,
        "date": conflit.ligne.date.isoformat(),
        "en_place": {"numeros": list(conflit.connu.numeros), "etoiles": list(conflit.connu.etoiles)},
        "propose": {"numeros": list(conflit.ligne.numeros), "etoiles": list(conflit.ligne.etoiles)},
    }


def en_texte(compte_rendu: CompteRendu) -> str:
    """Quelques lignes de terminal pour un fichier ; les détails à la suite des comptes."""
    rapport = compte_rendu["rapport"]
    lignes = [
        f"{compte_rendu['nom_fichier']} : format {compte_rendu['format']}, {compte_rendu['encodage']}, "
        f"fins de ligne {rapport['fins_de_ligne']}, dates {rapport['style_date']}, "
        f"{compte_rendu['lignes']} lignes",
        f"  ajoutés     {compte_rendu['ajoutes']:>6}",
        f"  identiques  {compte_rendu['identiques']:>6}   dont {rapport['enrichis']} enrichis",
        f"  CONFLITS    {compte_rendu['conflits']:>6}",
        f"  invalides   {compte_rendu['invalides']:>6}",
    ]
    if rapport["soupcon"]:
        lignes.append(f"  ATTENTION   {rapport['soupcon']}")
    lignes += [_texte_du_conflit(conflit) for conflit in rapport["conflits"]]
    lignes += [f"    invalide : {_texte_de_la_ligne(ligne)}" for ligne in rapport["invalides"]]
    lignes += [
        f"    remarque{_numero_de_ligne(remarque)} : {remarque['texte']}" for remarque in rapport["remarques"]
    ]
    tus = sum(max(compte_rendu[nom] - DETAILS_MAX, 0) for nom in COMPTES_BORNES)
    if tus:
        lignes.append(f"    … et {tus} autres lignes en conflit ou invalides.")
    return "\n".join(lignes)


def _numero_de_ligne(remarque: RemarqueRapportee) -> str:
    return "" if remarque["ligne"] is None else f", ligne {remarque['ligne']}"


def conclusion(comptes_rendus: Sequence[CompteRendu], *, applique: bool) -> str:
    """La dernière ligne du terminal : le total, et ce qui a (ou n'a pas) été écrit."""
    total = sum(compte["ajoutes"] for compte in comptes_rendus)
    if not applique:
        return f"À blanc : rien n'est écrit. {total} tirages seraient ajoutés ; relancer avec --appliquer."
    fictifs = sum(compte["fictifs_supprimes"] for compte in comptes_rendus)
    suite = f" {fictifs} tirages fictifs de démonstration ont été supprimés." if fictifs else ""
    return f"Importé : {total} tirages ajoutés.{suite}"


def phrase_du_resultat(fait: ImportTirages) -> str:
    """Ce que l'import a fait, en une phrase pour l'agent."""
    phrase = (
        f"{fait.nom_fichier} : {fait.ajoutes} ajoutés, {fait.identiques} identiques "
        f"(dont {fait.rapport['enrichis']} enrichis), {fait.conflits} en conflit, {fait.invalides} invalides."
    )
    if fait.fictifs_supprimes:
        phrase += f" {fait.fictifs_supprimes} tirages fictifs de démonstration ont été supprimés."
    return phrase


def pour_la_page(rapport: Mapping[str, Any]) -> dict[str, object]:
    """Le même rapport, dates en objets : le gabarit les écrit à la française."""
    lu = dict(rapport)
    for nom in ("premier", "dernier"):
        lu[nom] = date.fromisoformat(lu[nom]) if lu[nom] else None
    if lu["deja_importe_le"]:
        lu["deja_importe_le"] = datetime.fromisoformat(lu["deja_importe_le"])
    for nom in ("ajouts", "conflits"):
        lu[nom] = [{**ligne, "date": date.fromisoformat(ligne["date"])} for ligne in lu[nom]]
    return lu


def boules_en_texte(boules: Boules) -> str:
    """« 1 2 3 4 5 + 1 2 »."""
    return f"{' '.join(map(str, boules['numeros']))} + {' '.join(map(str, boules['etoiles']))}"


def _texte_du_conflit(conflit: ConflitRapporte) -> str:
    return (
        f"    conflit, ligne {conflit['ligne']}, {conflit['date']} : en place "
        f"{boules_en_texte(conflit['en_place'])}, le fichier dit {boules_en_texte(conflit['propose'])}"
    )


def _texte_de_la_ligne(ligne: LigneRapportee) -> str:
    colonne = f", colonne « {ligne['colonne']} »" if ligne["colonne"] else ""
    return f"ligne {ligne['ligne']}{colonne} : {ligne['raison']}"
