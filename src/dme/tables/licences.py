"""The terms under which raw files were published, each explained once.

Their names are those of the Open Definition, which a Frictionless data package takes.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Licence:
    """Terms of use.

    Attributes
    ----------
    title : str
        What they are called.
    address : str
        Their text; "" where there is none.
    allows, asks : str
        What they allow and what they ask for, in plain words.
    """

    title: str
    address: str
    allows: str
    asks: str


_ANY_USE = "Any use, change and redistribution, commercial too."
_SOURCE = "Name the source, as good practice."

LICENCES = {
    "PDDL-1.0": Licence(
        "Open Data Commons Public Domain Dedication and License 1.0",
        "https://opendatacommons.org/licenses/pddl/1-0/",
        _ANY_USE,
        f"Nothing. {_SOURCE}",
    ),
    "ODC-BY-1.0": Licence(
        "Open Data Commons Attribution License 1.0",
        "https://opendatacommons.org/licenses/by/1-0/",
        _ANY_USE,
        "A notice with the data and with what is made of them: “Contains information from "
        "(the source), which is made available under the ODC Attribution License”, with a link to "
        "it. Notices of the licence stay with copies.",
    ),
    "CC-BY-4.0": Licence(
        "Creative Commons Attribution 4.0 International",
        "https://creativecommons.org/licenses/by/4.0/",
        _ANY_USE,
        "Name the source and the licence, with links, and say what was changed.",
    ),
    "MIT": Licence(
        "MIT License",
        "https://opensource.org/license/mit",
        _ANY_USE,
        "The copyright notice and the text of the licence go with copies.",
    ),
    "other-pd": Licence(
        "Public domain",
        "",
        _ANY_USE,
        f"Nothing. {_SOURCE}",
    ),
    "notspecified": Licence(
        "No licence stated",
        "",
        "Nothing is granted in words. What the tables hold are figures and short facts, not the "
        "publishers' texts; whether those may be used freely is a matter of each country's law.",
        "Name the source; ask its publisher before files are passed on as they are.",
    ),
}
"""By name, the most open first."""
