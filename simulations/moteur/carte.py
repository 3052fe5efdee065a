"""La carte : le référentiel d'un ensemble de centres compilé en tableaux, indépendant des paramètres."""

import hashlib
import io
import json
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from simulations.moteur.regles import Regles

if TYPE_CHECKING:
    from scipy import sparse

Entiers = NDArray[np.int64]
Flottants = NDArray[np.float64]
Booleens = NDArray[np.bool_]
FORMAT = 2
FORMATS = (1, FORMAT)  # le premier comptait l'effectif en dixièmes de personne
Bloc = TypeVar("Bloc", "Centres", "Postes", "Taches")


@dataclass(frozen=True)
class Centres:
    """C centres, par direction puis par nom ; coefficients sans unité, trajet en minutes aller."""

    id: Entiers
    direction_id: Entiers
    circulation: Flottants
    geographie: Flottants
    trajet_minutes: Flottants
    a_guichet: Booleens
    code: tuple[str, ...]
    nom: tuple[str, ...]
    typologie: tuple[str, ...]
    direction: tuple[str, ...]
    parametres: tuple[tuple[int, str, float], ...] = ()


@dataclass(frozen=True)
class Titres:
    """Q titres de poste, les métiers (`referentiels.Poste` en base) ; salaire -1 : inconnu."""

    id: Entiers
    mod: Booleens
    trajet: Booleens
    coef_2: Flottants
    coef_3: Flottants
    salaire_centimes: Entiers
    code: tuple[str, ...]
    nom: tuple[str, ...]


@dataclass(frozen=True)
class Postes:
    """P postes : un titre tenu dans un centre (`referentiels.CentrePoste` en base), groupés par centre.

    Effectif en centièmes de personne.
    """

    id: Entiers
    centre: Entiers
    titre: Entiers
    effectif_centiemes: Entiers


@dataclass(frozen=True)
class TypesTache:
    """G sortes de tâche : tout ce qui change le coefficient, hors durée. -1 : sans phase."""

    produit: Entiers
    unite: Entiers
    phase: Entiers
    base: Entiers
    guichet: Booleens


@dataclass(frozen=True)
class Taches:
    """T tâches, dans l'ordre du référentiel ; durée en secondes par unité."""

    id: Entiers
    poste: Entiers
    type: Entiers
    duree_s: Flottants
    nom: Entiers
    famille: Entiers
    exclue: Booleens


@dataclass(frozen=True)
class Traits:
    """P postes : MOD ou MOI, effectif (centièmes), salaire (centimes, -1 inconnu), trajet (minutes aller).

    `centre` : rang de son centre ; `rang_du_code` : place du code de son métier dans l'ordre des codes.
    """

    mod: Booleens
    actuel: Entiers
    salaire: Entiers
    soumis_au_trajet: Booleens
    trajet_minutes: Flottants
    centre: Entiers
    rang_du_code: Entiers

    @classmethod
    def bout_a_bout(cls, blocs: "Sequence[Traits]") -> "Traits":
        """Les postes de plusieurs cartes ; leurs centres restent distincts."""
        colonnes = {c.name: np.concatenate([getattr(bloc, c.name) for bloc in blocs]) for c in fields(cls)}
        debuts = np.cumsum([0, *(int(bloc.centre.max(initial=-1)) + 1 for bloc in blocs[:-1])])
        colonnes["centre"] = colonnes["centre"] + np.repeat(debuts, [len(bloc.mod) for bloc in blocs])
        return cls(**colonnes)


