"""Formes de l'API des grilles (documentation)."""

from typing import Any

from rest_framework import serializers


class LancementSerializer(serializers.Serializer[Any]):
    task_id = serializers.UUIDField()
    status = serializers.CharField()
    message = serializers.CharField()
    check_status_url = serializers.CharField()
    cached = serializers.BooleanField()


class GrilleSerializer(serializers.Serializer[Any]):
    numbers = serializers.ListField(child=serializers.IntegerField())
    stars = serializers.ListField(child=serializers.IntegerField())
    strategy = serializers.CharField()


class ResultatSerializer(serializers.Serializer[Any]):
    grids = GrilleSerializer(many=True)
    cached = serializers.BooleanField()
    strategy = serializers.CharField()
    params = serializers.DictField()
    total_draws_analyzed = serializers.IntegerField()


class SuiviSerializer(serializers.Serializer[Any]):
    task_id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=["PENDING", "PROGRESS", "SUCCESS", "FAILURE", "REVOKED"])
    current = serializers.IntegerField()
    total = serializers.IntegerField()
    status = serializers.CharField()
    result = ResultatSerializer(required=False)
    error = serializers.CharField(required=False)


class AnnulationSerializer(serializers.Serializer[Any]):
    task_id = serializers.UUIDField()
    status = serializers.CharField()
    message = serializers.CharField()
