"""Import du réseau et des règles : une feuille par table, reconnue à ses en-têtes.

L'essai à blanc écrit puis défait, dans la même transaction que l'import : ce qu'il annonce est ce que la base
aurait accepté, une table après l'autre.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from referentiels.imports.descriptions import Champ, Description
from referentiels.imports.feuilles import Table, entetes_admis, meilleurs_entetes, tables
from referentiels.imports.lecture_lignes import Lecteur
from referentiels.imports.nettoyage import Doublons, LigneLue, lignes_de, memes_valeurs
from referentiels.imports.rapport import Rapport
from referentiels.lectures.parts import Parts
from referentiels.models import Centre
from simulateur.cache.images import Images
from simulateur.cache.suivi import LOT, suivi_differe
from simulateur.fichiers.limites import Feuille
from simulateur.langue.texte import normaliser
from simulateur.web.refus import SaisieRefusee

Cle = tuple[Any, ...]


class _Essai(Exception):
    """Rien ne doit rester de ce qui vient d'être écrit."""


class Ecriture:
    """Une table : ce qui est en base, ce que le fichier en dit, ce qui s'écrit."""

    def __init__(self, description: Description, rapport: Rapport, *, couts: bool) -> None:
        self.description, self.rapport = description, rapport
        self.lecteur = Lecteur(description, couts=couts)
        self.lignes = list(description.lignes().select_for_update(of=("self",)))
        self._rangs: dict[Any, list[int]] = defaultdict(list)
        self._exactes: dict[Cle, models.Model] = {}
        self._normales: dict[Cle, models.Model] = {}
        for ligne in self.lignes:
            cle = self._cle_de(ligne)
            self._exactes[cle] = ligne
            self._normales.setdefault(_normale(cle), ligne)
        self._doublons = Doublons()
        self._dites: set[Any] = set()
        self.neuves: list[models.Model] = []
        self.changees: list[models.Model] = []
        self._champs_changes: set[str] = set()

    def _cle_de(self, ligne: models.Model) -> Cle:
        valeurs = [
            getattr(ligne, self.description.champ(champ.nom).attname) for champ in self.description.cles
        ]
        if self.description.rang_dans:
            rangs = self._rangs[valeurs[0]]
            rangs.append(valeurs[-1])
            valeurs[-1] = len(rangs)
        return tuple(valeurs)

    def lire(self, table: Table) -> None:
        presents = [champ for champ in self.description.champs if champ.nom in table.entetes.positions]
        for ligne in lignes_de(table.feuille, table.entetes, self.rapport):
            if not ligne.rejetee:
                self._lire_ligne(ligne, presents)

    def _lire_ligne(self, ligne: LigneLue, presents: Sequence[Champ]) -> None:
        valeurs = self.lecteur.valeurs(ligne, presents)
        if ligne.rejetee:
            return
        cles = self.description.cles
        cle = tuple(valeurs[self.description.champ(champ.nom).attname] for champ in cles)
        quoi = "même " + ", même ".join(champ.titre.lower() for champ in cles)
        if not self._doublons.premiere_fois(_normale(cle), ligne, colonne=cles[0].nom, quoi=quoi):
            return
        presente = self._exactes.get(cle) or self._normales.get(_normale(cle))
        if presente is not None:
            self._dites.add(presente.pk)
            self._changer(ligne, presente, valeurs, presents)
        else:
            self._creer(ligne, cle, valeurs, presents)

    def _changer(
        self, ligne: LigneLue, presente: models.Model, valeurs: dict[str, Any], presents: Sequence[Champ]
    ) -> None:
        champs: dict[str, list[Any]] = {}
        for champ in presents:
            attribut = self.description.champ(champ.nom).attname
            if champ.cle or attribut not in valeurs:
                continue
            avant, apres = getattr(presente, attribut), valeurs[attribut]
            if not _memes(avant, apres):
                champs[champ.titre] = [self.lecteur.montrer(champ, v) for v in (avant, apres)]
                setattr(presente, attribut, apres)
                self._champs_changes.add(champ.nom)
        if not champs:
            self.rapport.inchangees += 1
        elif self._valable(ligne, presente):
            self.changees.append(presente)
            self._compter("modification", ligne, presente, champs)

    def _creer(self, ligne: LigneLue, cle: Cle, valeurs: dict[str, Any], presents: Sequence[Champ]) -> None:
        cles = self.description.cles
        if not self.description.creable:
            permis = ", ".join(sorted(str(connue[0]) for connue in self._exactes))
            ligne.rejeter(cles[0].nom, f"cette ligne n'existe pas et ne s'ajoute pas ; permises : {permis}")
            return
        if self.description.rang_dans and not self._numeroter(ligne, cle, valeurs):
            return
        neuve = self.description.modele(**valeurs)
        if self._valable(ligne, neuve):
            self.neuves.append(neuve)
            champs = {
                champ.titre: [
                    None,
                    self.lecteur.montrer(champ, valeurs[self.description.champ(champ.nom).attname]),
                ]
                for champ in presents
                if not champ.cle and self.description.champ(champ.nom).attname in valeurs
            }
            self._compter("ajout", ligne, neuve, champs)

    def _numeroter(self, ligne: LigneLue, cle: Cle, valeurs: dict[str, Any]) -> bool:
        """Le rang du fichier compte de 1 en 1 ; l'ordre écrit suit ceux qui sont en base."""
        rangs, dernier = self._rangs[cle[0]], self.description.cles[-1]
        if cle[-1] != len(rangs) + 1:
            ligne.rejeter(dernier.nom, f"le rang qui suit est {len(rangs) + 1}")
            return False
        valeurs[dernier.nom] = max(rangs, default=0) + 1
        rangs.append(valeurs[dernier.nom])
        return True

    def _valable(self, ligne: LigneLue, instance: models.Model) -> bool:
        """Ce que le modèle et la base en disent, avant de l'écrire."""
        try:
            instance.clean()
            instance.validate_constraints()
        except ValidationError as faute:
            fautifs = getattr(faute, "error_dict", {})
            connus = {champ.nom for champ in self.description.champs}
            colonne = next((nom for nom in fautifs if nom in connus), self.description.cles[0].nom)
            ligne.rejeter(colonne, " ".join(faute.messages))
        return not ligne.rejetee

    def _compter(
        self, sorte: Any, ligne: LigneLue | None, instance: Any, champs: dict[str, list[Any]]
    ) -> None:
        valeurs = [
            self.lecteur.montrer(champ, getattr(instance, self.description.champ(champ.nom).attname))
            for champ in self.description.cles
        ]
        objet = " · ".join(
            [self.description.nom, *(str(valeur) for valeur in valeurs if valeur not in (None, ""))]
        )
        feuille, numero = (ligne.feuille, ligne.numero) if ligne else ("", 0)
        self.rapport.compter(sorte, objet, feuille=feuille, ligne=numero, champs=champs)

    def retirer(self) -> list[models.Model]:
        """Celles que le fichier ne dit pas. D'un paramètre de centre, seulement des centres qu'il nomme."""
        absentes = [ligne for ligne in self.lignes if ligne.pk not in self._dites]
        if self.description.champs[0].nom == "centre":
            dits = {getattr(ligne, "centre_id", None) for ligne in self.lignes if ligne.pk in self._dites}
            dits |= {getattr(ligne, "centre_id", None) for ligne in self.neuves}
            absentes = [ligne for ligne in absentes if getattr(ligne, "centre_id", None) in dits]
        for ligne in absentes:
            self._compter("suppression", None, ligne, {})
        return absentes

    def ecrire(self, absentes: Sequence[models.Model], images: Images) -> None:
        modele: Any = self.description.modele
        touchees = [ligne.pk for ligne in (*self.changees, *absentes)]
        images.avant(modele, touchees)
        if absentes:
            modele.objects.filter(pk__in=[ligne.pk for ligne in absentes]).delete()
        if self.changees:
            modele.objects.bulk_update(self.changees, sorted(self._champs_changes), batch_size=500)
        creees = modele.objects.bulk_create(self.neuves, batch_size=LOT) if self.neuves else []
        images.apres(modele, [*touchees, *(creee.pk for creee in creees)])


