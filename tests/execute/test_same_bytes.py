"""A study of one commit, run and published in two folders by two users, to the last byte."""

import os
import shutil
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path

import nbformat
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell
from PIL import Image, PngImagePlugin
from tests.same_bytes import NEHALEM, USER, files, processor, surroundings, traces

from dme.execute.engine import _timeless
from dme.lasted import TIMINGS
from dme.publish import config

ROOT = Path(__file__).parents[2]
PAGES = {"index.qmd", "teaching.qmd", "methods.qmd"}
# A picture, a table, a figure with other choices, a set, and code that BLAS computes.
CELLS = {
    "begin": """
        import numpy as np
        import pandas as pd
        import seaborn as sns
        from dme import figures
        from dme.measures.estimates.estimate import Estimate
        from dme.notebook import answer, begin, finding, forest, inputs, load, record, show
        run = begin(globals())
    """,
    "size": """
        @finding("size-gap", "Size", unit="percent")
        def size(study, *, power=1.0):
            \"\"\"A ratio of sums.\"\"\"
            a = np.random.default_rng(study.seed).normal(size=(300, 40))
            sums = abs(a @ np.ones(40)) ** power
            fit = np.linalg.lstsq(a, sums, rcond=None)[0]
            return Estimate(fit.mean() * 7, fit.min(), fit.max() * 9, "its ends", p=fit.mean() / 3)

        size.varied({"other": {"power": 2.0}, "small": {"seed": 5}})
        record(size, "It is {value:=percent}.", population="all", year="{study.size_year}")
        forest(size, "Sizes")
    """,
    "look": """
        @show
        def schools(study):
            rows = load("zone_capacity")
            axes = figures.canvas("Seats", "Schools.")
            sns.histplot(x=rows.iloc[:, -1].astype(float), ax=axes)
            return axes.figure, "Seats"

        show(pd.DataFrame({"a": [1 / 3, 2.0], "b": sorted({"x", "y"})}), "A table")
        print(sorted({str(n) for n in range(40)})[:3], np.ones(3) @ np.ones(3))
    """,
    "end": 'answer("It is so."); inputs()',
}


def write_project(folder: Path, names: tuple[str, ...] = ("teaching", "culture")) -> Path:
    """Write a small project of its own, as one commit."""
    folder.mkdir(parents=True)
    (folder / "data").symlink_to(ROOT / "data")
    shutil.copytree(ROOT / "pages", folder / "pages")
    for room in ("notebooks", "params"):
        (folder / room).mkdir()
    (folder / ".gitignore").write_text("results/\n_site/\nbuild/\n")
    (folder / "params" / "mine.yml").write_text("study: mine\nseed: 7\n")
    settings = yaml.safe_load((ROOT / "_quarto.yml").read_text(encoding="utf-8"))
    bar = settings["website"]["navbar"]
    others = {entry.page for entry in config.navigation()} - set(PAGES)
    bar["left"] = config.without(bar["left"], others)
    (folder / "_quarto.yml").write_text(yaml.safe_dump(settings, sort_keys=False))
    for name in names:
        made = new_notebook()
        made.metadata["kernelspec"] = {"name": "python3", "display_name": "x", "language": "python"}
        head = f"---\ntitle: {name.title()}\ndescription: A page\n---"
        given = new_code_cell("study = 'mine'\nseed = 1\nsize_year = '2016-17'", id="given")
        given.metadata["tags"] = ["parameters"]
        made.cells = [new_raw_cell(head, id="head"), given, new_markdown_cell("Words.", id="w")]
        made.cells += [
            new_code_cell(textwrap.dedent(text).strip().replace("size-gap", f"{name}-gap"), id=cell)
            for cell, text in CELLS.items()
        ]
        nbformat.write(made, folder / "notebooks" / f"{name}.ipynb")
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    subprocess.run(["git", "add", "."], cwd=folder, check=True)
    who = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, "commit", "--quiet", "-m", "x"], cwd=folder, check=True)
    return folder


