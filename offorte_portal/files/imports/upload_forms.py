"""The forms of every import: for the file and its account, and for the field that each column holds.

Rooms with imports of their own show these on their own pages.
"""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.connections.models import Connection
from offorte_portal.files.imports import guessing, importing, mapping, storing
from offorte_portal.files.imports.column_review import review_columns
from offorte_portal.files.imports.table import TableError
from offorte_portal.files.models import Upload
from offorte_portal.runs.reasons import put_into_words

SAMPLED = 3
TABLES = ".xlsx,.xlsm,.ods,.csv,.txt,.tsv,.xls,.htm,.html"
# The kinds of records that a contact card (.vcf) can hold.
ON_CARDS = {Upload.Kind.COMPANIES, Upload.Kind.PEOPLE}


class FileForm(forms.Form):
    """Asks for the file and its account; once it is valid, `upload` is the stored file."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("Excel (.xlsx), OpenDocument (.ods) or CSV. Up to 10,000 rows and 10 MB."),
        widget=forms.FileInput(attrs={"accept": TABLES}),
    )

    def __init__(self, *args: Any, kind: str, by: User, chosen: Connection | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind, self.by = kind, by
        if kind in ON_CARDS:
            self.fields["file"].widget.attrs["accept"] = f"{TABLES},.vcf"
            self.fields["file"].help_text = _(
                "Excel (.xlsx), OpenDocument (.ods), CSV or contacts (.vcf). Up to 10,000 rows and 10 MB."
            )
        self.accounts = Connection.objects.filter(state=Connection.State.CONNECTED)
        field = forms.ModelChoiceField(self.accounts, label=_("Account"), empty_label=None)
        field.initial = chosen or self.accounts.first()
        self.fields["account"] = field
        if len(self.accounts) == 1:
            field.widget = forms.HiddenInput()
        self.order_fields(["account", "file"])
        self.upload: Upload | None = None

    def clean(self) -> dict[str, Any]:
        """Store the file for the worker, or show the error beside the field."""
        data = super().clean() or {}
        file, account = data.get("file"), data.get("account")
        if file and account:
            try:
                self.upload = storing.keep(
                    file.file,
                    file.name,
                    kind=self.kind,
                    connection=account,
                    by=self.by,
                    options={"matches": importing.ways(self.by, self.kind)[0]},
                )
            except TableError as error:
                self.add_error("file", put_into_words(error.reason))
        return data


class ColumnsForm(forms.Form):
    """Asks for each column of the file which field it holds, if any; several columns can hold some fields."""

    def __init__(self, *args: Any, upload: Upload, **options: Any) -> None:
        super().__init__(*args, **options)
        self.upload = upload
        self.columns: mapping.Columns = {}
        choices = [("", _("Leave out")), *((field.name, str(field.label)) for field in mapping.FIELDS[upload.kind])]
        field_of = {column: guessing.field_of(key) for key, column in upload.mapping.items()}
        for index, column in enumerate(upload.header):
            self.fields[f"column-{index}"] = forms.ChoiceField(
                choices=choices, required=False, label=column, initial=field_of.get(column, "")
            )

    def clean(self) -> dict[str, Any]:
        """Check that no field is chosen twice and no required one is missing. Raises ValidationError."""
        data = super().clean() or {}
        fields = guessing.fields_of(self.upload.kind)
        chosen: dict[str, str] = {}
        for index, column in enumerate(self.upload.header):
            name = data.get(f"column-{index}")
            other = next((other for other, field in chosen.items() if field == name), None)
            if name and other and not fields[name].is_repeatable:
                self.add_error(f"column-{index}", _("This is already chosen for “%s”. Choose one of the two.") % other)
            elif name:
                chosen[column] = name
        self.columns = guessing.arrange(self.upload.kind, self.upload.header, chosen)
        missing = mapping.check(self.upload.kind, self.upload.header, self.columns)
        if missing:
            names = ", ".join(str(field.label) for field in mapping.FIELDS[self.upload.kind] if field.name in missing)
            raise forms.ValidationError(_("Choose a column for: %s.") % names)
        return data

    def lines(self) -> list[dict[str, Any]]:
        """Return each column with its form field and a sample of its cells."""
        cells = [row.cells for row in self.upload.rows.all()[:SAMPLED]]
        reviews = review_columns(self.upload)
        return [
            {
                "column": review.column,
                "field": self[f"column-{index}"],
                "sample": [row[index] for row in cells],
                "left_out": review.left_out,
            }
            for index, review in enumerate(reviews)
        ]
