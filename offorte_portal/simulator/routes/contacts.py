"""Companies and their people."""

from flask import Blueprint, Response, request

from offorte_portal.simulator import validation
from offorte_portal.simulator.records import COMPANY_FIELDS, PERSON_FIELDS, Record
from offorte_portal.simulator.refusals import RefusedError
from offorte_portal.simulator.routes.answers import (
    answer,
    created,
    current,
    find,
    no_content,
    page_of,
    read_json,
)

contacts = Blueprint("contacts", __name__, url_prefix="/<account>")

COMPANY = dict.fromkeys(COMPANY_FIELDS, validation.string) | {
    "name": validation.filled,
    "email": validation.email,
}
PERSON = dict.fromkeys(PERSON_FIELDS, validation.string) | {
    "fullname": validation.filled,
    "email": validation.filled_email,
}


@contacts.get("/companies/")
def list_companies() -> Response:
    """All companies, or with `query` those whose name holds it."""
    account = current()
    query = request.args.get("query", "").casefold()
    ids = account.visible("company")
    if query:
        ids = [id for id in ids if query in account.companies[id]["name"].casefold()]
    return page_of(ids, account.render_company_item, parameters=("page", "query"))


@contacts.post("/companies/")
def create_company() -> Response:
    """Add a company; its name is required."""
    fields = validation.read_fields(read_json(), COMPANY, required=["name"])
    return created("company", current().create_company(**fields)["id"])


@contacts.get("/companies/<int:id>/")
def get_company(id: int) -> Response:
    """A company with its people and proposals."""
    find("company", id)
    return answer(current().render_company(id))


@contacts.patch("/companies/<int:id>/")
def update_company(id: int) -> Response:
    """Change the given fields; answers the company."""
    find("company", id)
    current().update_company(id, **validation.read_fields(read_json(), COMPANY))
    return answer(current().render_company(id))


@contacts.delete("/companies/<int:id>/")
def delete_company(id: int) -> Response:
    """Delete a company with its people."""
    find("company", id)
    current().delete_company(id)
    return no_content()


@contacts.get("/companies/<int:id>/people/")
def list_people(id: int) -> Response:
    """The people of a company."""
    find("company", id)
    account = current()
    return page_of(account.visible("person", account.people_of.get(id, ())), account.render_person)


@contacts.post("/companies/<int:id>/people/")
def create_person(id: int) -> Response:
    """Add a person; full name and e-mail are required."""
    find("company", id)
    fields = validation.read_fields(read_json(), PERSON, required=["fullname", "email"])
    return created("person", current().create_person(id, **fields)["id"])


@contacts.get("/companies/<int:id>/people/<int:person_id>/")
def get_person(id: int, person_id: int) -> Response:
    """A person."""
    find_person(id, person_id)
    return answer(current().render_person(person_id))


@contacts.patch("/companies/<int:id>/people/<int:person_id>/")
def update_person(id: int, person_id: int) -> Response:
    """Change the given fields; answers the person."""
    find_person(id, person_id)
    current().update_person(person_id, **validation.read_fields(read_json(), PERSON))
    return answer(current().render_person(person_id))


@contacts.delete("/companies/<int:id>/people/<int:person_id>/")
def delete_person(id: int, person_id: int) -> Response:
    """Delete a person."""
    find_person(id, person_id)
    current().delete_person(person_id)
    return no_content()


def find_person(company_id: int, id: int) -> Record:
    """A person of this company; of another one it is not found."""
    find("company", company_id)
    person = find("person", id)
    if person["company_id"] != company_id:
        raise RefusedError(404, "The item could not be found.")
    return person
