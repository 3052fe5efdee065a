"""Les jetons d'API : montrés une fois, gardés hachés, en lecture seule ou non, révoqués d'un geste."""

import re
from datetime import UTC, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from simulateur.cache import usages
from simulateur.cache.memoire import Memoire
from simulateur.models import Jeton
from simulateur.models.jetons import JETONS_MAX
from simulateur.tests.outils.jetons import secret_pour
from simulateur.travaux import entrees
from simulateur.web.refus import DejaPris, Refus

pytestmark = [pytest.mark.rapide, pytest.mark.django_db]
LUE = "/api/euromillions/freshness"
PAGE = "/compte/jetons"


def porteur(secret: str) -> APIClient:
    return APIClient(headers={"Authorization": f"Token {secret}"})


def test_le_secret_n_est_nulle_part_en_base(utilisateur: Any) -> None:
    secret = secret_pour(utilisateur)
    jeton = Jeton.objects.get()
    assert len(secret) == 64
    gardes = " ".join(str(valeur) for valeur in vars(jeton).values())
    assert secret not in gardes
    assert len(jeton.digest) == 128


def test_la_page_montre_le_secret_une_seule_fois(client_connecte: Client) -> None:
    reponse = client_connecte.post(PAGE, {"nom": "tableur", "portee": "lecture", "duree_jours": "30"})
    trouve = re.search(r'id="secret">(\w{64})<', reponse.content.decode())
    assert trouve
    assert "no-store" in reponse["Cache-Control"]
    assert trouve[1] not in client_connecte.get(PAGE).content.decode()
    assert porteur(trouve[1]).get(LUE).status_code == 200
    jeton = Jeton.objects.get()
    assert jeton.lecture_seule
    assert jeton.expiry
    assert timedelta(days=29) < jeton.expiry - timezone.now() <= timedelta(days=30)


def test_la_page_dit_un_nom_deja_pris_et_garde_la_saisie(client_connecte: Client) -> None:
    demande = {"nom": "tableur", "portee": "lecture", "duree_jours": ""}
    client_connecte.post(PAGE, demande)
    page = client_connecte.post(PAGE, demande).content.decode()
    assert "a déjà un jeton « tableur »" in page
    assert 'value="tableur"' in page
    assert Jeton.objects.get().expiry is None


def test_on_ne_revoque_que_les_siens(client_connecte: Client, utilisateur: Any) -> None:
    autre = get_user_model().objects.create_user("autre")
    secret, sien = secret_pour(autre), secret_pour(utilisateur)
    jeton, mien = Jeton.objects.get(user=autre), Jeton.objects.get(user=utilisateur)
    assert client_connecte.post(f"{PAGE}/{jeton.pk}/revoquer").status_code == 404
    assert client_connecte.delete(f"/api/jetons/{jeton.pk}").status_code == 404
    assert porteur(secret).get(LUE).status_code == 200
    assert client_connecte.get(f"{PAGE}/{mien.pk}/revoquer").status_code == 405
    assert client_connecte.post(f"{PAGE}/{mien.pk}/revoquer").status_code == 302
    assert porteur(sien).get(LUE).status_code == 401


@pytest.mark.parametrize("methode", ["post", "put", "patch", "delete"])
def test_un_jeton_en_lecture_seule_n_ecrit_par_aucune_methode(utilisateur_staff: Any, methode: str) -> None:
    api = porteur(secret_pour(utilisateur_staff, portee="lecture"))
    reponse = getattr(api, methode)("/api/regions", {"code": "R1", "nom": "Région"}, format="json")
    assert reponse.status_code == 403
    assert "lecture seule" in reponse.json()["detail"]
    assert methode.upper() in reponse.json()["detail"]


def test_un_jeton_en_lecture_et_ecriture_ecrit(utilisateur_staff: Any) -> None:
    api = porteur(secret_pour(utilisateur_staff))
    assert api.post("/api/regions", {"code": "R1", "nom": "Région"}, format="json").status_code == 201


