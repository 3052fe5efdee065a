"""Le composant de tableau : ses en-têtes écrits une fois, trié à un seul endroit."""

import re
from dataclasses import dataclass

import pytest
from django.core.paginator import Paginator
from django.template import TemplateSyntaxError, engines
from django.test import RequestFactory

from simulateur.web.tableaux import Tri, ordre_des_noms

TABLEAU = (
    '{% load tableaux %}{% tableau id="centres" tri=tri page=page %}'
    '<thead><tr>{% colonne "Centre" %}{% colonne "Durée" nombre=True unite="s" %}</tr></thead>'
    "<tbody><tr><th>Fès</th><td>3</td></tr></tbody>{% endtableau %}"
)


@dataclass
class Ligne:
    nom: str
    cout: int | None


LIGNES = [Ligne("b", 3), Ligne("a", None), Ligne("c", 7), Ligne("d", 3)]
CLES = {"cout": lambda ligne: ligne.cout}


def rendre(source: str, adresse: str = "/", **contexte: object) -> str:
    html = engines["django"].from_string(source).render(contexte, RequestFactory().get(adresse))
    return re.sub(r"\s+", " ", html)


def entete(options: str, adresse: str = "/") -> str:
    return rendre(f"{{% load tableaux %}}{{% colonne {options} %}}", adresse)


# --- Tri ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("demande", "attendus"),
    [("cout", "bdca"), ("-cout", "cbda"), ("inconnu", "bacd"), ("", "bacd"), ("-", "bacd")],
)
def test_une_valeur_absente_reste_en_bas_dans_les_deux_sens(demande, attendus):
    triees = Tri.lu({"tri": demande}).trier(LIGNES, CLES)
    assert "".join(ligne.nom for ligne in triees) == attendus


def test_les_noms_se_rangent_comme_on_les_lit():
    noms = ["Zagora", "Centre 10", "étampes", "Centre 2", "Eaux-Vives", "2 rives"]
    assert sorted(noms, key=ordre_des_noms) == [
        *("2 rives", "Centre 2", "Centre 10", "Eaux-Vives", "étampes", "Zagora")
    ]


@pytest.mark.parametrize(
    ("adresse", "lien", "sens"),
    [
        ("/", "?tri=-etp", None),
        ("/?tri=-etp", "?tri=etp", "descending"),
        ("/?tri=etp", "?tri=-etp", "ascending"),
        ("/?tri=autre", "?tri=-etp", None),
    ],
)
def test_un_nombre_se_trie_du_plus_grand_puis_le_clic_inverse(adresse, lien, sens):
    html = entete('"ETP" nombre=True tri="etp"', adresse)
    assert f'href="{lien}"' in html
    assert re.findall(r'aria-sort="(\w+)"', html) == ([sens] if sens else [])


def test_un_texte_se_trie_d_abord_dans_l_ordre_alphabetique():
    assert 'href="?tri=nom"' in entete('"Centre" tri="nom"')


def test_trier_garde_les_filtres_et_revient_a_la_premiere_page():
    html = entete('"Centre" tri="nom"', "/?decision=Recruter&page=3")
    assert 'href="?decision=Recruter&amp;tri=nom"' in html


# --- En-têtes et cadre ----------------------------------------------------------------------------------


def test_un_en_tete_dit_son_unite_et_s_aligne_comme_ses_nombres():
    html = entete('"Durée" nombre=True unite="s"')
    assert 'class="nombre"' in html
    assert "Durée (s)" in html
    assert "<a" not in html


def test_un_en_tete_muet_reste_lu_et_un_en_tete_non_triable_le_dit():
    assert '<span class="invisible">Actions</span>' in entete('"Actions" muette=True')
    assert 'data-tri="non"' in entete('"Grille" triable=False')


@pytest.mark.parametrize(
    ("tri", "pages", "par_le_navigateur"),
    [("navigateur", None, True), ("navigateur", 1, True), ("navigateur", 2, False), ("", None, False)],
)
def test_le_navigateur_ne_trie_qu_un_tableau_complet(tri, pages, par_le_navigateur):
    page = Paginator(range(10 * pages), 10).get_page(1) if pages else None
    assert ("data-tri" in rendre(TABLEAU, tri=tri, page=page)) is par_le_navigateur


def test_un_tri_inconnu_est_refuse():
    with pytest.raises(TemplateSyntaxError, match="navigateur"):
        rendre(TABLEAU, tri="serveur")


def test_un_tableau_nomme_s_atteint_au_clavier_et_s_annonce():
    html = rendre('{% load tableaux %}{% tableau nom="Écarts : étoiles" %}<tbody></tbody>{% endtableau %}')
    assert 'tabindex="0" role="region" aria-label="Écarts : étoiles"' in html


# --- Phrase ---------------------------------------------------------------------------------------------


def test_une_phrase_ecrite_sur_deux_lignes_garde_ses_espaces_insecables():
    phrase = "{% phrase as note %}\n  Sur 1\u202f000\n  tirages, {{ nom }}.\n{% endphrase %}"
    html = engines["django"].from_string(f"{{% load pages %}}{phrase}[{{{{ note }}}}]").render({"nom": "<b>"})
    assert html == "[Sur 1\u202f000 tirages, &lt;b&gt;.]"
