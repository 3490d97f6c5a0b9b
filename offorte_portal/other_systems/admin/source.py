"""Connections to other quoting systems: their list, their pages and forms."""

from typing import Any

from django.contrib import admin
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from offorte_portal.adminkit import columns
from offorte_portal.adminkit.templatetags import portal
from offorte_portal.other_systems.mapping import remap
from offorte_portal.other_systems.models import Source
from offorte_portal.other_systems.opening import disabled_names, read_notice
from offorte_portal.other_systems.pages.source_form import SourceForm
from offorte_portal.other_systems.pages.source_page import PILLS, source_context
from offorte_portal.other_systems.systems.interface import System
from offorte_portal.other_systems.systems.registry import SYSTEMS
from offorte_portal.staff import security_log


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin[Source]):
    """The admin of connections; testing and importing are POSTs of their own (`other_systems/pages/sources.py`)."""

    actions = None
    list_display = ["name", "state_pill", "quotes", "imported"]
    list_display_links = ["name"]
    card_columns = ("state_pill", "quotes")
    change_form_template = "other_systems/source.html"
    add_form_template = "other_systems/new.html"

    @admin.display(description=gettext_lazy("system"), ordering="label")
    def name(self, source: Source) -> SafeString:
        """Return the connection's label, with the system below it."""
        known = SYSTEMS.get(source.system)
        return columns.two_lines(source, [known.label if known else source.system])

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_pill(self, source: Source) -> SafeString:
        return columns.pill(PILLS[Source.State(source.state)], source.get_state_display())

    @admin.display(description=pgettext_lazy("of another system", "quotes"))
    def quotes(self, source: Any) -> SafeString:
        """Return the number of imported quotes."""
        return columns.number(source.quote_number)

    @admin.display(description=gettext_lazy("last import"), ordering="imported_at")
    def imported(self, source: Source) -> SafeString:
        """Return how long ago the last import was."""
        return portal.ago(source.imported_at) if source.imported_at else columns.nothing()

    def get_queryset(self, request: HttpRequest) -> Any:
        """Add the number of quotes, as `quote_number`."""
        return super().get_queryset(request).annotate(quote_number=Count("quotes"))

    def get_form(self, request: HttpRequest, obj: Source | None = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form for the connection's system, for a new one for the system in the address."""
        system = _system(obj.system if obj else request.GET.get("system", ""))

        class Form(SourceForm):
            def __init__(self, *args: Any, **options: Any) -> None:
                super().__init__(*args, system=system, **options)

        return Form

    def get_fieldsets(self, request: HttpRequest, obj: Source | None = None) -> Any:
        """Return the form's own fields; the portal's templates show them."""
        return [(None, {"fields": list(SourceForm.Meta.fields)})]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None) -> Any:
        """Ask for the system first; a system that is switched off can't be connected."""
        disabled = disabled_names()
        if self.has_add_permission(request) and request.GET.get("system") not in SYSTEMS.keys() - disabled:
            context = {
                **self.admin_site.each_context(request),
                "title": _("Connect another system"),
                "opts": self.opts,
                "systems": [(system, read_notice(system)) for system in SYSTEMS.values()],
                "disabled": disabled,
            }
            return TemplateResponse(request, "other_systems/choose.html", context)
        return super().add_view(request, form_url, extra_context)

    @method_decorator(sensitive_post_parameters("secret_text"))
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Keep the secret that is typed out of error reports."""
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Source, form: Any, change: bool) -> None:
        """Save the form; map the quotes again where settings have changed."""
        obj.options = form.options()
        names = [*form.Meta.fields, "options"]
        if not change:
            obj.system = form.system.name
        if form.cleaned_data.get("secret_text"):
            obj.secret, obj.token, obj.token_expires_at = form.cleaned_data["secret_text"], "", None
            obj.state, obj.state_reason = Source.State.NEW, None
            names += ["secret", "token", "token_expires_at", "state", "state_reason"]
        obj.save(update_fields=names if change else None)
        if "secret" in names:
            kind = security_log.Kind.SYSTEM_SECRET_CHANGED
            security_log.record(kind, request=request, system=obj.system, label=obj.label)
        if change and any(name.startswith("option_") for name in form.changed_data):
            remap(obj)

    def response_add(self, request: HttpRequest, obj: Source, post_url_continue: str | None = None) -> HttpResponse:
        """Redirect to the connection's page, where it can be tested."""
        return redirect("admin:other_systems_source_change", obj.pk)

    def response_change(self, request: HttpRequest, obj: Source) -> HttpResponse:
        """Stay on the connection's page."""
        super().response_change(request, obj)
        return redirect("admin:other_systems_source_change", obj.pk)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Require no permissions for the imported rows that are deleted with a connection."""
        to_delete, counts, _needed, protected = super().get_deleted_objects(objs, request)
        return to_delete, counts, set(), protected

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        """Show the connection's page, or the form of a new one."""
        obj: Source | None = options.get("obj")
        context["form"] = context["adminform"].form
        if obj is None:
            context["system"] = system = _system(request.GET.get("system", ""))
            context["notice"] = read_notice(system)
        else:
            context.update(source_context(request, obj))
        return super().render_change_form(request, context, *args, **options)


def _system(name: str) -> System:
    try:
        return SYSTEMS[name]
    except KeyError:
        raise Http404 from None
