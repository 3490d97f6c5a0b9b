"""What became of a click that took longer than a page may."""

from django.conf import settings
from django.db import models

from offorte_portal import ports
from offorte_portal.connections.encryption import EncryptedTextField


class HeldAnswer(models.Model):
    """An answer to be shown when the person's page asks for it; `finished_at` is None while it is being worked on.

    It is deleted when it is shown, or after some minutes. It may hold what a person typed into a form, so that it is
    encrypted, and for the session that asked only. Session and CSRF cookies are never in it.
    """

    ticket = models.UUIDField(primary_key=True, default=ports.new_uuid)
    # Who asked, known when it is finished, and the SHA-256 of their session's key.
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
