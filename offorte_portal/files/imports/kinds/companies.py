"""How rows of a file become companies."""

from contacts.duplicates import compact, domain_of, spellings
from contacts.models import Company
from offorte_portal.files.imports.keys import Keys, told
from offorte_portal.files.imports.kinds.kind import Kind, Values, known_id, text
from offorte_portal.writes.asking import fold


class Companies(Kind):
    """Recognises companies by VAT number, chamber of commerce number, e-mail address or name."""

    model = Company
    target = "companies"
    order = ("id", "vat", "chamber", "email", "name")
    strict = ("vat", "chamber")
    doubtful = ("domain", "spelling")
    columns = ("name", "vat_number", "coc_number", "email", "internet")
    key_fields = {"vat": "vat_number", "chamber": "coc_number", "email": "email", "name": "name"}

    def recognise(self, values: Values) -> Keys:
        name, email = text(values, "name"), text(values, "email")
        return told(
            id=known_id(values),
            vat=compact(text(values, "vat_number")),
            chamber=compact(text(values, "coc_number")),
            email=email.lower(),
            name=fold(name),
            domain=domain_of(email, text(values, "internet")),
            spelling=min(spellings(name), default=""),
        )

    def name_of(self, values: Values) -> str:
        return text(values, "name")
