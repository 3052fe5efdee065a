"""Des parts d'un même tout ne dépassent pas 100 ensemble (docs/metier/effectifs.md#parts).

Un tout est ce qu'un terme de phase retire de 1 : `1 − p/100 − q/100`. Le contrôle porte sur les valeurs
résolues pour chaque flux et chaque centre, comme le fait le calcul.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import QuerySet

from referentiels.models import Centre, Flux, Parametre, ParametreCentre, TermePhase
from simulateur.web.refus import SaisieRefusee

CENTRES_CITES = 10
MARGE = 1e-9  # des parts décimales de somme 100 la dépassent d'un rien
DE_LA_DEMANDE, DU_CATALOGUE = "demande", "défaut du catalogue"
DE_LA_DEMANDE_POUR_LE_CENTRE, DU_CENTRE = "demande, pour ce centre", "référentiel de ce centre"
Valeur = tuple[float, str]
Tout = tuple[str, ...]


@dataclass
class Parts:
    """`touts` : les paramètres de chaque tout ; `defauts` : du catalogue.

    `propres[centre][nom]` : (valeur, d'où elle vient). Un nom peut être précédé de son flux, en minuscules.
    """

    touts: set[Tout]
    flux: list[str]
    defauts: dict[str, float]
    propres: dict[int, dict[str, Valeur]]

    @classmethod
    def lues(cls, centres: "QuerySet[Centre]") -> Self:
        """Quatre requêtes."""
        termes = TermePhase.objects.filter(nature=TermePhase.Nature.COMPLEMENT)
        propres: dict[int, dict[str, Valeur]] = defaultdict(dict)
        lignes = ParametreCentre.objects.filter(centre__in=centres).order_by("pk")
        for centre, code, flux, valeur in lignes.values_list(
            "centre_id", "parametre__code", "flux__code", "valeur"
        ):
            propres[centre][nom_pour(code, flux)] = (valeur, DU_CENTRE)
        return cls(
            touts={tout_de(p, q) for p, q in termes.values_list("parametre", "parametre_2")},
            flux=list(Flux.objects.order_by("pk").values_list("code", flat=True)),
            defauts=dict(Parametre.objects.values_list("code", "defaut")),
            propres=propres,
        )

    def avec_la_demande(self, libres: Mapping[str, float], par_centre: Mapping[int, Any]) -> "Demandees":
        for centre, valeurs in par_centre.items():
            pour_lui = {nom: (valeur, DE_LA_DEMANDE_POUR_LE_CENTRE) for nom, valeur in valeurs.items()}
            self.propres.setdefault(centre, {}).update(pour_lui)
        return Demandees(self, libres)

    def verifier(self) -> None:
        """Le référentiel seul, sans demande."""
        self.avec_la_demande({}, {}).verifier()


@dataclass(frozen=True)
class Demandees:
    """Ce qu'un calcul lirait : les valeurs du référentiel sous celles de la demande."""

    parts: Parts
    libres: Mapping[str, float]

    def verifier(self) -> None:
        """SaisieRefusee si un tout dépasse 100 : paramètres, centres, et d'où vient chaque valeur."""
        fautes: dict[str, list[str]] = {}
        for tout in sorted(self.parts.touts):
            par_cause: dict[str, list[int]] = defaultdict(list)
            for cause, centre in self._depassements(tout):
                par_cause[cause].append(centre)
            phrases = [self._phrase(cause, centres) for cause, centres in par_cause.items()]
            if phrases:
                fautes[" + ".join(tout)] = phrases
        if fautes:
            raise SaisieRefusee(fautes)

    def _depassements(self, tout: Tout) -> Iterator[tuple[str, int]]:
        """(ce qui dépasse, centre) ; centre 0 : tout centre sans valeur propre."""
        concernes = [
            centre
            for centre, valeurs in self.parts.propres.items()
            if any(nom.endswith(code) for nom in valeurs for code in tout)
        ]
        for centre in (0, *concernes):
            deja: set[tuple[Valeur, ...]] = set()
            for flux in ("", *self.parts.flux):
                valeurs = tuple(self._valeur(code, flux, centre) for code in tout)
                somme = sum(valeur for valeur, _ in valeurs)
                if somme > 100 + MARGE and valeurs not in deja:
                    deja.add(valeurs)
                    mots = " + ".join(f"{c} {v:g} ({d})" for c, (v, d) in zip(tout, valeurs, strict=True))
                    yield f"{mots} = {somme:g} %{f' pour {flux}' if flux else ''}", centre

    def _valeur(self, code: str, flux: str, centre: int) -> Valeur:
        noms = (nom_pour(code, flux), code) if flux else (code,)
        propres = self.parts.propres.get(centre, {})
        for nom in noms:
            if nom in propres:
                return propres[nom]
        for nom in noms:
            if nom in self.libres:
                return self.libres[nom], DE_LA_DEMANDE
        return self.parts.defauts.get(code, 0.0), DU_CATALOGUE

    def _phrase(self, cause: str, centres: list[int]) -> str:
        if 0 in centres:
            return f"Au plus 100 % ensemble : {cause}, pour tous les centres."
        cites = Centre.objects.filter(pk__in=centres[:CENTRES_CITES]).order_by("code")
        noms = ", ".join(f"{centre.nom} ({centre.code})" for centre in cites)
        suite = f" et {len(centres) - CENTRES_CITES} de plus" if len(centres) > CENTRES_CITES else ""
        return f"Au plus 100 % ensemble : {cause}. Centres : {noms}{suite}."


def tout_de(p: str, q: str) -> Tout:
    return tuple(sorted(filter(None, (p, q))))


def nom_pour(code: str, flux: str | None) -> str:
    return f"{flux.lower()}_{code}" if flux else code


def verifier_la_demande(
    libres: Mapping[str, float], par_centre: Mapping[int, Any], centres: "QuerySet[Centre]"
) -> None:
    """SaisieRefusee si, avec ces paramètres, un tout dépasse 100 dans un de ces centres."""
    vises: Iterable[int] = centres.filter(pk__in=list(par_centre)).values_list("pk", flat=True)
    retenus = {pk: par_centre[pk] for pk in vises} if par_centre else {}
    Parts.lues(centres).avec_la_demande(libres, retenus).verifier()
