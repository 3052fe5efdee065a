"""Défaire un import : chaque ligne a de nouveau sa valeur d'avant, ou rien ne bouge et c'est dit."""

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from referentiels.imports.defaire import defaire, oublier_les_anciennes, peut_se_defaire
from referentiels.models import CentrePoste, ImageImport, ImportFichier, Tache, TacheModele, VolumeAnnuel
from referentiels.tests.outils.factories import CentreFactory, TacheFactory, TypologieFactory
from referentiels.tests.outils.imports import (
    canevas,
    importer_effectifs,
    importer_taches,
    importer_volumes,
    ligne,
)
from simulateur.cache import images, revisions
from simulateur.cache.versions import stockees
from simulateur.tests.outils.fichiers import texte_csv
from simulateur.web.refus import Refus

pytestmark = pytest.mark.django_db
MODELES = (VolumeAnnuel, CentrePoste, Tache, TacheModele)


@pytest.fixture
def centre() -> Any:
    return CentreFactory(code="C1", nom="Agence du Lac")


def etat() -> list[Any]:
    """Toutes les lignes que les imports écrivent, valeurs et clés comprises."""
    return [sorted((m.__name__, str(stockees(li))) for li in m.objects.all()) for m in MODELES]


def volumes(*valeurs: float, centre: str = "C1") -> bytes:
    cellules = ("guichet.depot", "co.arrive.local")
    lignes = [[centre, cellule, v] for cellule, v in zip(cellules, valeurs, strict=False)]
    return texte_csv([["centre", "cellule", "volume"], *lignes])


def effectifs(*lignes: list[Any]) -> bytes:
    return texte_csv([["Centre", "Poste", "Statutaires", "APS"], *lignes])


GENRES = {
    "volumes": (lambda: importer_volumes(volumes(10)), lambda: importer_volumes(volumes(12.5, 7))),
    "effectifs": (
        lambda: importer_effectifs(effectifs(["C1", "Trieur", "2,5", 1])),
        lambda: importer_effectifs(effectifs(["C1", "Trieur", "3,25", 0], ["C1", "Guichetier", 1, 0])),
    ),
}


@pytest.mark.parametrize("genre", GENRES)
def test_un_import_defait_rend_toutes_les_lignes_et_leurs_revisions(centre: Any, genre: str) -> None:
    avant, apres = GENRES[genre]
    avant()
    lu = etat()
    trace = apres()
    assert etat() != lu
    assert peut_se_defaire(trace)
    numero = revisions.lire_une(f"ref:centre:{centre.pk}") or revisions.lire_une("ref:volumes")
    defait = defaire(trace)
    assert etat() == lu
    assert defait.defait_le is not None
    assert not ImageImport.objects.filter(pk=trace.pk).exists()
    assert (revisions.lire_une(f"ref:centre:{centre.pk}") or revisions.lire_une("ref:volumes")) > numero


@pytest.mark.parametrize("remplacer", [True, False])
@pytest.mark.parametrize("sur_une_typologie", [True, False])
def test_les_taches_creees_changees_et_supprimees_reviennent(
    centre: Any, remplacer: bool, sur_une_typologie: bool
) -> None:
    cible = TypologieFactory(code="ZZ") if sur_une_typologie else centre
    importer_taches(canevas(ligne(nom="a"), ligne(nom="b", responsable_1="Trieur")), cible)
    lu = etat()
    fichier = canevas(ligne(nom="a", temps_min=0.5, temps_sec=30), ligne(nom="c", responsable_1="Guichetier"))
    trace = importer_taches(fichier, cible, remplacer=remplacer)
    assert etat() != lu
    defaire(trace)
    assert etat() == lu


def test_une_ligne_changee_depuis_arrete_tout_et_se_nomme(centre: Any) -> None:
    importer_volumes(volumes(10, 20))
    trace = importer_volumes(volumes(11, 21))
    VolumeAnnuel.objects.filter(volume=21).update(volume=99)
    lu = etat()
    with pytest.raises(Refus, match=r"1 ligne ne peut pas.*changée depuis : volume 99.0 au lieu de 21.0"):
        defaire(trace)
    assert etat() == lu
    trace.refresh_from_db()
    assert trace.defait_le is None


def test_un_autre_champ_change_depuis_est_un_obstacle_aussi(centre: Any) -> None:
    trace = importer_effectifs(effectifs(["C1", "Trieur", 2, 1]))
    CentrePoste.objects.update(aps=Decimal("0.5"))
    with pytest.raises(Refus, match=r"aps 0.5 au lieu de 1"):
        defaire(trace)


