"""`mcam inspect`: a stored RAW measured by the meter and drawn by the viewfinder."""

import math
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

from device import inspection, meter, runtime
from device.clock import SteppedClock
from device.errors import BadValue
from device.frame import Exposure, Frame, SensorFacts
from device.preview import PreviewWriter, Sizes
from device.sensor import Granted, Setting
from device.sensor_replay import ReplaySensor


def inspect_file(path: Path, png: Path | None, maps: Path | None, size: str) -> tuple[dict[str, object], str]:
    """`mcam inspect`: the figures of a stored RAW for programs and for people, and what else was asked for.

    Raises:
        BadPicture, NoCamera, MissingPackage: the file cannot be read, and why.
        BadValue: an output cannot be written, or would be written over the RAW.
    """
    clock = SteppedClock()
    sensor = ReplaySensor(path, clock, buffers=4, preview_max=(768, 1024))
    granted = sensor.start(Setting.ARMED, Exposure(10_000, 1.0))
    frame = sensor.wait(math.inf)
    assert frame is not None  # noqa: S101 - a stepped clock waits as long as it takes
    _spare(path, maps, "--maps")
    _spare(path, png, "--png")
    figures = inspection.inspect(frame)
    if maps is not None:
        inspection.save_maps(frame, maps)
    if png is not None:
        _draw(frame, sensor.facts, granted, size, png)
    sensor.close()
    return inspection.as_json(figures), inspection.as_text(figures)


def _spare(raw: Path, out: Path | None, option: str) -> None:
    """An output that is the RAW itself, by whatever name or link, would be the end of a photograph."""
    try:
        is_raw = out is not None and out.samefile(raw)
    except OSError:  # nothing is there yet, or nothing can be: who writes says so
        is_raw = False
    if is_raw:
        raise BadValue(f"{out} is the RAW itself: give another place for {option}.")


def _draw(frame: Frame, facts: SensorFacts, granted: Granted, size: str, png: Path) -> None:
    """Have the viewfinder draw one frame: it is another package, so it is another process."""
    with tempfile.TemporaryDirectory(prefix="mcam-") as folder:
        ring, state = Path(folder) / runtime.RING, Path(folder) / "state.json"
        with PreviewWriter(ring, Sizes.for_sensor(granted.height, granted.width, frame.preview.y.shape)) as writer:
            writer.publish(frame, meter.read(frame))
            state.write_bytes(msgspec.json.encode(inspection.state_of(frame, facts, granted)))
            options = ["--once", "--ring", str(ring), "--state", str(state), "--size", size, "--png", str(png)]
            drawn = subprocess.run(
                [sys.executable, "-m", "ui", *options], stderr=subprocess.PIPE, text=True, check=False
            )
    if drawn.returncode:  # without a word where the system ended it
        end = f"The viewfinder ended before it drew {png} ({drawn.returncode}): try again with more memory free."
        raise BadValue(drawn.stderr.strip().removeprefix("mcam: ") or end)
