from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from offorte_portal.adminkit.accounts import select


@require_POST
@admin.site.admin_view
def account(request: HttpRequest) -> HttpResponse:
    """Choose the account to look at (`account`: its key, or "all") and go back to the page `next`."""
    select(request, request.POST.get("account", ""))
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return redirect(target if is_ours else reverse("home"))
