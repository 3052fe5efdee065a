"""Cartes tirées au hasard pour les propriétés du moteur : petites, mais avec toutes les sortes de règles."""

from dataclasses import replace

import numpy as np

from simulations.moteur import Carte, Centres, Parametres, Postes, Regles, Taches, Titres, TypesTache

FLUX = ("AMANA", "CO")
PARAMETRES = Parametres(libres={"pct_retour": 12.0, "co_par_sac": 40.0}, croissance={"CO": 5.0})


def regles() -> Regles:
    """Deux flux, cinq cellules (dont une saisie globale), quatre produits dont un sans flux."""
    return Regles(
        flux=FLUX,
        cellules=("amana.a", "co.local", "co.axes", "co.global", "divers"),
        cellule_flux=(0, 1, 1, 1, -1),
        cellule_groupe=(0, 1, 1, 1, 2),
        cellule_rang=(0, 0, 0, 1, 0),
        repartitions=((3, 1, "pct_axes", True), (3, 2, "pct_axes", False)),
        produits=("AMANA", "CO", "DIVERS", "VIDE"),
        produit_noms=("Amana", "CO", "Divers", "Vide"),
        produit_flux=(0, 1, -1, 1),
        produit_cellules=((0,), (1, 2), (4,), ()),
        unites=("COLIS", "SAC", "PART"),
        unite_noms=("Colis", "Sac", "Part"),
        forfait=(False, False, True),
        diviseurs=((0, -1, 1.0, ""), (1, 1, None, "co_par_sac"), (1, -1, 35.0, "")),
        phases=("RETOUR", "CIRCUL"),
        termes=((("POURCENT", "pct_retour", "", None),), (("UN_PLUS", "circulation", "geographie", None),)),
        facteurs_base=((0, 0, -1, "ed_percent", False), (0, 2, -1, "ed_percent", True)),
        defauts={"pct_retour": 10.0, "pct_axes": 30.0, "ed_percent": 40.0},
    )


def carte(graine: int, *, nb_centres: int = 4, nb_directions: int = 2, taches_par_poste: int = 5) -> Carte:
    """Une carte reproductible ; chaque centre tient quatre des cinq métiers (le dernier est MOI)."""
    tirage = np.random.default_rng(graine)
    titres = Titres(
        id=np.arange(11, 16),
        mod=np.array([True, True, True, True, False]),
        trajet=np.array([False, True, False, False, False]),
        coef_2=np.array([2.0, 1.0, 2.0, 1.0, 1.0]),
        coef_3=np.array([3.0, 1.0, 2.0, 1.0, 1.0]),
        salaire_centimes=np.array([500_000, 450_050, -1, 400_000, 900_000]),
        code=("AGENT", "FACTEUR", "TRIEUR", "GUICHETIER", "CHEF"),
        nom=("Agent", "Facteur", "Trieur", "Guichetier", "Chef"),
    )
    directions = np.sort(tirage.integers(1, nb_directions + 1, nb_centres))
    centres = Centres(
        id=np.arange(101, 101 + nb_centres),
        direction_id=directions,
        circulation=tirage.uniform(0, 0.8, nb_centres),
        geographie=tirage.uniform(-0.2, 0, nb_centres),
        trajet_minutes=tirage.choice([0.0, 15.0], nb_centres),
        a_guichet=tirage.random(nb_centres) < 0.7,
        code=tuple(f"C{n}" for n in range(nb_centres)),
        nom=tuple(f"Centre {n}" for n in range(nb_centres)),
        typologie=("CD",) * nb_centres,
        direction=tuple(f"Direction {d}" for d in directions),
        parametres=((0, "co_pct_retour", 25.0),),
    )
    places = [(c, t) for c in range(nb_centres) for t in sorted(tirage.permutation(5)[:4].tolist())]
    postes = Postes(
        id=np.arange(1001, 1001 + len(places)),
        centre=np.array([c for c, _ in places]),
        titre=np.array([t for _, t in places]),
        effectif_centiemes=tirage.integers(0, 800, len(places)),
    )
    types = TypesTache(
        produit=np.array([0, 0, 1, 1, 2, 3, 1, 0, 0]),
        unite=np.array([0, 1, 1, 0, 0, 0, 2, 0, 2]),
        phase=np.array([-1, 1, 0, -1, 1, -1, -1, 0, 1]),
        base=np.array([40, 100, 100, 100, 60, 100, 100, 100, 40]),
        guichet=np.array([False, False, False, True, False, False, False, True, False]),
    )
    nombre = len(places) * taches_par_poste
    taches = Taches(
        id=np.arange(nombre),
        poste=np.sort(tirage.integers(0, len(places), nombre)),
        type=tirage.integers(0, len(types.produit), nombre),
        duree_s=tirage.uniform(1, 300, nombre),
        nom=np.zeros(nombre, dtype=np.int64),
        famille=np.zeros(nombre, dtype=np.int64),
        exclue=tirage.random(nombre) < 0.2,
    )
    return Carte(
        regles=regles(),
        centres=centres,
        titres=titres,
        postes=postes,
        types=types,
        taches=taches,
        noms=("Tâche",),
        mapping=((0, 3, -1), (2, 0, 0)),
    )


def volumes(carte: Carte, graine: int, *, maximum: float = 2e6) -> np.ndarray:
    """(centres × cellules) volumes tirés ; un centre sur trois n'est saisi que globalement."""
    tirage = np.random.default_rng(graine)
    saisis = tirage.uniform(0, maximum, (len(carte.centres.id), len(carte.regles.cellules)))
    saisis[:, 3] = np.where(np.arange(len(saisis)) % 3 == 0, saisis[:, 3], 0.0)
    saisis[::3, 1:3] = 0.0
    return saisis


def melangee(carte: Carte, graine: int) -> Carte:
    """La même carte, ses tâches dans un autre ordre."""
    ordre = np.random.default_rng(graine).permutation(carte.nb_taches)
    colonnes = {champ: getattr(carte.taches, champ)[ordre] for champ in carte.taches.__dataclass_fields__}
    return replace(carte, taches=replace(carte.taches, **colonnes))
