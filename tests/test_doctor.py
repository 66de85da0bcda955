"""The doctor on machines that are folders: rigs in order, and each thing that can be wrong with one."""

import dataclasses
import errno
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from device import boot_config, card_speed, doctor
from device.cli import main
from device.config import load
from device.doctor import examine
from device.errors import LossyRaw, NoRaw
from device.finding import note
from device.states import SensorState, State
from tests.rigs import MCAM, THROTTLED, Tree, pi4, pi5

Spoil = Callable[[Tree], object]


@pytest.fixture
def rig(tmp_path: Path) -> Tree:
    return pi4(tmp_path)


@pytest.mark.parametrize("build", [pi4, pi5])
def test_of_a_rig_in_order_there_is_nothing_to_mend(tmp_path: Path, build: Callable[[Path], Tree]) -> None:
    findings = build(tmp_path).findings()
    assert [finding for finding in findings if finding.state != "well"] == []
    assert {"camera", "panel", "pins", "card", "speed", "supply"} <= {finding.subject for finding in findings}


# ---- one thing wrong at a time ------------------------------------------------------------------------------------

HYPERPIXEL = "dtoverlay=vc4-kms-dpi-hyperpixel4\n"
SPI_PANEL = (
    "dtoverlay=mipi-dbi-spi,spi0-0,speed=70000000\ndtparam=width=320,height=240\ndtparam=reset-gpio=23,dc-gpio=24\n"
)
CLIENTS = " command  tgid dev master a   uid      magic\n   labwc   812   0   y    y  1000          0\n"
LINES = " gpio-529 (GPIO17              |gpio-shutdown       ) in  hi IRQ\n gpio-530 (GPIO18 )\n"

