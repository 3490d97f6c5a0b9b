"""Results of measurements: ratios, missed targets and what was left out; and the table of all of them."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import NamedTuple


class Ratio(NamedTuple):
    """How many times as fast as an alternative the portal is; both are measured together."""

    case: str
    against: str
    value: float


@dataclass
class Result:
    """The result of one measurement on one database."""

    ratios: list[Ratio] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def save(self, path: Path) -> None:
        """Write it to a file, for the process that prints the table."""
        path.write_text(json.dumps(asdict(self)))


def read_result(path: Path) -> Result:
    """Read what `Result.save` wrote."""
    found = json.loads(path.read_text())
    return Result([Ratio(*ratio) for ratio in found["ratios"]], found["misses"], found["left_out"])


def write_ratio(value: float) -> str:
    """Return a ratio with two decimals, or with two significant digits if it is small: 0.0012."""
    return f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def print_summary(results: Mapping[tuple[str, str], Result], machine: str) -> None:
    """Print one table of all ratios, then missed targets and what was left out, by measurement and vendor."""
    vendors = list(dict.fromkeys(vendor for _, vendor in results))
    rows: dict[tuple[str, str, str], dict[str, float]] = {}
    for (name, vendor), result in results.items():
        for ratio in result.ratios:
            rows.setdefault((name, ratio.case, ratio.against), {})[vendor] = ratio.value
    print(f"\nHow many times as fast the portal is, on {machine}\n")
    print(f"{'':10}{'':42}{'against':20}" + "".join(f"{vendor:>12}" for vendor in vendors))
    for (name, case, against), values in rows.items():
        cells = "".join(f"{write_ratio(values[vendor]) if vendor in values else '':>12}" for vendor in vendors)
        print(f"{name:10}{case:42}{against:20}{cells}")
    for (name, vendor), result in results.items():
        for miss in result.misses:
            print(f"Misses its target: {name} on {vendor}: {miss}")
        for reason in result.left_out:
            print(f"Left out: {name} on {vendor}: {reason}")
