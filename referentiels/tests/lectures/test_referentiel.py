"""Les lectures : trois requêtes au plus, une seule quand le cache sait, mêmes réponses sans lui."""

import json
from typing import Any

import pytest
from django.core.cache import caches

from referentiels.lectures import referentiel
from referentiels.models import Centre, CentrePoste, Direction
from referentiels.tests.outils import factories as f
from simulateur.cache import donnees as cache

pytestmark = pytest.mark.django_db
REQUETES_A_FROID = 3


@pytest.fixture
def direction() -> Direction:
    """Deux centres à deux postes de deux tâches, un centre vide, un poste vide."""
    direction = f.DirectionFactory()
    for centre in f.CentreFactory.create_batch(2, direction=direction, accidente=True):
        for tenu in f.CentrePosteFactory.create_batch(2, centre=centre, poste_neuf=True):
            f.TacheFactory.create_batch(2, centre_poste=tenu, en_collecte=True)
    f.CentrePosteFactory(centre=f.CentreFactory(direction=direction, inactif=True), vacant=True)
    f.CentreFactory(direction=direction)
    return direction


def lectures(direction: Direction) -> dict[str, Any]:
    """Chaque referentiel, prête à appeler."""
    tenu = CentrePoste.objects.filter(centre__direction=direction).order_by("pk").first()
    return {
        **{
            nom: getattr(referentiel, nom)
            for nom in (
                *("regions", "directions", "typologies", "postes", "cellules", "produits"),
                *("unites", "phases", "parametres"),
            )
        },
        "centres_de_direction": lambda: referentiel.centres_de_direction(direction.pk),
        "postes_de_centre": lambda: referentiel.postes_de_centre(tenu.centre_id),
        "taches_de": lambda: referentiel.taches_de(tenu.centre_id, tenu.poste_id),
        "direction_complete": lambda: referentiel.direction_complete(direction.pk),
    }


def test_une_lecture_coute_trois_requetes_au_plus_puis_une_seule(direction, compter_requetes):
    for nom, lire in lectures(direction).items():
        with compter_requetes() as froide:
            premiere = lire()
        with compter_requetes() as chaude:
            seconde = lire()
        assert len(froide) <= REQUETES_A_FROID, nom
        assert len(chaude) == 1, nom
        assert premiere == seconde, nom


def test_une_direction_complete_coute_autant_grande_que_petite(direction, compter_requetes):
    for centre in f.CentreFactory.create_batch(3, direction=direction):
        f.TacheFactory.create_batch(3, centre_poste=f.CentrePosteFactory(centre=centre))
    with compter_requetes() as requetes:
        assert len(referentiel.direction_complete(direction.pk)["centres"]) == 7
    assert len(requetes) == REQUETES_A_FROID


def test_la_valeur_du_cache_est_celle_de_la_base_jusqu_au_type(direction):
    for nom, lire in lectures(direction).items():
        premiere, seconde = lire(), lire()
        assert json.dumps(premiere) == json.dumps(seconde), nom


def test_une_lecture_n_ecrit_jamais(direction, lecture_seule):
    a_lire = lectures(direction)
    with lecture_seule():
        for lire in a_lire.values():
            lire()


def test_cache_coupe_memes_reponses(direction, monkeypatch):
    a_lire = lectures(direction)
    attendues = {nom: lire() for nom, lire in a_lire.items()}

    def coupe(*args: Any, **options: Any) -> None:
        raise ConnectionError("cache coupé")

    for operation in ("get", "set", "add", "delete"):
        monkeypatch.setattr(type(caches["default"]), operation, coupe)
    for nom, lire in a_lire.items():
        cache.disjoncteur.refermer()
        assert lire() == attendues[nom], nom


def test_les_cles_se_lisent(direction):
    lectures(direction)["taches_de"]()
    referentiel.centres_de_direction(direction.pk)
    referentiel.regions()
    trouvees = {cle.split("@r")[0] for cle in caches["default"].keys("ref:*")}  # type: ignore[attr-defined]
    tenu = CentrePoste.objects.filter(centre__direction=direction).order_by("pk").first()
    assert trouvees == {
        f"ref:centre:{tenu.centre_id}:poste:{tenu.poste_id}:taches",
        f"ref:direction:{direction.pk}:centres",
        "ref:liste:regions",
    }


@pytest.mark.parametrize(
    ("famille", "heures"),
    [
        (referentiel.LISTES, 4),
        (referentiel.NOMENCLATURES, 2),
        (referentiel.DIRECTION, 2),
        (referentiel.CENTRE, 2),
    ],
    ids=lambda valeur: getattr(valeur, "prefixe", str(valeur)),
)
def test_chaque_famille_garde_le_temps_dit_par_la_regle(famille, heures):
    assert famille.duree_s == heures * 3600


def test_une_cle_inconnue_leve_l_absence_et_ne_se_range_pas(direction):
    for lire, absence in (
        (lambda: referentiel.direction_complete(0), Direction.DoesNotExist),
        (lambda: referentiel.centres_de_direction(0), Direction.DoesNotExist),
        (lambda: referentiel.postes_de_centre(0), Centre.DoesNotExist),
        (lambda: referentiel.taches_de(0, 0), CentrePoste.DoesNotExist),
    ):
        with pytest.raises(absence):
            lire()
    assert not [cle for cle in caches["default"].keys("ref:*") if ":0" in cle]  # type: ignore[attr-defined]


def test_une_direction_supprimee_n_est_plus_une_liste_vide():
    direction = f.DirectionFactory()
    assert referentiel.centres_de_direction(direction.pk) == []
    cle = direction.pk
    direction.delete()
    with pytest.raises(Direction.DoesNotExist):
        referentiel.centres_de_direction(cle)


def test_un_centre_vide_et_un_poste_vide_ont_leur_place_dans_la_direction(direction):
    complete = referentiel.direction_complete(direction.pk)
    formes = sorted([len(tenu["taches"]) for tenu in centre["postes"]] for centre in complete["centres"])
    assert formes == [[], [0], [2, 2], [2, 2]]
    assert complete["region_nom"] == direction.region.nom


def test_les_listes_disent_la_meme_chose_que_la_direction_complete(direction):
    complete = referentiel.direction_complete(direction.pk)
    for centre, ligne in zip(
        complete["centres"], referentiel.centres_de_direction(direction.pk), strict=True
    ):
        assert {n: ligne[n] for n in centre if n != "postes"} == {
            n: v for n, v in centre.items() if n != "postes"
        }
        assert ligne["nb_postes"] == len(centre["postes"])
        tenus = referentiel.postes_de_centre(centre["id"]) if centre["postes"] else []
        assert [tenu["id"] for tenu in tenus] == [tenu["id"] for tenu in centre["postes"]]
        for tenu in centre["postes"]:
            taches = referentiel.taches_de(centre["id"], tenu["poste_id"])
            assert [{n: v for n, v in t.items() if n != "centre_poste_id"} for t in taches] == [
                {n: t[n] for n in taches[0] if n != "centre_poste_id"} for t in tenu["taches"]
            ]
