"""Bar charts as SVG that the server draws: no script, no style attribute, a link and words for every bar."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT = 470, 210
TOP, BOTTOM = 12, 24
GAP = 2


@dataclass(frozen=True)
class Bar:
    """A bar: its value, what it says in words, and where its rows are."""

    value: Decimal
    words: str
    url: str = ""
    tint: str = "accent"


@dataclass(frozen=True)
class Slot:
    """The bars above one label."""

    label: str
    bars: Sequence[Bar]


@dataclass(frozen=True)
class DrawnBar:
    """A bar in its place."""

    bar: Bar
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class DrawnSlot:
    """A label in its place, with its bars."""

    slot: Slot
    center: str
    bars: list[DrawnBar]


@dataclass(frozen=True)
class Chart:
    """What `desk/chart.html` draws."""

    slots: list[DrawnSlot]
    width: int = WIDTH
    height: int = HEIGHT
    floor: int = HEIGHT - BOTTOM


def draw(slots: Sequence[Slot]) -> Chart:
    """Bars side by side, the highest as high as there is room."""
    most = max((bar.value for slot in slots for bar in slot.bars), default=Decimal()) or Decimal(1)
    pitch = WIDTH / max(len(slots), 1)
    return Chart([_draw_slot(slot, number * pitch, pitch, most) for number, slot in enumerate(slots)])


def _draw_slot(slot: Slot, left: float, pitch: float, most: Decimal) -> DrawnSlot:
    room = pitch * 0.64
    width = min((room - GAP * (len(slot.bars) - 1)) / max(len(slot.bars), 1), 28)
    used = width * len(slot.bars) + GAP * (len(slot.bars) - 1)
    start = left + (pitch - used) / 2
    bars = [_draw_bar(bar, start + number * (width + GAP), width, most) for number, bar in enumerate(slot.bars)]
    return DrawnSlot(slot, _number(left + pitch / 2), bars)


def _draw_bar(bar: Bar, x: float, width: float, most: Decimal) -> DrawnBar:
    # What is not nought is seen.
    height = max(float(bar.value / most) * (HEIGHT - TOP - BOTTOM), 2 if bar.value > 0 else 0)
    return DrawnBar(bar, _number(x), _number(HEIGHT - BOTTOM - height), _number(width), _number(height))


def _number(value: float) -> str:
    """With a point, whatever the reader's language writes."""
    return f"{value:.1f}"
