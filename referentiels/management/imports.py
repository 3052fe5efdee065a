"""Base des commandes d'import : à blanc par défaut, rapport en français, code 1 si le fichier est refusé."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from referentiels.imports.rapport import NOTATIONS, OptionsDeLecture
from referentiels.imports.service import Demande, Genre, importer
from referentiels.models import ImportFichier
from simulateur.fichiers.limites import FichierRefuse
from simulateur.fichiers.reception import verifier_taille
from simulateur.langue.nombres import nombre
from simulateur.travaux.prise import Refus

REJETS_MONTRES = 50
DETAILS_MONTRES = 10


class CommandeImport(BaseCommand):
    """Sous-classes : `demande(options)`, et leurs arguments propres."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("fichier", type=Path, help="classeur (xlsx, xls, xlsb, ods) ou fichier csv")
        parser.add_argument(
            "--appliquer", action="store_true", help="écrit ; sans cette option, essai à blanc"
        )
        parser.add_argument("--masques", action="store_true", help="lit aussi feuilles et lignes masquées")
        parser.add_argument("--fusions", action="store_true", help="recopie les cellules fusionnées")
        parser.add_argument(
            "--notation", choices=sorted(NOTATIONS), default="", help="séparateur décimal de tout le fichier"
        )
        parser.add_argument("--json", action="store_true", help="rend le rapport complet en JSON")

    def demande(self, options: Mapping[str, Any]) -> Demande:
        raise NotImplementedError

    @staticmethod
    def lecture(options: Mapping[str, Any]) -> OptionsDeLecture:
        """Ce qu'on demande de la lecture, pour la demande."""
        return {nom: options[nom] for nom in ("masques", "fusions", "notation")}  # type: ignore[return-value]

    def handle(self, *args: Any, **options: Any) -> None:
        chemin: Path = options["fichier"]
        try:
            demande = replace(self.demande(options), couts=True)
            contenu = _lire(chemin)
        except (Refus, FichierRefuse) as refus:
            raise CommandError(str(refus)) from None
        trace = importer(demande, contenu=contenu, nom=chemin.name, a_blanc=not options["appliquer"])
        if options["json"]:
            rapport = {"import": trace.pk, "applique": trace.applique, **trace.rapport}
            self.stdout.write(json.dumps(rapport, ensure_ascii=False, indent=2))
        else:
            self._montrer(trace)
        if not trace.rapport["accepte"]:
            raise CommandError(trace.rapport["phrase"])

    def _montrer(self, trace: ImportFichier) -> None:
        rapport = trace.rapport
        cible = f" — {trace.cible}" if trace.cible else ""
        self.stdout.write(f"Import n° {trace.pk} : {trace.get_genre_display()}{cible} — {trace.nom_fichier}")
        for libelle, cle in (
            ("lignes lues", "lignes_lues"),
            ("ajouts", "creees"),
            ("modifications", "modifiees"),
            ("inchangées", "inchangees"),
            ("suppressions", "supprimees"),
            ("erreurs", "rejets_total"),
        ):
            self.stdout.write(f"  {libelle:<16}{rapport[cle]:>9}")
        for champ, modifies in rapport["champs_modifies"].items():
            self.stdout.write(f"    dont {champ} : {modifies}")
        if rapport["postes_ajoutes"]:
            self.stdout.write(f"  Postes ajoutés au centre : {', '.join(rapport['postes_ajoutes'])}")
        if rapport["centres_inconnus"]:
            noms = ", ".join(f"{nom} ({lignes})" for nom, lignes in rapport["centres_inconnus"].items())
            for nom, proches in rapport["centres_proches"].items():
                self.stdout.write(self.style.WARNING(f"  « {nom} » : {proches}"))
            self.stdout.write(self.style.WARNING(f"  Centres inconnus, lignes ignorées : {noms}"))
        for centre, postes in rapport["postes_omis"].items():
            self.stdout.write(
                self.style.WARNING(f"  {centre}, postes absents du fichier, gardés : {', '.join(postes)}")
            )
        self._montrer_les_totaux(rapport)
        for feuille, raison in rapport["feuilles_sautees"].items():
            self.stdout.write(self.style.WARNING(f"  Feuille « {feuille} » sautée : {raison}"))
        for phrase in rapport["avertissements"]:
            self.stdout.write(self.style.WARNING(f"  {phrase}"))
        self._montrer_rejets(rapport)
        if trace.applique:
            self.stdout.write(self.style.SUCCESS("Écrit."))
        elif rapport["accepte"] and not trace.a_blanc:
            self.stdout.write("Rien ne change : rien n'est écrit.")
        elif rapport["accepte"]:
            self.stdout.write("Essai à blanc, rien n'est écrit : ajouter --appliquer.")

    def _montrer_les_totaux(self, rapport: Mapping[str, Any]) -> None:
        """Avant et après de ce que le fichier touche, puis ses plus grands changements."""
        totaux = rapport["totaux"]
        for groupe in ("par_flux", "par_direction"):
            for code, (avant, apres) in sorted(totaux[groupe].items()):
                self.stdout.write(f"  {code} : {nombre(avant, 2)} → {nombre(apres, 2)}")
        if totaux["mesure"]:
            avant, apres = totaux["total"]
            self.stdout.write(f"  Total, {totaux['mesure']} : {nombre(avant, 2)} → {nombre(apres, 2)}")
        for detail in rapport["details"][:DETAILS_MONTRES]:
            for champ, (avant, apres) in detail["champs"].items():
                self.stdout.write(f"    {detail['objet']}, {champ} : {_dire(avant)} → {_dire(apres)}")

    def _montrer_rejets(self, rapport: Mapping[str, Any]) -> None:
        for rejet in rapport["rejets"][:REJETS_MONTRES]:
            ou = f"feuille « {rejet['feuille']} », " if rejet["feuille"] else ""
            valeur = f" « {rejet['valeur']} »" if rejet["valeur"] else ""
            self.stdout.write(
                self.style.ERROR(
                    f"  {ou}ligne {rejet['ligne']}, colonne {rejet['colonne']}{valeur} : {rejet['raison']}"
                )
            )
        reste = rapport["rejets_total"] - REJETS_MONTRES
        if reste > 0:
            self.stdout.write(self.style.ERROR(f"  … et {reste} autres erreurs (--json les donne)."))


class CommandeDeTables(CommandeImport):
    """Le réseau ou les règles. Sous-classes : leur `genre`."""

    genre: Genre

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--remplacer", action="store_true", help="supprime les lignes absentes des tables du fichier"
        )

    def demande(self, options: Mapping[str, Any]) -> Demande:
        return Demande(genre=self.genre, remplacer=options["remplacer"], **self.lecture(options))


def _dire(valeur: Any) -> str:
    """Une valeur du rapport : un nombre, un texte, ou « — »."""
    return valeur if isinstance(valeur, str) and valeur else nombre(valeur or None, 2)


def _lire(chemin: Path) -> bytes:
    try:
        verifier_taille(chemin.stat().st_size)
        return chemin.read_bytes()
    except OSError as erreur:
        raise CommandError(f"{chemin} ne se lit pas : {erreur.strerror}.") from None
