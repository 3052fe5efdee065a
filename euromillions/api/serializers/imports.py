"""Ce que l'API des imports lit et rend."""

from typing import Any

from rest_framework import serializers

from euromillions.imports.dates import CHIFFRES
from euromillions.models import ConflitTirage, Resolution
from simulateur.fichiers.limites import FichierRefuse
from simulateur.fichiers.reception import verifier_taille

DEUX_DECISIONS = (Resolution.GARDER, Resolution.REMPLACER)


class DepotSerializer(serializers.Serializer[Any]):
    fichier = serializers.FileField(help_text="CSV, ou zip d'un seul CSV.")
    appliquer = serializers.BooleanField(default=False, help_text="Faux : aperçu gardé, à confirmer.")
    malgre_soupcon = serializers.BooleanField(
        default=False,
        help_text="Ajouter malgré un soupçon (autre jeu, jours sautés, tirage recopié).",
    )

    style_date = serializers.ChoiceField(
        choices=[(style, style) for style in CHIFFRES],
        required=False,
        help_text="À donner quand rien ne dit si le jour précède le mois.",
    )

    def validate_fichier(self, depot: Any) -> Any:
        try:
            verifier_taille(depot.size or 0)
        except FichierRefuse as refus:
            raise serializers.ValidationError(str(refus)) from refus
        return depot


class ConfirmationSerializer(serializers.Serializer[Any]):
    malgre_soupcon = serializers.BooleanField(default=False)


class CompteRenduSerializer(serializers.Serializer[Any]):
    """Les quatre comptes (leur somme est `lignes`) et leurs détails, bornés à 200 par liste."""

    id = serializers.IntegerField()
    nom_fichier = serializers.CharField()
    sha256 = serializers.CharField()
    format = serializers.CharField()
    encodage = serializers.CharField()
    etat = serializers.ChoiceField(choices=["apercu", "applique"])
    lignes = serializers.IntegerField()
    ajoutes = serializers.IntegerField()
    identiques = serializers.IntegerField()
    conflits = serializers.IntegerField()
    invalides = serializers.IntegerField()
    fictifs_supprimes = serializers.IntegerField()
    rapport = serializers.DictField()


class ConflitSerializer(serializers.ModelSerializer[ConflitTirage]):
    date = serializers.DateField(source="tirage.date")
    fichier = serializers.CharField(source="import_tirages.nom_fichier")
    en_place = serializers.SerializerMethodField()
    propose = serializers.SerializerMethodField()

    class Meta:
        model = ConflitTirage
        fields = ("id", "date", "fichier", "ligne", "en_place", "propose", "resolution", "resolu_le")

    def get_en_place(self, conflit: ConflitTirage) -> dict[str, list[int]]:
        return {"numeros": list(conflit.tirage.numeros), "etoiles": list(conflit.tirage.etoiles)}

    def get_propose(self, conflit: ConflitTirage) -> dict[str, list[int]]:
        return {"numeros": list(conflit.numeros), "etoiles": list(conflit.etoiles)}


class DecisionSerializer(serializers.Serializer[Any]):
    decision = serializers.ChoiceField(choices=[(choix.value, choix.label) for choix in DEUX_DECISIONS])
