"""The pages of the forecast: sellers submit and see their own; managers see everyone's and adjust it."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from offorte_portal.desk.models import Forecast, ForecastAdjustment
from offorte_portal.text.months import write_month
from tests.support.factories import link, make_connection, make_proposal, make_staff
from tests.support.feed import bring_up_to_date
from tests.support.fixtures import member

pytestmark = pytest.mark.django_db

URL, SUBMIT = "/reports/forecast/", "/reports/forecast/submit/"
MONTH = write_month(timezone.localdate())


@pytest.fixture
def sellers() -> dict[str, User]:
    """Two sellers with a proposal each, open for 1,000 and won for 70."""
    make_connection("north")
    found = {}
    for name, status, value in (("sanne", "open", 1000), ("pim", "won", 70)):
        user = member("Seller", name, email=f"{name}@x.nl", last_name="Vos")
        link(user)
        make_proposal(status=status, price_total=Decimal(value), owner_email=f"{name}@x.nl", won_at=timezone.now())
        found[name] = user
    bring_up_to_date()
    return found


def sign_in(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def post(client: Client, committed: str, best_case: str = "", month: str = MONTH) -> Any:
    fields = {f"{month}-€-committed": committed, f"{month}-€-best_case": best_case, f"{month}-€-note": "De Vries"}
    return client.post(SUBMIT, fields)


def test_a_seller_submits_a_forecast(client: Client, sellers: dict[str, User]) -> None:
    sign_in(client, sellers["sanne"])
    page = client.get(URL).context
    assert [form.line.expected for form in page["forms"]] == [Decimal(200)] * 4
    assert page["table"] is None
    assert post(client, "1.500,50", "2000").status_code == 302
    row = Forecast.objects.get()
    assert row.seller == sellers["sanne"]
    assert [row.committed, row.best_case, row.expected] == [Decimal("1500.5"), Decimal(2000), Decimal(200)]
    post(client, "1500.50", "2000")
    assert Forecast.objects.count() == 1, "the same again is no change"


@pytest.mark.parametrize(
    ("committed", "best_case", "message"),
    [
        ("abc", "", "amount"),
        ("-5", "", "greater than or equal"),
        ("9" * 13, "", "less than or equal"),
        ("500", "100", "can’t be lower"),
        ("", "100", "Enter an amount"),
    ],
)
def test_what_is_wrong_is_shown_and_nothing_stored(
    client: Client, sellers: dict[str, User], committed: str, best_case: str, message: str
) -> None:
    response = post(sign_in(client, sellers["sanne"]), committed, best_case)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not Forecast.objects.exists()


def test_months_that_are_not_offered_can_not_be_forecast(client: Client, sellers: dict[str, User]) -> None:
    post(sign_in(client, sellers["sanne"]), "100", month="2020-01")
    assert not Forecast.objects.exists()


def test_a_manager_sees_everyone_and_adjusts(client: Client, sellers: dict[str, User], manager: User) -> None:
    post(sign_in(client, sellers["sanne"]), "100", "200")
    sign_in(client, manager)
    table = client.get(URL).context["table"]
    assert [row.label for row in table.rows] == ["Pim Vos", "Sanne Vos"]
    assert [cell.text for cell in table.total.cells][1:-1] == [
        "€\u00a0200", "€\u00a0100", "€\u00a0200", "€\u00a0100", "€\u00a070", "€\u00a0-100",
    ]  # fmt: skip
    url = f"{URL}{sellers['sanne'].pk}/?month={MONTH}&currency=€"
    assert client.post(url, {"amount": "80", "note": "Too high"}).status_code == 302
    row = ForecastAdjustment.objects.get()
    assert row.amount == 80
    assert (row.by, row.by_name) == (manager, "Boss")
    html = client.get(url).content.decode()
    assert "Boss adjusted it to" in html
    assert "Too high" in html


def test_a_seller_sees_and_changes_nobody_elses(client: Client, sellers: dict[str, User]) -> None:
    sign_in(client, sellers["pim"])
    post(client, "50")
    other, own = (f"{URL}{sellers[name].pk}/?month={MONTH}" for name in ("sanne", "pim"))
    assert client.get(other).status_code == 403
    assert client.get(own).status_code == 200
    for url in (other, own):
        assert client.post(url, {"amount": "1"}).status_code == 403
    assert not ForecastAdjustment.objects.exists()
    file = client.get(URL, {"file": "csv", "table": f"forecast-{MONTH}"})
    assert "Content-Disposition" not in file.headers, "a seller has no such table"
    assert "Sanne" not in client.get(URL).content.decode()


def test_a_viewer_gets_nothing(client: Client, sellers: dict[str, User]) -> None:
    sign_in(client, member("Viewer", "kijker"))
    assert client.get(URL).status_code == 403
    assert post(client, "1").status_code == 403
    assert client.get("/reports/").status_code == 200
    assert "/reports/forecast/" not in client.get("/reports/").content.decode()


def test_a_past_month_can_not_be_adjusted(client: Client, sellers: dict[str, User], manager: User) -> None:
    past = write_month(timezone.localdate().replace(day=1) - timedelta(days=1))
    sign_in(client, manager).post(f"{URL}{sellers['sanne'].pk}/?month={past}", {"amount": "5"})
    assert not ForecastAdjustment.objects.exists()
    assert client.get(f"{URL}999999/?month={past}").status_code == 404


@pytest.mark.parametrize("month", ["x", "9999-12", "0000-00", "2026-13", "1900-01", "\0"])
def test_mistaken_months_are_the_nearest(client: Client, sellers: dict[str, User], manager: User, month: str) -> None:
    assert sign_in(client, manager).get(URL, {"month": month}).status_code == 200


def test_it_takes_eight_queries_at_most(
    client: Client, sellers: dict[str, User], manager: User, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for user in (make_staff("chief"), manager, sellers["sanne"]):
        sign_in(client, user).get(URL)
        with django_assert_max_num_queries(8):
            client.get(URL)
