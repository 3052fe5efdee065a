"""Fabriques du référentiel. Les lignes livrées par migration (postes, règles) sont reprises par leur code."""

from decimal import Decimal
from typing import Any

import factory
from django.contrib.auth import get_user_model
from factory.django import DjangoModelFactory

from referentiels import models
from simulateur.langue.texte import normaliser
from simulateur.tests.outils.droits import DU_LECTEUR, accorder


class FabriqueParCode(DjangoModelFactory):
    """Reprend la ligne de ce code (normalisé) si elle existe, sans toucher ses autres kwargs."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        kwargs["code"] = normaliser(kwargs["code"])
        return model_class.objects.filter(code=kwargs["code"]).first() or super()._create(
            model_class, *args, **kwargs
        )


# Loin des codes que les tests écrivent eux-mêmes (« D1 », « C3 »).
PREMIER = 1000


class UtilisateurFactory(DjangoModelFactory):
    class Meta:
        model = get_user_model()

    username = factory.Sequence(lambda n: f"personne{n}")

    class Params:
        lecteur = factory.Trait(droits=DU_LECTEUR)
        equipe = factory.Trait(is_staff=True, droits=("referentiels", "simulations"))
        administrateur = factory.Trait(is_staff=True, is_superuser=True)

    @classmethod
    def _create(cls, model_class: Any, *args: Any, droits: Any = (), **kwargs: Any) -> Any:
        """`droits` : des permissions, ou toutes celles d'une application."""
        return accorder(super()._create(model_class, *args, **kwargs), *droits)


class RegionFactory(DjangoModelFactory):
    class Meta:
        model = models.Region

    code = factory.Sequence(lambda n: f"R{PREMIER + n}")
    nom = factory.Sequence(lambda n: f"Région {n}")


class DirectionFactory(DjangoModelFactory):
    class Meta:
        model = models.Direction

    code = factory.Sequence(lambda n: f"D{PREMIER + n}")
    nom = factory.Sequence(lambda n: f"Direction {n}")
    region = factory.SubFactory(RegionFactory)

    class Params:
        siege = factory.Trait(est_siege=True)


class TypologieFactory(FabriqueParCode):
    class Meta:
        model = models.Typologie

    code = "CD"
    nom = factory.LazyAttribute(lambda o: f"Typologie {o.code}")


class CentreFactory(DjangoModelFactory):
    class Meta:
        model = models.Centre

    code = factory.Sequence(lambda n: f"C{PREMIER + n}")
    nom = factory.Sequence(lambda n: f"Centre {n}")
    direction = factory.SubFactory(DirectionFactory)
    typologie = factory.SubFactory(TypologieFactory)

    class Params:
        sans_guichet = factory.Trait(a_guichet=False)
        inactif = factory.Trait(actif=False)
        de_demonstration = factory.Trait(fictif=True)
        eloigne = factory.Trait(trajet_minutes=Decimal("30"))
        accidente = factory.Trait(coeff_circulation=Decimal("0.3"), coeff_geographie=Decimal("-0.1"))


class PosteFactory(FabriqueParCode):
    class Meta:
        model = models.Poste

    code = "AGENT TRAITEMENT"
    nom = factory.LazyAttribute(lambda o: o.code.capitalize())

    class Params:
        moi = factory.Trait(code="CHEF DE CENTRE", type=models.Poste.Type.MOI)
        facteur = factory.Trait(code="FACTEUR DISTRIBUTEUR", soumis_au_trajet=True)
        neuf = factory.Trait(code=factory.Sequence(lambda n: f"POSTE {n}"))


class CentrePosteFactory(DjangoModelFactory):
    class Meta:
        model = models.CentrePoste

    centre = factory.SubFactory(CentreFactory)
    poste = factory.SubFactory(PosteFactory)
    effectif_actuel = Decimal("2")

    class Params:
        moi = factory.Trait(poste=factory.SubFactory(PosteFactory, moi=True), effectif_actuel=Decimal(1))
        facteur = factory.Trait(poste=factory.SubFactory(PosteFactory, facteur=True))
        poste_neuf = factory.Trait(poste=factory.SubFactory(PosteFactory, neuf=True))
        vacant = factory.Trait(effectif_actuel=Decimal(0))


