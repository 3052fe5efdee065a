"""Chaque chemin d'écriture touche exactement les révisions de ce qu'il change, dans sa transaction."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import caches
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.urls import reverse

from referentiels.lectures import referentiel
from referentiels.models import (
    Centre,
    CentrePoste,
    Direction,
    MappingPosteRecommande,
    Produit,
    ProduitCellule,
    Region,
    Tache,
    TacheModele,
    VolumeAnnuel,
)
from referentiels.suivi import portees
from referentiels.tests.outils import factories as f
from simulateur.cache import revisions
from simulateur.cache.suivi import suivi_differe
from simulateur.models import Revision

pytestmark = pytest.mark.django_db


class Reseau:
    """Deux directions, un centre chacune, un poste et une tâche dans le premier."""

    def __init__(self) -> None:
        self.tache = f.TacheFactory()
        self.tenu = self.tache.centre_poste
        self.centre = self.tenu.centre
        self.direction = self.centre.direction
        self.voisine = f.DirectionFactory(region=self.direction.region)
        self.autre = f.CentreFactory(direction=self.voisine)
        self.volume = f.VolumeAnnuelFactory(centre=self.centre)
        self.modele = f.TacheModeleFactory()

    def sous_le_centre(self) -> set[str]:
        return {portees.centre(self.centre.pk), portees.direction(self.direction.pk), portees.NATIONAL}

    def les_volumes(self, *annees: int) -> set[str]:
        return {
            portees.VOLUMES,
            portees.centre(self.centre.pk),
            *(portees.volumes(annee, self.centre.pk) for annee in annees),
        }

    def dans_la_liste(self) -> set[str]:
        return self.sous_le_centre() | {portees.centres_de(self.direction.pk)}

    def le_centre(self) -> set[str]:
        return self.dans_la_liste() | {portees.DIRECTIONS}

    def la_voisine(self) -> set[str]:
        return {portees.direction(self.voisine.pk), portees.centres_de(self.voisine.pk)}

    def l_autre_centre(self) -> set[str]:
        return self.la_voisine() | {portees.centre(self.autre.pk), portees.NATIONAL, portees.DIRECTIONS}


@pytest.fixture
def reseau() -> Reseau:
    return Reseau()


def touchees_par(ecrire: Callable[[], Any]) -> set[str]:
    avant = dict(Revision.objects.values_list("portee", "numero"))
    ecrire()
    apres = dict(Revision.objects.values_list("portee", "numero"))
    return {portee for portee, numero in apres.items() if avant.get(portee) != numero} - {revisions.GLOBALE}


def enregistrer(objet: Any, **champs: Any) -> None:
    for nom, valeur in champs.items():
        setattr(objet, nom, valeur)
    objet.save()


def regrouper(r: Reseau) -> None:
    f.MappingPosteRecommandeFactory(poste_source=r.tenu.poste, poste_cible=f.PosteFactory(neuf=True))


REGLES, TYPOLOGIES = {portees.REGLES}, {portees.TYPOLOGIES}
# (ce qui est écrit, comment, ce qui est touché)
ECRITURES: list[tuple[str, Callable[[Reseau], Any], Callable[[Reseau], set[str]]]] = [
    ("tâche enregistrée", lambda r: enregistrer(r.tache, nom="Autre"), Reseau.sous_le_centre),
    ("tâche supprimée", lambda r: r.tache.delete(), Reseau.sous_le_centre),
    ("tâches mises à jour", lambda r: Tache.objects.update(duree_secondes=3), Reseau.sous_le_centre),
    ("aucune tâche mise à jour", lambda r: Tache.objects.filter(pk=0).update(ordre=1), lambda r: set()),
    ("tâches supprimées", lambda r: Tache.objects.all().delete(), Reseau.sous_le_centre),
    (
        "tâches créées en masse",
        lambda r: Tache.objects.bulk_create(f.TacheFactory.build_batch(2, **des_regles(r))),
        Reseau.sous_le_centre,
    ),
    (
        "tâches modifiées en masse",
        lambda r: Tache.objects.bulk_update([r.tache], ["ordre"]),
        Reseau.sous_le_centre,
    ),
    ("volume enregistré", lambda r: enregistrer(r.volume, volume=5), lambda r: r.les_volumes(2026)),
    ("volumes mis à jour", lambda r: VolumeAnnuel.objects.update(volume=5), lambda r: r.les_volumes(2026)),
    (
        "volumes d'une autre année",
        lambda r: VolumeAnnuel.objects.update(annee=2025),
        lambda r: r.les_volumes(2025, 2026),
    ),
    ("effectif changé", lambda r: enregistrer(r.tenu, effectif_actuel=Decimal(9)), Reseau.dans_la_liste),
    ("poste retiré du centre", lambda r: r.tenu.delete(), Reseau.dans_la_liste),
    ("postes du centre vidés", lambda r: r.centre.centre_postes.all().delete(), Reseau.dans_la_liste),
    ("centre renommé", lambda r: enregistrer(r.centre, nom="Autre"), Reseau.le_centre),
    (
        "centre créé",
        lambda r: f.CentreFactory(direction=r.voisine),
        lambda r: (
            (r.la_voisine() | {portees.centre(Centre.objects.latest("pk").pk)})
            | {portees.NATIONAL, portees.DIRECTIONS}
        ),
    ),
    (
        "centre déplacé",
        lambda r: enregistrer(r.centre, direction=r.voisine),
        lambda r: r.le_centre() | r.la_voisine(),
    ),
    (
        "centre déplacé en masse",
        lambda r: Centre.objects.filter(pk=r.centre.pk).update(direction=r.voisine),
        lambda r: r.le_centre() | r.la_voisine(),
    ),
    (
        "centre déplacé par bulk_update",
        lambda r: (
            setattr(r.centre, "direction", r.voisine),
            Centre.objects.bulk_update([r.centre], ["direction"]),
        ),
        lambda r: r.le_centre() | r.la_voisine(),
    ),
    ("centre supprimé", lambda r: r.autre.delete(), Reseau.l_autre_centre),
    (
        "centre supprimé avec son regroupement",
        lambda r: r.centre.delete(),
        lambda r: r.le_centre() | REGLES,
    ),
    (
        "centres supprimés en masse, exclusion comprise",
        lambda r: Centre.objects.filter(pk=r.centre.pk).delete(),
        lambda r: r.le_centre() | REGLES,
    ),
    (
        "direction renommée",
        lambda r: enregistrer(r.voisine, nom="Autre"),
        lambda r: r.l_autre_centre(),
    ),
    (
        "région renommée",
        lambda r: Region.objects.update(nom="Autre"),
        lambda r: {portees.REGIONS, portees.DIRECTIONS},
    ),
    ("métier enregistré", lambda r: enregistrer(r.tenu.poste, nom="Autre"), lambda r: {portees.POSTES}),
    (
        "métier supprimé avec son regroupement",
        lambda r: MappingPosteRecommande.objects.get().poste_source.delete(),
        lambda r: {portees.POSTES} | REGLES,
    ),
    ("tâche modèle supprimée", lambda r: r.modele.delete(), lambda r: TYPOLOGIES),
    (
        "typologie supprimée, exclusion comprise",
        lambda r: f.TypologieFactory._meta.model.objects.get(code="VIDE").delete(),
        lambda r: TYPOLOGIES | REGLES,
    ),
    (
        "cellule ajoutée à un produit",
        lambda r: Produit.objects.get(code="CO").cellules.add(f.CelluleVolumeFactory()),
        lambda r: REGLES,
    ),
    (
        "cellules d'un produit vidées",
        lambda r: Produit.objects.get(code="CO ARRIVE").cellules.clear(),
        lambda r: REGLES,
    ),
    ("tâches modèles en masse", lambda r: TacheModele.objects.update(ordre=3), lambda r: TYPOLOGIES),
]


def des_regles(r: Reseau) -> dict[str, Any]:
    return {"centre_poste": r.tenu, "produit": r.tache.produit, "unite": r.tache.unite}


def preparer(reseau: Reseau, nom: str) -> None:
    """Ce que certaines suppressions emportent doit d'abord exister."""
    if "regroupement" in nom:
        f.MappingPosteRecommandeFactory(centre=reseau.centre if "centre" in nom else None)
    if "exclusion" in nom:
        typologie = f.TypologieFactory(code="VIDE")
        f.TacheExclueFactory(typologie=None, centre=reseau.centre)
        f.TacheExclueFactory(typologie=typologie)


