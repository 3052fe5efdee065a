"""Les volumes saisis d'une demande : cellules et centres reconnus, et rapport de ceux qui ne le sont pas."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from referentiels.models import CelluleVolume, Centre
from referentiels.models.activite import VOLUME_MAX
from referentiels.perms import PAYS, Etendue
from simulateur.langue.citation import citer
from simulateur.langue.texte import normaliser
from simulations.demandes.fautes import Fautes, ecrire, identifiant, nombre_fini
from simulations.models.contenus import Rapport, VolumeSaisi

CHAMPS_DE_LIGNE = ("centre_id", "centre_label", "flux", "sens", "segment", "cellule", "volume")
DU_GROUPE = ("centre_id", "centre_label", "volumes")  # une ligne qui groupe les volumes d'un centre


def donne(corps: Mapping[str, Any], champ: str, defaut: Any) -> Any:
    """La valeur du champ ; `defaut` s'il est absent, nul ou vide. Une autre sorte de vide reste une faute."""
    brut = corps.get(champ)
    return defaut if brut is None or brut == "" else brut


def _lignes_de_volumes(corps: Mapping[str, Any], fautes: Fautes) -> list[tuple[str, Mapping[str, Any]]]:
    """(nom du champ, ligne) des deux formes admises : `volumes` à plat, `centres_volumes` groupés."""
    lignes: list[tuple[str, Mapping[str, Any]]] = []
    for champ in ("volumes", "centres_volumes"):
        brut = donne(corps, champ, [])
        if not isinstance(brut, list):
            fautes.noter(champ, "Une liste est attendue.")
            continue
        for rang, ligne in enumerate(brut):
            nom = f"{champ}[{rang}]"
            if not isinstance(ligne, Mapping):
                fautes.noter(nom, "Un objet {centre_id ou centre_label, flux, sens, segment, volume}.")
                continue
            groupees = ligne.get("volumes")
            if isinstance(groupees, list):
                commun = {cle: ligne.get(cle) for cle in DU_GROUPE[:2]}
                for i, sous in enumerate(groupees):
                    if isinstance(sous, Mapping):
                        lignes.append((f"{nom}.volumes[{i}]", {**commun, **sous}))
                    else:
                        fautes.noter(f"{nom}.volumes[{i}]", "Un objet {flux, sens, segment, volume}.")
            else:
                lignes.append((nom, ligne))
    return lignes


def _champs_inconnus(corps: Mapping[str, Any]) -> list[str]:
    """« volumes[].couleur » : les champs des lignes qui ne disent rien, chacun une fois."""
    vus: dict[str, None] = {}

    def relever(ligne: Any, permis: Collection[str], chemin: str) -> None:
        if isinstance(ligne, Mapping):
            vus.update(dict.fromkeys(f"{chemin}[].{citer(str(nom))}" for nom in ligne if nom not in permis))

    for champ in ("volumes", "centres_volumes"):
        lignes = corps.get(champ)
        for ligne in lignes if isinstance(lignes, list) else ():
            groupees = ligne.get("volumes") if isinstance(ligne, Mapping) else None
            en_groupe = isinstance(groupees, list)
            relever(ligne, DU_GROUPE if en_groupe else CHAMPS_DE_LIGNE, champ)
            for sous in groupees if isinstance(groupees, list) else ():
                relever(sous, CHAMPS_DE_LIGNE, f"{champ}[].volumes")
    return list(vus)


def lire_volumes(
    corps: Mapping[str, Any],
    fautes: Fautes,
    direction_id: int | None,
    centre_ids: Collection[int] | None = None,
    etendue: Etendue = PAYS,
) -> tuple[list[VolumeSaisi], Rapport, set[int]]:
    """Les volumes reconnus, le rapport de tous, champs inconnus compris, les directions des centres cités."""
    lignes = _lignes_de_volumes(corps, fautes)
    if not lignes:
        return [], _rapport(), set()
    lecture = _LectureVolumes(lignes, fautes, direction_id, centre_ids, etendue)
    for nom, ligne in lignes:
        lecture.lire(nom, ligne)
    rapport = _rapport(
        total=len(lignes),
        trouves=len({volume["centre_id"] for volume in lecture.lus}),
        inconnus=lecture.inconnus,
        ignores=lecture.ignores,
    )
    if champs := _champs_inconnus(corps):
        rapport["ignored_fields"] = champs
    return lecture.lus, rapport, lecture.directions


def _rapport(
    total: int = 0, trouves: int = 0, inconnus: Iterable[str] = (), ignores: Iterable[str] = ()
) -> Rapport:
    return {
        "total_lignes": total,
        "matched_centres": trouves,
        "unknown_centres": list(inconnus),
        "ignored_centres": list(ignores),
    }


