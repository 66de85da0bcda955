"""Everything that can go wrong, a sentence each that says what to do.

One root, so that the edges (command line, socket) can answer any of them; each also is the built-in kind it
resembles. Imports nothing, so that everything may import it.
"""

EXIT_FAILED = 2  # a process that said in one McamError's sentence what somebody has to do first, as argparse has it
EXIT_CAMERA_LOST = 75  # EX_TEMPFAIL of sysexits.h: starting again may help


class McamError(Exception):
    """The root. `str()` is one sentence for the person holding the camera."""


class BadConfig(McamError, ValueError):
    """mcam.toml, or what the command line says instead, has faults; all of them are listed."""

    def __init__(self, faults: list[str], source: str = "mcam.toml") -> None:
        super().__init__(f"{source} has to be mended:\n" + "\n".join(f"  {fault}" for fault in faults))
        self.faults = faults


class BadValue(McamError, ValueError):
    """A value outside what the setting allows."""


class NoCamera(McamError, OSError):
    """No sensor to start."""


class CameraLost(McamError, OSError):
    """The sensor stopped answering or was unplugged."""


class LossyRaw(McamError, ValueError):
    """The stack granted a format that throws levels away."""

    def __init__(self, raw_format: str) -> None:
        super().__init__(
            f"The camera grants only {raw_format}, which is lossy, where mcam asked for unpacked RAW: update picamera2 "
            "and libcamera."
        )


class UnknownRawFormat(McamError, ValueError):
    """A delivery format nobody taught us."""


class BadPicture(McamError, ValueError):
    """A file that is not a picture we can use, or only half of one."""


class NotSimulated(McamError, RuntimeError):
    """Something only the simulated lens can do."""

    def __init__(self) -> None:
        super().__init__("This lens is real: turn its rings by hand.")


class NotKept(McamError, OSError):
    """Settings that cannot be kept for the next run."""


class NoPins(McamError, OSError):
    """The GPIO pins of the buttons cannot be used."""


class Busy(McamError, RuntimeError):
    """The darkroom's queue is full; what is in it is safe."""

    def __init__(self) -> None:
        super().__init__("The card is still writing, and no more photographs can wait: press again in a moment.")


class NotReady(McamError, RuntimeError):
    """The camera cannot take a picture now."""


class NotAllTaken(McamError, RuntimeError):
    """Of several photographs not all were taken; these are safe, and those of a burst that was begun may be."""

    def __init__(self, safe: int, asked: int, last: str, reason: str) -> None:
        super().__init__(f"At least {safe} of {asked} photographs are safe on the card, up to {last}: {reason}")


class NoRaw(NotReady):
    """A photograph was asked of a camera whose stack gives only a picture for the screen."""

    def __init__(self) -> None:
        super().__init__(
            "This camera gives no RAW, so it can be looked through but takes no photographs: connect one of Raspberry "
            "Pi's own, or another whose sensor mcam knows."
        )


class BadGrey(McamError, ValueError):
    """Nothing to balance white by."""


class NotDeveloped(McamError, RuntimeError):
    """No file, or not every file, could be made of a photograph."""


class CardMissing(McamError, FileNotFoundError):
    """No card where there should be one."""


class CardReadOnly(McamError, PermissionError):
    """A card that cannot be written."""


class Protected(McamError, PermissionError):
    """A photograph that must not be deleted."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is protected: take the protection away first.")


class CardFull(McamError, OSError):
    """No room for another picture."""


class NoScreen(McamError, OSError):
    """A panel that is not there, or that we cannot draw on."""


class RuntimeFolderFull(McamError, OSError):
    """The folder in which the processes meet takes no more pictures for the viewfinder or the page."""


class AlreadyRunning(McamError, RuntimeError):
    """A second daemon on the same runtime folder."""


class NotRunning(McamError, ConnectionError):
    """No daemon answers."""


class CallFailed(McamError, RuntimeError):
    """The daemon refused a call; the sentence is its own."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.name = name  # "Busy", "CardFault", ...: an error of the protocol's interface


class AddressInUse(McamError, OSError):
    """Somebody else listens there."""


class MissingPackage(McamError, ImportError):
    """An optional package is needed for this."""


class BadMessage(McamError, ValueError):
    """A message on the socket that is none of ours."""


class CannotBuild(McamError):
    """Kernels could not be compiled ahead of time; numba compiles them when they are called."""
