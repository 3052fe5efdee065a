"""Lire un fichier de tirages : octets et règles du jeu en entrée, `FichierLu` en sortie. Pur."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from euromillions.imports.colonnes import FDJ, GENERIQUE, LONGUEUR_LIGNE_MAX, Entete, couper, trouver_entete
from euromillions.imports.contenu import LIGNES_MAX, texte_du_fichier
from euromillions.imports.dates import JOUR_D_ABORD, lecteur_de_la_colonne, numero_du_jour
from euromillions.imports.gains import lire_gains
from euromillions.imports.lignes import (
    Boules,
    FichierLu,
    LigneInvalide,
    LigneLue,
    RegleEre,
    Remarque,
)
from euromillions.jeu.regles import JOURS_SEMAINE, Faute, fautes_du_tirage
from simulateur.fichiers.limites import FichierRefuse

_ENTIER = re.compile(r"[+-]?[0-9]{1,9}")
_NOMBRES = re.compile(r"[0-9]{1,9}")
# L'opérateur a changé de fichier entre le 31 janvier et le 4 février 2020 sans changer ses colonnes.
_PREMIER_TIRAGE_FICHIER_2020 = date(2020, 2, 4)


class _Rejet(Exception):
    def __init__(self, colonne: str, valeur: str, raison: str, *, hors_jeu: bool = False) -> None:
        self.colonne, self.valeur, self.raison, self.hors_jeu = colonne, valeur, raison, hors_jeu
        super().__init__(raison)

    def en_ligne(self, numero_ligne: int) -> LigneInvalide:
        return LigneInvalide(numero_ligne, self.colonne, self.valeur[:60], self.raison, self.hors_jeu)


def lire(
    octets: bytes,
    *,
    eres: Sequence[RegleEre],
    jusqu_au: date,
    taille_max: int,
    lignes_max: int = LIGNES_MAX,
    connus: Mapping[date, Boules] | None = None,
    style_date: str = "",
) -> FichierLu:
    """Lit un fichier entier ; `jusqu_au` est le dernier jour où un tirage a pu avoir lieu.

    `connus` : les tirages en place, qui décident d'une date que le jour et le mois laissent ambiguë ;
    `style_date` l'impose.
    Lève FichierRefuse si rien n'est lisible ; toute ligne écartée est dans `invalides` avec sa raison.
    """
    contenu = texte_du_fichier(octets, taille_max=taille_max, lignes_max=lignes_max)
    lignes = contenu.texte.split("\n")
    entete = trouver_entete(lignes)
    rangees = [
        (numero_ligne, couper(ligne, entete.separateur) if len(ligne) <= LONGUEUR_LIGNE_MAX else [])
        for numero_ligne, ligne in enumerate(lignes[entete.numero_ligne :], entete.numero_ligne + 1)
        if ligne.strip().strip(entete.separateur)
    ]
    if not rangees:
        raise FichierRefuse("Le fichier a un en-tête mais aucune ligne de tirage.")
    lecteur = _Lecteur(entete, eres, jusqu_au, rangees, connus or {}, style_date)
    lues, invalides = lecteur.lire(rangees)
    gardees, contraires, doublons = _sans_doublons(lues, entete)
    return FichierLu(
        format=_nom_du_format(entete, gardees),
        encodage=contenu.encodage,
        separateur=entete.separateur,
        fins_de_ligne=contenu.fins_de_ligne,
        style_date=lecteur.dates.nom,
        ordre_date=lecteur.dates.chiffres if lecteur.dates.chiffres in lecteur.dates.vus else "",
        lignes=len(rangees),
        lues=tuple(gardees),
        invalides=tuple(sorted(invalides + contraires, key=lambda ligne: ligne.numero_ligne)),
        doublons=doublons,
        remarques=tuple(lecteur.remarques),
    )


class _Lecteur:
    """Lit les rangées d'un fichier dont l'en-tête est connu."""

    def __init__(
        self,
        entete: Entete,
        eres: Sequence[RegleEre],
        jusqu_au: date,
        rangees: Sequence[tuple[int, list[str]]],
        connus: Mapping[date, Boules],
        style_date: str,
    ) -> None:
        self.entete = entete
        self.eres = eres
        self.jusqu_au = jusqu_au
        self.remarques: list[Remarque] = []
        textes = [(numero_ligne, self._texte_date(cellules)) for numero_ligne, cellules in rangees]
        par_ligne = dict(rangees)
        self.dates = lecteur_de_la_colonne(
            [(numero_ligne, texte) for numero_ligne, texte in textes if texte],
            self._est_un_jour_de_tirage,
            confirme=lambda numero_ligne, jour: (
                jour in connus and connus[jour] == self._boules_lisibles(par_ligne[numero_ligne])
            ),
            impose=style_date,
            # Les opérateurs français et britannique écrivent le jour d'abord.
            a_egalite="" if entete.disposition is GENERIQUE else JOUR_D_ABORD,
        )
        if len(self.dates.vus) > 1:
            self.remarques.append(
                Remarque(None, f"la colonne de date mélange {self.dates.nom}, chaque ligne lue dans le sien")
            )

    def _est_un_jour_de_tirage(self, jour: date) -> bool:
        return jour <= self.jusqu_au and any(
            ere.debut <= jour and (ere.fin is None or jour <= ere.fin) and str(jour.isoweekday()) in ere.jours
            for ere in self.eres
        )

    def _boules_lisibles(self, cellules: list[str]) -> Boules | None:
        """Les boules rangées d'une ligne ; None si l'une n'est pas un entier."""
        try:
            numeros = self._boules(cellules, self.entete.disposition.boules)
            etoiles = self._boules(cellules, self.entete.disposition.etoiles)
        except _Rejet:
            return None
        return tuple(sorted(numeros)), tuple(sorted(etoiles))

    def lire(self, rangees: Sequence[tuple[int, list[str]]]) -> tuple[list[LigneLue], list[LigneInvalide]]:
        lues: list[LigneLue] = []
        invalides: list[LigneInvalide] = []
        for numero_ligne, cellules in rangees:
            try:
                lues.append(self._ligne(numero_ligne, cellules))
            except _Rejet as rejet:
                invalides.append(rejet.en_ligne(numero_ligne))
        return lues, invalides

    def _ligne(self, numero_ligne: int, cellules: list[str]) -> LigneLue:
        self._verifier_largeur(cellules)
        jour, jour_annonce = self._date(cellules)
        boules = self._boules(cellules, self.entete.disposition.boules)
        etoiles = self._boules(cellules, self.entete.disposition.etoiles)
        self._verifier_regles(jour, boules, etoiles)
        self._verifier_ordre_croissant(cellules, boules, etoiles)
        ere = next(ere for ere in self.eres if ere.debut <= jour and (ere.fin is None or jour <= ere.fin))
        gains, remarques = lire_gains(cellules, self.entete, rangs=ere.rangs)
        self.remarques += [Remarque(numero_ligne, texte) for texte in remarques]
        return LigneLue(
            numero_ligne=numero_ligne,
            date=jour,
            numeros=tuple(sorted(boules)),
            etoiles=tuple(sorted(etoiles)),
            # Seul l'opérateur français donne les boules dans l'ordre de sortie.
            ordre_physique=boules + etoiles if self.entete.disposition is FDJ else None,
            gains=gains,
            jour_annonce=jour_annonce,
        )

    def _verifier_largeur(self, cellules: list[str]) -> None:
        if not cellules:
            raise _Rejet("", "", f"La ligne dépasse {LONGUEUR_LIGNE_MAX} caractères.")
        # Un en-tête peut avoir une colonne vide de moins que ses lignes ; une valeur en trop est un décalage.
        surplus = [cellule for cellule in cellules[len(self.entete.titres) :] if cellule.strip()]
        if surplus:
            raise _Rejet("", surplus[0], "Plus de valeurs que de colonnes : la ligne est décalée.")
        derniere = max(self.entete.places[nom] for nom in self.entete.disposition.exigees)
        if len(cellules) <= derniere:
            raise _Rejet(
                self.entete.titres[len(cellules)],
                "",
                f"Colonne manquante : {len(cellules)} valeurs, il en faut au moins {derniere + 1}.",
            )

    def _cellule(self, cellules: list[str], nom: str) -> str:
        place = self.entete.places.get(nom)
        return "" if place is None or place >= len(cellules) else cellules[place].strip()

    def _texte_date(self, cellules: list[str]) -> str:
        return "-".join(self._cellule(cellules, nom) for nom in self.entete.disposition.date).strip("-")

    def _date(self, cellules: list[str]) -> tuple[date, str | None]:
        colonne = self.entete.titre(self.entete.disposition.date[0])
        texte = self._texte_date(cellules)
        if not texte:
            raise _Rejet(colonne, "", "Date absente.")
        jour = self.dates.lire(texte)
        if jour is None:
            raise _Rejet(colonne, texte, f"« {texte[:40]} » n'est pas une date {self.dates.nom}.")
        annonce = self._cellule(cellules, self.entete.disposition.jour)
        if annonce:
            self._verifier_jour_annonce(annonce, jour)
        return jour, annonce or None

    def _verifier_jour_annonce(self, annonce: str, jour: date) -> None:
        colonne = self.entete.titre(self.entete.disposition.jour)
        annonce_lue = numero_du_jour(annonce)
        if annonce_lue is None:
            raise _Rejet(colonne, annonce, f"« {annonce[:20]} » n'est pas un jour de la semaine.")
        if annonce_lue != jour.weekday():
            raise _Rejet(
                colonne,
                annonce,
                f"Le {jour:%d/%m/%Y} est un {JOURS_SEMAINE[jour.weekday()]} ; "
                f"le fichier dit {JOURS_SEMAINE[annonce_lue]}.",
            )

    def _boules(self, cellules: list[str], noms: tuple[str, ...]) -> tuple[int, ...]:
        return tuple(self._boule(cellules, nom) for nom in noms)

    def _boule(self, cellules: list[str], nom: str) -> int:
        texte = self._cellule(cellules, nom)
        if not texte:
            raise _Rejet(self.entete.titre(nom), "", "Valeur absente.")
        if not _ENTIER.fullmatch(texte):
            raise _Rejet(self.entete.titre(nom), texte, f"« {texte[:30]} » n'est pas un nombre entier.")
        return int(texte)

    def _verifier_regles(self, jour: date, boules: tuple[int, ...], etoiles: tuple[int, ...]) -> None:
        fautes = fautes_du_tirage(jour, boules, etoiles, eres=self.eres, aujourdhui=self.jusqu_au)
        if not fautes:
            return
        colonne, valeur = self._fautif(fautes[0], jour, boules, etoiles)
        raison = " ".join(faute.message for faute in fautes)
        raise _Rejet(colonne, valeur, raison, hors_jeu=True)

    def _fautif(
        self, faute: Faute, jour: date, boules: tuple[int, ...], etoiles: tuple[int, ...]
    ) -> tuple[str, str]:
        """Titre et valeur de la cellule à corriger ; le groupe entier si la faute est un doublon."""
        disposition = self.entete.disposition
        if faute.champ == "date":
            return self.entete.titre(disposition.date[0]), jour.isoformat()
        noms, valeurs = (
            (disposition.boules, boules) if faute.champ == "numeros" else (disposition.etoiles, etoiles)
        )
        titres = f"{self.entete.titre(noms[0])} à {self.entete.titre(noms[-1])}"
        return titres, " ".join(map(str, valeurs))

    def _verifier_ordre_croissant(
        self, cellules: list[str], boules: tuple[int, ...], etoiles: tuple[int, ...]
    ) -> None:
        if self.entete.disposition.croissant is None:
            return
        for nom, valeurs in zip(self.entete.disposition.croissant, (boules, etoiles), strict=True):
            texte = self._cellule(cellules, nom)
            if texte and [int(mot) for mot in _NOMBRES.findall(texte)] != sorted(valeurs):
                raise _Rejet(
                    self.entete.titre(nom), texte, f"« {texte[:30]} » contredit les boules de la ligne."
                )


