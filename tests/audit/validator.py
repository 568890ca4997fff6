"""What the validator of RO-Crates says against a crate, without a network."""

import json
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import ClassVar

import pytest
from rocrate_validator import services
from rocrate_validator.models import ValidationSettings
from rocrate_validator.utils.http import HttpRequester

# What the validator recommends, and no record tells. Who ran a study, and who publishes it: nobody
# is named whom the program does not know. The address of the repository, of its authors, of some
# packages: they tell none. An address as the id of a package, which has a package URL, and of a
# file, which has its path.
UNKNOWN = {
    "The SoftwareApplication id SHOULD be an absolute URI",
    "The Application SHOULD have a url",
    "The Action SHOULD have an agent that is a Person or Organization",
    "The organization SHOULD have a URL.",
    "The `publisher` property of a `Root Data Entity` SHOULD be an `Organization`",
}
# The terms of RO-Crate 1.1's own context that a crate may use; in the context of 1.3, which the
# library brings, four of them mean something else.
TERMS = (
    "CreateAction", "CreativeWork", "Dataset", "File", "FormalParameter", "Organization", "Person",
    "PropertyValue", "SoftwareApplication", "SoftwareSourceCode", "ComputationalWorkflow",
    "ComputerLanguage", "about", "actionStatus", "additionalType", "affiliation", "author",
    "conformsTo", "contentSize", "datePublished", "description", "encodingFormat", "endTime",
    "exampleOfWork", "hasPart", "input", "instrument", "isBasedOn", "license", "mainEntity",
    "mentions", "name", "object", "output", "programmingLanguage", "publisher", "result",
    "softwareRequirements", "softwareVersion", "startTime", "url", "value", "version",
    "workExample",
)  # fmt: skip
BIOSCHEMAS = {
    "ComputationalWorkflow": "https://bioschemas.org/ComputationalWorkflow",
    "FormalParameter": "https://bioschemas.org/FormalParameter",
    "input": "https://bioschemas.org/ComputationalWorkflow#input",
    "output": "https://bioschemas.org/ComputationalWorkflow#output",
}


class _Context:
    """What the validator is told where it asks for RO-Crate's context, in place of the network."""

    status_code = 200
    headers: ClassVar = {"Content-Type": "application/ld+json"}

    def json(self) -> dict:
        brought = json.loads((files("rocrate") / "data" / "ro-crate.jsonld").read_bytes())
        return {"@context": {term: brought["@context"][term] for term in TERMS} | BIOSCHEMAS}


def issues(crate: Path, scratch: Path, level: str = "REQUIRED") -> Counter:
    """Return what the validator says against a crate, with how often; nothing is fetched."""

    def get(_: HttpRequester, address: str, **__: object) -> _Context:
        assert address == "https://w3id.org/ro/crate/1.1/context"
        return _Context()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HttpRequester, "get", get, raising=False)
        settings = ValidationSettings(
            rocrate_uri=str(crate),
            profile_identifier="workflow-run-crate-0.5",
            requirement_severity=level,
            offline=True,
            cache_path=scratch / "cache",
        )
        return Counter(issue.message for issue in services.validate(settings).get_issues())
