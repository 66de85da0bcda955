"""The preview ring: the newest previews with their readings, laid by the daemon for its clients to see."""

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
import numpy as np
from msgspec.structs import astuple
from numpy.typing import NDArray

from device.frame import FOCUS_CELL, HISTOGRAM_BINS, Exposure, Frame, LiveFrame, Preview, Reading, Source
from device.ring import Content, RingReader, RingWriter
from device.window import Magnified, Window

MAGIC = 0x4D43414D52494E47  # "MCAMRING"
SLOTS = 4  # one being written, one newest, two for slow readers

_HEAD = np.dtype(
    [
        ("frame", "<u8"),
        ("sensor_timestamp_ns", "<i8"),
        ("ended_ns", "<i8"),
        ("exposure_us", "<i8"),
        ("gain", "<f8"),
        ("measured", "<u4", 2),  # rows, columns
        ("bits", "<u4"),  # of the RAW, 0 without
        ("luma", "<u4"),  # 1: what was measured is the preview's luma
        ("picture", "<u4", 2),
        ("focus", "<u4", 2),
        ("clipped", "<u4", 2),
        ("review", "<u4"),  # number of a photograph that is looked at, 0: it is the live view
        ("spare", "<u4"),
        ("window", "<u4", 4),  # top, left, rows, columns; no rows: there is none
        ("focus_score", "<f8"),
        ("noise_floor_ev", "<f8"),
        ("headroom_ev", "<f8"),
        ("spot_ev", "<f8"),
        ("clipped_share", "<f4", 4),
        ("mean", "<f4", 4),
        ("histogram", "<f4", (4, HISTOGRAM_BINS)),
    ]
)


