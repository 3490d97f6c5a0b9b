"""The codes of the security log in the reader's language, and their colours."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from offorte_portal.staff.models.security_event import Kind

# What an administrator should notice, and what is good news.
PILLS: dict[Kind, str] = {
    Kind.SIGN_IN_FAILED: "lost",
    Kind.SECOND_FACTOR_REMOVED: "warn",
    Kind.SECOND_FACTOR_RESET: "warn",
    Kind.PASSKEY_REMOVED: "warn",
    Kind.RECOVERY_CODES_VIEWED: "warn",
    Kind.ROLE_CHANGED: "warn",
    Kind.ADDRESS_CHANGED: "warn",
    Kind.PASSWORD_RESET: "warn",
}

_CODES: dict[str, str | Promise] = {
    # Reasons of a failed sign-in.
    "password": gettext_lazy("Wrong password"),
    "second_factor": gettext_lazy("Wrong code"),
    "passkey": gettext_lazy("Unknown passkey"),
    "limited": gettext_lazy("Too many attempts"),
    "inactive": gettext_lazy("Not active"),
    "not_staff": gettext_lazy("Not a member of staff"),
    "flood": gettext_lazy("Many different names and addresses"),
    "many_addresses": gettext_lazy("Many different IP addresses"),
    "unknown": gettext_lazy("Unknown address"),
    # Of sessions that were ended.
    "deactivated": gettext_lazy("Deactivated"),
    # Types of second factors.
    "totp": gettext_lazy("Authenticator app"),
    "webauthn": gettext_lazy("Passkey"),
    "recovery_codes": gettext_lazy("Recovery codes"),
}
_METHODS: dict[str, str | Promise] = _CODES | {
    "password": gettext_lazy("Password"),
    "recovery_codes": gettext_lazy("Recovery code"),
}


def describe_details(details: dict[str, Any]) -> list[str]:
    """Put the values of an event into words, one text for each; what has no words is shown as it is."""
    return [text for name, value in details.items() if (text := _describe(name, value))]


def _describe(name: str, value: Any) -> str:
    match name:
        case "methods":
            return ", ".join(str(_METHODS.get(one, one)) for one in value)
        case "reason" | "type":
            return str(_CODES.get(value, value))
        case "count":
            return ngettext("%(count)d session", "%(count)d sessions", value) % {"count": value}
        case "via":
            return _("by the command %(name)s") % {"name": value}
        case "account" | "system" | "label":
            return str(value)
        case "before" | "after" | "added" | "removed":
            words = {"before": _("Before"), "after": _("After"), "added": _("Added"), "removed": _("Removed")}
            return f"{words[name]}: {_join(value)}" if value else ""
    return f"{name}: {_join(value)}"


def _join(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
