"""How rows of a file become companies."""

from contacts.models import Company
from contacts.signs import coc_key, domains, vat_key
from offorte_portal.files.imports.keys import Keys, told
from offorte_portal.files.imports.kinds.kind import ADDRESS_TEXTS, Kind, Values, known_id, text
from offorte_portal.text.keys import company_key, match_key
from offorte_portal.text.letters import fold_german


class Companies(Kind):
    """Recognises companies by VAT number, chamber of commerce number, e-mail address or name."""

    model = Company
    target = "companies"
    order = ("id", "vat", "chamber", "email", "name")
    strict = ("vat", "chamber")
    doubtful = ("domain", "spelling", "german")
    columns = ("name", "vat_number", "coc_number", "email", "internet")
    key_fields = {"vat": "vat_number", "chamber": "coc_number", "email": "email", "name": "name"}
    texts = frozenset({"name", "coc_number", "vat_number", "fax"} | ADDRESS_TEXTS)

    def recognise(self, values: Values) -> Keys:
        name, email = text(values, "name"), text(values, "email")
        return told(
            id=known_id(values),
            vat=vat_key(text(values, "vat_number")),
            chamber=coc_key(text(values, "coc_number")),
            email=email.casefold(),
            name=match_key(name),
            domain=next(domains(email, text(values, "internet")), ""),
            spelling=company_key(name),
            german=company_key(fold_german(name)),
        )

    def name_of(self, values: Values) -> str:
        return text(values, "name")