class Sizes(msgspec.Struct, frozen=True):
    """The largest of each plane that a ring must hold, as (rows, columns)."""

    picture: tuple[int, int]
    focus: tuple[int, int]
    clipped: tuple[int, int]
    window: tuple[int, int] = (0, 0)

    @classmethod
    def for_sensor(cls, rows: int, columns: int, picture: tuple[int, int], window: tuple[int, int] = (0, 0)) -> "Sizes":
        """For a sensor of that full size, previews of at most that picture and magnified windows of at most that."""
        return cls(picture, (rows // FOCUS_CELL, columns // FOCUS_CELL), picture, window)

    @property
    def plane_bytes(self) -> int:
        """Bytes of all planes of one slot."""
        pixels = int(np.prod(self.picture))
        magnified = int(np.prod(self.window)) * 7 // 4
        return pixels * 3 // 2 + int(np.prod(self.focus)) * 5 + int(np.prod(self.clipped)) + magnified


@dataclass(frozen=True, slots=True, eq=False)
class PreviewFrame:
    """One frame as a client sees it: the picture, what the meter said, and of which exposure.

    Without RAW, as `reading.source` tells, `raw_size` is the preview's own and `bits` 0.
    """

    number: int  # of the publication, from 1; `frame` is the sensor's own and may begin anywhere
    frame: int
    sensor_timestamp_ns: int
    exposure: Exposure
    raw_size: tuple[int, int]
    bits: int
    preview: Preview
    reading: Reading
    magnified: Magnified | None = None
    ended_ns: int = 0  # when the last row was read, where that is known; else the timestamp
    review: int = 0  # of a photograph that is looked at, as `ReviewState.picture` tells it; 0: it is the live view


class PreviewWriter:
    """The daemon's side. Makes the file new, so that readers of an older ring notice (`PreviewReader.stale`).

    So it does when a frame is larger than the ring was made for.
    """

    def __init__(self, path: Path, sizes: Sizes) -> None:
        self._path, self._room = path, sizes.plane_bytes
        self._ring = self._made()

    def publish(
        self,
        frame: LiveFrame,
        reading: Reading,
        magnified: Magnified | None = None,
        readout_us: int = 0,
        review: int = 0,
    ) -> None:
        """Lay a frame's preview, reading and magnified window into the oldest slot and name it the newest.

        Args:
            frame: with its preview.
            reading: of it.
            magnified: the magnifier's window, where one is open.
            readout_us: from its timestamp until its last row is read.
            review: the number of a photograph that is looked at.
        """
        head, planes = np.zeros(1, _HEAD), _planes(frame.preview, reading, magnified)
        _fill(head, frame, reading, magnified)
        head["ended_ns"], head["review"] = frame.sensor_timestamp_ns + 1000 * readout_us, review
        needed = sum(plane.nbytes for plane in planes)
        if needed > self._room:
            self._room = needed
            self._ring = self._made()
        self._ring.publish([head, *planes])

    def _made(self) -> RingWriter:
        return RingWriter(self._path, MAGIC, SLOTS, _HEAD.itemsize + self._room)

    def close(self) -> None:
        """Remove the file; readers keep what they mapped."""
        self._ring.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()


class PreviewReader:
    """A client's side.

    Raises:
        NotRunning: there is no ring at that path, or none of ours.
    """

    def __init__(self, path: Path) -> None:
        self._ring = RingReader(path, MAGIC, f"No camera runs at {path.parent}: start one with mcam run.")

    def stale(self) -> bool:
        """True once the daemon is gone or made another ring: open a new reader then."""
        return self._ring.stale()

    def newest(self, after: int = 0) -> PreviewFrame | None:
        """The newest frame, or None when it is the one whose `number` is `after` (0: none seen yet)."""
        found = self._ring.newest(after)
        return None if found is None else _view(found[0], *_taken(found[1]))


def _fill(head: NDArray[np.void], frame: LiveFrame, reading: Reading, magnified: Magnified | None) -> None:
    head["frame"] = frame.sequence
    head["sensor_timestamp_ns"] = frame.sensor_timestamp_ns
    head["exposure_us"], head["gain"] = frame.exposure.exposure_us, frame.exposure.gain
    head["measured"], head["luma"] = frame.measured, reading.source is Source.LUMA
    head["bits"] = frame.bits if isinstance(frame, Frame) else 0
    head["picture"] = frame.preview.y.shape
    head["focus"], head["clipped"] = reading.focus.shape, reading.clipped.shape
    head["focus_score"], head["noise_floor_ev"] = reading.focus_score, reading.noise_floor_ev
    head["headroom_ev"], head["spot_ev"] = reading.headroom_ev, reading.spot_ev
    head["clipped_share"], head["mean"] = reading.clipped_share, reading.mean
    head["histogram"] = reading.histogram
    head["window"] = astuple(magnified.window) if magnified else 0


def _planes(preview: Preview, reading: Reading, magnified: Magnified | None) -> list[NDArray[np.uint8]]:
    """Focus first: it is the one that needs alignment, and the header's size is a multiple of 8."""
    focus = np.ascontiguousarray(reading.focus, np.float32).view(np.uint8)
    planes = [focus, preview.y, preview.u, preview.v, reading.clipped, reading.stops]
    if magnified is None:
        return planes
    picture = magnified.picture
    return [*planes, picture.y, picture.u, picture.v, magnified.clipped]


def _taken(content: Content) -> tuple[np.void, list[NDArray[np.uint8]]]:
    """The head and each plane, where they lie."""
    head = content[: _HEAD.itemsize].view(_HEAD)[0]
    rows, columns = (int(n) for n in head["picture"])
    focus_rows, focus_columns = (int(n) for n in head["focus"])
    half = (rows // 2, columns // 2)
    clipped = tuple(int(n) for n in head["clipped"])
    cells = (focus_rows, focus_columns)
    shapes = [(focus_rows, focus_columns * 4), (rows, columns), half, half, clipped, cells]
    _, _, *window = (int(n) for n in head["window"])
    quads = (window[0] // 2, window[1] // 2)
    shapes += [(window[0], window[1]), quads, quads, quads] if window[0] else []
    planes = []
    start = _HEAD.itemsize
    for shape in shapes:
        size = shape[0] * shape[1]
        planes.append(content[start : start + size].reshape(shape))
        start += size
    return head, planes


def _view(number: int, head: np.void, planes: list[NDArray[np.uint8]]) -> PreviewFrame:
    focus, y, u, v, clipped, stops, *window = planes
    reading = Reading(
        histogram=head["histogram"],
        clipped_share=head["clipped_share"],
        mean=head["mean"],
        focus=focus.view(np.float32),
        clipped=clipped,
        focus_score=float(head["focus_score"]),
        noise_floor_ev=float(head["noise_floor_ev"]),
        headroom_ev=float(head["headroom_ev"]),
        stops=stops,
        spot_ev=float(head["spot_ev"]),
        source=Source.LUMA if head["luma"] else Source.RAW,
    )
    return PreviewFrame(
        number=number,
        frame=int(head["frame"]),
        sensor_timestamp_ns=int(head["sensor_timestamp_ns"]),
        exposure=Exposure(int(head["exposure_us"]), float(head["gain"])),
        raw_size=(int(head["measured"][0]), int(head["measured"][1])),
        bits=int(head["bits"]),
        preview=Preview(y, u, v),
        reading=reading,
        magnified=_magnified(head, window),
        ended_ns=int(head["ended_ns"]),
        review=int(head["review"]),
    )


def _magnified(head: np.void, planes: list[NDArray[np.uint8]]) -> Magnified | None:
    if not planes:
        return None
    y, u, v, clipped = planes
    return Magnified(Window(*(int(n) for n in head["window"])), Preview(y, u, v), clipped)
