"""Links many staff to Offorte users at once: those with the same address, after a look at the matches."""

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offorte_portal.adminkit.staffview import StaffRequest
from offorte_portal.staff import rights
from offorte_portal.staff.links import Match, find_matches, link_all
from offorte_portal.staff.models import OfforteUserLink


def links(request: StaffRequest) -> HttpResponse:
    """Show all matches (GET), or link those that were shown and ticked (POST). Raises PermissionDenied."""
    by = request.user
    if not by.has_perm(rights.PERMISSION):
        raise PermissionDenied
    staff = User.objects.filter(is_active=True, is_staff=True)
    addressed = staff.exclude(email="").order_by("first_name", "last_name")
    found = [match for match in find_matches(addressed) if rights.may_manage(by, match.user)]
    if request.method == "POST":
        # Only those that still match: an address may have changed since the page was opened.
        chosen = set(request.POST.getlist("match"))
        made = link_all([match for match in found if match.key in chosen], by=by, request=request)
        _tell(request, made, len(chosen))
        return redirect("admin:auth_user_changelist")
    linked = OfforteUserLink.objects.values("user")
    context = {
        **admin.site.each_context(request),
        "opts": User._meta,
        "title": _("Link staff to Offorte users"),
        "matches": found,
        "unmatched": staff.exclude(pk__in=linked).exclude(pk__in=[match.user.pk for match in found]),
    }
    return render(request, "staff/links.html", context)


def _tell(request: HttpRequest, made: list[Match], chosen: int) -> None:
    model_admin = admin.site.get_model_admin(User)
    for match in made:
        named = f"{match.offorte_user} ({match.offorte_user.connection})"
        words = {"added": {"name": "link to an Offorte user", "object": named}}
        model_admin.log_change(request, match.user, [words])
    text = ngettext("%(count)d link was made.", "%(count)d links were made.", len(made))
    messages.success(request, text % {"count": len(made)}) if made else None
    if left := chosen - len(made):
        text = ngettext("%(count)d match no longer applies.", "%(count)d matches no longer apply.", left)
        messages.warning(request, text % {"count": left})
