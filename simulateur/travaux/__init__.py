"""Les travaux de fond : leur machine à états, ce qui les reprend, ce qui tourne tout seul.

La file y entre par `entrees`.
"""

from simulateur.travaux.anciens import renvoyer

__getattr__ = renvoyer("simulateur.travaux.entrees", "executer", "faucher", "canari")
