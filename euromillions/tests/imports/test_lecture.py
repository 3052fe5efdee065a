"""La lecture pure : formats, styles de date, lignes refusées. Aucune base."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from euromillions.imports.dates import lire_date, numero_du_jour
from euromillions.imports.lignes import GainLu, LigneLue
from euromillions.tests.outils.imports import (
    ERES,
    FICHIERS_OPERATEUR,
    ecrire,
    lignes_reelles,
    lire_octets,
    lire_texte,
    miniature,
)
from simulateur.fichiers.limites import FichierRefuse

MINIATURES_LUES = {
    "fdj_2004.csv": ("fdj-2004", "ascii", "CRLF", "AAAAMMJJ", 3),
    "fdj_2011.csv": ("fdj-2011", "ascii", "LF", "JJ/MM/AAAA", 2),
    "fdj_2014.csv": ("fdj-2014", "ascii", "CRLF et LF", "JJ/MM/AAAA", 2),
    "fdj_2016.csv": ("fdj-2016", "latin-1", "LF", "JJ/MM/AAAA", 2),
    "fdj_2019.csv": ("fdj-2019", "latin-1", "LF", "JJ/MM/AAAA", 2),
    "fdj_2020.csv": ("fdj-2020", "utf-8", "LF", "JJ/MM/AAAA", 2),
    "national_lottery.csv": ("national-lottery", "ascii", "CRLF", "JJ-MMM-AAAA", 2),
    "merseyworld.csv": ("merseyworld", "ascii", "LF", "JJ-MMM-AAAA", 3),
    "generique.csv": ("generique", "utf-8 (BOM)", "LF", "AAAA-MM-JJ", 2),
}


@pytest.mark.parametrize("nom", MINIATURES_LUES)
def test_chaque_format_est_reconnu_a_son_contenu(nom):
    lecture = lire_octets(miniature(nom))
    assert (
        lecture.format,
        lecture.encodage,
        lecture.fins_de_ligne,
        lecture.style_date,
        len(lecture.lues),
    ) == MINIATURES_LUES[nom]
    assert lecture.invalides == ()


def test_le_fichier_francais_donne_l_ordre_de_sortie_et_les_gains():
    ligne = lire_octets(miniature("fdj_2016.csv")).lues[0]
    assert ligne.date == date(2017, 1, 17)
    assert ligne.numeros == (4, 15, 28, 39, 47)
    assert ligne.etoiles == (1, 12)
    assert ligne.ordre_physique == (4, 39, 15, 28, 47, 12, 1)
    assert ligne.gains[1] == GainLu(2, 8, 33, Decimal("1205.2"))
    assert [gain.rang for gain in ligne.gains] == list(range(1, 14))


def test_les_fichiers_britanniques_ne_donnent_pas_d_ordre_de_sortie():
    assert lire_octets(miniature("merseyworld.csv")).lues[0].ordre_physique is None
    assert lire_octets(miniature("national_lottery.csv")).lues[0].ordre_physique is None


def test_le_nom_du_fichier_et_l_ordre_des_colonnes_ne_comptent_pas():
    lecture = lire_texte("e2;n5;n4;date;n3;inconnue;n2;n1;e1\n9;50;40;02/03/2021;30;x;20;10;3\n")
    assert lecture.lues[0].boules == ((10, 20, 30, 40, 50), (3, 9))


def test_les_comptes_europeens_inferieurs_a_la_france_sont_laisses_vides():
    lecture = lire_octets(miniature("fdj_2019.csv"))
    par_date = {ligne.date: ligne for ligne in lecture.lues}
    fautive = par_date[date(2019, 2, 8)]
    assert {gain.gagnants_europe for gain in fautive.gains} == {None}
    assert fautive.gains[1].gagnants_france == 7
    assert [remarque.numero_ligne for remarque in lecture.remarques] == [2]
    assert par_date[date(2019, 2, 5)].gains[1].gagnants_europe is not None


def test_un_gain_au_point_ou_sans_partie_entiere_est_lu():
    ligne = lire_octets(miniature("fdj_2020.csv")).lues[-1]
    assert ligne.gains[1].rapport == Decimal("1202.2")
    assert ligne.gains[12].rapport == Decimal("0.9")


def test_une_annee_a_douze_rangs_n_en_garde_pas_treize():
    texte = miniature("fdj_2011.csv").decode()
    texte = texte.replace("MARDI   ;10/01/2012", "VENDREDI;07/01/2005").replace("10;3;-2-9", "6;3;-2-9")
    lecture = lire_texte(texte.replace("-3-10-", "-3-6-"))
    assert [(ligne.date.year, len(ligne.gains)) for ligne in lecture.lues] == [(2005, 12), (2012, 13)]


def test_un_gain_illisible_est_signale_sans_perdre_le_tirage():
    texte = miniature("fdj_2004.csv").decode().replace("1003,3", "mille")
    lecture = lire_texte(texte)
    assert len(lecture.lues) == 3
    assert "« mille » n'est pas un gain en euros" in lecture.remarques[0].texte
    assert 3 not in [gain.rang for gain in lecture.lues[-1].gains]


RAISONS = {
    3: ("e1 à e2", "étoile 12 hors de la réserve de cette date (1 à 11)."),
    4: ("n1 à n5", "numéro 51 hors de la réserve de cette date (1 à 50)."),
    5: ("n1 à n5", "numéro 7 donné deux fois."),
    6: ("e1 à e2", "étoile 4 donnée deux fois."),
    7: ("date", "Le 25/01/2012 est un mercredi ; on tirait le mardi ou vendredi."),
    8: ("jour", "Le 27/01/2012 est un vendredi ; le fichier dit mardi."),
    9: ("date", "Le 07/01/2110 est à venir : ce tirage n'a pas eu lieu."),
    10: ("n1", "« sept » n'est pas un nombre entier."),
    11: ("date", "« 30/02/2012 » n'est pas une date JJ/MM/AAAA."),
    12: ("n5", "Colonne manquante : 6 valeurs, il en faut au moins 9."),
    13: ("", "Plus de valeurs que de colonnes : la ligne est décalée."),
    14: ("jour", "« plopdi » n'est pas un jour de la semaine."),
    15: ("date", "Le 06/02/2004 précède le premier tirage du jeu (13/02/2004)."),
    16: ("date", "Date absente."),
    17: ("n2", "Valeur absente."),
    18: ("date", "Le 17/02/2012 revient ligne 19 avec d'autres boules."),
    19: ("date", "Le 17/02/2012 revient ligne 18 avec d'autres boules."),
    22: ("date", "Le 13/03/2007 est un mardi ; on tirait le vendredi."),
}


def test_chaque_piege_est_refuse_avec_sa_ligne_sa_colonne_et_sa_raison():
    lecture = lire_octets(miniature("pieges.csv"))
    trouvees = {ligne.numero_ligne: (ligne.colonne, ligne.raison) for ligne in lecture.invalides}
    assert trouvees == RAISONS


def test_une_repetition_exacte_est_comptee_une_fois():
    lecture = lire_octets(miniature("pieges.csv"))
    assert [ligne.date for ligne in lecture.lues] == [date(2012, 1, 13), date(2012, 2, 21)]
    assert lecture.doublons == 1


def test_une_etoile_9_passe_en_2010_mais_pas_une_10():
    lecture = lire_texte("date,n1,n2,n3,n4,n5,e1,e2\n2010-01-01,1,2,3,4,5,1,9\n2010-01-08,1,2,3,4,5,1,10\n")
    assert [ligne.date for ligne in lecture.lues] == [date(2010, 1, 1)]
    assert lecture.invalides[0].hors_jeu


def test_la_colonne_croissante_qui_contredit_les_boules_est_refusee():
    texte = miniature("fdj_2011.csv").decode().replace("-7-19-22-36-41-", "-7-19-22-36-42-")
    invalide = lire_texte(texte).invalides[0]
    assert invalide.colonne == "boules_gagnantes_en_ordre_croissant"
    assert "contredit" in invalide.raison


def test_les_dates_jour_mois_se_decident_sur_toute_la_colonne():
    entete = "date,n1,n2,n3,n4,n5,e1,e2\n"
    boules = ",1,2,3,4,5,1,2\n"
    # 02/03/2021 : mardi 2 mars, ou 3 février (mercredi) à l'américaine.
    francais = lire_texte(entete + "02/03/2021" + boules + "30/03/2021" + boules)
    assert (francais.style_date, francais.lues[0].date) == ("JJ/MM/AAAA", date(2021, 3, 2))
    americain = lire_texte(entete + "03/02/2021" + boules + "03/30/2021" + boules)
    assert (americain.style_date, americain.lues[0].date) == ("MM/JJ/AAAA", date(2021, 3, 2))
    # Lisibles des deux façons : les jours de tirage départagent.
    douteux = lire_texte(entete + "03/02/2021" + boules + "03/05/2021" + boules)
    assert [ligne.date for ligne in douteux.lues] == [date(2021, 3, 2), date(2021, 3, 5)]


def test_un_melange_jour_mois_et_mois_jour_est_refuse_en_entier():
    with pytest.raises(FichierRefuse, match=r"ligne 2.*ligne 3"):
        lire_texte("date,n1,n2,n3,n4,n5,e1,e2\n30/03/2021,1,2,3,4,5,1,2\n03/30/2021,1,2,3,4,5,1,2\n")


def test_deux_styles_surs_dans_une_colonne_se_lisent_tous_deux_et_se_remarquent():
    lecture = lire_texte(
        "date,n1,n2,n3,n4,n5,e1,e2\n2021-03-02,1,2,3,4,5,1,2\n2021-03-05,1,2,3,4,5,1,2\n20210309,1,2,3,4,5,1,2\n"
    )
    assert [ligne.date.day for ligne in lecture.lues] == [2, 5, 9]
    (remarque,) = lecture.remarques
    assert remarque.numero_ligne is None
    assert "mélange AAAAMMJJ et AAAA-MM-JJ" in remarque.texte


@pytest.mark.parametrize(
    "colonnes",
    [
        "date,n1,n2,n3,n4,n5,s1,s2",
        "Draw Date,Ball 1,Ball 2,Ball 3,Ball 4,Ball 5,Star1,Star2",
        "draw_date,num1,num2,num3,num4,num5,lucky_star_1,lucky_star_2",
        "Date de tirage,Numéro 1,Numéro 2,Numéro 3,Numéro 4,Numéro 5,Étoile 1,Étoile 2",
    ],
)
def test_les_autres_noms_de_colonnes_sont_ceux_du_format_generique(colonnes):
    lecture = lire_texte(f"{colonnes}\n2021-03-02,1,2,3,4,5,1,2\n")
    assert (lecture.format, lecture.lues[0].boules) == ("generique", ((1, 2, 3, 4, 5), (1, 2)))


def test_deux_colonnes_du_meme_sens_sont_refusees():
    with pytest.raises(FichierRefuse, match="n1 apparaît deux fois"):
        lire_texte("date,n1,ball_1,n2,n3,n4,n5,e1,e2\n2021-03-02,1,1,2,3,4,5,1,2\n")


def test_un_guillemet_perdu_n_avale_pas_les_lignes_suivantes():
    lecture = lire_texte('date,n1,n2,n3,n4,n5,e1,e2\n"2021-03-02,1,2,3,4,5,1,2\n2021-03-05,1,2,3,4,5,1,2\n')
    assert [ligne.date for ligne in lecture.lues] == [date(2021, 3, 5)]
    assert len(lecture.invalides) == 1


def test_le_fichier_d_un_autre_jeu_est_dit_non_reconnu_avec_la_colonne_qui_manque():
    with pytest.raises(FichierRefuse, match="colonne manquante : etoile_1, etoile_2"):
        lire_texte(
            "date_de_tirage;boule_1;boule_2;boule_3;boule_4;boule_5;numero_chance\n01/01/2020;1;2;3;4;5;6\n"
        )


@pytest.mark.parametrize(
    ("mot", "numero"),
    [("VE", 4), ("MARDI   ", 1), ("mer.", 2), ("Fri", 4), ("Tuesday", 1), ("sa", 5), ("", None), ("x", None)],
)
def test_les_jours_se_lisent_en_francais_et_en_anglais(mot, numero):
    assert numero_du_jour(mot) == numero


def test_les_mois_ecrits_se_lisent_dans_les_deux_langues():
    attendu = date(2022, 8, 5)
    assert {lire_date(texte, "JJ-MMM-AAAA") for texte in ("5-Aug-2022", "05 août 22", "5-AOUT-2022")} == {
        attendu
    }
    assert lire_date("5-Jui-2022", "JJ-MMM-AAAA") is None
    assert lire_date("5-Foo-2022", "JJ-MMM-AAAA") is None


# --- aller et retour ---------------------------------------------------------------------------------
DEBUTS = {"fdj-2004": date(2004, 2, 13), "fdj-2014": date(2011, 5, 10)}
FINS = {"fdj-2004": date(2011, 5, 6)}
PREMIER_TIRAGE_2016 = date(2016, 9, 27)
FORMATS = ("fdj-2004", "fdj-2014", "fdj-2016", "fdj-2020", "national-lottery", "merseyworld", "generique")


def dates_possibles(format_voulu):
    debut = DEBUTS.get(format_voulu, date(2004, 2, 13) if "fdj" not in format_voulu else PREMIER_TIRAGE_2016)
    fin = FINS.get(format_voulu, date(2026, 8, 21))
    return [
        jour
        for n in range((fin - debut).days + 1)
        for ere in ERES
        if ere.debut <= (jour := debut + timedelta(n)) <= (ere.fin or date.max)
        and str(jour.isoweekday()) in ere.jours
    ]


def un_tirage(alea, jour, format_voulu):
    """Un tirage conforme à son ère ; l'ordre de sortie et les gains si le format en a."""
    ere = next(ere for ere in ERES if ere.debut <= jour <= (ere.fin or date.max))
    boules = tuple(alea.sample(range(1, ere.numeros_max + 1), 5))
    etoiles = tuple(alea.sample(range(1, ere.etoiles_max + 1), 2))
    avec_gains = "fdj" in format_voulu
    gains = ()
    if avec_gains and alea.random() < 0.5:
        france = [alea.randrange(10**6) for _ in range(ere.rangs)]
        gains = tuple(
            GainLu(rang, compte, compte + alea.randrange(10**6), Decimal(alea.randrange(10**10)) / 100)
            for rang, compte in enumerate(france, 1)
        )
    return LigneLue(
        numero_ligne=0,
        date=jour,
        numeros=tuple(sorted(boules)),
        etoiles=tuple(sorted(etoiles)),
        ordre_physique=boules + etoiles if avec_gains else None,
        gains=gains,
    )


