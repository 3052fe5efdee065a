"""Les règles livrées par migration disent bien les faits du métier.

Quelques-unes, écrites ici à la main, toujours ; les tables entières, quand le dossier partagé est là.
"""

import csv
import re
from pathlib import Path

import pytest

from referentiels.models import (
    FacteurBase,
    Phase,
    Poste,
    Produit,
    RepartitionVolume,
    SynonymeProduit,
    UniteMesure,
)
from simulateur.langue.texte import normaliser

pytestmark = pytest.mark.django_db
# Noms de la table d'origine → paramètres livrés.
NOMS = {
    "coeff_circ": "circulation",
    "coeff_geo": "geographie",
    "pct_marche_ordinaire": "pct_marche",
    "pct_vague_master": "pct_vaguemestre",
}
NOM = r"\(*(?:pct_\w+|coeff_\w+|\d+)\)*"
FORMULE = re.compile(rf"{NOM}(?: ?[-+*/] ?{NOM})*")
# docs/metier/effectifs.md#phases s'écarte exprès de la table : (1 + circulation) × pct.
ECARTS_VOULUS = {"CIRCUL_COLLECT", "CIRCUL_MARCH"}


CELLULES = {
    "AMANA RECU": "amana.recu.gc.local amana.recu.gc.axes amana.recu.part.local amana.recu.part.axes",
    "AMANA DEPOT LOCAL": "amana.depot.gc.local amana.depot.part.local",
    "CO ARRIVE": "co.arrive.local co.arrive.axes",
    "CO LOCAL": "co.med.local co.arrive.local",
    "TOTAL CR": "cr.med.local cr.med.axes cr.arrive.local cr.arrive.axes",
    "EL BARKIA MED": "ebarkia.med",
    "LRH ARRIVE": "lrh.arrive",
}
VALEURS = {"circulation": 0.3, "geographie": -0.1, "pct_crbt": 35, "pct_marche": 12, "pct_collecte": 9}
VALEURS |= {"pct_retour": 7, "pct_vaguemestre": 4, "pct_boite_postale": 6, "pct_national": 80}
VALEURS |= {"pct_guichet": 55}
FACTEURS = {
    "CIRCUL_GEO": 1.2,
    "CRBT_CIRCUL_GEO": 1.2 * 0.35,
    "HCRBT_CIRCUL_GEO": 1.2 * 0.65,
    "MARCH_COLLECT": 0.79,
    "MARCH": 0.12,
    "COLLECT": 0.09,
    "V_MASTER": 0.04,
    "B_POSTALE": 0.06,
    "GUICHET": 0.55,
    "INTER_GUICHET": 0.2 * 0.55,
    "RETOUR_CRBT": 0.07 * 0.35,
}


def lignes(dossier: Path, nom: str) -> list[dict[str, str]]:
    with (dossier / "donnees" / "rh" / nom).open(encoding="utf-8") as fichier:
        return list(csv.DictReader(fichier))


def cellules_de(code: str) -> set[str]:
    return set(Produit.objects.get(code=code).cellules.values_list("code", flat=True))


def facteur(phase: str, valeurs: dict[str, float]) -> float:
    """Le produit des termes de la phase, pour ces valeurs de paramètres."""
    produit = 1.0
    for terme in Phase.objects.get(code=phase).termes.all():
        p, q = valeurs.get(terme.parametre, 0.0), valeurs.get(terme.parametre_2, 0.0)
        produit *= {
            "POURCENT": p / 100,
            "COMPLEMENT": 1 - p / 100 - q / 100,
            "UN_PLUS": 1 + p + q,
            "VALEUR": p,
            "INVERSE": 1 / (terme.constante or 1),
        }[terme.nature]
    return produit


@pytest.mark.parametrize("produit", CELLULES)
def test_un_produit_courant_additionne_ses_cellules(produit):
    code = SynonymeProduit.objects.filter(code=produit).values_list("produit__code", flat=True).first()
    assert cellules_de(code or produit) == set(CELLULES[produit].split())


@pytest.mark.parametrize("phase", FACTEURS)
def test_une_phase_courante_a_son_facteur(phase):
    assert facteur(phase, VALEURS) == pytest.approx(FACTEURS[phase], rel=1e-12)


