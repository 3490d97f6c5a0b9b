"""Forms of allauth that work differently in the portal."""

from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.forms import ChangePasswordForm, ResetPasswordForm, ResetPasswordKeyForm, SetPasswordForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from cryptography.exceptions import InvalidSignature
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from offorte_portal.staff import password_reset, security_log, sign_in_limits

_TOO_MANY = gettext_lazy("Too many requests. Use the link in the latest e-mail, or try again in an hour.")


_LABELS = {
    "oldpassword": gettext_lazy("Current password"),
    "password1": gettext_lazy("New password"),
    "password2": gettext_lazy("New password again"),
}


class _PasswordForm:
    """Names the fields of allauth's password forms as the rest of the portal does."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in _LABELS.items():
            if field := self.fields.get(name):
                field.label = label
                field.widget.attrs["placeholder"] = label


class StaffSetPasswordForm(_PasswordForm, SetPasswordForm):
    """Asks somebody without a password for one."""


class StaffResetPasswordKeyForm(_PasswordForm, ResetPasswordKeyForm):
    """Asks for a new password after the link in an e-mail."""


class AuthenticatorAppForm(ActivateTOTPForm):
    """Asks for a first code of an authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = gettext_lazy("Code from your authenticator app")


class StaffResetPasswordForm(ResetPasswordForm):
    """Treats all addresses alike, so that nobody learns which addresses are known."""

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"]
        if not sign_in_limits.Attempt(context.request, "reset", address).count():
            security_log.record_reset_request(context.request, address, is_refused=True)
            raise ValidationError(_TOO_MANY, code="rate_limited")
        return address

    def save(self, request: HttpRequest, **kwargs: object) -> str:
        address: str = self.cleaned_data["email"]
        security_log.record_reset_request(request, address)
        password_reset.request_links(address)
        return address


class StaffChangePasswordForm(_PasswordForm, ChangePasswordForm):
    """Counts and logs a wrong current password as reauthentication does."""

    def clean_oldpassword(self) -> str:
        password: str = self.cleaned_data["oldpassword"]
        if not get_account_adapter().reauthenticate(self.user, password):
            raise get_account_adapter().validation_error("enter_current_password")
        return password


class SecondFactorForm(AuthenticateForm):
    """Asks for a code after the password: of an authenticator app, or a recovery code."""

    def clean_code(self) -> str:
        with sign_in_limits.counted(context.request, "second_factor", self.user):
            code: str = super().clean_code()
        return code


class _PasskeyForm:
    """Counts and logs passkeys that are refused, and refuses malformed ones like any other."""

    user: User | None

    def clean_credential(self) -> Any:
        with sign_in_limits.counted(context.request, "passkey", self.user):
            try:
                return super().clean_credential()  # type: ignore[misc]
            except (KeyError, TypeError, AttributeError, ValueError, InvalidSignature) as error:
                raise get_adapter().validation_error("incorrect_code") from error


class PasskeyLoginForm(_PasskeyForm, LoginWebAuthnForm):
    """Asks for a passkey instead of name and password."""


class PasskeySecondFactorForm(_PasskeyForm, AuthenticateWebAuthnForm):
    """Asks for a passkey after the password."""


class PasskeyConfirmationForm(_PasskeyForm, ReauthenticateWebAuthnForm):
    """Asks for a passkey of the person who is signed in."""


class PasskeyNameForm(EditWebAuthnForm):
    """Gives a passkey another name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = gettext_lazy("Name")


class PasskeyAddForm(AddWebAuthnForm):
    """Refuses malformed new passkeys."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = gettext_lazy("Name")
        self.fields["passwordless"].label = gettext_lazy("Sign in without a password")
        self.fields["passwordless"].help_text = gettext_lazy(
            "You then sign in with only this passkey. Your device asks for a PIN, fingerprint or face."
        )

    def clean(self) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super().clean()
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise get_adapter().validation_error("incorrect_code") from error
        return cleaned
