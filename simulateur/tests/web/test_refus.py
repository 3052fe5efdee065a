"""Un refus du domaine : l'API, les pages et les commandes le traduisent chacune en un seul endroit."""

import pytest
from django.contrib.messages import ERROR, WARNING, get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.management.base import CommandError
from django.http import HttpResponse
from django.urls import reverse

from simulateur.api.erreurs import traduire_exception
from simulateur.travaux.machine import CleDejaUtilisee
from simulateur.web.refus import SANS_CHAMP, Refus, SaisieRefusee, refus_de_commande, refus_en_message

pytestmark = pytest.mark.rapide
SAISIE = SaisieRefusee({"annee": ["trop grande", "impaire"], "mode": ["inconnu"]})


def test_l_api_rend_400_a_une_saisie_fautive_et_nomme_ses_champs():
    reponse = traduire_exception(SAISIE, {})
    assert reponse.status_code == 400
    assert reponse.data["champs"] == {"annee": ["trop grande", "impaire"], "mode": ["inconnu"]}
    assert reponse.data["detail"] == "annee : trop grande ; mode : inconnu"


def test_une_faute_sans_champ_n_est_que_sa_phrase():
    reponse = traduire_exception(SaisieRefusee({SANS_CHAMP: ["un objet est attendu"]}), {})
    assert (reponse.status_code, reponse.data["detail"]) == (400, "un objet est attendu")
    assert "champs" not in reponse.data


@pytest.mark.parametrize("refus", [Refus("pas maintenant"), CleDejaUtilisee("pas maintenant")])
def test_l_api_rend_409_a_tout_autre_refus(refus):
    reponse = traduire_exception(refus, {})
    assert (reponse.status_code, reponse.data["detail"]) == (409, "pas maintenant")


@pytest.mark.parametrize(
    ("refus", "niveau", "phrase"),
    [
        (SAISIE, ERROR, "annee : trop grande mode : inconnu"),
        (Refus("pas maintenant"), WARNING, "pas maintenant"),
    ],
)
def test_une_page_refusee_le_dit_et_renvoie(rf, refus, niveau, phrase):
    @refus_en_message("accueil")
    def page(requete):
        raise refus

    requete = rf.post("/")
    requete._messages = CookieStorage(requete)
    reponse = page(requete)
    assert (reponse.status_code, reponse.url) == (302, reverse("accueil"))
    assert [(m.level, str(m)) for m in get_messages(requete)] == [(niveau, phrase)]


def test_une_page_acceptee_passe(rf):
    page = refus_en_message("accueil")(lambda requete: HttpResponse("fait"))
    assert page(rf.post("/")).content == b"fait"


def test_une_commande_refusee_dit_une_faute_par_ligne():
    with pytest.raises(CommandError) as erreur, refus_de_commande():
        raise SAISIE
    assert str(erreur.value).splitlines() == ["annee : trop grande", "mode : inconnu"]
