"""Le filtre des tirages : ce qu'il choisit, comment il s'écrit, ce que son formulaire refuse."""

from datetime import date

import pytest

from euromillions.lectures.filtre import Filtre
from euromillions.lectures.forms import FormulaireFiltre, FormulaireListe
from euromillions.models import Tirage
from euromillions.tests.outils.fabriques import un_tirage

pytestmark = pytest.mark.rapide
JOURS = (date(2010, 1, 1), date(2015, 12, 29), date(2016, 2, 26), date(2017, 2, 28), date(2024, 2, 27))
ERES = [("9-etoiles", "neuf"), ("11-etoiles", "onze"), ("12-etoiles", "douze")]


@pytest.fixture
def cinq_tirages(db):
    Tirage.objects.bulk_create(un_tirage(jour, etoiles=(1, 2)) for jour in JOURS)


@pytest.mark.parametrize(
    ("filtre", "places"),
    [
        (Filtre(), (0, 1, 2, 3, 4)),
        (Filtre(year=2016), (2,)),
        (Filtre(month=2), (2, 3, 4)),
        (Filtre(year=2024, month=2), (4,)),
        (Filtre(year=2015, month=12), (1,)),
        (Filtre(date_from=date(2016, 2, 26)), (2, 3, 4)),
        (Filtre(date_to=date(2016, 2, 26)), (0, 1, 2)),
        (Filtre(era="11-etoiles"), (1, 2)),
        (Filtre(weekday=5), (0, 2)),
        (Filtre(era="11-etoiles", weekday=2), (1,)),
        (Filtre(year=1990), ()),
    ],
)
def test_le_filtre_choisit_les_tirages_bornes_comprises(cinq_tirages, filtre, places):
    choisis = filtre.appliquer(Tirage.objects.order_by("date")).values_list("date", flat=True)
    assert list(choisis) == [JOURS[place] for place in places]


@pytest.mark.parametrize(
    ("filtre", "cle", "en_clair"),
    [
        (Filtre(), "tout", ""),
        (Filtre(year=2016, month=9), "year=2016&month=9", "septembre 2016"),
        (Filtre(month=9), "month=9", "mois de septembre"),
        (Filtre(year=2016, weekday=2), "year=2016&weekday=2", "année 2016, le mardi"),
        (
            Filtre(date_from=date(2016, 9, 1), date_to=date(2016, 9, 30)),
            "date_from=2016-09-01&date_to=2016-09-30",
            "depuis le 01/09/2016, jusqu'au 30/09/2016",
        ),
        (Filtre(era="9-etoiles"), "era=9-etoiles", "ère « 9-etoiles »"),
    ],
)
def test_un_filtre_s_ecrit_d_une_seule_facon(filtre, cle, en_clair):
    assert (filtre.cle, filtre.en_clair) == (cle, en_clair)


@pytest.mark.parametrize(
    ("champ", "donnees"),
    [
        ("year", {"year": "1899"}),
        ("year", {"year": "2101"}),
        ("year", {"year": "abc"}),
        ("month", {"month": "0"}),
        ("month", {"month": "13"}),
        ("weekday", {"weekday": "8"}),
        ("date_from", {"date_from": "2024-02-30"}),
        ("date_to", {"date_from": "2024-02-02", "date_to": "2024-02-01"}),
        ("era", {"era": "7-etoiles"}),
        ("numbers", {"numbers": "1,2,3,4,5,6"}),
        ("numbers", {"numbers": "0"}),
        ("numbers", {"numbers": "1;x"}),
        ("stars", {"stars": "100"}),
        ("source", {"source": "ailleurs"}),
    ],
)
def test_un_mauvais_parametre_est_nomme(champ, donnees):
    assert list(FormulaireListe(donnees, eres=ERES).errors) == [champ]


@pytest.mark.parametrize(
    ("texte", "boules"), [("7, 14 23", [7, 14, 23]), ("07;14", [7, 14]), ("", []), (" ", [])]
)
def test_les_boules_cherchees_se_lisent_comme_on_les_ecrit(texte, boules):
    formulaire = FormulaireListe({"numbers": texte})
    assert formulaire.is_valid()
    assert formulaire.cleaned_data["numbers"] == boules


def test_un_formulaire_valide_rend_son_filtre():
    formulaire = FormulaireFiltre({"year": "2016", "date_from": "01/09/2016", "era": "11-etoiles"}, eres=ERES)
    assert formulaire.is_valid()
    assert formulaire.filtre == Filtre(year=2016, date_from=date(2016, 9, 1), era="11-etoiles")
