"""Reasons as they are stored: a code, and the values that its text needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Value: TypeAlias = "str | int | Reason"


@dataclass(frozen=True, slots=True)
class Reason:
    """A code such as "sync.list_unreadable", and values by placeholder name; a value may be another reason.

    Values from outside are stored unchanged; whatever sets them limits their length. Never store a token or a body.
    """

    code: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        values = ", ".join(f"{name}={value}" for name, value in self.values.items())
        return f"{self.code} ({values})" if values else self.code

    def __hash__(self) -> int:
        return hash((self.code, frozenset(self.values.items())))

    def to_json(self) -> dict[str, Any]:
        """Return a dictionary that `from_json` can read."""
        if not self.values:
            return {"code": self.code}
        values = {name: value.to_json() if isinstance(value, Reason) else value for name, value in self.values.items()}
        return {"code": self.code, "values": values}

    def with_values(self, **values: Value) -> "Reason":
        """Return the same reason with these values, added or in place of its own."""
        return Reason(self.code, {**self.values, **values})

    @classmethod
    def from_json(cls, data: object) -> "Reason | None":
        """Read the result of `to_json`; return None where it has no code. Values of other types are left out."""
        if not isinstance(data, dict) or not isinstance(data.get("code"), str) or not data["code"]:
            return None
        stored = data.get("values")
        values: dict[str, Value] = {}
        for name, value in stored.items() if isinstance(stored, dict) else ():
            read = value if isinstance(value, str | int) else cls.from_json(value)
            if read is not None:
                values[str(name)] = read
        return cls(data["code"], values)
