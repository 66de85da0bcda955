"""Exposures added up: against obvious arithmetic, against one exposure of the same length, and what moves meanwhile."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from device.exposure_sum import ExposureSum
from device.frame import QUANTISATION_DN2, Cfa, Exposure, Frame, Levels, Noise
from device.photon_noise import PhotonNoise, Response
from device.summed import Summed
from tests.conftest import build_frame

S = 1_000_000_000
GAP_NS = 628_000  # of an IMX477: 22 lines
WHITE = 4095


def exposed(raw: NDArray[np.uint16], number: int, **changes: object) -> Frame:
    """The number-th of exposures of a second, each so much later that the sensor's rows are read."""
    end_ns = 10 * S + number * (S + GAP_NS) + S
    values = {"sequence": number, "sensor_timestamp_ns": end_ns, "exposure": Exposure(1_000_000, 1.0), **changes}
    return build_frame(raw, **values)


def added(frames: list[Frame]) -> tuple[Frame, Summed]:
    total = ExposureSum(frames[0])
    for frame in frames[1:]:
        assert total.add(frame)
    return total.finished()


@pytest.mark.parametrize("cfa", list(Cfa))
def test_it_is_the_sum_of_what_lies_above_black_and_white_stays_white(cfa: Cfa) -> None:
    random = np.random.default_rng(3)
    mosaics = random.integers(0, 900, (5, 21, 34)).astype(np.uint16)
    mosaics[1, 3, 4] = WHITE
    black = (256.0, 250.25, 251.5, 262.75)
    frame, _ = added([exposed(raw, i, cfa=cfa, levels=Levels(black, WHITE)) for i, raw in enumerate(mosaics)])
    of_channel = np.array(black)[cfa.pattern[np.arange(21)[:, None] & 1, np.arange(34) & 1]]
    wanted = (mosaics - of_channel).sum(0)
    told = np.array(frame.levels.black)[cfa.pattern[np.arange(21)[:, None] & 1, np.arange(34) & 1]]
    clipped = wanted + of_channel >= WHITE - 1
    clipped[3, 4] = True
    np.testing.assert_allclose((frame.raw - told)[~clipped], np.maximum(wanted, -told)[~clipped], atol=1e-9)
    assert (frame.raw[clipped] >= WHITE - 1).all()
    assert frame.raw[3, 4] == frame.raw.max() == frame.levels.white


def test_one_exposure_is_its_own_sum_bit_for_bit() -> None:
    raw = np.random.default_rng(4).integers(0, 4096, (20, 30)).astype(np.uint16)
    alone = exposed(raw, 0)
    frame, summed = added([alone])
    np.testing.assert_array_equal(frame.raw, raw)
    assert (frame.levels, frame.noise, frame.exposure) == (alone.levels, alone.noise, alone.exposure)
    assert summed == Summed(1, 0, S, 0)


def test_nothing_of_a_lent_frame_is_kept() -> None:
    raws = np.full((3, 8, 8), 300, np.uint16)
    total = ExposureSum(exposed(raws[0], 0))
    total.add(exposed(raws[1], 1))
    raws[:] = 0  # the sensor uses its buffers again
    frame, _ = total.finished()
    assert (frame.raw == 344).all()
    assert not any(np.shares_memory(frame.raw, raw) for raw in raws)


def test_the_exposure_is_that_of_all_and_begins_with_the_first() -> None:
    frame, summed = added([exposed(np.full((8, 8), 300, np.uint16), i) for i in range(60)])
    assert frame.exposure == Exposure(60_000_000, 1.0)
    assert frame.exposure_start_ns == 10 * S
    assert (summed.frames, summed.lost, summed.dark_ns) == (60, 0, 59 * GAP_NS)
    assert summed.dark_share == pytest.approx(0.000617, rel=0.01)


def test_what_is_missing_is_counted_by_the_time_it_should_have_taken() -> None:
    frames = [exposed(np.full((8, 8), 300, np.uint16), i) for i in (0, 1, 2, 4, 5, 9)]
    frame, summed = added(frames)
    assert (summed.frames, summed.lost) == (6, 1 + 3)
    assert frame.exposure.exposure_us == 6_000_000
    assert summed.dark_ns == 4 * S + 9 * GAP_NS


@pytest.mark.parametrize(
    "other",
    [
        {"exposure": Exposure(900_000, 1.0)},
        {"exposure": Exposure(1_000_000, 1.1)},
        {"exposure": Exposure(0, 0.0)},
        {"sensor_timestamp_ns": 11 * S},  # no later than the one before
    ],
)
def test_a_frame_that_is_exposed_otherwise_or_not_later_is_left_out_and_counts_as_missing(
    other: dict[str, object],
) -> None:
    raw = np.full((8, 8), 300, np.uint16)
    total = ExposureSum(exposed(raw, 0))
    assert not total.add(exposed(raw, 1, **other))
    assert total.add(exposed(raw, 2))
    frame, summed = total.finished()
    assert (summed.frames, summed.lost) == (2, 1)
    assert (frame.raw == 256 + 2 * 44).all()


def test_a_frame_of_another_size_is_left_out() -> None:
    total = ExposureSum(exposed(np.full((8, 8), 300, np.uint16), 0))
    assert not total.add(exposed(np.full((4, 4), 300, np.uint16), 1))


# ---- beside one exposure of the same length --------------------------------------------------------------------------

COUNT = 16
STEPS = (0.0, 2.0, 20.0, 400.0, 1900.0, 3700.0, 3900.0, 8000.0)  # DN of signal in all; the last two clip


