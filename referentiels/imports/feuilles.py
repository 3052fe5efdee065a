"""Les feuilles avant leurs lignes : ce qui est masqué ou fusionné, où sont les en-têtes, ce qui se saute.

Rien ne se saute en silence : chaque feuille, ligne ou colonne écartée est nommée dans le rapport.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from referentiels.imports.nettoyage import Colonne, Entetes, etendue, lettre, resoudre
from referentiels.imports.rapport import Rapport, Rejet
from simulateur.fichiers.limites import Feuille, Ligne, Valeur

FEUILLE_AIDE = "Aide"  # celle des gabarits : jamais lue
LIGNES_D_ENTETE = 20
CITES = 10
AVEUGLE = (
    "Ce format ne laisse voir ni lignes masquées, ni cellules en erreur, ni formules sans valeur, "
    "qui se lisent vides. Dans le doute, enregistrer en xlsx."
)


@dataclass(frozen=True)
class Lecture:
    """Ce qu'on demande de la lecture : lire ce qui est masqué, recopier les étiquettes fusionnées."""

    masques: bool = False
    fusions: bool = False


@dataclass(frozen=True)
class Table:
    """Une feuille et la place de ses en-têtes."""

    feuille: Feuille
    entetes: Entetes


def preparer(feuilles: Sequence[Feuille], rapport: Rapport, lecture: Lecture) -> list[Feuille]:
    """Les feuilles à lire, sans ce qui est masqué (ou avec, si on le demande), étiquettes recopiées."""
    gardees = []
    for feuille in feuilles:
        if feuille.nom == FEUILLE_AIDE:
            rapport.sauter(feuille.nom, "feuille d'aide du gabarit")
            continue
        if feuille.masquee and not lecture.masques:
            rapport.sauter(feuille.nom, "feuille masquée")
            continue
        if feuille.masquee:
            rapport.avertissements.append(f"Feuille « {feuille.nom} » masquée : lue, comme demandé.")
        gardees.append(_recopier(_demasquer(feuille, rapport, lecture), rapport, lecture))
    if any(feuille.aveugle for feuille in gardees):
        rapport.avertissements.append(AVEUGLE)
    return gardees


def _demasquer(feuille: Feuille, rapport: Rapport, lecture: Lecture) -> Feuille:
    masquees = [ligne.numero for ligne in feuille.lignes if ligne.numero in feuille.lignes_masquees]
    colonnes = sorted(
        colonne
        for colonne in feuille.colonnes_masquees
        if any(
            colonne <= len(ligne.valeurs) and ligne.valeurs[colonne - 1] is not None
            for ligne in feuille.lignes
        )
    )
    if colonnes:
        lettres = ", ".join(map(lettre, colonnes[:CITES]))
        rapport.avertissements.append(f"{_ou(feuille)}colonnes masquées, lues : {lettres}.")
    if not masquees:
        return feuille
    faites = "comme demandé, on lit" if lecture.masques else "on ne lit pas"
    nombre = len(masquees)
    compte = "1 ligne masquée ou filtrée" if nombre < 2 else f"{nombre} lignes masquées ou filtrées"
    rapport.avertissements.append(f"{_ou(feuille)}{compte}, {faites} : {_numeros(masquees)}.")
    if lecture.masques:
        return feuille
    rapport.lignes_masquees += len(masquees)
    gardees = tuple(ligne for ligne in feuille.lignes if ligne.numero not in feuille.lignes_masquees)
    return replace(feuille, lignes=gardees)


def _recopier(feuille: Feuille, rapport: Rapport, lecture: Lecture) -> Feuille:
    """Sur demande, chaque cellule d'une fusion reçoit la valeur de la première."""
    if not feuille.fusions or not lecture.fusions:
        return feuille
    lignes: dict[int, list[Valeur]] = {ligne.numero: list(ligne.valeurs) for ligne in feuille.lignes}
    for haut, gauche, bas, droite in feuille.fusions:
        source = lignes.get(haut, [])
        valeur = source[gauche - 1] if len(source) >= gauche else None
        for numero in range(haut, bas + 1):
            # Une ligne vide le reste : l'étiquette seule n'en fait pas une.
            if numero in lignes and valeur is not None:
                rangee = lignes[numero]
                rangee.extend([None] * (droite - len(rangee)))
                rangee[gauche - 1 : droite] = [valeur] * (droite - gauche + 1)
    etendues = ", ".join(etendue(fusion) for fusion in feuille.fusions[:CITES])
    rapport.avertissements.append(
        f"{_ou(feuille)}étiquettes fusionnées recopiées, comme demandé : {etendues}."
    )
    return replace(feuille, lignes=tuple(Ligne(n, tuple(v)) for n, v in sorted(lignes.items())), fusions=())


