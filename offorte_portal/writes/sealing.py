"""Secrets in what is asked: everybody who may see an operation sees them concealed, and Offorte gets them as typed.

The draft holds what can be shown. The values as they were typed are encrypted beside it, in `Operation.sealed`.
"""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from django.views.decorators.debug import sensitive_variables

from offorte_portal.api.concealing import conceal_url, is_concealed
from offorte_portal.api.errors import Rejected
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import WriteReason

Json = dict[str, Any]


# What is concealed, by target and parameter.
_SECRETS: Mapping[str, Mapping[str, Callable[[str], str]]] = {"webhooks": {"payload_url": conceal_url}}


def conceal(target: str, values: Json) -> Json:
    """Return the values of an operation's fields as they may be shown."""
    secrets = _SECRETS.get(target, {})
    return {
        name: secrets[name](value) if name in secrets and isinstance(value, str) else value
        for name, value in values.items()
    }


@sensitive_variables()
def seal(target: str, draft: Json) -> tuple[Json, str]:
    """Split a draft into what may be shown and what is to be encrypted, "" where that is nothing.

    Raises Rejected where a value is concealed already, so that nobody knows it in full.
    """
    check_complete(target, draft)
    shown = conceal(target, draft)
    secret = {name: value for name, value in draft.items() if value != shown[name]}
    return shown, orjson.dumps(secret).decode() if secret else ""


@sensitive_variables()
def unseal(operation: Operation) -> Json:
    """Return the draft as it was typed. Raises Rejected where it can't be told any more."""
    draft: Json = operation.draft | (orjson.loads(operation.sealed) if operation.sealed else {})
    check_complete(operation.target, draft)
    return draft


def is_complete(target: str, values: Json) -> bool:
    """Whether nothing in the values is concealed."""
    return not any(
        isinstance(values.get(name), str) and is_concealed(values[name]) for name in _SECRETS.get(target, {})
    )


def check_complete(target: str, values: Json) -> None:
    """Raise Rejected, by field, where a value is concealed."""
    if not is_complete(target, values):
        names = [name for name in _SECRETS[target] if name in values]
        raise Rejected(WriteReason.INCOMPLETE, field_errors={name: [WriteReason.INCOMPLETE.value] for name in names})
