"""manage.py simuler direction CODE : lance par la file, suit la progression, imprime la table."""

import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from referentiels.lectures.annees import lire_annee
from referentiels.models import Centre, Direction
from simulateur.langue.nombres import duree, en_plus, nombre, personnes
from simulateur.models import Etat
from simulateur.travaux.attente import phrase_d_attente
from simulateur.travaux.machine import annuler, executer
from simulateur.web.refus import refus_de_commande
from simulations.calculs.lancement import lancer
from simulations.demandes.cibles import Cible
from simulations.demandes.demande import lire_demande
from simulations.management import immediat
from simulations.models import Scenario, Simulation
from simulations.models.contenus import Rapport
from simulations.moteur.mesures import Sommes
from simulations.moteur.parametres import ARRONDIS
from simulations.resultats.pont import pont_en_mots
from simulations.resultats.restitution import resultat
from simulations.scenarios import services

IMMEDIATS = ("centre", "poste", "modes")
PAS_SUIVI_S = 0.1
LARGEUR_BARRE = 30


class Command(BaseCommand):
    help = (
        "Lance une simulation (direction CODE, national, centres CODE…) et imprime ses résultats ; "
        "ou calcule tout de suite, sans rien garder (centre CODE, poste CENTRE POSTE, modes CENTRE)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("niveau", choices=["direction", "national", "centres", *IMMEDIATS])
        parser.add_argument("codes", nargs="*", help="codes de la direction, des centres ou du poste")
        parser.add_argument("--scenario", type=int, help="identifiant d'un scénario : ses hypothèses")
        parser.add_argument(
            "-p", "--parametre", action="append", default=[], metavar="NOM=VALEUR", help="productivite=90 …"
        )
        parser.add_argument("--mode", choices=["actuel", "recommande", "optimise"])
        parser.add_argument("--arrondi", choices=ARRONDIS, help="façon d'arrondir les ETP")
        parser.add_argument("--annee", type=int, help="année des volumes")
        parser.add_argument("--json", action="store_true", help="résultat complet en JSON")
        parser.add_argument("--sur-place", action="store_true", help="calculer ici, sans passer par la file")
        parser.add_argument("--attente", type=int, default=600, help="secondes d'attente au plus")

    def handle(self, *args: Any, **options: Any) -> None:
        with refus_de_commande():
            options["annee"] = lire_annee(options["annee"])
        if options["niveau"] in IMMEDIATS:
            self._calculer_tout_de_suite(options)
            return
        simulation = self._lancer(options)
        if options["sur_place"]:
            self._executer_ici(simulation)
        self._suivre(simulation, options)
        simulation.refresh_from_db()
        if simulation.etat != Etat.TERMINEE:
            raise CommandError(f"{simulation.get_etat_display()} : {simulation.message}")
        if options["json"]:
            self.stdout.write(json.dumps(resultat(simulation), ensure_ascii=False, indent=1))
            return
        self._imprimer(simulation)

    def _executer_ici(self, simulation: Simulation) -> None:
        """Sans la file, personne ne ferait la tentative suivante : un échec s'arrête là."""
        executer(simulation._meta.label, str(simulation.pk))
        simulation.refresh_from_db()
        if not simulation.est_fini:
            echec = simulation.message
            annuler(simulation)
            raise CommandError(f"Échec du calcul, voir le journal ({echec})")

    def _lancer(self, options: Mapping[str, Any]) -> Simulation:
        cible = self._cible(options["niveau"], options["codes"])
        if options["scenario"] is not None:
            return self._lancer_le_scenario(options, cible)
        direction = cible.get("direction")
        with refus_de_commande():
            demande = lire_demande(self._corps(options), direction_id=direction.pk if direction else None)
        return lancer(demande=demande, annee=options["annee"], **cible)

    def _corps(self, options: Mapping[str, Any]) -> dict[str, Any]:
        globaux = dict(self._parametre(texte) for texte in options["parametre"])
        choisis = {"mode": options["mode"] or "actuel", "arrondi": options["arrondi"]}
        return {**choisis, "global_params": globaux}

    def _lancer_le_scenario(self, options: Mapping[str, Any], cible: Cible) -> Simulation:
        if options["parametre"] or options["annee"] or options["mode"] or options["arrondi"]:
            raise CommandError(
                "Un scénario porte ses paramètres, son mode, son arrondi et son année : ne pas les redonner."
            )
        scenario = Scenario.objects.filter(pk=options["scenario"]).first()
        if scenario is None:
            raise CommandError(f"Le scénario {options['scenario']} n'existe pas.")
        return services.simuler(scenario, demandeur=None, **cible)

    def _calculer_tout_de_suite(self, options: Mapping[str, Any]) -> None:
        if options["scenario"] is not None:
            raise CommandError("Un scénario se simule sur une direction, des centres ou le pays.")
        corps = immediat.calculer(options["niveau"], options["codes"], self._corps(options), options["annee"])
        if options["json"]:
            self.stdout.write(json.dumps(corps, ensure_ascii=False, indent=1))
            return
        fictif = " — données fictives" if corps["fictif"] else ""
        self.stdout.write(f"{corps['centre_label']} — volumes {corps['annee']}{fictif}")
        self.stdout.write(_couverture(corps["report"]))
        for ligne in immediat.lignes(corps):
            self.stdout.write("  ".join(ligne))
        if pont := immediat.pont(corps):
            self.stdout.write(pont)

    def _parametre(self, texte: str) -> tuple[str, str]:
        nom, egal, valeur = texte.partition("=")
        if not egal:
            raise CommandError(f"« {texte} » : écrire NOM=VALEUR, par exemple productivite=90.")
        return nom.strip(), valeur.strip().replace(",", ".")

    def _cible(self, niveau: str, codes: list[str]) -> Cible:
        if niveau == "national":
            return {"niveau": Simulation.Niveau.NATIONAL}
        if niveau == "direction":
            if len(codes) != 1:
                raise CommandError("Donner le code d'une direction : simuler direction CODE")
            direction = Direction.objects.filter(code=codes[0]).first()
            if direction is None:
                connus = ", ".join(Direction.objects.order_by("code").values_list("code", flat=True)[:30])
                raise CommandError(f"Direction « {codes[0]} » inconnue. Codes : {connus or 'aucun'}.")
            return {"niveau": Simulation.Niveau.DIRECTION, "direction": direction}
        trouves = dict(Centre.objects.filter(code__in=codes).values_list("code", "pk"))
        inconnus = [code for code in codes if code not in trouves]
        if inconnus or not codes:
            raise CommandError(f"Centres inconnus : {', '.join(inconnus) or 'aucun code donné'}.")
        return {"niveau": Simulation.Niveau.BATCH, "centre_ids": sorted(trouves.values())}

    def _suivre(self, simulation: Simulation, options: Mapping[str, Any]) -> None:
        fin = time.monotonic() + options["attente"]
        terminal = self.stdout.isatty() if hasattr(self.stdout, "isatty") else False
        dernier = None
        while True:
            simulation.refresh_from_db(fields=["etat", "progression", "message", "termine_le", "demarre_le"])
            attente = phrase_d_attente(simulation)
            vue = (simulation.etat, simulation.progression, attente)
            if not options["json"] and vue != dernier:
                dernier = vue
                self._barre(simulation, terminal, attente)
            if simulation.est_fini:
                break
            if time.monotonic() > fin:
                raise CommandError(
                    f"Toujours « {simulation.get_etat_display()} » après {options['attente']} s : "
                    "un ouvrier tourne-t-il ? (manage.py sante)"
                )
            time.sleep(PAS_SUIVI_S)
        if terminal and not options["json"]:
            self.stdout.write("")

    def _barre(self, simulation: Simulation, terminal: bool, attente: str) -> None:
        plein = LARGEUR_BARRE * simulation.progression // 100
        barre = "█" * plein + "░" * (LARGEUR_BARRE - plein)
        texte = f"{barre} {simulation.progression:3d} %  {simulation.get_etat_display()}"
        message = simulation.message or attente
        texte += f"  {message}" if message else ""
        if terminal:
            sys.stdout.write("\r\033[K" + texte)
            sys.stdout.flush()
        else:
            self.stdout.write(texte)

    def _imprimer(self, simulation: Simulation) -> None:
        lignes = [
            [
                centre.nom,
                centre.typologie,
                personnes(centre.effectif_actuel),
                nombre(centre.etp_calcule, 2),
                personnes(centre.etp_arrondi),
                en_plus(centre.ecart),
                centre.decision,
            ]
            for centre in simulation.centres.all()
        ]
        total = [
            "TOTAL",
            "",
            personnes(simulation.effectif_actuel),
            nombre(simulation.etp_calcule, 2),
            personnes(simulation.etp_arrondi),
            en_plus(simulation.ecart),
            "",
        ]
        entetes = ["Centre", "Typologie", "Actuel", "ETP calculé", "Arrondi", "Écart", "Décision"]
        titre = f"{simulation} — volumes {simulation.annee}"
        if simulation.fictive:
            titre += " — données fictives"
        self.stdout.write(f"\n{titre}")
        self.stdout.write(_couverture(simulation.rapport))
        self.stdout.write(_table(entetes, lignes, total))
        self.stdout.write(pont_en_mots(Sommes.de(simulation).en_bref(), simulation.jeu_de_parametres.arrondi))
        self.stdout.write(
            f"{simulation.nb_centres} centres, {simulation.nb_postes} postes, "
            f"{nombre(simulation.nb_taches)} tâches en {duree(simulation.duree_s)}"
        )


def _couverture(rapport: Rapport) -> str:
    if rapport.get("moi_seulement"):
        return "Main-d'œuvre indirecte seulement : le besoin est l'effectif présent."
    lue = rapport["couverture_annee"]
    phrase = f"Année {lue['annee']} : {lue['couverts']} centre(s) couvert(s) sur {lue['centres']}"
    partiels = lue.get("partiels")
    return f"{phrase} ; partiels : {', '.join(partiels['noms'])}" if partiels else phrase


def _table(entetes: list[str], lignes: list[list[str]], total: list[str]) -> str:
    """Table alignée : textes à gauche, nombres à droite."""
    largeurs = [max(len(ligne[i]) for ligne in [entetes, *lignes, total]) for i in range(len(entetes))]
    droite = {2, 3, 4, 5}

    def rang(ligne: list[str]) -> str:
        return "  ".join(
            texte.rjust(largeurs[i]) if i in droite else texte.ljust(largeurs[i])
            for i, texte in enumerate(ligne)
        ).rstrip()

    trait = "─" * (sum(largeurs) + 2 * (len(largeurs) - 1))
    return "\n".join([rang(entetes), trait, *map(rang, lignes), trait, rang(total)])
