"""One truth: what the viewfinder said at the press, what `mcam inspect` says of the DNG, and a slow count of its RAW.

Through the whole camera: simulated sensor, stream, meter and ring; press, darkroom and a DNG on the card; LibRaw.
"""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
import rawpy

from device import dial_rules, files, inspection, meter
from device.clock import SteppedClock
from device.frame import CHANNELS, Cfa, Exposure, Levels, Reading
from device.photograph import Photograph
from device.planned_faults import Faults
from device.preview import PreviewFrame, PreviewReader
from device.sensor import Setting
from device.sensor_replay import ReplaySensor
from device.stored_raw import inspect_file
from device.tiff import Bytes
from tests import reference_meter
from tests.small_sensor import SMALL
from tests.test_camera import Rig
from tests.test_stream import Simulated

Shot = tuple[PreviewFrame, Path]


@pytest.fixture(scope="module", params=[0.0, 3.0, -6.0], ids=["as metered", "burnt out", "dark"])
def shot(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shot]:
    """What the ring held of the frame that a press got, and the DNG that became of it."""
    folder = tmp_path_factory.mktemp("camera")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rig, "finish", encoded)
        running = Simulated(folder, Faults(), always=True)
        running.camera.facts = SMALL.facts
        running.sensor.turn(2.0, 2.8, request.param)
        for key, value in {"mode": "M", "shutter_us": 9000, "auto_iso": False, "iso": 200}.items():
            running.camera.dial(lambda now, key=key, value=value: dial_rules.changed(now, f"exposure.{key}", value))
        running.see(8)
        yield shown_and_stored(running, folder)


def encoded(rig: Rig, photograph: Photograph) -> Iterator[tuple[str, list[Bytes]]]:
    rig.taken.append(photograph)
    yield from files.encode(photograph, None)


def shown_and_stored(running: Simulated, folder: Path) -> Shot:
    """One frame after the other, and of each what a viewfinder finds in the ring."""
    reader, shown = PreviewReader(folder / "preview"), {}
    (saved,) = running.camera.press(running.clock.now_ns())
    while not saved.done():
        running.see(1)
        view = reader.newest()
        assert view is not None
        shown[view.frame] = view
        running.rig.save_all()
    dng = folder / "card" / "DCIM" / saved.result().files[0]
    return shown[running.rig.taken[0].frame.sequence], dng


def test_inspect_says_what_the_viewfinder_said_at_the_press(shot: Shot) -> None:
    view, dng = shot
    figures, _ = inspect_file(dng, None, None, "800x480")
    reading = view.reading
    assert figures["clipped_share"] == {
        c: round(float(s), 6) for c, s in zip(CHANNELS, reading.clipped_share, strict=True)
    }
    assert figures["headroom_ev"] == round(reading.headroom_ev, 3)
    assert figures["noise_floor_ev"] == round(reading.noise_floor_ev, 3)
    assert figures["spot_ev"] == round(reading.spot_ev, 3)
    assert figures["focus_score"] == round(reading.focus_score, 3)


def test_every_reading_of_the_stored_dng_is_that_of_the_press_bit_for_bit(shot: Shot) -> None:
    """But the map that peaking goes by: a live picture's is of the last frames together (`device/steady_detail.py`)."""
    view, dng = shot
    sensor = ReplaySensor(dng, SteppedClock(), buffers=4, preview_max=(90, 120))
    sensor.start(Setting.ARMED, Exposure(9000, 2.0))
    frame = sensor.wait(1.0)
    assert frame is not None
    stored = meter.read(frame)
    for name in (field.name for field in fields(Reading) if field.name != "focus"):
        np.testing.assert_array_equal(getattr(stored, name), getattr(view.reading, name), err_msg=name)
    np.testing.assert_array_equal(inspection.maps(frame)["ev_histogram"], view.reading.histogram)


def test_a_slow_count_of_what_libraw_finds_in_the_dng_gives_the_viewfinders_figures(shot: Shot) -> None:
    view, dng = shot
    with rawpy.imread(str(dng)) as file:
        raw = file.raw_image_visible.copy()
        levels = Levels(tuple(map(float, file.black_level_per_channel)), int(file.white_level))  # type: ignore[arg-type]
        cfa = Cfa("".join("RGBG"[file.raw_pattern[i, j]] for i in (0, 1) for j in (0, 1)))
    reading = view.reading
    shares = reference_meter.clipped_share(raw, cfa, levels.white)
    assert reading.clipped_share == pytest.approx(shares, abs=1e-6)  # asked for: 0.01 %
    assert reading.headroom_ev == pytest.approx(reference_meter.headroom_ev(raw, cfa, levels), abs=1e-6)
    assert reading.spot_ev == pytest.approx(reference_meter.spot_ev(raw, cfa, levels), abs=1e-4)
    counts = reference_meter.linear_histogram(raw, cfa, 12)
    assert reading.histogram.sum(axis=1) == pytest.approx(counts.sum(axis=1))
    assert reading.histogram[:, -9:].sum(axis=1) == pytest.approx(brighter_than(counts, levels, -9 / 8), abs=0.6)


def brighter_than(counts: np.ndarray[tuple[int, int], np.dtype[np.int64]], levels: Levels, ev: float) -> list[float]:
    """Photosites of each channel above so many EV, a value's own spread evenly over one DN."""
    found = []
    for channel, black in enumerate(levels.black):
        edge = black + (levels.white - black) * 2**ev
        whole = int(np.floor(edge + 0.5))
        found.append(float(counts[channel, whole + 1 :].sum() + counts[channel, whole] * (whole + 0.5 - edge)))
    return found
