"""The lists of companies and people as export sheets."""

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from contacts.models import Company, Person
from offorte_portal.files.exports.columns import account, linked, mirrored, told
from offorte_portal.files.exports.sheets import Column, ColumnKind, Sheet, register
from proposals.models import Proposal

ADDRESS = ("street", "zipcode", "city", "state", "country")
ELSEWHERE = ("internet", "linkedin", "facebook", "twitter")


def count_parts(companies: QuerySet[Any]) -> QuerySet[Any]:
    """Annotate the companies with their number of people and of proposals."""
    counted = {}
    for name, model in (("people_number", Person), ("proposal_number", Proposal)):
        rows: QuerySet[Any] = model.objects.filter(company=OuterRef("pk"), removed_at__isnull=True)
        number = rows.order_by().values("company").annotate(n=Count("pk")).values("n")
        counted[name] = Coalesce(Subquery(number), 0)
    annotated: QuerySet[Any] = companies.annotate(**counted)
    return annotated


SHEETS = (
    Sheet(
        Company,
        (
            told(Company, "name", cell="title", kind=ColumnKind.LONG),
            told(Company, "street"),
            told(Company, "zipcode"),
            told(Company, "city", cell="title"),
            told(Company, "state"),
            told(Company, "country"),
            account(cell="title"),
            told(Company, "email", cell="email_text"),
            told(Company, "phone", cell="phone_text"),
            Column(
                "people_number",
                _("People"),
                lambda company: company.people_number,
                ColumnKind.NUMBER,
                cell="people_count",
            ),
            Column(
                "proposal_number",
                _("Proposals"),
                lambda company: company.proposal_number,
                ColumnKind.NUMBER,
                cell="proposal_count",
            ),
            told(Company, "fax"),
            told(Company, "coc_number"),
            told(Company, "vat_number"),
            *(told(Company, name) for name in ELSEWHERE),
            *mirrored(Company),
        ),
        count_parts,
    ),
    Sheet(
        Person,
        (
            Column("person", _("Person"), str, reads=("fullname", "firstname", "lastname", "remote_id"), cell="title"),
            told(Person, "salutation"),
            told(Person, "firstname"),
            told(Person, "lastname"),
            linked("company", _("Company"), "name", "remote_id", cell="title"),
            account(cell="title"),
            told(Person, "email", cell="email_text"),
            told(Person, "mobile", cell="phone_text"),
            told(Person, "phone", cell="phone_text"),
            *(told(Person, name) for name in (*ADDRESS, *ELSEWHERE)),
            told(Person, "company_remote_id", label=_("Offorte ID of the company")),
            *mirrored(Person),
        ),
    ),
)

register(*SHEETS)
