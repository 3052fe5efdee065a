"""Ce que toute page EuroMillions montre : la révision des tirages, et s'il y en a de fictifs."""

from typing import Any

from euromillions.lectures import histoire, reperes


def contexte_commun(revision: int | None = None) -> dict[str, Any]:
    """`revision` : celle que la page a déjà lue ; lue ici sinon."""
    lue = histoire.revision() if revision is None else revision
    return {"revision": lue, "demo": reperes.fictifs_presents(lue)}
