"""Runs the simulator from the command line, until SIGTERM or Ctrl-C."""

import argparse
import signal
import sys
import threading

from offorte_portal.simulator import Simulator, Size

EPILOG = """
Each account NAME has the client id NAME-client and the client secret NAME-secret unless given otherwise; its first
user signs in as sanne@NAME.example with password demo. The page at / lists them. Endpoints for tests: /_control/.
"""


def read_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line's options."""
    size = Size()
    parser = argparse.ArgumentParser(
        prog="python -m offorte_portal.simulator", description="A fake Offorte over HTTP.", epilog=EPILOG
    )
    parser.add_argument("--port", type=int, default=8001, help="on 127.0.0.1; 0 takes a free one (default 8001)")
    parser.add_argument("--account", action="append", metavar="NAME", help="repeatable (default bouw)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same data")
    for name in ("companies", "people", "directories", "products", "proposals", "users"):
        default = getattr(size, name)
        parser.add_argument(f"--{name}", type=int, default=default, help=f"in each account (default {default})")
    parser.add_argument("--requests-per-minute", type=int, default=30, help="0 lifts the limit (default 30)")
    parser.add_argument("--vintage", choices=["live", "2018"], default="live", help="field names and price forms")
    parser.add_argument("--past-the-end", choices=["empty", "not_found", "repeat"], default="empty")
    parser.add_argument("--created-body", choices=["id", "named", "empty"], default="id")
    parser.add_argument("--client-id", help="for all accounts (default NAME-client)")
    parser.add_argument("--client-secret", help="for all accounts (default NAME-secret)")
    parser.add_argument("--redirect-uri", action="append", help="repeatable; without it any loopback address is taken")
    return parser.parse_args(arguments)


def create_simulator(options: argparse.Namespace) -> Simulator:
    """A simulator as the options say."""
    size = Size(
        companies=options.companies,
        people=options.people,
        directories=options.directories,
        products=options.products,
        proposals=options.proposals,
        users=options.users,
    )
    simulator = Simulator(
        dict.fromkeys(options.account or ["bouw"], size),
        seed=options.seed,
        requests_per_minute=options.requests_per_minute or None,
        vintage=options.vintage,
        past_the_end=options.past_the_end,
        created_body=options.created_body,
        port=options.port,
    )
    for account in simulator.accounts.values():
        account.client_id = options.client_id or account.client_id
        account.client_secret = options.client_secret or account.client_secret
        account.redirect_uris = options.redirect_uri or []
    return simulator


def main() -> None:
    """Serve; one line on standard output says when and where."""
    options = read_arguments()
    is_ended = threading.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda *_: is_ended.set())
    with create_simulator(options) as simulator:
        sys.stdout.write(f"ready {simulator.url}\n")
        sys.stdout.flush()
        is_ended.wait()


if __name__ == "__main__":
    main()
