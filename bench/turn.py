"""One side of `bench.turns`: measures its own checkout once for each line that it reads, and answers with one.

It is this file's text in the environment of any checkout, which may be older than it.
"""

import json
import runpy
import sys
from pathlib import Path

import django
from django.core.management import call_command


def main() -> None:
    """Prepare a new database, then measure whenever it is asked for."""
    answers, sys.stdout = sys.stdout, sys.stderr
    django.setup()
    call_command("migrate", verbosity=0)
    rounds = runpy.run_path(str(Path(__file__).with_name(f"turn_{sys.argv[1]}.py")))["measure"]()
    for _line in sys.stdin:
        answers.write(json.dumps(next(rounds)) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
