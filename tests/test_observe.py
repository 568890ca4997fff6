"""Which files count as inputs."""

from dme import observe


def test_only_files_that_were_read_count_as_inputs(project):
    observe.start()
    (project / "data" / "claims.yml").read_text()
    with (project / "data" / "notes.txt").open("w") as file:
        file.write("written, not read")
    (project / "_quarto.yml").read_text()
    read = {name for name in observe.inputs() if not name.endswith(".py")}
    assert read == {"data/claims.yml"}
    observe.start()
    assert not {name for name in observe.inputs() if not name.endswith(".py")}


def test_a_sweeps_results_are_an_input(project):
    table = project / "results" / "sweeps" / "mine" / "findings.parquet"
    table.parent.mkdir(parents=True)
    table.write_bytes(b"rows")
    (project / "results" / "other.txt").write_text("no input")
    observe.start()
    for path in (table, project / "results" / "other.txt"):
        path.read_bytes()
    read = observe.inputs()
    assert "results/sweeps/mine/findings.parquet" in read
    assert "results/other.txt" not in read
    assert read["src/dme/observe.py"]
