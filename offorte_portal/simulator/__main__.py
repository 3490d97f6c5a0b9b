"""Run the simulator from the command line, until SIGTERM or Ctrl-C."""

import argparse
import signal
import sys
import threading

from offorte_portal.simulator import Simulator, Size

EPILOG = """
By default an account NAME has the client ID NAME-client and the client secret NAME-secret; its first user signs in as
sanne@NAME.example with the password demo. The page at / lists the accounts. Endpoints for tests: /_control/.
"""


def read_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Return the options of the command line."""
    size = Size()
    parser = argparse.ArgumentParser(
        prog="python -m offorte_portal.simulator", description="A simulated Offorte over HTTP.", epilog=EPILOG
    )
    parser.add_argument("--port", type=int, default=8001, help="port on 127.0.0.1; 0 picks a free one (default 8001)")
    parser.add_argument(
        "--account", action="append", metavar="NAME", help="account to simulate; repeatable (default bouw)"
    )
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same data")
    for name in ("companies", "people", "directories", "products", "proposals", "users"):
        default = getattr(size, name)
        parser.add_argument(f"--{name}", type=int, default=default, help=f"number in each account (default {default})")
    parser.add_argument(
        "--requests-per-minute", type=int, default=30, help="limit for each account; 0 for no limit (default 30)"
    )
    parser.add_argument(
        "--vintage", choices=["live", "2018"], default="live", help="which field names and price forms to use"
    )
    parser.add_argument(
        "--past-the-end",
        choices=["empty", "not_found", "repeat"],
        default="empty",
        help="answer to a page after the last",
    )
    parser.add_argument(
        "--created-body", choices=["id", "named", "empty"], default="id", help="body of the answer to a create"
    )
    parser.add_argument("--client-id", help="for all accounts (default NAME-client)")
    parser.add_argument("--client-secret", help="for all accounts (default NAME-secret)")
    parser.add_argument(
        "--redirect-uri", action="append", help="repeatable; by default any loopback address is accepted"
    )
    return parser.parse_args(arguments)


def create_simulator(options: argparse.Namespace) -> Simulator:
    """Return a simulator with these options."""
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
    """Serve, and print one line with the address once it is ready."""
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
