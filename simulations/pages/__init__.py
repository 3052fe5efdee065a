"""Pages des simulations : le réseau, le lancement, le suivi et les résultats, l'historique."""