CHAQUE_ECRITURE = pytest.mark.parametrize(
    ("nom", "ecrire", "attendues"), ECRITURES, ids=[nom for nom, *_ in ECRITURES]
)


@CHAQUE_ECRITURE
def test_une_ecriture_touche_exactement_ce_qu_elle_change(reseau, nom, ecrire, attendues):
    preparer(reseau, nom)
    # La suppression oublie la clé : ce qui est attendu se calcule avant, sauf pour une création.
    avant = None if nom == "centre créé" else attendues(reseau)
    touchees = touchees_par(lambda: ecrire(reseau))
    assert touchees == (attendues(reseau) if avant is None else avant)


def tout_lire(cles: dict[str, int]) -> dict[str, Any]:
    """Chaque lecture du référentiel ; None quand ce qu'elle lit n'existe pas."""
    listes = ("regions", "directions", "typologies", "postes", "cellules", "produits", "unites", "phases")
    lues: dict[str, Any] = {nom: getattr(referentiel, nom)() for nom in listes}
    for nom, lire, *arguments in (
        ("la direction", referentiel.direction_complete, cles["direction"]),
        ("ses centres", referentiel.centres_de_direction, cles["direction"]),
        ("les postes du centre", referentiel.postes_de_centre, cles["centre"]),
        ("les tâches du poste", referentiel.taches_de, cles["centre"], cles["poste"]),
        ("la voisine", referentiel.direction_complete, cles["voisine"]),
        ("les centres de la voisine", referentiel.centres_de_direction, cles["voisine"]),
    ):
        try:
            lues[nom] = lire(*arguments)
        except ObjectDoesNotExist:
            lues[nom] = None
    return lues


