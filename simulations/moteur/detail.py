"""D'où vient ce chiffre : chaque tâche d'un poste, avec son volume, ses unités par jour et sa formule."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from simulateur.langue.nombres import nombre
from simulations.moteur.arrondis import PICO
from simulations.moteur.calcul import capacites_nettes, coefs_shift
from simulations.moteur.carte import Carte, Entiers, Flottants
from simulations.moteur.coefficients import contributions
from simulations.moteur.croissance import Croissance
from simulations.moteur.parametres import JOURS_OUVRES_DU_MOIS, Parametres
from simulations.moteur.presence import presence, valeurs
from simulations.moteur.regles import SANS
from simulations.moteur.volumes import repartir, valeurs_de


class DetailTache(NamedTuple):
    """Une tâche : volume annuel croissance comprise, unités par jour (0 pour un forfait), heures par jour."""

    id: int
    nom: str
    famille: str
    produit: str
    unite: str
    phase: str
    base_calcul: int
    duree_secondes: float
    volume_annuel: float
    unites_par_jour: float
    heures_par_jour: float
    formule: str


def detailler(carte: Carte, poste: int, saisis: Flottants, parametres: Parametres) -> list[DetailTache]:
    """Les tâches du poste d'index `poste`, dans l'ordre du référentiel."""
    detailleur = Detailleur(carte, saisis, parametres)
    return list(detailleur.lignes(np.flatnonzero(carte.taches.poste == poste)))


def formule_etp(carte: Carte, poste: int, heures_pico: int, parametres: Parametres) -> str:
    """Des heures à l'ETP d'un poste, en mots : capacité nette, puis présence si elle n'est pas entière.

    « 12 h ÷ (8,5 h nettes × 90 % de présence : (1 − 10 %)) = 1,57 ETP » ; vide pour un MOI.
    """
    if not carte.traits.mod[poste]:
        return ""
    centre = carte.postes.centre[poste]
    nette = float(capacites_nettes(carte.traits, parametres)[poste])
    conges, formation, absence = (float(v[centre]) for v in valeurs(carte, parametres))
    tau = float(presence(carte, parametres)[centre])
    capacite = f"{_court(nette)} h nettes"
    if conges or formation or absence:
        jours = _court(parametres.jours_ouvres)
        retires = "".join(f" − {_court(v)}" for v in (conges, formation) if v)
        mots = [f"({jours}{retires}) ÷ {jours} jours"] if retires else []
        mots += [f"(1 − {_court(absence)} %)"] if absence else []
        capacite = f"({capacite} × {_court(100 * tau)} % de présence : {' × '.join(mots)})"
    heures = heures_pico / PICO
    return f"{nombre(heures, 4)} h ÷ {capacite} = {nombre(heures / (nette * tau), 4)} ETP"


class _Socle(NamedTuple):
    """Ce que toutes les tâches d'un type partagent dans un centre ; `phrase` remplace la formule."""

    produit: str
    unite: str
    phase: str
    base_calcul: int
    volume: float
    unites: float
    heures_par_seconde: float
    debut: str
    phrase: str


