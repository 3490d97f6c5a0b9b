"""The page of a member of staff: who they are, what they may do, and who may say so."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.core import mail
from django.test import Client, override_settings
from django.utils import timezone

from offorte_portal.staff.models import SecurityEvent
from offorte_portal.staff.roles import ROLES
from tests.staff.conftest import make_member, sign_in
from tests.staff.pages import LIST, url, values
from tests.support.factories import make_staff

pytestmark = pytest.mark.django_db
NEW: dict[str, object] = {
    "first_name": "Bram",
    "last_name": "Bos",
    "email": " Bram@Bouw.example",
    "username": "",
    "role": "Seller",
    "groups": [],
}


@pytest.fixture
def client(administrator: User) -> Client:
    """The administrator's browser, who has confirmed the password a moment ago."""
    return sign_in(administrator)


def kinds(user: User | None = None) -> list[str]:
    events = SecurityEvent.objects.order_by("pk")
    return list((events.filter(about=user) if user else events).values_list("kind", flat=True))


def errors(response: object) -> dict[str, list[str]]:
    return dict(response.context["form"].errors)  # type: ignore[attr-defined]


def test_somebody_is_added_and_invited(client: Client, administrator: User) -> None:
    page = client.get(f"{LIST}add/").content.decode()
    for text in ("Writes, changes and sends their own proposals", "Does everything a manager does"):
        assert text in page
    for text in ("Hold down", "LDAP", "algorithm", "password1"):
        assert text not in page
    response = client.post(f"{LIST}add/", NEW | {"_invite": "1"}, follow=True)
    user = User.objects.get(username="bram")
    assert (user.email, user.get_full_name(), user.is_staff, user.has_usable_password()) == (
        "bram@bouw.example", "Bram Bos", True, False,
    )  # fmt: skip
    assert [group.name for group in user.groups.all()] == ["Seller"]
    assert EmailAddress.objects.filter(user=user, email=user.email, verified=True, primary=True).count() == 1
    assert "Invited, not signed in yet" in response.content.decode()
    (message,) = mail.outbox
    assert message.to == ["bram@bouw.example"]
    assert "http://127.0.0.1:8000/accounts/password/reset/key/" in message.body
    assert kinds(user) == ["staff_added", "role_changed", "staff_invited"]
    assert LogEntry.objects.filter(object_id=str(user.pk), user=administrator).exists()


def test_the_history_is_in_the_language_of_whoever_reads_it(client: Client) -> None:
    user = make_member("bram", "Seller")
    dutch = {"accept-language": "nl"}
    assert client.post(url(user), values(user, email="bram@elders.example"), headers=dutch).status_code == 302
    assert "E-mail address" in client.get(url(user, "history")).content.decode()
    assert "E-mailadres" in client.get(url(user, "history"), headers=dutch).content.decode()


def test_the_invitation_lets_them_choose_a_password_and_sign_in(client: Client) -> None:
    client.post(f"{LIST}add/", NEW | {"_invite": "1"})
    link = next(line for line in mail.outbox[0].body.splitlines() if line.startswith("http"))
    browser = Client()
    form = browser.get(link.removeprefix("http://127.0.0.1:8000"), follow=True)
    chosen = {"password1": "een-lang-wachtwoord", "password2": "een-lang-wachtwoord"}
    browser.post(form.redirect_chain[-1][0], chosen)
    signed_in = browser.post("/accounts/login/", {"login": "BRAM@bouw.example", "password": "een-lang-wachtwoord"})
    assert signed_in.status_code == 302
    user = User.objects.get(username="bram")
    assert user.last_login is not None
    assert "Active" in client.get(url(user)).content.decode()
    assert "You can only invite people" in client.post(url(user, "invite"), follow=True).content.decode()


def test_without_an_invitation_nothing_is_mailed(client: Client) -> None:
    client.post(f"{LIST}add/", NEW)
    user = User.objects.get(username="bram")
    assert mail.outbox == []
    assert "Not signed in yet" in client.get(url(user)).content.decode()
    assert client.get(url(user, "invite")).status_code == 405
    client.post(url(user, "invite"))
    client.post(url(user, "invite"))
    assert len(mail.outbox) == 2


