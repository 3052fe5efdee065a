"""Scénarios : des entrées nommées, copiées, validées, auxquelles des simulations appartiennent."""
