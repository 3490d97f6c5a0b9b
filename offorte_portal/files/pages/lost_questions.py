"""The questions which lost reason is meant by a name that the managers' list does not have."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offorte_portal.files.imports.kinds.statuses import OTHER, REASONS, UNKNOWN
from offorte_portal.text.keys import match_key
from offorte_portal.tracking.models import LostReason


def ask_reasons(options: Mapping[str, Any]) -> Iterator[tuple[str, str, forms.ChoiceField]]:
    """Yield the name of a form's field, the unknown name and the question for each; "" is the rows that give none."""
    active = [(str(reason.pk), str(reason)) for reason in LostReason.objects.filter(is_active=True)]
    for number, unknown in enumerate(options.get(UNKNOWN, [])):
        name, rows = str(unknown["name"]), int(unknown["rows"])
        said = ngettext("Lost because of “%(name)s”, %(rows)s row", "Lost because of “%(name)s”, %(rows)s rows", rows)
        unsaid = ngettext("Lost without a reason, %(rows)s row", "Lost without a reason, %(rows)s rows", rows)
        nearest_first = sorted(active, key=lambda choice: choice[1] != unknown["close"])
        choices = [("", _("Leave out")), *nearest_first]
        choices += [(OTHER, _("Other: keep it as the explanation"))] if name else []
        yield (
            f"reason_{number}",
            name,
            forms.ChoiceField(
                label=(said if name else unsaid) % {"name": name, "rows": rows},
                choices=choices,
                required=False,
                initial=options.get(REASONS, {}).get(match_key(name), ""),
            ),
        )
