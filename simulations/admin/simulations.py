"""Admin des simulations : les suivre, les relancer, les annuler. Leurs résultats ne se modifient pas."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode

from referentiels.admin.base import DirectionsVues
from referentiels.perms import etendue_de, peut_voir_les_couts
from simulateur.admin.etat import LectureSeule
from simulateur.langue.nombres import duree, en_plus, nombre, personnes, pourcent, signe
from simulateur.models import Etat
from simulateur.travaux import machine
from simulateur.web.refus import Refus
from simulations import perms
from simulations.calculs.rejeu import rejouer
from simulations.demandes.options import COMPAREES_MAX
from simulations.exports import services
from simulations.models import (
    Export,
    Instantane,
    PartSimulation,
    ResultatCentre,
    ResultatPoste,
    Simulation,
)
from simulations.models.querysets import VOLUMINEUX

MESURES = ("vue_heures", "vue_etp", "vue_arrondi", "vue_actuel", "vue_ecart", "vue_cout")


def _montrables(request: HttpRequest, noms: Any) -> list[Any]:
    couts = peut_voir_les_couts(request.user)
    return [nom for nom in noms if couts or nom != "vue_cout"]


class AvecMesures(LectureSeule):
    """Les totaux rangés en entiers, montrés en décimaux français et triables ; les coûts à qui les voit."""

    def get_list_display(self, request: HttpRequest) -> Any:
        return _montrables(request, super().get_list_display(request))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [
            (titre, {**options, "fields": _montrables(request, options["fields"])})
            for titre, options in super().get_fieldsets(request, obj)
        ]

    @admin.display(description="heures par jour", ordering="heures_pico")
    def vue_heures(self, objet: Any) -> str:
        return nombre(objet.heures, 2)

    @admin.display(description="ETP calculé", ordering="etp_pico")
    def vue_etp(self, objet: Any) -> str:
        return nombre(objet.etp_calcule, 2)

    @admin.display(description="arrondi", ordering="arrondi_centiemes")
    def vue_arrondi(self, objet: Any) -> str:
        return personnes(objet.etp_arrondi)

    @admin.display(description="présents", ordering="actuel_centiemes")
    def vue_actuel(self, objet: Any) -> str:
        return personnes(objet.effectif_actuel)

    @admin.display(description="écart", ordering="ecart_centiemes")
    def vue_ecart(self, objet: Any) -> str:
        return en_plus(objet.ecart)

    @admin.display(description="coût mensuel", ordering="cout_dix_milliemes")
    def vue_cout(self, objet: Any) -> str:
        return signe(objet.cout_mensuel)


@admin.register(Simulation)
class SimulationAdmin(AvecMesures):
    list_display = (
        *("libelle", "niveau", "etat", "vue_progression", "vue_duree", "demandeur", "cree_le"),
        *("vue_etp", "vue_ecart", "lien_resultats"),
    )
    list_filter = (
        "etat",
        "niveau",
        "conservee",
        "fictive",
        ("cree_le", admin.DateFieldListFilter),
        ("direction", DirectionsVues),
    )
    list_select_related = ("demandeur",)
    search_fields = ("libelle", "=id", "demandeur__username")
    search_help_text = "Libellé, identifiant complet ou nom du demandeur"
    date_hierarchy = "cree_le"
    list_per_page = 50
    show_full_result_count = False
    actions = (
        *("relancer", "annuler", "rejouer", "conserver", "ne_plus_conserver"),
        *("exporter_xlsx", "exporter_csv", "comparer"),
    )
    change_list_template = "simulations/admin_simulations.html"
    fieldsets = (
        (None, {"fields": ("libelle", "niveau", "direction", "centre", "demandeur", "lien_resultats")}),
        (
            "Travail",
            {
                "fields": (
                    *("etat", "vue_progression", "message", "reference_erreur", "tentative"),
                    *("cree_le", "demarre_le", "termine_le", "vue_duree", "annulation_demandee_le"),
                )
            },
        ),
        ("Conservation", {"fields": ("conservee", "scenario", "rejoue_de")}),
        ("Entrées", {"fields": ("annee", "parametres", "vue_volumes", "fictive", "empreinte")}),
        (
            "Résultats",
            {
                "fields": (
                    *("nb_centres", "nb_postes", "nb_taches", *MESURES),
                    *("revision", "version_moteur", "rapport", "liens_lignes"),
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Simulation]":
        lignes: QuerySet[Simulation] = Simulation.objects.visible_par(request.user)
        if ordre := self.get_ordering(request):
            lignes = lignes.order_by(*ordre)
        au_detail = request.resolver_match is not None and "object_id" in request.resolver_match.kwargs
        return lignes if au_detail else lignes.defer(*VOLUMINEUX)

    @admin.display(description="progression", ordering="progression")
    def vue_progression(self, objet: Simulation) -> str:
        return pourcent(objet.progression)

    @admin.display(description="durée")
    def vue_duree(self, objet: Simulation) -> str:
        return duree(objet.duree_s)

    @admin.display(description="page")
    def lien_resultats(self, objet: Simulation) -> str:
        texte = "Voir les résultats" if objet.etat == Etat.TERMINEE else "Suivre"
        return format_html('<a href="{}">{}</a>', objet.get_absolute_url(), texte)

    @admin.display(description="volumes saisis")
    def vue_volumes(self, objet: Simulation) -> str:
        return f"{nombre(len(objet.volumes_demandes))} lignes"

    @admin.display(description="lignes de résultat")
    def liens_lignes(self, objet: Simulation) -> str:
        filtre = urlencode({"simulation__id__exact": str(objet.pk)})
        return format_html(
            '<a href="{}?{}">Centres</a> · <a href="{}?{}">Postes</a>',
            reverse("admin:simulations_resultatcentre_changelist"),
            filtre,
            reverse("admin:simulations_resultatposte_changelist"),
            filtre,
        )

    @admin.action(description="Relancer les simulations choisies")
    def relancer(self, request: HttpRequest, choisies: "QuerySet[Simulation]") -> None:
        permises, refusees = _trier(request, choisies, perms.peut_relancer)
        faites = sum(machine.relancer(simulation) for simulation in permises)
        self._dire(request, faites, "remise(s) en file", len(permises) - faites, refusees)

    @admin.action(description="Annuler les simulations choisies")
    def annuler(self, request: HttpRequest, choisies: "QuerySet[Simulation]") -> None:
        permises, refusees = _trier(request, choisies, perms.peut_annuler)
        vivantes = [simulation for simulation in permises if not simulation.est_fini]
        faites = sum(machine.annuler(s) in (Etat.ANNULEE, Etat.EN_COURS) for s in vivantes)
        self._dire(request, faites, "annulée(s)", len(permises) - faites, refusees)

    @admin.action(description="Rejouer les simulations choisies")
    def rejouer(self, request: HttpRequest, choisies: "QuerySet[Simulation]") -> None:
        self._essayer(
            request,
            choisies,
            lambda s: rejouer(s, demandeur=request.user),
            "rejeu(x) en file",
            permis=perms.peut_rejouer,
        )

    @admin.action(description="Exporter en Excel")
    def exporter_xlsx(self, request: HttpRequest, choisies: "QuerySet[Simulation]") -> None:
        self._exporter(request, choisies, Export.Format.XLSX)

    @admin.action(description="Exporter en CSV")
    def exporter_csv(self, request: HttpRequest, choisies: "QuerySet[Simulation]") -> None:
        self._exporter(request, choisies, Export.Format.CSV)

    def _exporter(self, request: HttpRequest, choisies: "QuerySet[Simulation]", format_: str) -> None:
        def un(simulation: Simulation) -> None:
            services.demander(
                simulation, format_=format_, ecriture=Export.Ecriture.FR, demandeur=request.user
            )

        self._essayer(request, choisies, un, "export(s) en file, à prendre dans les exports")

    def _essayer(
        self,
        request: HttpRequest,
        choisies: "QuerySet[Simulation]",
        agir: Any,
        resultat: str,
        *,
        permis: Any = perms.peut_voir,
    ) -> None:
        """Agit sur chacune de celles qui lui sont permises ; dit ce qui a été refusé, et pourquoi."""
        permises, refusees = _trier(request, choisies.defer(None), permis)
        faites, raisons = 0, set()
        for simulation in permises:
            try:
                agir(simulation)
                faites += 1
            except Refus as refus:
                raisons.add(str(refus))
        self._dire(request, faites, resultat, 0, refusees)
        for raison in sorted(raisons):
            self.message_user(request, raison, messages.WARNING)

    @admin.action(description="Conserver : la purge les épargne")
    def conserver(self, request: HttpRequest, choisies: "QuerySet[Simulation]") -> None:
        self._poser_conservee(request, choisies, conservee=True)

    @admin.action(description="Ne plus conserver")
    def ne_plus_conserver(self, request: HttpRequest, choisies: "QuerySet[Simulation]") -> None:
        self._poser_conservee(request, choisies, conservee=False)

    def _poser_conservee(
        self, request: HttpRequest, choisies: "QuerySet[Simulation]", *, conservee: bool
    ) -> None:
        permises, refusees = _trier(request, choisies, perms.peut_annuler)
        cles = [simulation.pk for simulation in permises]
        faites = Simulation.objects.filter(pk__in=cles).update(conservee=conservee)
        self._dire(request, faites, "conservée(s)" if conservee else "rendue(s) à la purge", 0, refusees)

    @admin.action(description="Comparer les simulations choisies")
    def comparer(self, request: HttpRequest, choisies: "QuerySet[Simulation]") -> HttpResponseRedirect | None:
        """La plus ancienne sert de base."""
        cles = list(choisies.order_by("cree_le").values_list("pk", flat=True)[: COMPAREES_MAX + 1])
        if not 2 <= len(cles) <= COMPAREES_MAX:
            self.message_user(
                request, f"Choisir de 2 à {COMPAREES_MAX} simulations à comparer.", messages.WARNING
            )
            return None
        adresse = reverse("simulations:comparer")
        return HttpResponseRedirect(f"{adresse}?{urlencode({'ids': ','.join(map(str, cles))})}")

    def _dire(self, request: HttpRequest, faites: int, resultat: str, passees: int, refusees: int) -> None:
        if faites:
            self.message_user(request, f"{faites} {resultat}.", messages.SUCCESS)
        if passees:
            self.message_user(request, f"{passees} sans effet : leur état l'interdit.", messages.WARNING)
        if refusees:
            self.message_user(request, f"{refusees} refusée(s) : vous n'y avez pas droit.", messages.ERROR)


def _trier(
    request: HttpRequest, choisies: "QuerySet[Simulation]", question: Any
) -> tuple[list[Simulation], int]:
    """Celles que cette personne peut toucher, et le nombre des autres."""
    toutes = list(choisies)
    permises = [simulation for simulation in toutes if question(request.user, simulation)]
    return permises, len(toutes) - len(permises)


class LignesDeResultat(AvecMesures):
    """Une simulation nationale a des milliers de lignes : on les compte le moins possible."""

    list_select_related = ("simulation",)
    list_per_page = 100
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        lignes: QuerySet[Any] = perms.lignes_visibles(super().get_queryset(request), request.user)
        return lignes.defer(*(f"simulation__{champ}" for champ in VOLUMINEUX))


@admin.register(ResultatCentre)
class ResultatCentreAdmin(LignesDeResultat):
    list_display = ("nom", "code", "typologie", "direction", "decision", *MESURES, "simulation")
    list_filter = ("decision", "typologie")
    search_fields = ("nom", "code")
    fields = ("simulation", "direction", "code", "nom", "typologie", "nb_postes", "decision", *MESURES)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "simulation__id__exact" or super().lookup_allowed(lookup, value, request)


@admin.register(ResultatPoste)
class ResultatPosteAdmin(LignesDeResultat):
    list_display = ("nom", "type", "centre_id", "decision", *MESURES, "simulation")
    list_filter = ("decision", "type")
    search_fields = ("nom",)
    fields = ("simulation", "centre_id", "nom", "type", "decision", *MESURES)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "simulation__id__exact" or super().lookup_allowed(lookup, value, request)


@admin.register(Instantane)
class InstantaneAdmin(LectureSeule):
    """Sans leur contenu : des mégaoctets que personne ne lit ici."""

    list_display = ("empreinte", "nb_centres", "nb_taches", "cree_le")
    fields = list_display
    search_fields = ("empreinte",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Instantane]":
        lignes: QuerySet[Instantane] = super().get_queryset(request).defer("contenu")
        if etendue_de(request.user).pays:
            return lignes
        vues = perms.lignes_visibles(PartSimulation.objects.all(), request.user)
        return lignes.filter(pk__in=vues.values("instantane"))


@admin.register(PartSimulation)
class PartSimulationAdmin(LectureSeule):
    list_display = ("simulation", "direction_id", "lien_instantane", "revision")
    fields = list_display
    list_select_related = ("simulation",)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> "QuerySet[PartSimulation]":
        lourds = ("volumes", *(f"simulation__{champ}" for champ in VOLUMINEUX))
        lignes: QuerySet[PartSimulation] = perms.lignes_visibles(super().get_queryset(request), request.user)
        return lignes.select_related("simulation").defer(*lourds)

    @admin.display(description="instantané")
    def lien_instantane(self, objet: PartSimulation) -> str:
        """Par sa clé : le suivre chargerait son contenu."""
        adresse = reverse("admin:simulations_instantane_change", args=[objet.instantane_id])
        return format_html('<a href="{}">{}</a>', adresse, objet.instantane_id[:12])


# Enregistre les scénarios et les exports : Django ne découvre que ce module-ci.