class _LectureVolumes:
    """Range chaque ligne : lue, d'un centre inconnu ou ignoré, ou fautive. Deux requêtes."""

    def __init__(
        self,
        lignes: list[tuple[str, Mapping[str, Any]]],
        fautes: Fautes,
        direction_id: int | None,
        centre_ids: Collection[int] | None,
        etendue: Etendue,
    ) -> None:
        self.fautes, self.direction_id, self.centre_ids = fautes, direction_id, centre_ids
        self.cellules, self.centres = _Cellules(), _CentresCites(lignes, etendue)
        self.lus: list[VolumeSaisi] = []
        self.inconnus: dict[str, None] = {}
        self.ignores: dict[str, None] = {}
        self.directions: set[int] = set()

    def lire(self, nom: str, ligne: Mapping[str, Any]) -> None:
        volume, cellule = self._volume(nom, ligne), self._cellule(nom, ligne)
        centre = self.centres.trouver(ligne)
        self.directions |= {centre.direction_id} if centre is not None else set()
        libelle = _libelle_du_centre(ligne)
        if homonymes := self.centres.ambigu(ligne):
            phrase = f"« {libelle} » nomme plusieurs centres, donner un code : {', '.join(homonymes)}."
            self.fautes.noter(f"{nom}.centre_label", phrase)
        elif centre is None:
            self.inconnus[libelle] = None
        elif not centre.actif or not self._vise(centre):
            self.ignores[libelle] = None
        elif volume is not None and cellule is not None:
            self.lus.append({"centre_id": centre.pk, "cellule": cellule, "volume": volume})

    def _volume(self, nom: str, ligne: Mapping[str, Any]) -> float | None:
        """Le nombre reçu, même hors des bornes ; la faute est alors notée."""
        permis = f"de 0 à {ecrire(VOLUME_MAX)}"
        volume = nombre_fini(ligne.get("volume"))
        if volume is None:
            recu = citer(ligne.get("volume"))
            self.fautes.noter(f"{nom}.volume", f"« {recu} » n'est pas un nombre : {permis}.")
        elif not 0 <= volume <= VOLUME_MAX:
            self.fautes.noter(f"{nom}.volume", f"{ecrire(volume)} est hors des bornes : {permis}.")
        return volume

    def _cellule(self, nom: str, ligne: Mapping[str, Any]) -> str | None:
        cellule = self.cellules.trouver(ligne)
        if cellule is None:
            self.fautes.noter(nom, "" if self.fautes.pleines else self.cellules.phrase(ligne))
        return cellule

    def _vise(self, centre: Centre) -> bool:
        if self.centre_ids is not None:
            return centre.pk in self.centre_ids
        return self.direction_id is None or centre.direction_id == self.direction_id


def _libelle_du_centre(ligne: Mapping[str, Any]) -> str:
    donnes = [ligne[cle] for cle in ("centre_label", "centre_id") if ligne.get(cle) not in (None, "")]
    return citer(donnes[0]) if donnes else "(sans centre)"


class _Cellules:
    """Cellules par code, et par (flux, sens, segment) normalisés. Une requête."""

    def __init__(self) -> None:
        lignes = CelluleVolume.objects.values_list("code", "flux__code", "sens__code", "segment__code")
        self.par_triple = {(flux or "", sens, segment): code for code, flux, sens, segment in lignes}
        self.par_code = {normaliser(code): code for code in self.par_triple.values()}

    def trouver(self, ligne: Mapping[str, Any]) -> str | None:
        if ligne.get("cellule"):
            return self.par_code.get(normaliser(str(ligne["cellule"])))
        return self.par_triple.get(self._triple(ligne))

    def _triple(self, ligne: Mapping[str, Any]) -> tuple[str, str, str]:
        flux, sens, segment = (normaliser(str(ligne.get(cle) or "")) for cle in ("flux", "sens", "segment"))
        return flux, sens, segment.replace(".", "_").replace(" ", "_") or "GLOBAL"

    def phrase(self, ligne: Mapping[str, Any]) -> str:
        if cellule := ligne.get("cellule"):
            permises = ", ".join(sorted(self.par_triple.values()))
            return f"Cellule « {citer(cellule)} » inconnue : {permises}."
        flux, sens, segment = self._triple(ligne)
        permis = sorted(s for f, sn, s in self.par_triple if (f, sn) == (flux, sens))
        if permis:
            return f"Segment « {citer(segment)} » inconnu pour {flux} {sens} : {', '.join(permis)}."
        couples = sorted({f"{f or '(sans flux)'} {sn}" for f, sn, _ in self.par_triple})
        return f"Flux et sens « {citer(f'{flux} {sens}')} » inconnus : {', '.join(couples)}."


class _CentresCites:
    """Les centres nommés dans la demande, par identifiant, code ou nom. Une requête.

    Les libellés se comparent sans casse ni accents : SQLite ne sait pas le faire, on compare ici.
    """

    def __init__(self, lignes: list[tuple[str, Mapping[str, Any]]], etendue: Etendue) -> None:
        self.par_id: dict[int, Centre] = {}
        self.par_label: dict[str, Centre] = {}
        self.homonymes: dict[str, list[str]] = {}
        cites = [identifiant(ligne.get("centre_id")) for _, ligne in lignes]
        par_label = None in cites
        centres = Centre.objects.dans(etendue).only("pk", "nom", "code", "actif", "direction_id")
        if not par_label:
            centres = centres.filter(pk__in={pk for pk in cites if pk is not None})
        for centre in centres:
            self.par_id[centre.pk] = centre
            if par_label:
                self.homonymes.setdefault(normaliser(centre.nom), []).append(centre.code)
                self.par_label[normaliser(centre.nom)] = centre
        if par_label:
            # Un code ne désigne qu'un centre : il l'emporte sur un nom qui s'écrirait pareil.
            codes = {normaliser(centre.code): centre for centre in self.par_id.values()}
            self.par_label |= codes
            self.homonymes = {n: c for n, c in self.homonymes.items() if len(c) > 1 and n not in codes}

    def trouver(self, ligne: Mapping[str, Any]) -> Centre | None:
        pk = identifiant(ligne.get("centre_id"))
        if pk is not None:
            return self.par_id.get(pk)
        return self.par_label.get(self._label(ligne))

    def ambigu(self, ligne: Mapping[str, Any]) -> list[str]:
        """Les codes des centres de ce nom, s'ils sont plusieurs."""
        if identifiant(ligne.get("centre_id")) is not None:
            return []
        return self.homonymes.get(self._label(ligne), [])

    def _label(self, ligne: Mapping[str, Any]) -> str:
        return normaliser(str(ligne.get("centre_label") or ""))
