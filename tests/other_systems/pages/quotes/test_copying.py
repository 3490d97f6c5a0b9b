"""Copying imported quotes to Offorte: shown first, then started once."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from offorte_portal.connections.models import Connection
from offorte_portal.jobs.models import Job
from offorte_portal.other_systems.models import Source
from offorte_portal.writes.models import Operation
from proposals.models import PriceTable, ProposalTemplate
from tests.other_systems.pages.quotes.pages import COPY, first, told
from tests.other_systems.sources import member
from tests.support.factories import link, make_account_user, make_proposal

pytestmark = pytest.mark.django_db
SELLER = ("copy_importedquote", "view_importedquote", "add_proposal", "add_company", "add_person")


class TestCopying:
    def plan(self, client: Client, pks: list[int], **changed: Any) -> Any:
        given = {
            "quote": pks, "price_table": "pricetable1", "currency": "eur", "default_vat": "21",
            "makes_unknown_customers": "on", "preview": "1",
        }  # fmt: skip
        return client.post(COPY, given | changed)

    def test_shown_confirmed_and_started_once(self, client: Client, load: Callable[..., Source]) -> None:
        pks = list(load().quotes.values_list("pk", flat=True))
        assert "12 quotes selected" in told(client, COPY)
        response = self.plan(client, pks)
        page = response.content.decode()
        assert "<strong>12</strong> proposals will be created" in page
        key, seen = str(response.context["key"]), response.context["seen"]
        confirmed = {"key": key, "seen": seen, "confirm": "1"}
        assert "Confirm that you have read" in self.plan(client, pks, **confirmed).content.decode()
        confirmed |= {"understood": "1"}
        assert "Confirm that you also want to copy" in self.plan(client, pks, **confirmed).content.decode()
        assert not Job.objects.exists()
        confirmed |= {"decided": "1"}
        started = self.plan(client, pks, **confirmed)
        job = Job.objects.get()
        assert started["Location"] == f"/jobs/job/{job.pk}/change/"
        assert self.plan(client, pks, **confirmed)["Location"] == started["Location"]
        assert Job.objects.count() == 1
        assert Operation.objects.filter(target="proposals").count() == 12
        page = told(client, started["Location"])
        assert "Copy to Offorte" in page
        assert "Being made" not in page

    @pytest.mark.parametrize("changed", [{"default_vat": "9"}, {"price_table": "another"}, {"seen": "forged"}])
    def test_what_was_not_seen_is_not_started(
        self, changed: dict[str, str], client: Client, load: Callable[..., Source]
    ) -> None:
        pks = list(load().quotes.values_list("pk", flat=True))
        response = self.plan(client, pks)
        given = {
            "key": str(uuid.uuid4()),
            "seen": response.context["seen"],
            "confirm": "1",
            "understood": "1",
            "decided": "1",
        }
        assert "have changed since the preview" in self.plan(client, pks, **(given | changed)).content.decode()
        assert not Job.objects.exists()

    def test_nothing_to_do(self, client: Client, load: Callable[..., Source]) -> None:
        pks = list(load().quotes.values_list("pk", flat=True))
        response = self.plan(client, pks, makes_unknown_customers="")
        page = response.content.decode()
        assert "Confirm the customer’s match" in page
        assert not re.search(r"Copy \d+ quote", page)
        given = {"seen": response.context["seen"], "confirm": "1", "makes_unknown_customers": ""}
        assert "None of these quotes can be copied" in self.plan(client, pks, **given).content.decode()

    def test_a_form_that_cant_be_read(self, client: Client, load: Callable[..., Source]) -> None:
        pks = list(load().quotes.values_list("pk", flat=True))
        response = self.plan(client, pks, currency="EURO", default_vat="x", owner="abc", price_table="")
        assert set(response.context["form"].errors) == {"currency", "default_vat", "owner", "price_table"}

    @pytest.mark.parametrize("given", [{"pk": "999999"}, {"pk": "abc"}, {"q": "nothing like it"}])
    def test_no_quotes(self, given: dict[str, str], client: Client, load: Callable[..., Source]) -> None:
        load()
        assert "Select the quotes that you want to copy first." in told(client, COPY, **given)

    def test_no_account(self, client: Client, load: Callable[..., Source]) -> None:
        source = load()
        Connection.objects.update(state=Connection.State.DISCONNECTED)
        assert "Connect an Offorte account first" in told(client, COPY, pk=first(source).pk)

    def test_all_that_a_filter_finds(self, client: Client, load: Callable[..., Source]) -> None:
        load()
        assert "3 quotes selected" in told(client, COPY, status="won")

    @pytest.mark.parametrize("is_linked", [True, False])
    def test_a_seller_names_no_colleague_as_the_owner(
        self, load: Callable[..., Source], account: Connection, *, is_linked: bool
    ) -> None:
        source = load()
        own, colleague = make_account_user(account, firstname="Sem"), make_account_user(account, email="a@bouw.example")
        source.quotes.update(owner_email=colleague.email)
        client = member(*SELLER)
        if is_linked:
            link(User.objects.latest("pk"), account_user=own)
        pks = list(source.quotes.values_list("pk", flat=True))
        shown = self.plan(client, pks, owner=colleague.remote_id)
        assert "owner" not in shown.context["form"].fields
        assert {line["owner"] for line in shown.context["lines"]} == {"Sem Kok" if is_linked else ""}
        said = "owner of the proposals, as Sem Kok" if is_linked else "Offorte chooses the owner"
        assert said in shown.content.decode()
        given = {
            "seen": shown.context["seen"],
            "confirm": "1",
            "understood": "1",
            "decided": "1",
            "owner": colleague.remote_id,
        }
        assert self.plan(client, pks, **given).status_code == 302
        drafts = Operation.objects.filter(target="proposals").values_list("draft", flat=True)
        assert {draft.get("account_user_id") for draft in drafts} == {own.remote_id if is_linked else None}

    def test_a_manager_sees_whose_each_will_be(
        self, client: Client, load: Callable[..., Source], account: Connection
    ) -> None:
        source = load()
        owner, other = make_account_user(account, email="a@bouw.example"), make_account_user(account, firstname="An")
        pks = list(source.quotes.values_list("pk", flat=True))
        source.quotes.filter(pk__in=pks[1:]).update(owner_email=owner.email)
        lines = self.plan(client, pks, owner=other.remote_id).context["lines"]
        assert [line["owner"] for line in lines] == ["An Kok", *["Pim Kok"] * 11]

    def test_decided_quotes_and_what_is_not_copied_are_named(self, client: Client, load: Callable[..., Source]) -> None:
        source = load()
        source.quotes.update(status="open", accepted_at=None, valid_until=None)
        pks = list(source.quotes.order_by("pk").values_list("pk", flat=True))
        assert "Already decided" not in self.plan(client, pks).content.decode()
        source.quotes.filter(pk__in=pks[:3]).update(status="won")
        source.quotes.filter(pk=pks[3]).update(status="lost", internal_note="x")
        source.quotes.filter(pk__in=pks[4:6]).update(valid_until="2020-01-01")
        response = self.plan(client, pks, keeps_texts="on")
        assert [(kind, count) for kind, _, count in response.context["decided"]] == [
            ("won", 3), ("lost", 1), ("warn", 2)
        ]  # fmt: skip
        page = response.content.decode()
        assert "their copies start as drafts" in page
        assert page.count('<span class="pill pill-won">Accepted</span>') == 4, "counted, and one for each"
        assert dict(response.context["losses"])["Internal notes aren’t copied."] == 1
        assert "Offorte sets its own valid-until date" in page

    def test_a_price_table_is_offered_or_refused_beside_its_field(
        self, client: Client, load: Callable[..., Source], account: Connection
    ) -> None:
        pks = list(load().quotes.values_list("pk", flat=True))
        template = ProposalTemplate.objects.create(connection=account, remote_id=7, name="Offer", as_of=timezone.now())
        proposal = make_proposal(account)
        PriceTable.objects.create(proposal=proposal, key="opties", position=0)
        PriceTable.objects.create(proposal=proposal, key="tab<b>", position=1)
        page = told(client, COPY)
        assert '<option value="opties">' in page
        assert "Used in this account: opties, tab&lt;b&gt;." in page
        assert "tab<b>" not in page
        assert 'value="opties"' in page.split('name="price_table"')[1].split(">")[0], "what the account has is chosen"
        given = {"proposal_template": template.remote_id, "price_table": "extra"}
        response = self.plan(client, pks, **given)
        assert "can’t check “extra”" in response.content.decode()
        assert "uses_table_anyway" not in response.context["form"].fields

        shared = {"connection": account, "verb": "create", "target": "proposals"}
        draft = {"proposal_template_id": template.remote_id, "content": {"pricetables": [{"id": "extra", "rows": []}]}}
        errors = {"content.pricetables.0.id": ["is not a price table"]}
        Operation.objects.create(**shared, draft=draft, state="rejected", field_errors=errors)
        form = self.plan(client, pks, **given).context["form"]
        assert form.errors == {
            "price_table": ["Offorte refused “extra” for this template before. Choose another price table."]
        }
        Operation.objects.create(**shared, draft=draft, state="done", remote_id=proposal.remote_id)
        response = self.plan(client, pks, **given)
        assert list(response.context["form"].errors) == ["price_table"]
        assert not response.context["is_planned"]
        response = self.plan(client, pks, **(given | {"price_table": "elsewhere"}))
        assert "It has: opties, tab&lt;b&gt;." in str(response.context["form"].errors["price_table"])
        anyway = given | {"price_table": "elsewhere", "uses_table_anyway": "on"}
        assert self.plan(client, pks, **anyway).context["is_planned"]
        response = self.plan(client, pks, **(given | {"price_table": "opties"}))
        assert response.context["is_planned"]
        assert response.context["table_warning"] == ""
        assert not Job.objects.exists()

    def test_permission(self, load: Callable[..., Source]) -> None:
        source = load()
        assert member(*SELLER).get(COPY, {"pk": first(source).pk}).status_code == 200
        for left_out in SELLER:
            others = [name for name in SELLER if name != left_out]
            assert member(*others).get(COPY, {"pk": first(source).pk}).status_code == 403
