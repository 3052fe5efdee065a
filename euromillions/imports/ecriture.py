"""Écrire le résultat d'une comparaison, en masse, dans la transaction de l'import."""

from collections.abc import Iterable
from typing import Any

from euromillions.imports.comparaison import Apport, Comparaison, Conflit
from euromillions.imports.lignes import GainLu, LigneLue
from euromillions.models import ConflitTirage, GainRang, ImportTirages, Resolution, Source, Tirage
from euromillions.models.tirages import BOULES

_SOURCES = {
    "national-lottery": Source.NATIONAL_LOTTERY,
    "merseyworld": Source.MERSEYWORLD,
    "generique": Source.GENERIQUE,
}


def source_du_format(nom: str) -> Source:
    return _SOURCES.get(nom, Source.FDJ)


def ecrire(import_tirages: ImportTirages, comparaison: Comparaison) -> None:
    """Ajouts, compléments des identiques, conflits à trancher ; aucun tirage en place ne change."""
    crees = Tirage.objects.bulk_create(
        [_tirage(ligne, import_tirages) for ligne in comparaison.ajouts], batch_size=500
    )
    neufs = [
        _valeurs(tirage.pk, gain)
        for tirage, ligne in zip(crees, comparaison.ajouts, strict=True)
        for gain in ligne.gains
    ]
    neufs += [
        _valeurs(apport.connu.cle, gain) for apport in comparaison.apports for gain in apport.gains_neufs
    ]
    GainRang.objects.inserer(neufs)
    _completer(comparaison.apports)
    _noter_les_conflits(import_tirages, comparaison.conflits)


def _tirage(ligne: LigneLue, import_tirages: ImportTirages) -> Tirage:
    ordre = _ordre(ligne)
    return Tirage(
        date=ligne.date,
        **dict(zip(BOULES, ligne.numeros + ligne.etoiles, strict=True)),
        ordre_numeros=ordre[0],
        ordre_etoiles=ordre[1],
        source=source_du_format(import_tirages.format),
        import_tirages=import_tirages,
    )


def _ordre(ligne: LigneLue) -> tuple[str, str]:
    """(« 28-16-20-22-11 », « 9-4 »), vides si le fichier ne donne pas l'ordre de sortie."""
    if ligne.ordre_physique is None:
        return "", ""
    return "-".join(map(str, ligne.ordre_physique[:5])), "-".join(map(str, ligne.ordre_physique[5:]))


def _valeurs(cle_tirage: int, gain: GainLu) -> tuple[Any, ...]:
    """Dans l'ordre de `tirages.GAINS`."""
    return cle_tirage, gain.rang, gain.gagnants_france, gain.gagnants_europe, gain.rapport


def _completer(apports: Iterable[Apport]) -> None:
    """Pose l'ordre de sortie et les comptes qui manquaient, sans toucher à ce qui est déjà connu."""
    ordres = {apport.connu.cle: _ordre(apport.ligne) for apport in apports if apport.ordre}
    if ordres:
        tirages = list(Tirage.objects.filter(pk__in=ordres))
        for tirage in tirages:
            tirage.ordre_numeros, tirage.ordre_etoiles = ordres[tirage.pk]
        Tirage.objects.bulk_update(tirages, ["ordre_numeros", "ordre_etoiles"], batch_size=200)
    lus = {(apport.connu.cle, gain.rang): gain for apport in apports for gain in apport.gains_completes}
    if not lus:
        return
    gains = list(GainRang.objects.filter(tirage__in={cle for cle, _ in lus}))
    touches = [gain for gain in gains if (gain.tirage_id, gain.rang) in lus]
    for gain in touches:
        lu = lus[gain.tirage_id, gain.rang]
        gain.gagnants_france = lu.gagnants_france if gain.gagnants_france is None else gain.gagnants_france
        gain.gagnants_europe = lu.gagnants_europe if gain.gagnants_europe is None else gain.gagnants_europe
    GainRang.objects.bulk_update(touches, ["gagnants_france", "gagnants_europe"], batch_size=200)


def _noter_les_conflits(import_tirages: ImportTirages, conflits: Iterable[Conflit]) -> None:
    """Un conflit par proposition. Déjà en attente, ou déjà tranché pour le tirage gardé : pas de nouveau."""
    conflits = list(conflits)
    deja = set(
        ConflitTirage.objects.filter(tirage__in=[conflit.connu.cle for conflit in conflits])
        .exclude(resolution=Resolution.REMPLACER)
        .values_list("tirage_id", *BOULES)
    )
    ConflitTirage.objects.bulk_create(
        [
            ConflitTirage(
                import_tirages=import_tirages,
                tirage_id=conflit.connu.cle,
                ligne=conflit.ligne.numero_ligne,
                **dict(zip(BOULES, conflit.ligne.numeros + conflit.ligne.etoiles, strict=True)),
            )
            for conflit in conflits
            if (conflit.connu.cle, *conflit.ligne.numeros, *conflit.ligne.etoiles) not in deja
        ],
        batch_size=500,
    )
