"""Machines that are folders: a Pi 4 and a Pi 5 in order, for a test to spoil."""

import dataclasses
from pathlib import Path

from device.config import load
from device.doctor import examine
from device.finding import Finding
from device.rig import Rig, System, Wanted
from device.states import State

MCAM = "mcam:x:991:991:mcam camera:/var/lib/mcam:/usr/sbin/nologin"
THROTTLED = "sys/devices/platform/soc/soc:firmware/get_throttled"
PACKAGES = {
    "python3-numpy": "1:2.2.4+ds-1",
    "python3-simplejpeg": "1.8.1-1",
    "python3-picamera2": "0.3.34-1",
    "python3-libcamera": "0.7.0+rpt1",
}


class Tree:
    """A machine's files, and what no file tells of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.wanted = Wanted("auto", buffers=6, panel="/dev/fb0", card="/media/mcam", pins=load(None).buttons.pins)
        self.system = System(
            architecture="aarch64",
            pointer_bits=64,
            kernel="6.12.47+rpt-rpi-v8",
            python="3.13.5",
            numpy="2.2.4",
            libraries={"numba": "0.61.2"},
            wall_s=1.76e9,
            may_enter=lambda _: True,
            has_module=lambda _: True,
            free_bytes=lambda _: 10_000_000_000,
            write_mb_s=lambda _: 20.0,
        )

    def write(self, name: str, text: str = "", mode: int = 0o666) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)

    def remove(self, pattern: str) -> None:
        gone = list(self.root.glob(pattern))
        assert gone, f"nothing is called {pattern}"
        for path in gone:
            path.unlink()

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text()
        assert old in text
        self.write(name, text.replace(old, new))

    def want(self, **changes: object) -> None:
        self.wanted = dataclasses.replace(self.wanted, **changes)  # type: ignore[arg-type]

    def be(self, **changes: object) -> None:
        self.system = dataclasses.replace(self.system, **changes)  # type: ignore[arg-type]

    @property
    def rig(self) -> Rig:
        return Rig(self.root, self.wanted, self.system)

    def findings(self, state: State | None = None) -> list[Finding]:
        return examine(self.rig, state)

    def faults(self) -> list[Finding]:
        return [finding for finding in self.findings() if finding.state == "fault"]

    def said(self, subject: str) -> Finding:
        return next(finding for finding in self.findings() if finding.subject == subject)


def pi4(root: Path) -> Tree:
    """A Pi 4 with an HQ camera and an 800x480 panel, as Raspberry Pi OS trixie shows it."""
    tree = Tree(root)
    tree.write("proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4\0")
    tree.write(
        "proc/meminfo", "MemTotal:        3882120 kB\nCmaTotal:         524288 kB\nCmaFree:          300000 kB\n"
    )
    tree.write(
        "proc/self/mounts", "/dev/mmcblk0p2 / ext4 rw,noatime 0 0\n/dev/mmcblk0p3 /media/mcam ext4 rw,noatime 0 0\n"
    )
    tree.write(
        "boot/firmware/config.txt", "camera_auto_detect=1\ndtoverlay=vc4-kms-v3d\n[cm5]\ndtoverlay=dwc2\n[all]\n"
    )
    tree.write("etc/passwd", f"root:x:0:0:root:/root:/bin/bash\n{MCAM}\n")
    tree.write("etc/group", "video:x:44:mcam\ngpio:x:986:mcam\nmcam:x:991:\n")
    tree.write("etc/systemd/system.conf", "[Manager]\n#RuntimeWatchdogSec=off\nRuntimeWatchdogSec=14s\n")
    tree.write("run/systemd/timesync/synchronized")
    tree.write("usr/lib/systemd/system/cloud-init-main.service")
    tree.write("etc/cloud/cloud-init.disabled")
    for name, text in {
        "bus/i2c/devices/10-001a/name": "imx477",
        "class/video4linux/v4l-subdev0/name": "imx477 10-001a",
        "class/graphics/fb0/name": "vc4drmfb",
        "class/graphics/fb0/virtual_size": "800,960",
        "class/graphics/fb0/stride": "1600",
        "class/graphics/fb0/bits_per_pixel": "16",
        "class/graphics/fb0/modes": "U:800x480p-60",
        "class/thermal/thermal_zone0/temp": "48312",
        "class/net/wlan0/operstate": "up",
        "devices/platform/soc/soc:firmware/get_throttled": "0",
    }.items():
        tree.write(f"sys/{name}", text + "\n")
    for name in ("video0", "media0", "dma_heap/linux,cma", "gpiochip0", "fb0"):
        tree.write(f"dev/{name}")
    tree.write("usr/share/libcamera/ipa/rpi/vc4/imx477.json", "{}")
    tree.write("var/lib/dpkg/status", installed(PACKAGES))
    for folder in ("tmp", "media/mcam"):
        (root / folder).mkdir(parents=True)
        (root / folder).chmod(0o1777)
    return tree


def installed(packages: dict[str, str]) -> str:
    stanza = (
        "Package: {}\nStatus: install ok installed\nPriority: optional\nVersion: {}\nDescription: one\n more of it\n"
    )
    return "\n".join(stanza.format(*package) for package in packages.items())


def pi5(root: Path) -> Tree:
    """A Pi 5 with a 1-inch sensor, an alarm in hwmon instead of get_throttled, and no contiguous memory."""
    tree = pi4(root)
    tree.write("proc/device-tree/model", "Raspberry Pi 5 Model B Rev 1.0\0")
    tree.write("proc/meminfo", "MemTotal:        8245120 kB\nCmaTotal:         65536 kB\nCmaFree:          60000 kB\n")
    tree.write("boot/firmware/config.txt", "camera_auto_detect=0\ndtoverlay=imx283,cam0\ndtoverlay=vc4-kms-v3d\n")
    tree.write("sys/class/video4linux/v4l-subdev0/name", "imx283 11-001a\n")
    tree.remove("sys/devices/platform/soc/soc:firmware/get_throttled")
    tree.write("sys/class/hwmon/hwmon1/name", "rpi_volt\n")
    tree.write("sys/class/hwmon/hwmon1/in0_lcrit_alarm", "0\n")
    tree.write("usr/share/libcamera/ipa/rpi/pisp/imx283.json", "{}")
    return tree
