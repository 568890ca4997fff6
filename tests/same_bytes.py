"""Surroundings that tell of a user and a machine, other processors, and what is told by bytes."""

import base64
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
from PIL import Image

USER = "zenobia-quill"
FORBIDDEN = re.compile(rb"zenobia|ozymandias", re.IGNORECASE)
"""What stands in the names of all folders, users and hosts that a test makes up."""

# The kernels that OpenBLAS and NumPy would choose on a processor of 2008.
NEHALEM = {
    "OPENBLAS_CORETYPE": "Nehalem",
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
}


def surroundings(folder: Path) -> dict[str, str]:
    """Return another user's variables of the environment, whose folders lie in `folder`."""
    home, temporary = folder / USER, folder / "ozymandias-tmp"
    for place in (home, temporary):
        place.mkdir(parents=True, exist_ok=True)
    # What tells two users apart, and what a program might put things in order by.
    return {
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "USER": USER,
        "LOGNAME": USER,
        "HOSTNAME": "ozymandias-4",
        "TZ": "Asia/Tokyo",
        "LANG": "C",
        "PYTHONHASHSEED": "77",
    }


def processor(told: dict[str, str]) -> dict[str, str]:
    """Return what chooses a processor's kernels, without what this NumPy does not know of."""
    from numpy._core._multiarray_umath import __cpu_dispatch__

    known = [one for one in told["NPY_DISABLE_CPU_FEATURES"].split() if one in __cpu_dispatch__]
    return told | {"NPY_DISABLE_CPU_FEATURES": " ".join(known)}


def files(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder with their bytes."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def told(content: bytes) -> Iterator[bytes]:
    """Yield a file's bytes, and what is packed in them: pictures' texts, archives, tables."""
    yield content
    if content.startswith(b"\x89PNG"):
        yield repr(Image.open(io.BytesIO(content)).info).encode()
    elif content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                yield repr(member).encode()
                yield from told(archive.read(member))
    elif content.startswith(b"PAR1"):
        table = pq.read_table(io.BytesIO(content))
        yield repr((table.schema.metadata, table.to_pydict())).encode()
    elif content.startswith(b"{"):
        for cell in json.loads(content).get("cells", []):
            for output in cell.get("outputs", []):
                if picture := output.get("data", {}).get("image/png"):
                    yield from told(base64.b64decode("".join(picture)))


def traces(folder: Path) -> list[str]:
    """Return the files that tell of whom or where they were made by, with what they tell."""
    return [
        f"{name}: {found[0].decode()}"
        for name, content in files(folder).items()
        for part in told(content)
        if (found := FORBIDDEN.search(part))
    ]
