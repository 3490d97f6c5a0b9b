"""One side of `python -m bench --against`: `bench/turn.py NAME` measures its own checkout, with its own bench.

Other commits rely on this protocol, so it stays as it is:

1. The database, empty, and the portal's settings come from the environment.
2. It makes the tables and fills them.
3. For each line on standard input it measures once and writes a line of JSON: milliseconds by case. All other
   output goes to standard error.
4. It ends when its input ends. A checkout can measure NAME in turns if it has a file `bench/turn_NAME.py`, whose
   `measure()` yields one round after another.
"""

import json
import sys
from importlib import import_module

import django
from django.core.management import call_command


def main() -> None:
    """Prepare a new database, then measure once for each line of input."""
    answers, sys.stdout = sys.stdout, sys.stderr
    django.setup()
    call_command("migrate", verbosity=0)
    rounds = import_module(f"bench.turn_{sys.argv[1]}").measure()
    for _line in sys.stdin:
        answers.write(json.dumps(next(rounds)) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
