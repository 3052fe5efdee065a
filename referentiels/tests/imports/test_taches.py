"""Import des tâches : tout ou rien, idempotent, chaque erreur à sa ligne et à sa colonne."""

import pytest

from referentiels.imports.taches import remplir_depuis_modele
from referentiels.models import CentrePoste, ImportFichier, Poste, Tache, TacheModele, Typologie
from referentiels.suivi import portees
from referentiels.tests.outils.factories import CentreFactory, TacheFactory, TacheModeleFactory
from referentiels.tests.outils.imports import (
    ENTETES,
    canevas,
    canevas_miniature,
    canevas_reel,
    comptes,
    en_xlsx,
    importer_taches,
    ligne,
    places,
)
from simulateur.cache import revisions
from simulateur.tests.outils.fichiers import texte_csv, xlsx
from simulateur.travaux.prise import Refus

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["miniature", "CM", "AM"])
def canevas_entier(request):
    """Un canevas et son compte de tâches ; les réels sont dans le dossier partagé."""
    if request.param == "miniature":
        return canevas_miniature(), 14
    lignes = canevas_reel(request.getfixturevalue("dossier_partage"), request.param)
    return lignes, {"CM": 303, "AM": 113}[request.param]


@pytest.mark.rapide
def test_un_canevas_entier_donne_ses_taches(canevas_entier):
    lignes, taches = canevas_entier
    centre = CentreFactory()
    trace = importer_taches(en_xlsx(lignes), centre, nom="canevas.xlsx")
    assert trace.rapport["rejets"] == []
    assert trace.rapport["lignes_lues"] == len(lignes) - 1
    assert comptes(trace) == (taches, 0, 0, 0)
    assert Tache.objects.filter(centre_poste__centre=centre).count() == taches
    assert trace.applique


