"""A TOML file of a person, read: what is wrong with it is said with the place where it is."""

import tomllib
from pathlib import Path
from typing import Any

from device.errors import BadConfig


def read(path: Path) -> dict[str, Any]:
    """What stands in it.

    Raises:
        BadConfig: it cannot be read, or is no TOML.
    """
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as fault:
        raise BadConfig([_located(fault)], str(path)) from None
    except UnicodeDecodeError:
        raise BadConfig(["It is not a text in UTF-8: save it as one."], str(path)) from None
    except (ValueError, RecursionError):  # an integer of thousands of digits; brackets nested a thousand deep
        raise BadConfig(["It holds a value that is too long or nested too deep to be a setting."], str(path)) from None
    except OSError as fault:
        raise BadConfig([f"It cannot be read ({fault.strerror}): name another with --config."], str(path)) from None


def _located(fault: tomllib.TOMLDecodeError) -> str:
    sentence, _, place = str(fault).removesuffix(")").rpartition(" (at ")
    return f"{place[:1].upper()}{place[1:]}: {sentence[:1].lower()}{sentence[1:]}."
