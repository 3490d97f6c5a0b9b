"""Commands of the frame and of all records: new ones and editing, the account, the theme, the language."""

from collections.abc import Iterator

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst, format_lazy
from django.utils.translation import get_language, get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from offorte_portal.adminkit import accounts
from offorte_portal.adminkit.palette.commands import CommandGroup, Offer, PaletteCommand, add_to_palette
from offorte_portal.adminkit.palette.matching import spell
from offorte_portal.adminkit.palette.page import Page
from offorte_portal.adminkit.recordviews import can_write
from offorte_portal.adminkit.staffview import StaffRequest
from offorte_portal.staff.roles import APPS

THEMES = (
    ("light", "sun", gettext_lazy("Light")),
    ("dark", "moon", gettext_lazy("Dark")),
    ("auto", "monitor", gettext_lazy("Auto")),
)


def offer_edit(request: StaffRequest, page: Page) -> Iterator[PaletteCommand]:
    """Yield the form of the record that the page is about."""
    row = page.record
    if row is None or not can_write(row):
        return
    model_admin = admin.site.get_model_admin(type(row))
    if model_admin.has_change_permission(request, row):
        url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_edit", args=[quote(row.pk)])
        yield PaletteCommand(title=gettext_lazy("Edit"), icon="pencil", group=CommandGroup.PAGE, url=url)


def offer_new(request: StaffRequest, page: Page) -> Iterator[PaletteCommand]:
    """Yield the forms of new records that sellers make."""
    yield from _offer_new(request, page, is_named=True)


def offer_other_new(request: StaffRequest, page: Page) -> Iterator[PaletteCommand]:
    """Yield the forms of other new records, such as accounts and roles."""
    yield from _offer_new(request, page, is_named=False)


def _offer_new(request: StaffRequest, page: Page, *, is_named: bool) -> Iterator[PaletteCommand]:
    for model, model_admin in admin.site._registry.items():
        opts, title = model._meta, getattr(model_admin, "new_title", "")
        if bool(title) != is_named or opts.app_label not in APPS or not model_admin.has_add_permission(request):
            continue
        try:
            url = reverse(f"admin:{opts.app_label}_{opts.model_name}_add")
        except NoReverseMatch:
            continue  # made elsewhere
        yield PaletteCommand(
            title=title or _("Add %(thing)s") % {"thing": opts.verbose_name},
            icon="plus",
            group=CommandGroup.PAGE if page.listed is model else CommandGroup.GENERAL,
            url=url,
            keywords="new add create nieuw toevoegen maken",
        )


def offer_accounts(request: StaffRequest, page: Page) -> Iterator[PaletteCommand]:
    """Yield the other accounts that can be looked at, and all of them."""
    available, selected = accounts.available(request), accounts.selected(request)
    if len(available) < 2:
        return
    names = {"all": _("All accounts"), **{str(account.pk): str(account) for account in available}}
    current = str(selected.pk) if selected else "all"
    for value, name in names.items():
        if value != current:
            yield PaletteCommand(
                title=_("Account: %(name)s") % {"name": name},
                icon="building",
                group=CommandGroup.SETTING,
                url=reverse("account"),
                data={"account": value, "next": page.url},
                keywords="switch account wisselen",
            )


def offer_themes(request: StaffRequest, page: Page) -> Iterator[PaletteCommand]:
    """Yield the themes; which is set only the browser knows."""
    for value, icon, name in THEMES:
        yield PaletteCommand(
            title=format_lazy("{}: {}", gettext_lazy("Appearance"), name),
            icon=icon,
            group=CommandGroup.SETTING,
            theme=value,
            keywords="theme mode thema modus",
        )


def offer_languages(request: StaffRequest, page: Page) -> Iterator[PaletteCommand]:
    """Yield the languages that the portal is not shown in now."""
    for code, name in settings.LANGUAGES:
        if code != get_language():
            local = capfirst(get_language_info(code)["name_local"])
            yield PaletteCommand(
                title=_("Language: %(name)s") % {"name": local},
                icon="languages",
                group=CommandGroup.SETTING,
                url=reverse("set_language"),
                data={"language": code, "next": page.url},
                keywords=" ".join(["language taal", *(word for words in spell(name) for word in words)]),
            )


add_to_palette(
    Offer(find=offer_edit, position=10),
    Offer(find=offer_new, position=50),
    Offer(find=offer_other_new, position=90),
    Offer(find=offer_accounts, position=100, is_searched=True),
    Offer(find=offer_themes, position=110, is_searched=True),
    Offer(find=offer_languages, position=120, is_searched=True),
)
