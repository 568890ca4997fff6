"""The workflows, the container and Binder: what they run is there, and who may write runs no code.

None of it can be run where the tests run. What can be known: each script parses, each target of
make and each command with its options exists, and the permissions are the least.
"""

import json
import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
import yaml

from dme.cli.commands import app

ROOT = Path(__file__).parents[1]
WORKFLOWS = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / ".github" / "workflows").glob("*.yml"))
}
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = {
    target.replace("$(VENV)", ".venv")
    for target in re.findall(r"^([a-z]+|\$\(VENV\)/[\w.-]+):", MAKEFILE, re.MULTILINE)
}
LOCKED = (ROOT / "requirements-test.lock").read_text(encoding="utf-8")
CONTAINER = json.loads(
    re.sub(r"^\s*//.*$", "", (ROOT / ".devcontainer/devcontainer.json").read_text(), flags=re.M)
)
BINDER = ROOT / ".binder" / "postBuild"


def jobs() -> Iterator[tuple[str, dict, dict]]:
    """Yield each job: its name, itself, and its workflow."""
    for name, workflow in WORKFLOWS.items():
        for job, told in workflow["jobs"].items():
            yield f"{name}-{job}", told, workflow


def steps() -> dict[str, str]:
    """Return each script that somebody's machine runs."""
    found = {
        f"{name}-{number}": step["run"]
        for name, job, _ in jobs()
        for number, step in enumerate(job["steps"])
        if "run" in step
    }
    return found | {"container": CONTAINER["postCreateCommand"], "binder": BINDER.read_text()}


def commands(script: str, program: str) -> list[list[str]]:
    """Return the words that follow each call of a program."""
    joined = script.replace("\\\n", " ")
    calls = re.findall(rf"(?:^|[\s;&|({{]){re.escape(program)} +([^;&|>\n]+)", joined)
    return [shlex.split(call) for call in calls]


STEPS = steps()


@pytest.mark.parametrize("name", STEPS)
def test_a_script_parses(name):
    script = re.sub(r"\$\{\{.*?\}\}", "x", STEPS[name])
    done = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True, check=False)
    assert not done.stderr


@pytest.mark.parametrize("name", STEPS)
def test_what_make_is_asked_for_is_a_target(name):
    for words in commands(STEPS[name], "make"):
        assert set(words) <= TARGETS


@pytest.mark.parametrize("name", STEPS)
def test_a_command_of_this_program_exists_with_its_options(name):
    for words in commands(STEPS[name], ".venv/bin/dme"):
        command = typer.main.get_command(app)
        while commands_of := getattr(command, "commands", None):
            command = commands_of[words.pop(0)]
        known = {option for one in command.params for option in one.opts}
        assert {word for word in words if word.startswith("-")} <= known
        for word in words:
            if word.startswith("params/"):
                assert (ROOT / word).is_file()


def test_the_scripts_do_what_they_are_for():
    made = {word for script in STEPS.values() for call in commands(script, "make") for word in call}
    assert {"test", "report", ".venv/.ready", ".venv/.ready-test"} <= made
    calls = [call for script in STEPS.values() for call in commands(script, ".venv/bin/dme")]
    assert {"run", "verify", "diff"} <= {call[0] for call in calls}
    studies = {word for call in calls if call[0] == "verify" for word in call[1:]}
    assert studies
    for study in studies:
        assert (ROOT / "data" / "record" / f"{study}.json").is_file()


@pytest.mark.parametrize("name", STEPS)
def test_a_program_of_the_environment_is_a_locked_package_or_this_one(name):
    packages = {"dme": "", "python": "", "playwright": "playwright"}
    for program in re.findall(r"\.venv/bin/(\w+)", STEPS[name]):
        assert f"\n{packages[program]}" in LOCKED


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_may_read_and_serves_forks(name):
    workflow = WORKFLOWS[name]
    assert workflow["permissions"] == {"contents": "read"}
    # YAML 1.1 reads the word `on` as true.
    assert "pull_request_target" not in workflow[True]
    assert "secrets." not in (ROOT / f".github/workflows/{name}.yml").read_text()


@pytest.mark.parametrize(("name", "job", "_"), list(jobs()), ids=[name for name, *_ in jobs()])
def test_a_job_that_may_write_runs_none_of_the_projects_code(name, job, _):
    assert job["timeout-minutes"] <= 60
    if "write" in job.get("permissions", {}).values():
        used = [step["uses"].partition("@")[0] for step in job["steps"] if "uses" in step]
        assert "actions/checkout" not in used, name
        assert not any(".venv" in step.get("run", "") for step in job["steps"])
    else:
        checkout = job["steps"][0]
        assert checkout["uses"].startswith("actions/checkout@")
        assert checkout["with"]["persist-credentials"] is False


def test_nothing_of_a_pull_request_is_put_into_a_script():
    """Its title or branch would run as code; numbers and names of repositories can't."""
    for script in STEPS.values():
        assert not re.search(r"\$\{\{\s*github\.(event|head_ref)", script)


def test_the_versions_are_those_that_the_project_states():
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (matrix,) = (job["strategy"]["matrix"] for _, job, _ in jobs() if "strategy" in job)
    assert f'requires-python = ">={matrix["python"][0]}"' in pyproject
    (quarto,) = (
        step["with"]["version"]
        for _, job, _ in jobs()
        for step in job["steps"]
        if "quarto" in step.get("uses", "")
    )
    assert f"quarto-cli=={quarto}" in MAKEFILE
    image = (ROOT / ".devcontainer/Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"^FROM python:3\.11-slim-\w+$", image, re.MULTILINE)
    assert (ROOT / ".binder/runtime.txt").read_text().strip() == "python-3.11"


def test_binder_can_run_its_script():
    assert os.access(BINDER, os.X_OK)


def test_dependabot_asks_weekly_and_in_groups():
    told = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text(encoding="utf-8"))
    kinds = {one["package-ecosystem"]: one for one in told["updates"]}
    assert {"github-actions", "pip"} <= set(kinds)
    for one in kinds.values():
        assert one["schedule"] == {"interval": "weekly"}
        assert (ROOT / one["directory"].strip("/")).is_dir()
