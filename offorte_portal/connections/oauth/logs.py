"""Removes codes and secrets in URL paths from logs."""

import logging
import re

_SECRETS = (
    # The query of a callback.
    (re.compile(r"(/callback/)\?\S*"), r"\1"),
    # The secret in the URL that Offorte posts events to.
    (re.compile(r"(/webhooks/offorte/)[^/\s?\"']+"), r"\1…"),
)


class WithoutCodes(logging.Filter):
    """Removes codes and secrets from a record's message and arguments (a tuple or, for gunicorn, a mapping)."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, str):
            record.msg = _without_secrets(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(_without_secrets(value) for value in record.args)
        elif isinstance(record.args, dict):
            for name, value in list(record.args.items()):
                record.args[name] = _without_secrets(value)
        return True


def _without_secrets(value: object) -> object:
    if not isinstance(value, str):
        return value
    for pattern, kept in _SECRETS:
        value = pattern.sub(kept, value)
    return value
