"""D'où vient une requête : l'adresse que rien de ce que dit le client ne peut changer."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def adresse_du_client(request: HttpRequest) -> str:
    """Celle que voit le plus lointain des PROXYS_DE_CONFIANCE frontaux ; sans frontal, celle de la connexion.

    Ce que le client ajoute à X-Forwarded-For vient avant : il ne se choisit pas d'adresse.
    """
    directe = str(request.META.get("REMOTE_ADDR", ""))
    frontaux = settings.PROXYS_DE_CONFIANCE
    vues = [morceau.strip() for morceau in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if not frontaux or len(vues) < frontaux:
        return directe
    try:
        return str(ip_address(vues[-frontaux]))
    except ValueError:
        return directe