WRONG: dict[str, tuple[Spoil, str, str]] = {
    "no sensor": (
        lambda t: (t.remove("sys/class/video4linux/*/name"), t.remove("sys/bus/i2c/devices/*/name")),
        "camera",
        "push its cable home",
    ),
    "sensor does not answer": (lambda t: t.remove("sys/class/video4linux/*/name"), "camera", "overlay of imx477"),
    "nobody looks for a sensor": (
        lambda t: (t.remove("sys/class/video4linux/*/name"), t.remove("sys/bus/i2c/devices/*/name"),
                   t.edit("boot/firmware/config.txt", "camera_auto_detect=1", "camera_auto_detect=0")),
        "camera",
        "camera_auto_detect=1",
    ),
    "overlay not loaded": (
        lambda t: (t.remove("sys/class/video4linux/*/name"), t.remove("sys/bus/i2c/devices/*/name"),
                   t.edit("boot/firmware/config.txt", "[cm5]", "dtoverlay=imx708\n[cm5]")),
        "camera",
        "dtoverlay=imx708",
    ),
    "four lanes wanted": (
        lambda t: (t.write("sys/class/video4linux/v4l-subdev0/name", "imx283 10-001a"),
                   t.write("usr/share/libcamera/ipa/rpi/vc4/imx283.json")),
        "camera",
        "four lanes",
    ),
    "camera files shut": (lambda t: t.write("dev/video0", mode=0o600), "camera files", "-aG video mcam"),
    "heap shut": (lambda t: t.write("dev/dma_heap/linux,cma", mode=0o600), "dma_heap", "udev rule"),
    "no heap": (lambda t: t.remove("dev/dma_heap/*"), "dma_heap", "no /dev/dma_heap"),
    "little memory": (lambda t: t.write("proc/meminfo", "CmaTotal:   65536 kB\n"), "memory", "cma-512"),
    "no tuning": (lambda t: t.remove("usr/share/libcamera/ipa/rpi/vc4/*"), "tuning", "libcamera-ipa"),
    "no picamera2": (lambda t: t.be(has_module=lambda n: n != "picamera2"), "camera stack", "python3-picamera2"),
    "numpy of another": (lambda t: t.be(numpy="2.4.6"), "numpy", "hides apt's 2.2.4"),
    "32 bit": (lambda t: t.be(pointer_bits=32), "board", "64-bit"),
    "no pins": (lambda t: t.remove("dev/gpiochip0"), "pins", "no /dev/gpiochip"),
    "pins shut": (lambda t: t.write("dev/gpiochip0", mode=0o600), "pins", "-aG gpio mcam"),
    "no lgpio": (lambda t: t.be(has_module=lambda n: n != "lgpio"), "lgpio", "python3-lgpio"),
    "lgpio cannot make its pipe": (lambda t: (t.root / "tmp").chmod(0o755), "lgpio", "chmod 1777"),
    "display takes all pins": (lambda t: t.write("boot/firmware/config.txt", HYPERPIXEL), "overlays", "all buttons"),
    "display takes two pins": (
        lambda t: t.write("boot/firmware/config.txt", SPI_PANEL),
        "overlays",
        "encoder_a (GPIO 23), encoder_b (GPIO 24)",
    ),
    "pin held": (lambda t: t.write("sys/kernel/debug/gpio", LINES), "held pins", "gpio-shutdown holds GPIO 17"),
    "no panel": (lambda t: t.remove("dev/fb0"), "panel", "There is no /dev/fb0"),
    "panel shut": (lambda t: t.write("dev/fb0", mode=0o600), "panel", "-aG video mcam"),
    "24 bits": (lambda t: t.write("sys/class/graphics/fb0/bits_per_pixel", "24"), "pixels", "16 or 32"),
    "stride too short": (lambda t: t.write("sys/class/graphics/fb0/stride", "1200"), "pixels", "less than a line"),
    "DRM master": (lambda t: t.write("sys/kernel/debug/dri/0/clients", CLIENTS), "display", "labwc (process 812)"),
    "a desktop": (lambda t: t.write("etc/systemd/system/display-manager.service"), "display", "multi-user.target"),
    "card missing": (lambda t: t.want(card="/media/elsewhere/mcam"), "card", "There is no /media/elsewhere/mcam"),
    "card locked": (lambda t: t.edit("proc/self/mounts", "/media/mcam ext4 rw", "/media/mcam ext4 ro"), "card", "lock"),
    "card in memory": (lambda t: t.edit("proc/self/mounts", "/media/mcam ext4", "/media/mcam tmpfs"), "card", "memory"),
    "card of another": (lambda t: (t.root / "media/mcam").chmod(0o755), "card", "may not write"),
    "card full": (lambda t: t.be(free_bytes=lambda _: 20_000_000), "room", "full"),
    "card broken": (lambda t: t.be(write_mb_s=broken), "speed", "cannot be written"),
    "clock not set": (lambda t: t.be(wall_s=86_400.0), "clock", "wrong date"),
    "weak supply": (lambda t: t.write(THROTTLED, "50005"), "supply", "too low: take"),
    "supply was weak": (lambda t: t.write(THROTTLED, "50000"), "supply", "since the start"),
    "slowed down": (lambda t: t.write(THROTTLED, "4"), "heat", "slowed down"),
    "hot": (lambda t: t.write("sys/class/thermal/thermal_zone0/temp", "82000"), "heat", "82 °C"),
    "battery empty": (
        lambda t: (t.write("sys/class/power_supply/max17040/type", "Battery"),
                   t.write("sys/class/power_supply/max17040/capacity", "7")),
        "battery",
        "charge it",
    ),
    "battery gauge silent": (
        lambda t: t.edit("boot/firmware/config.txt", "[all]", "[all]\ndtoverlay=i2c-sensor,max17040"),
        "battery",
        "none answers",
    ),
    "watchdog too long": (
        lambda t: t.write("etc/systemd/system.conf.d/watchdog.conf", "[Manager]\nRuntimeWatchdogSec=1min\n"),
        "watchdog",
        "RuntimeWatchdogSec=60",
    ),
    "lossy RAW": (
        lambda t: (t.write("etc/systemd/system/mcam-capture.service"),
                   t.write("run/mcam/last-words", f"{LossyRaw('BGGR_PISP_COMP1')}\n")),
        "raw",
        "update picamera2",
    ),
    "service refused": (
        lambda t: (t.write("etc/systemd/system/mcam-capture.service"),
                   t.write("run/mcam/last-words", "The card is gone: put it back.\n")),
        "service",
        "last said: The card is gone: put it back.",
    ),
    "service silent": (lambda t: t.write("etc/systemd/system/mcam-capture.service"), "service", "journalctl"),
}  # fmt: skip


