from functools import cache

import numpy as np
import pytest

from device.detail import Detail, detail
from device.focus import significance
from device.frame import Cfa, Levels, Noise
from device.steady_detail import BLOCK, BLOCK_SPREAD, LASTING_NS, SteadyDetail
from tests.bench.peaking_collage import disc_blurred
from tests.bench.peaking_sensor import CFA, LEVELS, expose
from tests.bench.peaking_sources import Light, foliage
from tests.reference_meter import fine_spread

CELLS = (10, 14)
NOISE = Noise(0.0, 100.0)
FRAME_NS = LASTING_NS // 10
SHARP_SIGMAS = 4.0


def plain(fine: float = 100.0) -> Detail:
    """A flat surface with just that noise, in all cells alike."""
    of_fine, of_middle, of_coarse = 12 * 32, 8 * 32, 8 * 6 * 8
    sums = (fine * of_fine, fine * of_middle, 100.0 * of_coarse, 32 * 500.0, 600.0)
    return Detail(*(np.full(CELLS, value, np.float32) for value in sums))


def seen(light: Light, gain: float, number: int, steady: SteadyDetail) -> float:
    """The share of the cells that are taken for sharp."""
    shot = expose(light, gain, np.random.default_rng(number))
    kept, chance = steady.of(detail(shot.raw, CFA, LEVELS), shot.noise, number * FRAME_NS)
    return float((significance(kept, LEVELS, shot.noise, chance) > SHARP_SIGMAS).mean())


@cache
def foliage_out_of_focus(radius: float) -> Light:
    """By a disc of that radius, photosites."""
    return disc_blurred(foliage()[:608, :800], radius)


def test_the_first_frames_of_a_still_scene_weigh_the_same() -> None:
    steady, random = SteadyDetail(), np.random.default_rng(3)
    frames = [
        Detail(*(plane * random.uniform(0.98, 1.02, CELLS).astype(np.float32) for plane in plain())) for _ in "abcd"
    ]
    for number, frame in enumerate(frames, 1):
        kept, chance = steady.of(frame, NOISE, number * FRAME_NS)
    for k in range(4):
        np.testing.assert_allclose(kept[k], np.mean([frame[k] for frame in frames], 0), rtol=1e-5)
    np.testing.assert_allclose(chance, 0.25, rtol=1e-6)


def test_the_newest_frame_weighs_at_least_its_share_of_the_time_that_lasts() -> None:
    steady, expected = SteadyDetail(), 100.0
    for number in range(1, 41):
        fine = 100.0 + number % 3
        kept, chance = steady.of(plain(fine), NOISE, number * FRAME_NS)
        expected += max(1 / number, 0.1) * (fine - expected)
    np.testing.assert_allclose(kept.fine / (12 * 32), expected, rtol=1e-5)
    np.testing.assert_allclose(chance, 0.1 / 1.9, rtol=0.01)  # a first-order recursive filter's


def test_a_block_that_changes_begins_anew_and_others_do_not() -> None:
    steady = SteadyDetail()
    for number in range(1, 6):
        steady.of(plain(), NOISE, number * FRAME_NS)
    changed = plain()
    changed.fine[4:8, 4:8] *= 3
    kept, chance = steady.of(changed, NOISE, 6 * FRAME_NS)
    anew = np.zeros(CELLS, bool)
    anew[4:8, 4:8] = True
    np.testing.assert_array_equal(chance == 1, anew)
    np.testing.assert_array_equal(kept.fine[anew], changed.fine[anew])


def test_nothing_is_left_of_detail_however_strong_where_a_block_begins_anew() -> None:
    """Squares of 14 bits do not leave float32 the places for those of noise."""
    steady, strong = SteadyDetail(), plain(2.7e8)
    steady.of(strong, NOISE, FRAME_NS)
    kept, _ = steady.of(plain(5.3), NOISE, 2 * FRAME_NS)
    for plane, now in zip((kept.fine, kept.middle), plain(5.3), strict=False):
        np.testing.assert_array_equal(plane, now)


def test_a_change_too_weak_for_a_block_is_found_where_many_change() -> None:
    steady, alone = SteadyDetail(), SteadyDetail()
    for number in range(1, 6):
        steady.of(plain(), NOISE, number * FRAME_NS)
        alone.of(plain(), NOISE, number * FRAME_NS)
    weak = plain()
    weak.fine[:4, :4] *= 1.2
    weak.middle[:4, :4] *= 1.2
    assert (alone.of(weak, NOISE, 6 * FRAME_NS)[1] < 1).all()
    assert (steady.of(plain(120.0), NOISE, 6 * FRAME_NS)[1] == 1).all()


