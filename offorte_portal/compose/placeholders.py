"""Placeholders in braces: in a draft's name, and in the message that a receiver gets.

Offorte fills in those of a message. Its reference shows one, `{company_people_firstname}`; the others here are
formed the same way from the names of its parameters. Unknown placeholders stay as they are and are pointed out.
"""

import re
from collections.abc import Mapping

from django.utils import timezone

from contacts.models import Company, Person
from offorte_portal import ports
from offorte_portal.compose.models import Draft
from offorte_portal.mirror.models import Mirrored
from proposals.languages import usual_language, write_date
from proposals.models import AccountUser, Proposal, ProposalTemplate

_PLACEHOLDER = re.compile(r"\{([a-z][a-z_]{1,60})\}")
PERSON = ("firstname", "lastname", "fullname", "salutation", "email")
COMPANY = ("name", "city")
OFFERED = (
    "company_people_firstname",
    "company_people_lastname",
    "company_people_fullname",
    "company_people_salutation",
    "company_name",
)
IN_NAMES = ("company", "template", "owner", "date")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with known placeholders filled in; unknown ones stay as they are."""
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)


def find_unknown(text: str, values: Mapping[str, str]) -> list[str]:
    """Return the placeholders that the portal can't show a value for, each once."""
    return [name for name in dict.fromkeys(_PLACEHOLDER.findall(text)) if name not in values]


def find_empty(text: str, values: Mapping[str, str]) -> list[str]:
    """Return the placeholders whose value is empty, each once."""
    names = dict.fromkeys(_PLACEHOLDER.findall(text))
    return [name for name in names if name in values and not values[name].strip()]


def values_for(person: Person, proposal: Proposal) -> dict[str, str]:
    """Return the values of a message's placeholders for one receiver."""
    values = {f"company_people_{name}": getattr(person, name) for name in PERSON}
    company = person.company
    values |= {f"company_{name}": getattr(company, name) if company else "" for name in COMPANY}
    return values | {"proposal_name": proposal.name}


def name_values(draft: Draft) -> dict[str, str]:
    """Return the values of the placeholders in a draft's name."""
    company = _find(Company, draft, draft.company_remote_id)
    template = _find(ProposalTemplate, draft, draft.proposal_template_remote_id)
    owner = _find(AccountUser, draft, draft.owner_remote_id)
    language = usual_language(draft.connection_id, draft.company_remote_id)
    today = write_date(timezone.localdate(ports.now()), language)
    return {"company": company, "template": template, "owner": owner, "date": today}


def _find(model: type[Mirrored], draft: Draft, remote_id: int | None) -> str:
    if remote_id is None:
        return ""
    row = model._default_manager.filter(connection=draft.connection_id, remote_id=remote_id).first()
    return str(row) if row else ""