def broken(_: Path) -> float:
    raise OSError(errno.EIO, "Input/output error")


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_alone_and_with_what_to_do(rig: Tree, name: str) -> None:
    spoil, subject, words = WRONG[name]
    spoil(rig)
    assert [finding.subject for finding in rig.faults()] == [subject]
    assert words in rig.faults()[0].text


NOTES: dict[str, tuple[Spoil, str, str]] = {
    "one page": (lambda t: t.write("sys/class/graphics/fb0/virtual_size", "800,480"), "pages", "overalloc=200"),
    "some memory": (lambda t: t.write("proc/meminfo", "CmaTotal:  131072 kB\n"), "memory", "hold 4 frames, not the 6"),
    "a sensor without facts": (
        lambda t: (t.write("sys/class/video4linux/v4l-subdev0/name", "ov5647 10-0036"),
                   t.write("usr/share/libcamera/ipa/rpi/vc4/ov5647.json")),
        "camera",
        "no facts",
    ),
    "no journal": (lambda t: t.edit("proc/self/mounts", "/media/mcam ext4", "/media/mcam exfat"), "card", "fsck"),
    "slow card": (lambda t: t.be(write_mb_s=lambda _: 4.0), "speed", "25 MB is safe after 6.2 s"),
    "somebody else's card": (lambda t: t.be(write_mb_s=refused), "speed", "sudo mcam doctor"),
    "nearly full": (lambda t: t.be(free_bytes=lambda _: 100_000_000), "room", "about 4 photographs"),
    "clock not synchronised": (lambda t: t.remove("run/systemd/timesync/*"), "clock", "not been set"),
    "warm": (lambda t: t.write("sys/class/thermal/thermal_zone0/temp", "74000"), "heat", "74 °C"),
    "no watchdog": (lambda t: t.write("etc/systemd/system.conf"), "watchdog", "RuntimeWatchdogSec=14"),
    "cloud-init": (lambda t: t.remove("etc/cloud/cloud-init.disabled"), "start", "cloud-init.disabled"),
    "buttons off": (lambda t: t.want(pins={}), "pins", "switched off"),
    "not in the group": (
        lambda t: (t.write("etc/systemd/system/mcam-capture.service"), t.write("run/mcam/mcam.sock"),
                   t.be(may_enter=lambda _: False)),
        "service",
        "-aG mcam",
    ),
    "Wi-Fi off": (
        lambda t: (t.write("sys/class/rfkill/rfkill0/type", "wlan"), t.write("sys/class/rfkill/rfkill0/soft", "1")),
        "wifi",
        "country",
    ),
}  # fmt: skip


def refused(_: Path) -> float:
    raise PermissionError(errno.EACCES, "Permission denied")


@pytest.mark.parametrize("name", NOTES)
def test_what_could_be_better_is_noted_and_nothing_has_to_be_mended(rig: Tree, name: str) -> None:
    change, subject, words = NOTES[name]
    change(rig)
    assert rig.faults() == []
    finding = rig.said(subject)
    assert finding.state == "note"
    assert words in finding.text


# What is said only of a rig that has it, or that has it wrong.
NOT_BY_ITSELF = {"battery", "service", "held pins", "raw"}


@pytest.mark.parametrize("subject", sorted({subject for _, subject, _ in (WRONG | NOTES).values()} - NOT_BY_ITSELF))
def test_what_can_be_wrong_is_said_to_be_well_when_it_is(rig: Tree, subject: str) -> None:
    assert rig.said(subject).state == "well"


def test_what_not_every_rig_has_is_said_to_be_well_when_it_is(rig: Tree) -> None:
    rig.write("sys/class/power_supply/max17040/type", "Battery")
    rig.write("sys/class/power_supply/max17040/capacity", "81")
    rig.write("sys/kernel/debug/gpio", LINES.replace("gpio-shutdown", "lg"))
    rig.write("etc/systemd/system/mcam-capture.service")
    running = State(sensor=SensorState(raw_format="SBGGR12"))
    said = {finding.subject: finding for finding in rig.findings(running)}
    assert {said[subject].state for subject in NOT_BY_ITSELF} == {"well"}
    assert "81 %" in said["battery"].text


