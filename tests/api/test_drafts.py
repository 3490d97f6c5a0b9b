import json
from decimal import Decimal

import pytest

from offorte_portal.api.drafts import (
    CompanyDraft,
    PersonDraft,
    ProductDraft,
    ProposalChange,
    ProposalDraft,
    SendDraft,
    WebhookDraft,
    complete_draft,
)
from offorte_portal.api.errors import Rejected

PROPOSAL: ProposalDraft = {
    "account_user_id": 1234,
    "company_contacts": [1],
    "company_id": 1234,
    "design_template_id": 1234,
    "automations_set_id": 1234,
    "text_template_id": 1234,
    "name": "Proposal you can't refuse",
    "proposal_template_id": 1234,
    "content": {
        "pricetables": [
            {
                "id": "pricetable1",
                "rows": [
                    {
                        "type": "price",
                        "content": "<p>Product Awesome</p>",
                        "count": Decimal(3),
                        "price": Decimal("100.50"),
                        "vat_percentage": Decimal(21),
                        "userinput_optional": True,
                        "userinput_optional_checked": True,
                        "userinput_count": True,
                    },
                    {"type": "discount", "content": "<p>Off</p>", "discount": Decimal(10)},
                    {"type": "subtotal", "content": "<p>Sum</p>"},
                    {"type": "title", "content": "<p>Head</p>"},
                ],
            }
        ]
    },
}


def test_a_draft_that_fits_stays_as_it_is() -> None:
    assert complete_draft(ProposalDraft, PROPOSAL) == PROPOSAL


def test_only_what_is_given_is_kept() -> None:
    assert complete_draft(CompanyDraft, {"name": "Bouw", "city": ""}) == {"name": "Bouw", "city": ""}
    assert complete_draft(CompanyDraft, {}) == {}


def test_a_draft_survives_json() -> None:
    stored = json.loads(json.dumps(PROPOSAL, default=str))

    assert complete_draft(ProposalDraft, stored) == PROPOSAL


@pytest.mark.parametrize(
    ("kind", "draft", "field"),
    [
        (CompanyDraft, {"name": "Bouw", "id": 5}, "id"),
        (CompanyDraft, {"name": None}, "name"),
        (PersonDraft, {"company_id": 5}, "company_id"),
        (ProductDraft, {"directory_id": 5}, "directory_id"),
        (ProductDraft, {"price": "cheap"}, "price"),
        (ProposalChange, {"status": "sent"}, "status"),
        (ProposalChange, {"price_total": float("nan")}, "price_total"),
        (SendDraft, {"send_method": "fax"}, "send_method"),
        (WebhookDraft, {"events": "all"}, "events"),
        (ProposalDraft, {"content": {"pricetables": [{"id": "a"}]}}, "content.pricetables.0.rows"),
        (
            ProposalDraft,
            {"content": {"pricetables": [{"id": "a", "rows": [{"type": "title", "content": "", "price": 1}]}]}},
            "content.pricetables.0.rows.0.title.price",
        ),
    ],
)
def test_what_offorte_has_no_parameter_for_is_refused(kind: type[object], draft: dict[str, object], field: str) -> None:
    with pytest.raises(Rejected) as caught:
        complete_draft(kind, draft)

    assert list(caught.value.field_errors) == [field]
    assert caught.value.__suppress_context__