def tables(feuilles: Sequence[Feuille], colonnes: Sequence[Colonne], rapport: Rapport) -> list[Table]:
    """Les feuilles qui ont les colonnes obligatoires en tête ; les autres sont sautées, nommées.

    Aucune ne les a : un rejet par colonne qui manque à la plus ressemblante, ou un refus qui montre ce
    qu'on a vu.
    """
    remplies = [feuille for feuille in feuilles if feuille.lignes]
    trouvees = [(feuille, meilleurs_entetes(feuille, colonnes)) for feuille in remplies]
    completes = [Table(f, e) for f, e in trouvees if e is not None and not e.manquants]
    if not completes:
        _rien_trouve(trouvees, colonnes, rapport)
        return []
    retenues = {table.feuille.nom for table in completes}
    for feuille, _ in trouvees:
        if feuille.nom not in retenues:
            rapport.sauter(feuille.nom, "sans les en-têtes attendus")
    return [table for table in completes if entetes_admis(table, rapport)]


def meilleurs_entetes(feuille: Feuille, colonnes: Sequence[Colonne]) -> Entetes | None:
    """La première ligne complète des premières ; sinon celle qui reconnaît le plus de colonnes."""
    candidats = [
        resoudre(ligne, colonnes) for ligne in feuille.lignes if ligne.numero <= _derniere_ligne(feuille)
    ]
    complet = next((entetes for entetes in candidats if not entetes.manquants), None)
    if complet is not None:
        return complet
    meilleur = max(candidats, key=lambda entetes: len(entetes.positions), default=None)
    return meilleur if meilleur is not None and meilleur.positions else None


def _derniere_ligne(feuille: Feuille) -> int:
    return feuille.lignes[0].numero + LIGNES_D_ENTETE - 1 if feuille.lignes else 0


def entetes_admis(table: Table, rapport: Rapport) -> bool:
    """Vrai si rien ne manque ni ne se répète ; ce qui est ignoré est nommé."""
    feuille, entetes = table.feuille, table.entetes
    for titre in entetes.manquants:
        rapport.rejeter(Rejet(feuille.nom, entetes.numero, titre, "", "colonne manquante"))
    for titre in entetes.en_double:
        rapport.rejeter(Rejet(feuille.nom, entetes.numero, titre, "", "colonne présente deux fois"))
    if entetes.ignores:
        rapport.avertissements.append(f"{_ou(feuille)}colonnes ignorées : {', '.join(entetes.ignores[:20])}.")
    au_dessus = [ligne for ligne in feuille.lignes if ligne.numero < entetes.numero]
    if au_dessus:
        texte = " ".join(str(v) for v in au_dessus[0].valeurs if v is not None)[:80]
        rapport.avertissements.append(
            f"{_ou(feuille)}en-têtes lus à la ligne {entetes.numero}, sous « {texte} »."
        )
    return not entetes.manquants and not entetes.en_double


def _rien_trouve(
    trouvees: Sequence[tuple[Feuille, Entetes | None]], colonnes: Sequence[Colonne], rapport: Rapport
) -> None:
    proches = [(feuille, entetes) for feuille, entetes in trouvees if entetes is not None]
    if proches:
        feuille, entetes = max(proches, key=lambda couple: len(couple[1].positions))
        entetes_admis(Table(feuille, entetes), rapport)
        return
    attendus = ", ".join(colonne.titres[0] for colonne in colonnes if colonne.obligatoire)
    vues = [
        " | ".join(str(valeur) for valeur in ligne.valeurs if valeur is not None)[:80]
        for feuille, _ in trouvees
        for ligne in feuille.lignes[:3]
    ][:5]
    lu = " ; ".join(f"« {vue} »" for vue in vues) or "rien"
    ou = f"dans les {LIGNES_D_ENTETE} premières lignes"
    rapport.refus = f"En-têtes introuvables {ou}. Attendus : {attendus}. Lu : {lu}."


def _ou(feuille: Feuille) -> str:
    return f"Feuille « {feuille.nom} » : " if feuille.nom else ""


def _numeros(numeros: Sequence[int]) -> str:
    suite = "…" if len(numeros) > CITES else ""
    return f"{', '.join(map(str, numeros[:CITES]))}{suite}"