def test_the_size_of_a_photograph_is_measured_once_there_are_some(rig: Tree) -> None:
    rig.be(free_bytes=lambda _: 1_000_000_000, write_mb_s=lambda _: 10.0)
    assert rig.said("room").text.startswith("There is room for about 40 photographs of 25 MB, the most that")
    for number in range(1, 12):  # the first is older than those that count
        for suffix, megabytes in (("DNG", 10), ("JPG", 500 if number == 1 else 3)):
            photograph = f"media/mcam/DCIM/100MCAM_/MCAM{number:04}.{suffix}"
            rig.write(photograph)
            os.truncate(rig.root / photograph, megabytes * 1_000_000)
    assert rig.said("room").text == "There is room for about 76 photographs of 13 MB, as the last ones on it."
    assert "13 MB is safe after 1.3 s" in rig.said("speed").text


# ---- who, where, what ---------------------------------------------------------------------------------------------


def test_a_usb_camera_alone_is_no_camera_for_photographs(rig: Tree) -> None:
    rig.remove("sys/class/video4linux/v4l-subdev*/name")
    rig.remove("sys/bus/i2c/devices/*/name")
    assert rig.said("camera").state == "fault"
    rig.write("sys/bus/usb/drivers/uvcvideo/1-1.4:1.0")
    assert rig.said("camera") == note("camera", f"Only a USB camera is connected. {NoRaw()}")


def test_a_simulated_sensor_on_a_pi_needs_no_camera(rig: Tree) -> None:
    rig.want(sensor="simulated")
    rig.remove("sys/class/video4linux/*/name")
    assert rig.faults() == []


@pytest.mark.parametrize("model", ["Raspberry Pi 3 Model B Plus Rev 1.3", "Raspberry Pi Zero 2 W Rev 1.0"])
def test_a_pi_with_two_lanes_is_told_that_four_are_needed(rig: Tree, model: str) -> None:
    rig.write("proc/device-tree/model", model)
    rig.write("sys/class/video4linux/v4l-subdev0/name", "imx283 10-001a")
    assert "four lanes" in rig.said("camera").text