class FluxFactory(FabriqueParCode):
    class Meta:
        model = models.Flux

    code = "CO"
    nom = factory.LazyAttribute(lambda o: o.code)


class SensFactory(FabriqueParCode):
    class Meta:
        model = models.Sens

    code = "ARRIVEE"
    nom = factory.LazyAttribute(lambda o: o.code)


class SegmentFactory(FabriqueParCode):
    class Meta:
        model = models.Segment

    code = "LOCAL"
    nom = factory.LazyAttribute(lambda o: o.code)


class CelluleVolumeFactory(DjangoModelFactory):
    """Reprend la cellule de ce code ; une cellule neuve reçoit son propre segment."""

    class Meta:
        model = models.CelluleVolume

    code = "co.arrive.local"

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        existante = model_class.objects.filter(code=kwargs["code"]).first()
        if existante:
            return existante
        kwargs["sens"] = kwargs.get("sens") or SensFactory()
        kwargs["segment"] = kwargs.get("segment") or SegmentFactory(code=f"SEGMENT {kwargs['code']}")
        return super()._create(model_class, *args, **kwargs)


class ProduitFactory(FabriqueParCode):
    class Meta:
        model = models.Produit

    code = "CO ARRIVE LOCAL"
    nom = factory.LazyAttribute(lambda o: o.code)


class UniteMesureFactory(FabriqueParCode):
    class Meta:
        model = models.UniteMesure

    code = "COURRIER"
    nom = factory.LazyAttribute(lambda o: o.code)


class PhaseFactory(FabriqueParCode):
    class Meta:
        model = models.Phase

    code = "COLLECT"
    nom = factory.LazyAttribute(lambda o: o.code.lower())


class ParametreFactory(DjangoModelFactory):
    class Meta:
        model = models.Parametre
        django_get_or_create = ("code",)

    code = "pct_retour"
    nom = factory.LazyAttribute(lambda o: o.code)


class DescriptionTacheFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    nom = factory.Sequence(lambda n: f"Tâche {n}")
    produit = factory.SubFactory(ProduitFactory)
    unite = factory.SubFactory(UniteMesureFactory)
    duree_secondes = 12.0
    ordre = factory.Sequence(lambda n: n)

    class Params:
        forfait = factory.Trait(
            unite=factory.SubFactory(UniteMesureFactory, code="PART", mode=models.UniteMesure.Mode.FORFAIT)
        )
        en_sac = factory.Trait(unite=factory.SubFactory(UniteMesureFactory, code="SAC"))
        en_collecte = factory.Trait(phase=factory.SubFactory(PhaseFactory, code="COLLECT"))
        au_guichet = factory.Trait(famille="GUICHET DEPOT")


class TacheFactory(DescriptionTacheFactory):
    class Meta:
        model = models.Tache

    centre_poste = factory.SubFactory(CentrePosteFactory)

    class Params:
        inactive = factory.Trait(actif=False)


class TacheModeleFactory(DescriptionTacheFactory):
    class Meta:
        model = models.TacheModele

    typologie = factory.SubFactory(TypologieFactory)
    poste = factory.SubFactory(PosteFactory)


class VolumeAnnuelFactory(DjangoModelFactory):
    class Meta:
        model = models.VolumeAnnuel

    centre = factory.SubFactory(CentreFactory)
    cellule = factory.SubFactory(CelluleVolumeFactory)
    annee = 2026
    volume = 264_000.0


class ParametreCentreFactory(DjangoModelFactory):
    class Meta:
        model = models.ParametreCentre

    centre = factory.SubFactory(CentreFactory)
    parametre = factory.SubFactory(ParametreFactory)
    valeur = 10.0


class MappingPosteRecommandeFactory(DjangoModelFactory):
    class Meta:
        model = models.MappingPosteRecommande

    poste_source = factory.SubFactory(PosteFactory, neuf=True)
    poste_cible = factory.SubFactory(PosteFactory)


class TacheExclueFactory(DjangoModelFactory):
    class Meta:
        model = models.TacheExclue

    typologie = factory.SubFactory(TypologieFactory)
    nom = factory.Sequence(lambda n: f"Tâche {n}")

    class Params:
        du_centre = factory.Trait(typologie=None, centre=factory.SubFactory(CentreFactory))
