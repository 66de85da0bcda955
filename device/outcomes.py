"""What became of photographs and card, told to whoever waits for it and to every client."""

from collections.abc import Callable

from device.camera import Camera
from device.card_watch import Recovered
from device.errors import NotDeveloped
from device.outcome import Failed, NotPrinted, Saved, Told
from device.photograph import Photograph
from device.protocol import Event, Photo
from device.recording import Filmed

CLOCK_BACK_S = 1.0  # less is a clock being corrected


class Outcomes:
    """Takes what the darkroom says.

    Args:
        camera: whose presses wait for their photographs.
        tell: hands an event to every client.
    """

    def __init__(self, camera: Camera, tell: Callable[[Event], None]) -> None:
        self._camera, self._tell = camera, tell
        self._newest_wall_ns = 0

    def report(self, told: Told) -> None:
        """What the darkroom has to say, to whoever waits for the photograph and to every client."""
        if isinstance(told, Saved):
            photo = _photo(told)
            self._camera.developed(told.photograph, photo)
            self._tell(Event(kind="saved", photo=photo))
            self._mind_clock(told.photograph)
        elif isinstance(told, Failed):
            self._camera.developed(told.photograph, NotDeveloped(told.sentence))
            self._tell(Event(kind="failed", text=told.sentence))
        elif isinstance(told, Filmed):
            self._camera.refresh()
            self._tell(Event(kind="filmed", text=_said(told)))
        elif isinstance(told, NotPrinted):
            self._tell(Event(kind="failed", text=told.sentence))
        elif isinstance(told, Recovered):
            self._tell(Event(kind="recovered", text=", ".join(told.files)))
        else:
            self._camera.refresh()

    def _mind_clock(self, taken: Photograph) -> None:
        """Numbers follow the order of the photographs, dates the clock: say so where the two part."""
        back_s = (self._newest_wall_ns - taken.wall_ns) / 1e9
        self._newest_wall_ns = taken.wall_ns
        if back_s > CLOCK_BACK_S:
            amount = f"{back_s / 3600:.1f} hours" if back_s >= 3600 else f"{back_s:.0f} seconds"
            sentence = f"The clock went back by {amount}: numbers go on, but this photograph is dated before the last."
            self._tell(Event(kind="warning", text=sentence))


def _said(clip: Filmed) -> str:
    lost = f", {clip.lost} missing" if clip.lost else ""
    return f"{clip.reel or 'No clip'}: {clip.frames} frames{lost}. {clip.sentence}".rstrip()


def _photo(saved: Saved) -> Photo:
    taken = saved.photograph
    return Photo(
        name=saved.name,
        files=list(saved.files),
        exposure_us=taken.frame.exposure.exposure_us,
        iso=taken.iso,
        taken_at=taken.taken_at.isoformat(timespec="milliseconds"),
        press_offset_us=taken.press_offset_ns // 1000,
    )
