"""Photographs looked through on a card that may be full of rubbish, go, or come back."""

import os
import re
import struct
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image

from device import inspection, meter, sidecars
from device.card_watch import CardChanged
from device.clock import SteppedClock
from device.dial_rules import changed
from device.dials import Dials
from device.face_states import ViewState
from device.frame import Exposure
from device.outcome import Failed, Saved
from device.preview import PreviewFrame
from device.review_assembly import review_seconds
from device.sensor import Setting
from device.sensor_replay import ReplaySensor
from device.states import ExposureState
from tests.reviewing import FOLDER, SIZES, Reviewing, mosaic, put, taken


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "card"
    folder.mkdir()
    return folder


@pytest.fixture
def desk(root: Path, tmp_path: Path) -> Reviewing:
    return Reviewing(root, tmp_path / "ring")


@pytest.fixture
def three(root: Path, desk: Reviewing) -> Reviewing:
    for number in (1, 2, 3):
        put(root, number, number, jpeg=number != 2)
    desk.face.open()
    desk.step()
    return desk


def patch_of(view: PreviewFrame) -> int:
    """Which of `mosaic` this is, by where it clips."""
    rows = np.nonzero(view.reading.clipped.any(axis=1))[0]
    return round(int(rows[0]) / view.reading.clipped.shape[0] * 720 / 40)


def test_the_newest_is_seen_first_with_all_that_is_known_of_it(three: Reviewing) -> None:
    state, view = three.state, three.view()
    assert (state.name, state.position, state.count) == ("100MCAM_/MCAM0003", 3, 3)
    assert (view.review, state.raw, patch_of(view)) == (state.picture, "ready", 3)
    assert (state.facts.camera, state.facts.lens, state.facts.f_number) == ("IMX477", taken().lens.name, 2.8)
    assert (state.facts.exposure_us, state.facts.iso) == (10_000, 100)
    assert (state.facts.columns, state.facts.rows, state.facts.taken_at) == (960, 720, "2022:11:02 01:00:00")
    assert state.facts.bytes == sum(file.stat().st_size for file in (three.root / FOLDER).glob("MCAM0003.*"))


def test_a_photograph_is_seen_whole_from_memory_before_any_file_exists(desk: Reviewing) -> None:
    desk.waiting = [(taken(5), "")]
    desk.face.open()
    desk.reviewer.step()
    view = desk.view()
    assert (desk.state.name, desk.state.raw, patch_of(view)) == ("", "ready", 5)
    assert view.reading.histogram.sum() == mosaic().size
    desk.press("ok")
    assert desk.state.choices == ()  # there is nothing to rate or delete yet


def test_a_photograph_that_is_saved_while_it_is_seen_gets_its_name_and_stays(desk: Reviewing) -> None:
    photo = taken(5)
    desk.waiting = [(photo, "")]
    desk.face.open()
    desk.step()
    seen = desk.state.picture
    put(desk.root, 1, 5)
    desk.waiting = []
    desk.reviewer.tell(Saved(photo, "100MCAM_/MCAM0001", ("100MCAM_/MCAM0001.DNG", "100MCAM_/MCAM0001.JPG")))
    desk.step()
    assert (desk.state.name, desk.state.picture, desk.state.count) == ("100MCAM_/MCAM0001", seen, 1)
    desk.press("ok", "right")
    assert sidecars.rating(desk.root, desk.table.looked.shot.picture) == 1  # type: ignore[union-attr, arg-type]


def test_a_photograph_that_is_given_up_is_not_listed_any_more(desk: Reviewing) -> None:
    photo = taken()
    desk.waiting = [(photo, "")]
    desk.face.open()
    desk.step()
    desk.waiting = []
    desk.reviewer.tell(Failed(photo, "It was given up.", ()))
    desk.step()
    assert (desk.state.count, desk.state.picture) == (0, 0)


def test_the_pad_goes_through_all_of_them_and_stops_at_the_ends(three: Reviewing) -> None:
    names = []
    for button in ("left", "left", "left", "right", "right", "right"):
        three.press(button)
        names.append((three.state.name[-1], patch_of(three.view())))
    assert names == [("2", 2), ("1", 1), ("1", 1), ("2", 2), ("3", 3), ("3", 3)]


def test_steps_that_wait_are_taken_as_one_and_nothing_between_is_read(three: Reviewing) -> None:
    three.face.open()
    three.step()
    three.table._stored.clear()
    for _ in range(2):
        three.face.press("left")
    three.reviewer.step()
    assert three.state.name == "100MCAM_/MCAM0001"
    assert list(three.table._stored._kept) == ["100MCAM_/MCAM0001"]


