"""Companies and people (reference, "Contacts")."""

from pydantic import Field

from offorte_portal.api.payloads.base import Int, Payload, Text


class ContactPayload(Payload):
    """The fields that a company and a person share."""

    remote_id: Int = Field(None, validation_alias="id")
    street: Text = None
    zipcode: Text = None
    city: Text = None
    state: Text = None
    country: Text = None
    phone: Text = None
    email: Text = None
    internet: Text = None
    linkedin: Text = None
    facebook: Text = None
    twitter: Text = None


class CompanyPayload(ContactPayload):
    """A company, from the list, its details, a webhook, or (without id) the details of a proposal."""

    name: Text = None
    fax: Text = None
    coc_number: Text = None
    vat_number: Text = None


class PersonPayload(ContactPayload):
    """A person of a company."""

    company_remote_id: Int = Field(None, validation_alias="company_id")
    firstname: Text = None
    lastname: Text = None
    fullname: Text = None
    salutation: Text = None
    mobile: Text = None
