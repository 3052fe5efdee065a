"""Le noyau."""

VERSION = "0.1.0"  # celle de pyproject.toml, que l'image de production n'a pas
