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
    drawn = []
    for number, slot in enumerate(slots):
        left = number * pitch
        gaps = GAP * (len(slot.bars) - 1)
        width = min((pitch * 0.64 - gaps) / max(len(slot.bars), 1), 28)
        start = left + (pitch - (width * len(slot.bars) + gaps)) / 2
        bars = []
        for place, bar in enumerate(slot.bars):
            x = start + place * (width + GAP)
            # A value above zero is always visible.
            height = max(float(bar.value / most) * (HEIGHT - TOP - BOTTOM), 2 if bar.value > 0 else 0)
            bars.append(DrawnBar(bar, _number(x), _number(HEIGHT - BOTTOM - height), _number(width), _number(height)))
        drawn.append(DrawnSlot(slot, _number(left + pitch / 2), bars))
    return Chart(drawn)


def _number(value: float) -> str:
    """Write a number with a decimal point, whatever the reader's language."""
    return f"{value:.1f}"
