"""Le cache de données : un seul recalcul, jamais bloquant, mêmes réponses quand il est en panne."""

import socket
import threading
import time
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.base import InvalidCacheBackendError
from django.core.cache.backends.db import DatabaseCache
from django_redis.cache import RedisCache
from django_redis.client import DefaultClient

from simulateur.cache import disjoncteur
from simulateur.cache import donnees as cache
from simulateur.cache.donnees import Famille, lire_ou_calculer

FAMILLE = Famille(prefixe="essai", duree_s=60)
pytestmark = pytest.mark.rapide


class Compteur:
    """Un calcul qui se compte et peut attendre qu'on le laisse finir."""

    def __init__(self, *, attendre: threading.Event | None = None) -> None:
        self.appels = 0
        self.attendre = attendre
        self._verrou = threading.Lock()

    def __call__(self) -> dict[str, int]:
        with self._verrou:
            self.appels += 1
            numero = self.appels
        if self.attendre is not None:
            assert self.attendre.wait(10)
        return {"numero": numero}


def _lire_a_plusieurs(fils, calcul, lectures, *, depart=None):
    def lire():
        if depart is not None:
            depart.wait()
        lectures.append(lire_ou_calculer(FAMILLE, "tableau", 1, calcul))

    lances = [threading.Thread(target=lire) for _ in range(fils)]
    for fil in lances:
        fil.start()
    return lances


def test_la_cle_se_lit_et_porte_la_revision():
    assert cache.cle_de(FAMILLE, "direction:5:centres", 42) == "essai:direction:5:centres@r42"


def test_une_valeur_est_calculee_une_fois_puis_lue():
    calcul = Compteur()
    premiere = lire_ou_calculer(FAMILLE, "tableau", 1, calcul)
    seconde = lire_ou_calculer(FAMILLE, "tableau", 1, calcul)
    assert (premiere.valeur, premiere.en_cache) == ({"numero": 1}, False)
    assert (seconde.valeur, seconde.en_cache) == ({"numero": 1}, True)
    assert seconde.calculee_a == premiere.calculee_a
    assert calcul.appels == 1


def test_une_revision_neuve_fait_recalculer():
    calcul = Compteur()
    lire_ou_calculer(FAMILLE, "tableau", 1, calcul)
    assert lire_ou_calculer(FAMILLE, "tableau", 2, calcul).valeur == {"numero": 2}


def test_une_valeur_nulle_ou_vide_est_gardee_comme_les_autres():
    appels = []
    for _ in range(2):
        assert lire_ou_calculer(FAMILLE, "vide", 1, lambda: appels.append(1)).valeur is None
    assert len(appels) == 1


def test_cinquante_lecteurs_d_une_cle_absente_ne_font_qu_un_calcul():
    depart, finir = threading.Event(), threading.Event()
    calcul, lectures = Compteur(attendre=finir), []
    lances = _lire_a_plusieurs(50, calcul, lectures, depart=depart)
    depart.set()
    while not calcul.appels:
        time.sleep(0.005)
    finir.set()
    for fil in lances:
        fil.join(10)
    assert calcul.appels == 1
    assert [lecture.valeur for lecture in lectures] == [{"numero": 1}] * 50
    assert sum(not lecture.en_cache for lecture in lectures) == 1


def test_une_valeur_gardee_n_est_jamais_recalculee_avant_son_terme(monkeypatch):
    lire_ou_calculer(FAMILLE, "tableau", 1, lambda: {"numero": 0})
    vrai = time.time
    monkeypatch.setattr(cache.time, "time", lambda: vrai() + 10 * FAMILLE.duree_s)
    calcul = Compteur()
    assert lire_ou_calculer(FAMILLE, "tableau", 1, calcul).valeur == {"numero": 0}
    assert calcul.appels == 0


def test_une_valeur_ne_se_garde_pas_plus_que_la_duree_de_sa_famille():
    lire_ou_calculer(FAMILLE, "tableau", 1, lambda: 0)
    assert 0 < caches["default"].ttl(cache.cle_de(FAMILLE, "tableau", 1)) <= FAMILLE.duree_s


def test_un_calcul_en_echec_rend_son_tour_au_suivant():
    def echouer():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        lire_ou_calculer(FAMILLE, "tableau", 1, echouer)
    calcul = Compteur()
    debut = time.monotonic()
    assert lire_ou_calculer(FAMILLE, "tableau", 1, calcul).valeur == {"numero": 1}
    assert time.monotonic() - debut < cache.ATTENTE_MAX_S


def test_un_calculateur_disparu_n_arrete_pas_les_autres(monkeypatch):
    monkeypatch.setattr(cache, "ATTENTE_MAX_S", 0.05)
    caches["default"].add(f"tour:{cache.cle_de(FAMILLE, 'tableau', 1)}", 1)
    assert lire_ou_calculer(FAMILLE, "tableau", 1, lambda: 7).valeur == 7


