"""Joins the parts of a value that files have in columns of their own: of an address, and of a person's name."""

import re
from collections.abc import Iterator, MutableMapping
from typing import Any

# The words before a last name that belong to it, in several languages.
_PARTICLES = frozenset(
    (
        "van", "von", "vom", "zu", "zum", "zur", "de", "den", "der", "des", "het", "t", "ten", "ter", "te", "in", "op",
        "aan", "bij", "uit", "onder", "over", "voor", "d", "du", "la", "le", "les", "el", "al", "di", "da", "dos",
        "das", "do", "del", "della", "degli", "af", "av", "y", "e", "s", "tot", "ver",
    )
)  # fmt: skip
_MOBILE, _FAX = ("mobi", "cell", "gsm", "handy", "iphone"), ("fax",)
# Behind all columns of mobile numbers.
_LATER = 100
_BEHIND_COMMA = re.compile(r"([^,]+),\s*([^,]+)")
_LINKEDIN = re.compile(r"(?:https?://)?(?:[a-z]+\.)?linkedin\.com/", re.IGNORECASE)
Values = MutableMapping[str, Any]


def sort_phones(filled: MutableMapping[str, str]) -> None:
    """Move the numbers whose column says beside them that they are mobile to the mobile ones, in place."""
    for key in [key for key in filled if key.partition(".")[0] == "phone_label"]:
        label, _dot, number = filled.pop(key).casefold(), *key.partition(".")[1:]
        phone = f"phone.{number}" if number else "phone"
        if phone in filled and any(word in label for word in _MOBILE):
            filled[f"mobile.{_LATER + int(number or 1)}"] = filled.pop(phone)
        elif phone in filled and any(word in label for word in _FAX):
            filled["fax"] = filled.pop(phone)


def join_parts(values: Values) -> Iterator[tuple[str, str]]:
    """Join the parts in these values, in place; yield the parts that there is nothing to join to."""
    yield from _join_street(values)
    _join_name(values)
    if _LINKEDIN.match(values.get("internet", "")) and "linkedin" not in values:
        values["linkedin"] = values.pop("internet")


def _join_street(values: Values) -> Iterator[tuple[str, str]]:
    """Make "1e Oosterparkstraat 12-III" of its street, house number and addition."""
    names = ("house_number", "house_letter", "addition", "box", "street_2", "street_3")
    parts = {name: values.pop(name) for name in names if name in values}
    if not parts:
        return
    street = values.get("street", "")
    if not street and parts.get("street_2"):
        street = parts.pop("street_2")
    if not street:
        yield from parts.items()
        return
    number = write_house_number(
        parts.get("house_number", ""), parts.get("house_letter", ""), parts.get("addition", ""), parts.get("box", "")
    )
    is_said = number and f" {street}".casefold().endswith(f" {number}".casefold())
    street = street if is_said or not number else f"{street} {number}"
    values["street"] = ", ".join(filter(None, (street, parts.get("street_2"), parts.get("street_3"))))


def write_house_number(number: str, letter: str, addition: str, box: str) -> str:
    """Write a house number as it is written in the Netherlands and Belgium: 12A, 12-III, 12A-2, 12 bis, 12 bus 3."""
    written = number + letter.lstrip("- ")
    if addition:
        addition = addition.strip()
        is_letter = len(addition) == 1 and addition.isalpha() and not letter
        is_joined = not written or addition[0] in "-/" or is_letter
        is_word = len(addition) > 1 and addition[0].islower()
        written += addition if is_joined else f" {addition}" if is_word else f"-{addition}"
    if box:
        written = f"{written} {box if not box.isdecimal() else f'bus {box}'}".strip()
    return written


def _join_name(values: Values) -> None:
    """Put "van der" before the last name, and other middle names into the full name."""
    last = values.get("lastname", "")
    if (match := _BEHIND_COMMA.fullmatch(last)) and is_particle(match[2]):
        last = values["lastname"] = f"{match[2]} {match[1]}"
    middle = values.pop("middle_name", "")
    if not middle or f" {last} ".casefold().startswith(f" {middle} ".casefold()):
        return
    if last and (is_particle(middle) or "firstname" not in values):
        blank = "" if middle.endswith(("'", "’")) and middle[:-1].isalpha() else " "
        values["lastname"] = f"{middle}{blank}{last}"
    elif "fullname" not in values:
        values["fullname"] = " ".join(filter(None, (values.get("firstname"), middle, last)))


def is_particle(text: str) -> bool:
    """Return whether the text is what comes before a last name: "van der", "in 't", "von"."""
    words = text.replace("’", "'").casefold().split()
    return bool(words) and (text[0].islower() or all(word.strip("'.") in _PARTICLES for word in words))
