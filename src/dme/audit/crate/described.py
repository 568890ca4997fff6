"""A crate's metadata: what was run, with what, from what, to what end, as a Workflow Run RO-Crate."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from rocrate.model import ComputerLanguage, ContextEntity, Entity
from rocrate.rocrate import ROCrate

from dme import __version__
from dme.audit.crate.exhibits import FOLDER
from dme.audit.crate.files import read_files
from dme.audit.crate.told import Told
from dme.study import Study
from dme.tables.dictionary import Provenance
from dme.tables.sources import Source

EXHIBITS = "exhibits.csv"
WORKFLOW = "src/dme/execute/run.py"
"""The module that runs a study: it checks the parameters and executes the notebooks with them."""

_RUN = "https://w3id.org/ro/terms/workflow-run#"
_PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": ("Process Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/workflow/0.5": ("Workflow Run Crate", "0.5"),
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": ("Workflow RO-Crate", "1.0"),
}
_BIOSCHEMAS = "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE"
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
MIT = "https://spdx.org/licenses/MIT"
CC_BY = "https://creativecommons.org/licenses/by/4.0/"
_LICENCES = {
    MIT: ("MIT License", "For the code of this crate."),
    CC_BY: (
        "Creative Commons Attribution 4.0 International",
        "For the text, figures and tables that were made here. The figures of publishers stay "
        "under the terms of each, which stand with each raw file.",
    ),
}


def describe(folder: Path, told: Told) -> None:
    """Write the metadata of the files in a folder, and the page that previews it."""
    _Crate(folder, told).write()


class _Crate:
    """The metadata while it is put together."""

    def __init__(self, folder: Path, told: Told) -> None:
        self.folder, self.told = folder, told
        self.crate = ROCrate(version="1.1", gen_preview=True)
        # Terms of the run profiles that the context of RO-Crate itself does not have.
        self.crate.metadata.extra_terms["sha256"] = f"{_RUN}sha256"
        self.python = self._language("#python", "Python", "https://www.python.org/")
        self.jupyter = self._language("#jupyter", "Jupyter Notebook", "https://jupyter.org/")
        if told.python:
            self.python["version"] = told.python

    def write(self) -> None:
        """Write both files."""
        self._root()
        workflow = self._workflow()
        raw = self._sources()
        self._files(raw)
        inputs = self._parameters()
        outputs = self._outputs()
        workflow["input"], workflow["output"] = self._formal(inputs), self._formal(outputs)
        self._runs(workflow, inputs, outputs)
        self.crate.metadata.write(self.folder)
        self.crate.preview.write(self.folder)

    def _add(self, name: str, kind: str, **properties: object) -> ContextEntity:
        told = {key: value for key, value in properties.items() if value not in ("", None, [])}
        return self.crate.add(ContextEntity(self.crate, name, {"@type": kind, **told}))

    def _language(self, name: str, title: str, url: str) -> ComputerLanguage:
        return self.crate.add(ComputerLanguage(self.crate, name, {"name": title, "url": url}))

    def _root(self) -> None:
        root, told = self.crate.root_dataset, self.told
        root["name"] = told.title
        root["description"] = told.description
        root.datePublished = told.ended.date()
        root["conformsTo"] = [
            self._add(address, "CreativeWork", name=name, version=version)
            for address, (name, version) in _PROFILES.items()
        ]
        root["license"] = [
            self._add(address, "CreativeWork", name=name, description=text)
            for address, (name, text) in _LICENCES.items()
        ]
        if told.authors:
            root["author"] = _one_or_more(
                [self._add(f"#author-{n}", kind, **about) for n, (kind, about) in told.numbered_authors]
            )
