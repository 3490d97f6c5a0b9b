"""The state of an open form between its pages: what it is about, and the values when it was opened."""

import uuid
from dataclasses import dataclass, field, replace
from typing import Any

from django.core import signing

from offorte_portal import ports

Json = dict[str, Any]
SALT = "offorte_portal.form"


@dataclass(frozen=True)
class FormState:
    """The state, in a signed hidden field. By its `key`, a form that is sent twice, even from two tabs, is one write.

    `of` is what the form is about. `asked` are the fields for which a person has to choose between two values, with
    their values when the form was first opened.
    """

    of: str
    opened: Json
    key: uuid.UUID = field(default_factory=ports.new_uuid)
    asked: Json = field(default_factory=dict)

    def renewed(self, **changes: Any) -> "FormState":
        """Return the state with a new key, so that another try is a write of its own."""
        return replace(self, key=ports.new_uuid(), **changes)

    def write(self) -> str:
        """Return the state as signed text for the hidden field."""
        return signing.dumps([self.of, self.opened, str(self.key), self.asked], salt=SALT, compress=True)

    @classmethod
    def read(cls, text: str, of: str) -> "FormState | None":
        """Read the hidden field; return None where its signature is wrong or it is about something else."""
        try:
            about, opened, key, asked = signing.loads(text, salt=SALT)
        except signing.BadSignature:
            return None
        return cls(about, opened, uuid.UUID(key), asked) if about == of else None
