"""The command that builds the website of studies, shows it here, or keeps what it is made of."""

import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from dme import paths
from dme.cli.console import err, out, waiting
from dme.cli.nothing_changed import DEFAULT_STUDY
from dme.errors import DmeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from dme.publish import Built
    from dme.publish.watch import Stamps

_AGAIN = "from dme.cli import main; main()"
_BETWEEN = 1.0
"""Seconds between two looks at what a site is made of."""


class Renderer(StrEnum):
    """Who turns the staged pages into a website."""

    auto = "auto"
    quarto = "quarto"
    builtin = "builtin"


_BY = {
    Renderer.quarto: "Quarto (--renderer builtin takes the built-in renderer)",
    Renderer.builtin: "the built-in renderer (make quarto installs Quarto)",
}


def site(
    studies: Annotated[
        list[str] | None,
        typer.Argument(help="Names of studies that have been run.", show_default=DEFAULT_STUDY),
    ] = None,
    *,
    renderer: Annotated[
        Renderer,
        typer.Option(
            help="auto takes Quarto where QUARTO or PATH leads to one, else the built-in."
        ),
    ] = Renderer.auto,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder of the site.", show_default="_site"),
    ] = None,
    staged: Annotated[
        Path | None,
        typer.Option(
            "--stage",
            metavar="DIR",
            help="Build no site, but keep the Quarto project of it in this folder.",
        ),
    ] = None,
    serve: Annotated[
        bool,
        typer.Option(
            "--serve",
            help="Show it at an address of this machine, and build it again when pages or results "
            "change, until Ctrl-C.",
        ),
    ] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of that address.")] = 8000,
) -> None:
    """Build the report of a study as a website in _site/.

    Of several studies the first one's pages stand at the top, each other's in a folder of its
    name; each page leads to the same page of the others, and the page Side by side tells what
    moved between them and shows what all of them found.

    The pages ask no other host for anything, so they can be read offline. A failing build
    leaves the earlier site as it was. Files of the folder that no build made stay in it.
    """
    from dme.publish.watch import stamps  # noqa: PLC0415 - for those who build a site

    names = studies or [DEFAULT_STUDY]
    if staged:
        if serve or output:
            message = "--stage builds no site: leave out --serve and --output."
            raise DmeError(message)
        _stage(names, staged)
        return
    look = partial(stamps, [Path(name).name for name in names])
    before = look() if serve else frozenset()
    built = _build(names, renderer, output)
    by = _BY[Renderer(built.renderer)]
    shown = paths.relative(built.folder)
    out.print(f"[green]✓[/] {len(built.pages)} pages by {by} → {shown}/index.html", soft_wrap=True)
    if built.unhonoured:
        err.print(
            f"[yellow]⚠[/] Of _quarto.yml the built-in renderer leaves out: "
            f"{escape(', '.join(built.unhonoured))}. Quarto follows it.",
            highlight=False,
            soft_wrap=True,
        )
    if serve:
        again = ["site", *names, "--renderer", renderer, "--output", str(built.folder)]
        _serve(built.folder, port, look, before, again)


def _locked(names: Sequence[str]) -> ExitStack:
    """Keep runs of studies from changing their results meanwhile."""
    from dme.execute.lock import alone  # noqa: PLC0415

    with ExitStack() as locks:
        # In one order, so that two commands never wait for each other.
        for name in sorted({Path(study).name for study in names}):
            locks.enter_context(alone(name, waiting))
        locks.enter_context(err.status("Building the site"))
        return locks.pop_all()


def _build(names: Sequence[str], renderer: Renderer, output: Path | None) -> "Built":
    from dme.publish import build  # noqa: PLC0415

    first, *beside = names
    with _locked(names):
        return build(first, renderer=renderer.value, out=output, beside=beside)


def _stage(names: Sequence[str], folder: Path) -> None:
    from dme.publish.site import keep_staged  # noqa: PLC0415

    first, *beside = names
    with _locked(names):
        projects = keep_staged(first, folder, beside)
    out.print(f"[green]✓[/] {paths.relative(folder.resolve())}/ holds the pages as Quarto has them")
    for project in projects:
        shown = paths.relative(project)
        told = f"  quarto preview {shown}    or    quarto render {shown}"
        out.print(told, highlight=False, soft_wrap=True)
    alone = "Trails of figures and links to other studies" if beside else "Trails of figures"
    out.print(f"  {alone} are made by dme site alone. Changes that are to last belong into pages/:")
    out.print("  the next --stage writes these files anew.")


def _serve(
    folder: Path, port: int, look: "Callable[[], Stamps]", before: "Stamps", again: list[str]
) -> None:
    """Show a site, and build it again in a process of its own, which loads the code of then."""
    from dme.publish.serve import server  # noqa: PLC0415
    from dme.publish.watch import follow  # noqa: PLC0415

    def rebuild() -> None:
        out.print("  Something changed: building it again")
        # What fails is printed there, and the site stays as it was.
        subprocess.run([sys.executable, "-c", _AGAIN, *again], check=False)

    with server(folder, port) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        address = f"http://localhost:{running.server_address[1]}/"
        out.print(f"  {address} (Ctrl-C ends it)", highlight=False)
        with suppress(KeyboardInterrupt):
            follow(before, look, rebuild, partial(time.sleep, _BETWEEN))
        running.shutdown()
