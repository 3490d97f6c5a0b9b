"""The systems there are. A new one is a package beside the others and a line here."""

from offorte_portal.other_systems.systems.administrate.system import SYSTEM as ADMINISTRATE
from offorte_portal.other_systems.systems.cirrus.system import SYSTEM as CIRRUS
from offorte_portal.other_systems.systems.fynn.system import SYSTEM as FYNN
from offorte_portal.other_systems.systems.interface import System
from offorte_portal.other_systems.systems.workspace.system import SYSTEM as WORKSPACE

SYSTEMS: dict[str, System] = {system.name: system for system in (CIRRUS, FYNN, WORKSPACE, ADMINISTRATE)}


def find(name: str) -> System:
    """The system by its name. Raises LookupError."""
    return SYSTEMS[name]
