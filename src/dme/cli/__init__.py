"""The command ``dme``: commands, progress and messages; no rule of the study."""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

STOPPED = "Stopped. Earlier results are as they were."
INTERRUPTED = 130


def main() -> None:
    """Run the command; a run in which nothing has changed ends before anything slow begins."""
    end_at_once()
    # The command line's own libraries are slow.
    from dme import paths, replace  # noqa: PLC0415
    from dme.cli import nothing_changed  # noqa: PLC0415
    from dme.errors import DmeError  # noqa: PLC0415

    with suppress(DmeError):  # no project: each command says so itself
        replace.tidy(paths.home(), paths.tables().parent, paths.results())
    if not nothing_changed.run(sys.argv[1:]):
        from dme.cli.commands import main as whole  # noqa: PLC0415

        whole()


def end_at_once() -> None:
    """Let Ctrl-C end this process at once: while nothing is at work, there is nothing to undo.

    Python would raise an exception wherever it is, and libraries that are being imported may
    keep it to themselves, or come out of it half made.
    """
    _on_interrupt(_end)


def end_in_order() -> None:
    """Let Ctrl-C end what is at work as an error would, once: what is tidied up then goes on."""
    _on_interrupt(_raise)


def _on_interrupt(handler: Callable[..., object]) -> None:
    # To be told to end is to be interrupted. A shell lets what it starts in the background ignore
    # Ctrl-C.
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, handler)


def _end(*_: object) -> NoReturn:
    os.write(sys.__stderr__.fileno(), f"Error: {STOPPED}\n".encode())
    os._exit(INTERRUPTED)


def _raise(*_: object) -> NoReturn:
    _on_interrupt(signal.SIG_IGN)
    raise KeyboardInterrupt


__all__ = ["INTERRUPTED", "STOPPED", "end_at_once", "end_in_order", "main"]