@CHAQUE_ECRITURE
def test_apres_une_ecriture_le_cache_dit_la_meme_chose_que_la_base(reseau, nom, ecrire, attendues):
    preparer(reseau, nom)
    cles = {
        "direction": reseau.direction.pk,
        "centre": reseau.centre.pk,
        "poste": reseau.tenu.poste_id,
        "voisine": reseau.voisine.pk,
    }
    tout_lire(cles)
    ecrire(reseau)
    du_cache = tout_lire(cles)
    caches["default"].clear()
    assert du_cache == tout_lire(cles)


def test_une_ecriture_par_l_admin_touche_le_centre_et_rien_d_autre(reseau, client_staff):
    touchees = touchees_par(
        lambda: client_staff.post(
            reverse("admin:referentiels_centre_changelist"),
            {"action": "fermer", "_selected_action": [reseau.centre.pk]},
        )
    )
    assert touchees == reseau.le_centre()


def test_une_ecriture_par_l_api_touche_la_tache_et_rien_d_autre(reseau, api_staff):
    touchees = touchees_par(lambda: api_staff.patch(f"/api/taches/{reseau.tache.pk}", {"ordre": 9}))
    assert touchees == reseau.sous_le_centre()


def test_une_tache_deplacee_touche_ses_deux_centres(reseau):
    accueil = f.CentrePosteFactory(centre=reseau.autre)
    touchees = touchees_par(lambda: Tache.objects.update(centre_poste=accueil))
    assert touchees == reseau.sous_le_centre() | {
        portees.centre(reseau.autre.pk),
        portees.direction(reseau.voisine.pk),
    }


def test_un_suivi_differe_touche_une_seule_fois(reseau, compter_requetes):
    with compter_requetes() as requetes, suivi_differe():
        for ordre in range(5):
            enregistrer(reseau.tache, ordre=ordre)
    ecritures = [r for r in requetes.captured_queries if 'INSERT INTO "simulateur_revision"' in r["sql"]]
    assert len(ecritures) == 1


def test_un_ajout_sans_cles_rendues_est_refuse_quand_rien_ne_dit_ce_qu_il_touche(reseau):
    with pytest.raises(ValueError, match="sans les clés écrites"), transaction.atomic():
        CentrePoste.objects.bulk_create(
            [CentrePoste(centre=reseau.autre, poste=reseau.tenu.poste)], ignore_conflicts=True
        )
    assert not reseau.autre.centre_postes.exists()


def test_un_ajout_sans_cles_rendues_touche_la_portee_fixe():
    cellule, produit = f.CelluleVolumeFactory(), Produit.objects.get(code="CO")
    lien = ProduitCellule(produit=produit, cellule=cellule)
    assert touchees_par(lambda: ProduitCellule.objects.bulk_create([lien], ignore_conflicts=True)) == REGLES


def test_une_lecture_apres_validation_ne_rend_jamais_l_ancienne_valeur(reseau):
    cle = reseau.direction.pk
    assert (
        referentiel.direction_complete(cle)["centres"][0]["postes"][0]["taches"][0]["nom"] == reseau.tache.nom
    )
    for nom in ("Premier nom", "Second nom"):
        enregistrer(reseau.tache, nom=nom)
        assert referentiel.direction_complete(cle)["centres"][0]["postes"][0]["taches"][0]["nom"] == nom


def test_une_ecriture_annulee_laisse_le_cache_valable(reseau, compter_requetes):
    referentiel.centres_de_direction(reseau.direction.pk)
    with transaction.atomic():
        enregistrer(reseau.centre, nom="Jamais écrit")
        transaction.set_rollback(True)
    with compter_requetes() as requetes:
        assert referentiel.centres_de_direction(reseau.direction.pk)[0]["nom"] != "Jamais écrit"
    assert len(requetes) == 1


def test_une_valeur_rangee_pendant_une_ecriture_annulee_n_est_plus_servie(reseau):
    """Lue dans la transaction, la valeur porte une révision que l'annulation efface."""
    with transaction.atomic():
        enregistrer(reseau.centre, nom="Jamais écrit")
        assert referentiel.centres_de_direction(reseau.direction.pk)[0]["nom"] == "Jamais écrit"
        transaction.set_rollback(True)
    enregistrer(Direction.objects.get(pk=reseau.direction.pk), nom="Vraie écriture")
    assert referentiel.centres_de_direction(reseau.direction.pk)[0]["nom"] != "Jamais écrit"