def test_le_meme_canevas_en_csv_puis_en_xlsx_ne_change_rien(canevas_entier, compter_requetes):
    lignes, taches = canevas_entier
    centre = CentreFactory()
    premier = importer_taches(texte_csv(lignes), centre)
    assert comptes(premier) == (taches, 0, 0, 0)
    revision = revisions.lire_une(portees.centre(centre.pk))
    with compter_requetes() as requetes:
        second = importer_taches(en_xlsx(lignes), centre, nom="canevas.xlsx")
    assert comptes(second) == (0, 0, taches, 0)
    assert revisions.lire_une(portees.centre(centre.pk)) == revision
    ecritures = [r["sql"] for r in requetes if r["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert [sql.split()[2].strip('"') for sql in ecritures] == ["referentiels_importfichier"]
    assert len(requetes) <= 16


def test_deux_responsables_font_deux_taches_a_plein_temps(db):
    centre = CentreFactory()
    importer_taches(canevas(ligne(responsable_2="Trieur")), centre)
    taches = Tache.objects.filter(centre_poste__centre=centre)
    assert sorted(taches.values_list("centre_poste__poste__code", "duree_secondes")) == [
        ("AGENT TRAITEMENT", 12.0),
        ("TRIEUR", 12.0),
    ]


def test_le_meme_poste_nomme_deux_fois_fait_deux_taches_et_reste_idempotent():
    centre = CentreFactory()
    contenu = canevas(ligne(responsable_2="AGENT TRAITEMENT"))
    assert comptes(importer_taches(contenu, centre)) == (2, 0, 0, 0)
    assert comptes(importer_taches(contenu, centre)) == (0, 0, 2, 0)


@pytest.mark.parametrize(
    ("changements", "colonne", "raison"),
    [
        ({"nom": ""}, "Nom de tâche", "nom manquant"),
        ({"nom": "x" * 201}, "Nom de tâche", "au plus 200"),
        ({"famille": "x" * 121}, "Famille", "au plus 120"),
        ({"produit": "CO Arivé"}, "Produit", "les plus proches : CO ARRIVE"),
        ({"produit": ""}, "Produit", "valeur manquante"),
        ({"unite": "Palette"}, "Unité de mesure", "cette unité n'existe pas"),
        ({"phase": "nulle part"}, "Phase", "cette phase n'existe pas"),
        ({"base": 50}, "base de calcul", "40, 60 ou 100"),
        ({"base": ""}, "base de calcul", "valeur manquante"),
        ({"base": "0,5 %"}, "base de calcul", "40, 60 ou 100"),
        ({"responsable_1": "Pilote"}, "Responsable 1", "ce poste n'existe pas"),
        ({"responsable_2": "Pilote"}, "Responsable 2", "ce poste n'existe pas"),
        ({"responsable_1": ""}, "Responsable 1", "poste manquant"),
        ({"temps_min": "", "temps_sec": ""}, "Temps_sec", "durée manquante"),
        ({"temps_sec": "douze"}, "Temps_sec", "un nombre est attendu"),
        ({"temps_sec": "NaN"}, "Temps_sec", "un nombre est attendu"),
        ({"temps_sec": "1e309", "temps_min": ""}, "Temps_sec", "pas fini"),
        ({"temps_min": "0x10"}, "Temps_min", "un nombre est attendu"),
        ({"temps_min": "", "temps_sec": 0}, "Temps_sec", "supérieure à 0"),
        ({"temps_min": -1, "temps_sec": ""}, "Temps_min", "supérieure à 0"),
        ({"temps_min": "", "temps_sec": 90_000}, "Temps_sec", "dépasse 86400"),
        ({"temps_min": 0.2, "temps_sec": 12.02}, "Temps_min", "12 s en minutes contre 12.02 s"),
    ],
)
def test_une_ligne_fausse_est_refusee_a_sa_place_et_rien_n_est_ecrit(changements, colonne, raison):
    centre = CentreFactory()
    trace = importer_taches(canevas(ligne(nom="Juste"), ligne(**changements)), centre)
    assert places(trace) == [(3, colonne)]
    assert raison in trace.rapport["rejets"][0]["raison"]
    assert not trace.applique
    assert not Tache.objects.exists()
    assert not CentrePoste.objects.exists()


def test_toutes_les_erreurs_d_un_fichier_sont_dites_d_un_coup():
    trace = importer_taches(
        canevas(ligne(nom="", base=50), ligne(produit="Rien", unite="Rien"), ligne(temps_sec="x")),
        CentreFactory(),
    )
    assert places(trace) == [
        (2, "Nom de tâche"),
        (2, "base de calcul"),
        (3, "Produit"),
        (3, "Unité de mesure"),
        (4, "Temps_sec"),
    ]
    assert trace.rapport["rejets_total"] == 5
    assert ImportFichier.objects.get().rapport == trace.rapport


def test_une_ligne_en_double_nomme_la_premiere():
    trace = importer_taches(
        canevas(ligne(), ligne(nom="Autre"), ligne(nom="TRI", temps_min="", temps_sec=99)), CentreFactory()
    )
    assert places(trace) == [(4, "Nom de tâche")]
    assert "que la ligne 2" in trace.rapport["rejets"][0]["raison"]


@pytest.mark.parametrize(
    ("base", "attendue"),
    [(0.4, 40), ("0,6", 60), (1, 100), (40.0, 40), ("60", 60), ("40 %", 40), ("100%", 100), (100, 100)],
)
def test_la_base_s_ecrit_de_plusieurs_facons(base, attendue):
    assert importer_taches(canevas(ligne(base=base)), CentreFactory()).rapport["rejets"] == []
    assert Tache.objects.get().base_calcul == attendue


def test_les_secondes_font_foi_et_ne_s_ajoutent_pas_aux_minutes():
    importer_taches(canevas(ligne(temps_min=0.2, temps_sec=12.0091)), CentreFactory())
    assert Tache.objects.get().duree_secondes == 12.0091


def test_les_minutes_seules_suffisent():
    importer_taches(canevas(ligne(temps_min="1,5", temps_sec="")), CentreFactory())
    assert Tache.objects.get().duree_secondes == 90.0


def test_les_en_tetes_se_reconnaissent_dans_le_desordre_sans_accents_ni_casse():
    ordre = [9, 0, 6, 4, 2, 1, 5, 8, 3, 7]
    titres = [
        *("TEMPS SEC", "nom_de_tache", "RESPONSABLE_1", "Unite  de Mesure", "famille", "PRODUIT"),
        *("Base de calcul", "temps-min", "phase", "responsable 2"),
    ]
    trace = importer_taches(
        canevas([ligne()[i] for i in ordre], entetes=[*titres, "Remarque"]), CentreFactory()
    )
    assert comptes(trace) == (1, 0, 0, 0)
    assert trace.rapport["avertissements"] == ["colonnes ignorées : Remarque."]


@pytest.mark.parametrize(
    ("entetes", "colonnes"),
    [
        ([e for e in ENTETES if e != "Produit"], ["Produit"]),
        ([e for e in ENTETES if not e.startswith("Temps")], ["Temps_sec"]),
        ([*ENTETES, "PRODUIT"], ["Produit"]),
        (["a", "produit"], ["Nom de tâche", "Unité de mesure", "base de calcul", "Responsable 1"]),
    ],
)
def test_une_colonne_absente_ou_repetee_est_nommee(entetes, colonnes):
    trace = importer_taches(canevas(ligne(), entetes=entetes), CentreFactory())
    assert places(trace) == [(1, colonne) for colonne in colonnes]


def test_un_synonyme_et_un_nom_designent_le_poste():
    trace = importer_taches(
        canevas(
            ligne(nom="a", responsable_1="MAG", produit="EL BARKIA MED"),
            ligne(nom="b", responsable_1="Chargé reporting et qualité"),
        ),
        CentreFactory(),
    )
    assert trace.rapport["rejets"] == []
    assert set(trace.rapport["postes_ajoutes"]) == {"Agent MAC et MAG", "Chargé reporting et qualité"}


def test_un_poste_absent_du_centre_y_entre_avec_un_effectif_nul():
    centre = CentreFactory()
    trace = importer_taches(canevas(ligne()), centre, a_blanc=True)
    assert trace.rapport["postes_ajoutes"] == ["Agent traitement"]
    assert not centre.centre_postes.exists()
    importer_taches(canevas(ligne()), centre)
    assert centre.centre_postes.get().effectif_actuel == 0


def test_un_essai_a_blanc_annonce_ce_que_l_import_fera():
    centre = CentreFactory()
    importer_taches(canevas(ligne(), ligne(nom="Autre")), centre)
    revision = revisions.lire_une(revisions.GLOBALE)
    change = canevas(ligne(temps_min="", temps_sec=15), ligne(nom="Neuve"))
    essai = importer_taches(change, centre, a_blanc=True, remplacer=True)
    assert comptes(essai) == (1, 1, 0, 1)
    assert revisions.lire_une(revisions.GLOBALE) == revision
    assert not essai.applique
    assert comptes(importer_taches(change, centre, remplacer=True)) == comptes(essai)


def test_une_duree_changee_est_une_modification_nommee():
    centre = CentreFactory()
    importer_taches(canevas(ligne()), centre)
    trace = importer_taches(canevas(ligne(temps_min="", temps_sec=15)), centre)
    assert trace.rapport["champs_modifies"] == {"duree_secondes": 1}
    assert trace.rapport["details"][0]["champs"] == {"duree_secondes": [12.0, 15.0]}
    assert Tache.objects.get().duree_secondes == 15.0


def test_sans_remplacer_les_autres_taches_restent_et_le_rapport_le_dit():
    centre = CentreFactory()
    importer_taches(canevas(ligne(), ligne(nom="Autre")), centre)
    trace = importer_taches(canevas(ligne(nom="Autre")), centre)
    assert comptes(trace) == (0, 0, 1, 0)
    assert "gardées en base : 1 tâche." in trace.rapport["avertissements"][0]
    assert Tache.objects.count() == 2


def test_remplacer_supprime_les_absentes_et_reprend_l_ordre_du_fichier():
    centre = CentreFactory()
    importer_taches(canevas(ligne(nom="a"), ligne(nom="b"), ligne(nom="c")), centre)
    trace = importer_taches(canevas(ligne(nom="c"), ligne(nom="a")), centre, remplacer=True)
    assert comptes(trace) == (0, 2, 0, 1)
    assert list(Tache.objects.values_list("nom", "ordre")) == [("c", 1), ("a", 2)]


def test_remplacer_ne_touche_pas_les_autres_centres():
    ailleurs = TacheFactory()
    importer_taches(canevas(ligne()), CentreFactory(), remplacer=True)
    assert Tache.objects.filter(pk=ailleurs.pk).exists()


def test_une_tache_inactive_le_reste():
    centre = CentreFactory()
    importer_taches(canevas(ligne()), centre)
    Tache.objects.update(actif=False)
    trace = importer_taches(canevas(ligne()), centre)
    assert "laissées inactives : 1 tâche." in trace.rapport["avertissements"][0]
    assert not Tache.objects.get().actif


def test_les_taches_neuves_se_rangent_apres_les_presentes():
    centre = CentreFactory()
    importer_taches(canevas(ligne(nom="a"), ligne(nom="b")), centre)
    importer_taches(canevas(ligne(nom="c")), centre)
    assert list(Tache.objects.values_list("nom", flat=True)) == ["a", "b", "c"]


def test_la_table_modele_d_une_typologie_s_importe_de_meme():
    typologie = Typologie.objects.get(code="CM")
    contenu = canevas(ligne(responsable_2="Trieur"))
    assert comptes(importer_taches(contenu, typologie)) == (2, 0, 0, 0)
    assert comptes(importer_taches(contenu, typologie)) == (0, 0, 2, 0)
    assert TacheModele.objects.filter(typologie=typologie).count() == 2
    assert not Tache.objects.exists()


def test_la_feuille_du_canevas_est_trouvee_et_les_autres_sont_nommees():
    contenu = xlsx({"Lisez-moi": [["Notice"]], "Canevas": [ENTETES, ligne()]})
    trace = importer_taches(contenu, CentreFactory(), nom="c.xlsx")
    assert comptes(trace) == (1, 0, 0, 0)
    assert trace.rapport["feuilles_sautees"] == {"Lisez-moi": "sans les en-têtes attendus"}


def test_un_fichier_illisible_ou_vide_est_refuse_et_sa_trace_gardee():
    trace = importer_taches(b"pas un classeur", CentreFactory(), nom="a.xlsx")
    assert "n'en est pas un" in trace.rapport["refus"]
    assert len(trace.sha256) == 64
    assert "aucune tâche" in importer_taches(canevas(), CentreFactory()).rapport["refus"]


def test_un_libelle_ambigu_demande_le_code():
    Poste.objects.create(code="TRIEUR A", nom="Agent polyvalent")
    Poste.objects.create(code="TRIEUR B", nom="Agent polyvalent")
    trace = importer_taches(canevas(ligne(responsable_1="Agent polyvalent")), CentreFactory())
    assert "écrire le code" in trace.rapport["rejets"][0]["raison"]


def test_un_import_touche_le_centre_et_lui_seul():
    centre, voisin = CentreFactory(), CentreFactory()
    avant = revisions.lire_une(portees.centre(voisin.pk))
    importer_taches(canevas(ligne()), centre)
    assert revisions.lire_une(portees.centre(centre.pk)) > 0
    assert revisions.lire_une(portees.centre(voisin.pk)) == avant


def test_un_centre_vide_se_remplit_depuis_sa_typologie_sur_demande():
    centre = CentreFactory()
    TacheModeleFactory.create_batch(3, typologie=centre.typologie)
    assert remplir_depuis_modele(centre) == 3
    assert Tache.objects.filter(centre_poste__centre=centre).count() == 3
    with pytest.raises(Refus, match="a déjà des tâches"):
        remplir_depuis_modele(centre)


def test_un_centre_dont_la_typologie_n_a_pas_de_modele_ne_se_remplit_pas():
    with pytest.raises(Refus, match="pas de table modèle"):
        remplir_depuis_modele(CentreFactory())
