"""`make install` on machines that are a folder and a few programs of one line: nothing of this one is changed."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from device.config import load

SCRIPT = Path(__file__).parents[1] / "systemd" / "install.sh"
UNITS = {
    *("mcam-capture.service", "mcam-screen.service", "mcam-kernels.service"),
    *("mcam-web.service", "mcam-web.socket", "mcam.target"),
}


class Machine:
    """A root folder, and programs that say what an installer asks of them."""

    def __init__(self, folder: Path, architecture: str = "arm64", packages: str = "python3 python3-venv") -> None:
        self.root = folder / "root"
        self._programs = folder / "programs"
        self._programs.mkdir()
        self.program("dpkg", f"echo {architecture}")
        self.program("dpkg-query", f'case " {packages} " in *" $4 "*) echo installed ;; *) exit 1 ;; esac')
        self.program("apt-get", "exit 99")
        for name in ("sh", "dirname", "realpath", "grep", "sed", "cat", "install", "mv", "rm", "id", "env", "python3"):
            (self._programs / name).symlink_to(str(shutil.which(name)))

    def program(self, name: str, line: str) -> None:
        (self._programs / name).write_text(f"#!/bin/sh\n{line}\n")
        (self._programs / name).chmod(0o755)

    def without(self, name: str) -> None:
        (self._programs / name).unlink()

    def make(self, target: str, **where: str) -> subprocess.CompletedProcess[str]:
        return self.call("/bin/sh", str(SCRIPT), target, **(where or {"DESTDIR": str(self.root)}))

    def call(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """A command that finds no programs but these."""
        return subprocess.run(
            command,
            env={"PATH": str(self._programs), **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def files(self) -> set[str]:
        return {str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file()}

    @property
    def settings(self) -> Path:
        return self.root / "etc/mcam/mcam.toml"

    def panel(self, mode: str) -> None:
        fb0 = self.root / "sys/class/graphics/fb0"
        fb0.mkdir(parents=True)
        (fb0 / "modes").write_text(mode + "\n")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_every_file_of_the_folder_but_the_recipes_is_laid_where_systemd_looks(machine: Machine) -> None:
    assert machine.make("install").returncode == 0
    assert machine.files() == {
        *(f"etc/systemd/system/{unit}" for unit in UNITS),
        *("etc/sysusers.d/mcam.conf", "etc/tmpfiles.d/mcam.conf", "etc/udev/rules.d/70-mcam.rules"),
        "etc/polkit-1/rules.d/50-mcam.rules",
        "etc/mcam/mcam.toml",
    }
    kinds = {".service", ".socket", ".target"}
    assert {path.name for path in SCRIPT.parent.iterdir() if path.suffix in kinds} == UNITS


def test_what_was_laid_may_be_read_by_all_and_written_by_root(machine: Machine) -> None:
    machine.make("install")
    modes = {(machine.root / name).stat().st_mode & 0o777 for name in machine.files()}
    assert modes == {0o644}


def test_the_settings_it_writes_are_settings_that_mcam_reads(machine: Machine) -> None:
    machine.make("install")
    config = load(machine.settings)
    assert (config.sensor.kind, config.card.folder) == ("auto", "/var/lib/mcam/mcam-card")
    assert config.screen == load(None).screen


@pytest.mark.parametrize(("mode", "rotation"), [("U:800x480p-60", 0), ("U:720x1280p-0", 90)])
def test_the_panel_that_is_there_is_drawn_on_and_turned_if_portrait(machine: Machine, mode: str, rotation: int) -> None:
    machine.panel(mode)
    machine.make("install")
    screen = load(machine.settings).screen
    assert (screen.kind, screen.rotation) == ("fb:/dev/fb0", rotation)


def test_an_update_leaves_the_settings_alone_and_renews_the_units(machine: Machine) -> None:
    machine.make("install")
    machine.settings.write_text("[card]\nfolder = '/media/mcam'\n")
    unit = machine.root / "etc/systemd/system/mcam-capture.service"
    unit.write_text("[Unit]\nDescription=of an older version\n")
    assert machine.make("install").returncode == 0
    assert tomllib.loads(machine.settings.read_text()) == {"card": {"folder": "/media/mcam"}}
    assert unit.read_text() == (SCRIPT.parent / "mcam-capture.service").read_text()


def test_to_uninstall_takes_everything_but_the_settings(machine: Machine) -> None:
    machine.make("install")
    removed = machine.make("uninstall")
    assert removed.returncode == 0
    assert machine.files() == {"etc/mcam/mcam.toml"}
    assert "still there" in removed.stdout


def test_to_uninstall_what_is_not_there_is_no_error(machine: Machine) -> None:
    assert machine.make("uninstall").returncode == 0


def test_a_32_bit_system_is_refused_with_a_sentence(tmp_path: Path) -> None:
    refused = Machine(tmp_path, architecture="armhf").make("install")
    assert refused.returncode == 2
    assert "64-bit" in refused.stderr


def test_a_system_without_apt_is_refused_with_a_sentence(machine: Machine) -> None:
    machine.without("apt-get")
    refused = machine.make("install")
    assert refused.returncode == 2
    assert "make run" in refused.stderr


@pytest.mark.parametrize("target", ["install", "uninstall"])
def test_only_root_may_change_the_machine(machine: Machine, target: str) -> None:
    machine.without("id")
    machine.program("id", "echo 1000")
    refused = machine.make(target, DESTDIR="")
    assert (refused.returncode, f"sudo make {target}" in refused.stderr) == (2, True)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can have mounts of its own")
def test_a_root_that_is_read_only_is_left_alone_with_a_sentence(machine: Machine) -> None:
    """In a mount namespace of its own, where / may not be written; this machine's stays as it is."""
    unshare, mount = shutil.which("unshare"), shutil.which("mount")
    if unshare is None or mount is None:
        pytest.skip("unshare or mount is not installed")
    shut = f"{mount} -o remount,bind,ro / || exit 77; exec /bin/sh {SCRIPT} install"
    refused = machine.call(unshare, "--mount", "/bin/sh", "-c", shut)
    if refused.returncode == 77:
        pytest.skip("this root cannot be mounted a second time")
    assert (refused.returncode, "remount,rw / first" in refused.stderr) == (2, True), refused.stderr