def test_chaque_produit_de_la_grille_additionne_les_memes_cellules(dossier_partage):
    attendues: dict[str, set[str]] = {}
    for ligne in lignes(dossier_partage, "produits_vers_cellules_grille.csv"):
        codes, formule = ligne["produit_norm"].split(" | "), ligne["cellules_additionnees"]
        if codes[0].startswith("("):
            continue
        cellules = set()
        for morceau in re.split(r"\s*\+\s*", formule.lstrip("= ")):
            cellules |= attendues.get(morceau) or {morceau}
        attendues |= dict.fromkeys(codes, cellules)
    assert len(attendues) > 30
    synonymes = dict(SynonymeProduit.objects.values_list("code", "produit__code"))
    for code, cellules in attendues.items():
        assert cellules_de(synonymes.get(code, code)) == cellules, code


def test_chaque_phase_de_la_table_a_le_meme_facteur(dossier_partage):
    noms = {nom: VALEURS[parametre] for nom, parametre in NOMS.items()} | VALEURS
    noms |= {"pct_hors_crbt": 100 - VALEURS["pct_crbt"], "pct_international": 100 - VALEURS["pct_national"]}
    eprouvees = set()
    for ligne in lignes(dossier_partage, "phases_facteurs.csv"):
        phase, formule = normaliser(ligne["phase"]), ligne["facteur"].lstrip("* ")
        if phase in ECARTS_VOULUS or not Phase.objects.filter(code=phase).exists():
            continue
        if not FORMULE.fullmatch(formule):
            continue
        # La formule ne contient que des noms, des nombres et des opérateurs : vérifié juste au-dessus.
        attendu = eval(formule, {"__builtins__": {}}, noms)
        assert facteur(phase, VALEURS) == pytest.approx(attendu, rel=1e-12), phase
        eprouvees.add(phase)
    assert len(eprouvees) >= 13


def test_les_phases_a_diviseur_et_les_ecarts_voulus():
    valeurs = {"circulation": 0.3, "pct_collecte": 10.0, "pct_marche": 20.0, "pct_retour": 7.0}
    assert facteur("DAY_350", valeurs) == pytest.approx(1 / 350)
    assert facteur("DAY_24", valeurs) == pytest.approx(1 / 24)
    assert facteur("RETOUR_DAY_350", valeurs) == pytest.approx(0.07 / 350)
    assert facteur("CIRCUL_COLLECT", valeurs) == pytest.approx(1.3 * 0.1)
    assert facteur("CIRCUL_MARCH", {**valeurs, "circulation": 0}) == pytest.approx(0.2)


def test_un_produit_sans_cellule_ne_compte_que_par_ses_forfaits():
    for code in ("AMANA", "CO", "CR"):
        assert cellules_de(code) == set()
    forfaits = set(UniteMesure.objects.filter(mode="FORFAIT").values_list("code", flat=True))
    assert forfaits == {"PART", "DEPECHES"}


def test_la_part_en_sac_ne_concerne_qu_amana():
    facteurs = FacteurBase.objects.values_list("flux__code", "unite__code", "phase__code", "complement")
    assert set(facteurs) == {
        ("AMANA", "COLIS", "SAC", True),
        ("AMANA", "COLIS", None, False),
        ("AMANA", "SAC", None, True),
    }


def test_les_coefficients_de_shift_et_les_facteurs_suivent_la_regle():
    shifts = {p.code: (p.coef_shift_2, p.coef_shift_3) for p in Poste.objects.all()}
    assert shifts["AGENT OPERATIONS"] == (2, 3)
    for code in (
        "MANUTENTIONNAIRE",
        "RESPONSABLE DES OPERATIONS",
        "AGENT TRAITEMENT",
        "TRIEUR",
        "CONTROLEUR",
    ):
        assert shifts[code] == (2, 2)
    assert shifts["GUICHETIER"] == (1, 1)
    au_trajet = Poste.objects.filter(soumis_au_trajet=True).values_list("code", flat=True)
    assert all(code.startswith("FACTEUR") for code in au_trajet)
    assert len(au_trajet) == 4


def test_un_volume_global_se_repartit_tout_entier():
    """Les parts d'une cellule globale font 1, quelle que soit la part des axes."""
    for source in {part.source for part in RepartitionVolume.objects.select_related("source")}:
        for axes in (0.0, 37.0, 100.0):
            total = sum(
                (1 - axes / 100 if part.complement else axes / 100) if part.parametre else 1
                for part in source.repartitions.all()
            )
            assert total == pytest.approx(1), source