def _sans_doublons(
    lues: Sequence[LigneLue], entete: Entete
) -> tuple[list[LigneLue], list[LigneInvalide], int]:
    """Une ligne par date. Des boules différentes à la même date : aucune n'est crue."""
    par_date: dict[date, list[LigneLue]] = defaultdict(list)
    for ligne in lues:
        par_date[ligne.date].append(ligne)
    gardees: list[LigneLue] = []
    contraires: list[LigneInvalide] = []
    doublons = 0
    colonne = entete.titre(entete.disposition.date[0])
    for jour, lignes in sorted(par_date.items()):
        if len({ligne.boules for ligne in lignes}) == 1:
            gardees.append(lignes[0])
            doublons += len(lignes) - 1
            continue
        for ligne in lignes:
            autre = next(autre for autre in lignes if autre.boules != ligne.boules)
            contraires.append(
                LigneInvalide(
                    ligne.numero_ligne,
                    colonne,
                    jour.isoformat(),
                    f"Le {jour:%d/%m/%Y} revient ligne {autre.numero_ligne} avec d'autres boules.",
                )
            )
    return gardees, contraires, doublons


def _nom_du_format(entete: Entete, lues: Sequence[LigneLue]) -> str:
    """Pour l'opérateur français, l'année de la génération de fichiers ; la famille sinon."""
    if entete.disposition is not FDJ:
        return entete.disposition.famille
    noms = entete.places
    if "numero_my_million" not in noms:
        return "fdj-2004" if max(entete.rangs, default=0) <= 12 else "fdj-2011"
    if "numero_tirage_exceptionnel_euro_million" in noms:
        recent = bool(lues) and lues[-1].date >= _PREMIER_TIRAGE_FICHIER_2020
        return "fdj-2020" if recent else "fdj-2019"
    return "fdj-2016" if "numero_tirage_exceptionnel_euro_millions" in noms else "fdj-2014"
