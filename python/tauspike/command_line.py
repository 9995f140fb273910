"""The script ``tauspike``: the same program as the binary of the Rust workspace."""

import signal
import sys

from . import _native


def main() -> None:
    """Run the program with the arguments of this process, and end it with its exit code."""
    # Without this the handlers of the program would call Python's, which raises KeyboardInterrupt afterwards.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    code = _native.command_line(["tauspike", *sys.argv[1:]])
    sys.exit(code)
