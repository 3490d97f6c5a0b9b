"""The answers to clicks that took longer than a page may."""

from django.conf import settings
from django.db import models

from offorte_portal import ports
from offorte_portal.connections.encryption import EncryptedTextField


class HeldAnswer(models.Model):
    """An answer that waits for the person's page to ask for it; `finished_at` is None while a thread works on it.

    It is deleted when it is shown, or after `holding.KEPT`. It may contain what a person typed into a form: it is
    encrypted, and shown only to the session that made the request. Session and CSRF cookies are never in it.
    """

    ticket = models.UUIDField(primary_key=True, default=ports.new_uuid)
    # The person who asked, set when the answer is there, and the SHA-256 of their session's key.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    session_hash = models.CharField(max_length=64, default="")
    created_at = models.DateTimeField(default=ports.now, db_index=True)
    finished_at = models.DateTimeField(null=True)
    # JSON: status, headers and cookies as they were sent, body in base64.
    sealed = EncryptedTextField(default="")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.ticket)
