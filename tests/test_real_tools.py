"""The tools on RAW of real cameras, a Canon's and a Nikon's: figures against slow counts, and every panel drawn.

The photographs may not be passed on, so the golden pictures show only what the tools laid over them, on grey; the whole
panels were looked at.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image

from device import isp, magnifier, meter
from device.clock import SteppedClock
from device.face_states import ViewState
from device.frame import Cfa, Exposure, Frame, Levels
from device.noise import estimate
from device.preview import PreviewFrame
from device.sensor import Setting
from device.sensor_facts import IMX477
from device.sensor_replay import ReplaySensor
from tests import reference_meter
from tests.conftest import build_frame
from tests.synthetic_view import synthetic_state
from ui.layout import fitted_picture, layout_of
from ui.state import Seen
from ui.viewfinder import Viewfinder

COLOUR = IMX477.facts.colour  # the mosaics' own colours do not matter here
PART = np.s_[200:360, 240:480]


def canon(data: Path) -> Frame:
    sensor = ReplaySensor(data / "canon550d_colorchart.dng", SteppedClock(), buffers=4, preview_max=(768, 1024))
    sensor.start(Setting.ARMED, Exposure(10_000, 1.0))
    frame = sensor.wait(1.0)
    assert frame is not None
    return frame.copied()


def nikon(data: Path) -> Frame:
    """14 bits in two bytes each, black about 600; the file has no header to say more."""
    raw = np.fromfile(data / "d810_768x512_rggb14_u16.raw", "<u2").reshape(512, 768)
    levels = Levels((600.0,) * 4, 16383)
    preview = isp.render(raw, Cfa.RGGB, levels, (0.5, 1.0, 0.7), COLOUR, (256, 384))
    noise = estimate(raw, Cfa.RGGB, levels)
    return build_frame(raw, bits=14, cfa=Cfa.RGGB, levels=levels, noise=noise, preview=preview)


@pytest.fixture(scope="module", params=[canon, nikon])
def frame(request: pytest.FixtureRequest, data: Path) -> Frame:
    read: Callable[[Path], Frame] = request.param
    return read(data)


def test_the_figures_are_those_of_slow_counts(frame: Frame) -> None:
    raw = np.ascontiguousarray(frame.raw[PART])
    reading = meter.read(replace(frame, raw=raw))
    shares = reference_meter.clipped_share(raw, frame.cfa, frame.levels.white)
    assert reading.clipped_share == pytest.approx(shares, abs=1e-6)
    assert reading.headroom_ev == pytest.approx(reference_meter.headroom_ev(raw, frame.cfa, frame.levels), abs=1e-6)
    assert reading.spot_ev == pytest.approx(reference_meter.spot_ev(raw, frame.cfa, frame.levels), abs=1e-3)
    exact = reference_meter.cell_ev(raw, frame.cfa, frame.levels)
    off_ev = exact - (reading.stops / 16 - 14)
    lit = exact > -14
    assert lit.mean() > 0.9
    assert (off_ev[lit] > -0.002).all()
    assert (off_ev[lit] < 1 / 16 + 0.002).all()


def test_more_light_by_the_headroom_clips_a_thousandth(frame: Frame) -> None:
    """What the figure promises, tried: the RAW is made brighter by so many stops, and counted.

    The Nikon's is clipped already, so it is made darker before.
    """
    if meter.read(frame).headroom_ev == 0:
        frame = replace(frame, raw=((frame.raw - 600.0).clip(0) / 4 + 600).astype(np.uint16))
    reading = meter.read(frame)
    assert 0 < reading.headroom_ev < 6
    black = np.array(frame.levels.black)[frame.cfa.pattern]
    shares = []
    for stops in (reading.headroom_ev - 0.02, reading.headroom_ev + 0.02):
        brighter = [
            (frame.raw[i::2, j::2] - black[i, j]) * 2**stops + black[i, j] >= frame.levels.white
            for i in (0, 1)
            for j in (0, 1)
        ]
        shares.append(max(float(clipped.mean()) for clipped in brighter))
    assert shares[0] <= 0.001 <= shares[1]


def viewed(frame: Frame, shown: ViewState) -> PreviewFrame:
    window = magnifier.window_of(frame, shown, (480, 640))
    rows, columns = frame.raw.shape
    return PreviewFrame(
        number=1,
        frame=1,
        sensor_timestamp_ns=0,
        exposure=frame.exposure,
        raw_size=(rows, columns),
        bits=frame.bits,
        preview=frame.preview,
        reading=meter.read(frame, window),
        magnified=None if window is None else magnifier.cut(frame, COLOUR, window),
    )


@pytest.mark.parametrize("size", [(800, 480), (240, 240)])
@pytest.mark.parametrize(
    "tool",
    [
        {"false_colour": True}, {"zebra_level": 80, "underexposure": True}, {"waveform": "luma"}, {"waveform": "rgb"},
        {"spot": True}, {"magnifier": True}, {"magnifier": True, "split": True, "magnification": 2},
        {"grid": True, "centre": True, "aspect": "3:2", "frame_lines": True},
    ],
    ids="-".join,
)  # fmt: skip
def test_every_tool_draws_on_the_picture_and_nowhere_else(
    frame: Frame, tool: dict[str, object], size: tuple[int, int]
) -> None:
    shown, plain = ViewState(**tool), ViewState()  # type: ignore[arg-type]
    view = viewed(frame, shown)
    panels = [Viewfinder(size).draw(Seen(camera=synthetic_state(view=state)), view).copy() for state in (shown, plain)]
    layout = layout_of(size, shown)
    picture = fitted_picture(layout.picture, frame.preview.y.shape)
    changed = (panels[0] != panels[1]).any(axis=-1)
    region = layout.picture if "magnifier" in tool or "waveform" in tool or "false_colour" in tool else picture
    assert changed[region.top : region.bottom, region.left : region.right].any()
    changed[region.top : region.bottom, region.left : region.right] = False
    assert not changed.any()


BARE = ViewState(peaking=False, zebra=False, histogram=False, focus_meter=False)
LAID_OVER: dict[str, dict[str, object]] = {
    "peaking": {"peaking": True},
    "clipped": {"zebra": True},
    "level-and-dark": {"zebra_level": 80, "underexposure": True},
    "histogram": {"histogram": True},
    "spot": {"spot": True},
    "waveform": {"waveform": "rgb"},
}
GREY = (64, 64, 64)
DARK = 72  # below it lies what shines through a panel of the photograph


@pytest.mark.parametrize("size", [(800, 480), (480, 800), (240, 240)])
@pytest.mark.parametrize("tool", LAID_OVER)
def test_golden_of_what_a_tool_lays_over_the_photograph(
    frame: Frame, tool: str, size: tuple[int, int], golden: Callable[[str, Image.Image], None]
) -> None:
    panels = []
    for shown in (msgspec.structs.replace(BARE, **LAID_OVER[tool]), BARE):
        seen = Seen(camera=synthetic_state(view=shown))
        panels.append(Viewfinder(size).draw(seen, viewed(frame, shown))[..., 2::-1].copy())
    changed = (panels[0] != panels[1]).any(axis=-1, keepdims=True)
    if tool == "clipped":  # nothing is in the Canon's
        assert changed.any() == (frame.raw >= frame.levels.white).any()
    drawn = np.where(panels[0].max(axis=-1, keepdims=True) < DARK, np.uint8(0), panels[0])
    maker = "nikon" if frame.raw.shape == (512, 768) else "canon"
    golden(f"real-{maker}-{tool}-{size[0]}x{size[1]}", Image.fromarray(np.where(changed, drawn, np.uint8(GREY))))
