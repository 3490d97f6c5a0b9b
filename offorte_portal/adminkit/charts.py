"""Bar charts as SVG, drawn by the server: without scripts or style attributes, with a text and a link for each bar."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT = 470, 210
TOP, BOTTOM = 12, 24
GAP = 2


@dataclass(frozen=True)
class Bar:
    """A bar: its value, its text, and the address of its rows."""

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
    """A bar with its position and size."""

    bar: Bar
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class DrawnSlot:
    """A label with its position and its bars."""

    slot: Slot
    center: str
    bars: list[DrawnBar]


@dataclass(frozen=True)
class Chart:
    """The data of the template `desk/chart.html`."""

    slots: list[DrawnSlot]
    width: int = WIDTH
    height: int = HEIGHT
    floor: int = HEIGHT - BOTTOM


def draw(slots: Sequence[Slot]) -> Chart:
    """Place bars side by side, scaled so that the highest fills the chart."""
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
    # A value above zero is always visible.
    height = max(float(bar.value / most) * (HEIGHT - TOP - BOTTOM), 2 if bar.value > 0 else 0)
    return DrawnBar(bar, _number(x), _number(HEIGHT - BOTTOM - height), _number(width), _number(height))


def _number(value: float) -> str:
    """Write a number with a decimal point, whatever the reader's language."""
    return f"{value:.1f}"
