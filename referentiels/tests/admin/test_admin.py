"""L'admin du référentiel : chaque page s'ouvre, sans requête par ligne, et ses actions disent la vérité."""

from decimal import Decimal

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from referentiels import models
from referentiels.tests.outils import factories as f

pytestmark = pytest.mark.django_db
MODELES = sorted(
    (m for m in admin.site._registry if m._meta.app_label == "referentiels"), key=lambda m: m._meta.model_name
)
SANS_AJOUT = {models.ImportFichier, models.Reglage}
REQUETES_LISTE = 14
REQUETES_FORMULAIRE = 14


def peupler(lignes: int) -> models.Centre:
    """Un centre et, dans chaque table, `lignes` lignes de plus."""
    for _ in range(lignes):
        tenu = f.CentrePosteFactory(poste_neuf=True)
        f.TacheFactory(centre_poste=tenu, en_collecte=True)
        f.TacheModeleFactory(poste=tenu.poste, en_collecte=True)
        f.TacheExclueFactory(du_centre=True, produit=f.ProduitFactory(), unite=f.UniteMesureFactory())
        f.VolumeAnnuelFactory(centre=tenu.centre)
        f.ParametreCentreFactory(centre=tenu.centre, flux=f.FluxFactory())
        f.MappingPosteRecommandeFactory(centre=tenu.centre)
        models.ImportFichier.objects.create(
            genre="taches", nom_fichier="t.csv", sha256="0", octets=1, par=f.UtilisateurFactory()
        )
    return tenu.centre


def adresse(modele, page, *args):
    return reverse(f"admin:{modele._meta.app_label}_{modele._meta.model_name}_{page}", args=args)


@pytest.fixture
def equipe() -> Client:
    client = Client()
    client.force_login(f.UtilisateurFactory(equipe=True))
    return client


def test_chaque_modele_du_referentiel_a_son_admin_ou_ses_lignes():
    en_lignes = {ligne.model for classe in admin.site._registry.values() for ligne in classe.inlines}
    tous = {m for m in vars(models).values() if isinstance(m, type)}
    des_octets = {models.ImageImport}  # que personne ne lit
    assert tous <= set(MODELES) | en_lignes | des_octets


def test_une_liste_coute_le_meme_nombre_de_requetes_quel_que_soit_le_nombre_de_lignes(
    equipe, compter_requetes
):
    def compter() -> dict[str, int]:
        comptes = {}
        equipe.get(reverse("admin:index"))  # les droits se relisent dès qu'un compte est né
        for modele in MODELES:
            with compter_requetes() as requetes:
                assert equipe.get(adresse(modele, "changelist")).status_code == 200
            comptes[modele._meta.model_name] = len(requetes)
        return comptes

    peupler(1)
    compter()  # les types de contenu se chargent une fois
    avec_peu = compter()
    peupler(3)
    assert compter() == avec_peu
    assert max(avec_peu.values()) <= REQUETES_LISTE, avec_peu


def test_un_formulaire_reste_sous_son_nombre_de_requetes_et_n_ecrit_rien(
    equipe, compter_requetes, lecture_seule
):
    peupler(2)
    comptes = {}
    for modele in MODELES:
        objet = modele._default_manager.order_by("pk").last()
        with compter_requetes() as requetes, lecture_seule():
            assert equipe.get(adresse(modele, "change", objet.pk)).status_code == 200
        comptes[modele._meta.model_name] = len(requetes)
        attendu = 403 if modele in SANS_AJOUT else 200
        assert equipe.get(adresse(modele, "add")).status_code == attendu
    assert max(comptes.values()) <= REQUETES_FORMULAIRE, comptes


def test_le_formulaire_d_un_centre_ne_coute_pas_une_requete_par_poste(equipe, compter_requetes):
    centre = f.CentreFactory()

    def compter():
        with compter_requetes() as requetes:
            equipe.get(adresse(models.Centre, "change", centre.pk))
        return len(requetes)

    f.CentrePosteFactory(centre=centre)
    f.ParametreCentreFactory(centre=centre)
    compter()
    avec_un = compter()
    f.CentrePosteFactory.create_batch(8, centre=centre, poste_neuf=True)
    f.ParametreCentreFactory(centre=centre, flux=f.FluxFactory())
    assert compter() == avec_un


def test_le_formulaire_d_une_cellule_de_produit_ne_coute_pas_une_requete_par_cellule(
    equipe, compter_requetes
):
    def compter(code: str) -> int:
        produit = models.Produit.objects.get(code=code)
        with compter_requetes() as requetes:
            assert equipe.get(adresse(models.Produit, "change", produit.pk)).status_code == 200
        return len(requetes)

    compter("CO")  # les types de contenu se chargent une fois
    assert compter("CO ARRIVE LOCAL") == compter("AMANA RECU")


