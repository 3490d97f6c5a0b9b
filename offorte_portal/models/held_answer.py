"""What became of a click that took longer than a page may."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone


class HeldAnswer(models.Model):
    """An answer to be shown when the person's page asks for it; `finished_at` is None while it is being worked on.

    It is deleted when it is shown, or after some minutes.
    """

    ticket = models.UUIDField(primary_key=True, default=uuid.uuid4)
    # Who asked; known when it is finished.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    finished_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=list)
    cookies = models.JSONField(default=list)
    body = models.BinaryField(default=b"")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.ticket)
