"""Why a camera cannot be had, as a sentence that says what to do: what the stack says is a chain of exceptions."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

from device.errors import McamError, NoCamera

NOT_FOUND = (
    "No camera was found: with the power off, see that its cable sits straight at both ends and the right way round; "
    "then that /boot/firmware/config.txt has camera_auto_detect=1, or for a board of another maker its dtoverlay."
)
NO_MEMORY = (
    "The camera's frames do not fit into contiguous memory: end other programs that use the screen or the camera, or "
    "write dtoverlay=vc4-kms-v3d,cma-512 into /boot/firmware/config.txt and restart."
)


def unknown(model: str, known: list[str]) -> NoCamera:
    """A sensor whose facts nobody wrote down."""
    return NoCamera(
        f"mcam has no facts about the camera {model!r}: use one with {', '.join(known[:-1])} or {known[-1]}."
    )


def refusal(error: BaseException, proc: Path = Path("/proc")) -> McamError:
    """The sentence for what the stack raised while the camera was opened or configured."""
    if isinstance(error, McamError):
        return error
    said = " ".join(str(each) for each in _chain(error))
    if out_of_memory(error):
        return NoCamera(NO_MEMORY)
    if "busy" in said.lower():
        return NoCamera(f"The camera is used by {_named(holders(proc))}: end that first.")
    if "dmaHeap" in said or "ermission denied" in said:
        return NoCamera("This user may not use the camera: sudo usermod -aG video $USER, then log in again.")
    return NoCamera(f"The camera cannot be used: {said or type(error).__name__}. See what rpicam-hello says of it.")


def out_of_memory(error: BaseException) -> bool:
    """Whether it is, or was caused by, a lack of memory for frames."""
    return any(
        getattr(each, "errno", None) == errno.ENOMEM or os.strerror(errno.ENOMEM) in str(each) for each in _chain(error)
    )


def holders(proc: Path = Path("/proc")) -> list[str]:
    """Name and number of other processes that have a camera's device open, as far as we may know."""
    return [
        f"{(folder / 'comm').read_text().strip()} (process {folder.name})"
        for folder in sorted(proc.glob("[0-9]*"))
        if folder.name != str(os.getpid()) and any(name.startswith("/dev/media") for name in _open_files(folder))
    ]


def _open_files(folder: Path) -> Iterator[str]:
    try:
        links = list((folder / "fd").iterdir())
    except OSError:  # another user's, or gone
        return
    for link in links:
        try:
            yield str(link.readlink())
        except OSError:
            continue


def _named(programs: list[str]) -> str:
    return " and ".join(programs) or "another program"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