def test_l_import_qui_a_change_la_ligne_est_nomme_et_se_defait_d_abord(centre: Any) -> None:
    premier = importer_volumes(volumes(10))
    second = importer_volumes(volumes(11))
    with pytest.raises(Refus, match=f"par l'import n° {second.pk}"):
        defaire(premier)
    defaire(second)
    defaire(premier)
    assert not VolumeAnnuel.objects.exists()


def test_une_ligne_creee_qui_a_des_dependants_reste_et_le_dit(centre: Any) -> None:
    trace = importer_effectifs(effectifs(["C1", "Trieur", 2, 0]))
    TacheFactory(centre_poste=CentrePoste.objects.get())
    with pytest.raises(Refus, match="1 tâche en dépend depuis"):
        defaire(trace)
    assert CentrePoste.objects.exists()


def test_une_ligne_supprimee_depuis_se_nomme(centre: Any) -> None:
    trace = importer_volumes(volumes(10))
    VolumeAnnuel.objects.all().delete()
    with pytest.raises(Refus, match="supprimée depuis"):
        defaire(trace)


def test_on_ne_defait_ni_deux_fois_ni_un_essai_ni_un_import_sans_changement(centre: Any) -> None:
    trace = importer_volumes(volumes(10))
    with pytest.raises(Refus, match="n'a rien écrit"):
        defaire(importer_volumes(volumes(10)))
    with pytest.raises(Refus, match="n'a rien écrit"):
        defaire(importer_volumes(volumes(11), a_blanc=True))
    defaire(trace)
    with pytest.raises(Refus, match="déjà défait"):
        defaire(trace)


def test_passe_son_delai_un_import_ne_se_defait_plus_et_son_image_est_oubliee(
    centre: Any, settings: Any
) -> None:
    settings.IMPORT_DEFAIRE_JOURS = 3
    trace = importer_volumes(volumes(10))
    recent = importer_volumes(volumes(11))
    vieux = timezone.now() - timedelta(days=4)
    ImportFichier.objects.filter(pk=trace.pk).update(cree_le=vieux)
    trace.refresh_from_db()
    assert not peut_se_defaire(trace)
    with pytest.raises(Refus, match="plus de 3 jours"):
        defaire(trace)
    assert oublier_les_anciennes() == 1
    assert list(ImageImport.objects.values_list("pk", flat=True)) == [recent.pk]


def test_par_la_page_l_api_l_admin_et_la_commande(centre: Any, client: Any, admin_user: Any) -> None:
    client.force_login(admin_user)
    trace = importer_volumes(volumes(10))
    page = reverse("referentiels:import", args=[trace.pk])
    assert "Défaire cet import" in client.get(page).content.decode()
    lue = client.post(reverse("referentiels:import-defaire", args=[trace.pk]), follow=True).content.decode()
    assert "défait" in lue
    assert "Défaire cet import" not in lue
    assert not VolumeAnnuel.objects.exists()
    par_l_api = importer_volumes(volumes(10))
    reponse = client.post(f"/api/imports/{par_l_api.pk}/defaire")
    assert (reponse.status_code, reponse.json()["defait_le"] is not None) == (200, True)
    encore = client.post(f"/api/imports/{par_l_api.pk}/defaire")
    assert (encore.status_code, encore.json()["detail"]) == (
        409,
        f"L'import n° {par_l_api.pk} est déjà défait.",
    )
    par_l_admin = importer_volumes(volumes(10))
    action = {"action": "defaire", "_selected_action": [par_l_admin.pk]}
    lue = client.post(reverse("admin:referentiels_importfichier_changelist"), action, follow=True)
    assert f"Import n° {par_l_admin.pk} défait." in lue.content.decode()
    par_la_commande = importer_volumes(volumes(10))
    sortie = io.StringIO()
    call_command("defaire_import", par_la_commande.pk, stdout=sortie)
    assert "défait." in sortie.getvalue()
    with pytest.raises(CommandError, match="déjà défait"):
        call_command("defaire_import", par_la_commande.pk)
    with pytest.raises(CommandError, match="Aucun import"):
        call_command("defaire_import", 10**9)
    assert not VolumeAnnuel.objects.exists()


def test_l_image_se_range_et_se_relit_telle_quelle(centre: Any) -> None:
    trace = importer_effectifs(effectifs(["C1", "Trieur", "12,75", "0,34"]))
    lues = images.depuis_octets(bytes(trace.image.contenu))
    assert [(image.avant, image.apres["effectif_actuel"]) for image in lues if image.apres] == [
        (None, "12.75")
    ]
    assert images.depuis_octets(images.en_octets(lues)) == lues
