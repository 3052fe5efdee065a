"""Formes documentées de l'historique, des postes et des scénarios (OpenAPI)."""

from typing import Any

from rest_framework import serializers

from referentiels.models import Poste
from simulations.api.serializers import DemandeSimulationSerializer
from simulations.moteur import MODES


class ResumeSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    libelle = serializers.CharField()
    niveau = serializers.CharField()
    state = serializers.CharField()
    etat = serializers.CharField()
    mode = serializers.ChoiceField(choices=MODES)
    annee = serializers.IntegerField()
    fictif = serializers.BooleanField()
    scenario = serializers.CharField(allow_null=True)
    scenario_id = serializers.IntegerField(allow_null=True)
    direction_id = serializers.IntegerField(allow_null=True)
    rejoue_de = serializers.UUIDField(allow_null=True)
    conservee = serializers.BooleanField()
    demandeur = serializers.CharField(allow_null=True)
    cree_le = serializers.DateTimeField()
    termine_le = serializers.DateTimeField(allow_null=True)
    nb_centres = serializers.IntegerField()
    revision = serializers.IntegerField()
    version_moteur = serializers.CharField()
    resultat_disponible = serializers.BooleanField()
    etp_calcule = serializers.FloatField()
    etp_arrondi = serializers.FloatField()
    etp_actuel = serializers.FloatField()
    ecart = serializers.FloatField()
    cout_mensuel = serializers.FloatField(allow_null=True)


class ResultatPosteSerializer(serializers.Serializer[Any]):
    centre_id = serializers.IntegerField()
    poste_id = serializers.IntegerField()
    poste_label = serializers.CharField()
    type = serializers.ChoiceField(choices=Poste.Type.choices)
    heures = serializers.FloatField()
    etp_calcule = serializers.FloatField()
    etp_arrondi = serializers.FloatField()
    etp_actuel = serializers.FloatField()
    ecart = serializers.FloatField()
    decision = serializers.CharField()
    cout_mensuel = serializers.FloatField(allow_null=True)


class RejeuSerializer(serializers.Serializer[Any]):
    task_id = serializers.UUIDField()
    status = serializers.CharField()
    message = serializers.CharField()
    check_status_url = serializers.CharField()


class ConservationSerializer(serializers.Serializer[Any]):
    conservee = serializers.BooleanField(default=True)


class ScenarioEcritSerializer(DemandeSimulationSerializer):
    nom = serializers.CharField(max_length=120)
    description = serializers.CharField(required=False, max_length=2000, allow_blank=True)
    annee = serializers.IntegerField(required=False, allow_null=True, min_value=1990, max_value=2100)


class ScenarioSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    nom = serializers.CharField()
    description = serializers.CharField()
    etat = serializers.ChoiceField(choices=["brouillon", "valide"])
    proprietaire = serializers.CharField(allow_null=True)
    parent_id = serializers.IntegerField(allow_null=True)
    annee = serializers.IntegerField(allow_null=True)
    parametres = serializers.DictField()
    volumes = serializers.ListField(child=serializers.DictField())
    nb_simulations = serializers.IntegerField()
    cree_le = serializers.DateTimeField()
    modifie_le = serializers.DateTimeField()
    valide_le = serializers.DateTimeField(allow_null=True)
    valide_par = serializers.CharField(allow_null=True)


class DuplicationSerializer(serializers.Serializer[Any]):
    nom = serializers.CharField(required=False, max_length=120)


class CibleSerializer(serializers.Serializer[Any]):
    direction_id = serializers.IntegerField(required=False)
    centre_ids = serializers.ListField(child=serializers.IntegerField(), required=False, max_length=50)


class ExportSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    etat = serializers.CharField()
    progression = serializers.IntegerField()
    message = serializers.CharField()
    nom_fichier = serializers.CharField()
    octets = serializers.IntegerField()
    url = serializers.CharField(help_text="Suivi")
    fichier = serializers.CharField(allow_null=True, help_text="Téléchargement, une fois terminé")
