"""Each of the viewfinder's tools on the simulated scene, as a panel of 800 x 480 and as one of 240 x 240."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from device import magnifier, meter
from device.clock import SteppedClock
from device.face_states import ViewState
from device.frame import Exposure, Frame
from device.preview import PreviewFrame, PreviewReader, PreviewWriter, Sizes
from device.sensor import Setting
from device.sensor_facts import IMX477
from device.sensor_simulated import SimulatedSensor
from device.states import ExposureState
from device.tilt import Tilt
from tests import reference_meter
from tests.test_simulated_panels import STATE
from ui.false_colour import COLOURS
from ui.state import Seen
from ui.viewfinder import Viewfinder

SIZES = ((800, 480), (240, 240))
QUIET = {"peaking": False, "zebra": False, "focus_meter": False}
TOOLS: dict[str, dict[str, object]] = {
    "zebra-level": {"zebra_level": 80, "zebra": True},
    "underexposure": {"underexposure": True},
    "false-colour": {"false_colour": True},
    "waveform-luma": {"waveform": "luma", "zebra_level": 90},
    "waveform-rgb": {"waveform": "rgb"},
    "spot": {"spot": True},
    "guides": {"grid": True, "centre": True, "frame_lines": True, "aspect": "3:2"},
    "ghost-and-level": {"ghost": True, "level": True},
    "magnifier": {"magnifier": True, "magnifier_x": 0.32, "peaking": True, "focus_meter": True},
    "magnifier-twice": {"magnifier": True, "magnification": 2, "magnifier_x": 0.66, "spot": True},
    "magnifier-split": {"magnifier": True, "split": True, "magnifier_x": 0.32, "peaking": True},
}
EXPOSURES = {"underexposure": Exposure(600, 16.0)}  # a dark frame at a high gain; the others are as metered
Look = Callable[[Exposure], tuple[Frame, PreviewFrame]]


@pytest.fixture(scope="module")
def look(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Look]:
    """The scene with the star in focus, and what the viewfinder gets of it."""
    path = tmp_path_factory.mktemp("ring") / "preview"
    frames: dict[Exposure, tuple[Frame, PreviewFrame]] = {}

    def looked(exposure: Exposure) -> tuple[Frame, PreviewFrame]:
        if exposure not in frames:
            sensor = SimulatedSensor(SteppedClock())
            sensor.turn(2.0, 2.8, -6.0 if exposure.gain > 1 else 0.0)
            sensor.start(Setting.SMOOTH, exposure)
            frame = sensor.wait(1.0)
            assert frame is not None
            writer.publish(frame, meter.read(frame))
            view = PreviewReader(path).newest()
            assert view is not None
            frames[exposure] = (frame.copied(), view)
        return frames[exposure]

    with PreviewWriter(path, Sizes.for_sensor(3040, 4056, (768, 1024))) as writer:
        yield looked


def magnified(frame: Frame, view: PreviewFrame, size: tuple[int, int], **shown: object) -> PreviewFrame:
    """With the window that the stream would cut, where the magnifier is in, as large as the panel's picture."""
    rows = 480 if size == (800, 480) else 180
    window = magnifier.window_of(frame, ViewState(**shown), (rows, rows * 4 // 3))  # type: ignore[arg-type]
    if window is None:
        return view
    cut = magnifier.cut(frame, IMX477.facts.colour, window)
    return replace(view, magnified=cut, reading=meter.read(frame, window))


def lone_tree(folder: str, name: str, size: tuple[int, int]) -> NDArray[np.uint8]:  # noqa: ARG001 - as ghosts are asked for
    """In place of the last photograph: a dark triangle on a light ground."""
    drawn = Image.new("RGB", size, (230, 225, 210))
    columns, rows = size
    ImageDraw.Draw(drawn).polygon(
        [(columns * 0.3, rows), (columns * 0.45, rows * 0.2), (columns * 0.6, rows)], (30, 50, 30)
    )
    return np.dstack([np.asarray(drawn), np.full((rows, columns), 255, np.uint8)])


def panel(view: PreviewFrame, size: tuple[int, int], **shown: object) -> NDArray[np.uint8]:
    """In RGB, with those tools on."""
    exposed = ExposureState(f_number=2.8, shutter_us=view.exposure.exposure_us, iso=view.exposure.iso)
    state = msgspec.structs.replace(STATE, exposure=exposed, view=ViewState(**{**QUIET, **shown}))  # type: ignore[arg-type]
    score = view.reading.focus_score
    short = msgspec.structs.replace(STATE.lens, name="Heliar-Hyper-Wide 10 mm f/5.6", focal_length_mm=10.0)
    state = msgspec.structs.replace(state, lens=short) if shown.get("frame_lines") else state
    seen = Seen(camera=state, focus_score=score, focus_peak=score, tilt=Tilt(2.3, -4.0))
    return Viewfinder(size, ghosts=lone_tree).draw(seen, view)[:, :, 2::-1].copy()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("tool", TOOLS)
def test_the_golden_panel_of_each_tool(
    tool: str, size: tuple[int, int], look: Look, golden: Callable[..., None]
) -> None:
    frame, view = look(EXPOSURES.get(tool, Exposure(4_500, 1.0)))
    drawn = panel(magnified(frame, view, size, **TOOLS[tool]), size, **TOOLS[tool])
    golden(f"tool-{tool}-{size[0]}x{size[1]}", Image.fromarray(drawn), loose=True)


PART = np.s_[760:920, 1280:1480]  # of the mosaic: the colour chart, and the wall behind


def on_panel(drawn: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The pixels in the middle of the cells of PART, on a panel that the picture of 1014 x 760 fills."""
    rows, columns = ((np.arange(place.start + 4, place.stop, 8) / 2).astype(int) for place in PART)
    return drawn[rows[:, None], columns]


def test_false_colour_shows_what_a_slow_count_of_the_raw_says(look: Look) -> None:
    frame, view = look(Exposure(4_500, 1.0))
    exact = reference_meter.cell_ev(frame.raw[PART], frame.cfa, frame.levels)
    shown = on_panel(panel(view, (1014, 760), false_colour=True, info="clean"))
    from_grey = exact - np.log2(0.18)
    sure = np.abs(from_grey % 1 - 0.5) > 0.07  # a step of Reading.stops from where one colour ends
    expected = np.array([[COLOURS[min(max(round(ev), -7), 2)] for ev in row] for row in from_grey])
    assert sure.mean() > 0.7
    assert len(np.unique(expected[sure], axis=0)) >= 5
    np.testing.assert_array_equal(shown[sure], expected[sure])


def test_dots_lie_where_a_slow_count_of_the_raw_finds_less_than_the_noise(look: Look) -> None:
    frame, view = look(EXPOSURES["underexposure"])
    exact = reference_meter.cell_ev(frame.raw[PART], frame.cfa, frame.levels)
    with_dots, without = (panel(view, (1014, 760), underexposure=on, info="clean") for on in (True, False))
    dotted = (with_dots != without).any(axis=-1)
    rows, columns = (slice(place.start // 2, place.stop // 2) for place in PART)
    cells = dotted[rows, columns].reshape(20, 4, 25, 4).any(axis=(1, 3))
    dark = exact < meter.noise_floor_ev(frame.levels, frame.noise) + 1 / 16  # as fine as Reading.stops is
    assert 0.1 < dark.mean() < 0.9
    assert not (cells & ~dark).any()
    assert cells.sum() / dark.sum() > 0.1  # a cell of 4 x 4 pixels may lie between dots
