"""The template that Offorte takes where nobody chooses one."""

import pytest
from django.contrib.auth.models import User

from offorte_portal.compose.defaults import find_default
from offorte_portal.compose.pages.form import ComposeForm
from offorte_portal.compose.sources import start_empty
from offorte_portal.connections.models import Connection
from offorte_portal.writes.models import Operation
from tests.compose.drafting import make_draft
from tests.support.factories import make_connection, make_design_template, make_proposal, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection() -> Connection:
    return make_connection()


@pytest.fixture
def user(connection: Connection) -> User:
    return make_staff()


def unchosen(connection: Connection, user: User) -> str:
    """What the form calls a design template that nobody chooses."""
    form = ComposeForm(None, draft=start_empty(connection, user), user=user)
    return str(form.fields["design_template_id"].choices[0][1])  # type: ignore[attr-defined]


def test_the_only_template_of_an_account_is_its_default(connection: Connection, user: User) -> None:
    make_design_template(connection, name="Huisstijl 2024")
    assert unchosen(connection, user) == "Default: Huisstijl 2024"


def test_of_several_the_default_is_unknown(connection: Connection, user: User) -> None:
    make_design_template(connection, name="Huisstijl 2024")
    make_design_template(connection, name="Huisstijl 2019")
    assert unchosen(connection, user) == "Offorte’s default"


def test_the_default_is_what_offorte_took_when_nothing_was_chosen(connection: Connection, user: User) -> None:
    house, _other = (make_design_template(connection, name=name) for name in ("Huisstijl 2024", "Oud"))
    row = make_proposal(connection, design_template_remote_id=house.remote_id)
    done = Operation.objects.create(
        connection=connection, verb="create", target="proposals", state="done", remote_id=row.remote_id
    )
    draft = make_draft(connection, user, operation=done)
    assert unchosen(connection, user) == "Default: Huisstijl 2024"
    draft.proposal_template_remote_id = 5
    draft.save()
    assert find_default(connection, "design_template_id", [house, _other]) == "", "a proposal template has its own"


def test_what_offorte_never_tells_stays_unknown(connection: Connection) -> None:
    assert find_default(connection, "automations_set_id", [make_design_template(connection)]) == ""
