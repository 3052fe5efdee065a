"""L'essai dit les chiffres de la simulation, au dernier, et n'écrit rien (#essai)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from referentiels.models import CentrePoste, Parametre, ParametreCentre
from simulations.models import ResultatCentre, ResultatPoste
from simulations.moteur import MODES
from simulations.moteur.mesures import Sommes
from simulations.moteur.parametres import ARRONDIS, PAR_POSTE
from simulations.tests.outils.parcours import simuler

pytestmark = pytest.mark.django_db
CHEMIN = "/api/simulation/essai"
HYPOTHESES = {
    "productivite": 93,
    "temps_mort": 12,
    "heures_jour": 8,
    "global_params": {"conges_jours": 26, "absence_pct": 4.5, "croissance": 17},
}


def essayer(api: Any, **corps: Any) -> Any:
    reponse = api.post(CHEMIN, corps, format="json")
    assert reponse.status_code == 200, reponse.content
    return reponse.json()


def memes(essai: Any, gardee: Any) -> None:
    """Les mesures de cette ligne d'essai sont celles de cette ligne gardée, au dernier chiffre."""
    attendues = Sommes.de(gardee).en_bref()
    attendues.pop("cout_mensuel")  # type: ignore[misc]  # ce compte ne voit pas les coûts
    assert {nom: essai[nom] for nom in attendues} == attendues


@pytest.mark.parametrize(
    ("mode", "arrondi"),
    [*((mode, PAR_POSTE) for mode in MODES), *(("recommande", arrondi) for arrondi in ARRONDIS[1:])],
)
def test_un_essai_est_la_simulation_a_tous_les_niveaux(
    api: Any, directions: list[Any], mode: str, arrondi: str
) -> None:
    corps = {**HYPOTHESES, "mode": mode, "arrondi": arrondi}
    gardee = simuler(api, corps=corps)
    pays = essayer(api, **corps)
    memes(pays["total"], gardee)
    for direction in directions:
        lignes = ResultatCentre.objects.filter(simulation=gardee, direction_id=direction.pk)
        de_la_direction = simuler(api, f"direction/{direction.pk}", corps)
        essai = essayer(api, direction_id=direction.pk, **corps)
        memes(essai["total"], de_la_direction)
        (du_pays,) = (ligne for ligne in pays["directions"] if ligne["direction_id"] == direction.pk)
        memes(du_pays, de_la_direction)
        for ligne in lignes:
            memes(essayer(api, centre_id=ligne.centre_id, **corps)["total"], ligne)
    postes = list(ResultatPoste.objects.filter(simulation=gardee))
    assert postes
    for poste in postes:
        if CentrePoste.objects.filter(centre_id=poste.centre_id, poste_id=poste.titre_id).exists():
            essai = essayer(api, centre_id=poste.centre_id, poste_id=poste.titre_id, **corps)
            memes(essai["total"], poste)
            (ligne,) = essai["postes"]
            memes(ligne, poste)


def test_un_essai_sur_d_autres_volumes_est_la_simulation(api: Any, directions: list[Any]) -> None:
    centre = directions[0].centres.first()
    volumes = [{"centre_id": centre.pk, "flux": "CO", "sens": "ARRIVEE", "segment": "GLOBAL", "volume": 5e6}]
    corps = {"volumes": volumes}
    assert essayer(api)["total"] != essayer(api, **corps)["total"]
    memes(essayer(api, **corps)["total"], simuler(api, corps=corps))


def test_un_essai_n_ecrit_rien(
    api: Any, directions: list[Any], lecture_seule: Callable[[], AbstractContextManager[None]]
) -> None:
    essayer(api)  # la session et le cache sont chauds
    with lecture_seule():
        essayer(api, **HYPOTHESES)


def test_les_centres_montres_sont_ceux_qui_bougent_depuis_le_depart(api: Any, directions: list[Any]) -> None:
    centre = directions[0].centres.first()
    corps: dict[str, Any] = {"centres_params": {str(centre.pk): {"absence_pct": 50}}}
    essai = essayer(api, **corps)
    (bouge,) = essai["centres"]
    assert bouge["centre_id"] == centre.pk
    assert bouge["difference_etp"] == pytest.approx(essai["total"]["difference_etp"])
    assert bouge["difference_etp"] > 0
    assert essayer(api, **corps, depart=corps)["centres"] == []
    inverse = essayer(api, depart=corps)
    assert inverse["total"]["difference_etp"] == -essai["total"]["difference_etp"]
    assert inverse["depart"]["etp_calcule"] == essai["total"]["etp_calcule"]


def test_un_lot_se_limite_a_ses_centres(api: Any, directions: list[Any]) -> None:
    pks = [direction.centres.first().pk for direction in directions]
    memes(essayer(api, centre_ids=pks)["total"], simuler(api, "centres/batch", {"centre_ids": pks}))


@pytest.mark.parametrize(
    ("corps", "champ"),
    [
        ({"direction_id": 999_999}, "direction_id"),
        ({"direction_id": 1, "centre_id": 1}, "centre_id"),
        ({"poste_id": 1}, "poste_id"),
        ({"centre_ids": [999_999]}, "centre_ids"),
        ({"absence_pct": 90}, "absence_pct"),
        ({"nimporte": 1}, "nimporte"),
        ({"depart": {"productivite": 900}}, "depart.productivite"),
        ({"depart": {"direction_id": 1}}, "depart.direction_id"),
        ({"depart": [1]}, "depart"),
        ({"annee": "hier"}, "annee"),
        ({"jours_ouvres": 20, "conges_jours": 19}, "conges_jours + formation_jours + absence_pct"),
        (
            {"depart": {"jours_ouvres": 20, "conges_jours": 19}},
            "conges_jours + formation_jours + absence_pct",
        ),
    ],
)
def test_une_entree_fausse_est_refusee_et_nommee(
    api: Any, directions: list[Any], corps: Any, champ: str
) -> None:
    reponse = api.post(CHEMIN, corps, format="json")
    assert reponse.status_code == 400
    assert champ in reponse.json()["champs"]


def test_un_jugement_deja_rendu_se_refait_quand_le_referentiel_change(
    api: Any, directions: list[Any]
) -> None:
    corps = {"conges_jours": 140}
    essayer(api, **corps)
    parametre = Parametre.objects.get(code="absence_pct")
    ParametreCentre.objects.create(centre=directions[0].centres.first(), parametre=parametre, valeur=80)
    assert api.post(CHEMIN, corps, format="json").status_code == 400
    collecte = Parametre.objects.get(code="pct_collecte")
    essayer(api, pct_marche=60)
    ParametreCentre.objects.create(centre=directions[0].centres.first(), parametre=collecte, valeur=80)
    assert api.post(CHEMIN, {"pct_marche": 60}, format="json").status_code == 400
