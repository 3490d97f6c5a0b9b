"""Quotes of other systems, and the matches of their customers in Offorte."""

from collections.abc import Collection
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from offorte_portal.connections.models import Connection
from offorte_portal.mirror.models import FoldedField, lowered, sort_key
from offorte_portal.other_systems.models.source import QuoteImport, Readable, Source, SourceRecord
from offorte_portal.text.keys import SORTED_CHARACTERS
from offorte_portal.text.spellings import spell_lines
from offorte_portal.writes.models import Operation


class PartyMatch(models.Model):
    """A customer of another system, or a person at one, and its match in Offorte as far as known."""

    class Kind(models.TextChoices):
        COMPANY = "company", _("Company")
        PERSON = "person", _("Person")

    class State(models.TextChoices):
        OPEN = "open", _("No match")
        PROPOSED = "proposed", _("To confirm")
        CONFIRMED = "confirmed", _("Confirmed")
        # A person decided that Offorte does not have this company or person yet.
        NEW = "new", _("New in Offorte")

    source = models.ForeignKey(Source, models.CASCADE, related_name="matches", verbose_name=_("system"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    # The other system's id; without one a company's name, or a fingerprint of a person's company, name and address.
    key = models.CharField(max_length=120)
    # For people: a fingerprint of name and e-mail address, which identify a person within a company.
    identity = models.CharField(max_length=32, default="", editable=False)
    name = models.TextField(_("name"), default="")
    name_key = sort_key("name")
    search_text = FoldedField("name", spell_lines)
    # For people: the match of their company.
    company = models.ForeignKey("self", models.CASCADE, null=True, related_name="people", verbose_name=_("company"))
    # The values of the other system, by the field names of `other_systems/systems/quote.py`.
    details = models.JSONField(default=dict)

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    connection = models.ForeignKey(Connection, models.SET_NULL, null=True, related_name="+")
    remote_id = models.BigIntegerField(_("Offorte ID"), null=True)
    confidence = models.PositiveSmallIntegerField(_("confidence"), default=0)
    # The names of the marks that agree (`other_systems/marks.py`).
    evidence = models.JSONField(default=list)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    # The operation that created it in Offorte, where it was new there.
    created_with = models.OneToOneField(Operation, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["name_key", "id"]
        verbose_name = _("customer in another system")
        verbose_name_plural = _("customers in other systems")
        constraints = [models.UniqueConstraint(fields=["source", "kind", "key"], name="other_systems_partymatch_once")]
        indexes = [models.Index(name="partymatch_identity", fields=["source", "identity"])]

    def __str__(self) -> str:
        return self.name or self.key

    @property
    def is_decided(self) -> bool:
        """Whether the match is confirmed, or new to Offorte."""
        return self.state in (self.State.CONFIRMED, self.State.NEW)


class ImportedQuoteQuerySet(models.QuerySet["ImportedQuote"]):
    """Imported quotes, with the selections that lists and sums use."""

    def read(self) -> Self:
        """Return the quotes that have been read and mapped, not only seen in a list."""
        return self.exclude(status="")

    def present(self) -> Self:
        """Return the quotes that have been read and that the other system still has."""
        return self.read().filter(missing_since__isnull=True)

    def own(self, addresses: Collection[str]) -> Self:
        """Return the quotes whose owner has one of these e-mail addresses (in lower case); none for no addresses."""
        return self.filter(owner_key__in=[address[:SORTED_CHARACTERS] for address in addresses if address])


def _sum_index(name: str, day: str) -> models.Index:
    fields = [day, "status", "currency", "total", "owner_key", "source", "missing_since"]
    return models.Index(name=name, fields=fields, condition=models.Q(missing_since__isnull=True))


class ImportedQuote(Readable):
    """A quote of another system: the last answer about it, and the columns that are mapped from it.

    Null amounts mean that the system gives none, or that their unit is not known.
    """

    class Status(models.TextChoices):
        EDIT = "edit", _("In edit")
        OPEN = "open", _("Open")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")
        CLOSED = "closed", _("Closed")

    SUMMARY: ClassVar = ("number", "title", "company_name", "owner_name")

    source = models.ForeignKey(Source, models.CASCADE, related_name="quotes", verbose_name=_("system"))
    external_id = models.CharField(_("ID"), max_length=100)

    # The answer without secrets: JSON as text, so that numbers stay as they came; "" until it is read.
    raw = models.TextField(default="")
    raw_hash = models.CharField(max_length=32, default="")
    mark = models.CharField(max_length=64, default="")
    seen_by = models.ForeignKey(QuoteImport, models.SET_NULL, null=True, related_name="+")
    # The records that it is mapped with.
    records = models.ManyToManyField(SourceRecord, related_name="quotes")
    # Fingerprint of the mapper and its settings; "" where the columns below have to be mapped (again).
    mapped_from = models.CharField(max_length=32, default="")
    missing_since = models.DateTimeField(_("gone since"), null=True)

    number = models.TextField(_("number"), default="")
    title = models.TextField(_("title"), default="")
    status = models.CharField(_("status"), max_length=10, choices=Status, default="")
    status_text = models.TextField(_("status in the system"), default="")
    company_name = models.TextField(_("company"), default="")
    company = models.ForeignKey(PartyMatch, models.SET_NULL, null=True, related_name="quotes")
    people = models.ManyToManyField(PartyMatch, related_name="+")
    owner_name = models.TextField(_("owner"), default="")
    owner_email = models.TextField(_("owner e-mail"), default="")
    currency = models.CharField(_("currency"), max_length=10, default="")
    total = models.DecimalField(_("total excluding VAT"), max_digits=19, decimal_places=4, null=True)
    total_vat = models.DecimalField(_("VAT"), max_digits=19, decimal_places=4, null=True)
    quoted_on = models.DateField(_("date"), null=True)
    valid_until = models.DateField(_("valid until"), null=True)
    remote_created_at = models.DateTimeField(_("created"), null=True)
    remote_updated_at = models.DateTimeField(_("modified"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True)
    # What a won quote became, and why a lost one was lost, where the system says so.
    order_number = models.TextField(_("order"), default="")
    ordered_on = models.DateField(_("ordered on"), null=True)
    lost_reason = models.TextField(_("lost because"), default="")
    # The days that sums use: when it was begun, and when it was won, lost or closed, as far as known.
    begun_on = models.DateField(_("begun"), null=True)
    decided_on = models.DateField(_("decided"), null=True)
    reference = models.TextField(_("reference"), default="")
    introduction = models.TextField(_("text"), default="")
    internal_note = models.TextField(_("internal note"), default="")
    # A list of objects with key and name.
    documents = models.JSONField(default=list)
    # A list of objects with code and values (`other_systems/systems/notes.py`).
    notes = models.JSONField(_("warnings"), default=list)
    has_blocking_notes = models.BooleanField(default=False)
    search_text = models.TextField(default="", editable=False)
    title_key = sort_key("title")
    owner_key = lowered("owner_email")

    # The operation that copies it to Offorte; there is never a second one.
    created_with = models.OneToOneField(
        Operation, models.SET_NULL, null=True, related_name="imported_quote", verbose_name=_("copied to Offorte")
    )

    objects = ImportedQuoteQuerySet.as_manager()

    class Meta:
        ordering = ["-quoted_on", "-id"]
        verbose_name = pgettext_lazy("of another system", "imported quote")
        verbose_name_plural = pgettext_lazy("of another system", "imported quotes")
        permissions = [
            ("match_importedquote", gettext_noop("Can match customers of other systems with Offorte")),
            ("copy_importedquote", gettext_noop("Can copy quotes of other systems to Offorte")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="other_systems_importedquote_once")
        ]
        indexes = [
            models.Index(name="importedquote_by_date", fields=["quoted_on", "id"]),
            models.Index(name="importedquote_by_title", fields=["title_key", "id"]),
            models.Index(name="importedquote_by_total", fields=["total", "id"]),
            models.Index(name="importedquote_wanted", fields=["wanted_by", "id"]),
            models.Index(name="importedquote_unmapped", fields=["source", "id"], condition=models.Q(mapped_from="")),
            models.Index(
                name="importedquote_board",
                fields=["status", "begun_on", "id", "owner_key", "currency", "total", "missing_since"],
                condition=models.Q(missing_since__isnull=True),
            ),
            # Every column that sums need, so that they don't read the rows, which contain whole answers.
            _sum_index("importedquote_begun", "begun_on"),
            _sum_index("importedquote_decided", "decided_on"),
        ]

    def __str__(self) -> str:
        return self.title or self.number or f"#{self.external_id}"


class QuoteRow(models.Model):
    """A line of an imported quote. `price` is per unit, before discount; `total` is what it adds to the quote."""

    quote = models.ForeignKey(ImportedQuote, models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    description = models.TextField(_("description"))
    article = models.TextField(default="")
    group = models.TextField(default="")
    unit = models.TextField(_("unit"), default="")
    quantity = models.DecimalField(_("quantity"), max_digits=19, decimal_places=4)
    price = models.DecimalField(_("price"), max_digits=19, decimal_places=4, null=True)
    total = models.DecimalField(_("amount"), max_digits=19, decimal_places=4, null=True)
    vat = models.DecimalField(_("VAT"), max_digits=9, decimal_places=4, null=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["quote", "position"], name="other_systems_quoterow_once")]

    def __str__(self) -> str:
        return self.description
