"""Règles livrées : flux, sens, segments, cellules, produits, unités, phases, paramètres, postes, typologies.

Faits de docs/metier/effectifs.md#regles et des sections suivantes. Ces lignes se modifient ensuite dans l'admin.
"""

from django.db import migrations

SOURCE = "Règles de dimensionnement, 2026"
FLUX = [
    ("AMANA", "Amana (messagerie)"),
    ("CO", "Courrier ordinaire"),
    ("CR", "Courrier recommandé"),
    ("EBARKIA", "E-Barkia"),
    ("LRH", "LRH"),
]
SENS = [
    ("ARRIVEE", "Arrivée"),
    ("DEPART", "Départ"),
    ("DEPOT", "Dépôt au guichet"),
    ("RECUP", "Récupération au guichet"),
]
SEGMENTS = [
    ("GLOBAL", "Global"),
    ("GC", "Grands comptes"),
    ("PART", "Particuliers"),
    ("PRO", "Professionnels"),
    ("LOCAL", "Local"),
    ("DIST", "Distribution"),
    ("AXES", "Axes"),
    ("GC_LOCAL", "Grands comptes, local"),
    ("GC_AXES", "Grands comptes, axes"),
    ("PART_LOCAL", "Particuliers, local"),
    ("PART_AXES", "Particuliers, axes"),
]
# (préfixe de code, flux, sens)
MESSAGERIE = [("amana.recu", "AMANA", "ARRIVEE"), ("amana.depot", "AMANA", "DEPART")]
COURRIER = [
    ("co.arrive", "CO", "ARRIVEE"),
    ("co.med", "CO", "DEPART"),
    ("cr.arrive", "CR", "ARRIVEE"),
    ("cr.med", "CR", "DEPART"),
]
SIMPLE = [
    ("ebarkia.arrive", "EBARKIA", "ARRIVEE"),
    ("ebarkia.med", "EBARKIA", "DEPART"),
    ("lrh.arrive", "LRH", "ARRIVEE"),
    ("lrh.med", "LRH", "DEPART"),
]
AXES, LOCAL, TOUT = ("pct_axes", False), ("pct_axes", True), ("", False)
# produit : (nom, flux, cellules)
PRODUITS = {
    "AMANA": ("AMANA", "AMANA", []),
    "CO": ("CO", "CO", []),
    "CR": ("CR", "CR", []),
    "AMANA RECU LOCAL": ("AMANA Reçu local", "AMANA", ["amana.recu.gc.local", "amana.recu.part.local"]),
    "AMANA RECU AXES": ("AMANA Reçu Axes", "AMANA", ["amana.recu.gc.axes", "amana.recu.part.axes"]),
    "AMANA DEPOT LOCAL": ("AMANA Dépôt local", "AMANA", ["amana.depot.gc.local", "amana.depot.part.local"]),
    "AMANA DEPOT AXES": ("AMANA Dépôt Axes", "AMANA", ["amana.depot.gc.axes", "amana.depot.part.axes"]),
    "CO LOCAL": ("CO local", "CO", ["co.med.local", "co.arrive.local"]),
    "CR LOCAL": ("CR local", "CR", ["cr.med.local", "cr.arrive.local"]),
    "TOTAL CO": ("Total CO", "CO", ["co.med.local", "co.med.axes", "co.arrive.local", "co.arrive.axes"]),
    "TOTAL CR": ("Total CR", "CR", ["cr.med.local", "cr.med.axes", "cr.arrive.local", "cr.arrive.axes"]),
    "E BARKIA MED": ("E barkia MED", "EBARKIA", ["ebarkia.med"]),
    "E BARKIA ARRIVE": ("E barkia Arrivé", "EBARKIA", ["ebarkia.arrive"]),
    "LRH MED": ("LRH MED", "LRH", ["lrh.med"]),
    "LRH ARRIVE": ("LRH Arrivé", "LRH", ["lrh.arrive"]),
}
for _code, _nom, _prefixe in (
    ("AMANA RECU", "AMANA Reçu", "amana.recu"),
    ("AMANA DEPOT", "AMANA Dépôt", "amana.depot"),
):
    _cellules = [f"{_prefixe}.{c}.{z}" for c in ("gc", "part") for z in ("local", "axes")]
    PRODUITS[_code] = (_nom, "AMANA", _cellules)
    PRODUITS[f"{_code} TOTAL"] = (f"{_nom} total", "AMANA", _cellules)
for _flux in ("CO", "CR"):
    for _code, _nom, _cle in (("ARRIVE", "Arrivé", "arrive"), ("MED", "MED", "med")):
        _prefixe = f"{_flux.lower()}.{_cle}"
        PRODUITS[f"{_flux} {_code}"] = (f"{_flux} {_nom}", _flux, [f"{_prefixe}.local", f"{_prefixe}.axes"])
        PRODUITS[f"{_flux} {_code} LOCAL"] = (f"{_flux} {_nom} local", _flux, [f"{_prefixe}.local"])
        PRODUITS[f"{_flux} {_code} AXES"] = (f"{_flux} {_nom} Axes", _flux, [f"{_prefixe}.axes"])
