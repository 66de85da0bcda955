"""A path as a person writes it in the settings or on the command line. Wherever it leads, it is no error yet."""

import os
from pathlib import Path


def at_home(path: str | Path) -> Path:
    """With the home of a user in the place of ~ or ~name; as it is where there is no such user."""
    return Path(os.path.expanduser(path))  # noqa: PTH111 - pathlib's raises for an unknown user


def followed(path: str | Path) -> Path:
    """The same, absolute and without links; links that lead in a circle stay, as does what is too long to be there."""
    return Path(os.path.realpath(at_home(path)))
