"""What the tests of several notebooks' evidence share."""

import pytest

from dme.evidence.place import place


@pytest.fixture(scope="module")
def of(tables):
    """Return a function to what a module presents of a study, from the test module's ``tables``."""

    def evidence(module, asked):
        return module.evidence(tables, asked, place(asked, tables["districts"]))

    return evidence
