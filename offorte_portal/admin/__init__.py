from offorte_portal.admin import (
    connection,
    export,
    job,
    operation,
    party,
    quote,
    source,
    sync_run,
    webhook,
    webhook_event,
)

__all__ = [
    "connection",
    "export",
    "job",
    "operation",
    "party",
    "quote",
    "source",
    "sync_run",
    "webhook",
    "webhook_event",
]