def test_chaque_recherche_repond(equipe):
    peupler(1)
    cherchables = [modele for modele in MODELES if admin.site._registry[modele].search_fields]
    assert len(cherchables) >= len(MODELES) - 1
    for modele in cherchables:
        assert equipe.get(adresse(modele, "changelist"), {"q": "zzz"}).status_code == 200


def test_une_personne_hors_de_l_equipe_n_entre_pas():
    client = Client()
    client.force_login(f.UtilisateurFactory())
    assert client.get(adresse(models.Centre, "changelist")).status_code == 302


def test_fermer_des_centres_dit_combien_l_etaient_deja(equipe):
    ouverts = f.CentreFactory.create_batch(2)
    ferme = f.CentreFactory(inactif=True)
    reponse = equipe.post(
        adresse(models.Centre, "changelist"),
        {"action": "fermer", "_selected_action": [c.pk for c in [*ouverts, ferme]]},
        follow=True,
    )
    assert "2 centres fermés, 1 l&#x27;étaient déjà." in reponse.content.decode()
    assert not models.Centre.objects.actifs().exists()


def test_desactiver_puis_activer_des_taches(equipe):
    taches = f.TacheFactory.create_batch(3)
    for action, attendu in (("desactiver", 0), ("activer", 3)):
        equipe.post(
            adresse(models.Tache, "changelist"),
            {"action": action, "_selected_action": [t.pk for t in taches]},
        )
        assert models.Tache.objects.actives().count() == attendu


def formulaire_de(centre: models.Centre, *, postes: int = 0, parametres: int = 0, **champs) -> dict:
    return {
        "code": centre.code,
        "nom": centre.nom,
        "direction": centre.direction_id,
        "typologie": centre.typologie_id,
        "aps": "0",
        "coeff_circulation": "0",
        "coeff_geographie": "0",
        "trajet_minutes": "0",
        "centre_postes-TOTAL_FORMS": postes,
        "centre_postes-INITIAL_FORMS": 0,
        "parametres-TOTAL_FORMS": parametres,
        "parametres-INITIAL_FORMS": 0,
        **champs,
    }


def test_le_formulaire_d_un_centre_ecrit_ses_postes_et_ses_parametres(equipe):
    centre = f.CentreFactory()
    lignes = {
        "centre_postes-0-poste": f.PosteFactory().pk,
        "centre_postes-0-effectif_actuel": "3.5",
        "centre_postes-0-aps": "0",
        "parametres-0-parametre": f.ParametreFactory().pk,
        "parametres-0-flux": "",
        "parametres-0-valeur": "7",
    }
    donnees = formulaire_de(centre, postes=1, parametres=1, nom="Nouveau nom", **lignes)
    reponse = equipe.post(adresse(models.Centre, "change", centre.pk), donnees)
    assert reponse.status_code == 302, reponse.context["errors"]
    centre.refresh_from_db()
    assert centre.nom == "Nouveau nom"
    assert centre.centre_postes.get().effectif_actuel == Decimal("3.5")
    assert centre.parametres.get().valeur == 7


def test_un_centre_hors_bornes_est_refuse_avec_sa_phrase(equipe):
    centre = f.CentreFactory()
    reponse = equipe.post(
        adresse(models.Centre, "change", centre.pk), formulaire_de(centre, coeff_circulation="0.9")
    )
    assert "Le coefficient de circulation va de 0 à 0,8." in reponse.content.decode()


def test_remplir_depuis_le_modele_dit_ce_que_chaque_centre_a_recu(equipe):
    f.TacheModeleFactory.create_batch(2)
    vide, plein = f.CentreFactory(), f.TacheFactory().centre_poste.centre
    sans_modele = f.CentreFactory(typologie__code="CM")
    reponse = equipe.post(
        adresse(models.Centre, "changelist"),
        {"action": "remplir", "_selected_action": [vide.pk, plein.pk, sans_modele.pk]},
        follow=True,
    )
    assert {str(message) for message in reponse.context["messages"]} == {
        f"La typologie {sans_modele.typologie.code} n'a pas de table modèle.",
        f"Le centre {plein.code} a déjà des tâches : rien n'est copié.",
        f"{vide.code} : 2 tâches copiées du modèle.",
    }
    assert models.Tache.objects.filter(centre_poste__centre=vide).count() == 2
