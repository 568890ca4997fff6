"""What is said of Hartford, its study and its plan, and belongs on no other district's page."""

import re

_WORDS = re.compile(
    r"Hartford|\bHPSD?\b|\bCREC\b|\bERS\b|Education Resource Strategies|District Model|\bDME\b|"
    r"North End(?! Middle School)|Capitol|[Cc]onnecticut's capital|Milner|Rawson|Sheff|"
    r"nine cities|four zones|2017-18 resource study|the plan that followed|\b[Tt]he claims?\b"
)
_OTHERS = re.compile(r"(East|New|West) Hartford|Hartford (County|region)")
"""Other towns, and what its neighbors lie in too."""

# Where its name is right on any page. Each yardstick that is not the district's own says whose it
# is; that the tables of other districts' schools don't tell stands in their names.
_RIGHT = re.compile(
    "|".join(
        (
            # Whose methods a study without claims follows.
            r"by the methods of a study of Hartford, Connecticut",
            # Whose contract says how large a class may be: no table has the district's own.
            r"(?:those of )?Hartford's (?:teachers|class-size maxima|maxima)",
            # How this project is to be cited, and is called.
            r"A District Model for Excellence, recomputed",
            r"[Tt]he authors of the District Model for Excellence repository",
        )
    )
)


def told_of_hartford(text: str) -> list[str]:
    """Return what a text says of Hartford that is not right on any page, with its neighborhood."""
    rest = _RIGHT.sub("", _OTHERS.sub("", " ".join(text.replace("’", "'").split())))
    return [rest[max(0, m.start() - 60) : m.end() + 60] for m in _WORDS.finditer(rest)]
