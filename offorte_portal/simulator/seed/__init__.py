"""Data for an account: deterministic for a seed, and like that of a Dutch company."""

from offorte_portal.simulator.seed.filling import fill

__all__ = ["fill"]
