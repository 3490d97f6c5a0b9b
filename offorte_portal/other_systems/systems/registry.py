"""The supported systems. A new one is a package next to the others, and an entry here."""

from offorte_portal.other_systems.systems.administrate.system import SYSTEM as ADMINISTRATE
from offorte_portal.other_systems.systems.cirrus.system import SYSTEM as CIRRUS
from offorte_portal.other_systems.systems.fynn.system import SYSTEM as FYNN
from offorte_portal.other_systems.systems.interface import System
from offorte_portal.other_systems.systems.workspace.system import SYSTEM as WORKSPACE

SYSTEMS: dict[str, System] = {system.name: system for system in (CIRRUS, FYNN, WORKSPACE, ADMINISTRATE)}


def find(name: str) -> System:
    """Return the system with this name. Raises LookupError where there is none."""
    return SYSTEMS[name]
