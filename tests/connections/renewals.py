"""What the simulator saw of tokens."""

from offorte_portal.simulator import Simulator


def refreshes(simulator: Simulator) -> list[int]:
    return [request.status for request in simulator.requests if request.path == "/oauth2/refresh-token"]


def accepts(simulator: Simulator, token: str) -> bool:
    return not simulator.account("bouw").tokens.state_of(token)
