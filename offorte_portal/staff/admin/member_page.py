"""The pages that add and change a member of staff."""

from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from offorte_portal.adminkit.records import fact
from offorte_portal.adminkit.staffview import StaffRequest
from offorte_portal.adminkit.templatetags import portal
from offorte_portal.staff import invitations, links, members, rights, sessions
from offorte_portal.staff.admin.form import MemberForm
from offorte_portal.staff.admin.member_actions import send_invitation
from offorte_portal.staff.admin.roles import list_roles
from offorte_portal.staff.models import SecurityEvent
from proposals.models import AccountUser

EVENTS = 10
Admin = ModelAdmin[User]


def add(request: StaffRequest, admin: Admin) -> HttpResponse:
    """Show the form (GET), or add the person and mail an invitation if that was requested (POST)."""
    form = MemberForm(request.POST or None, by=request.user, matches=[])
    if request.method == "POST" and form.is_valid() and (user := _save(request, admin, form)):
        messages.success(request, _("%(name)s was added.") % {"name": str(user)})
        if "_invite" in request.POST:
            send_invitation(request, user)
        return redirect("admin:auth_user_change", user.pk)
    return render(request, "staff/member.html", _context(admin, request, form, title=_("Add a member of staff")))


def change(request: StaffRequest, admin: Admin, user: User) -> HttpResponse:
    """Show the person (GET), or save the form (POST). Raises PermissionDenied."""
    may_change = admin.has_change_permission(request, user)
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    matches = links.find_matches([user]) if may_change else []
    form = MemberForm(request.POST or None, by=request.user, member=user, matches=matches)
    if request.method == "POST" and form.is_valid() and (saved := _save(request, admin, form)):
        messages.success(request, _("%(name)s was saved.") % {"name": str(saved)})
        return redirect("admin:auth_user_change", user.pk)
    context = _context(admin, request, form, title=str(user)) | _side(request, user)
    return render(request, "staff/member.html", context | {"original": user, "may_change": may_change})


def _save(request: HttpRequest, admin: Admin, form: MemberForm) -> User | None:
    """Save person, links and history, all or nothing; return None where the form shows an error."""
    try:
        with transaction.atomic():
            if form.member is None:
                user = members.add(form.details, by=form.by, request=request)
                admin.log_addition(request, user, [{"added": {}}])
            else:
                user, changed = members.change(form.member, form.details, by=form.by, request=request)
                with override("en"):  # stored in English, and translated when it is shown
                    names = [str(form.fields[name].label) if name in form.fields else name for name in changed]
                admin.log_change(request, user, [{"changed": {"fields": names}}]) if names else None
            for words in _link(request, user, form):
                admin.log_change(request, user, [words])
    except links.TakenError:
        return None
    except IntegrityError:
        form.add_error(None, _("Someone else has just taken this e-mail address or username."))
        return None
    return user


def _link(request: HttpRequest, user: User, form: MemberForm) -> Iterator[dict[str, Any]]:
    """Link and unlink as the form says; yield the changes for the person's history. Raises TakenError."""
    pressed, name = request.POST.get("link", ""), "link to an Offorte user"
    for account, chosen in form.choices:
        match = form.matches.get(account.pk)
        # The button beside the field links its match as well.
        remote_id = match.offorte_user.remote_id if match and pressed == match.key else chosen
        if remote_id is None:
            if ended := links.unlink(user, account, by=form.by, request=request):
                yield {"deleted": {"name": name, "object": f"{ended} ({account})"}}
            continue
        found = AccountUser.objects.filter(connection=account, remote_id=remote_id).select_related("connection").first()
        try:
            is_new = found is not None and links.link(user, found, by=form.by, request=request)
        except links.TakenError:
            form.add_error(f"offorte_{account.pk}", _("Someone else has just been linked to this Offorte user."))
            raise
        if is_new:
            yield {"added": {"name": name, "object": f"{found} ({account})"}}


def _context(admin: Admin, request: HttpRequest, form: MemberForm, *, title: str) -> dict[str, Any]:
    return {
        **admin.admin_site.each_context(request),
        "opts": admin.model._meta,
        "title": title,
        "form": form,
        "may_change": True,
        "back_url": reverse("admin:auth_user_changelist"),
    }


def _side(request: HttpRequest, user: User) -> dict[str, Any]:
    """Return the context of what the page shows beside the form."""
    factors = Authenticator.objects.filter(user=user)
    has_factor = factors.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
    invited = invitations.invited_at(user)
    facts = [
        fact(_("Last sign-in"), portal.ago(user.last_login) if user.last_login else _("Never")),
        fact(_("Second factor"), _("Set up") if has_factor else _("Not set up")),
        fact(_("Added"), portal.ago(user.date_joined)),
    ]
    if invited:
        facts.insert(1, fact(_("Invited"), portal.ago(invited)))
    return {
        "facts": facts,
        "roles": list_roles(user),
        "is_waiting": invitations.is_waiting(user) and user.is_active,
        "is_invited": invited is not None,
        "has_factor": has_factor,
        "granted_directly": user.user_permissions.count(),
        "kept_groups": [
            group for group in rights.other_groups(user) if group not in rights.grantable_groups(request.user)
        ],
        "devices": sessions.devices(user, request.session.session_key or ""),
        "events": SecurityEvent.objects.filter(about=user).select_related("by")[:EVENTS],
    }
