"""The systems there are. A new one is a package beside the others and a line here."""

from offorte_portal.sources.administrate.system import SYSTEM as ADMINISTRATE
from offorte_portal.sources.cirrus.system import SYSTEM as CIRRUS
from offorte_portal.sources.fynn.system import SYSTEM as FYNN
from offorte_portal.sources.interface import System
from offorte_portal.sources.workspace.system import SYSTEM as WORKSPACE

SYSTEMS: dict[str, System] = {system.name: system for system in (CIRRUS, FYNN, WORKSPACE, ADMINISTRATE)}


def find(name: str) -> System:
    """The system by its name. Raises LookupError."""
    return SYSTEMS[name]
