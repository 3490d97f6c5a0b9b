"""Who received a proposal, with the numbers that the company's people have in the mirror."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Prefetch, Subquery
from django.db.models.functions import JSONObject, Lower, Trim
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from contacts.models import Person
from offorte_portal.adminkit.html import mail_link, phone_link
from offorte_portal.adminkit.records import may_see, record_link
from offorte_portal.adminkit.staffview import staff_user
from offorte_portal.staff.access import may_act
from proposals.models import Proposal, Receiver

# Offorte takes anyone who opens a receiver's link for that receiver: only people who work on proposals get it.
LINK_PERMISSION = "proposals.copy_receiver_link"


@dataclass(frozen=True)
class Recipient:
    """A receiver as the page shows it; what is unknown or not for the person is empty."""

    plain_name: str
    name: SafeString
    email: str
    mobile: str = ""
    phone: str = ""
    viewer_link: str = ""


def prefetch() -> Prefetch[Any]:
    """Return how receivers are read with the person of the proposal's company who has their address, as `person`."""
    people = Person.objects.present().filter(company=OuterRef("proposal__company")).exclude(email="").order_by("pk")
    same = people.annotate(address=Lower("email")).filter(address=Lower(Trim(OuterRef("email"))))
    found = same.values(found=JSONObject(**{name: name for name in ("pk", "fullname", "mobile", "phone")}))[:1]
    return Prefetch("receivers", Receiver.objects.annotate(person=Subquery(found)))


def show_recipients(request: HttpRequest, proposal: Proposal) -> list[Recipient]:
    """Return the receivers of a proposal that was read with `prefetch`."""
    user = staff_user(request)
    with_people, with_links = may_see(user, Person), may_act(user, LINK_PERMISSION, proposal)
    return [
        _show(request, receiver, getattr(receiver, "person", None) if with_people else None, with_link=with_links)
        for receiver in proposal.receivers.all()
    ]


def _show(request: HttpRequest, receiver: Receiver, known: dict[str, Any] | None, *, with_link: bool) -> Recipient:
    name = receiver.fullname or receiver.email
    mobile, phone = (known["mobile"].strip(), known["phone"].strip()) if known else ("", "")
    return Recipient(
        plain_name=name or "?",
        name=record_link(request.user, Person(pk=known["pk"], fullname=name)) if known else _plain(name),
        email=mail_link(receiver.email) if receiver.fullname or known else "",
        mobile=phone_link(mobile),
        phone=phone_link(phone) if phone != mobile else "",
        viewer_link=receiver.viewer_link if with_link else "",
    )


def _plain(name: str) -> SafeString:
    return format_html('<span dir="auto">{}</span>', name)
