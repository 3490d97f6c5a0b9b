from offorte_portal.admin import (
    connection,
    export,
    job,
    operation,
    party,
    quote,
    source,
    sync_run,
    user,
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
    "user",
    "webhook",
    "webhook_event",
]