@dataclass(frozen=True)
class Carte:
    """Référentiel compilé. `mapping` : (titre source, titre cible, centre ou -1) du mode recommandé."""

    regles: Regles
    centres: Centres
    titres: Titres
    postes: Postes
    types: TypesTache
    taches: Taches
    noms: tuple[str, ...]
    mapping: tuple[tuple[int, int, int], ...] = ()

    @property
    def nb_taches(self) -> int:
        return len(self.taches.id)

    @cached_property
    def noyau(self) -> tuple[Entiers, Entiers, Flottants]:
        """(poste, indice plat type × centre, Σ durée) : les tâches semblables d'un poste réunies.

        Trié par (poste, type, durée) avant de sommer : le résultat ne dépend pas de l'ordre des tâches.
        """
        taches = self.taches
        ordre = np.lexsort((taches.duree_s, taches.type, taches.poste))
        poste, type_, duree = taches.poste[ordre], taches.type[ordre], taches.duree_s[ordre]
        cle = poste * max(1, len(self.types.produit)) + type_
        debuts = np.flatnonzero(np.r_[True, cle[1:] != cle[:-1]]) if len(cle) else np.zeros(0, np.int64)
        sommes = np.add.reduceat(duree, debuts) if len(cle) else np.zeros(0)
        poste, type_ = poste[debuts], type_[debuts]
        plat = type_ * len(self.centres.id) + self.postes.centre[poste]
        return poste, plat, sommes

    @cached_property
    def durees(self) -> "sparse.csr_array":
        """(postes × types·centres) le noyau en matrice creuse : une ligne par poste, Σ durée en secondes."""
        from scipy import sparse  # un quart de seconde, que seul un calcul doit payer

        poste, plat, sommes = self.noyau
        debuts = np.searchsorted(poste, np.arange(len(self.postes.id) + 1))
        forme = (len(self.postes.id), len(self.types.produit) * len(self.centres.id))
        return sparse.csr_array((sommes, plat.astype(np.int32), debuts.astype(np.int32)), shape=forme)

    @cached_property
    def traits(self) -> "Traits":
        """Ce que chaque poste tient de son métier et de son centre."""
        titre, centre = self.postes.titre, self.postes.centre
        return Traits(
            mod=self.titres.mod[titre],
            actuel=self.postes.effectif_centiemes,
            salaire=self.titres.salaire_centimes[titre],
            soumis_au_trajet=self.titres.trajet[titre],
            trajet_minutes=self.centres.trajet_minutes[centre],
            centre=centre,
            rang_du_code=_rangs(self.titres.code)[titre],
        )

    def restreinte(self, centre_ids: Collection[int]) -> "Carte":
        """La même carte, réduite à ces centres ; règles, titres et types inchangés."""
        gardes = np.isin(self.centres.id, np.array(sorted(centre_ids), dtype=np.int64))
        rang_centre = np.cumsum(gardes) - 1
        postes_gardes = gardes[self.postes.centre]
        rang_poste = np.cumsum(postes_gardes) - 1
        postes = _filtre(self.postes, postes_gardes)
        taches = _filtre(self.taches, postes_gardes[self.taches.poste])
        centres = _filtre(self.centres, gardes)
        vers = {int(avant): int(apres) for avant, apres in enumerate(rang_centre) if gardes[avant]}
        return replace(
            self,
            centres=replace(
                centres, parametres=tuple((vers[c], n, v) for c, n, v in self.centres.parametres if c in vers)
            ),
            postes=replace(postes, centre=rang_centre[postes.centre]),
            taches=replace(taches, poste=rang_poste[taches.poste]),
            mapping=tuple((s, t, vers.get(c, c)) for s, t, c in self.mapping if c < 0 or c in vers),
        )

    def en_octets(self) -> bytes:
        """Forme compacte et sans pickle : cache, instantané d'une simulation."""
        tableaux: dict[str, NDArray[Any]] = {}
        textes: dict[str, Any] = {
            "format": FORMAT,
            "regles": self.regles.en_dict,
            "noms": self.noms,
            "mapping": self.mapping,
        }
        for partie in ("centres", "titres", "postes", "types", "taches"):
            bloc = getattr(self, partie)
            for champ in fields(bloc):
                valeur = getattr(bloc, champ.name)
                cle = f"{partie}.{champ.name}"
                if isinstance(valeur, np.ndarray):
                    tableaux[cle] = _etroit(valeur)
                else:
                    textes[cle] = valeur
        tampon = io.BytesIO()
        entete = np.frombuffer(json.dumps(textes, ensure_ascii=False).encode(), dtype=np.uint8)
        np.savez(tampon, allow_pickle=False, entete=entete, **tableaux)
        return zlib.compress(tampon.getvalue(), 1)

    @classmethod
    def depuis_octets(cls, octets: bytes) -> "Carte":
        with np.load(io.BytesIO(zlib.decompress(octets)), allow_pickle=False) as paquet:
            textes = json.loads(paquet["entete"].tobytes().decode())
            if textes["format"] not in FORMATS:
                raise ValueError(f"instantané de format {textes['format']}, attendu {FORMAT}")
            tableaux = dict(paquet.items())
            if textes["format"] == 1:
                dixiemes = tableaux.pop("postes.effectif_dixiemes").astype(np.int64)
                tableaux["postes.effectif_centiemes"] = dixiemes * 10
            blocs = {
                partie: classe(**_champs(partie, classe, tableaux, textes))
                for partie, classe in (
                    ("centres", Centres),
                    ("titres", Titres),
                    ("postes", Postes),
                    ("types", TypesTache),
                    ("taches", Taches),
                )
            }
        return cls(
            regles=Regles.depuis_dict(textes["regles"]),
            noms=tuple(textes["noms"]),
            mapping=tuple(tuple(ligne) for ligne in textes["mapping"]),
            **blocs,  # type: ignore[arg-type]
        )


