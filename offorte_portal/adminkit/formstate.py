"""What an open form remembers between its pages: which one it is, and what was there when it was opened."""

import uuid
from dataclasses import dataclass, field, replace
from typing import Any

from django.core import signing

from offorte_portal import ports

Json = dict[str, Any]
SALT = "offorte_portal.form"


@dataclass(frozen=True)
class FormState:
    """Travels in a hidden field, signed. `key` makes one write of a form that is sent twice, from a second tab too.

    `of` is what the form is about. `asked` are the fields for which a person has to choose between two values, with
    the one that was there when the form was first opened.
    """

    of: str
    opened: Json
    key: uuid.UUID = field(default_factory=ports.new_uuid)
    asked: Json = field(default_factory=dict)

    def renewed(self, **changes: Any) -> "FormState":
        """The same form for another try: a write of its own."""
        return replace(self, key=ports.new_uuid(), **changes)

    def write(self) -> str:
        """As text for the hidden field."""
        return signing.dumps([self.of, self.opened, str(self.key), self.asked], salt=SALT, compress=True)

    @classmethod
    def read(cls, text: str, of: str) -> "FormState | None":
        """Read it back; None where it is not ours or is about something else."""
        try:
            about, opened, key, asked = signing.loads(text, salt=SALT)
        except signing.BadSignature:
            return None
        return cls(about, opened, uuid.UUID(key), asked) if about == of else None
