"""Each thing of the reference, with the example that the reference prints."""

from datetime import UTC, datetime
from decimal import Decimal

from offorte_portal.api.payloads import (
    CommentPayload,
    CompanyPayload,
    DirectoryPayload,
    EmailPayload,
    LogEntryPayload,
    NamedPayload,
    PersonPayload,
    ProductPayload,
    ProposalTemplatePayload,
    ReceiverPayload,
    UserPayload,
    VatGroupPayload,
    WebhookPayload,
)

ADDRESS = {
    "street": "Ginnekenweg 1",
    "zipcode": "4800AA",
    "city": "Breda",
    "state": "Noord-Brabant",
    "country": "the Netherlands",
    "phone": "+31 76 12344567",
    "email": "info@example.com",
    "internet": "https://www.example.com",
    "linkedin": "https://linkedin.com/example",
    "facebook": "https://facebook.com/example",
    "twitter": "https://twitter.com/example",
}
DISPLAYED = "15 jun 2018 (06:49)"
DISPLAYED_AT = datetime(2018, 6, 15, 4, 49, tzinfo=UTC)
STAMPED = "2020-06-15 18:05:59"
STAMPED_AT = datetime(2020, 6, 15, 16, 5, 59, tzinfo=UTC)


def test_a_company() -> None:
    facts = {"name": "Example Inc", "fax": "+31 76", "coc_number": "12345678", "vat_number": "NL123455678"}
    raw = {"id": 1234, **facts, **ADDRESS, "people": [{"id": 1}], "proposals": []}

    assert CompanyPayload.read(raw).values == {"remote_id": 1234, **facts, **ADDRESS}


def test_a_person() -> None:
    facts = {
        "firstname": "Chuck",
        "lastname": "Norris",
        "fullname": "Chuck Norris",
        "salutation": "Mr",
        "mobile": "+31 6",
    }
    raw = {"id": 1234, "company_id": "55", **facts, **ADDRESS}

    assert PersonPayload.read(raw).values == {"remote_id": 1234, "company_remote_id": 55, **facts, **ADDRESS}


def test_a_user() -> None:
    facts = {"email": "c@example.com", "firstname": "Chuck", "lastname": "Norris", "phone": "1", "jobtitle": "CEO"}

    assert UserPayload.read({"id": 1, **facts}).values == {"remote_id": 1, **facts}


def test_things_with_a_name() -> None:
    for payload in (NamedPayload, DirectoryPayload):
        assert payload.read({"id": 1, "name": "N"}).values == {"remote_id": 1, "name": "N"}


def test_a_proposal_template() -> None:
    facts = {"name": "My template", "type": "magazine", "config_language_id": 2, "proposal_tpl_id": 3}

    assert ProposalTemplatePayload.read({"id": 1, **facts}).values == {"remote_id": 1, **facts}


def test_a_vat_group() -> None:
    assert VatGroupPayload.read({"id": 1, "name": "High", "vat": 21.5, "label": "VAT"}).values == {
        "remote_id": 1,
        "name": "High",
        "vat": Decimal("21.5"),
        "label": "VAT",
    }


def test_a_product_as_it_is_written() -> None:
    raw = {"id": 7, "sku": "abc", "price": "1000", "vat_id": 4, "optional": "true", "name": "N", "descr_short": "D"}

    assert ProductPayload.read({**raw, "directory_id": 9}).values == {
        "remote_id": 7,
        "sku": "abc",
        "price": Decimal(1000),
        "vat_remote_id": 4,
        "is_optional": True,
        "name": "N",
        "descr_short": "D",
        "directory_remote_id": 9,
    }


def test_a_product_as_it_was_created() -> None:
    assert ProductPayload.read({"product_id": 7}).values == {"remote_id": 7}


def test_a_product_of_the_list_has_no_price() -> None:
    assert "price" not in ProductPayload.read({"id": 7, "name": "N"}).values


def test_a_webhook() -> None:
    raw = {
        "id": 1,
        "active": True,
        "payload_url": "https://example.com/incoming",
        "payload_content_type": "json",
        "date_created": STAMPED,
        "date_modified": STAMPED,
        "date_failed": None,
        "events": ["company_created"],
    }

    assert WebhookPayload.read(raw).values == {
        "remote_id": 1,
        "is_active": True,
        "payload_url": "https://example.com/incoming",
        "payload_content_type": "json",
        "remote_created_at": STAMPED_AT,
        "remote_modified_at": STAMPED_AT,
        "failed_at": None,
        "events": ["company_created"],
    }


def test_a_comment() -> None:
    facts = {
        "comment": "Are there no surprises?",
        "type": "client",
        "firstname": "Chuck",
        "lastname": "Norris",
        "email": "info@example.com",
        "company_name": "Example Inc",
    }

    assert CommentPayload.read({"id": 1, "date": DISPLAYED, **facts}).values == {
        "remote_id": 1,
        "commented_at": DISPLAYED_AT,
        **facts,
    }


def test_a_log_entry() -> None:
    facts = {"person": "Chuck Norris", "action": "proposal: viewed pdf", "type": "client"}

    assert LogEntryPayload.read({"date": DISPLAYED, **facts}).values == {"logged_at": DISPLAYED_AT, **facts}


def test_an_email() -> None:
    raw = {
        "id": 1,
        "date_sended": DISPLAYED,
        "proposal_version_nr": 1234,
        "message": "Dear {company_people_firstname}",
        "sended_by": "Johnny Vegas",
        "receivers": [{"fullname": "Chuck Norris", "email": "info@example.com"}],
    }

    assert EmailPayload.read(raw).values == {
        "remote_id": 1,
        "sent_at": DISPLAYED_AT,
        "version_nr": 1234,
        "message": "Dear {company_people_firstname}",
        "sent_by": "Johnny Vegas",
        "receivers": [{"fullname": "Chuck Norris", "email": "info@example.com"}],
    }


def test_a_receiver() -> None:
    raw = {"id": 1, "fullname": "Chuck Norris", "email": "c@example.com", "pass": "https://demo.offorte.com/login"}

    assert ReceiverPayload.read(raw).values == {
        "remote_id": 1,
        "fullname": "Chuck Norris",
        "email": "c@example.com",
        "link": "https://demo.offorte.com/login",
    }
