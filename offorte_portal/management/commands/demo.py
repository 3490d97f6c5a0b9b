"""Runs everything on one machine: the portal, its worker and a simulated Offorte, with a database of their own."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.crypto import get_random_string

from offorte_portal.connections.models import Connection
from offorte_portal.staff.models import OfforteUserLink

FOLDER = Path(settings.BASE_DIR) / "demo"
PASSWORD = "demo"  # noqa: S105 - for a portal that listens on loopback only
# User name, e-mail, first and last name, role.
STAFF = (
    ("admin", "admin@bouw.example", "Ada", "Beheer", "Administrator"),
    ("manager", "pieter@bouw.example", "Pieter", "Kok", "Manager"),
    ("seller", "sanne@bouw.example", "Sanne", "Jansen", "Seller"),
    ("viewer", "vera@bouw.example", "Vera", "Smit", "Viewer"),
)
# The id that the simulated account gives the first of its users, Sanne.
SELLER_AT_OFFORTE = 1001


class Command(BaseCommand):
    help = "Set up and serve the portal with its worker and a simulated Offorte on 127.0.0.1. Ctrl-C ends all."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--simulator-port", type=int, default=8001)
        parser.add_argument("--companies", type=int, default=160)
        parser.add_argument("--proposals", type=int, default=180)
        parser.add_argument("--folder", type=Path, default=FOLDER, help="the folder for its database and keys")
        parser.add_argument("--fast", action="store_true", help="lift the limit of 30 requests a minute")
        parser.add_argument("--prepare", action="store_true", help="set up the database and exit")
        parser.add_argument(
            "--systems-port", type=int, default=0, help="port of the other quoting systems (0: any free port)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare the database, then run four processes until Ctrl-C. Raises CommandError where one ends by itself."""
        if options["prepare"]:
            self.prepare(options["systems_port"])
            return
        if not options["systems_port"]:
            with socket.create_server(("127.0.0.1", 0)) as server:  # a port that nothing listens on
                options["systems_port"] = int(server.getsockname()[1])
        environment = make_environment(options)
        manage = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py")]
        prepare = ["demo", "--prepare", "--systems-port", str(options["systems_port"])]
        subprocess.run([*manage, *prepare], env=environment, check=True)  # noqa: S603
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # counts as Ctrl-C
        processes: list[subprocess.Popen[bytes]] = []
        try:
            for line in commands(options):
                # In a group of its own, so that Ctrl-C reaches the demo only; listed at once, so that it is ended.
                process = subprocess.Popen(line, env=environment, cwd=settings.BASE_DIR, start_new_session=True)  # noqa: S603
                processes.append(process)
            self.stdout.write(welcome(options))
            while all(process.poll() is None for process in processes):
                time.sleep(0.5)
            raise CommandError("One of the demo's processes has stopped; see above.")
        except KeyboardInterrupt:
            self.stdout.write("Stopping the demo.")
        finally:
            end(processes)

    def prepare(self, systems_port: int) -> None:
        """Create the database, static files, a user of each role, an account to be connected and another system.

        Raises CommandError where the settings are not those of a demo.
        """
        if urlsplit(settings.OFFORTE_API_URL).hostname != "127.0.0.1":
            raise CommandError("--prepare only works with the simulator. Run the demo without it.")
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        for username, email, first_name, last_name, role in STAFF:
            names = {"email": email, "first_name": first_name, "last_name": last_name, "is_staff": True}
            user, is_new = User.objects.get_or_create(username=username, defaults=names)
            if is_new:
                user.set_password(PASSWORD)
                user.save()
            user.groups.set([Group.objects.get(name=role)])
        account, _ = Connection.objects.get_or_create(
            account="bouw",
            defaults={"label": "Demo Bouw", "client_id": "bouw-client", "client_secret": "bouw-secret"},
        )
        # An administrator would link them once the account's users have been read; only then does it give rights.
        OfforteUserLink.objects.get_or_create(
            user=User.objects.get(username="seller"),
            connection=account,
            defaults={"remote_id": SELLER_AT_OFFORTE, "name": "Sanne Jansen", "linked_at": timezone.now()},
        )
        if has_other_systems():
            # The port may differ each time.
            apps.get_model("other_systems.Source")._default_manager.update_or_create(
                label="Demo Workspace",
                defaults={
                    "system": "workspace",
                    "base_url": f"http://127.0.0.1:{systems_port}/workspace",
                    "secret": "workspace-api-token-1",
                    "target": account,
                },
            )


