from datetime import UTC, datetime
from decimal import Decimal

import pytest

from offorte_portal.api.payloads import ProposalPayload
from tests.support import warnings


def test_a_list_item_of_the_reference() -> None:
    raw = {
        "id": 1234,
        "company_id": 55,
        "company_name": "Example Inc",
        "name": "Proposal you can't refuse",
        "status": "won",
        "price_total": 15000,
        "version_id": 66,
    }

    assert ProposalPayload.read(raw).values == {
        "remote_id": 1234,
        "company_remote_id": 55,
        "company_name": "Example Inc",
        "name": "Proposal you can't refuse",
        "status": "won",
        "price_total": Decimal(15000),
        "price_total_display": "",
        "version_id": 66,
    }


def test_details_of_the_reference() -> None:
    raw = {
        "id": 1234,
        "name": "Proposal you can't refuse",
        "status": "won",
        "type": "magazine",
        "remarks": "Make some modifications",
        "price_total": 15000,
        "date_modified": "15 jun 2018 (06:49)",
        "company": {"name": "Example Inc", "street": "Ginnekenweg 1"},
        "comments": [{"id": 1}],
        "logs": {
            "summary": {
                "views": 2,
                "pdf": 0,
                "recent_view": "15 jun 2018 (06:49)",
                "last_modified_date": "15 jun 2018 (06:50)",
                "last_modified_user": "2020-06-15 18:05:59",
            },
            "history": [],
        },
        "pages_total": 9,
    }

    assert ProposalPayload.read(raw).values == {
        "remote_id": 1234,
        "name": "Proposal you can't refuse",
        "status": "won",
        "type": "magazine",
        "remarks": "Make some modifications",
        "price_total": Decimal(15000),
        "price_total_display": "",
        "company_name": "Example Inc",
        "remote_modified_at": datetime(2018, 6, 15, 4, 49, tzinfo=UTC),
        "viewed_at": datetime(2018, 6, 15, 4, 49, tzinfo=UTC),
        "view_count": 2,
        "pdf_count": 0,
        "pages_total": 9,
    }


def test_fields_of_the_live_service() -> None:
    raw = {
        "proposal_nr": 20240001,
        "account_user_id": 3,
        "account_user_name": "Sanne",
        "account_user_email": "sanne@example.com",
        "date_created": "2024-03-05T10:11:12.123456Z",
        "date_won": None,
        "date_viewed": "2024-03-06T10:11:12.000000Z",
        "design_template_id": 4,
        "text_template_id": 5,
        "proposal_language": "nl",
        "remarks": "",
        "tags": ["roof", "2024"],
    }

    assert ProposalPayload.read(raw).values == {
        "number": "20240001",
        "owner_remote_id": 3,
        "owner_name": "Sanne",
        "owner_email": "sanne@example.com",
        "remote_created_at": datetime(2024, 3, 5, 10, 11, 12, 123456, tzinfo=UTC),
        "won_at": None,
        "viewed_at": datetime(2024, 3, 6, 10, 11, 12, tzinfo=UTC),
        "design_template_remote_id": 4,
        "text_template_remote_id": 5,
        "language": "nl",
        "remarks": "",
        "tags": ["roof", "2024"],
    }


@pytest.mark.parametrize(
    ("told", "amount", "display"),
    [
        ({"price_total": 15000}, "15000", ""),
        ({"price_total": "15000.50"}, "15000.50", ""),
        ({"price_total": "$999.99"}, "999.99", "$999.99"),
        # Ambiguous by itself, told by the number beside it.
        ({"price_total": "€ 1.000", "price_total_original": "1.00"}, "1.00", "€ 1.000"),
        ({"price_total": "€45,521.00", "price_total_original": "45521.00"}, "45521.00", "€45,521.00"),
        ({"price_total": "€ 1000,00", "price_total_original": None}, "1000.00", "€ 1000,00"),
        ({"price_total": "on request", "price_total_original": 5}, "5", "on request"),
        ({"price_total_original": 5}, "5", ""),
        ({"price_total": None, "price_total_original": 5}, "5", ""),
        # A person put another total in the place of the calculated one, and that is the one shown.
        (
            {"price_total": "€ 20.000,00", "price_total_original": "15000.00", "price_total_override": 20000},
            "20000.00",
            "€ 20.000,00",
        ),
        ({"price_total": "€ 15,00", "price_total_original": 15, "price_total_override": 20}, "15", "€ 15,00"),
        ({"price_total": "€ x", "price_total_original": 15, "price_total_override": 20}, "15", "€ x"),
    ],
)
def test_the_total_is_a_number(told: dict[str, object], amount: str, display: str) -> None:
    reading = ProposalPayload.read(told)

    assert reading.values == {"price_total": Decimal(amount), "price_total_display": display}
    assert reading.warnings == []


def test_an_unreadable_total_is_unknown_and_still_shown() -> None:
    reading = ProposalPayload.read({"price_total": "€ abc"})

    assert reading.values == {"price_total_display": "€ abc"}
    assert warnings.read(reading.warnings) == ["price_total: can’t read '€ abc' as an amount"]


def test_the_summary_counts_where_nothing_else_is_told() -> None:
    raw = {"logs": {"summary": {"last_modified_date": "15 jun 2018 (06:49)", "recent_view": None}}}

    assert ProposalPayload.read(raw).values == {
        "remote_modified_at": datetime(2018, 6, 15, 4, 49, tzinfo=UTC),
        "viewed_at": None,
    }


@pytest.mark.parametrize(
    "raw", [{"logs": []}, {"logs": {"summary": []}}, {"logs": None}, {"company": []}, {"company": {}}]
)
def test_empty_nested_things_say_nothing(raw: dict[str, object]) -> None:
    assert ProposalPayload.read(raw).values == {}


def test_the_items_own_company_name_counts() -> None:
    raw = {"company_name": "Ours", "company": {"name": "Theirs"}}

    assert ProposalPayload.read(raw).values == {"company_name": "Ours"}


def test_a_proposal_in_a_companys_details() -> None:
    raw = {"id": 1, "proposal_name": "Roof", "proposal_status": "won"}

    assert ProposalPayload.read(raw).values == {"remote_id": 1, "name": "Roof", "status": "won"}


def test_the_answer_to_a_creation() -> None:
    raw = {"proposal_id": 1, "proposal_version_id": 2}

    assert ProposalPayload.read(raw).values == {"remote_id": 1, "version_id": 2}
