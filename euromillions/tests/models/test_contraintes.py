"""La base refuse elle-même ce que les règles interdisent, par quelque chemin qu'on écrive."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from euromillions.models import (
    ConflitTirage,
    Ere,
    GainRang,
    HistoriqueTirage,
    ImportTirages,
    Rang,
    Source,
    Tirage,
    garde_base,
)
from euromillions.tests.outils.fabriques import MARDI, un_tirage

pytestmark = [pytest.mark.rapide, pytest.mark.django_db]
FAUTES_SUR_UN_TIRAGE = {
    "numéros en double": {"n2": 3},
    "numéros décroissants": {"n1": 20},
    "numéro zéro": {"n1": 0},
    "étoiles en double": {"e1": 11},
    "étoile zéro": {"e1": 0},
    "numéro hors de la réserve": {"n5": 51},
    "étoile hors de la réserve": {"e2": 13},
    "jour qui n'est pas celui de la date": {"jour": 5},
    "jour sans tirage": {"date": date(2024, 1, 3), "jour": 3},
    "fictif sans le dire": {"fictif": True},
    "faussement fictif": {"source": Source.DEMO},
}


@pytest.fixture
def tirage():
    tirage = un_tirage()
    tirage.save()
    return tirage


@pytest.mark.parametrize("faute", FAUTES_SUR_UN_TIRAGE)
def test_un_tirage_fautif_est_refuse_par_la_base(tirage, faute):
    with pytest.raises(IntegrityError), transaction.atomic():
        Tirage.objects.filter(pk=tirage.pk).update(**FAUTES_SUR_UN_TIRAGE[faute])


@pytest.mark.parametrize(
    ("jour", "etoiles"),
    [(date(2004, 2, 13), (1, 10)), (date(2011, 5, 10), (1, 12)), (date(2004, 2, 17), (1, 2))],
    ids=["10 étoiles en 2004", "12 étoiles en 2011", "mardi en 2004"],
)
def test_les_regles_sont_celles_de_l_ere_de_la_date(jour, etoiles):
    with pytest.raises(IntegrityError), transaction.atomic():
        Tirage.objects.bulk_create([un_tirage(jour, etoiles=etoiles)])


def test_deux_tirages_a_la_meme_date_sont_refuses(tirage):
    with pytest.raises(IntegrityError), transaction.atomic():
        un_tirage().save()


def test_une_date_hors_de_toute_ere_est_refusee_en_francais():
    with pytest.raises(ValidationError, match="précède le premier tirage du jeu"):
        un_tirage(date(2003, 1, 3)).save()


def test_une_ere_ne_peut_pas_exclure_les_tirages_qu_elle_contient():
    un_tirage(etoiles=(2, 12)).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Ere.objects.filter(code="12-etoiles").update(etoiles_max=11)


def test_les_gardes_survivent_a_une_reinstallation(tirage):
    garde_base.retirer()
    garde_base.installer()
    garde_base.installer()
    with pytest.raises(IntegrityError), transaction.atomic():
        Tirage.objects.filter(pk=tirage.pk).update(e2=13)


def test_une_seule_ere_peut_etre_en_cours():
    with pytest.raises(IntegrityError), transaction.atomic():
        Ere.objects.create(code="x", nom="x", debut=date(2030, 1, 1), etoiles_max=12, jours="2")


def test_une_ere_ne_finit_pas_avant_de_commencer():
    with pytest.raises(IntegrityError), transaction.atomic():
        Ere.objects.create(
            code="x", nom="x", debut=date(2003, 1, 1), fin=date(2002, 1, 1), etoiles_max=9, jours="2"
        )


def test_les_reserves_d_une_ere_sont_bornees():
    with pytest.raises(IntegrityError), transaction.atomic():
        Ere.objects.create(
            code="x", nom="x", debut=date(2003, 1, 1), fin=date(2003, 2, 1), etoiles_max=1, jours="2"
        )


def test_une_ere_qui_en_chevauche_une_autre_est_refusee_a_la_saisie():
    ere = Ere(
        code="x",
        nom="x",
        debut=date(2011, 1, 1),
        fin=date(2011, 12, 31),
        etoiles_max=9,
        numeros_max=50,
        jours="2",
    )
    with pytest.raises(ValidationError, match="chevauchent"):
        ere.full_clean()


def test_un_rang_a_exactement_ses_combinaisons():
    rang = Ere.objects.get(code="12-etoiles").rangs.get(numero=6)
    assert (rang.resultat, rang.combinaisons) == ("3+2", 9900)
    rang.combinaisons = 9901
    with pytest.raises(ValidationError, match="9900"):
        rang.full_clean()


@pytest.mark.parametrize(
    "autres",
    [{"numero": 1, "numeros": 0, "etoiles": 0}, {"numero": 20, "numeros": 5, "etoiles": 2}],
    ids=["même rang", "même résultat"],
)
def test_un_rang_est_unique_dans_son_ere(autres):
    ere = Ere.objects.get(code="12-etoiles")
    with pytest.raises(IntegrityError), transaction.atomic():
        Rang.objects.create(ere=ere, combinaisons=1, **autres)


def test_un_rang_ne_depasse_pas_cinq_numeros():
    with pytest.raises(IntegrityError), transaction.atomic():
        Rang.objects.create(ere=Ere.objects.all()[0], numero=15, numeros=6, etoiles=0, combinaisons=1)


def test_un_rang_n_a_qu_un_gain_par_tirage_et_jamais_negatif(tirage):
    GainRang.objects.create(tirage=tirage, rang=1, gain=10)
    with pytest.raises(IntegrityError), transaction.atomic():
        GainRang.objects.create(tirage=tirage, rang=1, gain=10)
    with pytest.raises(IntegrityError), transaction.atomic():
        GainRang.objects.create(tirage=tirage, rang=2, gain=-1)


def test_un_import_applique_porte_sa_date():
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportTirages.objects.create(nom_fichier="x", sha256="0" * 64, format="x", etat="applique")


@pytest.fixture
def conflit(tirage):
    un_import = ImportTirages.objects.create(nom_fichier="x", sha256="0" * 64, format="x")
    boules = {"n1": 1, "n2": 2, "n3": 3, "n4": 4, "n5": 5, "e1": 1, "e2": 2}
    return lambda **autres: ConflitTirage.objects.create(
        import_tirages=un_import, tirage=tirage, ligne=2, **boules | autres
    )


@pytest.mark.parametrize(
    "faute",
    [{"n1": 2}, {"e1": 2}, {"resolution": "garder"}, {"resolu_le": timezone.now()}],
    ids=["numéros", "étoiles", "décision sans date", "date sans décision"],
)
def test_un_conflit_fautif_est_refuse(conflit, faute):
    with pytest.raises(IntegrityError), transaction.atomic():
        conflit(**faute)


def test_le_meme_conflit_n_attend_pas_deux_fois(conflit):
    conflit()
    with pytest.raises(IntegrityError), transaction.atomic():
        conflit()


def test_une_trace_garde_des_boules_croissantes(tirage):
    Tirage.historiser([tirage])
    for faute in ({"n1": 40}, {"e1": 12}):
        with pytest.raises(IntegrityError), transaction.atomic():
            HistoriqueTirage.objects.update(**faute)


@pytest.mark.parametrize(
    ("change", "champ", "phrase"),
    [
        ({"n5": 51}, "n1", "numéro 51 hors de la réserve de cette date"),
        ({"e2": 13}, "e1", "étoile 13 hors de la réserve"),
        ({"n2": 3}, "n1", "numéro 3 donné deux fois"),
        ({"date": date(2024, 1, 3)}, "date", "est un mercredi ; on tirait le mardi ou vendredi"),
        ({"date": date(2999, 1, 1)}, "date", "est à venir"),
        ({"ordre_numeros": "1-2-3-4-5"}, "ordre_numeros", "Reprendre exactement"),
    ],
)
def test_la_saisie_explique_la_faute_dans_le_bon_champ(change, champ, phrase):
    tirage = un_tirage(**{"jour": MARDI} | {cle: v for cle, v in change.items() if cle == "ordre_numeros"})
    for nom, valeur in change.items():
        setattr(tirage, nom, valeur)
    with pytest.raises(ValidationError) as erreur:
        tirage.clean()
    assert phrase in " ".join(erreur.value.message_dict[champ])


def test_sur_les_deux_bases_les_gardes_portent_le_meme_nom(tirage):
    with pytest.raises(IntegrityError, match="euromillions_tirage_conforme_ere"), transaction.atomic():
        Tirage.objects.update(e2=13)
    assert connection.vendor in ("sqlite", "postgresql")
