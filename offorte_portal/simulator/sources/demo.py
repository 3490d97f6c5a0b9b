"""The quotations of a demo: of the last months, and for customers some of whom an Offorte account has as well."""

import random
from collections.abc import Sequence
from datetime import date, timedelta

from offorte_portal.simulator.account import Account
from offorte_portal.simulator.clock import Clock
from offorte_portal.simulator.records import Record
from offorte_portal.simulator.seed.contacts import add_companies
from offorte_portal.simulator.sources.workspace import Workspace
from offorte_portal.simulator.switches import Switches

# Days over which the quotations are spread.
PERIOD = 240


def seed_companies(name: str, *, count: int, seed: int = 1) -> list[Record]:
    """The companies with which a simulated account of this name begins, as `seed.fill` makes them."""
    account = Account(name, clock=Clock(), switches=Switches(), base_url="")
    add_companies(account, random.Random(f"{seed}:{name}"), count)
    return list(account.companies.values())


def prepare(workspace: Workspace, *, companies: Sequence[Record], today: date) -> None:
    """Date the quotations within PERIOD before today, and make three customers in four companies of Offorte.

    Of each four customers, the first has the numbers of its company, so that the match is nearly certain; the second
    has the name alone; the third has another name and the domain; the fourth is not in Offorte.
    """
    _date(workspace.quotations, today)
    complete = [company for company in companies if company["vat_number"]]
    for number, (contact, company) in enumerate(zip(workspace.contacts.values(), complete, strict=False)):
        match number % 4:
            case 0:
                contact |= {
                    "name": company["name"],
                    "btw": company["vat_number"],
                    "kvk": company["coc_number"],
                    "email": company["email"],
                    "website": company["internet"],
                    "location_city": company["city"],
                    "location_postal": company["zipcode"],
                    "location_address": company["street"],
                }
            case 1:
                contact |= {"name": company["name"], "btw": "", "kvk": "", "website": "", "email": ""}
            case 2:
                contact |= {"btw": "", "kvk": "", "website": company["internet"], "email": ""}


def _date(quotations: list[dict[str, object]], today: date) -> None:
    for number, quotation in enumerate(quotations):
        created = today - timedelta(days=PERIOD - PERIOD * number // len(quotations))
        sent, accepted = created + timedelta(days=1), min(created + timedelta(days=9), today)
        is_sent, is_accepted = bool(quotation["date_sent"]), bool(quotation["date_accepted"])
        quotation |= {
            "code": f"{created.year}-{number + 1:04}",
            "created": f"{created} 08:30:00",
            "date_sent": f"{sent} 09:00:00" if is_sent else None,
            "date_accepted": f"{accepted} 16:00:00" if is_accepted else None,
            "modified": f"{accepted if is_accepted else sent} 17:00:00",
        }