def dme(project: Path, *arguments: str, **variables: str) -> None:
    env = os.environ | {"DME_HOME": str(project)} | variables
    command = [sys.executable, "-c", "from dme.cli import main; main()", *arguments]
    done = subprocess.run(
        command, cwd=project, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def made(project: Path) -> dict[str, bytes]:
    """Return all that was made of a study, but for what tells the time."""
    rooms = {"results": project / "results" / "mine", "_site": project / "_site"}
    told = {f"{room}/{name}": one for room in rooms for name, one in files(rooms[room]).items()}
    return {name: content for name, content in told.items() if Path(name).stem != "timings"}


@pytest.mark.tried("Same bytes", "one commit in two folders, by two users, on two processors")
@pytest.mark.usefixtures("runtime")
def test_two_builds_of_one_commit_give_the_same_bytes(tmp_path: Path):
    first = write_project(tmp_path / "one")
    other = tmp_path / f"{USER}'s own" / "deeper" / "dme of zenobia"
    subprocess.run(["git", "clone", "--quiet", first, other], check=True)
    dme(first, "run", "--jobs", "2", "params/mine.yml")
    dme(first, "site", "mine", "--renderer", "builtin")
    variables = surroundings(tmp_path / "of") | processor(NEHALEM) | {"DME_MEMORY": "no"}
    dme(other, "run", "--jobs", "1", "params/mine.yml", **variables)
    dme(other, "site", "mine", "--renderer", "builtin", **variables)
    one, two = made(first), made(other)
    assert [name for name in one | two if one.get(name) != two.get(name)] == []
    assert {"results/run.json", "_site/index.html", "_site/figures/culture-schools.svg"} <= set(one)
    assert (first / "results" / "mine" / TIMINGS).is_file()
    assert traces(other / "results" / "mine") + traces(other / "_site") == []


PROBE = """
import hashlib, numpy, threadpoolctl
a = numpy.random.default_rng(1).normal(size=(300, 40))
told = hashlib.sha256(numpy.linalg.lstsq(a, numpy.exp(a[:, 0]), rcond=None)[0].tobytes())
print(*{one.get("architecture") for one in threadpoolctl.threadpool_info()}, told.hexdigest())
"""


def test_the_other_processor_computes_otherwise():
    """Else the tests with it would hold whatever a notebook stores."""

    def probed(**variables: str) -> str:
        command = [sys.executable, "-c", PROBE]
        return subprocess.check_output(command, env=os.environ | variables, text=True)

    here, there = probed(), probed(**processor(NEHALEM))
    if here == there:
        pytest.skip(f"NumPy has no OpenBLAS that can take another processor's part: {here}")
    assert "Nehalem" in there


def test_what_a_solver_writes_past_python_is_no_part_of_a_result(tmp_path: Path):
    # HiGHS does so now and then, and not where its answer is remembered.
    line = "HighsMipSolverData::transformNewIntegerFeasibleSolution tmpSolver.run();\n"
    texts = [line * 2, "mine\n", line + "mine\n"]
    outputs = [new_output("stream", name="stdout", text=text) for text in texts]
    cell = new_code_cell("solve()", outputs=outputs, metadata={"papermill": {"duration": 1}})
    done = _timeless(new_notebook(cells=[cell]), tmp_path / "done.ipynb")
    assert [output.text for output in done.cells[0].outputs] == texts[1:]
    assert done.cells[0].metadata == {}


def test_what_is_packed_in_a_file_is_looked_through(tmp_path: Path):
    picture = PngImagePlugin.PngInfo()
    picture.add_text("Author", USER, zip=True)
    Image.new("L", (2, 2)).save(tmp_path / "a.png", pnginfo=picture)
    table = pa.table({"place": [f"/home/{USER}"] * 99})
    pq.write_table(table, tmp_path / "b.parquet", compression="zstd")
    with zipfile.ZipFile(tmp_path / "c.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(tmp_path / "b.parquet", "b.parquet")
    (tmp_path / "d.txt").write_text("nothing")
    assert {line.partition(":")[0] for line in traces(tmp_path)} == {"a.png", "b.parquet", "c.zip"}
