"""API des heuristiques, du modèle appris et du vérificateur de grille."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from euromillions.api.filtre import CODE_D_ERE
from euromillions.api.grilles import ETIQUETTE, parametres_recus
from euromillions.api.serializers.demandes import GrilleANoterSerializer, GrillesAComparerSerializer
from euromillions.grilles import heuristiques, verification
from euromillions.grilles.grille_donnee import (
    GRILLES_MAX,
    GrilleDonnee,
    GrilleFautive,
    choisir_ere,
    lire_grille,
)
from euromillions.jeu.eres import NUMEROS_TIRES
from euromillions.jeu.prix import NOTE_DU_RETOUR
from euromillions.lectures import histoire, reperes
from euromillions.models import ModeleAppris
from euromillions.statistiques.heuristiques import SANS_PREDICTION, TAILLES
from simulateur.api.vues import VueApi
from simulateur.cache.donnees import Lecture

PARAMETRES_GRILLE = [
    OpenApiParameter("numbers", str, description="Cinq numéros : 7,14,23,38,42."),
    OpenApiParameter("stars", str, description="Deux étoiles : 2,11."),
    OpenApiParameter("era", CODE_D_ERE, description="Code d'ère ; l'ère en cours sinon."),
]


def grille_du_tableau(boules: list[Any]) -> dict[str, Any]:
    """Une grille écrite en un seul tableau : cinq numéros, puis les étoiles s'il y en a."""
    return {"numbers": boules[:NUMEROS_TIRES], "stars": boules[NUMEROS_TIRES:]}


def grilles_du_tableau(grilles: list[Any]) -> dict[str, Any]:
    return {"grids": grilles}


def _servir(lecture: Lecture, **suite: Any) -> Response:
    corps = {**lecture.valeur, "cached": lecture.en_cache, "value": heuristiques.valeur_des_scores()}
    return Response(corps | suite | reperes.mention_demo(histoire.revision()))