DATES = {nom: dates_possibles(nom) for nom in FORMATS}


@pytest.mark.parametrize("format_voulu", FORMATS)
@settings(max_examples=30, deadline=None)
@given(graine=st.integers(0, 2**32), combien=st.integers(1, 12))
def test_des_tirages_ecrits_dans_un_format_puis_relus_sont_les_memes(format_voulu, graine, combien):
    alea = Random(graine)
    dates = sorted(alea.sample(DATES[format_voulu], combien))
    voulus = [un_tirage(alea, jour, format_voulu) for jour in dates]
    lecture = lire_octets(ecrire(voulus, format_voulu))
    assert lecture.invalides == ()
    assert [(t.date, t.boules, t.ordre_physique, t.gains) for t in lecture.lues] == [
        (t.date, t.boules, t.ordre_physique, t.gains) for t in voulus
    ]


@settings(deadline=None)
@given(
    octets=st.binary(max_size=400), tete=st.sampled_from([b"", b"date,n1,n2,n3,n4,n5,e1,e2\n", b"PK\x03\x04"])
)
def test_aucun_contenu_ne_fait_tomber_la_lecture(octets, tete):
    try:
        lecture = lire_octets(tete + octets)
    except FichierRefuse:
        return
    assert len(lecture.lues) + len(lecture.invalides) + lecture.doublons == lecture.lignes


