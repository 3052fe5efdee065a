"""Exports d'une simulation : xlsx et csv, fabriqués en tâche de fond quand ils sont gros."""