class EcartsPredits(VueApi):
    @extend_schema(tags=ETIQUETTE, summary="Score d'écart (heuristique)", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        return _servir(heuristiques.ecarts())


class CombinaisonsFrequentes(VueApi):
    @extend_schema(
        tags=ETIQUETTE,
        summary="Ensembles fréquents de 2 à 4 numéros (heuristique)",
        parameters=[
            OpenApiParameter(
                "size",
                int,
                enum=TAILLES,
                description="2, 3 ou 4 ; toutes sinon.",
            )
        ],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request) -> Response:
        taille = request.query_params.get("size", "")
        if taille not in ("", *map(str, TAILLES)):
            raise exceptions.ValidationError({"size": ["Une taille de 2 à 4."]})
        lecture = heuristiques.combinaisons()
        tailles = [t for t in lecture.valeur["sizes"] if taille in ("", str(t["size"]))]
        return _servir(lecture, sizes=tailles)


class NoterUneGrille(VueApi):
    du_tableau = staticmethod(grille_du_tableau)

    @extend_schema(
        tags=ETIQUETTE,
        summary="Score d'une grille (heuristique) et popularité",
        parameters=PARAMETRES_GRILLE,
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request) -> Response:
        return self.noter(request)

    @extend_schema(
        tags=ETIQUETTE,
        summary="Score d'une grille (heuristique) et popularité",
        parameters=PARAMETRES_GRILLE,
        request=GrilleANoterSerializer,
        responses=OpenApiTypes.OBJECT,
    )
    def post(self, request: Request) -> Response:
        return self.noter(request)

    def noter(self, request: Request) -> Response:
        recus = parametres_recus(self, request, ("numbers", "stars", "era"))
        grille = lire_une(recus.get("numbers"), recus.get("stars"), recus.get("era"))
        return Response({**heuristiques.noter([grille])[0], "value": heuristiques.valeur_des_scores()})


class ComparerDesGrilles(VueApi):
    du_tableau = staticmethod(grilles_du_tableau)

    @extend_schema(
        tags=ETIQUETTE,
        summary="Comparer des grilles (heuristique)",
        parameters=[
            OpenApiParameter("grids", str, description="« 1,2,3,4,5/1,2;6,7,8,9,10/3,4 »"),
            PARAMETRES_GRILLE[-1],
        ],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request) -> Response:
        textes = [texte for texte in request.query_params.get("grids", "").split(";") if texte.strip()]
        brutes = [dict(zip(("numbers", "stars"), texte.split("/", 1), strict=False)) for texte in textes]
        return self.comparer(brutes, request.query_params.get("era"))

    @extend_schema(
        tags=ETIQUETTE,
        summary="Comparer des grilles (heuristique)",
        parameters=[PARAMETRES_GRILLE[-1]],
        request=GrillesAComparerSerializer,
        responses=OpenApiTypes.OBJECT,
    )
    def post(self, request: Request) -> Response:
        recus = parametres_recus(self, request, ("grids", "era"))
        return self.comparer(recus.get("grids"), recus.get("era"))

    def comparer(self, brutes: Any, era: Any) -> Response:
        if not isinstance(brutes, list) or not 1 <= len(brutes) <= GRILLES_MAX:
            raise exceptions.ValidationError(
                {"grids": [f"Une liste de 1 à {GRILLES_MAX} grilles est attendue."]}
            )
        grilles = []
        for rang, brute in enumerate(brutes, start=1):
            if isinstance(brute, list):
                brute = grille_du_tableau(brute)
            if not isinstance(brute, Mapping):
                phrase = f"Grille {rang} : {{numbers, stars}} ou un tableau attendu."
                raise exceptions.ValidationError({"grids": [phrase]})
            try:
                grilles.append(lire_grille(brute.get("numbers"), brute.get("stars"), choisir_ere(era)))
            except GrilleFautive as faute:
                champ = "era" if "era" in faute.champs else "grids"
                raise exceptions.ValidationError({champ: [f"Grille {rang} : {faute}"]}) from None
        notees = heuristiques.noter(grilles)
        ordre = sorted(range(len(notees)), key=lambda i: -notees[i]["total_score"])
        return Response(
            {
                "grids": [{**notees[i], "position": i + 1} for i in ordre],
                "best": ordre[0] + 1,
                "value": heuristiques.valeur_des_scores(),
            }
        )


class Popularite(VueApi):
    @extend_schema(
        tags=ETIQUETTE,
        summary="Ce que la popularité change au gain, mesuré sur les gains publiés",
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request) -> Response:
        return Response(heuristiques.effet_du_partage())


class Modele(VueApi):
    @extend_schema(
        tags=ETIQUETTE,
        summary="Le modèle appris, à côté de la constante qu'il ne bat pas",
        responses={200: OpenApiTypes.OBJECT, 404: OpenApiResponse(description="Aucun modèle appris encore")},
    )
    def get(self, request: Request) -> Response:
        modele = ModeleAppris.objects.first()
        if modele is None:
            raise exceptions.NotFound("Aucun modèle n'a encore été appris : le premier se fait lundi à 7 h.")
        return Response(
            {
                "trained_at": modele.appris_le.isoformat(timespec="seconds"),
                "revision": modele.revision,
                "beats_constant": modele.bat_la_constante,
                "statement": SANS_PREDICTION,
                **modele.resultats,
                **({"demo": True} if modele.fictif else {}),
            }
        )


class VerifierUneGrille(VueApi):
    @extend_schema(
        tags=ETIQUETTE,
        summary="Cette grille a-t-elle déjà gagné ?",
        parameters=[
            *PARAMETRES_GRILLE,
            OpenApiParameter("since", str, description="Depuis cette date (AAAA-MM-JJ)."),
        ],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request) -> Response:
        lus = request.query_params
        grille = lire_une(lus.get("numbers"), lus.get("stars"), lus.get("era"), etoiles_exigees=True)
        resultat = verification.verifier(grille, _lire_une_date(lus.get("since", "")))
        note = {"return_note": NOTE_DU_RETOUR}
        return Response(resultat | note | reperes.mention_demo(histoire.revision()))


def lire_une(numeros: Any, etoiles: Any, era: Any, *, etoiles_exigees: bool = False) -> GrilleDonnee:
    try:
        return lire_grille(numeros, etoiles, choisir_ere(era), etoiles_exigees=etoiles_exigees)
    except GrilleFautive as faute:
        raise exceptions.ValidationError(faute.champs) from None


def _lire_une_date(texte: str) -> date | None:
    if not texte.strip():
        return None
    try:
        return date.fromisoformat(texte.strip())
    except ValueError:
        raise exceptions.ValidationError({"since": ["Une date AAAA-MM-JJ."]}) from None
