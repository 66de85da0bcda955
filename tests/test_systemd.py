"""The units: least rights, without the traps others fell into, and systemd's own opinion of them."""

import os
import re
import shutil
import subprocess
from fnmatch import fnmatch
from pathlib import Path

import pytest

from device import kernel_build, kernel_library
from device.cli import main
from device.darkroom_assembly import CLOSE_DEADLINE_S
from device.kernel_library import library_path

FOLDER = Path(__file__).parents[1] / "systemd"
SERVICES = sorted(FOLDER.glob("*.service"))
KERNELS = FOLDER / "mcam-kernels.service"
CAMERA = [path for path in SERVICES if path != KERNELS]
UNITS = [*SERVICES, *sorted(FOLDER.glob("*.socket")), *sorted(FOLDER.glob("*.target"))]
PROGRAM = "/opt/mcam/bin/mcam"
SANDBOX = {
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "DevicePolicy": "closed",
    "User": "mcam",
}
# Class names as /proc/devices has them with the drivers of a Raspberry Pi loaded.
CLASSES = {"video4linux", "media", "dma_heap", "gpiochip", "fb", "tty"}


def settings(unit: Path) -> list[tuple[str, str]]:
    lines = [line.strip() for line in unit.read_text().splitlines()]
    return [(k, v) for line in lines if line and line[0] not in "#[" for k, _, v in [line.partition("=")]]


def values(unit: Path, key: str) -> list[str]:
    return [value for name, value in settings(unit) if name == key]


def seconds(text: str) -> float:
    assert re.fullmatch(r"\d+", text), "plain seconds are read without doubt"
    return float(text)


