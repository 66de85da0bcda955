"""A mosaic without its hot pixels, judged photosite by photosite, and the files that are made of it."""

from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from PIL import Image

from device import files, hot_pixels, opcodes, stored_photograph
from device.dial_rules import changed
from device.dials import Dials
from device.errors import BadValue
from device.face_states import ViewState
from device.frame import Cfa, Raw
from device.hot_pixels import MOST, NO_HOT_PIXELS, HotPixels
from device.mending import mended
from device.photograph import Photograph
from device.states import ExposureState
from device.unsaved import Unsaved
from tests.conftest import build_frame
from tests.photographs import FACTS, photograph, smooth_mosaic
from tests.test_dng import said

ROWS, COLUMNS = 64, 96
SINGLE = [(0, 0), (0, 50), (20, 31), (33, 95), (63, 95), (40, 0)]
CLUSTER = [(10, 10), (10, 12), (12, 10), (12, 12), (10, 8), (8, 10), (8, 8), (8, 12), (12, 8)]  # the middle has nobody


def map_of(places: list[tuple[int, int]], rows: int = ROWS, columns: int = COLUMNS) -> HotPixels:
    return HotPixels(rows, columns, np.array(sorted(places), np.uint16).reshape(-1, 2))


def slow(raw: Raw, places: list[tuple[int, int]]) -> Raw:
    """One photosite after the other, as the docstring of `mended` has it."""
    made = raw.copy()
    for row, column in places:
        for reach in (2, 4, 8):
            good: dict[tuple[int, int], int] = {}
            for down in (-reach, 0, reach):
                for across in (-reach, 0, reach):
                    y, x = row + down, column + across
                    if (down or across) and 0 <= y < raw.shape[0] and 0 <= x < raw.shape[1] and (y, x) not in places:
                        good[down, across] = int(raw[y, x])
            if not good:
                continue
            pairs = [
                (good[d], good[-d[0], -d[1]])
                for d in ((0, reach), (reach, 0), (reach, reach), (reach, -reach))
                if d in good and (-d[0], -d[1]) in good
            ]
            if pairs:
                made[row, column] = sum(min(pairs, key=lambda pair: abs(pair[0] - pair[1]))) // 2
            else:
                made[row, column] = sorted(good.values())[(len(good) - 1) // 2]
            break
    return made


def spoilt(places: list[tuple[int, int]]) -> Raw:
    raw = smooth_mosaic(ROWS, COLUMNS)
    for place in places:
        raw[place] = 4095
    return raw


def taken(places: list[tuple[int, int]], *, told: bool = False, cfa: Cfa = Cfa.BGGR) -> Photograph:
    frame, hot = build_frame(spoilt(places), cfa=cfa), map_of(places)
    lists = opcodes.of_hot_pixels(hot, frame) if told else opcodes.NO_OPCODES
    return photograph(frame, facts=replace(FACTS, width=COLUMNS, height=ROWS), hot=hot, opcodes=lists)


@pytest.mark.parametrize("places", [SINGLE, CLUSTER, SINGLE + CLUSTER], ids=["single", "cluster", "both"])
def test_each_becomes_what_its_good_neighbours_say(places: list[tuple[int, int]]) -> None:
    raw = spoilt(places)
    before = raw.copy()
    made = mended(raw, map_of(places))
    np.testing.assert_array_equal(made, slow(raw, sorted(places)))
    np.testing.assert_array_equal(raw, before)
    assert (made[tuple(np.array(places).T)] < 4095).all()


def test_an_edge_stays_one() -> None:
    """A step between two columns, and a hot pixel on its bright side: the mean across it would be grey."""
    raw = np.full((16, 16), 200, np.uint16)
    raw[:, 8:] = 3000
    hot = map_of([(8, 8)], 16, 16)
    assert mended(np.where(np.indices(raw.shape).sum(0) == 16, 4095, raw).astype(np.uint16), hot)[8, 8] == 3000


def test_one_without_good_neighbours_near_stays_as_it_is() -> None:
    raw = np.arange(36, dtype=np.uint16).reshape(6, 6)
    everyone = map_of([(row, column) for row in range(6) for column in range(6)], 6, 6)
    np.testing.assert_array_equal(mended(raw, everyone), raw)


def test_a_mosaic_of_another_size_is_left_alone() -> None:
    raw = spoilt(SINGLE)
    assert mended(raw, map_of(SINGLE, ROWS, COLUMNS + 2)) is raw
    assert mended(raw, NO_HOT_PIXELS) is raw


def test_the_jpeg_is_that_of_the_mended_mosaic_and_the_raw_is_untouched() -> None:
    one = taken(SINGLE + CLUSTER)
    made = {suffix: b"".join(buffers) for suffix, buffers in files.encode(one, 92)}
    by_hand = replace(one, hot=NO_HOT_PIXELS, frame=replace(one.frame, raw=slow(one.frame.raw, SINGLE + CLUSTER)))
    same = {suffix: b"".join(buffers) for suffix, buffers in files.encode(by_hand, 92)}
    assert made["JPG"] == same["JPG"]
    assert made["JPG"] != b"".join(list(files.encode(replace(one, hot=NO_HOT_PIXELS), 92))[1][1])
    np.testing.assert_array_equal(stored_photograph.read(made["DNG"]).frame.raw, spoilt(SINGLE + CLUSTER))


def test_a_jpeg_made_after_a_power_cut_goes_without_them_if_they_are_that_sensors() -> None:
    one = taken(SINGLE)
    dng, jpeg = (b"".join(buffers) for _, buffers in files.encode(one, 92))
    asked: list[str] = []

    def known(model: str) -> HotPixels:
        asked.append(model)
        return one.hot

    assert b"".join(files.print_of(dng, 92, hot_of=known)) == jpeg
    assert b"".join(files.print_of(dng, 92)) != jpeg
    assert asked == [FACTS.model]


def test_the_previews_in_the_dng_go_without_them(tmp_path: Path) -> None:
    """One white photosite in a dark frame: as bright as nothing else in the thumbnail, unless it is mended."""
    raw = np.full((ROWS, COLUMNS), 300, np.uint16)
    raw[30, 40] = 4095
    one = photograph(build_frame(raw), hot=map_of([(30, 40)]))
    brightest = []
    for number, each in enumerate((one, replace(one, hot=NO_HOT_PIXELS))):
        path = tmp_path / f"{number}.dng"
        path.write_bytes(b"".join(files.negative_of(each)))
        with Image.open(path) as thumbnail:
            brightest.append(int(np.asarray(thumbnail.convert("L")).max()))
    assert brightest[0] < 60
    assert brightest[1] > 100


def test_exiftool_sees_the_list_where_it_is_wanted(tmp_path: Path) -> None:
    for name, one in (("with", taken(SINGLE, told=True)), ("without", taken(SINGLE))):
        (tmp_path / name).write_bytes(b"".join(files.negative_of(one)))
    told, untold = (
        {key.split(":")[-1]: value for key, value in said(tmp_path / name).items()} for name in ("with", "without")
    )
    assert told["OpcodeList1"] == "FixBadPixelsList"
    assert "OpcodeList1" not in untold
    np.testing.assert_array_equal(stored_photograph.read((tmp_path / "with").read_bytes()).frame.raw, spoilt(SINGLE))


@pytest.mark.parametrize("wanted", [True, False])
def test_a_press_makes_a_photograph_that_knows_them_and_a_dng_that_names_them_if_it_is_set(wanted: bool) -> None:
    unsaved, one = Unsaved(lambda _: (0, 0)), taken(SINGLE)
    unsaved.hot = one.hot
    dials = changed(Dials(ExposureState(), ViewState()), "card.fix_bad_pixels", wanted)
    press = Mock(shot=Mock(pressed_ns=0, step_ev=0.0, number=0, of=0))
    unsaved.take(one.frame, press, one.facts, one.lens, dials)
    (made,) = press.ticket.submit.call_args.args
    assert made.hot is one.hot
    assert made.opcodes == (taken(SINGLE, told=True).opcodes if wanted else opcodes.NO_OPCODES)


def test_a_map_travels_and_comes_back() -> None:
    hot = map_of(SINGLE + CLUSTER)
    back = hot_pixels.from_steps(hot.rows, hot.columns, hot.steps)
    np.testing.assert_array_equal(back.places, hot.places)
    assert hot_pixels.from_steps(0, 0, []) is NO_HOT_PIXELS


@pytest.mark.parametrize(
    ("rows", "columns", "steps"),
    [
        (0, 96, [1]),
        (64, 1 << 16, [1]),
        (64, 96, [5, 0]),
        (64, 96, [5, -1]),
        (64, 96, [-5]),
        (64, 96, [64 * 96]),
        (64, 96, [1 << 62, 1 << 62, 1]),
        (5000, 5000, [1] * (MOST + 1)),
    ],
)
def test_what_is_no_map_is_refused(rows: int, columns: int, steps: list[int]) -> None:
    with pytest.raises(BadValue, match=r"measure (it|them) by `mcam hotpixels`\.$"):
        hot_pixels.from_steps(rows, columns, steps)


def test_the_longest_map_fits_into_a_message() -> None:
    from device.protocol import MESSAGE_MAX, HotPixelsCall  # noqa: PLC0415 - only here
    from device.varlink import encode  # noqa: PLC0415 - as above

    rows, columns = 3694, 5568  # an IMX283's: 10 000 steps of four digits each are the longest that can be
    places = np.arange(MOST, dtype=np.int64) * (rows * columns // MOST)
    hot = hot_pixels.numbered(rows, columns, places)
    assert len(encode(HotPixelsCall(rows=rows, columns=columns, steps=hot.steps))) < MESSAGE_MAX - 1000
