"""What the running camera says of itself."""

from device.finding import Finding, fault, note, well
from device.protocol import State
from device.rig import Rig


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
        return fault(
            "service",
            "The camera is installed but does not answer: journalctl -u mcam-capture tells why; "
            "sudo systemctl start mcam.target starts it.",
        )
    if state.message:
        return note("service", f"The camera runs and says: {state.message}")
    sensor = state.sensor
    return well(
        "service",
        f"The camera runs: {sensor.model}, {sensor.bits} bit ({sensor.raw_format}), "
        f"{sensor.frames_per_s:.3g} frames/s.",
    )