@pytest.mark.parametrize("en_base", [False, True])
def test_un_calcul_plus_long_que_son_tour_ne_rend_pas_celui_d_un_autre(monkeypatch, db, en_base):
    stock = DatabaseCache("cache_default", {"TIMEOUT": 300}) if en_base else caches["default"]
    monkeypatch.setattr(cache, "caches", {"default": stock})
    tour = f"tour:{cache.cle_de(FAMILLE, 'tableau', 1)}"

    def calculer_trop_longtemps():
        stock.delete(tour)  # le tour a expiré…
        assert stock.add(tour, 7, timeout=30)  # … et un autre processus l'a pris
        return 1

    lire_ou_calculer(FAMILLE, "tableau", 1, calculer_trop_longtemps)
    assert stock.get(tour) == 7
    lire_ou_calculer(FAMILLE, "tableau", 2, lambda: 1)
    assert stock.get(f"tour:{cache.cle_de(FAMILLE, 'tableau', 2)}") is None


def _alias_vers(monkeypatch, adresse):
    """Remplace l'alias « default » par un vrai client django-redis vers cette adresse."""
    client = RedisCache(adresse, {**settings.CACHES["default"], "LOCATION": adresse})
    vrais = {nom: caches[nom] for nom in settings.CACHES}

    class Aiguillage:
        def __getitem__(self, alias):
            if alias not in vrais:
                raise InvalidCacheBackendError(alias)
            return client if alias == "default" else vrais[alias]

    monkeypatch.setattr(cache, "caches", Aiguillage())


@contextmanager
def _serveur_pendu():
    """Une prise qui accepte les connexions et ne répond jamais."""
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        prise.listen(64)
        yield f"redis://127.0.0.1:{prise.getsockname()[1]}?db=0"


def _port_ferme():
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return prise.getsockname()[1]


@pytest.mark.panne("Redis éteint", "mêmes réponses, sans lui")
def test_cache_refuse_memes_reponses(monkeypatch):
    _alias_vers(monkeypatch, f"redis://127.0.0.1:{_port_ferme()}?db=0")
    calcul = Compteur()
    lectures = [lire_ou_calculer(FAMILLE, "tableau", 1, calcul) for _ in range(3)]
    assert [lecture.valeur["numero"] for lecture in lectures] == [1, 2, 3]
    assert not any(lecture.en_cache for lecture in lectures)


def test_le_cache_en_base_de_secours_rend_les_memes_reponses(monkeypatch, db):
    secours = DatabaseCache("cache_default", {"TIMEOUT": 300})
    monkeypatch.setattr(cache, "caches", {"default": secours})
    calcul = Compteur()
    lectures = [lire_ou_calculer(FAMILLE, "tableau", 1, calcul) for _ in range(3)]
    assert [lecture.valeur for lecture in lectures] == [{"numero": 1}] * 3
    assert [lecture.en_cache for lecture in lectures] == [False, True, True]


@pytest.mark.panne("Redis pendu pendant une lecture", "mêmes réponses, une seule attente")
def test_cache_pendu_memes_reponses_et_une_seule_attente(monkeypatch):
    essais = []
    with _serveur_pendu() as adresse:
        _alias_vers(monkeypatch, adresse)
        vrai_appel = DefaultClient.get
        monkeypatch.setattr(DefaultClient, "get", lambda *a, **k: essais.append(1) or vrai_appel(*a, **k))
        lectures = [lire_ou_calculer(FAMILLE, f"tableau{n}", 1, lambda: "calculé") for n in range(20)]
    assert [lecture.valeur for lecture in lectures] == ["calculé"] * 20
    # Le premier appel a payé le délai de la prise ; le disjoncteur a épargné tous les autres.
    assert len(essais) == 1
    assert cache.disjoncteur.ouvert("default")


def test_le_disjoncteur_se_referme_seul_passe_son_delai(monkeypatch):
    cache.disjoncteur.declencher("default", OSError("essai"))
    assert cache.disjoncteur.ouvert("default")
    assert not cache.disjoncteur.ouvert("calcul")
    vrai = time.monotonic
    monkeypatch.setattr(disjoncteur.time, "monotonic", lambda: vrai() + disjoncteur.DISJONCTION_S + 0.1)
    assert not cache.disjoncteur.ouvert("default")


def test_chaque_lecture_est_comptee_selon_son_issue():
    def total(issue):
        return cache.CACHE_LECTURES.labels("essai", issue)._value.get()

    avant = {issue: total(issue) for issue in ("trouve", "calcule")}
    lire_ou_calculer(FAMILLE, "compte", 1, lambda: 1)
    lire_ou_calculer(FAMILLE, "compte", 1, lambda: 1)
    assert total("calcule") - avant["calcule"] == 1
    assert total("trouve") - avant["trouve"] == 1


def test_vingt_fils_comptent_sans_perdre_un_ajout(en_parallele):
    totaux = en_parallele(lambda _: [cache.compter("essai:compte", duree_s=60) for _ in range(10)], 20)
    assert sorted(total for suite in totaux for total in suite) == list(range(1, 201))


def test_un_compteur_s_efface_avec_sa_duree():
    cache.compter("essai:compte", duree_s=60)
    assert 0 < caches["default"].ttl("essai:compte") <= 60


def test_compter_sans_cache_ne_rend_rien(monkeypatch):
    _alias_vers(monkeypatch, f"redis://127.0.0.1:{_port_ferme()}?db=0")
    assert cache.compter("essai:compte", duree_s=60) is None


def test_le_cache_en_base_de_secours_compte_aussi(monkeypatch, db):
    secours = DatabaseCache("cache_default", {"TIMEOUT": 300})
    monkeypatch.setattr(cache, "caches", {"default": secours})
    assert [cache.compter("essai:compte", duree_s=60) for _ in range(3)] == [1, 2, 3]
