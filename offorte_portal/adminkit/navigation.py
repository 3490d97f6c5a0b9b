"""The navigation, grouped by work. Technical models are left out: what is not listed here has no way in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import cast

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, PermissionsMixin, User
from django.core.cache import caches
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from offorte_portal.activity.reading import PERMISSION as ACTIVITY
from offorte_portal.adminkit.accounts import active_run, available, selected
from offorte_portal.adminkit.approval_badge import count_approvals
from offorte_portal.adminkit.desk_badges import count_due, count_questions
from offorte_portal.adminkit.unread import unread_count
from offorte_portal.adminkit.visibility import visible_jobs
from offorte_portal.models import Connection, Job
from proposals.models import Proposal

BADGE_SECONDS = 60
JOB_BADGE_SECONDS = 15

Text = str | Promise
Count = Callable[[HttpRequest], int]


def count_proposals(request: HttpRequest) -> int:
    """Proposals that Offorte still has, of one account or of all, at most a minute old.

    Kept in this process: a badge must not cost a query a page.
    """
    account = selected(request)
    known: int | None = caches["local"].get(_proposals_key(account))
    if not known:  # none costs nothing to count, and is over as soon as the first sync has begun
        present = Proposal.objects.filter(removed_at__isnull=True)
        known = (present.filter(connection=account) if account else present).count()
        keep_proposals(account, known)
    return known


def keep_proposals(account: Connection | None, count: int) -> None:
    """Take a number of proposals that a page has counted anyway for the badge."""
    caches["local"].set(_proposals_key(account), count, BADGE_SECONDS)


def _proposals_key(account: Connection | None) -> str:
    return f"badge:proposals:{account.pk if account else 'all'}"


def count_running_syncs(request: HttpRequest) -> int:
    """Syncs that have not ended yet, of one account or of all."""
    account = selected(request)
    return sum(active_run(one) is not None for one in ([account] if account else available(request)))


def count_active_jobs(request: HttpRequest) -> int:
    """Jobs that have not ended, of those that the person may see; at most a quarter of a minute old."""
    user = request.user
    key = f"badge:jobs:{user.pk}"
    known: int | None = caches["local"].get(key)
    if known is None:
        known = visible_jobs(cast(User, user)).filter(state__in=Job.ACTIVE).count()
        caches["local"].set(key, known, JOB_BADGE_SECONDS)
    return known


@dataclass(frozen=True)
class Entry:
    """A place to go to, for those who hold one of its permissions (none named: everybody)."""

    title: Text
    icon: str
    url_name: str
    permissions: tuple[str, ...] = ()
    count: Count | None = None
    # Of the badge, where it renews itself.
    badge_id: str = ""
    children: tuple["Entry", ...] = ()


def _of(model: str, title: Text, icon: str = "", **options: object) -> Entry:
    app, name = model.split(".")
    permissions = (f"{app}.view_{name}", f"{app}.change_{name}")
    return Entry(title, icon, f"admin:{app}_{name}_changelist", permissions, **options)  # type: ignore[arg-type]


GROUPS: tuple[tuple[Text, tuple[Entry, ...]], ...] = (
    (
        _("Sell"),
        (
            Entry(_("Home"), "house", "home"),
            _of("proposals.proposal", _("Proposals"), "file-text", count=count_proposals),
            _of(
                "offorte_portal.importedquote",
                _("Imported quotes"),
                "files",
                children=(_of("offorte_portal.partymatch", _("Their customers")),),
            ),
            Entry(_("Drafts"), "file-pen-line", "compose_drafts", ("proposals.add_proposal",)),
            Entry(_("Approvals"), "stamp", "approvals", ("proposals.approve_proposal",), count_approvals),
            Entry(_("Pipeline"), "square-kanban", "board", ("proposals.view_proposal",)),
            Entry(_("Inbox"), "inbox", "inbox", ("proposals.view_proposal",), count_questions),
            Entry(_("Follow-ups"), "calendar-clock", "followups", ("proposals.view_followup",), count_due),
            Entry(_("Activity"), "activity", "activity", (ACTIVITY,), unread_count, "nav-unread"),
        ),
    ),
    (
        _("Customers"),
        (
            _of(
                "contacts.company",
                _("Companies"),
                "building-2",
                children=(Entry(_("Duplicates"), "", "duplicates", ("contacts.merge_company",)),),
            ),
            _of("contacts.person", _("People"), "users"),
        ),
    ),
    (
        _("Catalogue"),
        (
            _of(
                "catalog.product",
                _("Products"),
                "package",
                children=(
                    _of("catalog.productdirectory", _("Directories")),
                    _of("catalog.vatgroup", _("VAT groups")),
                ),
            ),
        ),
    ),
    (
        _("Insight"),
        (Entry(_("Reports"), "chart-line", "reports", ("proposals.view_proposal",)),),
    ),
    (
        _("Settings"),
        (
            _of("offorte_portal.connection", _("Offorte accounts"), "plug"),
            _of("offorte_portal.source", _("Other systems"), "cable"),
            _of("offorte_portal.job", _("Jobs"), "list-checks", count=count_active_jobs),
            _of("offorte_portal.operation", _("Writes"), "scroll-text"),
            _of("offorte_portal.export", _("Exports"), "download"),
            _of("offorte_portal.syncrun", _("Syncs"), "refresh-cw", count=count_running_syncs),
            _of(
                "proposals.proposaltemplate",
                _("Templates & users"),
                "layout-template",
                children=(
                    _of("proposals.proposaltemplate", _("Proposal templates")),
                    _of("proposals.designtemplate", _("Design templates")),
                    _of("proposals.texttemplate", _("Text templates")),
                    _of("proposals.emailtemplate", _("E-mail templates")),
                    _of("proposals.automationset", _("Automation sets")),
                    _of("proposals.accountuser", _("Offorte users")),
                    _of("offorte_portal.webhook", _("Webhooks")),
                ),
            ),
            _of("offorte_portal.webhookevent", _("Webhook events"), "webhook"),
            Entry(_("Thresholds"), "sliders-horizontal", "desk_settings", ("proposals.change_desksettings",)),
            _of(
                "auth.user",
                _("Staff"),
                "user-cog",
                children=(_of("staff.securityevent", _("Security log")),),
            ),
        ),
    ),
)
# After "g" on the keyboard, see palette.js.
SHORTCUTS = {
    "home": "h",
    "admin:proposals_proposal_changelist": "p",
    "board": "b",
    "inbox": "i",
    "followups": "f",
    "reports": "r",
    "admin:contacts_company_changelist": "c",
    "admin:contacts_person_changelist": "m",
    "admin:catalog_product_changelist": "d",
}
PHONE_MODELS = ("proposals_proposal", "contacts_company")
PHONE = ("home", "inbox", *(f"admin:{name}_changelist" for name in PHONE_MODELS))


@dataclass
class Link:
    """An entry as one person sees it on one page."""

    title: Text
    icon: str
    url: str
    is_current: bool
    is_phone: bool = False
    badge: int = 0
    badge_id: str = ""
    children: list["Link"] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether the page is this one or below it, so that its children show."""
        return self.is_current or any(child.is_current for child in self.children)