def test_un_jeton_expire_n_ouvre_plus_rien_et_le_dit(utilisateur: Any) -> None:
    secret = secret_pour(utilisateur, duree_jours=1)
    Jeton.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    reponse = porteur(secret).get(LUE)
    assert reponse.status_code == 401
    assert "expiré" in reponse.json()["detail"]
    assert Jeton.objects.exists()


def test_un_jeton_lit_la_liste_mais_n_en_cree_ni_n_en_revoque(utilisateur: Any) -> None:
    api = porteur(secret_pour(utilisateur))
    (lu,) = api.get("/api/jetons").json()["results"]
    assert set(lu) == {"id", "nom", "portee", "cree_le", "expire_le", "utilise_le", "expire"}
    assert api.post("/api/jetons", {"nom": "autre"}, format="json").status_code == 403
    assert api.delete(f"/api/jetons/{lu['id']}").status_code == 403
    assert Jeton.objects.count() == 1


def test_une_session_cree_et_revoque_par_l_api(client_connecte: Client) -> None:
    def creer(**demande: Any) -> Any:
        return client_connecte.post("/api/jetons", demande, content_type="application/json")

    reponse = creer(nom="relevé", portee="ecriture", duree_jours=None)
    cree = reponse.json()
    assert (reponse.status_code, reponse["Cache-Control"], cree["expire_le"]) == (201, "no-store", None)
    assert porteur(cree["secret"]).get(LUE).status_code == 200
    assert creer(nom="relevé").status_code == 409
    assert creer(nom="x", portee="tout").status_code == 400
    assert creer(nom="x", duree_jours=0).status_code == 400
    assert creer(nom="x", compte="autre").status_code == 400
    assert client_connecte.delete(f"/api/jetons/{cree['id']}").status_code == 204
    assert porteur(cree["secret"]).get(LUE).status_code == 401


