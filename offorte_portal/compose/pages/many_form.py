"""Proposals from a file: the choices for all of its rows, and the rows that are left out."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db.models import Model, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit.selection import Chosen
from offorte_portal.compose.action_forms import CreateForm
from offorte_portal.compose.actions.create import CHOICES
from offorte_portal.compose.many.starting import ACTION
from offorte_portal.compose.many.terms import clean_terms
from offorte_portal.compose.sources import suggest_ids
from offorte_portal.files.imports.importing import FAILED, reason_of
from offorte_portal.files.models import Upload, UploadRow
from offorte_portal.jobs import registry
from offorte_portal.jobs.action import Options
from offorte_portal.jobs.fields import choose
from offorte_portal.runs.reasons import put_into_words

KIND = Upload.Kind.PROPOSALS
# The permissions that creating companies and people takes as well.
MAKE_MISSING = ("contacts.add_company", "contacts.add_person")


class TermsForm(CreateForm):
    """The choices for all rows; the cells of a row take precedence."""

    table = forms.CharField(
        label=gettext_lazy("Price table for the rows"),
        required=False,
        max_length=255,
        help_text=gettext_lazy("The table’s unique ID in the template."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    vat = forms.CharField(
        label=gettext_lazy("VAT (%) for rows without a rate"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    makes_missing = forms.BooleanField(
        label=gettext_lazy("Create companies and recipients that aren’t in the account yet"), required=False
    )
    field_order = (
        "pattern", "proposal_template_id", "words", "source", "table", "vat", "account_user_id", "design_template_id",
        "text_template_id", "automations_set_id", "who", "makes_missing", "again",
    )  # fmt: skip

    def __init__(self, data: Mapping[str, Any] | None = None, *, upload: Upload, by: User) -> None:
        chosen = Chosen([], frozenset({upload.connection_id}))
        self.upload = upload
        super().__init__(registry.find(ACTION), chosen, data, by=by)

    def prepare(self) -> None:
        """Suggest what the person chose last; offer to create companies and people only to those who may."""
        super().prepare()
        self.fields["pattern"].help_text = (
            _("A name in the file takes precedence. %s") % self.fields["pattern"].help_text
        )
        self.fields["who"].label = _("Who receives the proposal if a row names no recipient?")
        ids = suggest_ids(self.upload.connection)
        self.fields["table"].initial = ids[0] if ids else ""
        if self.by is None or not self.by.has_perms(MAKE_MISSING):
            del self.fields["makes_missing"]
        self.initial.update({name: value for name, value in self._last().items() if name in self.fields})

    def _last(self) -> dict[str, Any]:
        """Return what was typed here before, or for the person's last file of this account."""
        if "typed" in self.upload.options:
            return dict(self.upload.options["typed"])
        earlier = Upload.objects.filter(by=self.by, kind=KIND, connection=self.upload.connection)
        last = earlier.filter(options__has_key="typed").first()
        return dict(last.options["typed"]) if last else {}

    def settle(self, options: dict[str, Any]) -> Options:
        """Return the terms, with what was typed for the next time. Raises ValidationError by option."""
        named = {name: choose(model, options[name], name) for name, model in CHOICES.items() if options.get(name)}
        terms = clean_terms(named, options, list(options.get("tables") or ()))
        typed = {name: row.pk if isinstance(row, Model) else row for name, row in self.cleaned_data.items()}
        return terms.dump() | {"typed": typed}


def left_out_rows(upload: Upload) -> tuple[list[str], Iterator[list[str]]]:
    """Return the header and rows of a file with what is left out and why, to be corrected and uploaded again."""
    added = [_("Row in the file"), _("Left out because")]
    # A file that was corrected before has the columns of old reasons, which are dropped.
    kept = [index for index, name in enumerate(upload.header) if name not in added]
    header = [*(upload.header[index] for index in kept), *added]
    # What creates nothing: because of its contents, or because its write failed.
    is_unfit = Q(outcome__in=[UploadRow.Outcome.PROBLEM, UploadRow.Outcome.SAME])
    found = upload.rows.filter(is_unfit | Q(operation__state__in=FAILED)).select_related("operation")
    rows = (
        [
            *(row.cells[index] for index in kept),
            str(row.number),
            put_into_words(row.problem or row.hint) or reason_of(row),
        ]
        for row in found.order_by("number")
    )
    return header, rows
