"""The managers' list of lost reasons: add, rename, order, archive and merge. Reasons are never deleted."""

from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.db.models import Count, Max, QuerySet
from django.utils import translation

from offorte_portal.text.keys import match_key
from offorte_portal.tracking.models import Loss, LostReason

KNOWN, SECONDS = "tracking:lost_reasons", 30


def known() -> list[LostReason]:
    """Return the reasons for filters, archived ones last: as this process changed them, else half a minute old."""
    found: list[LostReason] | None = caches["local"].get(KNOWN)
    if found is None:
        found = list(LostReason.objects.filter(merged_into=None).order_by("-is_active", "position", "pk"))
        caches["local"].set(KNOWN, found, SECONDS)
    return found


def forget() -> None:
    """Read the reasons again, in this process."""
    caches["local"].delete(KNOWN)


def listed() -> QuerySet[LostReason]:
    """Return the reasons in their order, each with the number of losses that are or were given it, as `uses`."""
    return LostReason.objects.filter(merged_into=None).annotate(uses=Count("losses")).order_by("position", "pk")


def names_of(reason: LostReason) -> set[str]:
    """Return the match keys of its name; of a default, in all languages."""
    if not reason.default:
        return {match_key(reason.name)}
    keys = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            keys.add(match_key(str(reason)))
    return keys | {match_key(reason.name)}


def find(name: str, *, but: LostReason | None = None) -> LostReason | None:
    """Return the reason of this name, whatever its case, accents and language; one that is not archived first."""
    key = match_key(name)
    found = LostReason.objects.filter(merged_into=None).order_by("-is_active", "position", "pk")
    return next((reason for reason in found if reason != but and key in names_of(reason)), None)


def by_name() -> dict[str, LostReason]:
    """Return the reasons by the match keys of their names in all languages, as `find` does; of a merged one, the other.

    For many names at once.
    """
    found = LostReason.objects.select_related("merged_into").order_by("is_active", "-position", "-pk")
    merged = {key: reason.standing for reason in found if reason.merged_into for key in names_of(reason)}
    return merged | {key: reason for reason in found if not reason.merged_into for key in names_of(reason)}


def add(name: str) -> LostReason:
    """Add a reason at the end, or take the one of this name from the archive."""
    same = find(name)
    if same is not None:
        restore(same)
        return same
    last = LostReason.objects.aggregate(last=Max("position"))["last"]
    forget()
    return LostReason.objects.create(name=name, position=0 if last is None else last + 1)


def rename(reason: LostReason, name: str) -> None:
    """Give it a name, the same in all languages; a name that it has already changes nothing."""
    if name != str(reason):
        LostReason.objects.filter(pk=reason.pk).update(name=name, default="")
        forget()


def move(reason: LostReason, by: int) -> None:
    """Move it up (-1) or down (1) among the reasons that are not archived."""
    with transaction.atomic():
        found = LostReason.objects.select_for_update().filter(is_active=True, merged_into=None)
        rows = list(found.order_by("position", "pk"))
        if reason not in rows:
            return
        at = rows.index(reason)
        rows.insert(max(at + by, 0), rows.pop(at))
        for position, row in enumerate(rows):
            row.position = position
        LostReason.objects.bulk_update(rows, ["position"])
    forget()


def archive(reason: LostReason) -> None:
    """Offer it no longer; losses keep it."""
    LostReason.objects.filter(pk=reason.pk).update(is_active=False)
    forget()


def restore(reason: LostReason) -> None:
    """Offer it again."""
    LostReason.objects.filter(pk=reason.pk, merged_into=None).update(is_active=True)
    forget()


def merge(reason: LostReason, into: LostReason) -> int:
    """Give all its losses another reason, which takes its place in running jobs too; return how many losses."""
    forget()
    with transaction.atomic():
        both = LostReason.objects.select_for_update().filter(pk__in=[reason.pk, into.pk], merged_into=None)
        if reason == into or len(both) < 2:
            return 0
        LostReason.objects.filter(merged_into=reason).update(merged_into=into)
        LostReason.objects.filter(pk=reason.pk).update(merged_into=into, is_active=False)
        return Loss.objects.filter(reason=reason).update(reason=into)
