"""What the journeys of lost proposals share: open proposals at Offorte, and texts in the page’s language."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext, override
from playwright.sync_api import Page, expect

from offorte_portal.connections.models import Connection
from offorte_portal.jobs import ending, planning
from offorte_portal.jobs.models import Job
from offorte_portal.simulator.account import Account
from offorte_portal.simulator.pricing import PriceRow, PriceTable
from offorte_portal.sync import runs as run
from offorte_portal.sync.models import SyncRun
from offorte_portal.writes import draining
from proposals.models import Proposal
from tests.journeys.steps import run_sync
from tests.support.factories import link_by_address
from tests.support.feed import bring_up_to_date

Say = Callable[..., str]


def speak(language: str) -> Say:
    """Return a function that says a text of ours in this language."""

    def say(text: str, **values: Any) -> str:
        with override(language):
            said = gettext(text)
        return said % values if values else said

    return say


def give(offorte: Account, owner: str, name: str, value: int) -> None:
    """Make an open proposal of this Offorte user, which three people have looked at."""
    owner_id = next(key for key, user in offorte.users.items() if user["email"] == owner)
    person = next(one for one in offorte.people.values() if one["email"] and one["company_id"])
    tables = [PriceTable("t", [PriceRow("price", "<p>Werk</p>", Decimal(1), Decimal(value), Decimal(21))])]
    fields: dict[str, Any] = {"contacts": [person["id"]], "account_user_id": owner_id, "pricetables": tables}
    made = offorte.create_proposal(person["company_id"], name=name, **fields)
    offorte.send_proposal(made["id"], message="Hierbij onze offerte")
    for viewer in ("Kees Bos", "Ida Smit", "Jan Vos"):
        offorte.view_proposal(made["id"], viewer)


def mirror(connection: Connection, *sellers: User) -> None:
    """Read all of the account, have these people be its users, and work out what follows."""
    run_sync(run.request(connection, trigger=SyncRun.Trigger.COMMAND, is_queued=False))
    for seller in sellers:
        link_by_address(seller)
    bring_up_to_date()


def do_job(page: Page, say: Say, connection: Connection) -> Job:
    """Plan and send the latest job, as the worker would, while its page is open, which then says that it is done."""
    job = Job.objects.latest("pk")
    while Job.objects.filter(planning.unplanned(), pk=job.pk).exists():
        planning.plan(job.pk)
    draining.drain(connection.pk)
    ending.finish_ended()
    expect(page.locator("#job-state")).to_have_text(say("Done"))
    job.refresh_from_db()
    return job


def lose_in_bulk(page: Page, say: Say, reason: str) -> None:
    """From a list: select all rows on the page, choose the reason, preview and confirm."""
    for row in page.locator("input[name=_selected_action]").all():
        row.check()
    page.get_by_role("button", name=say("Mark as lost")).click()
    page.get_by_label(say(reason)).check()
    page.get_by_role("button", name=say("Preview changes")).click()
    expect(page.locator("#preview")).to_be_visible()
    page.locator("button[name=confirm]").click()
    expect(page.locator("#job-state")).to_be_visible()


def status_at(offorte: Account, name: str) -> str:
    """Return what the proposal with this name is at Offorte."""
    proposal = Proposal.objects.get(name=name)
    return str(offorte.proposals[proposal.remote_id]["status"])