def test_a_laptop_is_told_plainly_and_still_examined(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.be(architecture="x86_64", has_module=lambda _: False)
    (tmp_path / "media/mcam").mkdir(parents=True)
    (tmp_path / "media/mcam").chmod(0o777)
    tree.want(panel="")
    assert tree.said("board").text == "This is not a Raspberry Pi: the camera is simulated."
    assert {finding.subject for finding in tree.findings()} == {"board", "versions", "card", "room", "speed", "clock"}
    assert tree.faults() == []


def test_a_laptop_on_which_a_camera_is_demanded_lacks_one(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.want(sensor="picamera2", panel="", card=str(tmp_path))
    assert "camera" in {finding.subject for finding in tree.faults()}


def test_root_may_open_everything_and_the_service_only_what_its_groups_may(rig: Tree) -> None:
    rig.write("dev/fb0", mode=0o600)
    assert "panel" in {finding.subject for finding in rig.faults()}
    rig.write("etc/passwd", MCAM.replace("991", "0"))
    assert rig.faults() == []


def test_a_group_that_the_user_is_in_opens_its_files(rig: Tree) -> None:
    owner = (rig.root / "dev/fb0").stat().st_gid
    rig.write("dev/fb0", mode=0o660)
    assert "panel" in {finding.subject for finding in rig.faults()}
    rig.write("etc/group", f"video:x:{owner}:pi,mcam\n")
    assert rig.faults() == []


def test_the_alarm_of_newer_kernels_is_understood(tmp_path: Path) -> None:
    tree = pi5(tmp_path)
    tree.write("sys/class/hwmon/hwmon1/in0_lcrit_alarm", "1\n")
    assert [finding.subject for finding in tree.faults()] == ["supply"]


def test_a_home_in_the_card_s_name_is_the_service_s(rig: Tree) -> None:
    rig.want(card="~/mcam-card")
    assert rig.rig.card == rig.root / "var/lib/mcam/mcam-card"


def test_a_running_camera_without_raw_is_told_with_what_to_do(rig: Tree) -> None:
    *_, runs, raw = rig.findings(State(sensor=SensorState(model="USB Camera", width=640, height=480)))
    assert (runs.subject, runs.state) == ("service", "well")
    assert raw == note("raw", str(NoRaw()))


def test_the_running_camera_says_what_the_sensor_granted(rig: Tree) -> None:
    granted = SensorState(model="IMX477", bits=12, raw_format="SBGGR12", frames_per_s=39.96)
    service, raw = rig.findings(State(sensor=granted))[-2:]
    assert (service.state, service.text) == ("well", "The camera runs: IMX477, 40 frames/s.")
    assert (raw.state, raw.text) == ("well", "Every level is kept: 12 bit (SBGGR12).")


def test_the_running_camera_s_own_complaint_is_passed_on(rig: Tree) -> None:
    said = next(f for f in rig.findings(State(message="The card is full.")) if f.subject == "service")
    assert (said.state, said.text) == ("note", "The camera runs and says: The card is full.")


@pytest.mark.parametrize("name", [*WRONG, *NOTES])
def test_whatever_is_said_is_one_sentence(rig: Tree, name: str) -> None:
    ({**WRONG, **NOTES})[name][0](rig)
    assert all(re.fullmatch(r"[^\n]+\.", finding.text) for finding in rig.findings())


# ---- config.txt ---------------------------------------------------------------------------------------------------


def test_filters_by_model_are_minded() -> None:
    text = "a=1\n[pi4]\nb=2 # remark\n[pi5]\nc=3\n[all]\n#d=4\ne=5\n"
    assert boot_config.settings(text, 4) == [("a", "1"), ("b", "2"), ("e", "5")]


@pytest.mark.parametrize(
    ("line", "pins"),
    [
        ("dtoverlay=vc4-kms-dpi-hyperpixel4sq", set(range(28))),
        ("dtoverlay=vc4-kms-dpi-generic,rgb565", set(range(20))),
        ("dtoverlay=mipi-dbi-spi,spi0-0,reset-gpio=23,dc-gpio=24", {7, 8, 9, 10, 11, 23, 24}),
        ("dtoverlay=gpio-shutdown", {3}),
        ("dtoverlay=gpio-shutdown,gpio_pin=21,debounce=50", {21}),
        ("dtparam=spi=on", {7, 8, 9, 10, 11}),
        ("dtparam=i2c_arm=on,i2s=on", {2, 3, 18, 19, 20, 21}),
        ("dtparam=i2c_arm=off", set()),
        ("enable_uart=1", {14, 15}),
        ("dtoverlay=vc4-kms-v3d,cma-512", set()),
        ("gpu_mem=16", set()),
    ],
)
def test_what_takes_which_pins(line: str, pins: set[int]) -> None:
    assert set(boot_config.pins_taken(boot_config.settings(line, 4))) == pins


# ---- this machine -------------------------------------------------------------------------------------------------


def test_the_speed_is_measured_and_nothing_is_left(tmp_path: Path) -> None:
    assert card_speed.write_mb_s(tmp_path) > 0
    assert list(tmp_path.iterdir()) == []


def test_the_command_ends_with_2_when_something_has_to_be_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tree = pi4(tmp_path / "machine")
    monkeypatch.setattr(doctor, "this_machine", lambda _: tree.rig)
    command = ["doctor", "--json", "--runtime", str(tmp_path / "run")]
    assert main(command) == 0
    assert {"subject": "card", "state": "well", "text": "/media/mcam can be written (ext4)."} in json.loads(
        capsys.readouterr().out
    )
    tree.remove("dev/fb0")
    assert main(command[:1] + command[2:]) == 2
    assert re.search(r"^MEND  panel +There is no /dev/fb0", capsys.readouterr().out, re.MULTILINE)


def test_this_very_machine_can_be_examined(tmp_path: Path) -> None:
    rig = doctor.this_machine(load(None))
    rig = dataclasses.replace(rig, wanted=dataclasses.replace(rig.wanted, card=str(tmp_path)))
    assert {"board", "card", "clock"} <= {finding.subject for finding in examine(rig, None)}
