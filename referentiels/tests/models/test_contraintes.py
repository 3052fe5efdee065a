"""La base tient les invariants : chaque contrainte nommée refuse ce qu'elle dit refuser."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from referentiels.models import (
    CelluleVolume,
    DiviseurUnite,
    FacteurBase,
    Flux,
    ImportFichier,
    Parametre,
    Perimetre,
    Phase,
    Poste,
    Produit,
    ProduitCellule,
    Reglage,
    RepartitionVolume,
    Synonyme,
    SynonymePoste,
    SynonymeProduit,
    TermePhase,
    UniteMesure,
)
from referentiels.tests.outils import factories as f

pytestmark = pytest.mark.django_db


def avec(objet: models.Model, **champs: Any) -> models.Model:
    for nom, valeur in champs.items():
        setattr(objet, nom, valeur)
    return objet


def double(objet: models.Model, **champs: Any) -> models.Model:
    """Une seconde ligne identique à `objet`, non enregistrée."""
    copie = type(objet)(**{c.attname: getattr(objet, c.attname) for c in objet._meta.concrete_fields})
    copie.pk = None
    return avec(copie, **champs)


def trace() -> ImportFichier:
    return ImportFichier(genre="taches", nom_fichier="t.csv", sha256="0", octets=1)


def terme(**champs: Any) -> TermePhase:
    return TermePhase(phase=Phase.objects.get(code="COLLECT"), ordre=9, **champs)


def diviseur(**champs: Any) -> DiviseurUnite:
    return DiviseurUnite(unite=UniteMesure.objects.get(code="PART"), **champs)


def une(cible: str) -> models.Model:
    """La première ligne que ce champ d'un synonyme peut désigner."""
    ligne = Synonyme._meta.get_field(cible).related_model.objects.first()
    assert ligne is not None
    return ligne


# contrainte : une ligne qui la viole, prête à être écrite
VIOLATIONS: dict[str, Callable[[], models.Model]] = {
    "reglage_dans_ses_bornes": lambda: avec(Reglage.objects.get(code="seuil_recruter"), valeur=-1),
    "centre_circulation_0_a_0_8": lambda: avec(f.CentreFactory(), coeff_circulation="0.8001"),
    "centre_geographie_moins_0_2_a_0": lambda: avec(f.CentreFactory(), coeff_geographie="0.01"),
    "centre_trajet_0_a_240": lambda: avec(f.CentreFactory(), trajet_minutes=-1),
    "centre_aps_positif": lambda: avec(f.CentreFactory(), aps=-1),
    "poste_type_mod_ou_moi": lambda: avec(f.PosteFactory(), type="AUT"),
    "poste_coef_shift_au_moins_1": lambda: avec(f.PosteFactory(), coef_shift_3="0.99"),
    "poste_salaire_positif": lambda: avec(f.PosteFactory(), salaire_mensuel=-1),
    "centre_poste_unique": lambda: double(f.CentrePosteFactory()),
    "effectif_actuel_positif": lambda: avec(f.CentrePosteFactory(), effectif_actuel="-0.1"),
    "centre_poste_aps_positif": lambda: avec(f.CentrePosteFactory(), aps="-0.1"),
    "parametre_centre_unique": lambda: double(f.ParametreCentreFactory()),
    "mapping_source_centre_unique": lambda: double(
        f.MappingPosteRecommandeFactory(), poste_cible=f.PosteFactory(neuf=True)
    ),
    "mapping_vers_un_autre_poste": lambda: avec(
        mapping := f.MappingPosteRecommandeFactory(), poste_cible=mapping.poste_source
    ),
    "cellule_flux_sens_segment_unique": lambda: double(
        CelluleVolume.objects.get(code="guichet.depot"), code="autre"
    ),
    "repartition_source_cible_unique": lambda: double(RepartitionVolume.objects.first()),
    "repartition_vers_autre_cellule": lambda: avec(
        part := RepartitionVolume.objects.first(), cible=part.source
    ),
    "produit_cellule_unique": lambda: double(ProduitCellule.objects.first()),
    "unite_mode_connu": lambda: avec(UniteMesure.objects.get(code="SAC"), mode="AUTRE"),
    "diviseur_unite_flux_unique": lambda: double(DiviseurUnite.objects.filter(flux=None).first()),
    "diviseur_constante_ou_parametre": lambda: diviseur(constante=0.5),
    "terme_complet": lambda: terme(nature="INVERSE", constante=0),
    "terme_q_seulement_si_somme": lambda: terme(nature="POURCENT", parametre="p", parametre_2="q"),
    "facteur_base_unique": lambda: double(FacteurBase.objects.first()),
    "parametre_defaut_dans_les_bornes": lambda: avec(Parametre.objects.first(), defaut=1e9),
    "tache_duree_positive": lambda: avec(f.TacheFactory(), duree_secondes=0),
    "tache_base_40_60_100": lambda: avec(f.TacheFactory(), base_calcul=50),
    "tachemodele_duree_positive": lambda: avec(f.TacheModeleFactory(), duree_secondes=86_401),
    "tachemodele_base_40_60_100": lambda: avec(f.TacheModeleFactory(), base_calcul=0),
    "tache_exclue_typologie_ou_centre": lambda: avec(f.TacheExclueFactory(), centre=f.CentreFactory()),
    "volume_centre_cellule_annee_unique": lambda: double(f.VolumeAnnuelFactory()),
    "volume_positif_et_borne": lambda: avec(f.VolumeAnnuelFactory(), volume=-1),
    "volume_annee_1990_a_2100": lambda: avec(f.VolumeAnnuelFactory(), annee=1989),
    "synonyme_d_une_seule_ligne": lambda: Synonyme(code="X"),
    **{
        f"synonyme_de_{cible}_unique": lambda cible=cible: double(
            Synonyme.objects.create(code="X", **{cible: une(cible)})
        )
        for cible in ("flux", "sens", "segment", "unite")
    },
    "perimetre_d_un_compte_ou_d_un_groupe": lambda: Perimetre(),
    "perimetre_unique": lambda: double(f.UtilisateurFactory().perimetres.get()),
    "import_a_blanc_jamais_applique": lambda: avec(trace(), a_blanc=True, applique=True),
    "import_defait_a_ete_applique": lambda: avec(trace(), applique=False, defait_le=timezone.now()),
}


