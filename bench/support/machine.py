"""A description of the machine and its load, for figures that are compared."""

import os
import platform
import re
from pathlib import Path


def describe_machine() -> str:
    """Return the processor, cores, load of the last minute and Python version."""
    load = os.getloadavg()[0]
    return f"{_processor()}, {os.cpu_count()} cores, load {load:.1f}, Python {platform.python_version()}"


def _processor() -> str:
    """Return the processor's name on Linux, or else its kind."""
    cpuinfo = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.+)", cpuinfo.read_text()) if cpuinfo.exists() else None
    return found[1] if found else platform.machine()