def _normale(cle: Cle) -> Cle:
    return tuple(normaliser(valeur) if isinstance(valeur, str) else valeur for valeur in cle)


def _memes(avant: Any, apres: Any) -> bool:
    """Les espaces autour d'un texte ne passent pas par un fichier."""
    return memes_valeurs(avant.strip() if isinstance(avant, str) else avant, apres)


def importer_lignes(
    feuilles: Sequence[Feuille],
    rapport: Rapport,
    *,
    descriptions: Sequence[Description],
    remplacer: bool,
    couts: bool,
    appliquer: bool,
    images: Images,
) -> None:
    """Remplit `rapport` ; n'écrit que si `appliquer` et que rien n'est rejeté. Idempotent.

    `remplacer` : supprime, des tables retirables que le fichier a, les lignes qu'il ne dit pas.
    `couts` : qui importe peut voir et écrire les salaires.
    """
    par_table = _tables(feuilles, descriptions, rapport)
    try:
        with suivi_differe():
            for description in descriptions:
                if description.nom not in par_table:
                    continue
                ecriture = Ecriture(description, rapport, couts=couts)
                for table in par_table[description.nom]:
                    ecriture.lire(table)
                absentes = ecriture.retirer() if remplacer and description.retirable else []
                ecriture.ecrire(absentes, images)
            _verifier(rapport)
            if not appliquer or not rapport.accepte:
                raise _Essai
    except _Essai:
        pass


def _verifier(rapport: Rapport) -> None:
    if not rapport.lignes_lues and rapport.accepte:
        rapport.refus = "Le fichier n'a aucune ligne sous ses en-têtes."
    try:
        Parts.lues(Centre.objects.actifs()).verifier()
    except SaisieRefusee as refus:
        rapport.refus = rapport.refus or " ".join(refus.phrases)


def _tables(
    feuilles: Sequence[Feuille], descriptions: Sequence[Description], rapport: Rapport
) -> dict[str, list[Table]]:
    """Par nom de table, les feuilles qui en ont les en-têtes ; à égalité, celle qui en porte le nom."""
    par_table: dict[str, list[Table]] = defaultdict(list)
    proches: list[tuple[int, Description]] = []
    sautees = []
    remplies = [feuille for feuille in feuilles if feuille.lignes]
    for feuille in remplies:
        candidats = []
        for description in descriptions:
            entetes = meilleurs_entetes(feuille, description.colonnes())
            if entetes is not None:
                proches.append((len(entetes.positions), description))
                if not entetes.manquants:
                    porte_le_nom = normaliser(feuille.nom) == normaliser(description.nom)
                    candidats.append((porte_le_nom, len(entetes.positions), description.nom, entetes))
        if not candidats:
            sautees.append(feuille)
            continue
        *_, nom, entetes = max(candidats, key=lambda candidat: candidat[:2])
        table = Table(feuille, entetes)
        if entetes_admis(table, rapport):
            par_table[nom].append(table)
    if len(sautees) == len(remplies):
        _, proche = max(proches, key=lambda couple: couple[0], default=(0, descriptions[0]))
        tables(remplies, proche.colonnes(), rapport)
    else:
        for feuille in sautees:
            rapport.sauter(feuille.nom, "sans les en-têtes d'aucune table")
    return par_table
