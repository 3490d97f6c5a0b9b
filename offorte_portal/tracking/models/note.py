from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from contacts.models import Company, Person
from offorte_portal import ports
from offorte_portal.connections.models import Connection
from proposals.models.proposal import Proposal

TEXT_LENGTH = 4000


class Note(models.Model):
    """What the team keeps about one proposal, company or person. Offorte never gets it."""

    connection = models.ForeignKey(
        Connection, models.CASCADE, related_name="+", verbose_name=_("account"), db_index=False
    )
    # Exactly one of these.
    proposal = models.ForeignKey(Proposal, models.CASCADE, null=True, related_name="notes", db_index=False)
    company = models.ForeignKey(Company, models.CASCADE, null=True, related_name="notes", db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="notes", db_index=False)
    text = models.TextField(_("note"), max_length=TEXT_LENGTH)
    is_pinned = models.BooleanField(_("pinned"), default=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=ports.now, editable=False)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    edited_at = models.DateTimeField(null=True, editable=False)
    # Counts the texts, by which two people notice that they edit it at once.
    version = models.PositiveIntegerField(default=1, editable=False)
    # One for each form: a form that is sent twice is one note.
    key = models.UUIDField(default=ports.new_uuid, unique=True, editable=False)

    class Meta:
        # To change one is to edit, pin or delete one's own.
        default_permissions = ("add", "change", "view")
        permissions = [("change_others_notes", gettext_noop("Can change and delete the notes of others"))]
        verbose_name = _("team note")
        verbose_name_plural = _("team notes")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(proposal__isnull=False, company__isnull=True, person__isnull=True)
                | models.Q(proposal__isnull=True, company__isnull=False, person__isnull=True)
                | models.Q(proposal__isnull=True, company__isnull=True, person__isnull=False),
                name="note_about_one",
            )
        ]
        indexes = [
            models.Index(
                name="note_of_proposal",
                fields=["proposal", "created_at", "id"],
                condition=models.Q(proposal__isnull=False),
            ),
            models.Index(
                name="note_of_company",
                fields=["company", "created_at", "id"],
                condition=models.Q(company__isnull=False),
            ),
            models.Index(
                name="note_of_person",
                fields=["person", "created_at", "id"],
                condition=models.Q(person__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def subject(self) -> Proposal | Company | Person | None:
        """The row that it is about."""
        return self.proposal or self.company or self.person