def contraintes() -> dict[str, Any]:
    return {
        contrainte.name: contrainte
        for modele in apps.get_app_config("referentiels").get_models()
        for contrainte in modele._meta.constraints
    }


def test_chaque_contrainte_a_sa_violation_eprouvee():
    assert set(contraintes()) == set(VIOLATIONS)


@pytest.mark.parametrize("nom", VIOLATIONS)
def test_la_base_refuse(nom):
    fautive = VIOLATIONS[nom]()
    with pytest.raises(IntegrityError) as refus, transaction.atomic():
        fautive.save()
    if connection.vendor == "postgresql":
        assert nom in str(refus.value)


@pytest.mark.parametrize("nom", VIOLATIONS)
def test_la_validation_le_dit_avant_la_base_et_en_francais(nom):
    fautive = VIOLATIONS[nom]()
    with pytest.raises(ValidationError) as refus:
        contraintes()[nom].validate(type(fautive), fautive)
    attendue = contraintes()[nom].violation_error_message
    if "violée" not in attendue and "%(name)s" not in attendue:
        assert refus.value.messages == [attendue]


@pytest.mark.parametrize("volume", [float("nan"), float("inf")])
def test_un_volume_qui_n_est_pas_un_nombre_est_refuse(volume):
    fautif = f.VolumeAnnuelFactory.build(
        centre=f.CentreFactory(), cellule=f.CelluleVolumeFactory(), volume=volume
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        fautif.save()


@pytest.mark.parametrize(
    "modele",
    [Flux, Produit, UniteMesure, Phase, Poste, SynonymePoste, SynonymeProduit],
    ids=lambda m: m.__name__,
)
def test_un_code_se_range_en_majuscules_sans_accents(modele):
    champs = {"nom": "Essai"} if modele not in (SynonymePoste, SynonymeProduit) else {}
    if modele is SynonymePoste:
        champs["poste"] = f.PosteFactory()
    if modele is SynonymeProduit:
        champs["produit"] = f.ProduitFactory()
    ligne = modele.objects.create(code="  Dépôt d’été ", **champs)
    assert ligne.code == "DEPOT D'ETE"


@pytest.mark.parametrize(
    ("champs", "formule"),
    [
        (
            {"nature": "UN_PLUS", "parametre": "circulation", "parametre_2": "geographie"},
            "1 + circulation + geographie",
        ),
        (
            {"nature": "COMPLEMENT", "parametre": "pct_p_q", "parametre_2": "pct_qpn"},
            "1 − pct_p_q/100 − pct_qpn/100",
        ),
        ({"nature": "COMPLEMENT", "parametre": "pct_retour"}, "1 − pct_retour/100 − 0/100"),
        ({"nature": "POURCENT", "parametre": "pct_national"}, "pct_national / 100"),
        ({"nature": "VALEUR", "parametre": "nb_passages"}, "nb_passages"),
        ({"nature": "INVERSE", "constante": 3.0}, "1 / 3.0"),
    ],
)
def test_un_terme_se_lit_comme_sa_formule_quels_que_soient_les_noms(champs, formule):
    assert str(terme(**champs)) == formule


def test_un_parametre_refuse_ce_qui_sort_de_ses_bornes_et_ce_qui_n_est_pas_un_nombre():
    parametre = Parametre.objects.get(code="pct_retour")
    parametre.verifier(100, nom="pct_retour")
    for valeur in (-0.1, 100.1, float("nan"), float("inf")):
        with pytest.raises(ValidationError, match="hors des bornes : de 0 à 100"):
            parametre.verifier(valeur, nom="pct_retour")


def test_un_centre_emporte_ses_lignes_mais_un_poste_tenu_ne_se_supprime_pas():
    tache = f.TacheFactory()
    f.VolumeAnnuelFactory(centre=tache.centre_poste.centre)
    with pytest.raises(models.ProtectedError):
        tache.centre_poste.poste.delete()
    tache.centre_poste.centre.delete()
    assert not type(tache).objects.exists()
