"""Le pont, du présent à l'écart, en une phrase (docs/metier/effectifs.md#pont), pour pages et commandes."""

from simulateur.langue.nombres import en_plus, nombre, personnes
from simulations.moteur.mesures import MesuresEnBref

QUI_ARRONDIT = {
    "poste": "l'arrondi par poste",
    "centre": "l'arrondi par centre",
    "demi": "l'arrondi à la demi-personne",
    "aucun": "l'arrondi au centième",
}


def pont_en_mots(mesures: MesuresEnBref, arrondi: str) -> str:
    """« Il faut 4 990,7 ETP pour 5 057,5 présents ; l'arrondi par poste retire 81,2 ; écart −148,0, soit
    423,5 à pourvoir et 571,5 en trop. »"""
    calcule, presents = nombre(mesures["etp_calcule"], 2), personnes(mesures["etp_actuel"])
    effet = f"{QUI_ARRONDIT[arrondi]} {_effet(mesures['effet_arrondi'])}"
    manque, surplus = personnes(mesures["a_pourvoir"]), personnes(-mesures["en_trop"])
    ecart = f"écart {en_plus(mesures['ecart'])}, soit {manque} à pourvoir et {surplus} en trop"
    return f"Il faut {calcule} ETP pour {presents} présents ; {effet} ; {ecart}."


def _effet(effet: float) -> str:
    ecrit = nombre(abs(effet), 2)
    if not ecrit.strip("0,"):
        return "ne change rien"
    return f"{'ajoute' if effet > 0 else 'retire'} {ecrit}"
