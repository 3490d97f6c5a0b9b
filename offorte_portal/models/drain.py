"""Who empties a queue of an account: at most one process at a time, with at most one more task waiting."""

from django.db import models

from offorte_portal.models.connection import Connection


class Drain(models.Model):
    """The emptying of one queue of one account; the queue itself is the rows that wait. See `services/drains.py`."""

    class Queue(models.TextChoices):
        WRITES = "writes"
        EVENTS = "events"
        READING = "reading"

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="drains")
    queue = models.CharField(max_length=10, choices=Queue)
    # Set by who queues a task, cleared by the task when it begins: None where no task waits.
    queued_at = models.DateTimeField(null=True)
    lease = models.CharField(max_length=36, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    # While Offorte is away nothing is tried before this; how often in a row it was found away.
    retry_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "queue"], name="offorte_portal_drain_once")]

    def __str__(self) -> str:
        return f"{self.queue} of {self.connection_id}"