@pytest.mark.parametrize(
    ("format_voulu", "debut", "fin"),
    [
        ("generique", "2004-02-13", "2026-08-21"),
        ("merseyworld", "2004-02-13", "2026-08-21"),
        ("fdj-2004", "2004-02-13", "2011-05-06"),
        ("fdj-2014", "2011-05-10", "2016-09-23"),
        ("fdj-2020", "2016-09-27", "2026-08-21"),
    ],
)
def test_l_histoire_reelle_se_relit_entiere_dans_chaque_format(format_voulu, debut, fin):
    voulus = [ligne for ligne in lignes_reelles() if debut <= ligne.date.isoformat() <= fin]
    assert len(voulus) > 370
    lecture = lire_octets(ecrire(voulus, format_voulu))
    assert lecture.invalides == ()
    assert [(t.date, t.boules) for t in lecture.lues] == [(t.date, t.boules) for t in voulus]


# --- vrais fichiers ----------------------------------------------------------------------------------
def test_les_six_fichiers_de_l_operateur_se_lisent_sans_une_ligne_invalide(dossier_partage):
    dossier = dossier_partage / "donnees" / "euromillions" / "fdj"
    lectures = [lire_octets((dossier / nom).read_bytes()) for nom in FICHIERS_OPERATEUR]
    assert [lecture.format for lecture in lectures] == [
        "fdj-2004",
        "fdj-2011",
        "fdj-2014",
        "fdj-2016",
        "fdj-2019",
        "fdj-2020",
    ]
    assert [ligne for lecture in lectures for ligne in lecture.invalides] == []
    assert len({ligne.date for lecture in lectures for ligne in lecture.lues}) == 1947


def test_les_fichiers_britanniques_et_l_historique_disent_la_meme_chose(dossier_partage):
    dossier = dossier_partage / "donnees" / "euromillions"
    mersey = lire_octets((dossier / "uk" / "merseyworld.csv").read_bytes())
    historique = lire_octets((dossier / "tirages.csv").read_bytes())
    loterie = lire_octets((dossier / "uk" / "national-lottery_draw-history_2023-08.csv").read_bytes())
    par_date = {ligne.date: ligne.boules for ligne in historique.lues}
    assert len(par_date) == 1974
    assert {ligne.date: ligne.boules for ligne in mersey.lues} == par_date
    assert len(loterie.lues) == 51
    assert all(par_date[ligne.date] == ligne.boules for ligne in loterie.lues)
