from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from offorte_portal.staff.models import OfforteUserLink


class LinkedFilter(admin.SimpleListFilter):
    """Whether somebody is an Offorte user in any account."""

    title = _("Offorte user")
    parameter_name = "linked"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Linked")), ("no", _("Not linked"))]

    def queryset(self, request: Any, queryset: QuerySet[User]) -> QuerySet[User]:
        links = Exists(OfforteUserLink.objects.filter(user=OuterRef("pk")))
        match self.value():
            case "yes":
                return queryset.filter(links)
            case "no":
                return queryset.exclude(links)
        return queryset
