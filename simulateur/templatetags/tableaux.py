"""Un tableau : son cadre et ses en-têtes, écrits une fois. Ses lignes restent du HTML, dans la page.

    {% tableau id="directions" tri="navigateur" %}
      <thead>
        <tr>
          {% colonne "Direction" %}
          {% colonne "Effectif présent" nombre=True %}
        </tr>
      </thead>
      <tbody>…</tbody>
    {% endtableau %}

Un tableau est trié à un seul endroit. Complet dans la page, par le navigateur : `tri="navigateur"`. Page
d'une liste plus longue, par le serveur : `tri="champ"` sur chaque colonne triable (voir
`simulateur.web.tableaux`).
"""

from typing import Any

from django import template
from django.core.paginator import Page
from django.template.context import RequestContext
from django.template.loader import render_to_string

from simulateur.web.tableaux import PARAMETRE, Tri

register = template.Library()
NAVIGATEUR = "navigateur"


@register.simple_block_tag
def tableau(
    content: str,
    *,
    id: str = "",
    classe: str = "",
    nom: str = "",
    cadre: str = "",
    tri: str = "",
    page: Page[Any] | None = None,
) -> str:
    """`nom` l'annonce aux lecteurs d'écran ; `cadre` : classes du cadre qui défile, `tableau-libre`…

    `page`, d'une liste qui peut en avoir plusieurs : le navigateur ne trie alors que si elle est seule.
    """
    if tri not in ("", NAVIGATEUR):
        raise template.TemplateSyntaxError(f"tableau {id} : tri={NAVIGATEUR!r}, ou un champ par colonne.")
    return render_to_string(
        "composants/tableau.html",
        {
            "contenu": content,
            "id": id,
            "classe": classe,
            "nom": nom,
            "cadre": cadre,
            "tri_du_navigateur": tri == NAVIGATEUR and not (page and page.has_other_pages()),
        },
    )


@register.inclusion_tag("composants/colonne.html", takes_context=True)
def colonne(
    context: RequestContext,
    libelle: str,
    *,
    nombre: bool = False,
    unite: str = "",
    tri: str = "",
    muette: bool = False,
    triable: bool = True,
) -> dict[str, Any]:
    """Un en-tête. `muette` : lu sans être montré ; `triable=False` : le navigateur ne trie pas par elle."""
    entete = {"libelle": libelle, "nombre": nombre, "unite": unite, "muette": muette, "triable": triable}
    return {**entete, **_lien_de_tri(context, tri, nombre)} if tri else entete


def _lien_de_tri(context: RequestContext, champ: str, nombre: bool) -> dict[str, str]:
    """Garde les filtres de l'adresse et revient à la première page."""
    adresse = context["request"].GET.copy()
    tri = Tri.lu(adresse)
    adresse.pop("page", None)
    adresse[PARAMETRE] = tri.suivant(champ, nombre=nombre)
    return {"adresse": f"?{adresse.urlencode()}", "sens": tri.sens(champ)}
