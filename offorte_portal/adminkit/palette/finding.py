"""The results of the palette, put together: records, pages and commands that the person may see, and nothing else."""

from collections.abc import Iterator, Sequence
from typing import cast

from django.http import HttpRequest
from django.utils.translation import gettext as _

from offorte_portal.adminkit.navigation import places
from offorte_portal.adminkit.palette.commands import OFFERS, CommandGroup, PaletteCommand
from offorte_portal.adminkit.palette.hits import Hit, HitGroup
from offorte_portal.adminkit.palette.matching import Words, fits, is_title, is_whole, spell, split
from offorte_portal.adminkit.palette.page import Page, read_page
from offorte_portal.adminkit.palette.records import MOST, find_recent, find_records, share_out
from offorte_portal.adminkit.staffview import StaffRequest
from offorte_portal.text.letters import fold

LONGEST = 200
# What is listed before anything is typed.
PAGE_COMMANDS, PLACES = 7, 13
# The results among twenty that pages and commands have for themselves, however many records there are.
OWN_PLACES, OWN_COMMANDS = 4, 6


def find(request: HttpRequest, text: str, recent: Sequence[str] = ()) -> list[HitGroup]:
    """Return at most 20 hits in groups.

    Without a text these are the records of the paths in `recent`, what can be done on the page, and places to go to.
    With one they are records, pages and commands that match; a command whose name is typed comes first.
    """
    text = text[:LONGEST].strip()
    page = read_page(request)
    return list(_cut(_search(request, page, text) if fold(text) else _suggest(request, page, recent)))


def _suggest(request: HttpRequest, page: Page, recent: Sequence[str]) -> Iterator[tuple[str, list[Hit]]]:
    offered = list(_collect(request, page, is_search=False))
    here = [command.show() for command in offered if command.group == CommandGroup.PAGE]
    yield _("Recent"), find_recent(request, recent, page)
    yield _title(CommandGroup.PAGE, page), here[:PAGE_COMMANDS]
    yield _("Go to"), [Hit(str(title), "", url, icon) for title, icon, url in places(request.user)][:PLACES]
    general = [command.show() for command in offered if command.group == CommandGroup.GENERAL]
    yield _title(CommandGroup.GENERAL, page), general


def _search(request: HttpRequest, page: Page, text: str) -> Iterator[tuple[str, list[Hit]]]:
    found, words = find_records(request, text), split(text)
    pages = [Hit(str(title), "", url, icon) for title, icon, url in places(request.user) if fits(words, spell(title))]
    fitting, named = _fitting(_collect(request, page, is_search=True), words)
    kept = min(len(pages), OWN_PLACES), min(len(fitting), OWN_COMMANDS)
    records = share_out(found, MOST - sum(kept))
    left = MOST - sum(len(hits) for _kind, hits in records)
    fitting = fitting[: left - kept[0]]
    groups = {group: [command.show() for command in fitting if command.group == group] for group in CommandGroup}
    first = [group for group in CommandGroup if group in named]
    for group in first:
        yield _title(group, page), groups[group]
    for kind, hits in records:
        yield str(kind.title), hits
    if CommandGroup.PAGE not in first:
        yield _title(CommandGroup.PAGE, page), groups[CommandGroup.PAGE]
    yield _("Go to"), pages[: left - len(fitting)]
    for group in CommandGroup:
        if group not in {CommandGroup.PAGE, *first}:
            yield _title(group, page), groups[group]


def _collect(request: HttpRequest, page: Page, *, is_search: bool) -> Iterator[PaletteCommand]:
    """Yield the commands that the person may use on this page."""
    for offer in OFFERS:
        if is_search or not offer.is_searched:
            yield from offer.find(cast(StaffRequest, request), page)


def _fitting(offered: Iterator[PaletteCommand], words: Words) -> tuple[list[PaletteCommand], set[CommandGroup]]:
    """Return the commands that match, those whose name is typed first, and the groups that have such.

    A command of the page is named by any whole words of its own ("won"), others by the beginning of their title.
    """
    named: list[PaletteCommand] = []
    others: list[PaletteCommand] = []
    for command in offered:
        titles = spell(command.title)
        spellings = [*titles, split(command.keywords)]
        is_named = is_title(words, titles) or (command.group == CommandGroup.PAGE and is_whole(words, spellings))
        if is_named or fits(words, spellings):
            (named if is_named else others).append(command)
    return [*named, *others], {command.group for command in named}


def _title(group: CommandGroup, page: Page) -> str:
    """Return the group's title, with the name of the record that its commands are about."""
    if group == CommandGroup.PAGE and page.record:
        return f"{group.label}: {page.record}"
    return str(group.label)


def _cut(groups: Iterator[tuple[str, list[Hit]]]) -> Iterator[HitGroup]:
    left = MOST
    for title, hits in groups:
        if left > 0 and hits:
            yield HitGroup(title, hits[:left])
            left -= len(hits)