@override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=9)
def test_a_mail_server_that_is_away_is_told(client: Client) -> None:
    page = client.post(f"{LIST}add/", NEW | {"_invite": "1"}, follow=True).content.decode()
    assert "problem with the mail server" in page
    assert "An invitation was sent" not in page
    assert kinds(User.objects.get(username="bram")) == ["staff_added", "role_changed"]


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"email": "nonsense"}, "email", "Enter a valid email address."),
        ({"email": ""}, "email", "This field is required."),
        ({"email": "ANNA@Example.com"}, "email", "anna@example.com already has this e-mail address."),
        ({"username": "ANNA"}, "username", "Someone else already has this username."),
        ({"username": "a b"}, "username", "Enter a valid username"),
        ({"first_name": ""}, "first_name", "This field is required."),
        ({"role": "Owner"}, "role", "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    client: Client, change: dict[str, object], field: str, words: str
) -> None:
    response = client.post(f"{LIST}add/", NEW | change)
    assert words in errors(response)[field][0]
    assert "Bos" in response.content.decode(), "what was typed is still there"
    assert User.objects.count() == 1


def test_a_username_is_made_of_the_address(client: Client) -> None:
    make_staff("BRAM", email="other@bouw.example")
    make_staff("bram2", email="another@bouw.example")
    client.post(f"{LIST}add/", NEW)
    assert User.objects.get(email="bram@bouw.example").username == "bram3"


def test_everything_is_changed_and_logged(client: Client, administrator: User) -> None:
    user = make_member("bram", "Seller")
    change = values(user, first_name="Bram", email="Bram@Elders.example", role="Manager", username="bramb")
    assert client.post(url(user), change).status_code == 302
    user = User.objects.get(pk=user.pk)
    assert (user.first_name, user.email, user.username) == ("Bram", "bram@elders.example", "bramb")
    assert [group.name for group in user.groups.all()] == ["Manager"]
    assert kinds(user) == ["name_changed", "address_changed", "role_changed"]
    changed = SecurityEvent.objects.get(kind="address_changed")
    assert (changed.by, changed.details) == (
        administrator, {"before": "bram@example.com", "after": "bram@elders.example"},
    )  # fmt: skip
    assert EmailAddress.objects.get(user=user).email == "bram@elders.example"
    history = client.get(url(user, "history")).content.decode()
    assert "E-mail address" in history
    assert client.post(url(user), values(user)).status_code == 302
    assert len(kinds(user)) == 3, "nothing changed, nothing logged"


def test_whoever_is_switched_off_is_signed_out(client: Client, administrator: User) -> None:
    user = make_member("bram", "Seller")
    theirs = sign_in(user)
    assert client.post(url(user), values(user, is_active="")).status_code == 302
    assert theirs.get("/").status_code == 302
    assert [kind for kind in kinds(user) if kind.startswith("staff")] == ["staff_deactivated"]
    assert "is_active" in errors(client.post(url(administrator), values(administrator, is_active="")))
    client.post(url(user), values(user))
    assert kinds(user)[-1] == "staff_activated"


def test_sessions_are_ended_everywhere(client: Client) -> None:
    user = make_member("bram", "Seller")
    user.set_password("een-lang-wachtwoord")
    user.save()
    theirs = Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"})
    theirs.post("/accounts/login/", {"login": "bram", "password": "een-lang-wachtwoord"})
    assert "Firefox on Linux" in client.get(url(user)).content.decode()
    assert client.get(url(user, "sign-out")).status_code == 405
    assert "1 session was ended." in client.post(url(user, "sign-out"), follow=True).content.decode()
    assert theirs.get("/").status_code == 302
    assert "Not signed in anywhere" in client.get(url(user)).content.decode()
    assert kinds(user)[-1] == "sessions_ended"


def test_a_second_factor_is_reset_after_a_question(client: Client) -> None:
    user = make_member("bram", "Seller")
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        Authenticator.objects.create(user=user, type=kind, data={})
    theirs = sign_in(user)
    assert "Remove the second factor of bram@example.com?" in client.get(url(user, "second-factor")).content.decode()
    assert Authenticator.objects.count() == 2
    client.post(url(user, "second-factor"))
    assert not Authenticator.objects.exists()
    assert theirs.get("/").status_code == 302
    assert kinds(user) == ["second_factor_reset"]
    assert "has no second factor" in client.post(url(user, "second-factor"), follow=True).content.decode()


