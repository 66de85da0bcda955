"""The meter against the slow oracles of reference_meter.py, and against what a photographer expects of it."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from device import cell_sums, focus, green_rows, histogram, isp, meter
from device.detail import detail
from device.frame import (
    FOCUS_CELL,
    HISTOGRAM_BINS,
    HISTOGRAM_STOPS,
    Cfa,
    Colour,
    Frame,
    Levels,
    Noise,
    Preview,
    Raw,
    Reading,
)
from tests import reference_meter
from tests.conftest import build_frame

LEVELS = Levels((250.0, 256.5, 255.5, 262.0), 4095)
NOISE = Noise(0.47, 2.34)
DEPTHS = [(10, 64.0, 1023), (12, 256.0, 4095), (14, 2047.5, 15000), (16, 4096.0, 65535)]


def mosaic(rows: int, columns: int, bits: int = 12, white: int | None = None) -> Raw:
    """From below black to clipped, with detail."""
    top = 2**bits - 1
    rng = np.random.default_rng(rows * columns + bits)
    ramp = np.linspace(0, 1.05, columns) ** 2 * (white or top)
    return np.clip(ramp + rng.normal(0, 0.03 * top, (rows, columns)), 0, top).astype(np.uint16)


def frame_like(raw: Raw, **changes: object) -> Frame:
    """A frame whose preview is what the ISP makes of it."""
    flat = Colour((((1, 0, 0), (0, 1, 0), (0, 0, 1)),), (21,))
    limit = changes.pop("limit", (768, 1024))
    shape = isp.preview_shape(*raw.shape, *limit)  # type: ignore[misc]
    preview = isp.render(raw, Cfa.BGGR, Levels((0.0,) * 4, 65535), (1.0, 1.0, 1.0), flat, shape)
    return build_frame(raw, **{"levels": LEVELS, "noise": NOISE, "preview": preview, **changes})


def noisy(light_dn: float, gain: float, size: int = 768, seed: int = 7) -> tuple[Raw, Noise]:
    """A flat surface at an IMX477's gain: photons, read noise, rounding (research/raw.md, section 4)."""
    rng = np.random.default_rng(seed)
    slope, read_dn = 0.47 * gain, 1.53 * gain**0.73  # 11.5 DN at gain 16
    electrons = rng.poisson(light_dn / slope, (size, size))
    dn = 256 + electrons * slope + rng.normal(0, read_dn, (size, size))
    return np.clip(np.rint(dn), 0, 4095).astype(np.uint16), Noise(slope, read_dn**2 + 1 / 12)


# ---- counting ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cfa", Cfa)
@pytest.mark.parametrize(("bits", "_black", "white"), DEPTHS)
def test_every_photosite_is_counted_once_in_its_channel(cfa: Cfa, bits: int, _black: float, white: int) -> None:
    raw = mosaic(37, 55, bits, white)
    assert np.array_equal(meter.linear_histogram(raw, cfa, bits), reference_meter.linear_histogram(raw, cfa, bits))


@pytest.mark.parametrize("size", [(37, 55), (64, 96), (2, 2), (9, 130)])
@pytest.mark.parametrize("cfa", [Cfa.RGGB, Cfa.GBRG])
def test_the_sixteen_phases_of_the_sampled_histogram_are_together_every_photosite_once(
    size: tuple[int, int], cfa: Cfa
) -> None:
    raw = mosaic(*size)
    phases = [histogram.sampled_histogram(raw, cfa, 12, phase) for phase in range(histogram.PHASES)]
    assert np.array_equal(sum(phases), reference_meter.linear_histogram(raw, cfa, 12))


