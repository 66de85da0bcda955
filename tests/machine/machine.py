"""One emulated machine: power, disks that come and go, a shell, pins to press and a panel to look at."""

import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from PIL import Image

from tests.machine.qmp import QemuSaidNo, Qmp

MODEL = ("-M", "virt", "-cpu", "cortex-a72", "-smp", "2", "-m", "2048")
PANEL = (800, 480)
READY = "READY"
BOOT_S = 400.0
LOOK_S = 200.0
PINS = "/sys/devices/platform/gpio-sim/gpiochip0"
PYTHON = "/opt/mcam/bin/python"
INSIDE = Path(__file__).parent / "inside"


@dataclass(frozen=True, slots=True)
class Board:
    """What a machine is made of, besides its disk."""

    kernel: Path
    device_tree: Path


class Machine:
    """Switched on by the constructor; `close` pulls the plug, as does leaving the `with`.

    Args:
        board: kernel and device tree.
        disk: its root, a qcow2 image.
        folder: for sockets and the serial console's output.
        snapshot: of that disk, to go on from; None boots.
        card: a disk that is in from the start, /dev/sda.
        words: more for the kernel's command line.
    """

    def __init__(
        self,
        board: Board,
        disk: Path,
        folder: Path,
        *,
        snapshot: str | None = None,
        card: Path | None = None,
        words: str = "",
    ) -> None:
        self._folder = folder
        self.serial = folder / "serial.log"
        self._port = _free_port()
        command = self._command(board, disk, card, words)
        if snapshot:
            command += ["-loadvm", snapshot]
        with (folder / "qemu.log").open("w") as log:
            self._qemu = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=log)
        try:
            self._wait((folder / "qmp").exists, 60, "QEMU's socket")
            self._qmp = Qmp(folder / "qmp")
        except BaseException:
            self._qemu.kill()
            self._qemu.wait()
            raise

    def _command(self, board: Board, disk: Path, card: Path | None, words: str) -> list[str]:
        columns, rows = PANEL
        command = ["qemu-system-aarch64", *MODEL, "-accel", "tcg,thread=multi", "-no-reboot"]
        command += ["-kernel", str(board.kernel), "-dtb", str(board.device_tree)]
        command += ["-append", f"root=/dev/vda rw console=ttyAMA0 vt.global_cursor_default=0 {words}".rstrip()]
        command += ["-drive", f"file={disk},format=qcow2,if=virtio"]
        command += ["-device", f"virtio-gpu-pci,xres={columns},yres={rows}", "-device", "virtio-scsi-pci,id=scsi"]
        command += ["-netdev", f"user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:{self._port}-:22"]
        command += ["-device", "virtio-net-pci,netdev=net,romfile=", "-display", "none", "-monitor", "none"]
        command += ["-serial", f"file:{self.serial}", "-qmp", f"unix:{self._folder / 'qmp'},server=on,wait=off"]
        if card:
            command += ["-drive", f"file={card},format=raw,if=none,id=card", "-device", "scsi-hd,drive=card,bus=scsi.0"]
        return command

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- power ---------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Pull the plug: nothing in the machine hears of it."""
        self._qmp.close()
        self._qemu.send_signal(signal.SIGKILL)
        self._qemu.wait()
        (self._folder / "qmp").unlink(missing_ok=True)
        self._hang_up()

    def wait_until_booted(self) -> None:
        """Until the console says so."""
        self._wait(lambda: READY in self.serial.read_text(errors="replace"), BOOT_S, "the end of the boot")

    def power_off(self) -> None:
        """In an orderly way."""
        with suppress(subprocess.CalledProcessError):
            self.shell("systemctl poweroff")
        self.wait_until_off()

    def wait_until_off(self) -> None:
        """Until it has switched itself off."""
        self._qemu.wait(BOOT_S)

    def save(self, snapshot: str) -> None:
        """Keep the running machine in its disk image."""
        self._hang_up()
        self._qmp.monitor(f"savevm {snapshot}")

    # ---- what a person does --------------------------------------------------------------------------------------

    def plug(self, image: Path, log: Path | None = None) -> None:
        """Put in a disk; it becomes /dev/sda. With a log, every write to it is noted there (write_log.py)."""
        node: dict[str, object] = {"driver": "file", "filename": str(image)}
        if log:
            node = {"driver": "blklogwrites", "file": node, "log": {"driver": "file", "filename": str(log)}}
        self._qmp.call("blockdev-add", **{**node, "node-name": "card"})
        options = {"driver": "scsi-hd", "drive": "card", "id": "card", "bus": "scsi.0", "write-cache": "on"}
        self._qmp.call("device_add", **options)
        self.wait_for("test -b /dev/sda")

    def unplug(self) -> None:
        """Take the disk out, mounted or not."""
        self._qmp.call("device_del", id="card")
        self.wait_for("! test -b /dev/sda")
        self._wait(self._card_is_out, 60, "the end of the disk")

    def _card_is_out(self) -> bool:
        try:
            self._qmp.call("blockdev-del", **{"node-name": "card"})
        except QemuSaidNo:  # still in use for a moment
            return False
        return True

    def press(self, pin: int, *, down: bool = True) -> None:
        """A contact to ground, closed or opened."""
        self.shell(f"echo {'pull-down' if down else 'pull-up'} > {PINS}/sim_gpio{pin}/pull")

    def look(self) -> Image.Image:
        """What is on the panel."""
        shot = self._folder / "panel.png"
        self._qmp.call("screendump", filename=str(shot), format="png")
        with Image.open(shot) as picture:
            return picture.convert("RGB")

    def look_until(self, condition: Callable[[Image.Image], bool], what: str) -> Image.Image:
        """The first panel for which that is true.

        Raises:
            TimeoutError: none was.
        """
        self._wait(lambda: condition(self.look()), LOOK_S, what)
        return self.look()

    # ---- a shell -------------------------------------------------------------------------------------------------

    def shell(self, line: str, *, check: bool = True, timeout_s: float = 120.0) -> str:
        """What that line of shell prints, as root.

        Raises:
            subprocess.CalledProcessError: it failed, and `check`.
        """
        done = subprocess.run(
            self._ssh(line), capture_output=True, text=True, timeout=timeout_s, check=False, stdin=subprocess.DEVNULL
        )
        if check and done.returncode:
            raise subprocess.CalledProcessError(done.returncode, line, done.stdout, done.stderr)
        return done.stdout

    def begin(self, line: str) -> "subprocess.Popen[str]":
        """Start that line of shell; it can be written to and its output read while it runs."""
        pipe = subprocess.PIPE
        return subprocess.Popen(self._ssh(line), stdin=pipe, stdout=pipe, stderr=pipe, text=True)

    def program(self, name: str, user: str = "mcam") -> str:
        """The start of a line of shell that runs inside/NAME.py with the machine's mcam, as that user."""
        path = f"/tmp/{name}.py"  # noqa: S108 - of the machine, where nobody else is
        subprocess.run(self._ssh(f"cat >{path}"), input=(INSIDE / f"{name}.py").read_bytes(), check=True)
        return f"runuser -u {user} -- env NUMBA_CACHE_DIR=/var/cache/mcam {PYTHON} {path}"

    def read_from(self, line: str) -> bytes:
        """The bytes that a line of shell prints."""
        return subprocess.run(self._ssh(line), capture_output=True, check=True, stdin=subprocess.DEVNULL).stdout

    def wait_for(self, condition: str, timeout_s: float = 60.0) -> None:
        """Until that line of shell succeeds in the machine.

        Raises:
            TimeoutError: it did not.
        """
        loop = f"end=$(($(date +%s) + {timeout_s:.0f})); until {condition}; do "
        loop += "[ $(date +%s) -lt $end ] || exit 1; sleep 0.2; done"
        try:
            self.shell(loop, timeout_s=timeout_s + 60)
        except subprocess.CalledProcessError as failed:
            raise TimeoutError(f"in the machine, `{condition}` did not come true in {timeout_s:g} s") from failed

    def _ssh(self, line: str) -> list[str]:
        options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR", "ConnectTimeout=60"]
        options += ["PreferredAuthentications=none", "ControlMaster=auto", "ControlPersist=60"]
        options += [f"ControlPath={self._folder / 'ssh'}"]
        words = [word for option in options for word in ("-o", option)]
        return ["ssh", *words, "-p", str(self._port), "root@127.0.0.1", line]

    def _hang_up(self) -> None:
        if (self._folder / "ssh").exists():
            subprocess.run([*self._ssh("")[:-1], "-O", "exit"], capture_output=True, check=False)

    def _wait(self, condition: Callable[[], bool], timeout_s: float, what: str) -> None:
        deadline = time.monotonic() + timeout_s
        while not condition():
            if self._qemu.poll() is not None:
                raise RuntimeError(f"QEMU ended: {(self._folder / 'qemu.log').read_text()}")
            if time.monotonic() > deadline:
                raise TimeoutError(f"{what} did not come in {timeout_s:g} s")
            time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