def test_the_embedded_picture_is_seen_before_the_raw_is_read(root: Path, desk: Reviewing) -> None:
    put(root, 1, 1)
    desk.face.open()
    desk.step(until=lambda: desk.state.picture)
    view = desk.view()
    assert (desk.state.raw, view.bits) == ("reading", 0)
    with Image.open(root / FOLDER / "MCAM0001.JPG") as image:
        expected = np.asarray(image.convert("L").resize(view.preview.y.shape[::-1], Image.Resampling.BOX), int)
    assert np.abs(view.preview.y.astype(int) - expected).mean() < 3
    assert not view.reading.clipped.any()


def test_readings_are_those_of_mcam_inspect(three: Reviewing) -> None:
    sensor = ReplaySensor(three.root / FOLDER / "MCAM0003.DNG", SteppedClock(), buffers=4, preview_max=SIZES.picture)
    sensor.start(Setting.ARMED, Exposure(10_000, 1.0))
    frame = sensor.wait(1.0)
    assert frame is not None
    told, reading = inspection.inspect(frame), three.view().reading
    assert told.clipped_share == {
        name: round(float(share), 6) for name, share in zip(["R", "Gr", "Gb", "B"], reading.clipped_share, strict=True)
    }
    assert (told.headroom_ev, told.spot_ev, told.noise_floor_ev, told.focus_score) == pytest.approx(
        (reading.headroom_ev, reading.spot_ev, reading.noise_floor_ev, reading.focus_score), abs=0.005
    )
    np.testing.assert_array_equal(reading.histogram, meter.read(frame).histogram)


