"""In which points the simulated libcamera is not as the real one, a sentence each. Pure."""

from collections.abc import Mapping

from tests.libcamera.names import Told

# The simulated hardware itself and its planned faults: what a test or the bench asks for, and never picamera2.
SIMULATED_ONLY = frozenset(
    {
        *("Camera.acquired", "Camera.delivered", "Camera.faults", "Camera.lost_frames", "Camera.name"),
        *("Camera.next_ns", "Camera.run_until", "Camera.starts", "StreamConfiguration.role"),
        *("CameraManager.complete", "CameraManager.current", "CameraManager.poisoned", "CameraManager.taken"),
        *("FrameBuffer.written", "Request.asked", "Request.end"),
    }
)
# Built only for a Pi, so that Debian's library has none of it.
OF_A_PI = frozenset({"controls.rpi", "controls.rpi.StatsOutputEnable"})


def differences(simulated: Mapping[str, Told], real: Mapping[str, Told | None]) -> list[str]:
    """What the real module lacks or has otherwise.

    Args:
        simulated: every name of the simulated one.
        real: what the real one has under each of these.
    """
    names = sorted(set(simulated) - SIMULATED_ONLY - OF_A_PI)
    found = [_difference(name, simulated[name], real[name]) for name in names]
    return [sentence for sentence in found if sentence] + _outdated(simulated, real)


def _difference(name: str, ours: Told, theirs: Told | None) -> str:
    if theirs is None:
        return f"libcamera has no {name}, which the simulated one has."
    if ours["is"] != theirs["is"]:
        return f"{name} is simulated as: {ours['is']}; in libcamera it is: {theirs['is']}."
    if ours.get("value") != theirs.get("value"):
        return f"{name} is simulated as {ours['value']}; in libcamera it is {theirs['value']}."
    refused = sorted(set(ours.get("takes", [])) - set(theirs.get("takes", [])))
    return f"{name} takes {refused} arguments only where it is simulated." if refused else ""


def _outdated(simulated: Mapping[str, Told], real: Mapping[str, Told | None]) -> list[str]:
    """Exceptions that are none: they would hide a mistake."""
    excepted = sorted(SIMULATED_ONLY | OF_A_PI)
    gone = [f"{name} is excepted and not simulated any more." for name in excepted if name not in simulated]
    there = [f"{name} is excepted, and libcamera has it." for name in excepted if real.get(name) is not None]
    return gone + there
