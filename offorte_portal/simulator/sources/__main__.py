"""Run the simulated systems from the command line, until SIGTERM or Ctrl-C."""

import argparse
import signal
import threading
from datetime import datetime

from offorte_portal.simulator.sources import SourceSimulator, demo


def main() -> None:
    """Serve, and print the address and secret of each system."""
    parser = argparse.ArgumentParser(prog="python -m offorte_portal.simulator.sources", description=__doc__)
    parser.add_argument("--port", type=int, default=8002, help="port on 127.0.0.1; 0 picks a free one (default 8002)")
    parser.add_argument("--quotes", type=int, default=60, help="number of quotes in each system (default 60)")
    parser.add_argument(
        "--account", default="", help="the simulated Offorte account that has some of the customers too"
    )
    parser.add_argument("--companies", type=int, default=40, help="number of companies in that account (default 40)")
    options = parser.parse_args()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with SourceSimulator(quotes=options.quotes, port=options.port) as simulator:
        if options.account:
            companies = demo.seed_companies(options.account, count=options.companies)
            demo.prepare(simulator.workspace, companies=companies, today=datetime.now().astimezone().date())
        for system in simulator.systems.values():
            print(f"{system.name}: {system.url}  secret {system.secret}", flush=True)  # noqa: T201
        ended.wait()


if __name__ == "__main__":
    main()
