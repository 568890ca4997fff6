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
