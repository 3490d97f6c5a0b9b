"""The worker: one loop that reads requests, answers them and sends the answers, for all its clients in turn."""

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

# Seconds between two heartbeats, and between two searches for overdue clients.
LOOK = 0.5


class PortalWorker(SyncWorker):
    """A gunicorn worker that no client can block; the package's docstring says how."""

    alive: bool

    def run(self) -> None:
        """Serve clients until the process has to end; then send the answers that are left."""
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
        """Do everything that can be done without waiting, one request at a time."""
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
        """Send the parent a heartbeat, stop if it has ended, and drop overdue clients."""
        self.looked = now
        self.notify()
        if not self.is_parent_alive():
            self.alive = False
        for client in [client for client in self.clients if client.is_overdue(now)]:
            self.drop(client)

    def accept(self, listener: Any) -> None:
        """Accept one client, and answer it if its request has come already."""
        try:
            line, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return None  # another process accepted it first
        except OSError as error:
            if error.errno not in (errno.EMFILE, errno.ENFILE) or not self.clients:
                raise
            return self.drop(self.find_oldest())  # too many open files: the next turn accepts it
        line.setblocking(False)
        util.close_on_exec(line)
        if len(self.clients) >= MOST_CLIENTS:
            self.drop(self.find_oldest())
        client = Client(line, address, listener, self.cfg)
        self.clients[client] = 0
        self.go_on(client)
        return self.keep_to_disk_limit(client)

    def find_oldest(self) -> Client:
        """Return the oldest client of the address with the most clients, so that no address crowds out others."""
        [(host, _)] = Counter(client.host for client in self.clients).most_common(1)
        return next(client for client in self.clients if client.host == host)

    def keep_to_disk_limit(self, client: Client) -> None:
        """Drop or refuse the largest clients of the address with the most on disk, until all are within the limit.

        Does nothing where the given client has nothing on disk.
        """
        if not client.on_disk:
            return
        while sum(other.on_disk for other in self.clients) > MOST_ON_DISK:
            taken: Counter[str] = Counter()
            for other in self.clients:
                taken[other.host] += other.on_disk
            largest = max(self.clients, key=lambda other: (other.on_disk > 0, taken[other.host], other.on_disk))
            if largest.is_answered:
                self.drop(largest)
            else:
                self.refuse(largest, busy())
                self.go_on(largest)

    def refuse(self, client: Client, refusal: RefusalError) -> None:
        """Log the refusal and send it to the client."""
        self.log.warning("Refused a request of %s: %s", client.host, refusal)
        with suppress(OSError):  # `go_on` gets the error again
            client.refuse(refusal)

    def go_on(self, client: Client) -> None:
        """Do everything for a client that can be done without waiting for it."""
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
        """Read on, and answer the request once it is complete; return whether it was.

        Raises OSError where the connection is lost.
        """
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
            pass  # how gunicorn says that an answer broke off
        except (Exception, SystemExit) as error:  # noqa: BLE001 - as gunicorn's own workers do
            self.handle_error(client.request, client, client.address, error)
        client.forget_request()
        return True

    def watch(self, client: Client, events: int) -> None:
        """Call `go_on` when the client next sends, or accepts, something."""
        if self.clients[client] == events:
            return
        if self.clients[client]:
            self.selector.modify(client, events)
        else:
            self.selector.register(client, events)
        self.clients[client] = events

    def drop(self, client: Client) -> None:
        """Close a client's connection and forget the client."""
        if self.clients.pop(client):
            self.selector.unregister(client)
        client.drop()
