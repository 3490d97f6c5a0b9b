"""Other systems that quotes are imported from, their imports, and the records read for mapping."""

from typing import Any

from django.core.cache import caches
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from offorte_portal import ports
from offorte_portal.connections.encryption import EncryptedTextField
from offorte_portal.connections.models import Connection
from offorte_portal.runs.reasons import ReasonField, ReasonsField
from offorte_portal.runs.run import Run

# The key in the cache, and for how long it holds.
ANY, ANY_SECONDS = "other_systems:any", 10


class Source(models.Model):
    """A connection to another quoting system: its address, secret, settings and state."""

    class State(models.TextChoices):
        NEW = "new", _("Not tested yet")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Needs attention")

    class Interval(models.IntegerChoices):
        NEVER = 0, _("Manually")
        HOUR = 60, _("Every hour")
        QUARTER = 360, _("Every 6 hours")
        DAY = 1440, _("Every day")

    # A name in `other_systems/systems/registry.py`.
    system = models.CharField(_("system"), max_length=20)
    label = models.CharField(_("label"), max_length=60, unique=True, help_text=_("The name that staff see."))
    base_url = models.CharField(_("base URL"), max_length=255)
    secret = EncryptedTextField(_("credentials"))
    # The token that was obtained with the secret, for systems that issue tokens.
    token = EncryptedTextField(editable=False, blank=True, default="")
    token_expires_at = models.DateTimeField(null=True, editable=False)
    options = models.JSONField(_("settings"), default=dict, blank=True)
    requests_per_second = models.PositiveSmallIntegerField(
        _("requests per second"), default=5, help_text=_("Enter 0 for no limit.")
    )
    interval = models.PositiveIntegerField(_("automatic import"), choices=Interval, default=Interval.NEVER)
    target = models.ForeignKey(
        Connection,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Offorte account"),
        help_text=_("Customers are matched with this account, and quotes are copied to it."),
    )

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NEW, editable=False)
    state_reason = ReasonField(_("reason"))
    tested_at = models.DateTimeField(_("tested"), null=True, editable=False)
    # One anonymised answer as JSON, for people to compare with the reference.
    sample = models.TextField(blank=True, default="", editable=False)
    # The system's own statuses by key, where it lists them.
    known_statuses = models.JSONField(default=dict, editable=False)
    # The names of the system's layouts, where it has any.
    known_layouts = models.JSONField(default=list, editable=False)
    imported_at = models.DateTimeField(_("last import"), null=True, editable=False)
    # When the last import that read everything, and not only changes, was started.
    read_all_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=ports.now, editable=False)

    class Meta:
        ordering = ["label"]
        verbose_name = _("other system")
        verbose_name_plural = _("other systems")
        permissions = [("import_source", gettext_noop("Can test other systems and import from them"))]

    def __str__(self) -> str:
        return self.label

    def save(self, *args: Any, **options: Any) -> None:
        """Save, and forget whether there is any system."""
        super().save(*args, **options)
        caches["local"].delete(ANY)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        """Delete, and forget whether there is any system."""
        deleted = super().delete(*args, **options)
        caches["local"].delete(ANY)
        return deleted

    @classmethod
    def is_any_connected(cls) -> bool:
        """Return whether any is connected; every page asks this, so each process remembers it for ANY_SECONDS."""
        known: bool | None = caches["local"].get(ANY)
        if known is None:
            known = cls._default_manager.exists()
            caches["local"].set(ANY, known, ANY_SECONDS)
        return known


class QuoteImport(Run):
    """One import of a system's quotes. `checkpoint` is {"stage": …, "cursor": …}."""

    class Trigger(models.TextChoices):
        SCHEDULE = "schedule", _("Schedule")
        PERSON = "person", _("Started by hand")
        COMMAND = "command", _("Command line")

    source = models.ForeignKey(Source, models.CASCADE, related_name="imports", verbose_name=_("system"))
    trigger = models.CharField(_("trigger"), max_length=10, choices=Trigger)
    # Reads only what changed after this moment; null: reads everything, and marks what is absent.
    since = models.DateTimeField(null=True)
    # Counts by name: requests, seen, new, changed, missing; unreadable (quotes), unreadable_KIND (records of a kind),
    # unusable (entries of the list without an id) and unreadable_pages.
    figures = models.JSONField(_("figures"), default=dict)
    # What could not be read, and why (`failing.py`).
    problems = ReasonsField()

    class Meta(Run.Meta):
        verbose_name = pgettext_lazy("a reading of quotes", "import")
        verbose_name_plural = pgettext_lazy("readings of quotes", "imports")
        constraints = [
            models.UniqueConstraint(
                fields=["source"],
                condition=models.Q(state__in=["queued", "running", "waiting"]),
                name="other_systems_one_active_import",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} #{self.pk}"


class Readable(models.Model):
    """Something that imports read by itself: what has to be read, and what went wrong."""

    # The import that has to read it; null where none has to.
    wanted_by = models.ForeignKey(QuoteImport, models.SET_NULL, null=True, related_name="+")
    read_at = models.DateTimeField(_("read"), null=True)
    # Why it could not be read the last time; null where it was.
    problem = ReasonField()
    # How often in a row it could not be read, and when it is asked for again by itself.
    failures = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True


class SourceRecord(Readable):
    """An item that quotes are mapped with, for example a customer: the last answer, without secrets."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="records")
    kind = models.CharField(max_length=20)
    external_id = models.CharField(max_length=100)
    # JSON as text, so that numbers stay as they came; "" until it is read, or where the system has none.
    raw = models.TextField(default="")
    raw_hash = models.CharField(max_length=32, default="")
    # The mark that a quote gave it when it was last requested; another mark makes it be read again.
    mark = models.CharField(max_length=64, default="")
    # The import that requested it last: it is requested at most once an import.
    read_by = models.ForeignKey(QuoteImport, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "external_id"], name="other_systems_sourcerecord_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"