def test_a_change_that_noise_alone_would_not_hide_may_be_too_small_to_matter() -> None:
    """In good light: sharp stays sharp, and the flicker of a lamp does not make all marks boil."""
    steady = SteadyDetail()
    steady.of(plain(100_000.0), NOISE, FRAME_NS)
    assert (steady.of(plain(105_000.0), NOISE, 2 * FRAME_NS)[1] == 0.5).all()
    assert (steady.of(plain(60_000.0), NOISE, 3 * FRAME_NS)[1] == 1).all()


def test_other_light_is_another_scene_whatever_its_fine_detail() -> None:
    steady = SteadyDetail()
    steady.of(plain(), NOISE, FRAME_NS)
    flickers, other = plain(), plain()
    flickers.signal[:] *= np.float32(1.1)
    assert (steady.of(flickers, NOISE, 2 * FRAME_NS)[1] == 0.5).all()
    other.signal[4:8, 4:8] *= np.float32(0.7)
    chance = steady.of(other, NOISE, 3 * FRAME_NS)[1]
    anew = np.zeros(CELLS, bool)
    anew[4:8, 4:8] = True
    np.testing.assert_array_equal(chance == 1, anew)


@pytest.mark.parametrize("gain", [1.0, 16.0])
def test_a_cut_to_a_scene_out_of_focus_leaves_nothing_sharp_of_the_one_before(gain: float) -> None:
    steady, still = SteadyDetail(), foliage()[:608, :800]
    for number in range(1, 9):
        seen(still, gain, number, steady)
    blurred = np.ascontiguousarray(foliage_out_of_focus(3.0)[:, ::-1])
    for number in range(9, 12):
        assert seen(blurred, gain, number, steady) < seen(blurred, gain, number, SteadyDetail()) + 0.01


@pytest.mark.parametrize("what", ["gain", "size", "time", "pause"])
def test_another_gain_or_size_a_pause_or_an_older_frame_begins_anew(what: str) -> None:
    steady = SteadyDetail()
    for number in range(1, 4):
        steady.of(plain(), NOISE, number * FRAME_NS)
    frame = Detail(*(plane[:8].copy() for plane in plain())) if what == "size" else plain()
    noise = Noise(0.0, 110.0) if what == "gain" else NOISE
    when_ns = {"time": 3 * FRAME_NS, "pause": 4 * FRAME_NS + LASTING_NS}.get(what, 4 * FRAME_NS)
    kept, chance = steady.of(frame, noise, when_ns)
    assert (chance == 1).all()
    assert kept.fine.shape == frame.fine.shape


def test_what_clipped_in_the_newest_frame_is_clipped_at_once_and_what_did_before_fades() -> None:
    steady = SteadyDetail()
    bright = plain()._replace(peak=np.full(CELLS, 4000.0, np.float32))
    steady.of(plain(), NOISE, FRAME_NS)
    assert (steady.of(bright, NOISE, 2 * FRAME_NS)[0].peak == 4000).all()
    np.testing.assert_allclose(steady.of(plain(), NOISE, 3 * FRAME_NS)[0].peak, 4000 - 3400 / 3, rtol=1e-5)


def test_nothing_is_kept_of_a_mosaic_smaller_than_a_cell() -> None:
    steady = SteadyDetail()
    none = detail(np.zeros((6, 6), np.uint16), Cfa.RGGB, LEVELS)
    for number in (1, 2):
        kept, chance = steady.of(none, NOISE, number * FRAME_NS)
        assert kept.fine.shape == chance.shape == (0, 0)


def test_what_is_found_of_a_frame_stays_as_it_is() -> None:
    """The focus meter looks at it alone."""
    steady, first, second = SteadyDetail(), plain(), plain(104.0)
    steady.of(first, NOISE, FRAME_NS)
    steady.of(second, NOISE, 2 * FRAME_NS)
    for found, expected in ((first, plain()), (second, plain(104.0))):
        for plane, same in zip(found, expected, strict=True):
            np.testing.assert_array_equal(plane, same)


def test_the_spread_of_a_block_is_the_sum_of_its_covariances() -> None:
    assert pytest.approx(fine_spread((1.0,) * BLOCK), rel=2e-3) == BLOCK_SPREAD


