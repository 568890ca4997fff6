"""Import jsonschema, which nbformat and papermill need, without its dearest part.

jsonschema looks for `rfc3987_syntax` to check strings of the format ``iri``, and that package
compiles grammars while it is imported: more than all of papermill takes. No schema of a notebook
has such a string. Imported first, this module lets jsonschema find no such package; without it
that one format goes unchecked, as it does wherever the package is not installed.
"""

import sys

_GRAMMARS = "rfc3987_syntax"

if _GRAMMARS not in sys.modules and "jsonschema" not in sys.modules:
    # None makes an import fail as if there were no such package.
    sys.modules[_GRAMMARS] = None  # type: ignore[assignment]
    try:
        import jsonschema  # noqa: F401
    finally:
        del sys.modules[_GRAMMARS]
