"""The kind of gunicorn worker that serves the portal: one request at a time, and no client can make it stand still.

gunicorn's own sync worker reads from a client until its request is whole, writes until its answer is taken, and waits
up to 2 s for it to hang up: whoever sends half a request, or reads slowly, keeps a process from everybody else. Here

1. a request is read as it comes, beside others, and worked on once it is whole;
2. its head is read once, by gunicorn's parser, and what that leaves open is refused: where a request ends is decided in
   one place, and a body in chunks reaches the application as one of a known length;
3. an answer is written as fast as its client takes it, beside others, once it is made;
4. who does neither for a while is dropped, and so is the oldest of the address with most connections where there are
   too many;
5. what is too large, or more than the process keeps for all its clients together, is refused: see `limits`.

All else is the sync worker's. A proxy that buffers (nginx does) gives the same; without one this is what protects.
"""

from offorte_portal.serving.worker import PortalWorker

__all__ = ["PortalWorker"]