@pytest.mark.parametrize("level", [0.0, 0.02, 0.3])
def test_on_noise_alone_the_focus_map_has_the_same_spread_after_any_number_of_frames(level: float) -> None:
    light = np.full((608, 800, 3), level, np.float32)
    steady = SteadyDetail()
    for number in range(1, 13):
        shot = expose(light, 22.0, np.random.default_rng(number))
        kept, chance = steady.of(detail(shot.raw, CFA, LEVELS), shot.noise, number * FRAME_NS)
        z = significance(kept, LEVELS, shot.noise, chance)
        assert abs(float(z.mean())) < 0.2
        assert 0.4 < float(z.std()) < 1.2  # less where it is too weak to be seen
        assert (z > SHARP_SIGMAS).mean() < 0.002


def test_weak_detail_stands_out_after_some_frames() -> None:
    steady, light = SteadyDetail(), 0.2 * foliage()[:608, :800]
    shares = [seen(light, 64.0, number, steady) for number in range(1, 9)]
    assert shares[0] < 0.45
    assert shares[-1] > 1.5 * shares[0]


@pytest.mark.parametrize("gain", [16.0, 64.0])
def test_a_wall_beside_texture_stays_a_wall(gain: float) -> None:
    """From the third cell on, into which 8 x 8 cells around a corner beside it reach by half."""
    steady, light = SteadyDetail(), foliage()[:608, :800].copy()
    light[:, 400:] = 0.3
    for number in range(1, 9):
        shot = expose(light, gain, np.random.default_rng(number))
        kept, chance = steady.of(detail(shot.raw, CFA, LEVELS), shot.noise, number * FRAME_NS)
    z = significance(kept, LEVELS, shot.noise, chance)
    assert (z[2:-2, 52] > SHARP_SIGMAS).mean() < 0.05
    assert not (z[2:-2, 53:] > SHARP_SIGMAS).any()
    assert abs(np.median(z[2:-2, 55:])) < 0.5


@pytest.mark.parametrize(("gain", "level"), [(1.0, 1.0), (16.0, 1.0), (64.0, 1.0), (64.0, 0.2)])
def test_nothing_stays_sharp_when_focus_goes_at_once(gain: float, level: float) -> None:
    steady, light = SteadyDetail(), np.float32(level) * foliage()[:608, :800]
    for number in range(1, 9):
        before = seen(light, gain, number, steady)
    assert before > 0.5
    assert max(seen(level * foliage_out_of_focus(6.0), gain, number, steady) for number in (9, 10, 11)) < 0.005


@pytest.mark.parametrize("gain", [16.0, 64.0])
def test_a_slow_turn_of_the_ring_is_followed_within_three_frames(gain: float) -> None:
    """At no blur is more taken for sharp than at gain 1, where a single frame tells, of that of three frames ago."""
    steady, radii = SteadyDetail(), [0.0] * 8 + [0.5 * k for k in range(1, 10)]
    pictures = [foliage_out_of_focus(radius) for radius in radii]
    found = [seen(picture, gain, number, steady) for number, picture in enumerate(pictures, 1)]
    alone = [seen(picture, 1.0, 1, SteadyDetail()) for picture in pictures]
    for share, before in zip(found[3:], alone, strict=False):
        assert share <= before + 0.02
    assert found[-1] < 0.01


def test_a_camera_in_the_hand_sees_as_much_as_one_on_a_tripod() -> None:
    """It moves by up to three photosites from frame to frame."""
    random, still, held = np.random.default_rng(2), SteadyDetail(), SteadyDetail()
    light = foliage()[:608, :800]
    for number in range(1, 9):
        moved = np.roll(light, tuple(random.integers(-3, 4, 2)), (0, 1))
        on_tripod, in_hand = seen(light, 64.0, number, still), seen(moved, 64.0, number, held)
    assert in_hand > on_tripod - 0.02


def test_levels_are_those_of_the_frame() -> None:
    """A block that is blown out is not known, however many frames are taken together."""
    steady, light = SteadyDetail(), foliage()[:608, :800].copy()
    light[:, :200] = 2.0
    for number in range(1, 6):
        shot = expose(light, 4.0, np.random.default_rng(number))
        kept, chance = steady.of(detail(shot.raw, CFA, LEVELS), shot.noise, number * FRAME_NS)
    z = significance(kept, Levels(LEVELS.black, LEVELS.white), shot.noise, chance)
    assert not z[:, :20].any()
