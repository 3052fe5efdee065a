"""D'où vient ce chiffre : chaque tâche d'un poste, avec son volume, ses unités par jour et sa formule."""

from dataclasses import dataclass

import numpy as np

from simulateur.nombres import nombre
from simulations.moteur.calcul import PICO, coefs_shift
from simulations.moteur.carte import Carte, Flottants
from simulations.moteur.coefficients import contributions
from simulations.moteur.parametres import JOURS_OUVRES_DU_MOIS, Parametres
from simulations.moteur.regles import SANS
from simulations.moteur.volumes import repartir, valeurs_de


@dataclass(frozen=True)
class DetailTache:
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
    lecteur = _Lecteur(carte, poste, saisis, parametres)
    return [lecteur.ligne(int(rang)) for rang in np.flatnonzero(carte.taches.poste == poste)]


class _Lecteur:
    def __init__(self, carte: Carte, poste: int, saisis: Flottants, parametres: Parametres) -> None:
        self.carte, self.parametres = carte, parametres
        self.centre = int(carte.postes.centre[poste])
        self.titre = int(carte.postes.titre[poste])
        self.shift = float(coefs_shift(carte, parametres.shift)[poste])
        comptes = repartir(carte, saisis, parametres)[self.centre]
        self.par_produit = carte.regles.produits_par_cellule @ comptes
        self.heures_par_seconde = contributions(carte, saisis, parametres)[:, self.centre]
        self.valeurs = valeurs_de([carte.centres], carte.regles, parametres)

    def ligne(self, rang: int) -> DetailTache:
        carte, regles = self.carte, self.carte.regles
        type_ = int(carte.taches.type[rang])
        produit, unite = int(carte.types.produit[type_]), int(carte.types.unite[type_])
        phase = int(carte.types.phase[type_])
        duree = float(carte.taches.duree_s[rang])
        flux = regles.produit_flux[produit]
        croissance = self._croissance(flux)
        volume = float(self.par_produit[produit]) * croissance
        heures = float(self.heures_par_seconde[type_]) * duree * self.shift
        facteur, mots_phase = self._phase(phase, flux)
        diviseur = self._diviseur(unite, flux)
        unites = 0.0 if regles.forfait[unite] else volume * self._part_jour() / diviseur * facteur
        return DetailTache(
            id=int(carte.taches.id[rang]),
            nom=carte.noms[carte.taches.nom[rang]],
            famille=carte.noms[carte.taches.famille[rang]],
            produit=regles.produit_noms[produit],
            unite=regles.unite_noms[unite],
            phase="" if phase == SANS else regles.phases[phase].lower(),
            base_calcul=int(carte.types.base[type_]),
            duree_secondes=duree,
            volume_annuel=volume,
            unites_par_jour=unites,
            heures_par_jour=heures,
            formule=self._formule(type_, duree, volume, diviseur, mots_phase, unites, heures),
        )

    def _croissance(self, flux: int) -> float:
        taux = self.parametres.croissance
        code = "" if flux == SANS else self.carte.regles.flux[flux]
        return 1.0 + taux.get(code, taux.get("", 0.0)) / 100.0

    def _part_jour(self) -> float:
        mois = self.parametres.part_du_mois
        return 1.0 / self.parametres.jours_ouvres if mois is None else mois / 100.0 / JOURS_OUVRES_DU_MOIS

    def _valeur(self, code: str, flux: int, *, sans_regle: float = 0.0) -> float:
        ligne = self.valeurs.de(code, sans_regle=sans_regle)[flux]
        return float(ligne[self.centre if len(ligne) > 1 else 0])

    def _diviseur(self, unite: int, flux: int) -> float:
        table = {(u, f): (c, p) for u, f, c, p in self.carte.regles.diviseurs}
        constante, parametre = table.get((unite, flux)) or table.get((unite, SANS)) or (1.0, "")
        brut = self._valeur(parametre, flux, sans_regle=1.0) if parametre else (constante or 1.0)
        return max(1.0, brut)

    def _phase(self, phase: int, flux: int) -> tuple[float, list[str]]:
        if phase == SANS:
            return 1.0, []
        facteur, mots = 1.0, []
        for nature, p, q, n in self.carte.regles.termes[phase]:
            un, deux = (self._valeur(code, flux) if code else 0.0 for code in (p, q))
            if nature == "POURCENT":
                facteur, mot = facteur * un / 100, f"{_court(un)} % ({p})"
            elif nature == "COMPLEMENT":
                facteur = facteur * (1 - un / 100 - deux / 100)
                mot = f"(100 − {_court(un)}{f' − {_court(deux)}' if q else ''}) %"
            elif nature == "UN_PLUS":
                facteur = facteur * (1 + un + deux)
                mot = f"(1 {_avec_signe(un)}{f' {_avec_signe(deux)}' if q else ''})"
            elif nature == "INVERSE":
                facteur, mot = facteur / max(1.0, n or 1.0), f"1/{_court(n or 1.0)}"
            else:
                facteur, mot = facteur * un, f"{_court(un)} ({p})"
            mots.append(mot)
        return facteur, mots

    def _formule(
        self,
        type_: int,
        duree: float,
        volume: float,
        diviseur: float,
        mots_phase: list[str],
        unites: float,
        heures: float,
    ) -> str:
        """« 540 000 par an ÷ 264 jours × 25 % (pct_collecte) = 511,36 par jour × 3 s = 0,4261 h/jour »."""
        regles, types = self.carte.regles, self.carte.types
        if types.guichet[type_] and not self.carte.centres.a_guichet[self.centre]:
            return "Centre sans guichet : cette tâche ne compte pas"
        fin = f"{_court(duree)} s"
        if self.shift == 0:
            return "Poste MOI : jamais dimensionné, le besoin est l'effectif présent"
        if self.shift != 1:
            fin += f" × {_court(self.shift)} (shift {self.parametres.shift})"
        fin += f" = {nombre(heures, 4)} h/jour"
        if regles.forfait[int(types.unite[type_])]:
            return f"Forfait, une fois par jour : {fin}"
        mois = self.parametres.part_du_mois
        periode = (
            f"÷ {_court(self.parametres.jours_ouvres)} jours"
            if mois is None
            else f"× {_court(mois)} % du mois ÷ {JOURS_OUVRES_DU_MOIS} jours"
        )
        debut = f"{_court(volume)} par an {periode}"
        if diviseur != 1:
            debut += f" ÷ {_court(diviseur)} par {regles.unite_noms[int(types.unite[type_])].lower()}"
        debut += "".join(f" × {mot}" for mot in mots_phase)
        attendu = unites * duree * self.shift / 3600
        part = heures / attendu if attendu else 1.0
        if round(part * PICO) != PICO:
            fin = f"{_court(part * 100)} % (base {int(types.base[type_])}) × {fin}"
        return f"{debut} = {_court(unites)} par jour × {fin}"


def _court(valeur: float) -> str:
    """Nombre français avec au plus quatre décimales utiles."""
    for decimales in range(4):
        if abs(valeur - round(valeur, decimales)) < 1e-9 * max(1.0, abs(valeur)):
            return nombre(valeur, decimales)
    return nombre(valeur, 4)


def _avec_signe(valeur: float) -> str:
    return f"+ {_court(valeur)}" if valeur >= 0 else f"− {_court(-valeur)}"