def test_looking_nearer_shows_photosites_of_the_mosaic_one_to_one(three: Reviewing) -> None:
    three.press("up")
    window = three.view().magnified
    assert window is not None
    assert (window.window.rows, window.window.columns) == SIZES.window
    before = window.window
    three.press("right", "up")
    after = three.view().magnified
    assert after is not None
    assert (after.window.left - before.left, before.top - after.window.top) == (144, 96)
    raw = mosaic(3)[after.window.top :, after.window.left :][: after.window.rows, : after.window.columns]
    clipped = (raw >= 4095).reshape(raw.shape[0] // 2, 2, raw.shape[1] // 2, 2).any(axis=(1, 3))
    np.testing.assert_array_equal(after.clipped > 0, clipped)
    three.press("ok")
    twice = three.view().magnified
    assert twice is not None
    assert (twice.window.rows, twice.window.columns) == (80, 120)


def test_the_window_is_seen_as_soon_as_the_tiles_under_it_are_read(root: Path, desk: Reviewing) -> None:
    put(root, 1, 1)
    desk.face.open()
    desk.step(until=lambda: desk.state.picture)
    desk.face.press("up")
    desk.step(until=lambda: desk.view().magnified is not None)
    raw = desk.table.looked._raw  # type: ignore[union-attr]
    assert raw is not None
    assert (desk.state.raw, raw.is_whole) == ("reading", False)
    seen = desk.view()
    desk.step()
    whole = desk.view()
    assert seen.magnified is not None
    assert whole.magnified is not None
    assert desk.state.raw == "ready"
    np.testing.assert_array_equal(seen.magnified.picture.y, whole.magnified.picture.y)


def test_the_live_view_is_back_at_once_and_none_of_its_frames_was_seen_between(three: Reviewing) -> None:
    live, reading = taken().frame, meter.read(taken().frame)
    before = three.view().number
    three.on_screen.publish(live, reading)
    assert three.view().number == before
    three.face.close()
    three.on_screen.publish(live, reading)
    assert (three.view().review, three.state) == (0, type(three.state)())


def test_what_closed_it_does_not_close_it_again_when_it_was_opened_before_the_reviewer_woke(three: Reviewing) -> None:
    three.face.press("function")
    assert not three.face.is_open
    three.face.open()
    three.face.press("down")
    assert (three.state.open, three.state.page) == (True, "histogram")


def test_nothing_is_shown_after_it_was_closed(three: Reviewing) -> None:
    three.face.press("left")
    three.face.close()
    before = three.view().number
    three.step()
    assert three.view().number == before


# ---- what is done with a photograph ----------------------------------------------------------------------------------


def test_a_rating_and_a_protection_are_written_told_and_last(three: Reviewing) -> None:
    three.press("ok", "right", "right", "right", "down", "ok")
    assert (three.state.rating, three.state.protected) == (3, True)
    three.face.close()
    three.step()
    three.face.open()
    three.step()
    assert (three.state.rating, three.state.protected) == (3, True)
    assert not (three.root / FOLDER / "MCAM0003.DNG").stat().st_mode & 0o222
    three.press("ok", "down", "ok")
    assert (three.state.protected, three.state.message) == (False, "")


def test_a_deleted_photograph_comes_back_by_undo_and_is_seen(three: Reviewing) -> None:
    three.press("left", "ok", "down", "down", "ok", "right", "ok")
    assert (three.state.name, three.state.count, three.state.deleted) == ("100MCAM_/MCAM0003", 2, 1)
    three.press("ok", "down", "down", "down", "ok")
    assert (three.state.name, three.state.count, three.state.deleted) == ("100MCAM_/MCAM0002", 3, 0)


def test_what_is_deleted_is_gone_once_the_review_is_left(three: Reviewing) -> None:
    three.press("ok", "down", "down", "ok", "right", "ok")
    assert len(list((three.root / FOLDER).glob(".MCAM0003*"))) == 2
    three.press("function")
    assert not list((three.root / FOLDER).glob("*0003*"))


def test_a_protected_photograph_says_so_and_stays(three: Reviewing) -> None:
    three.press("ok", "down", "ok", "ok", "down", "down", "ok", "right", "ok")
    assert three.state.message == "MCAM0003 is protected: take the protection away first."
    assert (three.state.name, three.state.count) == ("100MCAM_/MCAM0003", 3)
    three.press("left")
    assert three.state.message == ""


def test_the_last_one_can_be_deleted_and_brought_back(root: Path, desk: Reviewing) -> None:
    put(root, 1, 1)
    desk.face.open()
    desk.step()
    desk.press("ok", "down", "down", "ok", "right", "ok")
    assert (desk.state.count, desk.state.picture, desk.state.deleted) == (0, 0, 1)
    desk.press("ok", "ok")
    assert (desk.state.count, desk.state.name) == (1, "100MCAM_/MCAM0001")


def test_what_an_end_without_warning_left_deleted_comes_back(three: Reviewing, tmp_path: Path) -> None:
    three.press("ok", "down", "down", "ok", "right", "ok")
    after = Reviewing(three.root, tmp_path / "another ring")
    after.face.open()
    after.step()
    assert (after.state.name, after.state.count) == ("100MCAM_/MCAM0003", 3)


def test_a_card_that_refuses_says_so_and_nothing_is_lost(three: Reviewing, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    for call in ("link", "rename", "fchmod", "mkdir", "unlink"):
        monkeypatch.setattr(os, call, refused)
    three.press("ok", "right")
    assert "cannot be written" in three.state.message
    three.press("down", "ok")
    assert "cannot be written" in three.state.message
    three.press("ok", "down", "down", "ok", "right", "ok")
    assert "cannot be written" in three.state.message
    assert (three.state.rating, three.state.protected, three.state.count) == (0, False, 3)


# ---- what is wrong with files and cards ------------------------------------------------------------------------------


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])


def scrambled(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[8:4000] = np.random.default_rng(1).bytes(3992)
    path.write_bytes(data)


def contradicting_itself(path: Path) -> None:
    """Of one strip two lengths."""
    data = path.read_bytes()
    assert struct.pack("<HHI", 279, 4, 1) in data
    path.write_bytes(data.replace(struct.pack("<HHI", 279, 4, 1), struct.pack("<HHI", 279, 4, 2)))


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [cut, half, scrambled, emptied, a_folder, Path.unlink])
def test_a_damaged_photograph_is_told_as_such_and_passed_by(three: Reviewing, damage: Callable[[Path], None]) -> None:
    damage(three.root / FOLDER / "MCAM0002.DNG")
    three.face.close()
    three.step()
    three.face.open()
    three.step()
    three.press("left")
    if damage is not Path.unlink:
        assert three.state.name == "100MCAM_/MCAM0002"
        assert "cannot be read" in three.state.message
        assert three.state.raw == "none"
        three.press("up", "right", "function", "down", "down", "down", "left")
    assert (three.state.name, three.state.message, patch_of(three.view())) == ("100MCAM_/MCAM0001", "", 1)


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (cut, "its picture is damaged"),
        (emptied, "this file is no TIFF or DNG"),
        (contradicting_itself, "it has no picture inside"),
    ],
)
def test_the_jpeg_is_seen_where_the_dng_is_damaged_and_that_it_is_is_said(
    root: Path, desk: Reviewing, damage: Callable[[Path], None], why: str
) -> None:
    put(root, 1, 1)
    damage(root / FOLDER / "MCAM0001.DNG")
    desk.face.open()
    desk.step()
    assert (desk.state.raw, desk.view().review) == ("none", desk.state.picture)
    assert desk.state.message == f"MCAM0001.DNG cannot be read ({why}): copy it to a computer before it is deleted."
    assert desk.state.facts.iso == 100


