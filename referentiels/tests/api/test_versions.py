"""ETag et If-Match : une écriture qui dit ce qu'elle a lu ne recouvre jamais celle d'un autre."""

from typing import Any

import pytest
from django.db import connection, transaction

from referentiels.models import Centre
from referentiels.tests.outils import factories as f
from simulateur.cache import versions
from simulateur.cache.versions import VersionDepassee

pytestmark = pytest.mark.django_db
CHANGES: dict[str, dict[str, Any]] = {
    "region": {"nom": "Autre"},
    "direction": {"nom": "Autre"},
    "centre": {"nom": "Autre"},
    "poste du centre": {"effectif_actuel": 7},
    "tache": {"nom": "Autre"},
}


@pytest.fixture
def adresses() -> dict[str, str]:
    tache = f.TacheFactory(en_collecte=True)
    tenu = tache.centre_poste
    return {
        "region": f"/api/regions/{tenu.centre.direction.region_id}",
        "direction": f"/api/directions/{tenu.centre.direction_id}",
        "centre": f"/api/centres/{tenu.centre_id}",
        "poste du centre": f"/api/centres/{tenu.centre_id}/postes/{tenu.poste_id}",
        "tache": f"/api/taches/{tache.pk}",
    }


@pytest.mark.parametrize("quoi", CHANGES)
def test_une_version_depassee_est_un_412_et_la_version_lue_ecrit(
    api_staff: Any, adresses: dict[str, str], quoi: str
) -> None:
    adresse, changes = adresses[quoi], CHANGES[quoi]
    lue = api_staff.get(adresse)["ETag"]
    ecrite = api_staff.patch(adresse, changes, headers={"If-Match": lue})
    assert ecrite.status_code == 200, ecrite.content
    assert ecrite["ETag"] != lue
    assert api_staff.get(adresse)["ETag"] == ecrite["ETag"]
    for geste in (api_staff.patch, api_staff.delete):
        refusee = geste(adresse, changes, headers={"If-Match": lue})
        assert refusee.status_code == 412, refusee.content
        assert "relire" in refusee.json()["detail"]
    assert api_staff.patch(adresse, changes).status_code == 200
    assert api_staff.patch(adresse, changes, headers={"If-Match": "*"}).status_code == 200


def test_une_etiquette_affaiblie_par_la_compression_reste_la_meme(
    api_staff: Any, adresses: dict[str, str]
) -> None:
    adresse = adresses["region"]
    lue = api_staff.get(adresse)["ETag"]
    reponse = api_staff.delete(adresse, headers={"If-Match": f'"ailleurs", W/{lue}'})
    assert reponse.status_code == 409  # lue et acceptée : ce sont ses directions qui la retiennent


@pytest.mark.parametrize("geste", ["save", "delete"])
def test_la_version_exigee_est_dans_l_ecriture_meme(geste: str) -> None:
    centre = Centre.objects.get(pk=f.CentreFactory().pk)
    versions.exiger(centre, versions.stockees(centre))
    Centre.objects.filter(pk=centre.pk).update(nom="Changé par un autre")
    with pytest.raises(VersionDepassee):
        getattr(centre, geste)()
    assert Centre.objects.get(pk=centre.pk).nom == "Changé par un autre"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("geste", ["save", "delete"])
def test_deux_connexions_ensemble_une_seule_ecrit(en_parallele: Any, geste: str) -> None:
    """La seconde attend le verrou de la première, relit la ligne, et n'y trouve plus ce qu'elle exige."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite n'a qu'un écrivain à la fois : cette course n'y existe pas")
    pk = f.CentreFactory(nom="Avant").pk
    lus = [Centre.objects.get(pk=pk) for _ in range(2)]

    def agir(rang: int) -> str:
        centre = lus[rang]
        versions.exiger(centre, versions.stockees(centre))
        centre.nom = f"Par {rang}"
        try:
            with transaction.atomic():
                centre.save() if rang == 0 or geste == "save" else centre.delete()
                with connection.cursor() as sql:
                    sql.execute("SELECT pg_sleep(0.3)")  # l'autre a le temps d'arriver au verrou
        except VersionDepassee:
            return "refusé"
        return "écrit"

    assert sorted(en_parallele(agir, 2)) == ["refusé", "écrit"]
