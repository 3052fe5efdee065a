"""Outils des tests d'import : règles des ères, miniatures, fichiers réels, écriture de chaque format."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from euromillions.imports.lecture import lire
from euromillions.imports.lignes import FichierLu, LigneLue, RegleEre
from euromillions.tests.outils.references import tirages_reels

ERES = (
    RegleEre(date(2004, 2, 13), date(2011, 5, 6), 50, 9, "5", 12),
    RegleEre(date(2011, 5, 10), date(2016, 9, 23), 50, 11, "25", 13),
    RegleEre(date(2016, 9, 27), None, 50, 12, "25", 13),
)
AUJOURD_HUI = date(2026, 8, 31)
TAILLE_MAX = 1024 * 1024
MINIATURES = Path(__file__).parents[1] / "donnees"
FICHIERS_OPERATEUR = (
    "euromillions.csv",
    "euromillions_2.csv",
    "euromillions_3.csv",
    "euromillions_4.csv",
    "euromillions_201902.csv",
    "euromillions_202002.csv",
)


def miniature(nom: str) -> bytes:
    return (MINIATURES / nom).read_bytes()


def lire_octets(octets: bytes, **options: object) -> FichierLu:
    reglages = {"eres": ERES, "jusqu_au": AUJOURD_HUI, "taille_max": TAILLE_MAX, **options}
    return lire(octets, **reglages)  # type: ignore[arg-type]


def lire_texte(texte: str) -> FichierLu:
    return lire_octets(texte.encode())


def lignes_reelles() -> list[LigneLue]:
    """Toute l'histoire réelle, comme lue d'un fichier."""
    return [
        LigneLue(numero_ligne=rang, date=reel.jour, numeros=reel.numeros, etoiles=reel.etoiles)
        for rang, reel in enumerate(tirages_reels(), 2)
    ]


JOURS_ANGLAIS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MOIS_ANGLAIS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
JOURS_FDJ = ("LUNDI   ", "MARDI   ", "MERCREDI", "JEUDI   ", "VENDREDI", "SAMEDI  ", "DIMANCHE")


def _fdj(lignes: Sequence[LigneLue], *, rangs: int, euro: bool, style: str) -> str:
    suffixe = "_Euro_Millions" if euro else ""
    entete = ["annee_numero_de_tirage", "jour_de_tirage", "date_de_tirage"]
    entete += ["numéro_de_tirage_dans_le_cycle"] if euro else []
    entete += [f"boule_{i}" for i in range(1, 6)] + ["etoile_1", "etoile_2"]
    entete += ["boules_gagnantes_en_ordre_croissant", "etoiles_gagnantes_en_ordre_croissant"]
    for rang in range(1, rangs + 1):
        entete += [f"nombre_de_gagnant_au_rang{rang}{suffixe}_en_{ou}" for ou in ("france", "europe")]
        entete.append(f"rapport_du_rang{rang}{suffixe}")
    entete.append("numero_My_Million")
    sortie = [entete]
    for ligne in lignes:
        ordre = ligne.ordre_physique or ligne.numeros + ligne.etoiles
        cellules = ["x", JOURS_FDJ[ligne.date.weekday()], ligne.date.strftime(style)]
        cellules += ["1"] if euro else []
        cellules += [str(boule) for boule in ordre]
        cellules += [f"-{'-'.join(map(str, boules))}-" for boules in ligne.boules]
        par_rang = {gain.rang: gain for gain in ligne.gains}
        for rang in range(1, rangs + 1):
            gain = par_rang.get(rang)
            valeurs = (gain.gagnants_france, gain.gagnants_europe, gain.rapport) if gain else ("", "", "")
            cellules += ["" if valeur is None else str(valeur).replace(".", ",") for valeur in valeurs]
        # Une cellule de plus que l'en-tête, comme chez l'opérateur.
        sortie.append([*cellules, "AB 123", ""])
    return "\n".join(";".join(cellules) for cellules in sortie)


def _colonnes_simples(entete: str, lignes: Sequence[LigneLue], debut: object) -> str:
    corps = [
        ",".join([debut(ligne), *(str(boule) for boule in ligne.numeros + ligne.etoiles)])  # type: ignore[operator]
        for ligne in lignes
    ]
    return "\n".join([entete, *corps])


def ecrire(lignes: Sequence[LigneLue], format_voulu: str) -> bytes:
    """Ces tirages dans le format demandé : l'inverse de la lecture."""
    if format_voulu == "fdj-2004":
        return _fdj(lignes, rangs=12, euro=False, style="%Y%m%d").encode("latin-1")
    if format_voulu == "fdj-2014":
        return _fdj(lignes, rangs=13, euro=False, style="%d/%m/%y").replace("\n", "\r\n").encode()
    if format_voulu == "fdj-2016":
        return _fdj(lignes, rangs=13, euro=True, style="%d/%m/%Y").encode("latin-1")
    if format_voulu == "fdj-2020":
        return _fdj(lignes, rangs=13, euro=True, style="%d/%m/%Y").encode("utf-8-sig")
    if format_voulu == "national-lottery":
        entete = "DrawDate,Ball 1,Ball 2,Ball 3,Ball 4,Ball 5,Lucky Star 1,Lucky Star 2"
        return _colonnes_simples(
            entete,
            lignes,
            lambda ligne: f"{ligne.date.day:02}-{MOIS_ANGLAIS[ligne.date.month - 1]}-{ligne.date.year}",
        ).encode()
    if format_voulu == "merseyworld":
        return _colonnes_simples(
            "Day,DD,MMM,YYYY,N1,N2,N3,N4,N5,L1,L2",
            lignes,
            lambda ligne: ",".join(
                (
                    JOURS_ANGLAIS[ligne.date.weekday()],
                    str(ligne.date.day),
                    MOIS_ANGLAIS[ligne.date.month - 1],
                    str(ligne.date.year),
                )
            ),
        ).encode()
    return _colonnes_simples(
        "date,n1,n2,n3,n4,n5,e1,e2", lignes, lambda ligne: ligne.date.isoformat()
    ).encode()
