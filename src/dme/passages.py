"""What pages say of the study whose claims are known, and what they say of any other.

Prose may hold passages about one study alone, its claims and its plan:

    The peers are <!--claims-->nine cities<!--else the districts that the study names-->.

The words between the marks stand on the pages of a study that the claims speak of, of their
district at their time; every other study has the words inside the second mark in their place, if
there are any. Both marks are comments of HTML, so that whoever reads the notebook or the page's
source sees the first.
"""

import re

_PASSAGE = re.compile(r"<!--claims-->(.*?)<!--else\b(.*?)-->", re.DOTALL)


def told(text: str, *, claimed: bool) -> str:
    """Return a text with the words of each passage that the study's pages show.

    Parameters
    ----------
    text : str
        Markdown, or a line of it.
    claimed : bool
        Whether the study is one that the claims speak of (`Yardstick.speak_of`).
    """
    return _PASSAGE.sub(lambda found: found[1] if claimed else found[2].strip(), text)