def _filtre(bloc: Bloc, garde: Booleens) -> Bloc:
    """Les lignes gardées d'un bloc de colonnes, tableaux et tuples de même longueur."""
    champs: dict[str, Any] = {}
    for champ in fields(bloc):
        valeur = getattr(bloc, champ.name)
        if isinstance(valeur, np.ndarray):
            champs[champ.name] = valeur[garde]
        elif champ.name != "parametres":
            champs[champ.name] = tuple(v for v, g in zip(valeur, garde, strict=True) if g)
    return replace(bloc, **champs)


def distincts(colonnes: Sequence[NDArray[Any]]) -> tuple[list[NDArray[Any]], Entiers]:
    """Combinaisons distinctes de colonnes d'entiers ≥ -1 ou de booléens, et le rang de chaque ligne."""
    cle = np.zeros(len(colonnes[0]), dtype=np.int64)
    for colonne in colonnes:
        cle = cle * (int(colonne.max(initial=0)) + 2) + colonne + 1
    _, premiers, inverse = np.unique(cle, return_index=True, return_inverse=True)
    return [colonne[premiers] for colonne in colonnes], inverse.reshape(-1).astype(np.int64)


def _rangs(codes: Sequence[str]) -> Entiers:
    """La place de chaque code dans leur ordre."""
    rangs = np.empty(len(codes), dtype=np.int64)
    rangs[sorted(range(len(codes)), key=codes.__getitem__)] = np.arange(len(codes))
    return rangs


def empreinte(octets: bytes) -> str:
    """sha256 d'un instantané : deux simulations sur la même carte la partagent."""
    return hashlib.sha256(octets).hexdigest()


def _etroit(tableau: NDArray[Any]) -> NDArray[Any]:
    """Le plus petit entier qui contient le tableau : l'instantané en est deux fois plus court."""
    if tableau.dtype != np.int64 or not len(tableau):
        return tableau
    bas, haut = int(tableau.min()), int(tableau.max())
    for etroit in (np.int8, np.int16, np.int32):
        if np.iinfo(etroit).min <= bas and haut <= np.iinfo(etroit).max:
            return tableau.astype(etroit)
    return tableau


def _champs(
    partie: str, classe: type[Any], tableaux: Mapping[str, NDArray[Any]], textes: dict[str, Any]
) -> dict[str, Any]:
    champs: dict[str, Any] = {}
    for champ in fields(classe):
        cle = f"{partie}.{champ.name}"
        if cle in textes:
            champs[champ.name] = tuple(tuple(v) if isinstance(v, list) else v for v in textes[cle])
            continue
        tableau = tableaux[cle]
        champs[champ.name] = tableau.astype(np.int64) if tableau.dtype.kind == "i" else tableau
    return champs
