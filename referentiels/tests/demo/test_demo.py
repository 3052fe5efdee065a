"""La démonstration : pure, reproductible, fictive et marquée, chargée une fois, remplacée sans dégât."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from referentiels.demo import besoin, ecriture
from referentiels.demo.generation import PREFIXE, generer, nombre_de_directions
from referentiels.demo.profils import EXCLUSIONS, PROFILS, SALAIRES
from referentiels.lectures import referentiel
from referentiels.models import (
    Centre,
    CentrePoste,
    Direction,
    MappingPosteRecommande,
    ParametreCentre,
    Poste,
    Produit,
    Region,
    Tache,
    TacheExclue,
    TacheModele,
    VolumeAnnuel,
)
from referentiels.tests.outils import factories as f
from simulateur.cache import revisions

pytestmark = pytest.mark.django_db
CENTRES = 14


def charger(*options: str) -> str:
    sortie = StringIO()
    call_command("charger_demo", f"--centres={CENTRES}", *options, stdout=sortie)
    return sortie.getvalue()


def empreinte() -> tuple:
    return (
        list(Centre.objects.order_by("code").values_list("code", "nom", "a_guichet", "coeff_circulation")),
        list(
            CentrePoste.objects.order_by("centre__code", "poste__code").values_list(
                "centre__code", "poste__code", "effectif_actuel"
            )
        ),
        Tache.objects.count(),
        list(VolumeAnnuel.objects.order_by("centre__code", "cellule__code").values_list("volume", flat=True)),
    )


@pytest.fixture(scope="module")
def regles(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return ecriture.regles_utiles()


def test_la_meme_graine_donne_le_meme_reseau_et_une_autre_un_autre(regles):
    un, deux = (generer(centres=CENTRES, graine=7, regles=regles) for _ in range(2))
    assert un == deux
    assert generer(centres=CENTRES, graine=8, regles=regles) != un


@pytest.mark.parametrize(
    ("centres", "directions"), [(1, 1), (12, 12), (240, 12), (600, 12), (601, 13), (2000, 20), (5000, 20)]
)
def test_le_nombre_de_directions_suit_la_taille(centres, directions):
    assert nombre_de_directions(centres) == directions


def test_le_reseau_national_a_la_taille_voulue(regles):
    """2 000 centres : environ 20 000 postes tenus et 500 000 tâches."""
    reseau = generer(centres=2000, graine=2026, regles=regles)
    taches = sum(len(reseau.modeles[centre.typologie]) for centre in reseau.centres)
    assert 450_000 <= taches <= 550_000
    assert 18_000 <= sum(len(centre.postes) for centre in reseau.centres) <= 22_000
    assert len({centre.nom for centre in reseau.centres}) == 2000


def test_le_reseau_montre_les_cas_particuliers(regles):
    reseau = generer(centres=240, graine=2026, regles=regles)
    assert {centre.typologie for centre in reseau.centres} == set(PROFILS)
    assert sum(not centre.actif for centre in reseau.centres) == 1
    assert 20 <= sum(not centre.a_guichet for centre in reseau.centres) <= 120
    assert 20 <= sum(bool(centre.parametres) for centre in reseau.centres) <= 80
    assert any(flux for centre in reseau.centres for _, flux, _ in centre.parametres)
    taches = [tache for modele in reseau.modeles.values() for tache in modele]
    assert {tache.base for tache in taches} == {40, 60, 100}
    assert len({tache.phase for tache in taches}) >= 15
    assert {"PART", "DEPECHES", "SAC", "DNL", "CAISSON", "BAC"} <= {tache.unite for tache in taches}


def test_les_bornes_du_nombre_de_centres_sont_dites():
    with pytest.raises(CommandError, match="un nombre de 1 à 5000 est attendu"):
        call_command("charger_demo", "--centres=0")


def test_charger_deux_fois_n_ecrit_qu_une_fois(lecture_seule):
    premier = charger()
    assert "données fictives" in premier
    attendue, revision = empreinte(), revisions.lire_une(revisions.GLOBALE)
    with lecture_seule():
        assert "déjà là (14 centres fictifs) : rien n'est écrit" in charger()
    assert (empreinte(), revisions.lire_une(revisions.GLOBALE)) == (attendue, revision)


def test_tout_est_marque_comme_fictif():
    charger()
    assert Centre.objects.filter(fictif=True, code__startswith=PREFIXE).count() == CENTRES
    for modele in (Region, Direction):
        assert modele.objects.exists()
        assert all("(fictive)" in ligne.nom for ligne in modele.objects.all())


def test_le_reseau_charge_est_complet_et_ses_modes_ont_de_quoi_servir():
    charger()
    assert not Poste.objects.filter(salaire_mensuel__isnull=True).exists()
    assert {"MOD", "MOI"} == set(CentrePoste.objects.values_list("poste__type", flat=True))
    assert not CentrePoste.objects.filter(poste__type="MOI", taches__isnull=False).exists()
    for centre in Centre.objects.all():
        assert centre.volumes.count() == 22
        modele = TacheModele.objects.filter(typologie=centre.typologie)
        assert Tache.objects.filter(centre_poste__centre=centre).count() == modele.count()
    assert MappingPosteRecommande.objects.exists()
    assert TacheExclue.objects.count() == len(EXCLUSIONS)


def test_les_effectifs_sont_proches_du_besoin_avec_des_excedents_et_des_manques(regles):
    reseau = generer(centres=120, graine=2026, regles=regles)
    rapports = []
    for centre in reseau.centres:
        charge = besoin.compiler(
            reseau.modeles[centre.typologie],
            postes=PROFILS[centre.typologie].postes,
            cellules=tuple(regles.flux_des_cellules),
            produits=regles.cellules_des_produits,
        )
        relief = 1 + centre.circulation + centre.geographie
        par_volume = charge.heures_par_volume(relief=relief, a_guichet=centre.a_guichet)
        heures = charge.fixe + par_volume @ list(centre.volumes.values())
        for h, tenu in zip(heures, centre.postes, strict=False):
            rapports += [h / besoin.HEURES_JOUR / tenu.effectif] if tenu.effectif else []
    manques = sum(r > 1.1 for r in rapports) / len(rapports)
    excedents = sum(r < 0.85 for r in rapports) / len(rapports)
    assert 0.1 < manques < 0.45
    assert 0.1 < excedents < 0.45


def test_remplacer_recharge_le_meme_reseau_et_ne_touche_rien_d_autre():
    vrai = f.TacheFactory(centre_poste__poste=f.PosteFactory(neuf=True))
    vrai_volume = f.VolumeAnnuelFactory(centre=vrai.centre_poste.centre)
    charger("--forcer")
    avant = empreinte()
    cles = set(Centre.objects.filter(fictif=True).values_list("pk", flat=True))
    assert "14 centres fictifs supprimés" in charger("--remplacer", "--forcer")
    assert empreinte() == avant
    assert cles.isdisjoint(Centre.objects.filter(fictif=True).values_list("pk", flat=True))
    vrai.refresh_from_db()
    vrai_volume.refresh_from_db()


def test_a_cote_de_vrais_centres_il_faut_forcer():
    f.CentreFactory()
    with pytest.raises(CommandError, match="1 centres qui ne sont pas fictifs"):
        charger()
    assert Centre.objects.count() == 1
    charger("--forcer")
    assert Centre.objects.count() == 1 + CENTRES


def test_une_table_modele_et_un_salaire_deja_saisis_restent():
    f.TacheModeleFactory(typologie__code="CD", nom="Tâche maison")
    poste = f.PosteFactory(code="TRIEUR")
    poste.salaire_mensuel = 1
    poste.save()
    charger()
    charger("--remplacer")
    assert TacheModele.objects.filter(typologie__code="CD").count() == 1
    poste.refresh_from_db()
    assert poste.salaire_mensuel == 1


def test_effacer_la_demonstration_emporte_ses_salaires_et_eux_seuls():
    saisi, change = f.PosteFactory(code="TRIEUR"), f.PosteFactory(code="AGENT OPERATIONS")
    Poste.objects.filter(pk=saisi.pk).update(salaire_mensuel=SALAIRES["TRIEUR"])
    charger()
    Poste.objects.filter(pk=change.pk).update(salaire_mensuel=4321)
    ecriture.effacer()
    restants = dict(
        Poste.objects.filter(salaire_mensuel__isnull=False).values_list("code", "salaire_mensuel")
    )
    assert restants == {"TRIEUR": SALAIRES["TRIEUR"], "AGENT OPERATIONS": 4321}
    assert not Poste.objects.filter(salaire_fictif=True).exists()


def test_une_direction_rejointe_par_un_vrai_centre_n_est_pas_supprimee():
    charger()
    direction = Direction.objects.first()
    f.CentreFactory(direction=direction)
    ecriture.effacer()
    assert list(Direction.objects.all()) == [direction]
    assert Centre.objects.count() == 1
    assert not Tache.objects.exists()
    assert not VolumeAnnuel.objects.exists()
    assert not ParametreCentre.objects.exists()
    assert not TacheModele.objects.exists()


def test_une_regle_absente_arrete_tout_avec_une_phrase_et_rien_n_est_ecrit():
    produit = Produit.objects.get(code="LRH MED")
    produit.code = "AUTRE NOM"
    produit.save()
    with pytest.raises(CommandError, match="LRH MED"):
        charger()
    assert not Region.objects.exists()


def test_le_chargement_rend_perimees_les_lectures_d_avant():
    assert referentiel.directions() == []
    charger()
    directions = referentiel.directions()
    assert len(directions) == 12
    complete = referentiel.direction_complete(directions[0]["id"])
    assert all(centre["fictif"] for centre in complete["centres"])
    ecriture.effacer()
    assert referentiel.directions() == []
