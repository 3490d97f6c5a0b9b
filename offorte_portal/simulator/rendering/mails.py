"""A proposal mail as the details list it: its message and its moment in the forms that the reference leaves open."""

import html
from datetime import datetime
from typing import assert_never

from offorte_portal.simulator.records import SentEmail
from offorte_portal.simulator.rendering.numbers import iso, printed, stamped
from offorte_portal.simulator.switches import MailDates, MailMessages


def write_message(email: SentEmail, form: MailMessages) -> str:
    """The message with its placeholders or filled in for the first receiver, as text, as HTML, or with `\\n` in it."""
    match form:
        case "placeholders":
            return email.message
        case "filled":
            return _fill(email)
        case "html":
            paragraphs = html.escape(_fill(email)).split("\n\n")
            return "".join(f"<p>{paragraph.replace(chr(10), '<br />')}</p>\r\n" for paragraph in paragraphs)
        case "escaped":
            return email.message.replace("\n", "\\n")
    assert_never(form)


def write_moment(email: SentEmail, form: MailDates) -> str:
    """When it was sent; printed to the minute, else to the second."""
    forms = {"printed": lambda at: printed(at, email.id), "stamped": stamped, "iso": iso}
    moment: datetime = email.at
    return forms[form](moment)


def _fill(email: SentEmail) -> str:
    fullname, address = email.receivers[0] if email.receivers else ("", "")
    values = {
        "company_people_firstname": fullname.split(" ")[0],
        "company_people_fullname": fullname,
        "company_people_email": address,
    }
    message = email.message
    for name, value in values.items():
        message = message.replace(f"{{{name}}}", value)
    return message
