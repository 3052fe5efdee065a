"""Outillage des tests : vrais serveurs, vraie grappe, jamais importé par l'application."""
