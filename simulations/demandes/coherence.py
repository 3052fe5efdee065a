"""Ce qui se juge d'une demande avec le référentiel : des parts d'au plus 100, une présence d'au moins 0,1."""

from collections import defaultdict

from django.db.models import QuerySet

from referentiels.lectures.parts import CENTRES_CITES, verifier_la_demande
from referentiels.models import Centre, Parametre, ParametreCentre
from simulateur.web.refus import SaisieRefusee
from simulations.demandes.fautes import ecrire
from simulations.moteur.parametres import Parametres
from simulations.moteur.presence import ABSENCE, CONGES, DE_PRESENCE, FORMATION, PRESENCE_MIN, part_presente


def verifier(parametres: Parametres, vises: "QuerySet[Centre]") -> None:
    """SaisieRefusee si, avec ces paramètres, un de ces centres n'est pas calculable."""
    verifier_la_demande(parametres.libres, parametres.par_centre, vises)
    verifier_la_presence(parametres, vises)


def verifier_la_presence(parametres: Parametres, vises: "QuerySet[Centre]") -> None:
    """SaisieRefusee si τ tombe sous 0,1 avant son plancher : une phrase, ses centres (#presence).

    Deux requêtes, une de plus pour nommer les centres d'un refus.
    """
    communes = dict(Parametre.objects.filter(code__in=DE_PRESENCE).values_list("code", "defaut"))
    communes |= {nom: valeur for nom, valeur in parametres.libres.items() if nom in DE_PRESENCE}
    du_referentiel = ParametreCentre.objects.filter(
        centre__in=vises, parametre__code__in=DE_PRESENCE, flux=None
    )
    propres: dict[int, dict[str, float]] = defaultdict(dict)
    for centre, code, valeur in du_referentiel.values_list("centre_id", "parametre__code", "valeur"):
        propres[centre][code] = valeur
    for centre, valeurs in parametres.par_centre.items():
        propres[centre] |= {nom: valeur for nom, valeur in valeurs.items() if nom in DE_PRESENCE}
    if _insuffisante(communes, parametres.jours_ouvres):
        # Des centres peuvent être sauvés par leurs propres valeurs : les autres sont en faute.
        saufs = [pk for pk in propres if not _insuffisante(communes | propres[pk], parametres.jours_ouvres)]
        fautifs = vises.exclude(pk__in=saufs)
    else:
        fautifs = vises.filter(
            pk__in=[pk for pk in propres if _insuffisante(communes | propres[pk], parametres.jours_ouvres)]
        )
    if cites := list(fautifs.order_by("code")[: CENTRES_CITES + 1]):
        noms = ", ".join(f"{centre.nom} ({centre.code})" for centre in cites[:CENTRES_CITES])
        suite = f" et {fautifs.count() - CENTRES_CITES} de plus" if len(cites) > CENTRES_CITES else ""
        valeurs = communes | propres.get(cites[0].pk, {})
        mots = (
            f"{ecrire(valeurs.get(CONGES, 0))} jours de congés, {ecrire(valeurs.get(FORMATION, 0))} "
            f"de formation et {ecrire(valeurs.get(ABSENCE, 0))} % d'absence "
            f"sur {ecrire(parametres.jours_ouvres)} jours ouvrés"
        )
        raison = f"La présence tombe sous {ecrire(PRESENCE_MIN)} : {mots}. Centres : {noms}{suite}."
        raise SaisieRefusee({" + ".join(DE_PRESENCE): [raison]})


def _insuffisante(valeurs: dict[str, float], jours_ouvres: float) -> bool:
    absents = valeurs.get(CONGES, 0.0) + valeurs.get(FORMATION, 0.0)
    return part_presente(absents, valeurs.get(ABSENCE, 0.0), jours_ouvres) < PRESENCE_MIN
