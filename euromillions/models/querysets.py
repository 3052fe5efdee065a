"""Les portées de révision d'EuroMillions : ce que touche toute écriture, une à une ou de masse."""

PORTEE_TIRAGES = "euromillions:tirages"
PORTEE_GRILLES = "euromillions:grilles"
DU_JEU = frozenset({PORTEE_TIRAGES})  # ères, rangs, tirages et gains : tout chiffre en dépend
