"""Turns raw objects of Offorte into values for columns, whatever their version and their faults."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainValidator, ValidationError

from offorte_portal.api import decode
from offorte_portal.text.reason import Reason

Text = Annotated[str | None, PlainValidator(decode.decode_text)]
Int = Annotated[int | None, PlainValidator(decode.decode_int)]
Amount = Annotated[Decimal | None, PlainValidator(decode.decode_decimal)]
Bool = Annotated[bool | None, PlainValidator(decode.decode_bool)]
Moment = Annotated[datetime | None, PlainValidator(decode.decode_datetime)]
Items = Annotated[list[Any] | None, PlainValidator(decode.decode_list)]


@dataclass(frozen=True, slots=True)
class Reading:
    """The content of a payload: values by column, only of keys that were present, and what could not be read."""

    values: dict[str, Any]
    warnings: list[Reason] = field(default_factory=list)


class Payload(BaseModel):
    """Base of all payloads: fields are named as the portal's columns, and all of them are optional.

    A field's aliases are Offorte's names for it, the live service's before the reference's, so that the newer one
    counts where both are present. Keys without a field are left out here; the mirror keeps the raw payload.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    @classmethod
    def read(cls, raw: Mapping[str, object]) -> Reading:
        """Read a raw object; a key with null gives None, a value that can't be read gives a warning.

        The items of nested lists are not read: they have payload classes of their own.
        """
        ready = cls.prepare(raw)
        try:
            return Reading(_values(cls.model_validate(ready)))
        except ValidationError as error:
            return cls._read_around(ready, error)

    @classmethod
    def prepare(cls, raw: Mapping[str, object]) -> dict[str, object]:
        """Bring nested objects, and fields that depend on each other, into the flat form that the fields describe."""
        return raw if isinstance(raw, dict) else dict(raw)

    @classmethod
    def _read_around(cls, ready: dict[str, object], error: ValidationError) -> Reading:
        """Read what can be read, in a loop: without its newer name a field is read by its older one."""
        warnings: list[Reason] = []
        failure: ValidationError | None = error
        values: dict[str, Any] = {}
        while failure is not None:
            faults = {str(fault["loc"][0]): fault["ctx"]["error"] for fault in failure.errors(include_url=False)}
            warnings += [error.reason.with_values(field=name) for name, error in faults.items()]
            ready = {name: value for name, value in ready.items() if name not in faults}
            try:
                values, failure = _values(cls.model_validate(ready)), None
            except ValidationError as again:
                failure = again
        return Reading(values, warnings)


def _values(payload: Payload) -> dict[str, Any]:
    values = payload.__dict__
    return {name: values[name] for name in payload.model_fields_set}
