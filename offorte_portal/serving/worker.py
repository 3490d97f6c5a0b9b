"""The worker: reads, answers and writes for all its clients in turn."""

import errno
import selectors
from collections import Counter
from contextlib import suppress
from typing import Any

from gunicorn import util
from gunicorn.workers.sync import SyncWorker

from offorte_portal import ports
from offorte_portal.serving.client import Client
from offorte_portal.serving.limits import MOST_CLIENTS, MOST_ON_DISK, RefusalError, busy

# How often to look around, in seconds.
LOOK = 0.5


class PortalWorker(SyncWorker):
    """See the package's text."""

    alive: bool

    def run(self) -> None:
        """Accept, read, answer and write until the process is to end; then write what is left."""
        self.clients: dict[Client, int] = {}
        self.looked = 0.0
        self.selector = selectors.DefaultSelector()
        for listener in self.sockets:
            listener.setblocking(False)
            self.selector.register(listener, selectors.EVENT_READ)
        while self.alive:
            self.turn()
        for listener in self.sockets:
            self.selector.unregister(listener)
        until = ports.monotonic() + self.cfg.graceful_timeout / 2
        while any(client.is_answered for client in self.clients) and ports.monotonic() < until:
            self.turn()

    def turn(self) -> None:
        """Do all that can be done without waiting, a request at a time."""
        for key, _ in self.selector.select(LOOK):
            if isinstance(key.fileobj, Client):
                if key.fileobj in self.clients:
                    self.go_on(key.fileobj)
                    self.keep_to_disk_limit(key.fileobj)
            else:
                self.accept(key.fileobj)
            if (now := ports.monotonic()) > self.looked + LOOK:
                self.look_around(now)
        if (now := ports.monotonic()) > self.looked + LOOK:
            self.look_around(now)

    def look_around(self, now: float) -> None:
        """Tell the parent that this process moves, and let go of clients that don't."""
        self.looked = now
        self.notify()
        if not self.is_parent_alive():
            self.alive = False
        for client in [one for one in self.clients if one.is_overdue(now)]:
            self.drop(client)

    def accept(self, listener: Any) -> None:
        """Take one client, and answer it where its request is there already."""
        try:
            line, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return None  # another process was faster
        except OSError as error:
            if error.errno not in (errno.EMFILE, errno.ENFILE) or not self.clients:
                raise
            return self.drop(self.find_oldest())  # no more open files: the next turn accepts it
        line.setblocking(False)
        util.close_on_exec(line)
        if len(self.clients) >= MOST_CLIENTS:
            self.drop(self.find_oldest())
        client = Client(line, address, listener, self.cfg)
        self.clients[client] = 0
        self.go_on(client)
        return self.keep_to_disk_limit(client)

    def find_oldest(self) -> Client:
        """Return the oldest client of the address that has most, so that nobody's crowd pushes out others."""
        [(host, _)] = Counter(client.host for client in self.clients).most_common(1)
        return next(client for client in self.clients if client.host == host)

    def keep_to_disk_limit(self, client: Client) -> None:
        """After a client took room on disk: let go of the largest ones, of the address that has most, beyond it."""
        if not client.on_disk:
            return
        while sum(one.on_disk for one in self.clients) > MOST_ON_DISK:
            taken: Counter[str] = Counter()
            for one in self.clients:
                taken[one.host] += one.on_disk
            largest = max(self.clients, key=lambda one: (one.on_disk > 0, taken[one.host], one.on_disk))
            if largest.is_answered:
                self.drop(largest)
            else:
                self.refuse(largest, busy())
                self.go_on(largest)

    def refuse(self, client: Client, refusal: RefusalError) -> None:
        """Answer that a request is not taken."""
        self.log.warning("Refused a request of %s: %s", client.host, refusal)
        with suppress(OSError):  # `go_on` meets it again
            client.refuse(refusal)

    def go_on(self, client: Client) -> None:
        """Do with a client what can be done without waiting for it."""
        try:
            if not client.is_answered and not self.answer(client):
                return self.watch(client, selectors.EVENT_READ)
            if not client.closed_at:
                if not client.write_on():
                    return self.watch(client, selectors.EVENT_WRITE)
                client.hang_up()
            if client.is_gone():
                return self.drop(client)
            return self.watch(client, selectors.EVENT_READ)
        except OSError:
            return self.drop(client)

    def answer(self, client: Client) -> bool:
        """Read on, and answer the request once it is whole: True then. Raises OSError where the line is cut."""
        try:
            if not client.receive():
                return False
            self.handle_request(client.listener, client.request, client, client.address)
        except RefusalError as refusal:
            self.refuse(client, refusal)
        except OSError as error:
            if error.errno not in (None, errno.EPIPE, errno.ECONNRESET, errno.ENOTCONN):
                self.log.exception("A request could not be answered")
            raise
        except StopIteration:
            pass  # gunicorn's word for an answer that broke off
        except (Exception, SystemExit) as error:  # noqa: BLE001 - as gunicorn's own workers do
            self.handle_error(client.request, client, client.address, error)
        client.forget_request()
        return True

    def watch(self, client: Client, events: int) -> None:
        """Come back when the client sends, or takes, something."""
        if self.clients[client] == events:
            return
        if self.clients[client]:
            self.selector.modify(client, events)
        else:
            self.selector.register(client, events)
        self.clients[client] = events

    def drop(self, client: Client) -> None:
        """Be done with a client."""
        if self.clients.pop(client):
            self.selector.unregister(client)
        client.drop()
