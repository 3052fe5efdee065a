"""Ce qu'une page dit à qui la lit : son texte, sans balises ni espaces de mise en forme."""

import re
from html import unescape
from typing import Any


def texte_visible(reponse: Any) -> str:
    """Le texte visible d'une réponse HTML, espaces réduits."""
    sans_balises = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", reponse.content.decode(), flags=re.S)
    return re.sub(r"[ \n]+", " ", unescape(sans_balises))