class Detailleur:
    """Le détail de n'importe quelle tâche d'une carte : la page, l'API et l'export disent la même phrase."""

    def __init__(self, carte: Carte, saisis: Flottants, parametres: Parametres) -> None:
        self.carte, self.parametres = carte, parametres
        self._shifts = coefs_shift(carte, parametres.shift)
        comptes = repartir(carte, saisis, parametres)
        self._par_produit = Croissance(carte.regles, parametres).volumes(comptes)
        horaires = contributions(carte, saisis, parametres)
        self._horaires = np.broadcast_to(horaires, (len(horaires), len(carte.centres.id)))
        self._valeurs = valeurs_de([carte.centres], carte.regles, parametres)
        self._diviseurs = {(u, f): (c, p) for u, f, c, p in carte.regles.diviseurs}
        types = carte.types
        colonnes = (types.produit, types.unite, types.phase, types.base, types.guichet)
        self._types = list(zip(*(colonne.tolist() for colonne in colonnes), strict=True))
        self._socles: dict[tuple[int, int], _Socle] = {}

    def lignes(self, rangs: Entiers) -> Iterator[DetailTache]:
        """Les tâches de ces rangs de la carte, dans cet ordre."""
        noms, taches = self.carte.noms, self.carte.taches
        colonnes = (taches.id, taches.poste, taches.type, taches.duree_s, taches.nom, taches.famille)
        centre_de = self.carte.postes.centre.tolist()
        shifts = self._shifts.tolist()
        for pk, poste, type_, duree, nom, famille in zip(
            *(colonne[rangs].tolist() for colonne in colonnes), strict=True
        ):
            socle = self._socle(type_, centre_de[poste])
            heures = socle.heures_par_seconde * duree * shifts[poste]
            # Dans l'ordre des champs : un demi-million de tâches paierait leurs noms.
            yield DetailTache(
                *(pk, noms[nom], noms[famille], socle.produit, socle.unite, socle.phase, socle.base_calcul),
                *(duree, socle.volume, socle.unites, heures),
                self._formule(socle, duree, shifts[poste], heures),
            )

    def _formule(self, socle: _Socle, duree: float, shift: float, heures: float) -> str:
        """« 540 000 par an ÷ 264 jours × 25 % (pct_collecte) = 511,36 par jour × 3 s = 0,4261 h/jour »."""
        if socle.phrase:
            return socle.phrase
        if shift == 0:
            return "Poste MOI : jamais dimensionné, le besoin est l'effectif présent"
        equipes = "" if shift == 1 else f" × {_court(shift)} (shift {self.parametres.shift})"
        return f"{socle.debut}{_court(duree)} s{equipes} = {nombre(heures, 4)} h/jour"

    def _socle(self, type_: int, centre: int) -> _Socle:
        socle = self._socles.get((type_, centre))
        if socle is None:
            socle = self._socles[type_, centre] = self._compter(type_, centre)
        return socle

    def _compter(self, type_: int, centre: int) -> _Socle:
        regles = self.carte.regles
        produit, unite, phase, base, au_guichet = self._types[type_]
        flux = regles.produit_flux[produit]
        volume = float(self._par_produit[produit, centre])
        par_seconde = float(self._horaires[type_, centre])
        facteur, mots_phase = self._phase(phase, flux, centre)
        diviseur = self._diviseur(unite, flux, centre)
        unites = 0.0 if regles.forfait[unite] else volume * self._part_jour() / diviseur * facteur
        nom_unite = regles.unite_noms[unite]
        debut = f"{_court(volume)} par an {self._periode()}"
        if diviseur != 1:
            debut += f" ÷ {_court(diviseur)} par {nom_unite.lower()}"
        debut += "".join(f" × {mot}" for mot in mots_phase) + f" = {_court(unites)} par jour × "
        part = par_seconde * 3600 / unites if unites else 1.0
        if round(part * PICO) != PICO:
            debut += f"{_court(part * 100)} % (base {base}) × "
        ferme = au_guichet and not self.carte.centres.a_guichet[centre]
        return _Socle(
            produit=regles.produit_noms[produit],
            unite=nom_unite,
            phase="" if phase == SANS else regles.phases[phase].lower(),
            base_calcul=base,
            volume=volume,
            unites=unites,
            heures_par_seconde=par_seconde,
            debut="Forfait, une fois par jour : " if regles.forfait[unite] else debut,
            phrase="Centre sans guichet : cette tâche ne compte pas" if ferme else "",
        )

    def _periode(self) -> str:
        mois = self.parametres.part_du_mois
        if mois is None:
            return f"÷ {_court(self.parametres.jours_ouvres)} jours"
        return f"× {_court(mois)} % du mois ÷ {JOURS_OUVRES_DU_MOIS} jours"

    def _part_jour(self) -> float:
        mois = self.parametres.part_du_mois
        return 1.0 / self.parametres.jours_ouvres if mois is None else mois / 100.0 / JOURS_OUVRES_DU_MOIS

    def _valeur(self, code: str, flux: int, centre: int, *, sans_regle: float = 0.0) -> float:
        ligne = self._valeurs.de(code, sans_regle=sans_regle)[flux]
        return float(ligne[centre if len(ligne) > 1 else 0])

    def _diviseur(self, unite: int, flux: int, centre: int) -> float:
        table = self._diviseurs
        constante, parametre = table.get((unite, flux)) or table.get((unite, SANS)) or (1.0, "")
        brut = self._valeur(parametre, flux, centre, sans_regle=1.0) if parametre else (constante or 1.0)
        return max(1.0, brut)

    def _phase(self, phase: int, flux: int, centre: int) -> tuple[float, list[str]]:
        if phase == SANS:
            return 1.0, []
        facteur, mots = 1.0, []
        for nature, p, q, n in self.carte.regles.termes[phase]:
            un, deux = (self._valeur(code, flux, centre) if code else 0.0 for code in (p, q))
            if nature == "POURCENT":
                facteur, mot = facteur * un / 100, f"{_court(un)} % ({p})"
            elif nature == "COMPLEMENT":
                facteur = facteur * (1 - un / 100 - deux / 100)
                mot = f"(100 − {_court(un)} ({p}){f' − {_court(deux)} ({q})' if q else ''}) %"
            elif nature == "UN_PLUS":
                facteur = facteur * (1 + un + deux)
                mot = f"(1 {_avec_signe(un)} ({p}){f' {_avec_signe(deux)} ({q})' if q else ''})"
            elif nature == "INVERSE":
                facteur, mot = facteur / max(1.0, n or 1.0), f"1/{_court(n or 1.0)}"
            else:
                facteur, mot = facteur * un, f"{_court(un)} ({p})"
            mots.append(mot)
        return facteur, mots


@lru_cache(maxsize=50_000)
def _court(valeur: float) -> str:
    """Nombre français avec au plus quatre décimales utiles."""
    for decimales in range(4):
        if abs(valeur - round(valeur, decimales)) < 1e-9 * max(1.0, abs(valeur)):
            return nombre(valeur, decimales)
    return nombre(valeur, 4)


def _avec_signe(valeur: float) -> str:
    return f"+ {_court(valeur)}" if valeur >= 0 else f"− {_court(-valeur)}"
