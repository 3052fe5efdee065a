"""Une blanchisserie d'hôpital, configurée par des lignes seulement : aucun code ne la connaît."""

from typing import Any

import pytest

from referentiels.models import (
    CelluleVolume,
    DiviseurUnite,
    Flux,
    Parametre,
    Phase,
    Poste,
    Produit,
    ProduitCellule,
    Segment,
    Sens,
    Tache,
    TermePhase,
    UniteMesure,
)
from referentiels.tests.outils.factories import (
    CentreFactory,
    CentrePosteFactory,
    DirectionFactory,
    TypologieFactory,
    VolumeAnnuelFactory,
)
from simulations.tests.outils.parcours import lire, simuler

pytestmark = pytest.mark.django_db


@pytest.fixture
def blanchisserie() -> Any:
    """Draps et tenues, en kilogrammes, lavés par cycles de 50 kg, une part souillée lavée deux fois."""
    linge = Flux.objects.create(code="LINGE", nom="Linge plat")
    tenues = Flux.objects.create(code="TENUES", nom="Tenues")
    entree = Sens.objects.create(code="ENTREE", nom="Entrée")
    service = Segment.objects.create(code="SERVICE", nom="Services de soins")
    Parametre.objects.create(
        code="kg_par_cycle", nom="Kilos par cycle", unite="kg", defaut=50, minimum=1, maximum=500
    )
    Parametre.objects.create(code="pct_souille", nom="Part souillée", defaut=20, maximum=100)
    cycle = UniteMesure.objects.create(code="CYCLE", nom="Cycle")
    DiviseurUnite.objects.create(unite=cycle, parametre="kg_par_cycle")
    piece = UniteMesure.objects.create(code="KILO", nom="Kilo")
    DiviseurUnite.objects.create(unite=piece, constante=1)
    jour = UniteMesure.objects.create(code="OUVERTURE", nom="Ouverture", mode="FORFAIT")
    prelavage = Phase.objects.create(code="PRELAVAGE", nom="prélavage")
    TermePhase.objects.create(phase=prelavage, nature="POURCENT", parametre="pct_souille")
    produits = {}
    for flux, code in ((linge, "linge.entree.service"), (tenues, "tenues.entree.service")):
        cellule = CelluleVolume.objects.create(code=code, flux=flux, sens=entree, segment=service)
        produits[flux.code] = Produit.objects.create(code=f"{flux.code} SALE", nom=f"{flux} sale", flux=flux)
        ProduitCellule.objects.create(produit=produits[flux.code], cellule=cellule)
    lingere = Poste.objects.create(nom="Lingère", salaire_mensuel=4200, coef_shift_2=2, coef_shift_3=3)
    centre = CentreFactory(
        code="CHU-1",
        nom="Blanchisserie du CHU",
        direction=DirectionFactory(nom="Groupe hospitalier"),
        typologie=TypologieFactory(code="BLANCHISSERIE"),
    )
    tenu = CentrePosteFactory(centre=centre, poste=lingere, effectif_actuel=3)
    for nom, produit, unite, phase, duree in (
        ("Charger", "LINGE", cycle, None, 600),
        ("Prélaver", "LINGE", cycle, prelavage, 300),
        ("Plier", "TENUES", piece, None, 40),
        ("Ouvrir l'atelier", "LINGE", jour, None, 1800),
    ):
        Tache.objects.create(
            centre_poste=tenu,
            nom=nom,
            produit=produits[produit],
            unite=unite,
            phase=phase,
            duree_secondes=duree,
        )
    for code, kilos in (("linge.entree.service", 264_000), ("tenues.entree.service", 132_000)):
        VolumeAnnuelFactory(centre=centre, cellule=CelluleVolume.objects.get(code=code), volume=kilos)
    return centre


def test_la_blanchisserie_se_dimensionne_par_l_api(api: Any, blanchisserie: Any) -> None:
    """1 000 kg/j en 20 cycles de 600 s, 20 % prélavés 300 s, 500 kg pliés à 40 s, 1 800 s d'ouverture."""
    heures = (20 * 600 + 20 * 0.2 * 300 + 500 * 40 + 1800) / 3600
    simulation = simuler(api, f"direction/{blanchisserie.direction_id}")
    assert float(simulation.heures) == pytest.approx(heures, rel=1e-9)
    assert float(simulation.etp_calcule) == pytest.approx(heures / 8.5, rel=1e-9)
    poste = api.post(
        f"/api/simulation/poste/{blanchisserie.centre_postes.get().pk}",
        {"global_params": {"linge_kg_par_cycle": 100, "tenues_croissance": 10, "pct_souille": 50}},
        format="json",
    )
    assert poste.status_code == 200, poste.content
    attendu = (10 * 600 + 10 * 0.5 * 300 + 550 * 40 + 1800) / 3600
    assert poste.json()["heures"] == pytest.approx(attendu, rel=1e-9)
    assert "par cycle" in poste.json()["taches"][0]["formule"]


def test_ses_analyses_connaissent_ses_flux_et_sa_couverture_est_entiere(api: Any, blanchisserie: Any) -> None:
    simulation = simuler(api)
    effets = lire(api, f"/api/simulations/{simulation.pk}/sensibilites")["total"]
    assert {"flux_linge_plus", "flux_tenues_plus"} <= {effet["levier"] for effet in effets}
    lire(api, f"/api/simulations/{simulation.pk}/incertitude", dispersion_linge=30)
    assert lire(api, "/api/couverture", centre=blanchisserie.pk)["total"]["non_couvertes"] == 0
