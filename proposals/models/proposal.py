from django.db import models
from django.db.models.functions import Cast, Concat, Left, Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from contacts.models import Company
from offorte_portal.mirror.models import FoldedField, ListIndex, Mirrored, list_index, removed_index, sort_key
from offorte_portal.mirror.models.sorting import SortKeyField
from offorte_portal.text import keys
from proposals.models.account_user import AccountUser
from proposals.models.templates import DesignTemplate, TextTemplate

# The columns that the list is filtered by most.
ASKED = ("status", "owner")


def owner_key() -> models.GeneratedField:
    """Return a column that identifies the owner within an account: "#" and the Offorte user's id, else the address.

    If Offorte has sent an id, the address does not matter.
    """
    by_id = Concat(models.Value("#"), Cast("owner_remote_id", models.TextField()), output_field=models.TextField())
    expression = models.Case(
        models.When(owner_remote_id__isnull=False, then=by_id),
        default=Lower(Left("owner_email", keys.SORTED_CHARACTERS)),
        output_field=models.TextField(),
    )
    return models.GeneratedField(expression=expression, output_field=SortKeyField(), db_persist=True)


class Proposal(Mirrored):
    """A proposal: its list item (GET /proposals/:status) and its details (GET /proposals/:id/details/).

    Null means that Offorte has not sent the value: never zero, never “none”.
    """

    class Status(models.TextChoices):
        EDIT = "edit", _("In edit")
        OPEN = "open", _("Open")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")
        CLOSED = "closed", _("Closed")

    DECIDED = (Status.WON, Status.LOST, Status.CLOSED)

    name = models.TextField(_("name"), default="")
    number = models.TextField(_("number"), default="")
    status = models.CharField(_("status"), max_length=20, choices=Status, default="")
    type = models.TextField(_("type"), default="")
    version_id = models.BigIntegerField(_("version"), null=True)

    company = models.ForeignKey(
        Company, models.SET_NULL, null=True, related_name="proposals", verbose_name=_("company")
    )
    company_remote_id = models.BigIntegerField(null=True)
    company_name = models.TextField(_("company name"), default="")

    owner = models.ForeignKey(
        AccountUser, models.SET_NULL, null=True, related_name="proposals", verbose_name=_("owner")
    )
    owner_remote_id = models.BigIntegerField(null=True)
    owner_name = models.TextField(_("owner name"), default="")
    owner_email = models.TextField(_("owner e-mail"), default="")

    design_template = models.ForeignKey(
        DesignTemplate, models.SET_NULL, null=True, related_name="+", verbose_name=_("design template")
    )
    design_template_remote_id = models.BigIntegerField(null=True)
    text_template = models.ForeignKey(
        TextTemplate, models.SET_NULL, null=True, related_name="+", verbose_name=_("text template")
    )
    text_template_remote_id = models.BigIntegerField(null=True)

    price_total = models.DecimalField(_("total"), max_digits=19, decimal_places=4, null=True)
    # The amount as Offorte wrote it, with its currency, if it was sent as text.
    price_total_display = models.TextField(default="")
    language = models.TextField(_("language"), default="")
    remarks = models.TextField(_("remarks"), default="")
    tags = models.JSONField(_("tags"), default=list)
    pages_total = models.IntegerField(_("pages"), null=True)

    remote_created_at = models.DateTimeField(_("created"), null=True)
    remote_modified_at = models.DateTimeField(_("modified"), null=True)
    won_at = models.DateTimeField(_("won"), null=True)
    viewed_at = models.DateTimeField(_("last seen"), null=True)
    view_count = models.IntegerField(_("views"), null=True)
    pdf_count = models.IntegerField(_("PDF views"), null=True)

    # Fingerprint of the list item for which the details were read; if it differs, details are due.
    details_fingerprint = models.CharField(max_length=32, default="", editable=False)
    details_as_of = models.DateTimeField(_("details as of"), null=True, editable=False)
    # How often a request for the details failed or left something out, for which list item, and when to try again;
    # without a time they wait for the key that no answer of the account holds: see `mirror/omissions.py`.
    details_tries = models.PositiveSmallIntegerField(default=0, editable=False)
    details_retry_for = models.CharField(max_length=32, default="", editable=False)
    details_retry_at = models.DateTimeField(null=True, editable=False)
    search_text = models.TextField(default="", editable=False)
    name_key = sort_key("name")
    company_key = sort_key("company_name")
    number_key = FoldedField("number", keys.number_key)
    owner_key = owner_key()

    class Meta(Mirrored.Meta):
        indexes = [
            # Proposals whose company is not known yet.
            models.Index(
                name="proposals_proposal_unlinked",
                fields=["connection", "company_remote_id"],
                condition=models.Q(company__isnull=True),
            ),
            list_index("proposals_by_remote_id", "remote_id", *ASKED),
            list_index("proposals_by_name", "name_key", *ASKED),
            list_index("proposals_by_company_name", "company_key", *ASKED),
            list_index("proposals_by_total", "price_total", *ASKED),
            list_index("proposals_by_views", "view_count", *ASKED),
            list_index("proposals_by_seen", "viewed_at", *ASKED),
            list_index("proposals_by_created", "remote_created_at", *ASKED),
            list_index("proposals_by_modified", "remote_modified_at", *ASKED),
            removed_index("proposals_removed"),
            # For counts by status: in total, per company, per owner.
            ListIndex(name="proposals_by_status", fields=["status", "connection", "removed_at"]),
            ListIndex(name="proposals_by_company", fields=["company", "status", "removed_at"]),
            ListIndex(name="proposals_by_seller", fields=["owner_key", "status", "connection", "removed_at"]),
            models.Index(name="proposals_by_number", fields=["number_key"]),
            ListIndex(
                name="proposals_without_details",
                fields=["remote_id", "id", "connection", "details_as_of", "removed_at"],
                condition=models.Q(removed_at__isnull=True, details_as_of__isnull=True),
            ),
            # For the background reader: details that are due, details to try again, and the oldest details.
            models.Index(
                name="proposals_details_due",
                fields=["connection", "remote_id"],
                condition=~models.Q(details_fingerprint=models.F("fingerprint"))
                & ~models.Q(details_retry_for=models.F("fingerprint")),
            ),
            models.Index(
                name="proposals_details_retry",
                fields=["connection", "details_retry_at"],
                condition=models.Q(details_tries__gt=0),
            ),
            models.Index(name="proposals_by_read", fields=["connection", "status", "details_as_of"]),
        ]
        permissions = [
            ("copy_receiver_link", gettext_noop("Can copy the links by which receivers open a proposal")),
            ("change_others_proposals", gettext_noop("Can change and send the proposals of others")),
            ("reassign_proposal", gettext_noop("Can give proposals another owner")),
            ("send_proposal", gettext_noop("Can send proposals")),
        ]
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")

    def __str__(self) -> str:
        return self.name or f"#{self.remote_id}"
