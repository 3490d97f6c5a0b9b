"""Choices and checks that forms of several models share: a company of the account, an amount."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _

from contacts.models import Company
from offorte_portal.adminkit.forms import FormWarning, Json, RecordForm


def chosen_company(form: RecordForm, name: str) -> list[Company]:
    """Return the company that is set in the field, the only option that is shown at first."""
    value = str(form[name].value() or "")
    if not value.isdecimal() or len(value) > 18:
        return []
    return list(Company.objects.filter(connection=form.connection, remote_id=int(value)))


def clean_company(form: RecordForm, remote_id: int | None) -> int | None:
    """Return the id of a company that the form's account still has. Raises ValidationError for others."""
    if remote_id is None:
        return None
    if not Company.objects.present().filter(connection=form.connection, remote_id=remote_id).exists():
        raise forms.ValidationError(_("This company isn’t in this account. Search for a company and choose one."))
    return remote_id


def warn_of_amount(name: str, changes: Json) -> list[FormWarning]:
    """Warn about a negative amount, which is usually a mistake."""
    if changes.get(name) and Decimal(changes[name]) < 0:
        return [FormWarning(name, _("This amount is negative."))]
    return []
