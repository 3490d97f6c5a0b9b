"""Changing and deleting proposals: what the reference takes, and only by whom it may be."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from contacts.models import Company, Person
from offorte_portal.simulator import Simulator
from offorte_portal.writes.models import Operation
from proposals.models import AccountUser, DesignTemplate, Proposal
from tests.support.factories import link, make_staff
from tests.support.forms import Mirror, again, form_url, save, staff_client, told, writes_of

pytestmark = pytest.mark.django_db

LISTS = ("users", "design_templates", "text_templates", "companies", "proposals")


@pytest.fixture
def proposal(mirror: Mirror) -> Proposal:
    mirror(*LISTS)
    # Without owner and templates, as the API of 2018 lists it.
    return Proposal.objects.filter(status="open").order_by("pk")[0]


@pytest.fixture
def client(proposal: Proposal) -> Client:
    return staff_client()


def path_of(proposal: Proposal) -> str:
    return f"/proposals/{proposal.remote_id}/details/"


def member(role: str, email: str = "") -> Client:
    user: User = make_staff(role.lower(), is_superuser=False, email=email)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


def test_every_change_is_sent_by_its_documented_name(simulator: Simulator, client: Client, proposal: Proposal) -> None:
    owner, design = AccountUser.objects.order_by("pk")[0], DesignTemplate.objects.order_by("pk")[0]
    page = save(
        client,
        form_url(proposal),
        name="Dakkapel",
        status="won",
        account_user_id=str(owner.remote_id),
        design_template_id=str(design.remote_id),
        price_total="12.500,00",
    )
    assert told(page) == [("success", f"“{proposal.name}” was saved in Offorte.")]
    body = {
        "name": "Dakkapel",
        "status": "won",
        "account_user_id": owner.remote_id,
        "price_total": 12500,
        "design_template_id": design.remote_id,
    }
    assert writes_of(simulator) == [("PATCH", path_of(proposal), body)]
    proposal.refresh_from_db()
    assert (proposal.name, proposal.status, proposal.owner) == ("Dakkapel", "won", owner)


def test_receivers_stay_unless_somebody_is_ticked(simulator: Simulator, client: Client, proposal: Proposal) -> None:
    person = Person.objects.filter(company=proposal.company).exclude(email="").first()
    if person is None:
        person = Person.objects.exclude(email="").order_by("pk")[0]
        assert person.company is not None
        Proposal.objects.filter(pk=proposal.pk).update(
            company=person.company, company_remote_id=person.company.remote_id
        )
        simulator.account("bouw").update_proposal(proposal.remote_id, company_id=person.company.remote_id)
    save(client, form_url(proposal), name="Dakkapel")
    save(client, form_url(proposal), company_contacts=[str(person.remote_id)])
    assert [body for _, _, body in writes_of(simulator)] == [
        {"name": "Dakkapel"},
        {"company_contacts": [person.remote_id]},
    ]


def test_another_company_has_other_receivers(simulator: Simulator, client: Client, proposal: Proposal) -> None:
    other = Company.objects.exclude(pk=proposal.company_id or 0).order_by("pk")[0]
    page = save(client, form_url(proposal), company_id=str(other.remote_id))
    assert "no longer has recipients" in page.content.decode()
    again(client, page, form_url(proposal))
    assert writes_of(simulator) == [("PATCH", path_of(proposal), {"company_id": other.remote_id})]
    proposal.refresh_from_db()
    assert proposal.company == other
    offered = client.get(
        "/proposals/proposal/receivers/", {"account": proposal.connection_id, "company_id": other.remote_id}
    ).content.decode()
    theirs = Person.objects.filter(company=other).exclude(email="")
    assert offered.count('name="company_contacts"') == theirs.count()
    assert client.get("/proposals/proposal/receivers/?account=x&company_id=y").status_code == 200


def test_a_company_of_another_account_is_refused(simulator: Simulator, client: Client, proposal: Proposal) -> None:
    page = save(client, form_url(proposal), company_id="987654321")
    assert "company_id" in page.context["form"].errors
    assert writes_of(simulator) == []


def test_a_seller_changes_their_own_proposals_only(simulator: Simulator, proposal: Proposal) -> None:
    owner, colleague = AccountUser.objects.order_by("pk")[:2]
    other = Proposal.objects.exclude(pk=proposal.pk).order_by("pk")[0]
    for row, user in ((proposal, owner), (other, colleague)):
        Proposal.objects.filter(pk=row.pk).update(owner_remote_id=user.remote_id, owner_email=colleague.email)
    mine, others = member("Seller", colleague.email.upper()), member("Manager", "boss@example.com")
    link(User.objects.get(username="seller"), account_user=owner)
    page = mine.get(form_url(proposal))
    assert "account_user_id" not in page.context["form"].fields
    assert "account_user_id" in others.get(form_url(proposal)).context["form"].fields
    record = f"/proposals/proposal/{other.pk}/change/"
    assert mine.get(record).status_code == 200
    assert not mine.get(record).context["edit_url"]
    for url in (form_url(other), form_url(proposal, "delete"), form_url(other, "delete")):
        assert mine.get(url).status_code == 403
        assert mine.post(url, {"name": "x"}).status_code == 403
    assert not Operation.objects.exists()
    assert others.get(form_url(other)).status_code == 200
    save(mine, form_url(proposal), name="Dakkapel", account_user_id="1")
    assert writes_of(simulator) == [("PATCH", path_of(proposal), {"name": "Dakkapel"})]


def test_a_proposal_is_deleted_and_none_is_made_here(simulator: Simulator, client: Client, proposal: Proposal) -> None:
    assert client.get("/proposals/proposal/add/").status_code == 403
    assert client.post("/proposals/proposal/add/").status_code == 403
    page = save(client, form_url(proposal, "delete"))
    assert told(page) == [("success", f"“{proposal.name}” was deleted in Offorte.")]
    assert writes_of(simulator) == [("DELETE", f"/proposals/{proposal.remote_id}/", None)]
