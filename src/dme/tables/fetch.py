"""Fetch the publishers' raw files from their addresses, each known again by its checksum."""

from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pooch
import requests

from dme.tables.refusal import TableError
from dme.tables.sources import Source

Tell = Callable[[str, int, int], None]
_SHOWN = 5
_SECONDS = 30
_BLOCK = 1 << 16
_LARGEST = 500_000_000


def cache() -> Path:
    """Return the folder in which fetched files are kept for the next time."""
    return Path(pooch.os_cache("dme")) / "raw"


def fetchable(source: Source) -> bool:
    """Return whether the file stands at its address just as it was read.

    A file that was typed by hand or cut from another stands nowhere else.
    """
    return source.kind == "verbatim"


def fetch(sources: Mapping[str, Source], folder: Path, tell: Tell) -> tuple[str, ...]:
    """Fetch the raw files that are not in `folder` yet.

    Parameters
    ----------
    sources : mapping of str to Source
        The raw files by id.
    folder : Path
        Where they are kept, under the paths that the sources name.
    tell : callable
        Called with a source's id, the number of files had so far, and of all to be had.

    Returns
    -------
    tuple of str
        Ids of the sources that can't be fetched: typed by hand, or cut from another file.

    Raises
    ------
    TableError
        If a file can't be fetched or is not the one described. Those that came are kept, so
        that the next call goes on from there.
    """
    wanted = {name: source for name, source in sources.items() if fetchable(source)}
    failed: dict[str, str] = {}
    for number, (name, source) in enumerate(wanted.items(), start=1):
        tell(name, number, len(wanted))
        path = folder / source.file
        if path.is_file() and source.digest_in(folder) == source.sha256:
            continue
        try:
            _retrieve(source, path)
        except (requests.RequestException, OSError, ValueError, TableError) as error:
            # ValueError is how pooch tells of another checksum.
            failed[name] = f"{source.address}\n    {_reason(error)}"
    if failed:
        raise _refusal(failed, len(wanted), folder)
    return tuple(name for name, one in sources.items() if name not in wanted and not one.ours)


def _retrieve(source: Source, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pooch.retrieve(
        source.address,
        known_hash=f"sha256:{source.sha256}",
        fname=path.name,
        path=path.parent,
        downloader=_download,
    )


def _download(address: str, file: str, _: pooch.Pooch) -> None:
    """Write what stands at an address into a file, as far as it is trusted.

    Raises
    ------
    TableError
        If it is larger than any raw file, or led away from the scheme of its address.
    """
    with (
        requests.get(address, stream=True, timeout=_SECONDS) as answer,
        Path(file).open("wb") as out,
    ):
        answer.raise_for_status()
        for step in (*answer.history, answer):
            if urlsplit(step.url).scheme != urlsplit(address).scheme:
                message = f"the address leads on to {step.url}, by another scheme"
                raise TableError(message)
        for block in answer.iter_content(_BLOCK):
            if out.tell() + len(block) > _LARGEST:
                message = f"the file is larger than {_LARGEST:,} bytes, which no raw file is"
                raise TableError(message)
            out.write(block)


def _reason(error: Exception) -> str:
    if isinstance(error, ValueError) and "hash" in str(error).lower():
        return "the file at this address is not the one described: its sha256 is another"
    return str(error) if isinstance(error, TableError) else f"{type(error).__name__}: {error}"


def _refusal(failed: Mapping[str, str], wanted: int, folder: Path) -> TableError:
    lines = [f"  {name}: {said}" for name, said in list(failed.items())[:_SHOWN]]
    if len(failed) > _SHOWN:
        lines.append(f"  +{len(failed) - _SHOWN} more")
    return TableError(
        "\n".join(
            [
                f"{len(failed)} of {wanted} raw files could not be fetched:",
                *lines,
                f"Those that came are kept in {folder}. Try again, or give a folder that holds "
                "the files: dme data build --raw DIR. The tables stand as they were.",
            ]
        )
    )