def test_each_phase_is_a_sixteenth_from_everywhere() -> None:
    """A mosaic that tells where it is: each of 8 x 4 parts, of 32 x 64 photosites, is counted alike."""
    raw = (np.arange(256)[:, None] // 32 * 4 + np.arange(256)[None, :] // 64).astype(np.uint16)
    for phase in range(histogram.PHASES):
        counts = histogram.sampled_histogram(raw, Cfa.RGGB, 10, phase)
        assert (counts[:, :32] == 32).all()
        assert not counts[:, 32:].any()


def test_a_sampled_reading_misses_nothing_that_clips_and_tells_the_same_but_for_the_histogram() -> None:
    raw = np.minimum(mosaic(1216, 1700), 3000)
    raw[601, 800] = 4095  # a single blue photosite in two million: not in the sixteenth that is taken
    frame = frame_like(raw, levels=Levels((256.0,) * 4, 4095))
    exact, sampled = meter.read(frame), meter.read(frame, phase=4)
    for name in ("clipped_share", "clipped", "focus", "focus_score", "stops", "spot_ev", "noise_floor_ev"):
        np.testing.assert_array_equal(getattr(sampled, name), getattr(exact, name), err_msg=name)
    assert exact.clipped_share.any()
    assert sampled.histogram.sum() * 16 == pytest.approx(exact.histogram.sum(), rel=0.01)
    assert sampled.mean == pytest.approx(exact.mean, rel=0.02)  # a fortieth of a stop
    assert sampled.headroom_ev == pytest.approx(exact.headroom_ev, abs=0.01)


def test_of_a_small_mosaic_every_photosite_is_counted_in_any_case() -> None:
    frame = frame_like(mosaic(64, 96))
    assert np.array_equal(meter.read(frame, phase=3).histogram, meter.read(frame).histogram)


def test_a_value_beyond_the_granted_bits_counts_as_the_highest() -> None:
    counts = meter.linear_histogram(np.full((4, 4), 65535, np.uint16), Cfa.RGGB, 10)
    assert counts[:, 1023].tolist() == [4, 4, 4, 4]
    assert histogram.sampled_histogram(np.full((32, 2), 65535, np.uint16), Cfa.RGGB, 10, 1)[:, 1023].tolist() == [1] * 4


@pytest.mark.parametrize(("bits", "black", "white"), DEPTHS)
def test_the_ev_histogram_equals_the_slow_reference(bits: int, black: float, white: int) -> None:
    raw, levels = mosaic(16, 40, bits, white), Levels((black, black + 1.25, black, black + 3), white)
    counts = histogram.linear_histogram(raw, Cfa.GBRG, bits)
    expected = reference_meter.ev_histogram(raw, Cfa.GBRG, levels)
    assert np.abs(histogram.ev_histogram(counts, levels) - expected).max() < 1e-3


def test_the_ev_histogram_shows_no_comb_in_the_shadows() -> None:
    """An even spread of values is an even spread of light; bins of less than one DN must not come out empty."""
    raw = np.tile(np.arange(256, 4096, dtype=np.uint16), (2, 1)).repeat(2, axis=1)
    bins = histogram.ev_histogram(histogram.linear_histogram(raw, Cfa.BGGR, 12), Levels((256.0,) * 4, 4095))
    growth = bins[:, 20:-1] / bins[:, 19:-2]  # each bin is 2**(1/8) as wide as the one before
    assert np.abs(growth - 2 ** (1 / 8)).max() < 0.01


def test_an_ev_histogram_row_adds_up_to_its_photosites() -> None:
    reading = meter.read(frame_like(mosaic(64, 96)))
    assert reading.histogram.shape == (4, HISTOGRAM_BINS)
    assert np.allclose(reading.histogram.sum(axis=1), 64 * 96 / 4)


@pytest.mark.parametrize("stops", [1, 3, 6])
def test_light_n_stops_below_clipping_lies_n_stops_below_clipping(stops: int) -> None:
    raw = np.full((32, 32), round(256 + 3839 / 2**stops), np.uint16)
    bins = histogram.ev_histogram(histogram.linear_histogram(raw, Cfa.BGGR, 12), Levels((256.0,) * 4, 4095))
    edge = HISTOGRAM_BINS - 8 * stops
    assert bins[:, edge - 1 : edge + 1].sum() == pytest.approx(32 * 32)


# ---- clipping and brightness -------------------------------------------------------------------------------------


@pytest.mark.parametrize("cfa", Cfa)
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("size", [(61, 83), (22, 1301)])
def test_the_clipping_map_equals_the_slow_reference(cfa: Cfa, n: int, size: tuple[int, int]) -> None:
    raw = mosaic(*size)
    ours = meter.clipped_map(raw, cfa, 3500, n)
    assert ours.any()
    assert np.array_equal(ours, reference_meter.clipped_map(raw, cfa, 3500, n))


@pytest.mark.parametrize("cfa", Cfa)
def test_clipped_photosites_are_known_by_channel(cfa: Cfa) -> None:
    raw = mosaic(41, 63)
    clipped = meter.clipped_channels(raw, cfa, 3500)
    assert clipped.shape == (4, 20, 31)
    bits = clipped[0] * 1 | (clipped[1] | clipped[2]) * 2 | clipped[3] * 4
    assert np.array_equal(bits, reference_meter.clipped_map(raw, cfa, 3500, 1))


@pytest.mark.parametrize(("bits", "black", "white"), DEPTHS)
def test_share_and_mean_are_those_of_numpy(bits: int, black: float, white: int) -> None:
    raw, levels = mosaic(60, 80, bits, white), Levels((black, black + 2, black - 1, black), white)
    reading = meter.read(frame_like(raw, bits=bits, levels=levels, cfa=Cfa.GRBG))
    for channel, place in enumerate([(0, 1), (0, 0), (1, 1), (1, 0)]):  # R, Gr, Gb, B of GRBG
        plane = raw[place[0] :: 2, place[1] :: 2]
        assert reading.clipped_share[channel] == pytest.approx((plane >= white).mean(), rel=1e-6)
        full = white - levels.black[channel]
        assert reading.mean[channel] == pytest.approx((plane.mean() - levels.black[channel]) / full, rel=1e-5)


def test_where_the_white_of_a_sum_is_above_the_granted_bits_that_is_what_clips() -> None:
    raw, levels = np.full((64, 64), 2000, np.uint16), Levels((461.0,) * 4, 4300)
    raw[:, 32:48], raw[:, 48:] = 4299, 4300
    reading = meter.read(frame_like(raw, bits=12, levels=levels))
    assert reading.clipped_share.tolist() == [0.25] * 4
    assert reading.headroom_ev == 0
    assert reading.mean == pytest.approx([(raw.mean() - 461) / 3839] * 4)
    raw[:, 48:] = 2000
    almost = meter.read(frame_like(raw, bits=12, levels=levels))
    assert not almost.clipped_share.any()
    assert almost.headroom_ev == pytest.approx(math.log2(3839 / 3838), abs=1e-6)


@pytest.mark.parametrize("size", [(1, 40), (2, 2), (3, 33), (61, 83), (62, 128)])
@pytest.mark.parametrize("white", [0, 1, 3500, 65535])
def test_without_a_histogram_the_share_that_clips_is_the_same(size: tuple[int, int], white: int) -> None:
    raw = mosaic(*size)
    raw[::3, ::2] = 65535
    exact = reference_meter.clipped_share(raw, Cfa.GBRG, white) if min(size) > 1 else [0.0] * 4
    assert meter._clipped_share(raw, Cfa.GBRG, white).tolist() == pytest.approx(exact)


@pytest.mark.parametrize("limit", [(768, 1024), (60, 80), (31, 41), (20, 30), (8, 10)])
def test_the_clipping_map_lies_on_the_preview(limit: tuple[int, int]) -> None:
    raw = mosaic(121, 163)
    reading, frame = meter.read(frame_like(raw, limit=limit)), frame_like(raw, limit=limit)
    missing = np.array(reading.clipped.shape) - frame.preview.y.shape
    assert set(missing.tolist()) <= {0, 1}


def test_a_picture_that_another_isp_scaled_gets_the_nearest_map() -> None:
    picture = Preview(np.zeros((96, 128), np.uint8), np.zeros((48, 64), np.uint8), np.zeros((48, 64), np.uint8))
    assert meter.read(frame_like(mosaic(400, 520), preview=picture)).clipped.shape == (66, 86)


@pytest.mark.parametrize("stops", [0.5, 2, 5])
def test_stops_to_clipping_are_found_despite_glints(stops: float) -> None:
    raw = np.full((100, 100), round(256 + 3839 / 2**stops), np.uint16)
    raw[0, :2] = raw[1, :2] = 4095  # one glint in each channel: 0.04 %
    counts = meter.linear_histogram(raw, Cfa.BGGR, 12)
    assert np.abs(meter.ev_to_clip(counts, Levels((256.0,) * 4, 4095)) - stops).max() < 0.01


@pytest.mark.parametrize("seed", range(5))
def test_headroom_brings_a_thousandth_of_the_brightest_channel_to_clipping(seed: int) -> None:
    light = np.random.default_rng(seed).lognormal(-4, 0.8, (200, 400))
    light[0::2, 1::2] *= 1.7  # Gb of BGGR
    raw = np.round(256 + 3839 * np.minimum(light, 0.9)).astype(np.uint16)
    stops = meter.read(frame_like(raw, levels=Levels((256.0,) * 4, 4095))).headroom_ev
    assert stops == pytest.approx(reference_meter.headroom_ev(raw, Cfa.BGGR, Levels((256.0,) * 4, 4095)), abs=1e-6)
    brightest = np.sort(light[0::2, 1::2].ravel())[-21]  # the first beyond a thousandth of 20 000
    assert stops == pytest.approx(-math.log2(brightest), abs=0.01)


def test_there_is_no_headroom_once_a_thousandth_is_clipped() -> None:
    raw = np.full((200, 200), 1000, np.uint16)
    raw[0:20:2, 0] = 4095  # 10 of the 10 000 blues
    read = [meter.read(frame_like(raw)).headroom_ev]
    raw[20, 0] = 4095
    read.append(meter.read(frame_like(raw)).headroom_ev)
    assert read[0] > 2
    assert read[1] == 0


def test_a_mosaic_with_no_light_has_all_the_headroom_there_is() -> None:
    assert reading_of_dark().headroom_ev == HISTOGRAM_STOPS


def reading_of_dark() -> Reading:
    return meter.read(frame_like(np.full((64, 64), 256, np.uint16), levels=Levels((256.0,) * 4, 4095)))


# ---- the brightness of cells ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("cfa", Cfa)
@pytest.mark.parametrize(("bits", "black", "white"), DEPTHS)
def test_the_stops_of_each_cell_equal_the_slow_reference(cfa: Cfa, bits: int, black: float, white: int) -> None:
    raw, levels = mosaic(59, 85, bits, white), Levels((black, black + 1.25, black, black + 3), white)
    ours = meter.read(frame_like(raw, bits=bits, cfa=cfa, levels=levels)).stops
    exact = reference_meter.cell_ev(raw, cfa, levels)
    assert ours.shape == exact.shape == (7, 10)
    inside = (exact > -HISTOGRAM_STOPS) & (exact < 0)
    off_ev = exact - (ours / 16 - HISTOGRAM_STOPS)  # a step takes what lies from it to the next
    assert inside.sum() > 40
    assert (off_ev[inside] > -0.002).all()
    assert (off_ev[inside] < 1 / 16 + 0.002).all()
    assert (ours[exact >= 0] == 224).all()
    assert (ours[exact <= -HISTOGRAM_STOPS] == 0).all()


@pytest.mark.parametrize("cfa", Cfa)
def test_the_spot_is_the_mean_of_the_greens_in_the_middle(cfa: Cfa) -> None:
    raw = mosaic(480, 640)
    ours = meter.read(frame_like(raw, cfa=cfa)).spot_ev
    assert ours == pytest.approx(reference_meter.spot_ev(raw, cfa, LEVELS), abs=1e-4)


@pytest.mark.parametrize("stops", [0, 1, 2.5, 7])
def test_a_card_that_far_below_clipping_reads_so_in_the_spot(stops: float) -> None:
    raw = np.full((160, 160), 300, np.uint16)
    raw[72:88, 72:88] = round(256 + 3839 / 2**stops)
    reading = meter.read(frame_like(raw, levels=Levels((256.0,) * 4, 4095)))
    assert reading.spot_ev == pytest.approx(-stops, abs=0.03)
    assert reading.stops[10, 10] == pytest.approx(16 * (14 - stops), abs=1)


def test_a_channel_that_clips_has_no_stops_left() -> None:
    raw = np.full((100, 100), 1000, np.uint16)
    raw[1::2, 1::2] = 4095
    left = meter.ev_to_clip(meter.linear_histogram(raw, Cfa.BGGR, 12), LEVELS)
    assert left[0] == 0
    assert left[1:].min() > 2


def test_levels_in_use_betray_a_stretched_raw() -> None:
    ten_bits_as_twelve = (mosaic(200, 200, 10) << 2).astype(np.uint16)
    honest, stretched = mosaic(200, 200), ten_bits_as_twelve
    found = [meter.distinct_levels(meter.linear_histogram(raw, Cfa.BGGR, 12)) for raw in (honest, stretched)]
    assert found == [len(np.unique(honest)), len(np.unique(stretched))]
    assert found[1] <= 1024 < found[0]


@pytest.mark.parametrize(("slope", "floor"), [(0.47, 2.34), (7.5, 132.0), (0.0, 4.0), (2.0, 0.0)])
def test_at_the_noise_floor_signal_equals_noise(slope: float, floor: float) -> None:
    ev = meter.noise_floor_ev(Levels((256.0,) * 4, 4095), Noise(slope, floor))
    signal = 3839 * 2**ev
    assert math.sqrt(slope * signal + max(floor, 1 / 12)) == pytest.approx(signal)


# ---- focus -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cfa", Cfa)
@pytest.mark.parametrize("size", [(40, 64), (43, 61), (16, 8), (15, 217), (217, 15)])
def test_the_focus_map_equals_the_slow_reference(cfa: Cfa, size: tuple[int, int]) -> None:
    raw = mosaic(*size)
    expected = reference_meter.focus_map(raw, cfa, LEVELS, NOISE)
    ours = meter.focus_map(raw, cfa, LEVELS, NOISE)
    assert ours.dtype == np.float32
    assert ours.shape == expected.shape == (size[0] // 8, size[1] // 8)
    assert np.allclose(ours, expected, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize(("bits", "black", "white"), DEPTHS)
def test_the_focus_map_is_right_at_every_bit_depth(bits: int, black: float, white: int) -> None:
    raw, levels = mosaic(32, 48, bits, white), Levels((black, black + 1.5, black - 1, black), white)
    noise = Noise(0.1, 9.0)
    expected = reference_meter.focus_map(raw, Cfa.GRBG, levels, noise)
    assert np.allclose(meter.focus_map(raw, Cfa.GRBG, levels, noise), expected, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize(("bits", "white", "more"), [(12, 4095, 6), (12, 4095, 12), (14, 15000, 12)])
def test_detail_does_not_show_where_one_strip_ends_and_the_next_begins(bits: int, white: int, more: int) -> None:
    raw, levels = mosaic(16, 2 * green_rows.STRIP + more, bits, white), Levels((250.0, 256.5, 255.5, 262.0), white)
    ours, slow = detail(raw, Cfa.GBRG, levels)._asdict(), reference_meter.detail(raw, Cfa.GBRG, levels)
    for name, cells in slow.items():
        assert np.allclose(ours[name], cells, rtol=1e-6, atol=1e-6 * cells.max()), name


def test_the_focus_map_does_not_show_where_one_strip_ends_and_the_next_begins() -> None:
    raw, noise = mosaic(24, FOCUS_CELL * (cell_sums.STRIP + 9), 12, 4095), Noise(0.1, 9.0)
    raw[8:12, FOCUS_CELL * cell_sums.STRIP - 4] = 4095
    expected = reference_meter.focus_map(raw, Cfa.GRBG, LEVELS, noise)
    assert np.allclose(meter.focus_map(raw, Cfa.GRBG, LEVELS, noise), expected, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("cfa", Cfa)
def test_the_strongest_detail_there_can_be_fits(cfa: Cfa) -> None:
    """Greens of 0 and 4095 by turns, in the patterns that most of the filters' weights meet."""
    for pattern in strongest_patterns():
        raw = np.tile(pattern * np.uint16(4095), (6, 6))
        ours, slow = detail(raw, cfa, LEVELS), reference_meter.detail(raw, cfa, LEVELS)
        assert np.allclose(ours.fine, slow["fine"], rtol=1e-6)
        assert np.allclose(ours.middle, slow["middle"], rtol=1e-6)


def strongest_patterns() -> list[Raw]:
    """Of 8 x 8 photosites, repeated; a diagonal's lines by turns, and by twos."""
    down, across = np.mgrid[:8, :8]
    along = [down + across, down - across]
    return [(places // width % 2 == 0).astype(np.uint16) for places in along for width in (1, 2, 4)]


def test_a_value_beyond_twelve_bits_is_as_clipped_as_the_highest() -> None:
    """Of a damaged file, say."""
    raw = mosaic(40, 48)
    raw[20, 20:24] = 60_000
    capped = np.minimum(raw, 4095)
    assert np.array_equal(
        meter.focus_map(raw, Cfa.BGGR, LEVELS, NOISE), meter.focus_map(capped, Cfa.BGGR, LEVELS, NOISE)
    )


@pytest.mark.parametrize(
    ("around", "size", "kept"), [(reference_meter.NARROW, 16, focus.NARROW), (reference_meter.WIDE, 64, focus.WIDE)]
)
def test_the_spread_of_fine_detail_is_the_sum_of_its_covariances(
    around: tuple[float, ...], size: float, kept: tuple[float, float]
) -> None:
    assert sum(around) ** 2 == size
    assert kept == pytest.approx((size, reference_meter.fine_spread(around)), rel=2e-3)


def test_the_spread_of_coarse_detail_is_the_sum_of_its_covariances() -> None:
    assert pytest.approx(reference_meter.coarse_spread(reference_meter.WIDE), rel=2e-3) == focus.COARSE_SPREAD


def test_what_weighing_lifts_is_what_dice_say() -> None:
    """By how much weight and detail go together in the patches of noise alone, for each square of weight."""
    coarse_lifts, fine_lifts = [], []
    for seed in range(4):
        dn = np.random.default_rng(seed).normal(2000, 60, (1520, 2028))
        found = detail(np.rint(dn).astype(np.uint16), Cfa.BGGR, LEVELS)
        fine, middle, coarse = (in_patches(plane / plane.mean()) for plane in (found.fine, found.middle, found.coarse))
        weight = np.clip(1 + 0.8 * (coarse - 1), 1, 3)
        coarse_lifts.append(np.cov(weight.ravel(), coarse.ravel())[0, 1] / (weight**2).mean())
        fine_lifts.append(np.cov(weight.ravel(), (fine + middle).ravel() / 2)[0, 1] / (weight**2).mean())
    assert (focus.COARSE_LIFT, focus.FINE_LIFT) == (reference_meter.COARSE_LIFT, reference_meter.FINE_LIFT)
    assert pytest.approx(np.mean(coarse_lifts), rel=0.03) == focus.COARSE_LIFT
    assert pytest.approx(np.mean(fine_lifts), rel=0.1) == focus.FINE_LIFT


def in_patches(cells: NDArray[np.float32]) -> NDArray[np.float32]:
    rows, columns = cells.shape[0] // 2, cells.shape[1] // 2
    return cells[: 2 * rows, : 2 * columns].reshape(rows, 2, columns, 2).mean((1, 3))


@pytest.mark.parametrize("gain", [1.0, 4.0, 16.0])
@pytest.mark.parametrize("light_dn", [0.0, 60.0])
def test_on_a_flat_noisy_surface_focus_is_a_standard_normal(gain: float, light_dn: float) -> None:
    raw, noise = noisy(light_dn, gain)
    z = meter.focus_map(raw, Cfa.BGGR, Levels((256.0,) * 4, 4095), noise)[1:-1, 1:-1]
    assert abs(z.mean()) < 0.25  # sixty-four cells are shared, so 9216 cells are but 150 independent ones
    assert z.std() == pytest.approx(1.0, abs=0.15)
    assert (z > 5).sum() == 0


@pytest.mark.parametrize("gain", [1.0, 4.0, 16.0])
def test_on_a_bright_flat_surface_focus_varies_less_as_no_panel_would_show_that_noise(gain: float) -> None:
    raw, noise = noisy(1500.0, gain)
    z = meter.focus_map(raw, Cfa.BGGR, Levels((256.0,) * 4, 4095), noise)[1:-1, 1:-1]
    assert z.std() < 1.0
    assert abs(z).max() < 4


@pytest.mark.parametrize("gain", [1.0, 16.0])
def test_sharp_texture_stands_out_of_the_noise_and_its_blur_does_not(gain: float) -> None:
    rng = np.random.default_rng(3)
    texture = 600 * (1 + 0.6 * np.sign(rng.normal(size=(64, 64)))).repeat(4, 0).repeat(4, 1)
    scores = [focus_at(blurred(texture, radius), gain) for radius in (0, 2, 4, 8)]
    medians, figures = [float(np.median(z)) for z, _ in scores], [figure for _, figure in scores]
    assert medians[0] > 4.5
    assert medians[-1] < 2
    assert medians == sorted(medians, reverse=True)
    assert figures == sorted(figures, reverse=True)
    assert figures[-1] < 0.1 * figures[0]


def blurred(light: NDArray[np.float64], radius: int) -> NDArray[np.float64]:
    for axis in (0, 1):
        shifts = [np.roll(light, k, axis) for k in range(-radius, radius + 1)]
        light = np.mean(shifts, axis=0)
    return light


def focus_at(light: NDArray[np.float64], gain: float) -> tuple[NDArray[np.float32], float]:
    rng = np.random.default_rng(5)
    slope, read_dn = 0.47 * gain, 1.53 * gain**0.73
    dn = 256 + rng.poisson(light / slope) * slope + rng.normal(0, read_dn, light.shape)
    raw = np.clip(np.rint(dn), 0, 4095).astype(np.uint16)
    reading = meter.read(frame_like(raw, noise=Noise(slope, read_dn**2 + 1 / 12), levels=Levels((256.0,) * 4, 4095)))
    return reading.focus, reading.focus_score


def test_the_focus_score_does_not_follow_exposure() -> None:
    rng = np.random.default_rng(3)
    texture = 300 * (1 + 0.6 * np.sign(rng.normal(size=(64, 64)))).repeat(4, 0).repeat(4, 1)
    dim, bright = focus_at(texture, 1.0)[1], focus_at(4 * texture, 1.0)[1]
    assert bright == pytest.approx(dim, rel=0.1)


@pytest.mark.parametrize("gain", [1.0, 16.0])
def test_the_focus_score_of_noise_alone_is_nothing(gain: float) -> None:
    for light_dn in (0.0, 800.0):
        raw, noise = noisy(light_dn, gain)
        reading = meter.read(frame_like(raw, noise=noise, levels=Levels((256.0,) * 4, 4095)))
        assert reading.focus_score < 0.5


def test_a_black_level_that_differs_between_the_greens_is_not_detail() -> None:
    raw, noise = noisy(0.0, 1.0)
    raw[0::2, 1::2] += 40  # Gb of BGGR, whose first row is B Gb
    z = meter.focus_map(raw, Cfa.BGGR, Levels((256.0, 256.0, 296.0, 256.0), 4095), noise)
    assert abs(z.mean()) < 0.12


@pytest.mark.parametrize("gain", [1.0, 16.0])
def test_a_crosstalk_that_sets_the_greens_apart_is_not_detail(gain: float) -> None:
    raw, noise = noisy(1500.0, gain)
    raw[0::2, 1::2] += 45  # 3 % of the signal, as in the corners of a sensor behind a lens that was made for film
    z = meter.focus_map(raw, Cfa.BGGR, Levels((256.0,) * 4, 4095), noise)
    assert -0.6 < z.mean() < 0.2  # what was added has no noise
    assert z.max() < 5


def test_edges_of_what_is_clipped_are_not_sharp() -> None:
    """A light out of focus is a disc; clipping gives it an edge, however soft it was."""
    raw, noise = noisy(100.0, 1.0, 256)
    down, across = np.mgrid[-128:128, -128:128]
    light = 40_000 / (1 + np.exp(np.hypot(down, across) - 60))
    lit = np.clip(raw + light, 0, 4095).astype(np.uint16)
    reading = meter.read(frame_like(lit, noise=noise, levels=Levels((256.0,) * 4, 4095)))
    assert reading.clipped_share.min() > 0.1
    assert reading.focus.max() < 4


# ---- edges -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("bits", "black", "white"), DEPTHS)
@pytest.mark.parametrize("cfa", Cfa)
def test_a_fully_clipped_frame_reads_clipped_and_without_detail(cfa: Cfa, bits: int, black: float, white: int) -> None:
    raw = np.full((50, 70), white, np.uint16)
    reading = meter.read(frame_like(raw, bits=bits, cfa=cfa, levels=Levels((black,) * 4, white)))
    assert reading.clipped_share.tolist() == [1, 1, 1, 1]
    assert set(reading.clipped.ravel()) == {7}
    assert reading.mean == pytest.approx(1.0)
    assert reading.histogram[:, -1].sum() == 50 * 70
    assert reading.focus_score == 0
    assert not reading.focus.any()
    assert (reading.headroom_ev, reading.spot_ev) == (0, 0)
    assert (reading.stops == 224).all()


@pytest.mark.parametrize("dn", [0, 256])
def test_a_fully_black_frame_reads_dark_and_without_detail(dn: int) -> None:
    raw = np.full((50, 70), dn, np.uint16)
    reading = meter.read(frame_like(raw, levels=Levels((256.0,) * 4, 4095)))
    assert not reading.clipped.any()
    assert reading.histogram[:, :24].sum() == pytest.approx(50 * 70)  # half a DN is 13 stops below clipping
    assert reading.focus_score == 0
    assert reading.focus.max() < 0
    assert np.isfinite(reading.focus).all()
    assert (reading.headroom_ev, reading.spot_ev) == (HISTOGRAM_STOPS, -HISTOGRAM_STOPS)
    assert not reading.stops.any()


@pytest.mark.parametrize("size", [(4, 4), (7, 200), (9, 9)])
def test_a_tiny_frame_is_read_without_ado(size: tuple[int, int]) -> None:
    """Smaller ones than the ISP makes a picture of, too."""
    y, chroma = np.zeros((size[0] // 2, size[1] // 2), np.uint8), np.zeros((size[0] // 4, size[1] // 4), np.uint8)
    picture = Preview(y, chroma, chroma)
    reading = meter.read(build_frame(mosaic(*size), levels=LEVELS, noise=NOISE, preview=picture))
    assert reading.focus.shape == (size[0] // 8, size[1] // 8)
    assert math.isfinite(reading.focus_score)
    assert math.isfinite(reading.spot_ev)


def test_a_frame_without_any_noise_still_has_finite_focus() -> None:
    z = meter.focus_map(mosaic(64, 64), Cfa.RGGB, LEVELS, Noise(0.0, 0.0))
    assert np.isfinite(z).all()
