"""What each of Offorte's events means for the mirror (reference, "Webhooks")."""

from dataclasses import dataclass
from enum import IntEnum

from catalog.mirror import DIRECTORIES, PRODUCTS
from contacts.mirror import COMPANIES, PEOPLE
from offorte_portal.mirror.resource import Resource
from proposals.mirror import PROPOSALS


class Kind(IntEnum):
    """What happened to the object; of two events in the same second, the one with the higher number came later."""

    CREATED = 0
    CHANGED = 1
    DELETED = 2


@dataclass(frozen=True)
class Effect:
    """What an event is about: the kind of object, what happened to it, and the names of its id.

    A name that says whose id it is takes precedence over `id`, which may be that of a part. `part` is a key that shows
    the data to be that of a part of the object, so that its `id` is never the object's.
    """

    resource: Resource
    kind: Kind
    id_names: tuple[str, ...]
    part: str = ""


_COMPANY = (COMPANIES, ("company_id",))
_PERSON = (PEOPLE, ("person_id", "people_id"))
_PROPOSAL = (PROPOSALS, ("proposal_id",))
_DIRECTORY = (DIRECTORIES, ("product_directory_id", "directory_id"))
_PRODUCT = (PRODUCTS, ("product_id",))
# A key in the data of a comment itself (reference: Proposals, details).
_PARTS = {"proposal_comment_received": "comment"}

_TABLE = {
    "company_created": (_COMPANY, Kind.CREATED),
    "company_updated": (_COMPANY, Kind.CHANGED),
    "company_deleted": (_COMPANY, Kind.DELETED),
    "company_contact_created": (_PERSON, Kind.CREATED),
    "company_contact_updated": (_PERSON, Kind.CHANGED),
    "company_contact_deleted": (_PERSON, Kind.DELETED),
    "proposal_created": (_PROPOSAL, Kind.CREATED),
    "proposal_details_updated": (_PROPOSAL, Kind.CHANGED),
    "proposal_deleted": (_PROPOSAL, Kind.DELETED),
    "proposal_send": (_PROPOSAL, Kind.CHANGED),
    "proposal_won": (_PROPOSAL, Kind.CHANGED),
    # Also sent for closed: the payload and the confirmation give the status.
    "proposal_lost": (_PROPOSAL, Kind.CHANGED),
    "proposal_viewed": (_PROPOSAL, Kind.CHANGED),
    "proposal_comment_received": (_PROPOSAL, Kind.CHANGED),
    "product_directory_created": (_DIRECTORY, Kind.CREATED),
    "product_directory_updated": (_DIRECTORY, Kind.CHANGED),
    "product_directory_deleted": (_DIRECTORY, Kind.DELETED),
    "product_created": (_PRODUCT, Kind.CREATED),
    "product_updated": (_PRODUCT, Kind.CHANGED),
    "product_deleted": (_PRODUCT, Kind.DELETED),
}
EFFECTS = {name: Effect(resource, kind, ids, _PARTS.get(name, "")) for name, ((resource, ids), kind) in _TABLE.items()}