PRODUITS["CO ARRIVE TOTAL"] = ("CO Arrivé total", "CO", ["co.arrive.local", "co.arrive.axes"])
SYNONYMES_PRODUIT = {
    "E BARKIA MED": ["ELBARKIA MED", "EL BARKIA MED", "E-BARKIA MED"],
    "E BARKIA ARRIVE": ["ELBARKIA ARRIVE", "EL BARKIA ARRIVE", "E-BARKIA ARRIVE"],
}
# unité : (nom, mode, [(flux, constante, paramètre)])
UNITES = {
    "COLIS": ("Colis", "DIVISE", [(None, 1, "")]),
    "COURRIER": ("Courrier", "DIVISE", [(None, 1, "")]),
    "CO": ("CO", "DIVISE", [(None, 1, "")]),
    "CR": ("CR", "DIVISE", [(None, 1, "")]),
    "E-BARKIA": ("E-Barkia", "DIVISE", [(None, 1, "")]),
    "LRH": ("LRH", "DIVISE", [(None, 1, "")]),
    "SAC": (
        "Sac",
        "DIVISE",
        [("AMANA", None, "colis_amana_par_sac"), ("CR", None, "cr_par_sac"), (None, None, "co_par_sac")],
    ),
    "CAISSON": ("Caisson", "DIVISE", [(None, None, "cr_par_caisson")]),
    "BAC": ("Bac", "DIVISE", [(None, None, "cr_par_caisson")]),
    "DNL": ("DNL", "DIVISE", [(None, 5, "")]),
    "PART": ("Part", "FORFAIT", []),
    "DEPECHES": ("Dépêches", "FORFAIT", []),
}
CIRC_GEO = ("UN_PLUS", "circulation", "geographie", None)
CIRC = ("UN_PLUS", "circulation", "", None)


def _p(code):
    return ("POURCENT", code, "", None)


def _c(code, autre=""):
    return ("COMPLEMENT", code, autre, None)


def _n(n):
    return ("INVERSE", "", "", n)


