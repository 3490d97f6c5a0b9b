"""What the reference documents of each write, typed over from it: method, path, parameters and their types."""

from typing import Any, NamedTuple

STRING, INTEGER, FLOAT, BOOLEAN, ARRAY, OBJECT = str, int, (int, float), bool, list, dict
Types = dict[str, Any]

ADDRESS: Types = dict.fromkeys(
    ("street", "zipcode", "city", "state", "country", "phone", "email", "internet", "linkedin", "facebook", "twitter"),
    STRING,
)
COMPANY = ADDRESS | dict.fromkeys(("name", "fax", "coc_number", "vat_number"), STRING)
PERSON = ADDRESS | dict.fromkeys(("firstname", "lastname", "fullname", "salutation", "mobile"), STRING)
DIRECTORY: Types = {"name": STRING}
PRODUCT: Types = {
    "sku": STRING,
    "price": FLOAT,
    "vat_id": INTEGER,
    "optional": BOOLEAN,
    "name": STRING,
    "descr_short": STRING,
}
PROPOSAL: Types = {
    "account_user_id": INTEGER,
    "company_contacts": ARRAY,
    "company_id": INTEGER,
    "design_template_id": INTEGER,
    "name": STRING,
    "text_template_id": INTEGER,
}
SENDING: Types = {
    "password_reset": BOOLEAN,
    "send_method": STRING,
    "send_message": STRING,
    "send_message_id": INTEGER,
}
WEBHOOK: Types = {"payload_url": STRING, "payload_content_type": STRING, "active": BOOLEAN, "events": ARRAY}


class Documented(NamedTuple):
    """One endpoint; `types` is None where no body is documented."""

    method: str
    path: str
    types: Types | None


ENDPOINTS: dict[tuple[str, str], Documented] = {
    ("companies", "create"): Documented("POST", "/companies/", COMPANY),
    ("companies", "change"): Documented("PATCH", "/companies/{id}/", COMPANY),
    ("companies", "delete"): Documented("DELETE", "/companies/{id}/", None),
    ("people", "create"): Documented("POST", "/companies/{parent}/people/", PERSON),
    ("people", "change"): Documented("PATCH", "/companies/{parent}/people/{id}/", PERSON),
    ("people", "delete"): Documented("DELETE", "/companies/{parent}/people/{id}/", None),
    ("directories", "create"): Documented("POST", "/products/directories/", DIRECTORY),
    ("directories", "change"): Documented("PATCH", "/products/directories/{id}/", DIRECTORY),
    ("directories", "delete"): Documented("DELETE", "/products/directories/{id}/", None),
    ("products", "create"): Documented("POST", "/products/{parent}/", PRODUCT),
    ("products", "change"): Documented("PATCH", "/product/{id}/", PRODUCT | {"directory_id": INTEGER}),
    ("products", "delete"): Documented("DELETE", "/products/{id}/", None),
    ("proposals", "create"): Documented(
        "POST",
        "/proposals/",
        PROPOSAL | {"automations_set_id": INTEGER, "proposal_template_id": INTEGER, "content": OBJECT},
    ),
    ("proposals", "change"): Documented(
        "PATCH", "/proposals/{id}/details/", PROPOSAL | {"price_total": FLOAT, "status": STRING}
    ),
    ("proposals", "send"): Documented("POST", "/proposals/{id}/send/", SENDING),
    ("proposals", "delete"): Documented("DELETE", "/proposals/{id}/", None),
    ("webhooks", "create"): Documented("POST", "/webhooks/", WEBHOOK),
    ("webhooks", "change"): Documented("PATCH", "/webhooks/{id}/", WEBHOOK),
    ("webhooks", "delete"): Documented("DELETE", "/webhooks/{id}/", None),
}
