"""What the running camera says of itself."""

from device.errors import NoRaw
from device.finding import Finding, fault, note, well
from device.rig import Rig
from device.runtime import LAST_WORDS
from device.states import State

LOSSY = "PISP_COMP"  # as libcamera names what a Pi 5 compresses with loss


def service(rig: Rig, state: State | None) -> Finding | None:
    """Whether it runs where it was installed, and what the sensor granted.

    Args:
        rig: the machine.
        state: what the daemon answered; None if none did.
    """
    if state is None:
        if not rig.has("etc/systemd/system/mcam-capture.service"):
            return None
        if rig.has("run/mcam") and not rig.system.may_enter(rig.path("run/mcam")):
            return note(
                "service",
                "You may not talk to the camera: sudo usermod -aG mcam $USER, then log in again; or use sudo.",
            )
        if said := rig.text("run/mcam/" + LAST_WORDS):
            return fault("raw" if LOSSY in said else "service", f"The camera does not run, and last said: {said}")
        return fault(
            "service",
            "The camera is installed but does not answer: journalctl -u mcam-capture tells why; "
            "sudo systemctl start mcam.target starts it.",
        )
    if state.message:
        return note("service", f"The camera runs and says: {state.message}")
    return well("service", f"The camera runs: {state.sensor.model}, {state.sensor.frames_per_s:.3g} frames/s.")


def granted(state: State | None) -> Finding | None:
    """That RAW is what the sensor gave, as the camera runs with no other; or that there is none."""
    if state is not None and state.sensor.width and not state.sensor.bits:
        return note("raw", str(NoRaw()))
    if state is None or not state.sensor.raw_format:
        return None
    return well("raw", f"Every level is kept: {state.sensor.bits} bit ({state.sensor.raw_format}).")
