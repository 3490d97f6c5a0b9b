"""A connected Offorte account, the requests that its budget has granted, and the state of its queues."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from offorte_portal import ports
from offorte_portal.connections.encryption import EncryptedTextField
from offorte_portal.runs.reasons import ReasonField

# The account's name becomes part of a host name. \Z and not $: $ lets a trailing newline through.
ACCOUNT_NAME = r"\A[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z"


class Connection(models.Model):
    """One Offorte account: its app credentials, its tokens and the state of the connection.

    It belongs to the organisation, not to the person who connected it.
    """

    class State(models.TextChoices):
        NEW = "new", _("Not connected yet")
        CONNECTED = "connected", _("Connected")
        RECONNECT = "reconnect", _("Needs to be reconnected")
        DISCONNECTED = "disconnected", _("Disconnected")

    account = models.CharField(
        _("account name"),
        max_length=63,
        unique=True,
        validators=[
            RegexValidator(
                ACCOUNT_NAME,
                _("Use the part of the address before .offorte.com: lowercase letters, digits and hyphens."),
            )
        ],
        help_text=_("The part before .offorte.com in the address of your Offorte account."),
    )
    label = models.CharField(
        _("label"),
        max_length=60,
        blank=True,
        help_text=_("The name that staff see. Leave empty to use the account name."),
    )
    client_id = models.CharField(_("client ID"), max_length=255)
    client_secret = EncryptedTextField(_("client secret"))
    access_token = EncryptedTextField(editable=False, blank=True, default="")
    refresh_token = EncryptedTextField(editable=False, blank=True, default="")
    token_expires_at = models.DateTimeField(_("token expires"), null=True, editable=False)
    # Raised with every stored token, so that a late refresh of an older token is discarded.
    token_version = models.PositiveIntegerField(default=0, editable=False)
    refresh_lease_until = models.DateTimeField(null=True, editable=False)

    state = models.CharField(_("state"), max_length=12, choices=State, default=State.NEW, editable=False)
    state_reason = ReasonField(_("reason"))
    connected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("connected by"),
    )
    connected_at = models.DateTimeField(_("connected"), null=True, editable=False)
    synced_at = models.DateTimeField(
        _("synced"),
        null=True,
        editable=False,
        help_text=_("Start of the last sync that read every list completely."),
    )
    # When the removal of mirrored rows was last queued; None if none is under way.
    removal_queued_at = models.DateTimeField(null=True, editable=False)
    # What was read before this time may have changed at Offorte without an event: see `sync/reading`.
    unseen_until = models.DateTimeField(null=True, editable=False)
    # Documented keys that no answer holds any more, as "resource.key", once the administrators were informed.
    vanished_keys = models.JSONField(default=list, editable=False)
    created_at = models.DateTimeField(default=ports.now, editable=False)

    class Meta:
        ordering = ["account"]
        verbose_name = _("Offorte account")
        verbose_name_plural = _("Offorte accounts")
        permissions = [
            ("authorise_connection", gettext_noop("Can connect and disconnect an Offorte account")),
            ("sync_connection", gettext_noop("Can start and cancel a sync")),
        ]

    def __str__(self) -> str:
        return self.label or self.account

    @property
    def is_connected(self) -> bool:
        """Whether requests can be sent for this account."""
        return self.state == self.State.CONNECTED

    @property
    def api_url(self) -> str:
        """Base URL of the account's API, without a slash at the end."""
        return settings.OFFORTE_API_URL.format(account=self.account).rstrip("/")

    @property
    def oauth_url(self) -> str:
        """Base URL of the account's OAuth pages, without a slash at the end."""
        return settings.OFFORTE_OAUTH_URL.format(account=self.account).rstrip("/")

    @property
    def web_url(self) -> str:
        """Base URL of the account's own Offorte screens, without a slash at the end."""
        return settings.OFFORTE_WEB_URL.format(account=self.account).rstrip("/")

    @property
    def host(self) -> str:
        """The host of the account's OAuth pages, for people to check."""
        return urlsplit(self.oauth_url).netloc


class RequestBudget(models.Model):
    """One row per account, changed only by compare-and-swap on `version`: see `connections/budget.py`."""

    connection = models.OneToOneField(Connection, models.CASCADE, related_name="budget", primary_key=True)
    # [epoch seconds, lane] of the requests granted within the window, oldest first.
    granted = models.JSONField(default=list)
    # Epoch seconds: no request before this time, since Offorte answered 429.
    paused_until = models.FloatField(default=0)
    # Epoch seconds: when a person last used the portal.
    person_seen = models.FloatField(default=0)
    version = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"Request budget of {self.connection_id}"


class Drain(models.Model):
    """The draining of one queue of one account; the queue itself is the rows that wait. See `connections/drains.py`."""

    class Queue(models.TextChoices):
        WRITES = "writes"
        EVENTS = "events"
        READING = "reading"

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="drains")
    queue = models.CharField(max_length=10, choices=Queue)
    # Set when a task is queued and cleared when it begins: None if no task waits.
    queued_at = models.DateTimeField(null=True)
    lease = models.CharField(max_length=36, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    # While Offorte can't be reached, nothing is tried before this time; `failures` counts such tries in a row.
    retry_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "queue"], name="connections_drain_once")]

    def __str__(self) -> str:
        return f"{self.queue} of {self.connection_id}"
