"""Réseau de démonstration : généré d'une graine, entièrement fictif, et marqué comme tel."""
