"""Notebooks that do what they should not: told in words, and earlier results stay."""

import json
import os
import re
import subprocess
import sys

import nbformat
import pytest
from tests.execute.fault_sample import finding_cell, left, write
from tests.execute.sweep_sample import MAIN, command, until

from dme.cli import commands
from dme.errors import DmeError
from dme.execute import kernels, lock
from dme.execute.engine import CellFailure, kernel_for
from dme.execute.kernels import NotebookClient
from dme.execute.run import run_studies
from dme.findings import ledger
from dme.warm.provisioner import WarmProvisioner


@pytest.fixture
def mine(project, monkeypatch):
    monkeypatch.setattr(WarmProvisioner, "libraries", ["json"])
    file = write(project, one=finding_cell("one"))
    run_studies([file], quiet)
    return project, file, left(project)


def quiet(*_):
    pass


# Where it is set, a kernel lets what is written past Python go where it likes.
UNWATCHED = "PYTEST_CURRENT_TEST"
MANY = "for _ in range(40):\n    print('x' * 100_000, flush=True)"
UNRULY = {
    "it never ends": ("while True:\n    pass", r"longer than 1 s.*--timeout"),
    "it sleeps for ever": ("import time\ntime.sleep(10_000)", r"longer than 1 s.*--timeout"),
    "it prints a gigabyte at once": ("print('x' * 8_000_000)", "displays more than 1 MB"),
    "it prints a gigabyte bit by bit": (MANY, "displays more than 1 MB"),
    "it shows a gigabyte": ("'x' * 8_000_000", "displays more than 1 MB"),
    "it writes a gigabyte past Python": (
        "import os\nfor _ in range(400):\n    os.write(1, b'x' * 10_000)",
        "displays more than 1 MB",
    ),
    "it exits": ("import sys\nsys.exit()", "SystemExit"),
    "it exits as if all were well": ("import sys\nsys.exit(0)", "SystemExit"),
    "it exits with an error": ("import sys\nsys.exit('no')", "SystemExit: no"),
    "it exits at once": ("import os\nos._exit(0)", r"ended while the cell ran \(exit status 0\)"),
    "it crashes": ("import os\nos.kill(os.getpid(), 11)", r"ended .*Segmentation fault"),
    "memory runs out": ("import os\nos.kill(os.getpid(), 9)", "memory ran out.*--jobs 1"),
}


@pytest.mark.tried("Nothing lost", "a cell that never ends, prints a gigabyte, exits or crashes")
@pytest.mark.parametrize(("source", "said"), UNRULY.values(), ids=UNRULY)
def test_a_cell_that_does_what_it_should_not(mine, monkeypatch, capfd, source, said):
    project, file, whole = mine
    monkeypatch.delenv(UNWATCHED)
    monkeypatch.setattr(kernels, "LARGEST", 1 << 20)
    received = []
    take = NotebookClient.process_message
    monkeypatch.setattr(
        NotebookClient,
        "process_message",
        lambda self, msg, *more: (
            received.append(kernels._size(msg["content"])) or take(self, msg, *more)
        ),
    )
    write(project, one=source)
    with pytest.raises(CellFailure) as caught:
        run_studies([file], quiet, timeout=1)
    text = " ".join(str(caught.value).split())
    assert text.startswith('one.ipynb failed in cell 2 ("odd"): ')
    assert re.search(said, text), text
    assert max(received, default=0) <= 1 << 20
    assert (project / "build" / "failed" / "mine" / "one.ipynb").is_file()
    assert capfd.readouterr() == ("", "")
    write(project, one=finding_cell("one"))
    assert left(project) == whole


@pytest.mark.tried("Nothing lost", "a cell that writes bytes that are no text, or past Python")
def test_bytes_that_are_no_text_are_shown_and_reach_no_terminal(mine, monkeypatch, capfd):
    project, file, _ = mine
    monkeypatch.delenv(UNWATCHED)
    # The kernel reads in a thread what is written past it: it is given the time.
    odd = (
        "import os, time\nos.write(1, b'\\xff\\x00\\n')\nos.write(2, b'past Python')\n"
        "time.sleep(1)\n"
    )
    write(project, one=odd + finding_cell("one"))
    run_studies([file], quiet)
    (_, _, (_, _, outputs)) = left(project)["one"]
    texts = "".join("".join(output.get("text", "")) for output in outputs)
    assert "past Python" in texts
    assert "\N{REPLACEMENT CHARACTER}\0\n" in texts
    assert capfd.readouterr() == ("", "")


LACKS = {
    "two cells record one finding": (
        finding_cell("one") + finding_cell("one"),
        r'Two cells store the finding "one"',
    ),
    "a figure that is no number": (
        finding_cell("one", value="nan"),
        "value: Input should be a valid number",
    ),
    "a finding of another program": (
        finding_cell("one").replace('"alternatives": [], ', '"alternatives": [], "other": 1, '),
        "can't be read",
    ),
    "a finding that no cell records": (
        "def finding(*_):\n    return lambda f: f\n\n\n"
        "@finding('other', 'Other')\ndef other(study):\n    pass\n" + finding_cell("one"),
        r'cell 2, declares the finding "other".*record\(other',
    ),
}


