"""A crate's metadata: what was run, with what and to what end, as a Workflow Run RO-Crate."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rocrate.model import ComputerLanguage, ContextEntity, Entity, Preview
from rocrate.rocrate import ROCrate

from dme import __version__, paths
from dme.audit.crate.exhibits import FOLDER
from dme.audit.crate.told import Told
from dme.audit.crate.words import EXHIBITS, PREVIEW, README, name_of
from dme.study import Study
from dme.tables.licences import LICENCES
from dme.tables.sources import Source

WORKFLOW = "src/dme/execute/run.py"
"""The module that runs a study: it checks the parameters and executes the notebooks with them."""

_MIT, _CC_BY = "MIT", "CC-BY-4.0"
_RUN = "https://w3id.org/ro/terms/workflow-run#"
_PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": ("Process Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/workflow/0.5": ("Workflow Run Crate", "0.5"),
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": ("Workflow RO-Crate", "1.0"),
}
_BIOSCHEMAS = "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE"
_DONE = "http://schema.org/CompletedActionStatus"
_FORMATS = {
    ".cff": "application/yaml",
    ".css": "text/css",
    ".csv": "text/csv",
    ".html": "text/html",
    ".ipynb": "application/x-ipynb+json",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".lua": "text/x-lua",
    ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet",
    ".png": "image/png",
    ".py": "text/x-python",
    ".qmd": "text/markdown",
    ".svg": "image/svg+xml",
    ".toml": "application/toml",
    ".yml": "application/yaml",
}
_KINDS = {bool: "Boolean", int: "Integer", float: "Float"}
_LANGUAGES = {"Python": "https://www.python.org/", "Jupyter Notebook": "https://jupyter.org/"}
_PAGES = ("homepage", "home", "repository", "source", "source code", "documentation")
_CODE = ("src/", "notebooks/")
_TABLES = "tables"


def describe(folder: Path, told: Told) -> None:
    """Write the metadata of the files in a folder."""
    _Described(folder, told).write()


class _Described:
    """The metadata of a crate while it is put together."""

    def __init__(self, folder: Path, told: Told) -> None:
        self.folder, self.told = folder, told
        self.crate = ROCrate(version="1.1", gen_preview=False)
        # A term of the run profiles that the context of RO-Crate itself does not have.
        self.crate.metadata.extra_terms["sha256"] = f"{_RUN}sha256"
        self.files: dict[str, Entity] = {}

    def write(self) -> None:
        """Write the metadata."""
        self._root()
        self._sources()
        self._files()
        values = self._parameters()
        words = Study.model_fields[_TABLES].description or ""
        tables = self._folder(_TABLES, f"{paths.relative(self.told.study.folder)}/", words)
        outputs = self._outputs()
        self._workflow([*values, *tables], outputs)
        self._runs(values, outputs)
        self.crate.metadata.write(self.folder)

    def _add(self, address: str, kind: str, /, **told: Any) -> Entity:
        given = {key: value for key, value in told.items() if value not in ("", None)}
        return self.crate.add(ContextEntity(self.crate, address, {"@type": kind, **given}))

    def _root(self) -> None:
        root, told = self.crate.root_dataset, self.told
        root["name"] = told.title
        root["description"] = (
            f"The study {told.name} as it was run: its parameters, the tables that it read with "
            "the raw files they were made of, the program, the executed notebooks, and a list of "
            "each figure, table and number with the line of code that made it."
        )
        root.datePublished = told.ended.date()
        root["conformsTo"] = [
            self._add(address, "CreativeWork", name=name, version=version)
            for address, (name, version) in _PROFILES.items()
        ]
        root["license"] = [self._licence(name) for name in (_MIT, _CC_BY)]
        authors = [
            self._author(number, one)
            for number, one in enumerate(told.citation.get("authors", ()), start=1)
        ]
        if authors:
            root["author"] = _flat(authors)

    def _author(self, number: int, told: Mapping[str, Any]) -> Entity:
        address = str(told.get("orcid") or f"#author-{number}")
        if "name" not in told:
            return self._add(
                address, "Person", name=name_of(told), affiliation=told.get("affiliation")
            )
        page = told.get("website") or self.told.citation.get("repository-code")
        return self._add(address, "Organization", name=name_of(told), url=page)

    def _licence(self, name: str) -> Entity:
        """Return what tells of a licence, which is told of once."""
        told = LICENCES[name]
        address = told.address or f"#licence-{name}"
        return self.crate.get(address) or self._add(
            address,
            "CreativeWork",
            name=told.title,
            description=f"Allows: {told.allows} Asks: {told.asks}",
        )

    def _sources(self) -> None:
        """Tell of the raw files, which the crate does not hold, and of who published them."""
        sources = {one.id: one for at in self.told.tables.values() for one in at.sources}
        publishers: dict[str, Entity] = {}
        for source in sources.values():
            if source.publisher not in publishers:
                publishers[source.publisher] = self._add(
                    f"#publisher-{len(publishers) + 1}",
                    "Organization",
                    name=source.publisher,
                    url=source.page,
                )
            self._add(
                _raw(source),
                "CreativeWork",
                name=source.title,
                description="; ".join(filter(None, (source.note, source.terms))),
                url=source.address,
                publisher=publishers[source.publisher],
                license=self._licence(source.licence),
                sha256=source.sha256,
            )
        for name in self.told.withheld:
            self._add(
                _own(name),
                "CreativeWork",
                name=name,
                description="A file of the district's own, which is not handed on.",
                sha256=self.told.read[name],
            )

    def _files(self) -> None:
        """Tell of each file in the folder."""
        made = {one.output: one.note for one in self.told.exhibits if one.content}
        found = (path for path in self.folder.rglob("*") if path.is_file())
        for path in sorted(found, key=lambda path: path.relative_to(self.folder).as_posix()):
            name = path.relative_to(self.folder).as_posix()
            content = path.read_bytes()
            properties: dict[str, Any] = {
                "name": name,
                "contentSize": str(len(content)),
                "sha256": hashlib.sha256(content).hexdigest(),
                "encodingFormat": _FORMATS.get(path.suffix, "text/plain"),
            }
            if table := self.told.tables.get(name):
                properties |= {"name": table.title, "description": table.description}
                properties["isBasedOn"] = _flat([{"@id": _raw(one)} for one in table.sources])
                named = dict.fromkeys(one.licence for one in table.sources)
                properties["license"] = _flat([self._licence(one) for one in named])
            elif name in made:
                properties["description"] = made[name]
            elif name in {README, PREVIEW}:
                properties["about"] = {"@id": "./"}
            if name.startswith(_CODE):
                properties["license"] = self._licence(_MIT)
            elif name.startswith(("results/", f"{FOLDER}/")):
                properties["license"] = self._licence(_CC_BY)
            self.files[name] = self._file(path, name, properties)

    def _file(self, path: Path, name: str, properties: dict[str, Any]) -> Entity:
        if name == PREVIEW:
            return self.crate.add(Preview(self.crate, path, properties))
        if name == WORKFLOW:
            return self.crate.add_workflow(
                path, name, main=True, lang=self._language("Python"), properties=properties
            )
        if name.startswith("notebooks/"):
            properties |= {
                "@type": ["File", "SoftwareSourceCode"],
                "programmingLanguage": self._language("Jupyter Notebook"),
                **self._version(),
            }
        return self.crate.add_file(path, name, properties=properties)

    def _language(self, name: str) -> Entity:
        told = {"name": name, "url": _LANGUAGES[name]}
        if name == "Python":
            told["version"] = self.told.record.python
        language = ComputerLanguage(self.crate, _LANGUAGES[name], told)
        return self.crate.get(language.id) or self.crate.add(language)

    def _version(self) -> dict[str, Any]:
        """Return of which state the code is, and where it stands, as far as that is known."""
        record = self.told.record
        changed = "-changed" if record.changed else ""
        version = f"{record.commit}{changed}" if record.commit else f"{__version__}"
        address = self.told.citation.get("repository-code")
        return {"version": version} | ({"url": address} if address else {})

    def _parameters(self) -> list[Entity]:
        """Tell of each parameter and its value; return the values."""
        values = []
        for key, value in self.told.study.model_dump(mode="json").items():
            if key == _TABLES:  # a folder of the crate
                continue
            text = json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
            properties = {"@type": "PropertyValue", "name": key, "value": text}
            one = self.crate.add(ContextEntity(self.crate, f"#value-{key}", properties))
            words = Study.model_fields[key].description
            self._formal(key, one, _KINDS.get(type(value), "Text"), words)
            values.append(one)
        return values

    def _formal(self, name: str, value: Entity, kind: str, words: str | None) -> None:
        """Tell of a parameter, of which a value is an example."""
        value["exampleOfWork"] = self._add(
            f"#parameter-{name}",
            "FormalParameter",
            name=name,
            description=words,
            additionalType=kind,
            workExample=value,
        )

    def _folder(self, name: str, folder: str, words: str) -> list[Entity]:
        """Tell of a folder as a parameter of the workflow; nothing where no file lies in it."""
        inside = [one for path, one in self.files.items() if path.startswith(folder)]
        if not inside:
            return []
        properties = {"name": folder, "description": words, "hasPart": _flat(inside)}
        found = self.crate.add_dataset(dest_path=folder, properties=properties)
        self._formal(name, found, "Dataset", words)
        return [found]

    def _outputs(self) -> list[Entity]:
        """Tell of what the study came to."""
        listed = self.files[EXHIBITS]
        words = "Each figure, table and in-text number, with the line of code that made it."
        self._formal("exhibits", listed, "File", words)
        results = (
            "The executed notebooks, each with its findings, with every parameter as it was used "
            "(study.yml), what each result was made of (run.json) and how long it took "
            "(timings.json)."
        )
        shown = "The figures and tables of the executed notebooks."
        return [
            *self._folder("results", f"results/{self.told.name}/", results),
            *self._folder(FOLDER, f"{FOLDER}/", shown),
            listed,
        ]

    def _workflow(self, inputs: Sequence[Entity], outputs: Sequence[Entity]) -> None:
        workflow = self.crate.mainEntity
        steps = [one for name, one in self.files.items() if name.startswith("notebooks/")]
        told = {
            "name": f"{self.told.name}: the notebooks of a resource study, executed side by side",
            "description": (
                "Checks the parameters of a study, executes the notebooks with them by papermill, "
                "and keeps the executed notebooks with a record of all that they were made of. Its "
                "command is: dme run."
            ),
            "conformsTo": self._add(_BIOSCHEMAS, "CreativeWork", name="ComputationalWorkflow"),
            "input": [one["exampleOfWork"] for one in inputs],
            "output": [one["exampleOfWork"] for one in outputs],
            "hasPart": _flat(steps),
            "softwareRequirements": [
                self._add(
                    f"pkg:pypi/{name}@{version}",
                    "SoftwareApplication",
                    name=name,
                    softwareVersion=version,
                    url=_homepage(name),
                )
                for name, version in self.told.record.packages.items()
            ],
            **self._version(),
        }
        for key, value in told.items():
            workflow[key] = value

    def _runs(self, values: Sequence[Entity], outputs: Sequence[Entity]) -> None:
        """Tell of the run of the study, and of that of each notebook in it."""
        told, by_name = self.told, {one["name"]: one for one in values}
        whole = self._run("#run", f"Run of the study {told.name}", told.started, told.ended)
        self._made(whole, self.crate.mainEntity, [*values, *self._inputs(told.read)], outputs)
        runs = [whole]
        for notebook, made in told.record.notebooks.items():
            one = self._run(
                f"#run-{notebook}", f"Run of the notebook {notebook}", *told.times[notebook]
            )
            read = [by_name[key] for key in made.parameters if key in by_name]
            shown = {each.output for each in told.exhibits if each.notebook == notebook}
            results = {f"results/{told.name}/{notebook}.ipynb", *shown}
            self._made(
                one,
                self.files[f"notebooks/{notebook}.ipynb"],
                [*read, *self._inputs(made.files or ())],
                [file for name, file in self.files.items() if name in results],
            )
            runs.append(one)
        self.crate.root_dataset["mentions"] = runs

    def _run(self, address: str, title: str, began: datetime, ended: datetime) -> Entity:
        return self._add(
            address,
            "CreateAction",
            name=title,
            description=f"{title}, by dme run, with what it read and what it came to.",
            startTime=began.isoformat(),
            endTime=ended.isoformat(),
            actionStatus=_DONE,
        )

    def _made(
        self, run: Entity, instrument: Entity, inputs: Sequence[Entity], outputs: Sequence[Entity]
    ) -> None:
        run["instrument"], run["result"] = instrument, _flat(outputs)
        if inputs:
            run["object"] = _flat(inputs)

    def _inputs(self, read: Iterable[str]) -> list[Entity]:
        """Return what was read: data, and not the program's own modules."""
        names = [name for name in read if not name.startswith(_CODE)]
        held = [self.files[name] for name in names if name in self.files]
        return [*held, *(one for name in names if (one := self.crate.get(_own(name))))]


def _flat(some: Sequence[Any]) -> Any:
    """Return the value of a property: a list, or what stands alone."""
    return some[0] if len(some) == 1 else list(some)


def _raw(source: Source) -> str:
    return f"#raw-{source.id}"


def _own(name: str) -> str:
    return f"#own-{quote(name)}"


def _homepage(package: str) -> str:
    """Return the page of an installed package, as it tells itself; "" where it tells none."""
    try:
        told = metadata(package)
    except PackageNotFoundError:
        return ""
    pages = (one.partition(", ") for one in told.get_all("Project-URL", ()))
    by_label = {label.lower(): address for label, _, address in pages}
    return told.get("Home-page") or next((by_label[k] for k in _PAGES if k in by_label), "")
