"""Proposals from the rows of a file, as Offorte then has them."""

import io
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from contacts.models import Company, Person
from offorte_portal.compose.many import starting
from offorte_portal.compose.many.terms import clean_terms
from offorte_portal.compose.reasons import DraftReason, ManyReason
from offorte_portal.connections.models import Connection
from offorte_portal.files.models import Upload
from offorte_portal.jobs import planning
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.simulator import Simulator
from offorte_portal.text.reason import Reason
from offorte_portal.writes.models import Operation
from proposals.models import ProposalTemplate
from tests.files.imports.storing import examine, store
from tests.jobs.conftest import make_seller, work_off

pytestmark = pytest.mark.django_db(transaction=True)


def put(account: Connection, by: User, lines: list[str], **options: Any) -> Upload:
    """An uploaded file, examined."""
    file = io.BytesIO("\n".join(lines).encode())
    upload = store(file, "offertes.csv", kind="proposals", connection=account, by=by)
    given = {"pattern": "Voor {company}", "table": "pricetable1", "vat": "21", "who": "nobody"} | options
    things = {name: value for name, value in given.items() if hasattr(value, "remote_id")}
    upload.options = clean_terms(things, given, []).dump()
    examine(upload)
    return upload


def results(job: Job) -> list[tuple[str, str, Reason | None]]:
    return [(one.label, one.state, one.reason) for one in job.operations.order_by("pk")]


def test_each_sound_row_is_made_and_each_other_one_reported(
    simulator: Simulator, account: Connection, boss: User
) -> None:
    first, second = Company.objects.order_by("pk")[:2]
    upload = put(
        account,
        boss,
        [
            "company;content;price",
            f"{first.name};Dak;10",
            "Niemand;Dak;10",
            f"{second.name};Goot;",
            f"{second.name};x;5",
        ],
    )
    job = work_off(starting.start(upload, by=boss))
    assert job.state == Job.State.DONE
    assert results(job) == [
        (f"Voor {first}", "done", None),
        ("Row 3", "skipped", ManyReason.NO_COMPANY(name="Niemand")),
        (f"Row 4: Voor {second}", "skipped", DraftReason.PRICE_MISSING()),
        (f"Voor {second}", "done", None),
    ]
    remote = simulator.account("bouw").proposals
    done = upload.rows.filter(operation__state="done").order_by("number")
    made = [remote[remote_id or 0] for remote_id in done.values_list("operation__remote_id", flat=True)]
    assert [(one["company_id"], str(one["price_total_original"])) for one in made] == [
        (first.remote_id, "10.00"),
        (second.remote_id, "5.00"),
    ]
    assert starting.start(Upload.objects.get(pk=upload.pk), by=boss) == job


@pytest.mark.parametrize("at_once", [500, 2])
def test_what_is_missing_is_made_first_and_once(
    simulator: Simulator, account: Connection, boss: User, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "AT_ONCE", at_once)
    company = Company.objects.order_by("pk")[0]
    upload = put(
        account,
        boss,
        [
            "company,name,contact,email",
            "Nieuw BV,Een,Eva,eva@nieuw.nl",
            f"{company.name},Een,Kees,k@z.nl",
            "nieuw bv,Twee,Eva,eva@nieuw.nl",
            "NIEUW BV,Drie,Bob,bob@nieuw.nl",
            f"{company.name},Twee,Kees,K@Z.nl",
        ],
        makes_missing=True,
    )
    job = work_off(starting.start(upload, by=boss))
    assert {state for _, state, _ in results(job)} == {"done"}
    remote = simulator.account("bouw")
    (new,) = [one for one in remote.companies.values() if one["name"].lower() == "nieuw bv"]
    people = {one["fullname"]: one for one in remote.people.values() if one["fullname"] in {"Eva", "Kees", "Bob"}}
    assert {name: one["company_id"] for name, one in people.items()} == {
        "Eva": new["id"], "Bob": new["id"], "Kees": company.remote_id,
    }  # fmt: skip
    made = {
        (one["company_id"], one["name"], tuple(one["contacts"]))
        for one in remote.proposals.values()
        if one["name"] in {"Een", "Twee", "Drie"}
    }
    assert made == {
        (new["id"], "Een", (people["Eva"]["id"],)),
        (new["id"], "Twee", (people["Eva"]["id"],)),
        (new["id"], "Drie", (people["Bob"]["id"],)),
        (company.remote_id, "Een", (people["Kees"]["id"],)),
        (company.remote_id, "Twee", (people["Kees"]["id"],)),
    }
    assert sum(one["fullname"] in {"Eva", "Kees", "Bob"} for one in remote.people.values()) == 3


def test_what_went_since_the_dry_run_is_left_out(account: Connection, boss: User) -> None:
    able = Company.objects.filter(people__email__contains="@").distinct()
    gone, double, silent = able[:3]
    template = ProposalTemplate.objects.order_by("pk")[0]
    lines = [
        "company,template",
        f"{gone.name},",
        f"{double.name},",
        f"{silent.name},",
        f"{silent.name},{template.name}",
    ]
    upload = put(account, boss, lines, who="everyone", again=False)
    Company.objects.filter(pk=gone.pk).update(removed_at=account.connected_at)
    Person.objects.filter(company=silent).update(email="")
    other = put(account, boss, ["company", double.name])
    planning.plan(starting.start(other, by=boss).pk)
    job = starting.start(upload, by=boss)
    planning.plan(job.pk)
    assert [reason for _, _, reason in results(job)][:3] == [
        JobReason.COMPANY_GONE(),
        JobReason.DUPLICATE(),
        JobReason.CONTACTS_GONE(),
    ]


def test_a_template_that_went_since_the_dry_run_is_named(account: Connection, boss: User) -> None:
    template = ProposalTemplate.objects.order_by("pk")[0]
    upload = put(account, boss, ["company,template", f"{Company.objects.order_by('pk')[0].name},{template.name}"])
    template.removed_at = account.connected_at
    template.save()
    job = starting.start(upload, by=boss)
    planning.plan(job.pk)
    assert [reason for _, _, reason in results(job)] == [JobReason.CHOICE_GONE()]


def test_nothing_is_started_without_rows_or_the_right(account: Connection, boss: User) -> None:
    upload = put(account, boss, ["company", "Niemand"])
    with pytest.raises(starting.NothingToMakeError):
        starting.start(upload, by=boss)
    upload = put(account, boss, ["company", Company.objects.order_by("pk")[0].name])
    with pytest.raises(PermissionDenied):
        starting.start(upload, by=make_seller("view_company"))
    assert not Operation.objects.exists()
