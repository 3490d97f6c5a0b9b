"""URLs below /accounts/: the views of allauth that staff need, and which of them ask for the password again.

allauth has more views (sign-up, managing addresses, other logins), which have no URL here.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import include, path, re_path

from offorte_portal.staff.confirmation import confirmed
from offorte_portal.staff.pages.language import set_language
from offorte_portal.staff.pages.sessions import sessions_page
from offorte_portal.staff.sign_in_events import log_view_of_recovery_codes as logged

# For people who are not signed in, or not fully.
_entrance = [
    path("login/", account.login, name="account_login"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("2fa/webauthn/login/", webauthn.login_webauthn, name="mfa_login_webauthn"),
]

# For everybody who is signed in. Changing the password asks for the current one in its own form.
_signed_in = [
    path("logout/", account.logout, name="account_logout"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("2fa/webauthn/reauthenticate/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("2fa/", mfa.index, name="mfa_index"),
]

# About what gives access: these views ask for the password or a passkey again.
_confirmed = [
    path("password/set/", confirmed(account.password_set), name="account_set_password"),
    path("2fa/totp/activate/", confirmed(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", confirmed(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", confirmed(logged(recovery_codes.view_recovery_codes)), name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/download/",
        confirmed(logged(recovery_codes.download_recovery_codes)),
        name="mfa_download_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/generate/",
        confirmed(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("2fa/webauthn/", confirmed(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("2fa/webauthn/add/", confirmed(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", confirmed(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/edit/", confirmed(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path("sessions/", confirmed(sessions_page), name="account_sessions"),
]

account_urls = [*_entrance, *_signed_in, *_confirmed]
urlpatterns = [
    path("accounts/", include(account_urls)),
    path("i18n/setlang/", set_language, name="set_language"),
]
