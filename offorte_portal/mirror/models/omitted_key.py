"""Documented keys that Offorte's latest answers leave out."""

from django.db import models

from offorte_portal.connections.models import Connection


class OmittedKey(models.Model):
    """A documented key that the latest answers of an account left out; the first answer with it deletes the row.

    `answers` counts them in a row, counting consecutive answers about the same object once: see `mirror/omissions.py`.
    """

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="omitted_keys")
    resource = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    answers = models.PositiveIntegerField(default=1)
    remote_id = models.BigIntegerField()
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "resource", "key"], name="mirror_omitted_key_once")
        ]

    def __str__(self) -> str:
        return f"{self.resource}.{self.key}"
