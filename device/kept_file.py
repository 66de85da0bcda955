"""What of the settings is kept between one run and the next, as a file of the state folder."""

from pathlib import Path

import msgspec

from device.dials import Value
from device.errors import NotKept

FILE = "settings.json"
ASIDE = "settings.damaged.json"
LONGEST = 1 << 20  # bytes; an honest one is a thousandth of it

Values = dict[str, Value]


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is kept: the settings that differ from mcam.toml, and presets, all by the settings' keys."""

    settings: Values = {}
    presets: dict[str, Values] = {}


def encoded(kept: Kept) -> bytes:
    """As a file of lines that a person can read."""
    return msgspec.json.format(msgspec.json.encode(kept)) + b"\n"


def load(path: Path) -> tuple[Kept, str]:
    """What a file keeps, and a sentence to be told when it is not what was expected.

    Nothing, where there is no file. A file that cannot be understood is moved aside rather than overwritten.
    """
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(LONGEST), type=Kept), ""
    except FileNotFoundError:
        return Kept(), ""
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Kept(), _moved_aside(path)
    except OSError as error:
        return Kept(), f"The settings kept in {path} cannot be read ({error.strerror}): mcam.toml's are used."


def remove(path: Path) -> bool:
    """Forget everything; whether there was something.

    Raises:
        NotKept: it cannot be removed.
    """
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise NotKept(f"{path} cannot be removed ({error.strerror}): remove it as its owner.") from error
    return True


def _moved_aside(path: Path) -> str:
    aside = path.with_name(ASIDE)
    try:
        path.replace(aside)
    except OSError as error:
        return f"The settings kept in {path} are damaged and cannot be moved aside ({error.strerror})."
    return f"The kept settings were damaged: they are in {aside} now, and mcam.toml's are used."