@pytest.mark.tried("Nothing lost", "new results that could not be read, or lack a finding")
@pytest.mark.parametrize(("source", "said"), LACKS.values(), ids=LACKS)
def test_results_that_can_not_be_read_are_not_moved_in(mine, source, said):
    project, file, whole = mine
    write(project, one=source)
    with pytest.raises(DmeError, match=said):
        run_studies([file], quiet)
    assert left(project) == whole
    assert [entry.finding.id for entry in ledger("mine")] == ["one"]


def test_a_finding_that_is_recorded_on_a_condition_may_be_absent(mine):
    project, file, _ = mine
    declared = (
        "def finding(*_):\n    return lambda f: f\n\n\n"
        "@finding('other', 'Other')\ndef other(study):\n    pass\nif seed == 1:\n    other(1)\n"
    )
    write(project, one=declared + finding_cell("one"))
    run_studies([file], quiet)


@pytest.mark.tried("Nothing lost", "a stray, empty, damaged or old file among the notebooks")
def test_a_stray_notebook_is_passed_over_with_a_word(mine, capsys):
    project, file, whole = mine
    stray = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")])
    nbformat.write(stray, project / "notebooks" / "Untitled.ipynb")
    (done,) = run_studies([file], quiet)
    assert (done.notebooks, done.passed_over) == (("one",), ("Untitled.ipynb",))
    assert left(project) == whole
    commands._tell_run(done)
    told = " ".join(capsys.readouterr().out.split())
    assert "notebooks/Untitled.ipynb is passed over: no cell of it is tagged parameters" in told


@pytest.mark.tried("Nothing lost", "a stray, empty, damaged or old file among the notebooks")
def test_a_notebook_with_a_result_is_not_passed_over(mine):
    project, file, whole = mine
    path = project / "notebooks" / "one.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace('"parameters"\n', '"other"\n'))
    with pytest.raises(DmeError, match="There is no notebook"):
        run_studies([file], quiet)
    write(project, two=finding_cell("two"), one=finding_cell("one"))
    path.write_text(path.read_text(encoding="utf-8").replace('"parameters"\n', '"other"\n'))
    with pytest.raises(DmeError, match=r"one\.ipynb has a result in results/mine/"):
        run_studies([file], quiet)
    assert left(project) == whole


OLD = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": []}]}


@pytest.mark.tried("Nothing lost", "a stray, empty, damaged or old file among the notebooks")
@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "\x00" * 10, json.dumps(OLD), '{"cells": [1]}', '{"cells": [{}]}'],
)
def test_what_is_no_notebook_is_refused_before_anything_runs(mine, text):
    project, file, whole = mine
    (project / "notebooks" / "two.ipynb").write_text(text, encoding="utf-8")
    with pytest.raises(DmeError, match=r"(?s)notebooks/two\.ipynb.*history.*nbconvert"):
        run_studies([file], quiet)
    assert left(project) == whole


@pytest.mark.tried("Nothing lost", "a notebook whose kernel is named after another machine's")
def test_a_python_kernel_of_another_machine_is_this_ones(mine):
    project, file, _ = mine
    path = project / "notebooks" / "one.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace('"python3"', '"conda-env-edu-py"'))
    assert kernel_for(path) == "dme"
    run_studies([file], quiet)
    assert [entry.finding.id for entry in ledger("mine")] == ["one"]


ELSEWHERE = (
    """
import time
now = time.time
time.time = lambda: now() - 3_000_000_000
"""
    + MAIN
)


@pytest.mark.tried(
    "Nothing lost", "another locale, time zone, clock, temporary folder; blanks and İ in the path"
)
def test_the_surroundings_change_nothing(mine, runtime, tmp_path):
    project, _, whole = mine
    odd = project.rename(tmp_path / 'Bölge İlçe 学区 \'s "x"')
    long = runtime / ("x" * (100 - len(str(runtime))))
    long.mkdir()
    for path in (odd / "notebooks").iterdir():
        os.utime(path, (4_000_000_000,) * 2)
    env = os.environ | {
        "DME_HOME": str(odd), "LC_ALL": "tr_TR.ISO-8859-9", "LANG": "tr_TR",
        "TZ": "Pacific/Kiritimati", "TMPDIR": str(long),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, "run", "--force", "-q", "params/mine.yml"],
        cwd=odd, env=env, capture_output=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    again = left(odd)
    again["study"] = whole["study"]
    assert again == whole


def test_a_site_is_not_built_while_its_study_runs(mine):
    project, _, _ = mine
    with lock.alone("mine", quiet):
        building = command(project, "site", "mine", "--renderer", "builtin")
        until(lambda: "one waits" in building.stderr.readline())
        assert building.poll() is None
    building.kill()
    building.communicate()