@pytest.fixture(params=SERVICES, ids=lambda path: path.stem)
def service(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.fixture(params=CAMERA, ids=lambda path: path.stem)
def camera(request: pytest.FixtureRequest) -> Path:
    """One of the processes that are the camera."""
    path: Path = request.param
    return path


@pytest.mark.parametrize(("key", "expected"), SANDBOX.items())
def test_every_service_runs_with_least_rights(service: Path, key: str, expected: str) -> None:
    """The one that compiles kernels beside the programs is root, which owns those, and may do nothing else as such."""
    assert values(service, key) == ["root" if service == KERNELS and key == "User" else expected]


def test_no_service_forbids_numba_its_machine_code(service: Path) -> None:
    assert values(service, "MemoryDenyWriteExecute") in ([], ["no"])


def test_devices_are_allowed_by_class_since_globs_are_not_expanded(service: Path) -> None:
    for rule in values(service, "DeviceAllow"):
        kind, _, name = rule.split()[0].partition("-")
        assert kind == "char"
        assert name in CLASSES


@pytest.mark.parametrize("name", ["mcam-capture", "mcam-screen"])
def test_who_needs_devices_is_not_given_private_ones(name: str) -> None:
    assert values(FOLDER / f"{name}.service", "PrivateDevices") in ([], ["no"])


def test_the_page_has_no_device_and_writes_nothing_but_the_runtime_folder() -> None:
    web = FOLDER / "mcam-web.service"
    assert values(web, "PrivateDevices") == ["yes"]
    assert [
        k for k, _ in settings(web) if k in ("DeviceAllow", "ReadWritePaths", "StateDirectory", "CacheDirectory")
    ] == []


def test_the_daemon_is_watched_by_no_more_than_the_hardware_could() -> None:
    capture = FOLDER / "mcam-capture.service"
    assert values(capture, "Type") == ["notify"]
    assert 0 < seconds(values(capture, "WatchdogSec")[0]) <= 15
    assert values(capture, "Restart") == ["on-failure"]


def test_the_daemon_may_write_what_is_queued_and_what_is_filmed_before_it_is_killed() -> None:
    """`close_darkroom` and `Studio.close` have that time each, one after the other."""
    capture = FOLDER / "mcam-capture.service"
    assert seconds(values(capture, "TimeoutStopSec")[0]) > 2 * CLOSE_DEADLINE_S


@pytest.mark.parametrize("name", ["mcam-capture", "mcam-screen"])
def test_who_fails_is_started_again_for_ever_and_more_and_more_rarely(name: str) -> None:
    unit = FOLDER / f"{name}.service"
    assert values(unit, "StartLimitIntervalSec") == ["0"]
    assert seconds(values(unit, "RestartSec")[0]) < seconds(values(unit, "RestartMaxDelaySec")[0])
    assert seconds(values(unit, "RestartSteps")[0]) > 1


def test_the_shutter_is_ready_before_the_panel_and_needs_none() -> None:
    """Type=notify: systemd takes the daemon for started when it says so, which is with its first frame."""
    screen, capture = FOLDER / "mcam-screen.service", FOLDER / "mcam-capture.service"
    assert "mcam-capture.service" in values(screen, "After")[0].split()
    assert values(capture, "Type") == ["notify"]
    assert not [
        v for key in ("After", "Wants", "Requires") for v in values(capture, key) if "screen" in v or "fb0" in v
    ]


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_nothing_waits_for_a_network(unit: Path) -> None:
    order = [name for key in ("After", "Requires", "Wants", "BindsTo", "Requisite") for name in values(unit, key)]
    assert not [name for name in order if "network" in name or "time" in name]


def test_whatever_ends_the_viewfinder_the_console_gets_its_text_back() -> None:
    screen = FOLDER / "mcam-screen.service"
    assert values(screen, "TTYReset") == ["yes"]
    assert values(screen, "TTYPath") == ["/dev/tty1"]


@pytest.mark.parametrize("name", ["mcam-capture", "mcam-screen"])
def test_numba_has_a_folder_to_cache_in(name: str) -> None:
    unit = FOLDER / f"{name}.service"
    assert "NUMBA_CACHE_DIR=%C/" + values(unit, "CacheDirectory")[0] in values(unit, "Environment")


def test_every_service_shares_one_runtime_folder_that_outlives_it_and_works_in_it(camera: Path) -> None:
    assert values(camera, "RuntimeDirectory") == ["mcam"]
    assert values(camera, "RuntimeDirectoryPreserve") == ["yes"]
    assert values(camera, "WorkingDirectory") == ["%t/mcam"]


def test_each_command_is_one_that_mcam_has(camera: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program, command, *options = values(camera, "ExecStart")[0].split()
    assert program == PROGRAM
    with pytest.raises(SystemExit) as ended:
        main([command, *options, "--help"])
    assert ended.value.code == 0
    assert f"mcam {command}" in capsys.readouterr().out


def test_kernels_are_compiled_after_the_camera_started_and_nobody_waits_for_it() -> None:
    assert values(KERNELS, "Type") == ["exec"]
    assert values(KERNELS, "After") == ["mcam-capture.service"]
    assert values(KERNELS, "CPUSchedulingPolicy") == ["idle"]
    assert int(values(KERNELS, "OOMScoreAdjust")[0]) > 0
    assert not [path for path in CAMERA if KERNELS.name in path.read_text()]


def test_kernels_are_compiled_where_the_package_looks_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder that may be written to is the virtual environment, which has the package."""
    monkeypatch.delenv(kernel_library.FOLDER, raising=False)
    place = library_path().relative_to(Path(kernel_library.__file__).parents[1])
    assert fnmatch(str(place), "device/compiled/kernels-*.so")
    assert values(KERNELS, "ReadWritePaths") == [PROGRAM.removesuffix("/bin/mcam")]
    program, *options = values(KERNELS, "ExecStart")[0].split()
    assert program == PROGRAM.replace("bin/mcam", "bin/python")
    assert options == ["-P", "-m", kernel_build.__name__]


def test_whether_kernels_have_to_be_compiled_is_the_program_s_to_say_at_every_start() -> None:
    """A file that is there may be damaged, another processor's, or older than the kernels."""
    assert not [key for key, _ in settings(KERNELS) if key.startswith(("Condition", "Assert"))]
    assert values(KERNELS, "WantedBy") == ["mcam.target"]


def test_the_panel_that_is_waited_for_is_the_one_that_is_drawn_on() -> None:
    screen = FOLDER / "mcam-screen.service"
    assert "--screen fb:/dev/fb0" in values(screen, "ExecStart")[0]
    assert values(screen, "BindsTo") == values(screen, "RequiredBy") == ["dev-fb0.device"]
    assert re.search(r'KERNEL=="fb0".*TAG\+="systemd"', (FOLDER / "70-mcam.rules").read_text())


def test_the_page_listens_on_this_machine_only() -> None:
    assert values(FOLDER / "mcam-web.socket", "ListenStream") == ["127.0.0.1:8000"]


def test_every_group_that_a_rule_gives_a_device_to_has_the_user() -> None:
    groups = re.findall(r'GROUP="(\w+)"', (FOLDER / "70-mcam.rules").read_text())
    assert sorted(groups) == sorted(re.findall(r"(?m)^m mcam\s+(\w+)$", (FOLDER / "mcam.sysusers").read_text()))


# ---- systemd's own opinion ---------------------------------------------------------------------------------------


def run(*command: str) -> subprocess.CompletedProcess[str]:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def known(unit: str) -> str:
    """Without what the systemd of bookworm does not know, and leaves aside with a warning."""
    version = re.search(r"systemd (\d+)", run("systemd-analyze", "--version").stdout)
    if version and int(version[1]) < 254:
        return re.sub(r"(?m)^(RestartSteps|RestartMaxDelaySec)=.*\n", "", unit)
    return unit


def test_systemd_finds_nothing_to_complain_of(tmp_path: Path) -> None:
    """With a program in place of ours: mcam is not installed where the tests run."""
    for unit in UNITS:
        text = (
            known(unit.read_text())
            .replace(PROGRAM, "/bin/true")
            .replace(PROGRAM.replace("bin/mcam", "bin/python"), "/bin/true")
        )
        (tmp_path / unit.name).write_text(text)
    verified = run("systemd-analyze", "verify", "--man=no", *(str(tmp_path / unit.name) for unit in UNITS))
    assert (verified.returncode, [line for line in verified.stderr.splitlines() if "mcam" in line]) == (0, [])


def test_systemd_calls_every_service_well_shut(service: Path) -> None:
    """An exposure of 3.0 at most; a service with nothing shut has 9.6."""
    judged = run("systemd-analyze", "security", "--offline=true", "--threshold=30", "--no-pager", str(service))
    assert judged.returncode == 0, judged.stdout.splitlines()[-1]


def test_the_user_and_its_groups_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    made = run("systemd-sysusers", "--dry-run", f"--root={tmp_path}", "--replace=/usr/lib/sysusers.d/mcam.conf",
               str(FOLDER / "mcam.sysusers"))  # fmt: skip
    assert made.returncode == 0, made.stderr


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give folders to root")
def test_the_folders_can_be_made(tmp_path: Path) -> None:
    made = run("systemd-tmpfiles", "--create", f"--root={tmp_path}", str(FOLDER / "mcam.tmpfiles"))
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "etc" / "mcam").is_dir()
    assert (tmp_path / "media" / "mcam").is_dir()
