"""Secrets in a draft: everybody who may see an operation sees them concealed, and Offorte gets them as typed.

The draft holds what can be shown. The values as typed are encrypted beside it, in `Operation.sealed`.
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


# How to conceal a secret parameter, by target and parameter.
_SECRETS: Mapping[str, Mapping[str, Callable[[str], str]]] = {"webhooks": {"payload_url": conceal_url}}


def conceal(target: str, values: Json) -> Json:
    """Return the values of an operation's fields with secrets concealed."""
    secrets = _SECRETS.get(target, {})
    return {
        name: secrets[name](value) if name in secrets and isinstance(value, str) else value
        for name, value in values.items()
    }


@sensitive_variables()
def seal(target: str, draft: Json) -> tuple[Json, str]:
    """Split a draft into the values to show and the JSON to encrypt, which is "" if there are no secrets.

    Raises Rejected if a value is concealed already, because its full value is not known then.
    """
    check_complete(target, draft)
    shown = conceal(target, draft)
    secret = {name: value for name, value in draft.items() if value != shown[name]}
    return shown, orjson.dumps(secret).decode() if secret else ""


@sensitive_variables()
def unseal(operation: Operation) -> Json:
    """Return the draft as it was typed. Raises Rejected if part of it is no longer known."""
    draft: Json = operation.draft | (orjson.loads(operation.sealed) if operation.sealed else {})
    check_complete(operation.target, draft)
    return draft


def is_complete(target: str, values: Json) -> bool:
    """Return whether no value is concealed."""
    return not any(
        isinstance(values.get(name), str) and is_concealed(values[name]) for name in _SECRETS.get(target, {})
    )


def check_complete(target: str, values: Json) -> None:
    """Raise Rejected, by field, if a value is concealed."""
    if not is_complete(target, values):
        names = [name for name in _SECRETS[target] if name in values]
        raise Rejected(WriteReason.INCOMPLETE, field_errors={name: [WriteReason.INCOMPLETE.value] for name in names})
