"""What goes wrong with a simulated camera, when a test wants it."""

from dataclasses import dataclass

from tests.libcamera_sim.control_ids import ControlId


@dataclass
class Faults:
    """A test sets them at any time."""

    stalled: bool = False  # the sensor sends nothing: a loose cable
    cancels: int = 0  # so many requests more are cancelled, as after libcamera's own timeout
    failed_frames: int = 0  # so many requests more complete with a frame in error
    loses_controls: int = 0  # so many requests more arrive without their controls
    refuses_memory: bool = False  # libcamera itself finds none when configured
    refuses_requests: bool = False  # the device went away: queueing fails
    mute: frozenset[ControlId] = frozenset()  # not in the metadata
