"""Dates as people and programs write them, in Dutch, English, German and French. The day comes before the month.

A year may come first (`2026-11-01`, `20261101`), a month may be named and then come first too (`Nov 1, 2026`). A number
before a number is always the day: `11/12/2026` is 11 December in every language, and `12/31/2026` is no date.
"""

import re
from datetime import date, datetime, time, timedelta

_NAMES = (
    "jan january januari januar jänner janvier janv", "feb february februari februar février fév févr",
    "mar march maart mrt märz mär mars", "apr april avril avr", "may mei mai", "jun june juni juin",
    "jul july juli juillet juil", "aug august augustus août aout", "sep sept september septembre",
    "oct october okt oktober octobre", "nov november novembre", "dec december dez dezember décembre déc",
)  # fmt: skip
MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
_RELATIVE = {
    "today": 0, "vandaag": 0, "heute": 0,
    "yesterday": -1, "gisteren": -1, "gestern": -1,
    "tomorrow": 1, "morgen": 1, "day before yesterday": -2, "eergisteren": -2, "overmorgen": 2,
}  # fmt: skip
_WEEKDAY = (
    r"(?:(?:ma(?:andag)?|di(?:nsdag|enstag)?|wo(?:ensdag)?|do(?:nderdag|nnerstag)?|vr(?:ijdag)?|za(?:terdag)?"
    r"|zo(?:ndag)?|mo(?:n(?:day|tag)?)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?|mi(?:ttwoch)?|fr(?:eitag)?|sa(?:mstag)?|so(?:nntag)?)\.?,?\s+)?"
)
_TIME = (
    r"(?:(?:,?\s+(?:om|at|um|à)?\s*|T)\(?(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2})"
    r"(?::?(?P<second>[0-9]{2})(?:[.,][0-9]+)?)?\)?(?:\s*(?:u|uur|h|Uhr))?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_DAY, _MONTH, _YEAR = r"(?P<day>[0-9]{1,2})", r"(?P<month>[0-9]{1,2})", r"(?P<year>[0-9]{4}|['’]?[0-9]{2})"
_NAME = r"(?P<name>[^\W\d_]{3,9})\.?"
_FORMS = [
    re.compile(form + _TIME, re.IGNORECASE)
    for form in (
        rf"(?P<year>[0-9]{{4}})(?P<separator>[-/.]){_MONTH}(?P=separator){_DAY}",
        r"(?P<year>(?:19|20|21)[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})",
        rf"{_WEEKDAY}{_DAY}(?P<separator>[-/.]|\s)\s*{_MONTH}(?P=separator)\s*{_YEAR}",
        rf"{_WEEKDAY}{_DAY}(?:st|nd|rd|th|e|de|ste|er|\.)?(?:\s+of)?[-/. ]*{_NAME},?[-/. ]*{_YEAR}",
        rf"{_WEEKDAY}{_NAME}\s+{_DAY}(?:st|nd|rd|th)?,?\s+{_YEAR}",
    )
]
LONGEST = 60
# Excel counts days from here on; 20,000 is in 1954, 80,000 in 2119, so that no year is taken for a day.
_EXCEL_EPOCH, _FIRST_SERIAL, _LAST_SERIAL = date(1899, 12, 30), 20_000, 80_000
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?", re.ASCII)


def read_date(text: str, *, today: date | None = None, has_serials: bool = False) -> date | None:
    """Read a date, the time after it left out; None where it is none.

    Words such as "today" and "vandaag" are read where `today` is given, the days of Excel (46327) with `has_serials`,
    for files.
    """
    plain = _plain(text)
    if today is not None and plain.lower() in _RELATIVE:
        return today + timedelta(days=_RELATIVE[plain.lower()])
    if has_serials and (serial := _SERIAL.fullmatch(plain)) and _FIRST_SERIAL <= int(serial[1]) <= _LAST_SERIAL:
        return _EXCEL_EPOCH + timedelta(days=int(serial[1]))
    moment = read_moment(text)
    return moment.date() if moment else None


def read_moment(text: str) -> datetime | None:
    """Read a date with a time in hours and minutes, midnight where there is none; None where it is no date.

    The moment is in no time zone: one that the text names is left out.
    """
    plain = _plain(text)
    for form in _FORMS:
        if match := form.fullmatch(plain):
            found = match.groupdict()
            month = MONTHS.get(found["name"].lower(), 0) if found.get("name") else int(found["month"])
            hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
            try:
                day = date(_full_year(found["year"]), month, int(found["day"]))
                return datetime.combine(day, time(hour, minute, second))
            except ValueError:
                return None
    return None


def _plain(text: str) -> str:
    return " ".join(text.replace("\u200e", "").replace("\u200f", "").split()) if len(text) <= LONGEST else ""


def _full_year(text: str) -> int:
    """Return the year; of two digits, that in the century from 1970 on."""
    year = int(text.lstrip("'’"))
    return year if len(text) == 4 else year + (1900 if year >= 70 else 2000)
