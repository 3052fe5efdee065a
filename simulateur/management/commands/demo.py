"""`manage.py demo` : une installation complète, une vraie simulation par la vraie file, puis le site."""

import secrets
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from simulateur.exploitation import embarque
from simulateur.exploitation import environnement as env
from simulateur.exploitation.checks import ETIQUETTE_FILE
from simulateur.exploitation.superviseur import ArretDemande, ServiceInstable, ecoute_des_signaux

IDENTIFIANT = "demo"
ADRESSE = "127.0.0.1"


class Command(BaseCommand):
    # Pas les vérifications du cache : il n'est pas encore lancé.
    requires_system_checks = [ETIQUETTE_FILE]
    help = (
        "Prépare une démonstration (réseau fictif), simule une direction, puis sert le site jusqu'à Ctrl-C."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        port = env.entier("PORT", 8000, minimum=1, maximum=65535)
        journaux = settings.DOSSIER_DONNEES / "journaux"
        try:
            with ecoute_des_signaux(), embarque.Embarque(dire=self._dire, journaux=journaux) as tout:
                embarque.exiger_un_port_libre(ADRESSE, port)
                self._jouer(tout, port)
        except ArretDemande:
            self._dire("\nArrêt terminé, aucun processus ne reste.")
        except (embarque.DejaLance, embarque.PortPris, ServiceInstable) as erreur:
            raise CommandError(str(erreur)) from erreur

    def _jouer(self, tout: embarque.Embarque, port: int) -> None:
        self._dire("Base de données : migrations…")
        tout.preparer()
        mot_de_passe = self._compte_de_demonstration()
        self._charger_le_reseau(tout)
        self._charger_les_tirages(tout)
        code = self._premiere_direction()
        tout.lancer(embarque.service_file(), embarque.service_web(), port=port, adresse=ADRESSE)
        self._dire(f"\nSimulation de la direction {code}, par la file :")
        if tout.manage("simuler", "direction", code) != 0:
            raise CommandError(f"La simulation a échoué ; lire {tout.superviseur.journal_de(embarque.FILE)}.")
        tout.superviseur.surveiller()
        self._dire(
            f"\nLe site est prêt    http://localhost:{port}/"
            f"\nIdentifiant         {IDENTIFIANT}"
            f"\nMot de passe        {mot_de_passe}"
            f"\nJournaux            {settings.DOSSIER_DONNEES / 'journaux'}"
            "\nCtrl-C pour tout arrêter."
        )
        tout.tenir()

    def _compte_de_demonstration(self) -> str:
        """Le compte `demo`, administrateur ; son mot de passe est tiré de nouveau à chaque lancement."""
        mot_de_passe = secrets.token_urlsafe(9)
        compte, _ = get_user_model().objects.get_or_create(username=IDENTIFIANT)
        compte.is_staff = compte.is_superuser = compte.is_active = True
        compte.set_password(mot_de_passe)
        compte.save()
        return mot_de_passe

    def _charger_le_reseau(self, tout: embarque.Embarque) -> None:
        if self._directions().exists():
            self._dire("Réseau : déjà chargé.")
            return
        self._dire("Réseau de démonstration (données fictives)…")
        connections.close_all()
        if tout.manage("charger_demo") != 0:
            raise CommandError("Le réseau de démonstration n'a pas pu être chargé.")

    def _charger_les_tirages(self, tout: embarque.Embarque) -> None:
        """Des tirages fictifs, sauf s'il y en a déjà : les vrais ne se mêlent pas à la démonstration."""
        if apps.get_model("euromillions", "Tirage")._default_manager.exists():
            self._dire("Tirages : déjà chargés.")
            return
        connections.close_all()
        if tout.manage("charger_tirages_demo") != 0:
            raise CommandError("Les tirages de démonstration n'ont pas pu être chargés.")

    def _premiere_direction(self) -> str:
        code = self._directions().order_by("code").values_list("code", flat=True).first()
        if code is None:
            raise CommandError("Aucune direction dans la base : rien à simuler.")
        return str(code)

    def _directions(self) -> Any:
        # Par son nom : le noyau ne connaît pas les métiers, la démonstration ne fait que les enchaîner.
        return apps.get_model("referentiels", "Direction")._default_manager.all()

    def _dire(self, phrase: str) -> None:
        self.stdout.write(phrase)
        self.stdout.flush()
