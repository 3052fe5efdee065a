"""Formes documentées de l'API asynchrone (OpenAPI). La validation est dans `saisie`."""

from typing import Any

from rest_framework import serializers


class VolumeSerializer(serializers.Serializer[Any]):
    centre_id = serializers.IntegerField(required=False)
    centre_label = serializers.CharField(required=False, help_text="Code ou nom du centre")
    flux = serializers.CharField(required=False, help_text="AMANA, CO, CR, EBARKIA, LRH")
    sens = serializers.CharField(required=False, help_text="ARRIVEE, DEPART, DEPOT, RECUP")
    segment = serializers.CharField(required=False, help_text="GLOBAL, LOCAL, AXES, PRO, PART, DIST…")
    cellule = serializers.CharField(required=False, help_text="Au lieu des trois : amana.recu.gc.local")
    volume = serializers.FloatField(min_value=0)


class DemandeSimulationSerializer(serializers.Serializer[Any]):
    productivite = serializers.FloatField(
        required=False, help_text="% de 1 à 200 ; une valeur d'au plus 2 est un ratio (0,7 = 70 %)"
    )
    heures_jour = serializers.FloatField(required=False, min_value=1, max_value=24)
    heures_par_jour = serializers.FloatField(required=False, min_value=1, max_value=24)
    temps_mort = serializers.FloatField(required=False, min_value=0, max_value=480, help_text="minutes")
    idle_minutes = serializers.FloatField(required=False, min_value=0, max_value=480)
    mode = serializers.ChoiceField(required=False, choices=["actuel", "recommande", "optimise"])
    annee = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1990,
        max_value=2100,
        help_text="Année des volumes ; par défaut la dernière qui en a",
    )
    volumes = VolumeSerializer(many=True, required=False)
    centres_volumes = VolumeSerializer(many=True, required=False)
    global_params = serializers.DictField(required=False, help_text="Paramètres nommés du catalogue")
    centres_params = serializers.DictField(
        required=False, help_text="{identifiant de centre: {paramètre: valeur}}"
    )


class DemandeLotSimulationSerializer(DemandeSimulationSerializer):
    centre_ids = serializers.ListField(child=serializers.IntegerField(), max_length=50)


class LancementSimulationSerializer(serializers.Serializer[Any]):
    task_id = serializers.UUIDField()
    status = serializers.CharField(help_text="PENDING")
    message = serializers.CharField()
    check_status_url = serializers.CharField()
    direction_id = serializers.IntegerField(required=False)
    estimated_duration = serializers.CharField(required=False)
    total_centres = serializers.IntegerField(required=False)


class SuiviSimulationSerializer(serializers.Serializer[Any]):
    task_id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=["PENDING", "PROGRESS", "SUCCESS", "FAILURE", "REVOKED"])
    progress = serializers.IntegerField(min_value=0, max_value=100)
    status = serializers.CharField()
    result = serializers.DictField(allow_null=True)
    details = serializers.DictField(required=False)
    error = serializers.CharField(required=False)


class AnnulationSimulationSerializer(serializers.Serializer[Any]):
    task_id = serializers.UUIDField()
    status = serializers.CharField(help_text="cancelled, ou l'état déjà atteint")
    message = serializers.CharField()


class SanteSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=["healthy", "degraded", "unhealthy"])
    workers_online = serializers.IntegerField()
    message = serializers.CharField()
    canary_age_seconds = serializers.FloatField(allow_null=True)
    queue_length = serializers.IntegerField()
    oldest_waiting_seconds = serializers.FloatField(allow_null=True)


class ActifsSerializer(serializers.Serializer[Any]):
    active = serializers.ListField(child=serializers.DictField())
    queued = serializers.ListField(child=serializers.DictField())
    total = serializers.IntegerField()


class StatsSerializer(serializers.Serializer[Any]):
    workers = serializers.ListField(child=serializers.DictField())
    total_succeeded = serializers.IntegerField()
    total_failed = serializers.IntegerField()
    queue_length = serializers.IntegerField()
