"""Shows a living registry in about a minute, without a key and without a network: `make demo`.

    python -m tools.demo [--keep]

A registry of its own in a temporary folder, fake providers, and the commands that show what happens. With --keep it
goes on until Ctrl-C. In the end nothing is left.
"""

import argparse
import signal
import sys

from .machine import DemoFailed, Machine
from .story import play_on, tell


def main() -> int:
    """The exit code: 0 told to the end, 1 where something went wrong, 130 interrupted."""
    parser = argparse.ArgumentParser(prog="make demo", description="A living registry in a minute.")
    parser.add_argument("--keep", action="store_true", help="let it go on until Ctrl-C")
    keep = parser.parse_args().keep
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with Machine() as machine:
            tell(machine)
            if keep:
                play_on(machine)
    except DemoFailed as error:
        sys.stderr.write(f"The demo could not go on: {error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stdout.write("\nStopped; nothing is left of it.\n")
        return 0 if keep else 130
    sys.stdout.write("Everything is stopped, and nothing is left of it.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
