"""The name of the machine and what else it does, for figures that are compared."""

import os
import platform
import re
from pathlib import Path


def describe_machine() -> str:
    """Return its processor, cores, load of the last minute and Python."""
    load = os.getloadavg()[0]
    return f"{_processor()}, {os.cpu_count()} cores, load {load:.1f}, Python {platform.python_version()}"


def _processor() -> str:
    """Return the processor's name where Linux tells it, else its kind."""
    cpuinfo = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.+)", cpuinfo.read_text()) if cpuinfo.exists() else None
    return found[1] if found else platform.machine()