@pytest.mark.parametrize("gain", [1.0, 16.0])
def test_means_noise_and_clipping_agree_with_one_long_exposure_at_every_brightness(gain: float) -> None:
    noise = Noise(0.47 * gain, 2.34 if gain == 1 else 132.0)
    source = PhotonNoise(8)
    light = np.repeat(np.array(STEPS, np.float32), 64)[None, :].repeat(400, 0)

    def one(share: float) -> NDArray[np.uint16]:
        raw = np.empty(light.shape, np.uint16)
        source.expose(light, (0, 0), Response(share, 256.0, WHITE, noise), raw)
        return raw

    exposure = Exposure(1_000_000, gain)
    summed, _ = added([exposed(one(1 / COUNT), i, noise=noise, exposure=exposure) for i in range(COUNT)])
    single = one(1.0)
    raised = summed.levels.white - WHITE
    assert (raised > 0) == (gain == 16)  # so that the read noise of sixteen does not reach 0
    assert int(summed.raw.min()) > 0
    for i, step in enumerate(STEPS):
        there, here = summed.raw[:, 64 * i : 64 * (i + 1)].astype(float) - raised, single[:, 64 * i : 64 * (i + 1)]
        if step >= 2 * WHITE - 256:
            assert (there == WHITE).all()
            assert (here == WHITE).all()
            continue
        sigma = np.sqrt(noise.slope_dn * step + COUNT * noise.floor_dn2)
        unclipped = step + 256 + 5 * sigma < WHITE
        if unclipped:
            assert there.mean() == pytest.approx(here.mean(), abs=5 * sigma / np.sqrt(there.size / 2))
            told = summed.noise.slope_dn * step + summed.noise.floor_dn2
            assert there.var() == pytest.approx(told, rel=0.06)
        else:  # some of it is clipped: as much of either, but for the read noise that the sum has more of
            assert (there >= WHITE).mean() == pytest.approx((here >= WHITE).mean(), abs=0.12)


def test_the_noise_it_tells_is_that_of_so_many_readings() -> None:
    frame, _ = added([exposed(np.full((8, 8), 300, np.uint16), i) for i in range(9)])
    assert frame.noise == Noise(0.47, pytest.approx(9 * 2.34))


def test_black_stays_true_where_noise_falls_far_below_it() -> None:
    """Cut off at 0 each time, or at the end, the dark of 300 exposures at gain 16 would become brighter."""
    noise = Noise(7.5, 132.0 + QUANTISATION_DN2)
    random = np.random.default_rng(6)
    total = None
    for i in range(300):
        raw = np.rint(256 + np.sqrt(132.0) * random.standard_normal((64, 64))).astype(np.uint16)
        frame = exposed(raw, i, noise=noise, exposure=Exposure(1_000_000, 16.0))
        if total is None:
            total = ExposureSum(frame)
        else:
            assert total.add(frame)
    assert total is not None
    summed, _ = total.finished()
    sigma = np.sqrt(300 * 132.0)
    assert summed.raw.mean() - summed.levels.black[0] == pytest.approx(0, abs=4 * sigma / 64)
    assert summed.raw.std() == pytest.approx(sigma, rel=0.05)
    assert summed.levels.white - summed.levels.black[0] == WHITE - 256


def test_sixteen_bits_have_no_room_below_black_and_are_cut_off_at_0() -> None:
    levels = Levels((4096.0,) * 4, 65_535)
    frames = [exposed(np.full((8, 8), value, np.uint16), i, levels=levels, bits=16) for i, value in enumerate((50, 50))]
    frame, _ = added(frames)
    assert (frame.raw == 0).all()
    assert frame.levels == levels


# ---- what moves ------------------------------------------------------------------------------------------------------


def trail(numbers: list[int], speed: float = 7.0) -> tuple[NDArray[np.float64], Summed]:
    """What a light has left that goes so many photosites a second: its signal in each photosite of its way, DN."""
    frames = []
    for number in numbers:
        blank = exposed(np.full((4, 160), 256, np.uint16), number)
        start, end = ((ns / S - 10) * speed for ns in (blank.exposure_start_ns, blank.sensor_timestamp_ns))
        edges = np.arange(161.0)
        share = np.clip(np.minimum(edges[1:], end) - np.maximum(edges[:-1], start), 0, None)
        frames.append(replace(blank, raw=(256 + np.rint(share * 2000)).astype(np.uint16) * np.ones((4, 1), np.uint16)))
    frame, summed = added(frames)
    return frame.raw[1].astype(float) - 256, summed


def test_a_light_that_moves_leaves_a_trace_with_no_wider_gap_than_is_told() -> None:
    left, summed = trail(list(range(20)))
    way = left[: int(20 * 7.0)]
    assert (way > 1900).all()  # 2000 wherever it was all the time, and less by the rows' time between two exposures
    missing = 1 - left.sum() / (2000 * 7.0 * summed.span_ns / S)
    assert missing == pytest.approx(summed.dark_share, abs=2e-4)


def test_a_lost_exposure_leaves_a_gap_as_wide_as_is_told() -> None:
    left, summed = trail([i for i in range(20) if i not in (6, 7)])
    dark = np.flatnonzero(left[:140] < 1000)
    assert dark.tolist() == list(range(42, 56))  # from 6.0 s on, at 7 photosites a second, two seconds long
    assert summed.lost == 2
    assert summed.dark_share == pytest.approx(2 / 20, abs=0.001)
