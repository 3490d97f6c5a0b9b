"""What the search palette does: commands, for whom, on which page; and the records that were opened last."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from offorte_portal.adminkit.palette.matching import fits, is_title, spell
from offorte_portal.connections.models import Connection
from offorte_portal.desk.models import SavedView
from offorte_portal.writes.models import Operation
from proposals.models import Proposal
from tests.adminkit.palette import HOST, client_of, everything, follow, hit_of, look, path_of, titles
from tests.journeys.steps import make_member
from tests.support.factories import (
    link,
    make_company,
    make_connection,
    make_person,
    make_product,
    make_proposal,
    make_staff,
)

pytestmark = pytest.mark.django_db

WON = [["mark", "as", "won"]]


def test_what_can_be_made_is_found_in_both_languages() -> None:
    client = client_of(make_staff())
    for text in ("new", "nieuw", "add", "toevoegen"):
        found = titles(look(client, text), "Actions")
        assert {"New proposal", "New company", "New person", "New product"} <= set(found), text
    assert everything(look(client, "import compan")) == ["Import companies"]
    for title in ("New proposal", "New company", "Import products"):
        assert follow(client, hit_of(look(client, title), title)).status_code == 200


def test_what_a_person_may_not_make_is_not_offered() -> None:
    viewer, seller = client_of(make_member("Viewer", "vera")), client_of(make_member("Seller", "sem"))
    assert everything(look(viewer, "new")) == []
    assert everything(look(viewer, "import compan")) == []
    assert set(everything(look(seller, "new"))) == {
        "New proposal",
        "New proposals from a file",
        "New company",
        "New person",
    }
    imports = ["New proposals from a file", "Import companies", "Import people", "Import proposal statuses"]
    assert titles(look(seller, "import"), "Actions") == imports


@pytest.mark.parametrize("place", ["change", "edit", "history", "delete"])
def test_the_record_one_is_on_can_be_acted_on(place: str) -> None:
    row = make_proposal(name="Dak", status="open")
    make_proposal(name="Wonen")
    client = client_of(make_staff())
    found = look(client, "won", on=path_of(row, place))
    group, hits = next(iter(found.items()))
    assert (group, [hit.title for hit in hits]) == ("On this page: Dak", ["Mark as won…"]), "before the records"
    confirm = client.get(hits[0].url)
    assert confirm.context["selected"] == "1 proposal"
    assert confirm.context["preview"].sample[0].label == "Dak"
    row.refresh_from_db()
    assert (row.status, Operation.objects.count()) == ("open", 0), "nothing happens before it is confirmed"


def test_follow_up_and_lost_lead_to_their_own_pages() -> None:
    row = make_proposal(name="Dak")
    client = client_of(make_staff())
    follow_up = hit_of(look(client, "follow up", on=path_of(row)), "Follow up")
    assert follow(client, follow_up).context["proposals"] == [row]
    assert parse_qs(urlsplit(follow_up.url).query)["next"] == [path_of(row)]
    lost = hit_of(look(client, "verloren", on=path_of(row)), "Mark as lost…")
    assert "reason" in client.get(lost.url).context["form"].fields


def test_only_what_applies_to_the_record_is_offered() -> None:
    client, row = client_of(make_staff()), make_proposal(status="won")
    assert "Mark as won…" not in everything(look(client, "mark", on=path_of(row)))
    assert "Mark as lost…" in everything(look(client, "mark", on=path_of(row)))
    draft = {"status": "lost"}
    Operation.objects.create(
        connection=row.connection, target="proposals", remote_id=row.remote_id, verb="change", draft=draft
    )
    assert "Mark as lost…" not in everything(look(client, "mark", on=path_of(row))), "one is on its way"
    company = make_company(name="De Zon")
    assert "Merge…" not in everything(look(client, "merge", on=path_of(company))), "with nobody"
    gone = make_proposal(removed_at=timezone.now())
    assert everything(look(client, "mark", on=path_of(gone))) == []


def test_every_action_on_one_record_is_asked_about(django_assert_max_num_queries: Callable[..., Any]) -> None:
    client = client_of(make_staff())
    rows = [make_proposal(), make_company(), make_person(company_remote_id=make_company().remote_id), make_product()]
    for row in rows:
        group = f"On this page: {row}"
        with django_assert_max_num_queries(9):
            found = look(client, on=path_of(row))
        assert "Edit" in titles(found, group)
        for word in ("change", "delete", "move", "set"):
            for hit in look(client, word, on=path_of(row)).get(group, []):
                assert follow(client, hit).status_code == 200, hit


def test_a_seller_acts_on_their_own_proposals_only() -> None:
    sem = make_member("Seller", "sem")
    account = make_connection()
    own_id = link(sem, account).remote_id
    own, others = (
        make_proposal(account, owner_remote_id=owner, name=name) for owner, name in ((own_id, "Own"), (own_id + 1, "x"))
    )
    client = client_of(sem)
    Proposal.objects.filter(pk=own.pk).update(owner_remote_id=own_id)
    assert "Mark as won…" in everything(look(client, "mark", on=path_of(own)))
    assert "Mark as won…" not in everything(look(client, "mark", on=path_of(others)))
    viewer = client_of(make_member("Viewer", "vera"))
    assert everything(look(viewer, "mark", on=path_of(own))) == []
    assert everything(look(viewer, "follow up", on=path_of(own))) == ["Follow-ups"]


@pytest.mark.parametrize(
    "address",
    [
        "http://elsewhere.example{path}",
        "https:///{path}",
        "//elsewhere.example{path}",
        "javascript:alert(1)//{path}",
        "http://[{path}",
        "{path}9999999999999999999999/change/",
        HOST + "/proposals/proposal/99999999999999999999999999/change/",
        HOST + "/proposals/proposal/%00/change/",
        HOST + "/%2e%2e/nowhere/",
        HOST + "/" + "x" * 9000,
    ],
)
def test_another_address_is_no_page_of_the_portal(address: str) -> None:
    row = make_proposal(name="Dak")
    client = client_of(make_staff())
    assert "Mark as won…" in everything(look(client, "mark", on=path_of(row)))
    assert "Mark as won…" not in everything(look(client, "mark", on=address.format(path=path_of(row))))


def test_a_record_that_may_not_be_seen_is_not_named() -> None:
    row = make_company(name="Geheim")
    user = make_staff("nobody", is_superuser=False)
    user.user_permissions.add(Permission.objects.get(codename="add_proposal"))
    client = client_of(user)
    assert "New proposal" in everything(look(client, on=path_of(row)))
    answer = client.get(reverse("palette"), {"q": ""}, headers={"HX-Current-URL": f"{HOST}{path_of(row)}"})
    assert "Geheim" not in answer.content.decode()


def test_the_list_one_is_on_is_exported_as_filtered() -> None:
    make_company(name="Zon", city="Breda")
    make_company(name="Maan", city="Tilburg")
    client = client_of(make_member("Viewer", "vera"))
    page = reverse("admin:contacts_company_changelist") + "?q=breda"
    found = look(client, "export", on=page)
    assert titles(found, "On this page") == ["Export this list to Excel", "Export this list to CSV"]
    file = follow(client, hit_of(found, "Export this list to CSV"))
    rows = b"".join(file.streaming_content).decode()
    assert "Zon" in rows
    assert "Maan" not in rows
    assert "On this page" not in look(client, "export", on=reverse("reports"))


def test_the_export_is_of_the_chosen_account() -> None:
    north, south = make_connection("north"), make_connection("south")
    make_company(north, name="Zon")
    make_company(south, name="Maan")
    client = client_of(make_staff())
    client.post(reverse("account"), {"account": north.pk})
    found = look(client, "export csv", on=reverse("admin:contacts_company_changelist"))
    rows = b"".join(follow(client, hit_of(found, "Export this list to CSV")).streaming_content).decode()
    assert ("Zon" in rows, "Maan" in rows) == (True, False)


def test_saved_views_are_opened_by_name() -> None:
    user, other = make_staff(), make_staff()
    SavedView.objects.create(user=user, name="Grote klussen", query="status=open")
    SavedView.objects.create(user=other, name="Grote plannen", query="status=won")
    SavedView.objects.create(user=other, name="Grote gunningen", query="status=won", is_shared=True)
    client = client_of(user)
    found = look(client, "grote")
    assert titles(found, "Saved views") == ["Grote gunningen", "Grote klussen"]
    assert hit_of(found, "Grote klussen").url == "/proposals/proposal/?status=open"
    make_proposal(name="Grote klussen en meer")
    assert next(iter(look(client, "grote kl"))) == "Saved views", "its name is typed"
    assert "Saved views" not in look(client, "")
    user.is_superuser = False
    user.save()
    assert everything(look(client, "grote")) == []


def test_the_account_is_switched_by_a_post() -> None:
    north, south = make_connection("north"), make_connection("south")
    client = client_of(make_staff())
    found = look(client, "north", on="/reports/?months=24")
    hit = hit_of(found, "Account: north")
    assert hit.data == {"account": str(north.pk), "next": "/reports/?months=24"}
    assert follow(client, hit)["Location"] == "/reports/?months=24"
    assert client.session["account"] == north.pk
    switches = titles(look(client, "switch account"), "Settings")
    assert switches == ["Account: All accounts", "Account: south"]
    south.delete()
    assert "Settings" not in look(client, "switch account")


def test_theme_and_language_are_found_by_their_words() -> None:
    client = client_of(make_staff("nobody", is_superuser=False))
    assert [hit.theme for hit in look(client, "theme")["Settings"]] == ["light", "dark", "auto"]
    assert [hit.theme for hit in look(client, "donker")["Settings"]] == ["dark"], "a Dutch word"
    hit = look(client, "dutch", on="/reports/")["Settings"][0]
    assert hit.title == "Language: Nederlands"
    assert follow(client, hit)["Location"] == "/reports/"
    [back] = [hit for hits in look(client, "taal").values() for hit in hits]
    assert back.data == {"language": "en", "next": ""}, "the other one, now that the portal is Dutch"


def test_what_changes_anything_is_a_form_with_its_token() -> None:
    make_connection("north")
    make_connection("south")
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_staff())
    page = client.get(reverse("palette"), {"q": "north"})
    assert b'form="palette-form-1-1"' in page.content
    assert b'name="csrfmiddlewaretoken"' in page.content
    hit = page.context["groups"][0].hits[0]
    assert client.post(hit.url, hit.data).status_code == 403
    token = page.context["csrf_token"]
    assert client.post(hit.url, {**hit.data, "csrfmiddlewaretoken": str(token)}).status_code == 302


def test_commands_leave_room_for_records() -> None:
    for number in range(30):
        make_proposal(name=f"New {number}")
        make_company(name=f"New {number}")
        make_person(fullname=f"New {number}")
        make_product(name=f"New {number}")
    found = look(client_of(make_staff()), "new")
    assert next(iter(found)) == "Proposals"
    assert {"Proposals", "Companies", "People", "Products"} <= set(found)
    assert titles(found, "Actions")[0] == "New proposal"
    assert len(found["Actions"]) == 6
    assert next(iter(look(client_of(make_staff()), "new compan"))) == "Actions", "its name is typed"


def test_a_dutch_palette_is_dutch() -> None:
    client = client_of(make_staff())
    client.cookies["django_language"] = "nl"
    row = make_proposal(name="Dak")
    assert "Op gewonnen zetten…" in everything(look(client, "won", on=path_of(row)))
    assert "Op gewonnen zetten…" in everything(look(client, "gewonnen", on=path_of(row)))


def test_titles_match_by_the_beginnings_of_words() -> None:
    with override("en"):
        assert fits(["ma", "wo"], WON)
        assert not fits(["as", "on"], WON)
        assert not fits([], WON)
        assert fits(["fertes"], [["conceptoffertes"]])
        assert is_title(["mark", "as", "w"], WON)
        assert not is_title(["mark"], WON)
        assert spell("Übersicht: e-mail…") == [["ubersicht", "e", "mail"]]


def test_no_account_at_all_is_no_fault() -> None:
    assert Connection.objects.count() == 0
    assert "Go to" in look(client_of(make_staff()), "", on="/")