def test_une_session_ne_cree_pas_sans_csrf(utilisateur: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(utilisateur)
    demande = {"nom": "relevé"}
    assert client.post("/api/jetons", demande, content_type="application/json").status_code == 403
    assert client.post(PAGE, demande).status_code == 403


def test_un_compte_a_un_nombre_borne_de_jetons_aux_noms_distincts(utilisateur: Any) -> None:
    def emettre(nom: str) -> None:
        Jeton.objects.emettre(utilisateur, nom=nom, portee="lecture", duree_jours=None)

    emettre("0")
    with pytest.raises(DejaPris):
        emettre("0")
    for rang in range(1, JETONS_MAX):
        emettre(str(rang))
    with pytest.raises(Refus, match=str(JETONS_MAX)):
        emettre("de trop")


@pytest.mark.parametrize("faux", [{"nom": ""}, {"portee": "tout"}])
def test_la_base_refuse_un_jeton_sans_nom_ou_d_une_autre_portee(
    utilisateur: Any, faux: dict[str, str]
) -> None:
    champs = {"nom": "n", "portee": "lecture", "digest": "d", **faux}
    with pytest.raises(IntegrityError), transaction.atomic():
        Jeton(user=utilisateur, **champs).save()


def test_le_dernier_usage_se_lit_sans_qu_un_get_ecrive(utilisateur: Any, lecture_seule: Any) -> None:
    api = porteur(secret_pour(utilisateur))
    with lecture_seule():
        assert api.get(LUE).status_code == 200
    jeton = Jeton.objects.get()
    assert jeton.utilise_le is None
    (complete,) = usages.completer([jeton])
    assert complete.utilise_le
    assert abs(complete.utilise_le - timezone.now()) < timedelta(minutes=2)
    assert entrees.recopier_les_usages() == 1
    assert Jeton.objects.get().utilise_le == complete.utilise_le
    assert entrees.recopier_les_usages() == 0


def test_un_usage_plus_ancien_ne_recule_pas_la_date(utilisateur: Any) -> None:
    porteur(secret_pour(utilisateur)).get(LUE)
    demain = timezone.now() + timedelta(days=1)
    Jeton.objects.update(utilise_le=demain)
    Memoire.tout_oublier()
    assert entrees.recopier_les_usages() == 0
    assert Jeton.objects.get().utilise_le == demain


def test_l_admin_liste_sans_secret_et_en_cree_un_montre_une_fois(client_staff: Client) -> None:
    personne = get_user_model().objects.create_user("outil")
    demande = {"user": personne.pk, "nom": "relevé", "portee": "lecture", "duree_jours": "30"}
    reponse = client_staff.post(reverse("admin:simulateur_jeton_add"), demande)
    trouve = re.search(r'id="secret">(\w{64})<', reponse.content.decode())
    assert trouve
    assert "no-store" in reponse["Cache-Control"]
    assert porteur(trouve[1]).get(LUE).status_code == 200
    jeton = Jeton.objects.get()
    for page in ("changelist", "change"):
        arguments = [jeton.pk] if page == "change" else []
        lue = client_staff.get(reverse(f"admin:simulateur_jeton_{page}", args=arguments)).content.decode()
        assert "relevé" in lue
        assert trouve[1] not in lue
        assert jeton.digest not in lue
    client_staff.post(reverse("admin:simulateur_jeton_delete", args=[jeton.pk]), {"post": "yes"})
    assert porteur(trouve[1]).get(LUE).status_code == 401


def test_un_administrateur_ne_prend_pas_le_nom_d_un_super_utilisateur(utilisateur_staff: Any) -> None:
    gestionnaire = get_user_model().objects.create_user("gestion", is_staff=True)
    gestionnaire.groups.add(Group.objects.get(name="Administrateur"))
    client = Client()
    client.force_login(gestionnaire)
    demande = {"user": utilisateur_staff.pk, "nom": "prise", "portee": "ecriture", "duree_jours": ""}
    reponse = client.post(reverse("admin:simulateur_jeton_add"), demande)
    assert reponse.status_code == 200
    assert not Jeton.objects.exists()
    assert client.post(reverse("admin:simulateur_jeton_add"), {**demande, "user": gestionnaire.pk})
    assert Jeton.objects.get().user == gestionnaire


def test_les_jetons_d_avant_migrent_et_leurs_clients_continuent(utilisateur: Any) -> None:
    cle, cree = "0123456789abcdef0123456789abcdef01234567", datetime(2024, 5, 6, 7, 8, tzinfo=UTC)
    sorte = "timestamptz" if connection.vendor == "postgresql" else "datetime"
    with connection.cursor() as curseur:
        curseur.execute(f'CREATE TABLE authtoken_token ("key" varchar(40), created {sorte}, user_id integer)')
        instant = cree if connection.vendor == "postgresql" else str(cree.replace(tzinfo=None))
        curseur.execute("INSERT INTO authtoken_token VALUES (%s, %s, %s)", [cle, instant, utilisateur.pk])
    editeur = SimpleNamespace(connection=connection)
    import_module("simulateur.migrations.0006_jetons").reprendre(apps, editeur)
    jeton = Jeton.objects.get()
    assert (jeton.created, jeton.expiry, jeton.lecture_seule, jeton.token_key) == (cree, None, False, "")
    assert porteur(cle).get(LUE).status_code == 200


def test_rien_ne_reste_des_cles_en_clair() -> None:
    with connection.cursor() as curseur:
        tables = connection.introspection.table_names(curseur)
    assert not {"authtoken_token", "knox_authtoken"} & set(tables)
    assert not Permission.objects.filter(content_type__app_label="authtoken").exists()
    administrateur = Group.objects.get(name="Administrateur")
    assert administrateur.permissions.filter(codename="delete_jeton").exists()
