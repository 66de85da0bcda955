"""The camera stack's tuning, for a lens that is not the one it was made with."""

import json
import logging
import re
from collections.abc import Callable
from typing import Any

Tuning = dict[str, Any]
SHADING = "rpi.alsc"  # adaptive lens shading correction
_STRING_OR_TRAILING_COMMA = re.compile(r'("(?:\\.|[^"\\])*")|,(?=\s*[\]}])')

_log = logging.getLogger(__name__)


def for_adapted_lens(model: str, load: Callable[[str], Tuning]) -> Tuning | None:
    """The tuning of a sensor without the shading of the lens it was calibrated with.

    That table brightens the corners by up to 1.64 on an IMX477, which is wrong behind a Leica M lens. It changes the
    preview and the stack's statistics, never the RAW.

    Args:
        model: the stack's name of the sensor, "imx477".
        load: reads a tuning file by its name; raises RuntimeError where there is none.

    Returns:
        None, the stack's default, where there is no file that can be read.
    """
    try:
        return without_shading(_loaded(f"{model}.json", load))
    except (RuntimeError, OSError, json.JSONDecodeError) as fault:
        _log.warning("The preview keeps the shading of another lens: no tuning to change for %s (%s).", model, fault)
        return None


def _loaded(name: str, load: Callable[[str], Tuning]) -> Tuning:
    """As libcamera reads it, whose parser is one for YAML: pisp/imx283.json has a comma that JSON does not allow."""
    try:
        return load(name)
    except json.JSONDecodeError as fault:
        tuning: Tuning = json.loads(_STRING_OR_TRAILING_COMMA.sub(lambda found: found[1] or "", fault.doc))
        return tuning


def without_shading(tuning: Tuning) -> Tuning:
    """The same without `SHADING`: version 1 names algorithms by key, later ones list them."""
    if "algorithms" not in tuning:
        return {key: value for key, value in tuning.items() if key != SHADING}
    return {**tuning, "algorithms": [each for each in tuning["algorithms"] if SHADING not in each]}
