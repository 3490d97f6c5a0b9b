"""The command line starts a simulator, says where, and ends on SIGTERM."""

import signal
import subprocess
import sys

import requests

from offorte_portal.simulator.__main__ import create_simulator, read_arguments


def test_it_serves_until_told_to_end() -> None:
    options = ["--port", "0", "--account", "bouw", "--account", "media"]
    command = [sys.executable, "-m", "offorte_portal.simulator", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        word, url = process.stdout.readline().split()
        assert word == "ready"
        state = requests.get(f"{url}/_control/state/", timeout=10).json()
        assert state.keys() == {"bouw", "media"}
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_options() -> None:
    arguments = (
        "--port 0 --companies 3 --people 4 --directories 1 --products 2 --proposals 1 --users 1 --seed 7 "
        "--requests-per-minute 0 --vintage 2018 --past-the-end repeat --created-body empty --client-id me "
        "--client-secret word --redirect-uri https://portal.example/"
    )
    with create_simulator(read_arguments(arguments.split())) as sim:
        account = sim.account("bouw")
        assert [len(items) for items in (account.companies, account.people, account.products)] == [3, 4, 2]
        assert (account.client_id, account.client_secret) == ("me", "word")
        assert account.redirect_uris == ["https://portal.example/"]
        assert sim.limit.per_minute is None
        assert (sim.switches.vintage, sim.switches.past_the_end) == ("2018", "repeat")
        assert (sim.switches.created_body, sim.seed) == ("empty", 7)