def build_navigation(request: HttpRequest) -> list[tuple[Text, list[Link]]]:
    """The groups with the links that the person may follow; groups without any are left out."""
    groups = ((title, list(_links(request, entries))) for title, entries in GROUPS)
    return [(title, links) for title, links in groups if links]


def _links(request: HttpRequest, entries: tuple[Entry, ...]) -> Iterator[Link]:
    for entry in entries:
        children = list(_links(request, entry.children))
        url = _url(entry) if _may_see(request.user, entry) else ""
        if not url and children:
            url = children[0].url
        if url:
            yield Link(
                title=entry.title,
                icon=entry.icon,
                url=url,
                is_current=_is_current(request.path, url) and not any(child.is_current for child in children),
                is_phone=entry.url_name in PHONE,
                badge=entry.count(request) if entry.count else 0,
                badge_id=entry.badge_id,
                children=children,
            )


@dataclass(frozen=True)
class Shortcut:
    """A page that a key leads to."""

    key: str
    title: Text
    url: str


def shortcuts(user: AbstractBaseUser | AnonymousUser) -> list[Shortcut]:
    """The keys for the pages that the person may go to."""
    entries = (entry for _, group in GROUPS for entry in group if entry.url_name in SHORTCUTS and _may_see(user, entry))
    return [Shortcut(SHORTCUTS[entry.url_name], entry.title, _url(entry)) for entry in entries]


def places(user: AbstractBaseUser | AnonymousUser) -> Iterator[tuple[Text, str, str]]:
    """(title, icon, address) of every page that the person may go to; counts nothing."""
    for _title, entries in GROUPS:
        for entry in entries:
            for one in (entry, *entry.children):
                if _may_see(user, one) and (url := _url(one)):
                    yield one.title, one.icon or entry.icon, url


def _may_see(user: AbstractBaseUser | AnonymousUser, entry: Entry) -> bool:
    if not entry.permissions:
        return True
    return isinstance(user, PermissionsMixin) and any(user.has_perm(name) for name in entry.permissions)


def _url(entry: Entry) -> str:
    """The entry's address; empty when its admin is not registered."""
    try:
        return reverse(entry.url_name)
    except NoReverseMatch:
        return ""


def _is_current(path: str, url: str) -> bool:
    return path == url or (url != reverse("home") and path.startswith(url))
