"""The other quoting systems over HTTP, one below each prefix. From their references; shares no code with the portal.

with SourceSimulator(quotes=40) as other:
    other.workspace.url, other.workspace.secret, other.workspace.quotations
    other.add_fault("rate_limited", path=r"/cirrus/quotes")
"""

from offorte_portal.simulator.sources.simulator import SourceSimulator

__all__ = ["SourceSimulator"]
