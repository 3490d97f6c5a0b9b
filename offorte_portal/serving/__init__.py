"""The gunicorn worker that serves the portal: it works on one request at a time, and no client can block it.

gunicorn's own sync worker reads from a client until its request is complete, writes until the client has read the
answer, and waits up to 2 s for the client to close the connection. So a client that sends half a request, or reads
slowly, blocks the process for everybody else. In this worker:

1. requests of several clients are read side by side, as they come; each is worked on once it is complete;
2. a head is parsed once, by gunicorn's parser, and what that leaves ambiguous is refused: one place decides where a
   request ends, and a chunked body reaches the application with a known length;
3. answers to several clients are sent side by side, as fast as each client accepts its own;
4. a client that does nothing for a while is dropped; where there are too many, so is the oldest client of the address
   with the most connections;
5. a request that is too large, or that is more than the process stores for all its clients together, is refused: see
   `limits`.

Everything else is the sync worker's. A proxy that buffers, as nginx does, gives the same protection; this worker is for
installations without one.
"""

from offorte_portal.serving.worker import PortalWorker

__all__ = ["PortalWorker"]
