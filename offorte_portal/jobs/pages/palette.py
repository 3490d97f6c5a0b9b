"""The bulk actions in the palette, for the record that a person is on; each leads to its confirm page."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.text import format_lazy

from offorte_portal.adminkit.palette.commands import CommandGroup, PaletteCommand
from offorte_portal.adminkit.palette.page import Page
from offorte_portal.adminkit.selection import Selection
from offorte_portal.adminkit.staffview import StaffRequest
from offorte_portal.jobs import registry
from offorte_portal.jobs.pages.bulk_actions import is_deletion
from offorte_portal.jobs.selection import find_applicable


def offer_actions(request: StaffRequest, page: Page) -> Iterator[PaletteCommand]:
    """Yield the actions that the person may use on this record; deletions come last. One query."""
    row, user = page.record, request.user
    if row is None:
        return
    actions = [action for action in registry.actions_for(type(row), user) if action.is_for_one]
    found = find_applicable(actions, row, user)
    token = Selection(type(row), [row.pk], "", None).sign(user)
    for action in sorted(found, key=is_deletion):
        yield PaletteCommand(
            title=format_lazy("{}…", action.label),
            icon="trash-2" if is_deletion(action) else "list-checks",
            group=CommandGroup.PAGE,
            url=f"{reverse('job_new', args=[action.name])}?{urlencode({'s': token})}",
        )
