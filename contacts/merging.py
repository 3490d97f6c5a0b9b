"""What a merge of companies keeps of each field, and what moves; read from the mirror alone."""

from collections.abc import Sequence
from typing import NamedTuple

from contacts.models import Company, Person

# In the order in which a person compares two companies.
FIELDS = ("name", "vat_number", "coc_number", "email", "phone", "fax", "street", "zipcode", "city", "state", "country",
          "internet", "linkedin", "facebook", "twitter")  # fmt: skip


class Value(NamedTuple):
    """A field's value and the company that has it; empty if that has none."""

    company: Company
    text: str


def differing(keeper: Company, others: Sequence[Company]) -> dict[str, list[Value]]:
    """Return the fields to choose: the values of each, first that of the company that stays.

    A field is left out if no other company has anything else. Values that differ in spaces around them are the same.
    """
    found = {}
    for name in FIELDS:
        values = {getattr(keeper, name).strip(): Value(keeper, getattr(keeper, name).strip())}
        for company in others:
            if text := getattr(company, name).strip():
                values.setdefault(text, Value(company, text))
        if len(values) > 1:
            found[name] = list(values.values())
    return found


def suggest(values: Sequence[Value]) -> Value:
    """Return the value to keep unless a person chooses another: that of the company that stays, if it has any."""
    return next((value for value in values if value.text), values[0])


class Moves(NamedTuple):
    """How many people are created at the company that stays, and how many are there already by e-mail address."""

    people: int
    known: int


def count_moves(keeper: Company, others: Sequence[Company]) -> Moves:
    """Return what happens to the people of the other companies. One query."""
    people = Person.objects.present().filter(company__in=[keeper, *others]).values_list("company", "email")
    rows = [(company, email.strip().lower()) for company, email in people]
    there = {email for company, email in rows if company == keeper.pk and email}
    moving = [email for company, email in rows if company != keeper.pk]
    created = len({email for email in moving if email} - there) + moving.count("")
    return Moves(created, len(moving) - created)
