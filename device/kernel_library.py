"""The shared library of compiled kernels: where it lies, for which machine it is, and whether it is whole."""

import ctypes
import os
import platform
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

try:
    from _blake2 import blake2b  # hashlib would load OpenSSL with it: 3.5 MB in every process
except ImportError:  # a Python that was built with OpenSSL's digests alone
    from hashlib import blake2b

FOLDER = "MCAM_KERNELS"  # in the environment: where the library is instead of beside this package

_CPU_INFO = Path("/proc/cpuinfo")
_CPU_FIELDS = ("model name", "flags", "CPU implementer", "CPU variant", "CPU part", "Features")
_DIGEST_BYTES = 16


class Library:
    """What of the kernels is compiled.

    Attributes:
        path: of the file, whether it is there or not.
        state: a phrase for the log, of why a kernel is not in it.
    """

    def __init__(self, path: Path, loaded: ctypes.CDLL | None, state: str) -> None:
        self.path, self._loaded, self.state = path, loaded, state
        self._logged = False

    def function(self, symbol: str) -> Any | None:  # noqa: ANN401 - ctypes has no type for it
        """A function of it, or None."""
        return getattr(self._loaded, symbol, None)

    def log_once(self) -> None:
        """That kernels are missing: a service's journal is told; in a terminal it is no news, and nothing is wrong."""
        if not self._logged:
            import logging  # noqa: PLC0415 - half a megabyte, which the viewfinder has no other use for

            level = logging.WARNING if "JOURNAL_STREAM" in os.environ else logging.INFO
            logging.getLogger(__name__).log(level, "%s: numba compiles kernels as they are called.", self.state)
        self._logged = True


@lru_cache(maxsize=1)
def library() -> Library:
    """This machine's, loaded once."""
    return load(library_path())


def library_path() -> Path:
    """Where this machine's library is, or would be: named after processor and Python, as a card moves between Pis."""
    folder = os.environ.get(FOLDER)
    place = Path(folder) if folder else Path(__file__).parent / "compiled"
    machine = digest(f"{sys.implementation.cache_tag} {_processor()}".encode(), 8)
    return place / f"kernels-{machine.hex()}.so"


def load(path: Path) -> Library:
    """Whatever is wrong with the file, there is an answer: a library without kernels that says what."""
    try:
        content = path.read_bytes()
    except OSError:
        return Library(path, None, "There are no kernels compiled for this machine ('make kernels' does that)")
    if not _is_whole(content):
        return Library(path, None, f"{path} is damaged ('make kernels' makes it anew)")
    try:
        loaded = ctypes.CDLL(str(path))
    except OSError as error:
        return Library(path, None, f"{path} cannot be loaded ({error}; 'make kernels' makes it anew)")
    return Library(path, loaded, f"{path} is older than the kernels ('make kernels' makes it anew)")


def is_current(path: Path, symbols: list[str]) -> bool:
    """Whether a whole library with all these functions lies there; it is only read, not loaded."""
    try:
        content = path.read_bytes()
    except OSError:
        return False
    return _is_whole(content) and all(symbol.encode() in content for symbol in symbols)


def signed(content: bytes) -> bytes:
    """With a digest at the end, where the loader does not look: a library that is cut off would end the process."""
    return content + digest(content, _DIGEST_BYTES)


def _is_whole(content: bytes) -> bool:
    """Without a copy of it, which would stay in the process as room that nobody needs again."""
    behind = memoryview(content)[-_DIGEST_BYTES:]
    return digest(memoryview(content)[:-_DIGEST_BYTES], _DIGEST_BYTES) == behind


def digest(content: bytes | memoryview, size: int) -> bytes:
    """So many bytes that tell this content from any other."""
    return blake2b(content, digest_size=size).digest()


def _processor() -> str:
    """What tells this kind of processor from others that its machine code might not run on."""
    try:
        lines = _CPU_INFO.read_text().partition("\n\n")[0].splitlines()
    except OSError:
        lines = []
    return "\n".join([platform.machine(), *(line for line in lines if line.startswith(_CPU_FIELDS))])
