"""The pages of Offorte accounts: list, credentials, connection and disconnection."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from django.views.decorators.debug import sensitive_post_parameters

from offorte_portal.adminkit.staffview import staff_user
from offorte_portal.connections import connecting as connections
from offorte_portal.connections import hooks
from offorte_portal.connections.encryption import has_keys
from offorte_portal.connections.models import Connection
from offorte_portal.connections.oauth.handshake import callback_url
from offorte_portal.mirror.wiping import has_mirror
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.staff import security_log
from offorte_portal.waiting.marks import asks_elsewhere

AUTHORISE = "connections.authorise_connection"
WHERE_FROM = gettext_noop(
    "You get it in Offorte under Settings → API, where you register this portal as an app. "
    "As callback URL, enter %(url)s with the account name in place of ACCOUNT."
)
PILLS = {
    Connection.State.NEW: "info",
    Connection.State.CONNECTED: "good",
    Connection.State.RECONNECT: "bad",
    Connection.State.DISCONNECTED: "warn",
}


class ConnectionForm(forms.ModelForm[Connection]):
    """The account and the app's credentials; the stored secret is never shown again."""

    secret = forms.CharField(
        label=_("Client secret"),
        max_length=255,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "class": "vTextField"}),
    )

    class Meta:
        model = Connection
        fields = ["account", "label", "client_id"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk and "secret" in self.fields:
            self.fields["secret"].required = False
            self.fields["secret"].help_text = _("Leave empty to keep the stored secret.")

    def clean_secret(self) -> str:
        """Return the secret. Raises ValidationError if there is no key to encrypt it with."""
        secret: str = self.cleaned_data["secret"]
        if secret and not has_keys():
            raise forms.ValidationError(
                _(
                    "The portal can’t store a secret because it has no valid PORTAL_ENCRYPTION_KEYS. Ask the "
                    "person who runs the server to set them."
                )
            )
        return secret


class DisconnectForm(forms.Form):
    """The choice whether the mirrored data stays."""

    mirror = forms.ChoiceField(
        label=_("Data from Offorte"),
        choices=[
            ("keep", _("Keep it: staff can still search, but nothing is updated any more.")),
            ("remove", _("Remove it: proposals, companies, people and products of this account leave the portal.")),
        ],
        initial="keep",
        widget=forms.RadioSelect,
    )


@admin.register(Connection)
class ConnectionAdmin(admin.ModelAdmin[Connection]):
    """Offorte accounts, for administrators; connecting them needs a permission of its own."""

    form = ConnectionForm
    list_display = ["name", "state_pill", "synced_at", "token_expires_at", "connected_by"]
    list_select_related = ["connected_by"]
    change_form_template = "admin/connections/connection/change_form.html"

    @admin.display(description=_("account"), ordering="account")
    def name(self, connection: Connection) -> str:
        """Return the label with the account's name, or only the name."""
        return f"{connection.label} ({connection.account})" if connection.label else connection.account

    @admin.display(description=_("state"), ordering="state")
    def state_pill(self, connection: Connection) -> str:
        pill = PILLS[Connection.State(connection.state)]
        return format_html('<span class="pill pill-{}">{}</span>', pill, connection.get_state_display())

    @admin.display(description=_("reason"))
    def reason(self, connection: Connection) -> str:
        return put_into_words(connection.state_reason)

    @admin.display(description=_("callback URL"))
    def callback(self, connection: Connection) -> str:
        return callback_url(connection)

    def get_fieldsets(self, request: HttpRequest, obj: Connection | None = None) -> Any:
        """Return the fields to fill in and, for an existing account, its state."""
        pattern = reverse("offorte_callback", args=["ACCOUNT"])
        may_write = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        app = {
            "fields": ["client_id", *(["secret"] if may_write else []), *(["callback"] if obj else [])],
            "description": "" if obj else _(WHERE_FROM) % {"url": settings.PORTAL_URL + pattern},
        }
        fieldsets: list[Any] = [(None, {"fields": ["account", "label"]}), (_("App in Offorte"), app)]
        if obj:
            shown = ["state_pill", "reason", "connected_by", "connected_at", "token_expires_at", "synced_at"]
            fieldsets.append((_("Connection"), {"fields": shown}))
        return fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Connection | None = None) -> list[str]:
        """Make the account's name read-only once it has been connected."""
        names = ["callback", "state_pill", "reason", "connected_by", "connected_at"]
        names += ["token_expires_at", "synced_at"]
        return [*names, "account"] if obj and obj.connected_at else names

    def has_delete_permission(self, request: HttpRequest, obj: Connection | None = None) -> bool:
        """Allow deletion only of a single account that is not connected and has no mirrored rows."""
        return (
            obj is not None
            and not obj.is_connected
            and super().has_delete_permission(request, obj)
            and not has_mirror(obj)
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.disconnect_view)
        name = "connections_connection_disconnect"
        return [path("<path:object_id>/disconnect/", view, name=name), *super().get_urls()]

    @method_decorator(sensitive_post_parameters("secret"))
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Keep the typed secret out of error reports; offer one save button, as saving leads on to connecting."""
        buttons = {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().changeform_view(request, object_id, form_url, buttons | (extra_context or {}))

    def save_model(self, request: HttpRequest, obj: Connection, form: Any, change: bool) -> None:
        """Save only the form's fields: the tokens may have been renewed since the row was read."""
        columns = [name for name in form.changed_data if name != "secret"]
        if form.cleaned_data.get("secret"):
            obj.client_secret = form.cleaned_data["secret"]
            columns.append("client_secret")
        obj.save(update_fields=columns if change else None)
        if not change:
            security_log.record(security_log.Kind.ACCOUNT_ADDED, request=request, connection=obj)
        elif "client_secret" in columns:
            security_log.record(security_log.Kind.SECRET_CHANGED, request=request, connection=obj)
        if obj.connected_at and {"client_id", "secret"} & set(form.changed_data):
            messages.info(request, _("Reconnect now to check that Offorte accepts the new credentials."))

    def response_add(self, request: HttpRequest, obj: Connection, post_url_continue: str | None = None) -> HttpResponse:
        """Redirect to the page that connects the account, if the user may do that."""
        if request.user.has_perm(AUTHORISE):
            return redirect("offorte_login", obj.account)
        return super().response_add(request, obj, post_url_continue)

    def delete_model(self, request: HttpRequest, obj: Connection) -> None:
        security_log.record(security_log.Kind.ACCOUNT_REMOVED, request=request, connection=obj)
        super().delete_model(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Require no further permissions: only the account's own records, such as its sync history, go with it."""
        to_delete, counts, _needed, protected = super().get_deleted_objects(objs, request)
        return to_delete, counts, set(), protected

    @asks_elsewhere(_("Disconnecting…"))
    def disconnect_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Ask what happens to the mirrored data (GET), or disconnect (POST)."""
        if not request.user.has_perm(AUTHORISE):
            raise PermissionDenied
        connection = self.get_object(request, unquote(object_id))
        if connection is None:
            raise Http404
        form = DisconnectForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            keep = form.cleaned_data["mirror"] == "keep"
            for warning in filter(None, hooks.run([room.before_disconnect for room in hooks.ROOMS], connection)):
                messages.warning(request, warning)
            connections.disconnect(connection, by=staff_user(request), keep_mirror=keep)
            security_log.record(security_log.Kind.ACCOUNT_DISCONNECTED, request=request, connection=connection)
            self.log_change(request, connection, [{"changed": {"fields": ["state"]}}])
            done = _("%s is disconnected.") if keep else _("%s is disconnected. Its data is being removed.")
            messages.success(request, done % connection)
            return redirect("admin:connections_connection_change", connection.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Disconnect %s") % connection,
            "opts": self.opts,
            "connection": connection,
            "form": form,
        }
        return TemplateResponse(request, "connections/disconnect.html", context)
