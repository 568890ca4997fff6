"""What a crate tells in words: its README, and the configuration of a CODECHECK."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from dme.audit.crate.exhibits import FOLDER, Exhibit
from dme.audit.crate.told import Told
from dme.text import duration, plural

CODECHECK = "codecheck.yml"
EXHIBITS = "exhibits.csv"
README = "README.md"

_SPECIFICATION = "https://codecheck.org.uk/spec/config/1.0/"
_TO_FILL_IN = """
# Who checks this adds what follows; none of it is known before.
# codechecker:
#   - name:
#     ORCID:
# report:
# summary:
# check_time:
# certificate:
"""
_MARKUP = re.compile(r"([\\`*_\[\]<>|#~$])")


def codecheck(folder: Path, told: Told) -> str:
    """Return the text of ``codecheck.yml``: which files a check is to make again.

    Parameters
    ----------
    folder : Path
        The crate, with the files that its study came to.
    told : Told
        What is known of the study.
    """
    made = {one.output: _made_by(one) for one in told.exhibits if one.content}
    executed = {f"results/{told.name}/{n}.ipynb": f"notebooks/{n}.ipynb, executed"
                for n in told.record.notebooks}  # fmt: skip
    every = {EXHIBITS: "Each figure, table and in-text number"} | executed | made
    document: dict[str, Any] = {
        "version": _SPECIFICATION,
        "manifest": [
            {"file": name, "comment": f"{words}; sha256 {_digest(folder / name)}"}
            for name, words in every.items()
        ],
        "paper": {"title": told.title, "authors": _authors(told)},
    }
    cited = told.citation
    if address := f"https://doi.org/{cited['doi']}" if "doi" in cited else cited.get("url"):
        document["paper"]["reference"] = address
    if address := cited.get("repository-code"):
        document["repository"] = address
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=1000)
    return f"%YAML 1.1\n---\n{text}{_TO_FILL_IN}"


def readme(told: Told, size: int) -> str:
    """Return the text of the crate's README, after the template of social scientists' data editors.

    Parameters
    ----------
    told : Told
        What is known of the study.
    size : int
        Bytes of the other files.
    """
    return "\n".join(_readme(told, size))