PHASES = {
    "CIRCUL_GEO": [CIRC_GEO],
    "CRBT_CIRCUL_GEO": [CIRC_GEO, _p("pct_crbt")],
    "HCRBT_CIRCUL_GEO": [CIRC_GEO, _c("pct_crbt")],
    "MARCH_COLLECT": [_c("pct_marche", "pct_collecte")],
    "MIN_RETOUR_CRBT": [_c("pct_retour"), _p("pct_crbt")],
    "V_MASTER": [_p("pct_vaguemestre")],
    "B_POSTALE": [_p("pct_boite_postale")],
    "COLLECT": [_p("pct_collecte")],
    "MARCH": [_p("pct_marche")],
    "NATIONAL_GUICHET": [_p("pct_national"), _p("pct_guichet")],
    "INTER_GUICHET": [_c("pct_national"), _p("pct_guichet")],
    "GUICHET": [_p("pct_guichet")],
    "RETOUR_CRBT": [_p("pct_retour"), _p("pct_crbt")],
    "CRBT": [_p("pct_crbt")],
    "CIRCUL_COLLECT": [CIRC, _p("pct_collecte")],
    "CIRCUL_MARCH": [CIRC, _p("pct_marche")],
    "RETOUR": [_p("pct_retour")],
    "RETOUR_DAY_350": [_p("pct_retour"), _n(350)],
    "DAY_350": [_n(350)],
    "DAY_24": [_n(24)],
    "SAC": [],
    "NATIONAL": [_p("pct_national")],
    "INTERNATIONAL": [_c("pct_national")],
}
# (flux, unité, phase, complément)
FACTEURS_BASE = [
    ("AMANA", "COLIS", "SAC", True),
    ("AMANA", "COLIS", None, False),
    ("AMANA", "SAC", None, True),
]
# code : (nom, unité, défaut, minimum, maximum, par_flux)
PARAMETRES = {
    "ed_percent": ("Part en dépêche (ED)", "%", 40, 0, 100, False),
    "colis_amana_par_sac": ("Colis AMANA par sac", "colis", 35, 1, 100000, False),
    "co_par_sac": ("CO par sac", "plis", 350, 1, 100000, False),
    "cr_par_sac": ("CR par sac", "plis", 400, 1, 100000, False),
    "cr_par_caisson": ("CR par caisson ou bac", "plis", 500, 1, 100000, False),
    "pct_collecte": ("Part collectée", "%", 0, 0, 100, True),
    "pct_marche": ("Part en marché ordinaire", "%", 0, 0, 100, True),
    "pct_guichet": ("Part au guichet", "%", 0, 0, 100, True),
    "pct_retour": ("Part en retour", "%", 0, 0, 100, True),
    "pct_crbt": ("Part contre remboursement (hors CRBT = 100 − CRBT)", "%", 0, 0, 100, True),
    "pct_national": ("Part nationale (international = 100 − national)", "%", 0, 0, 100, True),
    "pct_vaguemestre": ("Part vaguemestre", "%", 0, 0, 100, True),
    "pct_boite_postale": ("Part boîte postale", "%", 0, 0, 100, True),
    "pct_axes": ("Part axes (local = 100 − axes)", "%", 0, 0, 100, True),
    "circulation": ("Coefficient de circulation", "", 0, 0, 0.8, False),
    "geographie": ("Coefficient de géographie", "", 0, -0.2, 0, False),
}
# code : (nom, type, trajet, shift 2, shift 3, synonymes)
POSTES = {
    "AGENT OPERATIONS": ("Agent opérations", "MOD", False, 2, 3, ["AGENT OPERATION"]),
    "MANUTENTIONNAIRE": ("Manutentionnaire", "MOD", False, 2, 2, []),
    "RESPONSABLE DES OPERATIONS": ("Responsable des opérations", "MOD", False, 2, 2, []),
    "AGENT TRAITEMENT": ("Agent traitement", "MOD", False, 2, 2, []),
    "TRIEUR": ("Trieur", "MOD", False, 2, 2, []),
    "CONTROLEUR": ("Contrôleur", "MOD", False, 2, 2, []),
    "CONTROLEUR DE ZONE": ("Contrôleur de zone", "MOD", False, 2, 2, []),
    "CONTROLEUR FACTURATION": ("Contrôleur facturation", "MOD", False, 2, 2, []),
    "FACTEUR DISTRIBUTEUR": ("Facteur distributeur", "MOD", True, 1, 1, []),
    "FACTEUR CONDUCTEUR": ("Facteur conducteur", "MOD", True, 1, 1, []),
    "FACTEUR COLLECTEUR": ("Facteur collecteur", "MOD", True, 1, 1, []),
    "FACTEUR MARCHE ORDINAIRE": ("Facteur marché ordinaire", "MOD", True, 1, 1, []),
    "GUICHETIER": ("Guichetier", "MOD", False, 1, 1, []),
    "AGENT TAXATION": ("Agent taxation", "MOD", False, 1, 1, ["AGENT DE TAXATION"]),
    "AGENT MAC ET MAG": ("Agent MAC et MAG", "MOD", False, 1, 1, ["MAG"]),
    "GESTIONNAIRE DES OPERATIONS": ("Gestionnaire des opérations", "MOD", False, 1, 1, []),
    "GESTIONNAIRE CLIENTS EN COMPTE": ("Gestionnaire clients en compte", "MOD", False, 1, 1, []),
    "CHEF DE CENTRE": ("Chef de centre", "MOI", False, 1, 1, []),
    "CHEF DE ZONE": ("Chef de zone", "MOI", False, 1, 1, []),
    "CHEF D'AGENCE": ("Chef d'agence", "MOI", False, 1, 1, []),
    "CHARGE REPORTING & QUALITE": ("Chargé reporting et qualité", "MOI", False, 1, 1, ["CHARGE REPORTING ET QUALITE"]),
    "AGENT REPORTING ET QUALITE": ("Agent reporting et qualité", "MOI", False, 1, 1, []),
}
TYPOLOGIES = [
    ("AM", "Agence messagerie"),
    ("CM", "Centre messagerie"),
    ("CD", "Centre de distribution"),
    ("CCC", "Centre courrier colis"),
    ("CLD", "Cellule de distribution"),
    ("CTD", "Centre de traitement et distribution"),
]