def test_a_picture_of_another_program_is_seen_without_tools(root: Path, desk: Reviewing) -> None:
    (root / FOLDER).mkdir(parents=True)
    Image.new("L", (333, 77), 90).save(root / FOLDER / "MCAM0001.JPG")
    desk.face.open()
    desk.step()
    desk.press("up")
    assert (desk.state.raw, desk.state.message) == ("none", "")
    assert desk.view().magnified is None
    assert abs(int(desk.view().preview.y.mean()) - 90) < 2


def test_a_dng_of_another_camera_is_seen_by_its_preview(root: Path, desk: Reviewing, data: Path) -> None:
    (root / FOLDER).mkdir(parents=True)
    (root / FOLDER / "MCAM0001.DNG").write_bytes((data / "canon550d_colorchart.dng").read_bytes())
    desk.face.open()
    desk.step()
    assert (desk.state.raw, desk.state.name) == ("none", "100MCAM_/MCAM0001")
    assert bool(desk.state.message) == (desk.state.picture == 0 or desk.view().review != desk.state.picture)


def test_a_card_that_is_gone_is_told_and_one_that_comes_is_read(three: Reviewing) -> None:
    away = three.root.with_name("away")
    three.root.rename(away)
    three.press("left", "left")
    assert "not on the card any more" in three.state.message or three.state.name
    three.reviewer.tell(CardChanged("missing", "No card."))
    three.step()
    assert three.state.count == 0
    away.rename(three.root)
    three.reviewer.tell(CardChanged("ok", ""))
    three.step()
    assert (three.state.count, three.state.name, three.state.message) == (3, "100MCAM_/MCAM0003", "")


def test_an_empty_card_has_nothing_to_show_and_takes_every_button(desk: Reviewing) -> None:
    desk.face.open()
    desk.step()
    desk.press("left", "right", "up", "down", "down", "ok", "ok")
    desk.face.turn(3)
    desk.step()
    assert (desk.state.count, desk.state.open, desk.state.picture) == (0, True, 0)
    desk.press("function", "function")
    assert not desk.state.open


def test_thousands_of_files_are_listed_and_memory_stays_bounded(root: Path, desk: Reviewing) -> None:
    put(root, 1, 1, jpeg=False)
    source = root / FOLDER / "MCAM0001.DNG"
    for number in range(2, 5001):
        os.link(source, root / FOLDER / f"MCAM{number:04d}.DNG")
    (root / FOLDER / "README.TXT").write_text("no photograph")
    desk.table._stored._kept_bytes = 10 * SIZES.picture[0] * SIZES.picture[1] * 3 // 2
    desk.face.open()
    desk.step()
    assert (desk.state.position, desk.state.count) == (5000, 5000)
    for _ in range(30):
        desk.press("left")
    assert desk.state.position == 4970
    assert len(desk.table._stored._kept) <= 10
    assert desk.table._stored.has(desk.table._roll[4967].picture)  # type: ignore[arg-type]  # read beforehand


