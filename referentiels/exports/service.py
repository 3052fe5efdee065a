"""Le seul chemin d'un export du référentiel : page, API, admin et commande l'appellent tous."""

from referentiels.exports import contenus
from referentiels.exports.gabarits import gabarit
from referentiels.exports.lignes import a_des_tables, tableaux_du_genre
from referentiels.exports.portee import Portee
from referentiels.imports.service import Genre
from referentiels.models import Tache
from referentiels.perms import PAYS, Etendue
from simulateur.fichiers.tableaux import FORMATS, Fichier, Tableau, en_fichier
from simulateur.langue.citation import citer
from simulateur.web.refus import Refus, SaisieRefusee

LIGNES_XLSX = 100_000  # tâches : au-delà, un classeur prendrait une minute à écrire


def exporter(
    genre: str,
    portee: Portee,
    *,
    annee: int | None = None,
    format_: str = "xlsx",
    table: str = "",
    couts: bool = False,
) -> Fichier:
    """Ce que l'import de ce genre relirait sans rien changer. Refus si le classeur serait démesuré.

    `table` : une seule table du réseau ou des règles. `couts` : avec les salaires des postes.
    """
    verifier_format(format_)
    if portee.typologie is not None and genre != Genre.TACHES:
        raise SaisieRefusee({"typologie": ["Une typologie n'a que des tâches modèles."]})
    if format_ == "xlsx" and genre == Genre.TACHES and portee.centre is None and portee.typologie is None:
        nombre = Tache.objects.filter(portee.filtre("centre_poste__centre__")).count()
        if nombre > LIGNES_XLSX:
            raise Refus(f"{nombre} tâches : trop pour un classeur, prendre le csv, ou une direction.")
    if a_des_tables(genre):
        une_seule = format_ == "csv"
        feuilles = tableaux_du_genre(genre, portee, table=table, une_seule=une_seule, couts=couts)
        return en_fichier("-".join(filter(None, (genre, table, portee.code))), format_, feuilles)
    if table:
        raise SaisieRefusee({"table": ["Seuls le réseau et les règles ont plusieurs tables."]})
    suite = f"-{annee}" if annee and genre == Genre.VOLUMES else ""
    return en_fichier(f"{genre}-{portee.code}{suite}", format_, [_tableau(genre, portee, annee)])


def exporter_gabarit(genre: str, etendue: Etendue = PAYS) -> Fichier:
    """Le classeur vide de cet import, avec son aide : les codes des centres que voit qui demande."""
    return en_fichier(f"gabarit-{genre}", "xlsx", gabarit(genre, etendue))


def verifier_format(format_: str) -> None:
    if format_ not in FORMATS:
        raise SaisieRefusee({"format": [f"« {citer(format_)} » est inconnu. Permis : {', '.join(FORMATS)}."]})


def verifier_genre(genre: str) -> None:
    if genre not in Genre.values:
        raise SaisieRefusee(
            {"genre": [f"« {citer(genre)} » est inconnu. Permis : {', '.join(Genre.values)}."]}
        )


def _tableau(genre: str, portee: Portee, annee: int | None) -> Tableau:
    if genre == Genre.TACHES:
        return contenus.taches(portee)
    if genre == Genre.VOLUMES:
        return contenus.volumes_annuels(portee, annee)
    return contenus.effectifs_presents(portee)
