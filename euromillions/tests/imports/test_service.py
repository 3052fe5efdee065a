"""Importer en base : quatre comptes exacts, rien deux fois, rien d'écrasé, rien à moitié."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError
from django.utils import timezone

from euromillions.imports import service
from euromillions.imports.conflits import ConflitRefuse, trancher
from euromillions.imports.service import (
    DejaApplique,
    Fichier,
    ImportSuspect,
    a_blanc,
    abandonner,
    confirmer,
    importer,
    previsualiser,
)
from euromillions.models import (
    ConflitTirage,
    EtatImport,
    GainRang,
    HistoriqueTirage,
    ImportTirages,
    Resolution,
    Source,
    Tirage,
)
from euromillions.models.querysets import PORTEE_TIRAGES
from euromillions.tests.outils.imports import (
    FICHIERS_OPERATEUR,
    ecrire,
    lignes_reelles,
    lire_octets,
    miniature,
)
from euromillions.tirages.demo import charger_fictifs
from simulateur.cache import revisions
from simulateur.fichiers.limites import FichierRefuse

pytestmark = pytest.mark.django_db

ENTETE = "date,n1,n2,n3,n4,n5,e1,e2\n"
FDJ = ("fdj_2004.csv", "fdj_2011.csv", "fdj_2014.csv", "fdj_2016.csv", "fdj_2019.csv", "fdj_2020.csv")


def fichier(nom: str) -> Fichier:
    return Fichier(nom, miniature(nom))


def texte(*lignes: str, nom: str = "saisi.csv") -> Fichier:
    return Fichier(nom, (ENTETE + "\n".join(lignes)).encode())


def importer_un(recu: Fichier, **options) -> ImportTirages:
    return importer([recu], auteur=None, **options)[0]


def comptes(fait) -> tuple[int, ...]:
    lu = fait if isinstance(fait, dict) else service.en_dict(fait)
    assert lu["lignes"] == lu["ajoutes"] + lu["identiques"] + lu["conflits"] + lu["invalides"]
    return lu["ajoutes"], lu["identiques"], lu["conflits"], lu["invalides"]


def revision() -> int:
    return revisions.lire_une(PORTEE_TIRAGES)


# --- ajouts ------------------------------------------------------------------------------------------
def test_les_six_generations_s_importent_ensemble_avec_ordre_et_gains():
    faits = importer([fichier(nom) for nom in FDJ], auteur=None)
    assert [comptes(fait) for fait in faits] == [(3, 0, 0, 0)] + [(2, 0, 0, 0)] * 5
    tirage = Tirage.objects.get(date=date(2017, 1, 17))
    assert (tirage.ordre_numeros, tirage.ordre_etoiles) == ("4-39-15-28-47", "12-1")
    assert (tirage.source, tirage.import_tirages, tirage.ere.etoiles_max) == (Source.FDJ, faits[3], 12)
    gain = tirage.gains.get(rang=2)
    assert (gain.gagnants_france, gain.gagnants_europe, gain.gain) == (8, 33, Decimal("1205.2"))
    assert GainRang.objects.filter(tirage__date__lt=date(2011, 5, 10)).count() == 3 * 12
    assert GainRang.objects.count() == 3 * 12 + 10 * 13


@pytest.mark.parametrize(
    ("nom", "source"),
    [
        ("national_lottery.csv", Source.NATIONAL_LOTTERY),
        ("merseyworld.csv", Source.MERSEYWORLD),
        ("generique.csv", Source.GENERIQUE),
    ],
)
def test_la_source_suit_le_format(nom, source):
    importer_un(fichier(nom))
    assert set(Tirage.objects.values_list("source", flat=True)) == {source}


def test_une_simulation_a_blanc_n_ecrit_rien_et_enchaine_les_fichiers(lecture_seule):
    with lecture_seule():
        premier, second = a_blanc([fichier("generique.csv"), fichier("generique.csv")])
    assert comptes(premier) == (2, 0, 0, 0)
    assert comptes(second) == (0, 2, 0, 0)
    assert not Tirage.objects.exists()


def test_un_fichier_refuse_annule_tous_ceux_qui_l_accompagnent():
    with pytest.raises(FichierRefuse):
        importer([fichier("generique.csv"), Fichier("x", b"rien d'utile")], auteur=None)
    assert not Tirage.objects.exists()
    assert not ImportTirages.objects.exists()


def test_une_saisie_pendant_l_import_le_refuse_en_entier(monkeypatch):
    def saisie_concurrente(*_args):
        raise IntegrityError("UNIQUE")

    monkeypatch.setattr(service.ecriture, "ecrire", saisie_concurrente)
    with pytest.raises(FichierRefuse, match="recommencer"):
        importer_un(fichier("generique.csv"))
    assert not ImportTirages.objects.exists()


def test_la_revision_bouge_une_seule_fois_par_import_et_pas_sans_changement(compter_requetes):
    avant = revision()
    with compter_requetes() as requetes:
        importer([fichier(nom) for nom in FDJ], auteur=None)
    touchees = [r for r in requetes if 'INSERT INTO "simulateur_revision"' in r["sql"]]
    assert len([r for r in touchees if "euromillions" in r["sql"]]) == 1
    apres = revision()
    assert apres > avant
    importer([fichier(nom) for nom in FDJ], auteur=None)
    assert revision() == apres


# --- deux fois le même -------------------------------------------------------------------------------
@pytest.mark.parametrize("nom", [*FDJ, "merseyworld.csv", "national_lottery.csv", "generique.csv"])
def test_le_meme_fichier_deux_fois_n_ajoute_rien(nom):
    premier = importer_un(fichier(nom))
    second = importer_un(fichier(nom))
    assert comptes(second) == (0, premier.ajoutes, 0, 0)
    assert second.rapport["enrichis"] == 0
    assert second.sha256 == premier.sha256
    assert premier.rapport["deja_importe_le"] is None
    assert second.rapport["deja_importe_le"] is not None


def test_un_identique_est_enrichi_de_l_ordre_et_des_gains_qui_manquaient():
    importer_un(texte("2017-01-17,4,15,28,39,47,1,12"))
    fait = importer_un(fichier("fdj_2016.csv"))
    assert (comptes(fait), fait.rapport["enrichis"]) == ((1, 1, 0, 0), 1)
    tirage = Tirage.objects.get(date=date(2017, 1, 17))
    assert (tirage.ordre_numeros, tirage.source) == ("4-39-15-28-47", Source.GENERIQUE)
    assert tirage.gains.count() == 13
    assert not HistoriqueTirage.objects.exists()


def test_un_compte_de_gagnants_manquant_est_complete_sans_toucher_aux_autres():
    importer_un(fichier("fdj_2016.csv"))
    GainRang.objects.filter(tirage__date=date(2017, 1, 17), rang=2).update(
        gagnants_europe=None, gain=Decimal("1.5")
    )
    fait = importer_un(fichier("fdj_2016.csv"))
    assert fait.rapport["enrichis"] == 1
    gain = GainRang.objects.get(tirage__date=date(2017, 1, 17), rang=2)
    assert (gain.gagnants_europe, gain.gain) == (33, Decimal("1.5"))


# --- conflits ----------------------------------------------------------------------------------------
EN_PLACE = "2021-03-02,1,2,3,4,5,1,2"
AUTRE = "2021-03-02,1,2,3,4,6,1,2"
CONFIRME = "2021-03-05,7,8,9,10,11,3,4"


@pytest.fixture
def conflit():
    importer_un(texte(EN_PLACE, CONFIRME))
    fait = importer_un(texte(AUTRE, CONFIRME, "2021-03-09,1,2,3,4,8,1,2", nom="autre.csv"))
    assert comptes(fait) == (1, 1, 1, 0)
    return ConflitTirage.objects.get()


def test_un_conflit_garde_le_tirage_et_attend_une_decision(conflit):
    assert conflit.tirage.numeros == (1, 2, 3, 4, 5)
    assert (conflit.numeros, conflit.ligne, conflit.resolution) == ((1, 2, 3, 4, 6), 2, "en_attente")
    assert not HistoriqueTirage.objects.exists()


def test_remplacer_garde_l_ancienne_valeur_dans_l_historique(conflit, utilisateur_staff):
    Tirage.objects.filter(pk=conflit.tirage_id).update(ordre_numeros="5-4-3-2-1")
    GainRang.objects.create(tirage=conflit.tirage, rang=1, gain=Decimal(10))
    avant = revision()
    trancher(conflit, decision="remplacer", auteur=utilisateur_staff)
    tirage = Tirage.objects.get(pk=conflit.tirage_id)
    assert (tirage.numeros, tirage.ordre_numeros, tirage.gains.count()) == ((1, 2, 3, 4, 6), "", 0)
    ancien = HistoriqueTirage.objects.get()
    assert (ancien.numeros, ancien.auteur, ancien.date) == (
        (1, 2, 3, 4, 5),
        utilisateur_staff,
        date(2021, 3, 2),
    )
    assert "autre.csv, ligne 2" in ancien.motif
    assert revision() > avant
    conflit.refresh_from_db()
    assert (conflit.resolution, conflit.resolu_par) == (Resolution.REMPLACER, utilisateur_staff)


def test_garder_ne_change_rien_et_le_meme_fichier_ne_repose_pas_la_question(conflit, utilisateur_staff):
    avant = revision()
    trancher(conflit, decision="garder", auteur=utilisateur_staff)
    assert Tirage.objects.get(pk=conflit.tirage_id).numeros == (1, 2, 3, 4, 5)
    assert revision() == avant
    encore = importer_un(texte(AUTRE, CONFIRME, nom="autre.csv"))
    assert encore.conflits == 1
    assert ConflitTirage.objects.count() == 1


def test_un_conflit_en_attente_n_est_pas_note_deux_fois(conflit):
    importer_un(texte(AUTRE, CONFIRME, nom="encore.csv"))
    assert ConflitTirage.objects.count() == 1


def test_un_conflit_ne_se_tranche_qu_une_fois(conflit, utilisateur_staff):
    trancher(conflit, decision="garder", auteur=utilisateur_staff)
    with pytest.raises(ConflitRefuse, match="déjà été tranché"):
        trancher(conflit, decision="remplacer", auteur=utilisateur_staff)
    assert Tirage.objects.get(pk=conflit.tirage_id).numeros == (1, 2, 3, 4, 5)


def test_une_decision_inconnue_est_refusee(conflit, utilisateur_staff):
    with pytest.raises(ConflitRefuse):
        trancher(conflit, decision="en_attente", auteur=utilisateur_staff)


def test_remplacer_par_des_boules_que_l_ere_n_admet_plus_est_refuse(conflit, utilisateur_staff):
    ConflitTirage.objects.filter(pk=conflit.pk).update(e2=13)
    with pytest.raises(ConflitRefuse, match="13"):
        trancher(conflit, decision="remplacer", auteur=utilisateur_staff)
    conflit.refresh_from_db()
    assert conflit.resolution == Resolution.EN_ATTENTE


# --- un autre jeu ------------------------------------------------------------------------------------
def mardis(combien: int, boules: str, *, debut=date(2021, 3, 2)) -> list[str]:
    return [f"{debut + timedelta(7 * n)},{boules}" for n in range(combien)]


def test_le_fichier_d_un_autre_jeu_n_ajoute_rien_sans_confirmation():
    importer_un(texte(*mardis(10, "1,2,3,4,5,1,2")), malgre_soupcon=True)
    etranger = texte(*mardis(12, "11,12,13,14,15,6,7"))
    with pytest.raises(ImportSuspect, match=r"autre jeu : 10 de ses tirages contredisent"):
        importer_un(etranger)
    assert Tirage.objects.count() == 10
    assert not ConflitTirage.objects.exists()
    fait = importer_un(etranger, malgre_soupcon=True)
    assert comptes(fait) == (2, 0, 10, 0)
    assert ConflitTirage.objects.count() == 10
    assert set(Tirage.objects.filter(date__lt=date(2021, 5, 11)).values_list("n1", flat=True)) == {1}


def test_trois_conflits_parmi_des_identiques_passent_un_quatrieme_eveille_le_soupcon():
    importer_un(texte(*mardis(10, "1,2,3,4,5,1,2")), malgre_soupcon=True)
    identiques = mardis(10, "1,2,3,4,5,1,2")
    autres = mardis(10, "1,2,3,4,6,1,2")
    assert comptes(importer_un(texte(*autres[:3], *identiques[3:]))) == (0, 7, 3, 0)
    with pytest.raises(ImportSuspect):
        importer_un(texte(*autres[:4], *identiques[4:]))


def test_un_fichier_que_rien_ne_confirme_et_qu_un_tirage_contredit_est_suspect():
    importer_un(texte(EN_PLACE))
    with pytest.raises(ImportSuspect):
        importer_un(texte(AUTRE, CONFIRME))


def test_un_jeu_aux_autres_jours_est_suspect_meme_sur_une_base_vide():
    lundis_et_mardis = mardis(5, "1,2,3,4,5,1,2", debut=date(2021, 3, 1)) + mardis(5, "1,2,3,4,5,1,2")
    with pytest.raises(ImportSuspect, match="5 lignes sur 10"):
        importer_un(texte(*lundis_et_mardis))
    assert not Tirage.objects.exists()


def test_une_confirmation_du_soupcon_rejette_quand_meme_les_lignes_hors_jeu():
    lundis_et_mardis = mardis(5, "1,2,3,4,5,1,2", debut=date(2021, 3, 1)) + mardis(5, "1,2,3,4,5,1,2")
    assert comptes(importer_un(texte(*lundis_et_mardis), malgre_soupcon=True)) == (5, 0, 0, 5)


# --- aperçu ------------------------------------------------------------------------------------------
def test_un_apercu_puis_sa_confirmation(utilisateur_staff):
    apercu = previsualiser(fichier("fdj_2016.csv"), auteur=utilisateur_staff)
    assert (apercu.etat, comptes(apercu), Tirage.objects.count()) == (EtatImport.APERCU, (2, 0, 0, 0), 0)
    fait = confirmer(ImportTirages.objects.get(pk=apercu.pk), auteur=utilisateur_staff)
    assert (fait.etat, fait.contenu, Tirage.objects.count()) == (EtatImport.APPLIQUE, None, 2)
    with pytest.raises(DejaApplique):
        confirmer(ImportTirages.objects.get(pk=apercu.pk), auteur=utilisateur_staff)
    # L'objet d'avant la confirmation, comme dans un second onglet.
    with pytest.raises(DejaApplique):
        confirmer(apercu, auteur=utilisateur_staff)
    assert Tirage.objects.count() == 2


def test_la_confirmation_compare_a_la_base_de_maintenant(utilisateur_staff):
    apercu = previsualiser(fichier("fdj_2016.csv"), auteur=utilisateur_staff)
    importer_un(fichier("fdj_2016.csv"))
    assert comptes(confirmer(apercu, auteur=utilisateur_staff)) == (0, 2, 0, 0)


def test_un_apercu_suspect_reste_un_apercu_tant_qu_on_ne_le_confirme_pas(utilisateur_staff):
    importer_un(texte(EN_PLACE))
    apercu = previsualiser(texte(AUTRE, CONFIRME), auteur=utilisateur_staff)
    assert "autre jeu" in apercu.rapport["soupcon"]
    with pytest.raises(ImportSuspect):
        confirmer(ImportTirages.objects.get(pk=apercu.pk), auteur=utilisateur_staff)
    apercu = ImportTirages.objects.get(pk=apercu.pk)
    assert apercu.etat == EtatImport.APERCU
    assert comptes(confirmer(apercu, auteur=utilisateur_staff, malgre_soupcon=True)) == (1, 0, 1, 0)


def test_un_apercu_abandonne_disparait_un_import_applique_reste(utilisateur_staff):
    apercu = previsualiser(fichier("generique.csv"), auteur=utilisateur_staff)
    assert abandonner(apercu.pk)
    assert not abandonner(apercu.pk)
    fait = importer_un(fichier("generique.csv"))
    assert not abandonner(fait.pk)
    assert Tirage.objects.count() == 2


def test_les_apercus_oublies_depuis_une_semaine_s_effacent(utilisateur_staff):
    vieux = previsualiser(fichier("generique.csv"), auteur=utilisateur_staff)
    ImportTirages.objects.filter(pk=vieux.pk).update(cree_le=timezone.now() - timedelta(days=8))
    neuf = previsualiser(fichier("fdj_2020.csv"), auteur=utilisateur_staff)
    assert list(ImportTirages.objects.values_list("pk", flat=True)) == [neuf.pk]


# --- démonstration -----------------------------------------------------------------------------------
def test_un_vrai_import_supprime_tous_les_tirages_fictifs_dans_la_meme_transaction(utilisateur_staff):
    fictifs = charger_fictifs(jusqu_au=date(2005, 3, 1))
    apercu = previsualiser(fichier("fdj_2004.csv"), auteur=utilisateur_staff)
    # Mêmes dates que des tirages fictifs : ce n'est pas un conflit.
    assert (comptes(apercu), apercu.rapport["fictifs_a_supprimer"]) == ((3, 0, 0, 0), fictifs)
    assert Tirage.objects.count() == fictifs
    fait = confirmer(apercu, auteur=utilisateur_staff)
    assert fait.fictifs_supprimes == fictifs
    assert Tirage.objects.count() == 3
    assert not Tirage.objects.fictifs().exists()


def test_un_import_sans_un_tirage_lisible_laisse_la_demonstration():
    fictifs = charger_fictifs(jusqu_au=date(2004, 3, 1))
    fait = importer_un(texte("2021-03-02,1,1,3,4,5,1,2"))
    assert (comptes(fait), fait.fictifs_supprimes) == ((0, 0, 0, 1), 0)
    assert Tirage.objects.fictifs().count() == fictifs


@pytest.mark.parametrize(("heure", "attendus"), [((20, 14, 59), (0, 0, 0, 1)), ((20, 15), (1, 0, 0, 0))])
@pytest.mark.parametrize("fuseau", ["Europe/Paris", "Africa/Casablanca", "Asia/Tokyo"])
def test_le_tirage_du_jour_n_existe_pas_avant_son_heure_a_paris(monkeypatch, fuseau, heure, attendus):
    instant = datetime(2021, 3, 2, *heure, tzinfo=ZoneInfo("Europe/Paris"))
    monkeypatch.setattr(timezone, "now", lambda: instant)
    with timezone.override(fuseau):
        assert comptes(a_blanc([texte(EN_PLACE)])[0]) == attendus


def test_les_six_miniatures_ne_font_qu_une_histoire_que_les_autres_formats_confirment():
    faits = importer([fichier(nom) for nom in FDJ], auteur=None)
    assert [fait.ajoutes for fait in faits] == [3, 2, 2, 2, 2, 2]
    assert {(fait.conflits, fait.invalides) for fait in faits} == {(0, 0)}
    lues = [ligne for nom in FDJ for ligne in lire_octets(miniature(nom)).lues]
    for voulu in ("generique", "merseyworld", "national-lottery"):
        assert comptes(a_blanc([Fichier(f"{voulu}.csv", ecrire(lues, voulu))])[0]) == (0, 13, 0, 0)
    autre = [replace(ligne, etoiles=(1, 9) if ligne.etoiles != (1, 9) else (2, 9)) for ligne in lues]
    assert comptes(a_blanc([Fichier("autre.csv", ecrire(autre, "generique"))])[0]) == (0, 0, 13, 0)


def test_l_histoire_reelle_entiere_s_importe_puis_se_confirme():
    tout = Fichier("histoire.csv", ecrire(lignes_reelles(), "generique"))
    assert comptes(importer_un(tout)) == (1974, 0, 0, 0)
    assert Tirage.objects.count() == 1974
    assert comptes(importer_un(tout)) == (0, 1974, 0, 0)


# --- vrais fichiers ----------------------------------------------------------------------------------
@pytest.mark.complet
def test_les_six_vrais_fichiers_donnent_1947_tirages_et_les_britanniques_les_confirment(dossier_partage):
    dossier = dossier_partage / "donnees" / "euromillions"
    faits = importer(
        [Fichier(nom, (dossier / "fdj" / nom).read_bytes()) for nom in FICHIERS_OPERATEUR], auteur=None
    )
    assert sum(fait.ajoutes for fait in faits) == Tirage.objects.count() == 1947
    assert {(fait.conflits, fait.invalides) for fait in faits} == {(0, 0)}
    britanniques = [dossier / "uk" / "merseyworld.csv", *(dossier / "uk").glob("national*.csv")]
    sorties = a_blanc([Fichier(chemin.name, chemin.read_bytes()) for chemin in britanniques])
    assert [comptes(sortie) for sortie in sorties] == [(27, 1947, 0, 0), (0, 51, 0, 0)]
    historique = importer_un(Fichier("tirages.csv", (dossier / "tirages.csv").read_bytes()))
    assert comptes(historique) == (27, 1947, 0, 0)
    assert Tirage.objects.count() == 1974