def test_a_fault_of_ours_ends_neither_the_review_nor_the_camera(
    three: Reviewing, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    told = threading.Event()
    monkeypatch.setattr(three.table, "go", lambda _: 1 // 0)
    monkeypatch.setattr(three.face, "_changed", lambda: told.set() if three.state.message else None)
    three.reviewer.start()
    three.face.press("left")
    assert told.wait(20)
    assert "please report this" in three.state.message
    three.reviewer.stop()
    assert not three.reviewer._worker.is_alive()


# ---- after the shot --------------------------------------------------------------------------------------------------


def test_a_photograph_is_shown_after_the_shot_for_as_long_as_is_set(desk: Reviewing) -> None:
    desk.face.brief_s = lambda: 3
    desk.waiting = [(taken(4), "")]
    desk.face.taken()
    assert desk.step() == pytest.approx(3.0)
    assert (desk.state.open, patch_of(desk.view())) == (True, 4)
    desk.clock.advance(2_999_000_000)
    desk.step()
    assert desk.state.open
    desk.clock.advance(1_000_000)
    desk.step()
    assert not desk.state.open


def test_under_the_cameras_lock_nobody_is_told_of_the_review_after_the_shot(
    desk: Reviewing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lens that was being chosen held the lock that hearing of it takes, and waited for the camera's: for ever."""
    told: list[str] = []
    monkeypatch.setattr(desk.face, "_changed", lambda: told.append("changed"))
    desk.face.brief_s = lambda: 3
    desk.waiting = [(taken(4), "")]
    desk.face.taken()
    assert told == []
    desk.step()
    assert told


def test_the_next_shot_is_shown_in_its_turn(desk: Reviewing) -> None:
    desk.face.brief_s = lambda: 3
    for seed in (4, 6):
        desk.waiting.append((taken(seed), ""))
        desk.face.taken()
        desk.step()
        assert patch_of(desk.view()) == seed


def test_a_button_of_the_review_keeps_it_open(desk: Reviewing) -> None:
    desk.face.brief_s = lambda: 3
    desk.waiting = [(taken(4), "")]
    desk.face.taken()
    desk.step()
    desk.press("down")
    desk.clock.advance(60_000_000_000)
    desk.step()
    assert (desk.state.open, desk.state.page) == (True, "histogram")
    desk.waiting.append((taken(6), ""))
    desk.face.taken()
    desk.step()
    assert patch_of(desk.view()) == 4  # a longer look is not disturbed


def test_no_photograph_is_shown_after_the_shot_unless_that_is_set(desk: Reviewing) -> None:
    desk.face.taken()
    assert not desk.state.open


@pytest.mark.parametrize(
    ("mode", "seconds"), [("single", 3), ("timer-2", 3), ("bulb", 3), ("continuous-high", 0), ("bracketing", 0)]
)
def test_a_burst_is_not_interrupted_by_looks_at_its_photographs(mode: str, seconds: int) -> None:
    dials = changed(changed(Dials(ExposureState(), ViewState()), "view.review_s", 3), "drive.mode", mode)
    assert review_seconds(dials) == seconds


def test_what_is_told_of_a_photograph_can_be_sent(three: Reviewing) -> None:
    assert msgspec.json.decode(msgspec.json.encode(three.state), type=type(three.state)) == three.state


def test_a_raw_that_was_made_to_harm_is_only_a_picture(root: Path, desk: Reviewing) -> None:
    put(root, 1, 1, jpeg=False)
    path = root / FOLDER / "MCAM0001.DNG"
    data = path.read_bytes()
    path.write_bytes(data.replace((720).to_bytes(4, "little"), (2_000_000_000).to_bytes(4, "little")))
    desk.face.open()
    desk.step()
    assert desk.state.raw == "none"


def test_a_question_about_a_photograph_is_not_asked_about_one_of_another_card(three: Reviewing) -> None:
    three.press("ok", "down", "down", "ok")
    assert three.state.choices == ("keep", "really-delete")
    name = three.state.name
    for place in (three.root / FOLDER).glob(f"{name.rpartition('/')[2]}.*"):
        place.unlink()
    three.reviewer.tell(CardChanged("ok", ""))
    three.step()
    assert three.state.name not in ("", name)
    assert three.state.choices == ()


@pytest.mark.parametrize("suffix", ["DNG", "JPG"])
def test_a_file_too_large_for_memory_is_told_and_not_read(root: Path, desk: Reviewing, suffix: str) -> None:
    put(root, 1, 1)
    for other in {"DNG", "JPG"} - {suffix}:
        (root / FOLDER / f"MCAM0001.{other}").unlink()
    place = root / FOLDER / f"MCAM0001.{suffix}"
    content = place.read_bytes()
    if suffix == "DNG":  # the strips' byte counts, tag 279 of one LONG, in every directory
        content = re.sub(rb"(\x17\x01\x04\x00\x01\x00\x00\x00)....", rb"\g<1>" + struct.pack("<I", 1 << 31), content)
    place.write_bytes(content)
    os.truncate(place, 1 << 40)  # a hole: nothing of it is on the disk
    desk.face.open()
    desk.step()
    assert "too large to be looked at" in desk.state.message


def test_a_card_that_fills_up_meanwhile_brings_nothing_back_that_was_deleted(three: Reviewing) -> None:
    three.press("ok", "down", "down", "ok", "down", "ok")
    assert (three.state.count, three.state.deleted) == (2, 1)
    for state in ("full", "ok"):
        three.reviewer.tell(CardChanged(state, ""))
        three.step()
        assert (three.state.count, three.state.deleted) == (2, 1)
    three.reviewer.tell(CardChanged("missing", "No card."))
    three.reviewer.tell(CardChanged("full", ""))
    three.step()
    assert (three.state.count, three.state.deleted) == (3, 0)
