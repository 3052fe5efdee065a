"""Grilles : lancer une génération, la suivre, juger ses grilles, mesurer ce que valent les stratégies."""
