"""The security log: sign-ins, failed sign-ins, and changes to who may do what."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    SIGNED_IN = "signed_in", _("Signed in")
    SIGN_IN_FAILED = "sign_in_failed", _("Sign-in failed")
    SIGNED_OUT = "signed_out", _("Signed out")
    PASSWORD_RESET_ASKED = "password_reset_asked", _("Password reset requested")
    PASSWORD_RESET = "password_reset", _("Password reset")
    PASSWORD_CHANGED = "password_changed", _("Password changed")
    SECOND_FACTOR_ADDED = "second_factor_added", _("Second factor added")
    SECOND_FACTOR_REMOVED = "second_factor_removed", _("Second factor removed")
    SECOND_FACTOR_RESET = "second_factor_reset", _("Second factor reset by an administrator")
    RECOVERY_CODES_VIEWED = "recovery_codes_viewed", _("Recovery codes viewed")
    RECOVERY_CODES_MADE = "recovery_codes_made", _("Recovery codes created")
    PASSKEY_ADDED = "passkey_added", _("Passkey added")
    PASSKEY_REMOVED = "passkey_removed", _("Passkey removed")
    SESSIONS_ENDED = "sessions_ended", _("Sessions ended")
    STAFF_ADDED = "staff_added", _("Staff member added")
    STAFF_INVITED = "staff_invited", _("Invitation sent")
    STAFF_DEACTIVATED = "staff_deactivated", _("Staff member deactivated")
    STAFF_ACTIVATED = "staff_activated", _("Staff member activated")
    STAFF_REMOVED = "staff_removed", _("Staff member deleted")
    ROLE_CHANGED = "role_changed", _("Role changed")
    NAME_CHANGED = "name_changed", _("Username changed")
    ADDRESS_CHANGED = "address_changed", _("E-mail address changed")
    OFFORTE_USER_LINKED = "offorte_user_linked", _("Linked to an Offorte user")
    OFFORTE_USER_UNLINKED = "offorte_user_unlinked", _("Unlinked from an Offorte user")
    ACCOUNT_ADDED = "account_added", _("Offorte account added")
    ACCOUNT_CONNECTED = "account_connected", _("Offorte account connected")
    ACCOUNT_DISCONNECTED = "account_disconnected", _("Offorte account disconnected")
    ACCOUNT_REMOVED = "account_removed", _("Offorte account deleted")
    SECRET_CHANGED = "secret_changed", _("Client secret changed")
    SYSTEM_SECRET_CHANGED = "system_secret_changed", _("Secret of another system changed")
    WEBHOOK_ROTATED = "webhook_rotated", _("Webhook address changed")
    KEYS_ROTATED = "keys_rotated", _("Encryption keys rotated")
    API_KEY_ADDED = "api_key_added", _("API key added")
    API_KEY_REMOVED = "api_key_removed", _("API key removed")


def kinds() -> list[tuple[str, str | Promise]]:
    """Return the choices; a function, so that a new kind needs no migration."""
    return list(Kind.choices)


class SecurityEvent(models.Model):
    """An event, as codes and values. It stays when the people and the account that it is about are deleted.

    `by` did it and `about` is the member of staff it happened to; `by_name` and `about_name` keep their names at that
    time, or the name that somebody entered who failed to sign in. Repeats within a minute are one row with a `count`.
    """

    Kind: ClassVar = Kind

    kind = models.CharField(_("event"), max_length=30, choices=kinds)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="security_events_caused",
        verbose_name=_("by"),
    )
    by_name = models.CharField(max_length=150, default="", blank=True)
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="security_events",
        verbose_name=_("staff member"),
    )
    about_name = models.CharField(max_length=150, default="", blank=True)
    address = models.GenericIPAddressField(_("IP address"), null=True, blank=True)
    user_agent = models.CharField(_("browser"), max_length=200, default="", blank=True)
    # The id of a Connection that may have been deleted; `details` keeps the account's name.
    connection_id = models.BigIntegerField(null=True, blank=True)
    details = models.JSONField(default=dict, blank=True)
    happened_at = models.DateTimeField(_("time"))
    count = models.PositiveIntegerField(_("times"), default=1)
    last_at = models.DateTimeField(_("last time"), null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("security event")
        verbose_name_plural = _("security log")
        default_permissions = ("view",)
        indexes = [
            models.Index(name="security_event_at", fields=["-happened_at"]),
            models.Index(name="security_event_of_kind", fields=["kind", "-happened_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"
