"""A strict fake of Offorte's API v1 over real HTTP, for tests and the demo; it shares no code with the portal."""

from offorte_portal.simulator.faults import Fault
from offorte_portal.simulator.requests import Request
from offorte_portal.simulator.simulator import Simulator
from offorte_portal.simulator.size import Size

__all__ = ["Fault", "Request", "Simulator", "Size"]