def test_an_unknown_wish_tells_what_there_is(machine: Machine) -> None:
    assert "install|uninstall" in machine.make("improve").stderr


def test_a_dry_run_tells_each_step_in_order_and_does_none(machine: Machine) -> None:
    told = machine.make("install", DRY_RUN="1")
    assert told.returncode == 0, told.stderr
    steps = [line.split()[1] for line in told.stdout.splitlines() if line.startswith("+")]
    order = ["apt-get", "env", "python3", "/opt/mcam/bin/python", "install", "systemd-sysusers", "systemctl"]
    assert sorted(order, key=steps.index) == order
    assert not machine.root.exists()


def test_libraw_is_asked_for_as_the_package_asks_for_it() -> None:
    extra = tomllib.loads((SCRIPT.parents[1] / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert re.findall(r'(?m)^LIBRAW="(.*)"$', SCRIPT.read_text()) == extra["replay"]


def test_only_packages_that_are_missing_are_fetched(tmp_path: Path) -> None:
    packages = "python3 python3-venv python3-numpy binutils polkitd"
    told = Machine(tmp_path, packages=packages).make("install", DRY_RUN="1")
    assert "apt-get" not in told.stdout


# ---- cards made in advance ---------------------------------------------------------------------------------------


def test_the_image_gets_the_packages_that_the_installer_would_ask_for() -> None:
    asked = re.findall(r'(?m)^\t(?:wanted|from_pi)="(.*)"$', SCRIPT.read_text())
    layer = (SCRIPT.parent / "rpi-image-gen" / "layer" / "mcam.yaml").read_text()
    assert set(re.findall(r"(?m)^    - ([\w-]+)$", layer)) == {"make", *" ".join(asked).split()}


def test_the_image_gets_the_files_that_the_installer_reads() -> None:
    layer = (SCRIPT.parent / "rpi-image-gen" / "layer" / "mcam.yaml").read_text()
    parts = re.findall(r"for part in (.*); do", layer)[0].split()
    assert set(re.findall(r"\$SOURCE/([\w.]+)", SCRIPT.read_text())) < set(parts)
    assert all((SCRIPT.parents[1] / part).exists() for part in parts)


@pytest.mark.parametrize("recipe", ["user-data", "rpi-image-gen/layer/mcam.yaml"])
def test_a_card_made_in_advance_uses_the_one_installer(recipe: str) -> None:
    text = (SCRIPT.parent / recipe).read_text().replace(",", "")
    assert re.search(r"make -C \S+mcam install", text)


def test_the_first_start_s_recipe_is_one_that_cloud_init_takes() -> None:
    program = shutil.which("cloud-init")
    if program is None:
        pytest.skip("cloud-init is not installed")
    recipe = [program, "schema", "--config-file", str(SCRIPT.parent / "user-data")]
    checked = subprocess.run(recipe, capture_output=True, text=True, check=False, timeout=60)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_script_has_nothing_that_shellcheck_knows_of() -> None:
    program = shutil.which("shellcheck")
    if program is None:
        pytest.skip("shellcheck is not installed")
    checked = subprocess.run([program, str(SCRIPT)], capture_output=True, text=True, check=False, timeout=60)
    assert checked.returncode == 0, checked.stdout
