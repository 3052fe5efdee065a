"""Admin des simulations, de leurs scénarios et de leurs exports."""

from simulations.admin import scenarios, simulations

__all__ = ["scenarios", "simulations"]