def has_other_systems() -> bool:
    return apps.is_installed("offorte_portal.other_systems")


def make_environment(options: dict[str, Any]) -> dict[str, str]:
    """Return the demo's environment: a database and keys in its own folder, addresses on 127.0.0.1."""
    folder, simulator = options["folder"].resolve(), f"http://127.0.0.1:{options['simulator_port']}"
    folder.mkdir(exist_ok=True)
    return {
        **os.environ,
        "DJANGO_DEBUG": "False",
        "DJANGO_SECRET_KEY": keep(folder / "secret-key", get_random_string(50)),
        "DJANGO_ALLOWED_HOSTS": "127.0.0.1,localhost",
        "PORTAL_ENCRYPTION_KEYS": keep(folder / "encryption-key", Fernet.generate_key().decode()),
        "PORTAL_URL": f"http://127.0.0.1:{options['port']}",
        "DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite3'}",
        "REDIS_URL": "",
        "EMAIL_URL": "consolemail://",
        "OFFORTE_API_URL": f"{simulator}/api/v1/{{account}}",
        "OFFORTE_OAUTH_URL": f"{simulator}/{{account}}/oauth2",
        "OFFORTE_WEB_URL": f"{simulator}/{{account}}",
        "OFFORTE_REQUESTS_PER_MINUTE": "0" if options["fast"] else "30",
        "PORTAL_BETA_SYSTEMS": "True",
        "PORTAL_PRIVATE_NETWORKS": "127.0.0.0/8",
    }


def keep(path: Path, value: str) -> str:
    """Return the secret that is kept in this file; the given one is stored where there is no file yet."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(value)
    return path.read_text()


def commands(options: dict[str, Any]) -> list[list[str]]:
    """Return the command lines of the simulators, the worker and the web server, in this order."""
    python, manage = sys.executable, str(Path(settings.BASE_DIR) / "manage.py")
    companies, proposals = options["companies"], options["proposals"]
    size = ["--companies", companies, "--people", companies * 2, "--products", 120, "--proposals", proposals]
    limit = ["--requests-per-minute", 0 if options["fast"] else 30]
    simulator = [python, "-m", "offorte_portal.simulator", "--port", options["simulator_port"], *size, *limit]
    customers = ["--account", "bouw", "--companies", companies]
    systems = [python, "-m", "offorte_portal.simulator.sources", "--port", options["systems_port"], *customers]
    web = [python, "-m", "gunicorn", "offorte_portal.wsgi", "--bind", f"127.0.0.1:{options['port']}", "--workers", "2"]
    return [[str(word) for word in line] for line in (simulator, systems, [python, manage, "qcluster"], web)]


def end(processes: list["subprocess.Popen[bytes]"]) -> None:
    """End the processes that were started, web server first, and wait for them; kill those that take over 15 s."""
    for process in reversed(processes):
        process.terminate()
    for process in processes:
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def welcome(options: dict[str, Any]) -> str:
    """Return the text that tells people what to do next."""
    names = ", ".join(username for username, *_ in STAFF)
    port, simulator_port, folder = options["port"], options["simulator_port"], options["folder"]
    other_systems = (
        "  and then       Settings > Other systems > Demo Workspace > Import now\n" if has_other_systems() else ""
    )
    return f"""
Offorte Portal   http://127.0.0.1:{port}
  sign in as     {names} (password: {PASSWORD}); admin can connect accounts
  then           Settings > Offorte accounts > Demo Bouw > Connect to Offorte
{other_systems}Simulated Offorte  http://127.0.0.1:{simulator_port}
  sign in as     sanne@bouw.example (password: {PASSWORD})
  be a prospect  open one of the links on its first page
Ctrl-C stops the demo. Its data stays in {folder.name}/ (delete that folder to start over).
"""
