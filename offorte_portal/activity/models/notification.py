"""Who is notified of which activity, and how."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from offorte_portal import ports
from offorte_portal.activity.models.activity import Activity
from offorte_portal.files.models import Export


class NotificationChoice(models.Model):
    """How a person wants to be notified of one kind of event. Without a row the default applies."""

    class Event(models.TextChoices):
        COMMENTED = "commented", _("A prospect asks a question")
        VIEWED = "viewed", _("A prospect views a proposal")
        WON = "won", _("A proposal is won")
        LOST = "lost", _("A proposal is lost or closed")

    class Scope(models.TextChoices):
        OWN = "own", _("My proposals")
        TEAM = "team", _("Other people’s proposals")

    class Channel(models.TextChoices):
        OFF = "off", _("Off")
        PORTAL = "portal", _("In the portal")
        MAIL = "mail", _("In the portal and by e-mail")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    event = models.CharField(max_length=10, choices=Event)
    scope = models.CharField(max_length=10, choices=Scope)
    channel = models.CharField(max_length=10, choices=Channel)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "event", "scope"], name="notification_choice_once")]
        indexes = [models.Index(name="notification_choice_of", fields=["event", "scope", "channel"])]

    def __str__(self) -> str:
        return f"{self.event} of {self.scope}: {self.channel}"


class Notification(models.Model):
    """A notification of one happening; without one, of `count` more that came in the same minutes.

    One with `export` says that a file is ready.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    activity = models.ForeignKey(Activity, models.CASCADE, null=True, related_name="notifications")
    export = models.OneToOneField(Export, models.CASCADE, null=True, related_name="notification")
    # Entries of one job are one notification, for which `activity` stands: the job, what it did and whose they are.
    fold = models.CharField(max_length=60, default="", editable=False)
    # How many happenings a notification without `activity` stands for.
    count = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=ports.now, editable=False)
    read_at = models.DateTimeField(null=True)
    wants_mail = models.BooleanField(default=False)
    # When it was claimed for a mail, and for which.
    mailed_at = models.DateTimeField(null=True)
    mail = models.UUIDField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["user", "activity"], name="notification_once")]
        indexes = [
            models.Index(name="notification_of", fields=["user", "id"]),
            models.Index(name="notification_unread", fields=["user", "id"], condition=models.Q(read_at__isnull=True)),
            models.Index(
                name="notification_to_mail",
                fields=["user"],
                condition=models.Q(wants_mail=True, mailed_at__isnull=True, read_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity or self.export or self.count}"


class NotificationMailbox(models.Model):
    """When a person was last sent a mail. A process updates it to claim the next one."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id}"
