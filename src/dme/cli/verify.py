"""The commands that hold a study against its record, and two studies against each other."""

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from dme import paths
from dme.cli import end_at_once, end_in_order
from dme.cli.console import JOBS, QUIET, TIMEOUT, err, out, running, waiting
from dme.cli.nothing_changed import DEFAULT_STUDY
from dme.errors import DmeError

if TYPE_CHECKING:
    from dme.audit.verify import Verified

_DIFFERS = 1


def verify(
    studies: Annotated[
        list[str] | None,
        typer.Argument(help="Names of studies in params/.", show_default=DEFAULT_STUDY),
    ] = None,
    *,
    recording: Annotated[
        bool,
        typer.Option(
            "--record", help="Let what comes out be the record, and say what differs from before."
        ),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a list of objects for programs to read.")
    ] = False,
    quiet: QUIET = False,
    jobs: JOBS = None,
    timeout: TIMEOUT = 3600,
) -> None:
    """Run a study again, all of it from nothing, and hold each figure against what is recorded.

    Every notebook of the project as it lies here is executed in a fresh ordinary kernel, in a
    temporary place: no earlier result is used, nothing is remembered, your results are not
    touched. Charts are not drawn. Then each finding, with interval, claim, verdict and every other
    choice, is compared with data/record/STUDY.json, which its authors committed.

    Figures are the same within 2e-9 of the largest of the figure, the ends of its interval, and 1:
    they are stored to ten digits, and another processor may round the last one otherwise.

    Where anything differs it is named, with both values and with what has changed of what it is
    made of (a table, a module, a notebook's statements, a package, a parameter), and the exit
    status is 1. What has changed and moves nothing is told, and is no failure.
    """
    # pydantic, papermill and pandas are slow
    end_at_once()
    from dme.audit import verify as verifying  # noqa: PLC0415
    from dme.audit import verify_words  # noqa: PLC0415

    end_in_order()
    verified: list[Verified] = []
    for name in studies or [DEFAULT_STUDY]:
        with running(quiet=quiet) as tell:
            done = verifying.verify(
                Path(name).stem,
                tell,
                jobs=jobs,
                timeout=timeout,
                waiting=waiting,
                recording=recording,
            )
        verified.append(done)
        if not as_json:
            out.print(verify_words.told(done), markup=False, highlight=False, soft_wrap=True)
    if as_json:
        told = [verify_words.as_json(done) for done in verified]
        sys.stdout.write(json.dumps(told, indent=2) + "\n")
    if not recording and not all(done.comparison and done.comparison.agree for done in verified):
        raise typer.Exit(_DIFFERS)


def diff(
    before: Annotated[
        str,
        typer.Argument(
            metavar="A",
            help="A study that has been run or recorded; STUDY@COMMIT; or the path of a record or "
            "of a folder of results.",
        ),
    ],
    after: Annotated[str, typer.Argument(metavar="B", help="The same, of what it became.")],
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print an object for programs to read.")
    ] = False,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="Print a comment for a pull request.")
    ] = False,
    every: Annotated[
        bool, typer.Option("--all", help="Tell of every figure that moved, not of fifteen.")
    ] = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="End with status 1 where a finding differs.")
    ] = False,
) -> None:
    """Tell what differs between two studies, or a study at two commits, and what explains it.

    First the claims whose verdict is another one, with both figures and reasons; then the figures,
    by how far they moved as measured by their interval in A; then the parameters, tables, code and
    packages that differ.

    STUDY@COMMIT is what is recorded of the study at that commit (data/record/STUDY.json); where
    nothing was recorded then, the code of then is run, which takes minutes.
    """
    from dme.audit import diff as differing  # noqa: PLC0415 - pydantic and pandas are slow
    from dme.audit import diff_words, sides  # noqa: PLC0415

    with err.status("Reading") as status:

        def tell(what: str) -> None:
            status.update(f"Running {what}, which is not recorded (some minutes)")

        found = [sides.found(name, tell) for name in (before, after)]
    for name in (before, after):
        _warn_of_stale(name)
    comparison = differing.compare(*found)
    names = diff_words.Names(*map(_called, (before, after)))
    if as_json:
        told = {"before": before, "after": after} | differing.as_json(comparison)
        sys.stdout.write(json.dumps(told, indent=2) + "\n")
    elif as_markdown:
        sys.stdout.write(diff_words.markdown(comparison, names))
    else:
        words = diff_words.told(comparison, names, most=None if every else 15)
        out.print(words, markup=False, highlight=False, soft_wrap=True)
    if exit_code and not comparison.agree:
        raise typer.Exit(_DIFFERS)


def _called(name: str) -> str:
    """Return what a record is called in sentences: a commit in short."""
    return re.sub("@([0-9a-f]{10})[0-9a-f]{30}$", r"@\1", name).replace("@", " at ")


def _warn_of_stale(name: str) -> None:
    """Say that results are of another state of the project than there is now."""
    from dme.execute.run import explain  # noqa: PLC0415 - pandas is slow

    file = paths.home() / "params" / f"{name}.yml"
    if "@" in name or not file.is_file() or not any(paths.results(name).glob("*.ipynb")):
        return
    try:
        stale = [one for told in explain([file]).values() for one in told if told[one]]
    except DmeError:
        return
    if stale:
        err.print(
            f"[yellow]⚠[/] results/{escape(name)}/ no longer stands ({', '.join(stale)}): what "
            f"follows is of an earlier state. dme run {paths.relative(file)} brings it up to date.",
            highlight=False,
            soft_wrap=True,
        )