def cellules():
    """(code, flux, sens, segment, rang) puis (source, cible, part) de chaque répartition."""
    lignes, parts = [], []
    for prefixe, flux, sens in MESSAGERIE:
        natives = {f"{c}_{z}": f"{prefixe}.{c.lower()}.{z.lower()}" for c in ("GC", "PART") for z in ("LOCAL", "AXES")}
        lignes += [(code, flux, sens, segment, 0) for segment, code in natives.items()]
        gc, part = [("GC_LOCAL", LOCAL), ("GC_AXES", AXES)], [("PART_LOCAL", LOCAL), ("PART_AXES", AXES)]
        for segment, rang, cibles in (
            ("LOCAL", 1, [("GC_LOCAL", TOUT)]),
            ("DIST", 1, [("GC_LOCAL", TOUT)]),
            ("AXES", 1, [("GC_AXES", TOUT)]),
            ("GC", 2, gc),
            ("PRO", 2, gc),
            ("PART", 2, part),
            ("GLOBAL", 3, gc),
        ):
            code = f"{prefixe}.{segment.lower()}"
            lignes.append((code, flux, sens, segment, rang))
            parts += [(code, natives[cible], part_) for cible, part_ in cibles]
    for prefixe, flux, sens in COURRIER:
        lignes += [(f"{prefixe}.{z.lower()}", flux, sens, z, 0) for z in ("LOCAL", "AXES")]
        selon_axes = [("local", LOCAL), ("axes", AXES)]
        for segment, rang, cibles in (
            ("DIST", 1, [("local", TOUT)]),
            ("PRO", 2, selon_axes),
            ("PART", 2, selon_axes),
            ("GLOBAL", 3, selon_axes),
        ):
            code = f"{prefixe}.{segment.lower()}"
            lignes.append((code, flux, sens, segment, rang))
            parts += [(code, f"{prefixe}.{cible}", part_) for cible, part_ in cibles]
    for prefixe, flux, sens in SIMPLE:
        lignes.append((prefixe, flux, sens, "GLOBAL", 0))
        for segment, rang in (("DIST", 1), ("AXES", 1), ("PRO", 2), ("PART", 2)):
            code = f"{prefixe}.{segment.lower()}"
            lignes.append((code, flux, sens, segment, rang))
            parts.append((code, prefixe, TOUT))
    lignes += [("guichet.depot", None, "DEPOT", "GLOBAL", 0), ("guichet.recup", None, "RECUP", "GLOBAL", 0)]
    return lignes, parts


def livrer(apps, schema_editor):
    modele = lambda nom: apps.get_model("referentiels", nom)  # noqa: E731
    cree = {}
    for nom, lignes in (("Flux", FLUX), ("Sens", SENS), ("Segment", SEGMENTS), ("Typologie", TYPOLOGIES)):
        cree[nom] = {code: modele(nom).objects.create(code=code, nom=libelle) for code, libelle in lignes}
    lignes, parts = cellules()
    cellule = {
        code: modele("CelluleVolume").objects.create(
            code=code,
            flux=cree["Flux"].get(flux),
            sens=cree["Sens"][sens],
            segment=cree["Segment"][segment],
            rang=rang,
            ordre=ordre,
        )
        for ordre, (code, flux, sens, segment, rang) in enumerate(lignes)
    }
    for source, cible, (parametre, complement) in parts:
        modele("RepartitionVolume").objects.create(
            source=cellule[source], cible=cellule[cible], parametre=parametre, complement=complement
        )
    for code, (nom, flux, codes) in PRODUITS.items():
        produit = modele("Produit").objects.create(code=code, nom=nom, flux=cree["Flux"][flux])
        for code_cellule in codes:
            modele("ProduitCellule").objects.create(produit=produit, cellule=cellule[code_cellule])
        for synonyme in SYNONYMES_PRODUIT.get(code, []):
            modele("SynonymeProduit").objects.create(produit=produit, code=synonyme)
    unites = {}
    for code, (nom, mode, diviseurs) in UNITES.items():
        unites[code] = modele("UniteMesure").objects.create(code=code, nom=nom, mode=mode)
        for flux, constante, parametre in diviseurs:
            modele("DiviseurUnite").objects.create(
                unite=unites[code], flux=cree["Flux"].get(flux), constante=constante, parametre=parametre
            )
    phases = {}
    for code, termes in PHASES.items():
        phases[code] = modele("Phase").objects.create(code=code, nom=code.lower())
        for ordre, (nature, p, q, n) in enumerate(termes):
            modele("TermePhase").objects.create(
                phase=phases[code], ordre=ordre, nature=nature, parametre=p, parametre_2=q, constante=n
            )
    for flux, unite, phase, complement in FACTEURS_BASE:
        modele("FacteurBase").objects.create(
            flux=cree["Flux"][flux], unite=unites[unite], phase=phases.get(phase), complement=complement
        )
    for ordre, (code, (nom, unite, defaut, mini, maxi, par_flux)) in enumerate(PARAMETRES.items()):
        modele("Parametre").objects.create(
            code=code,
            nom=nom,
            unite=unite,
            defaut=defaut,
            minimum=mini,
            maximum=maxi,
            par_flux=par_flux,
            source=SOURCE,
            ordre=ordre,
        )
    for code, (nom, type_, trajet, shift_2, shift_3, synonymes) in POSTES.items():
        poste = modele("Poste").objects.create(
            code=code, nom=nom, type=type_, soumis_au_trajet=trajet, coef_shift_2=shift_2, coef_shift_3=shift_3
        )
        for synonyme in synonymes:
            modele("SynonymePoste").objects.create(poste=poste, code=synonyme)


class Migration(migrations.Migration):
    dependencies = [("referentiels", "0001_initial")]
    operations = [migrations.RunPython(livrer, migrations.RunPython.noop)]
