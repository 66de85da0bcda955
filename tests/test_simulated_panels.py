"""The chain from photons to panel: what the tools paint on the simulated scene is what is there."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from device import meter
from device.clock import SteppedClock
from device.face_states import ViewState
from device.frame import Exposure, Frame
from device.preview import PreviewFrame, PreviewReader, PreviewWriter, Sizes
from device.sensor import Setting
from device.sensor_simulated import SimulatedSensor
from device.states import CardStatus, ExposureState, LensState, SensorState, State
from tests import reference_meter
from ui.state import Seen
from ui.viewfinder import Viewfinder

PANEL = (800, 480)
PICTURE = np.s_[:, :640]  # where the live view is on that panel
# (rows, columns) on the panel of what stands at each distance.
THINGS = {
    0.7: (np.s_[335:450, 60:200], np.s_[320:400, 495:635]),  # the lens and the lavender
    2.0: (np.s_[197:305, 160:260], np.s_[210:305, 406:545]),  # the star and the colour chart
    math.inf: (np.s_[192:268, 276:382],),  # the house
}
STATE = State(
    camera="live",
    sensor=SensorState(model="IMX477", width=2028, height=1520, bits=12, raw_format="SBGGR12", crop_factor=5.51),
    exposure=ExposureState(f_number=2.8, shutter_us=4_500),
    lens=LensState(name="Summicron-M 35 mm f/2 ASPH", focal_length_mm=35.0),
    card=CardStatus(folder="card", shots_left=412),
)


@pytest.fixture(scope="module")
def seen_at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[float], tuple[Frame, PreviewFrame]]]:
    """The first frame with the focus ring at a distance, and what the viewfinder gets of it."""
    path = tmp_path_factory.mktemp("ring") / "preview"
    frames: dict[float, tuple[Frame, PreviewFrame]] = {}

    def look(focus_m: float) -> tuple[Frame, PreviewFrame]:
        if focus_m not in frames:
            sensor = SimulatedSensor(SteppedClock())
            sensor.turn(focus_m, 2.8, None)
            sensor.start(Setting.SMOOTH, Exposure(4_500, 1.0))
            frame = sensor.wait(1.0)
            assert frame is not None
            writer.publish(frame, meter.read(frame))
            view = PreviewReader(path).newest()
            assert view is not None
            frames[focus_m] = (frame.copied(), view)
        return frames[focus_m]

    with PreviewWriter(path, Sizes.for_sensor(3040, 4056, (768, 1024))) as writer:
        yield look


def panel(view: PreviewFrame, **shown: bool) -> NDArray[np.uint8]:
    """The panel in RGB, with those tools on or off."""
    state = msgspec.structs.replace(STATE, view=ViewState(**shown))  # type: ignore[arg-type]
    seen = Seen(camera=state, focus_score=view.reading.focus_score, focus_peak=view.reading.focus_score)
    return Viewfinder(PANEL).draw(seen, view)[:, :, 2::-1].copy()


def painted(view: PreviewFrame, tool: str) -> NDArray[np.bool_]:
    """Where a tool paints the picture, by drawing with it and without."""
    others = {"peaking": False, "zebra": False}
    with_it, without = panel(view, **{**others, tool: True}), panel(view, **others)
    return np.asarray((with_it != without).any(axis=-1)[PICTURE])


@pytest.mark.parametrize(("focus_m", "name"), [(0.7, "near"), (2.0, "middle"), (math.inf, "far")])
def test_the_golden_panels_of_three_focus_distances(
    seen_at: Callable[[float], tuple[Frame, PreviewFrame]], golden: Callable[..., None], focus_m: float, name: str
) -> None:
    _, view = seen_at(focus_m)
    golden(f"simulated-{name}", Image.fromarray(panel(view)), loose=True)


@pytest.mark.parametrize("focus_m", THINGS)
def test_peaking_moves_with_the_plane_of_focus(
    seen_at: Callable[[float], tuple[Frame, PreviewFrame]], focus_m: float
) -> None:
    marks = painted(seen_at(focus_m)[1], "peaking")
    share = {distance: min(marks[place].mean() for place in places) for distance, places in THINGS.items()}
    elsewhere = {
        distance: max(marks[place].mean() for place in places)
        for distance, places in THINGS.items()
        if distance != focus_m
    }
    assert share[focus_m] > 0.05, share
    assert max(elsewhere.values()) < 0.002, elsewhere


def test_zebra_lies_on_what_is_clipped_in_raw_and_nowhere_else(
    seen_at: Callable[[float], tuple[Frame, PreviewFrame]],
) -> None:
    frame, view = seen_at(2.0)
    stripes = painted(view, "zebra")
    clipped = (frame.raw[:1520, :2028] >= frame.levels.white).reshape(760, 2, 1014, 2).any(axis=(1, 3))
    on_panel = np.asarray(Image.fromarray(clipped).resize((640, 480), Image.Resampling.BOX).convert("L")) > 0
    near = grown(on_panel, 2)
    assert stripes.sum() > 300
    assert not (stripes & ~near).any(), "stripes where nothing is clipped"
    assert (grown(stripes, 8) | ~on_panel).all(), "clipped without stripes"


def grown(mask: NDArray[np.bool_], pixels: int) -> NDArray[np.bool_]:
    """The mask and everything within that many pixels of it."""
    out = mask.copy()
    for row in range(-pixels, pixels + 1):
        for column in range(-pixels, pixels + 1):
            out |= np.roll(mask, (row, column), (0, 1))
    return out


def test_the_histogram_agrees_with_counting_photosites_one_by_one(
    seen_at: Callable[[float], tuple[Frame, PreviewFrame]],
) -> None:
    """On a corner that holds sky, sun and shade; the slow count goes photosite by photosite."""
    frame, _ = seen_at(2.0)
    corner = frame.raw[200:320, 1500:1640]
    reading = meter.read(replace(frame, raw=np.ascontiguousarray(corner)))
    slow = reference_meter.ev_histogram(corner, frame.cfa, frame.levels)
    np.testing.assert_allclose(reading.histogram, slow, atol=0.02)
    assert reading.histogram[:, -1].sum() > 100  # the sun is among them


def test_a_frame_without_anything_in_focus_is_not_painted(tmp_path: Path) -> None:
    sensor = SimulatedSensor(SteppedClock())
    sensor.turn(0.5, 2.0, None)  # nearer than anything in the scene
    sensor.start(Setting.SMOOTH, Exposure(2_000, 1.0))
    frame = sensor.wait(1.0)
    assert frame is not None
    with PreviewWriter(tmp_path / "preview", Sizes.for_sensor(3040, 4056, (768, 1024))) as writer:
        writer.publish(frame, meter.read(frame))
        view = PreviewReader(tmp_path / "preview").newest()
    assert view is not None
    assert painted(view, "peaking").mean() <= 0.0005