def test_the_list_tells_who_is_who(client: Client) -> None:
    make_member("bram", "Seller", first_name="Bram", last_name="Bos", last_login=timezone.now())
    make_member("cas", "Viewer", is_active=False)
    make_member("dirk", "Viewer")
    page = client.get(LIST).content.decode()
    for text in ("Bram Bos", "bram@example.com", "Not linked", "Can’t sign in", "Not signed in yet", "Active"):
        assert text in page
    assert "bram@" not in client.get(f"{LIST}?linked=yes").content.decode()
    assert "bram@" in client.get(f"{LIST}?linked=no").content.decode()


def test_groups_made_by_hand_are_kept(client: Client) -> None:
    powers, harmless = Group.objects.create(name="Powers"), Group.objects.create(name="Harmless")
    powers.permissions.add(Permission.objects.get(codename="delete_user"))
    user = make_member("bram", "Seller")
    user.groups.add(harmless, Group.objects.get(name="Viewer"))
    client.post(url(user), values(user, last_name="Bos"))
    assert {group.name for group in user.groups.all()} == {"Viewer", "Seller", "Harmless"}
    client.post(url(user), values(user, role="Manager", groups=[]))
    assert {group.name for group in user.groups.all()} == {"Manager"}
    assert "groups" in errors(client.post(url(user), values(user, groups=[powers.pk])))


def test_the_page_stays_short_to_read(client: Client) -> None:
    user = make_member("bram", "Seller", date_joined=timezone.now() - timedelta(days=3))
    page = client.get(url(user)).content.decode()
    for text in ("pbkdf2", "md5$", "Hold down", "LDAP", "user_permissions", "is_superuser", "date_joined"):
        assert text not in page


# Nobody manages a person who may do more, or grants what they lack.


def test_nobody_makes_themselves_or_others_superuser(client: Client, administrator: User) -> None:
    for user in (make_member("bram", "Seller"), administrator):
        delete = Permission.objects.get(codename="delete_user")
        change = values(user, is_superuser="on", user_permissions=[delete.pk])
        assert client.post(url(user), change).status_code == 302
        user.refresh_from_db()
        assert not user.is_superuser
        assert not user.user_permissions.exists()


ACTIONS = ("change", "invite", "sign-out", "second-factor", "password", "delete")


@pytest.mark.parametrize("is_active", [True, False])
def test_who_may_do_more_is_out_of_reach(client: Client, is_active: bool) -> None:
    powers = Group.objects.create(name="Powers")
    powers.permissions.add(Permission.objects.get(codename="delete_user"))
    for user in (make_staff("boss", is_active=is_active), make_member("bram", "Powers", is_active=is_active)):
        passwords = {"password1": "long-enough-1", "password2": "long-enough-1", "usable_password": "true"}
        for action in ACTIONS:
            form = values(user, username="mine") | passwords | {"post": "yes"}
            assert client.post(url(user, action), form).status_code == 403, action
        assert User.objects.get(pk=user.pk).username == user.username
        page = client.get(url(user)).content.decode()
        assert "it has more rights than yours" in page
        assert 'name="_save"' not in page


@pytest.mark.parametrize("role", ["Viewer", "Seller", "Manager"])
def test_only_administrators_get_here(roles: None, role: str) -> None:
    user = make_member("bram", role)
    theirs = sign_in(user)
    for address in (LIST, f"{LIST}add/", f"{LIST}links/", *(url(user, action) for action in ACTIONS)):
        assert theirs.get(address).status_code == 403, address
        assert theirs.post(address, values(user, role="Administrator") | NEW).status_code == 403, address
    assert [group.name for group in user.groups.all()] == [role]
    assert User.objects.count() == 1


def test_superusers_may_do_it_all() -> None:
    boss = sign_in(make_staff("boss"))
    user = make_staff("bram", is_superuser=False)
    assert "is_superuser" in boss.get(url(user)).content.decode()
    assert boss.post(url(user), values(user, is_superuser="on")).status_code == 302
    assert User.objects.get(pk=user.pk).is_superuser
    assert SecurityEvent.objects.get(about=user).details["is_superuser"] is True
    assert boss.post(url(user, "delete"), {"post": "yes"}).status_code == 302
    assert kinds()[-1] == "staff_removed"


def test_each_role_has_a_sentence(client: Client) -> None:
    page = client.get(f"{LIST}add/").content.decode()
    assert all(f'value="{role}"' in page for role in ROLES)
