"""Bar charts as SVG, drawn by the server: without scripts or style attributes, with a text and a link for each bar.

Values are read without a pointer: from an axis with round numbers, labels on bars where they fit, and a table.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from offorte_portal.adminkit.words import short_number

WIDTH, HEIGHT = 470, 220
TOP, BOTTOM, LINE = 20, 24, 14
GAP = 2
# The width of a character of a label, as drawn on a wide screen and, larger, on a narrow one.
CHARACTER, WIDE_CHARACTER = 5.8, 8.4
MOST_STEPS = 4

Write = Callable[[Decimal], str]


@dataclass(frozen=True)
class Bar:
    """A bar: its value, its text, and the address of its rows.

    `text` is the value alone, for the table; `label` is short, for the chart.
    """

    value: Decimal
    words: str
    url: str = ""
    tint: str = "accent"
    text: str = ""
    label: str = ""


@dataclass(frozen=True)
class Slot:
    """The bars above one label; `group` is written below the label where it differs from that of the slot before."""

    label: str
    bars: Sequence[Bar]
    group: str = ""


@dataclass(frozen=True)
class DrawnBar:
    """A bar with its position and size; `label` is "" where the bar's label does not fit."""

    bar: Bar
    x: str
    y: str
    width: str
    height: str
    center: str
    label: str = ""
    label_y: str = ""
    is_tight: bool = False


@dataclass(frozen=True)
class DrawnSlot:
    """A label with its position and its bars; `label` is "" where there is no room for it."""

    slot: Slot
    center: str
    bars: list[DrawnBar]
    label: str
    group: str


@dataclass(frozen=True)
class Tick:
    """A round number of the axis, at the height of its line."""

    text: str
    y: str


@dataclass(frozen=True)
class Chart:
    """The data of the template `desk/chart.html`; `series` names the bars of each slot, for the heads of the table."""

    slots: list[DrawnSlot]
    ticks: list[Tick]
    left: str
    series: Sequence[str] = ()
    width: int = WIDTH
    height: int = HEIGHT
    floor: int = HEIGHT - BOTTOM

    @property
    def is_empty(self) -> bool:
        """Whether no bar has a height."""
        return not any(drawn.bar.value for slot in self.slots for drawn in slot.bars)

    @property
    def label_y(self) -> int:
        """The baseline of the labels."""
        return self.floor + LINE + 1


@dataclass(frozen=True)
class _Frame:
    """Where bars may be drawn: right of the axis, above the floor, scaled so that `most` fills the height."""

    left: float
    pitch: float
    floor: int
    most: Decimal

    def height(self, value: Decimal) -> float:
        return float(value / self.most) * (self.floor - TOP)


def draw(slots: Sequence[Slot], *, write: Write = short_number, series: Sequence[str] = ()) -> Chart:
    """Place bars side by side on an axis with round numbers, which `write` writes with their unit."""
    values = [bar.value for slot in slots for bar in slot.bars]
    steps = _choose_steps(values)
    texts = [write(step) for step in steps]
    left = max((len(text) for text in texts), default=0) * WIDE_CHARACTER + 6
    floor = HEIGHT - BOTTOM - (LINE if any(slot.group for slot in slots) else 0)
    frame = _Frame(left, (WIDTH - left) / max(len(slots), 1), floor, steps[-1])
    ticks = [Tick(text, _number(floor - frame.height(step))) for text, step in zip(texts, steps, strict=True)]
    return Chart(_place(slots, frame), ticks, _number(left), series, floor=floor)


def _choose_steps(values: Sequence[Decimal]) -> list[Decimal]:
    """Return round numbers from zero to at least the highest value, in steps of 1, 2 or 5 times a power of ten."""
    most = max(values, default=Decimal())
    if most <= 0:
        return [Decimal(0), Decimal(1)]
    unit = Decimal(10) ** ((most / MOST_STEPS).adjusted())
    step = next(unit * factor for factor in (1, 2, 5, 10) if unit * factor * MOST_STEPS >= most)
    if step < 1 and all(value == int(value) for value in values):
        step = Decimal(1)
    count = int((most / step).to_integral_value(ROUND_CEILING))
    return [step * number for number in range(count + 1)]


def _place(slots: Sequence[Slot], frame: _Frame) -> list[DrawnSlot]:
    widest = max((len(slot.label) for slot in slots), default=0) * WIDE_CHARACTER + 4
    every = max(1, -int(-widest // frame.pitch))
    groups = _place_groups([slot.group for slot in slots], every, frame.pitch)
    drawn = []
    for number, (slot, group) in enumerate(zip(slots, groups, strict=True)):
        left = frame.left + number * frame.pitch
        shown = slot.label if number % every == 0 else ""
        drawn.append(DrawnSlot(slot, _number(left + frame.pitch / 2), _place_bars(slot, left, frame), shown, group))
    return drawn


def _place_groups(groups: Sequence[str], every: int, pitch: float) -> list[str]:
    """Return the group to write below each label: where it begins, unless the next one begins too near."""
    placed = [""] * len(groups)
    last = None
    for number in range(0, len(groups), every):
        group = groups[number]
        if last is None or group != groups[last]:
            if last is not None and (number - last) * pitch < len(groups[last]) * WIDE_CHARACTER + 6:
                placed[last] = ""
            placed[number], last = group, number
    return placed


def _place_bars(slot: Slot, left: float, frame: _Frame) -> list[DrawnBar]:
    gaps = GAP * (len(slot.bars) - 1)
    width = min((frame.pitch * 0.7 - gaps) / max(len(slot.bars), 1), 34)
    start = left + (frame.pitch - (width * len(slot.bars) + gaps)) / 2
    room = frame.pitch if len(slot.bars) == 1 else width + GAP
    bars = []
    for place, bar in enumerate(slot.bars):
        x = start + place * (width + GAP)
        # A value above zero is always visible.
        height = max(frame.height(bar.value), 2 if bar.value > 0 else 0)
        label = bar.label if bar.value > 0 and len(bar.label) * CHARACTER <= room else ""
        bars.append(
            DrawnBar(
                bar,
                _number(x),
                _number(frame.floor - height),
                _number(width),
                _number(height),
                _number(x + width / 2),
                label,
                _number(frame.floor - height - 4),
                len(label) * WIDE_CHARACTER > room,
            )
        )
    return bars


def _number(value: float) -> str:
    """Write a number with a decimal point, whatever the reader's language."""
    return f"{value:.1f}"
