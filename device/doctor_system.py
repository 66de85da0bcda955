"""The computer, its system, and the programs that come from elsewhere."""

import re

from device.finding import Finding, fault, note, well
from device.rig import Rig

YEAR_2024_S = 1_704_067_200
BCM2835_WATCHDOG_S = 15  # it counts no further; asked for more, systemd gets EINVAL and there is none (its issue 27427)


def board(rig: Rig) -> Finding:
    """What it is, and whether numba exists for it."""
    if rig.system.pointer_bits < 64:
        return fault(
            "board",
            "This system has 32 bits, for which there is no numba: write the 64-bit Raspberry Pi OS to the card.",
        )
    if not rig.is_pi:
        real = rig.wanted.sensor == "picamera2" or rig.wanted.sensor.startswith("replay")
        return well("board", "This is not a Raspberry Pi" + ("." if real else ": the camera is simulated."))
    return well("board", f"{rig.model}, {rig.system.architecture}.")


def camera_stack(rig: Rig) -> Finding | None:
    """picamera2 and libcamera, from apt so that they fit each other."""
    if not rig.wants_camera:
        return None
    if not rig.system.has_module("picamera2") or not rig.system.has_module("libcamera"):
        return fault(
            "camera stack",
            "Python finds no picamera2: sudo apt install python3-picamera2 "
            "--no-install-recommends, then sudo make install.",
        )
    packages = _packages(rig)
    names = [name for name in ("picamera2", "libcamera") if f"python3-{name}" in packages]
    versions = [f"{name} {packages['python3-' + name]}" for name in names]
    return well("camera stack", (", ".join(versions) or "picamera2 is there, but not from apt") + ".")


def versions(rig: Rig) -> Finding:
    """What to name when asking for help."""
    system = rig.system
    numbers = {"kernel": system.kernel, "Python": system.python, "numpy": system.numpy, **system.libraries}
    return well("versions", ", ".join(f"{name} {number}" for name, number in numbers.items()) + ".")


def numpy(rig: Rig) -> Finding | None:
    """The simplejpeg of apt, and with it picamera2, works with apt's numpy only (picamera2 issue 1088)."""
    packages = _packages(rig)
    apt = re.match(r"(?:\d+:)?([\d.]+)", packages.get("python3-numpy", ""))
    if "python3-simplejpeg" not in packages or apt is None:
        return None
    if rig.system.numpy.split(".")[:2] != apt[1].split(".")[:2]:
        return fault(
            "numpy",
            f"numpy {rig.system.numpy} hides apt's {apt[1]}, with which picamera2 was built: "
            "sudo make install brings that back.",
        )
    return well("numpy", f"numpy {rig.system.numpy} is apt's.")


def _packages(rig: Rig) -> dict[str, str]:
    """Names and versions of what dpkg has installed."""
    stanzas = re.findall(
        r"(?m)^Package: (\S+)\nStatus: install ok installed\n(?:.+\n)*?Version: (\S+)$", rig.text("var/lib/dpkg/status")
    )
    return dict(stanzas)


def clock(rig: Rig) -> Finding:
    """Photographs get its time."""
    if rig.system.wall_s < YEAR_2024_S:
        return fault(
            "clock",
            "The clock is not set, and photographs would get a wrong date: connect to a network once, or "
            "sudo timedatectl set-time; a Pi 5 keeps it with a battery.",
        )
    if rig.has("run/systemd/timesync/synchronized") or rig.has("run/chrony/chronyd.sock"):
        return well("clock", "The clock is set from the network.")
    return note("clock", "The clock has not been set from a network since the start: look whether it is right.")


def watchdog(rig: Rig) -> Finding | None:
    """Restarts a system that hangs as a whole; mcam's own watchdog only knows mcam."""
    if not rig.is_pi:
        return None
    seconds = _runtime_watchdog_s(rig)
    if seconds is None or seconds == 0:
        return note(
            "watchdog", "A system that hangs is not restarted: RuntimeWatchdogSec=14 in /etc/systemd/system.conf."
        )
    if seconds > BCM2835_WATCHDOG_S:
        return fault(
            "watchdog",
            f"RuntimeWatchdogSec={seconds} is more than a Pi's watchdog can count, so that there is "
            "none: write 14 into /etc/systemd/system.conf.",
        )
    return well("watchdog", f"A system that hangs is restarted after {seconds} s.")


def _runtime_watchdog_s(rig: Rig) -> int | None:
    """Drop-ins go before the file itself, and later ones before earlier ones."""
    names = [*rig.found("usr/lib/systemd/system.conf.d/*.conf"), *rig.found("etc/systemd/system.conf.d/*.conf")]
    text = "\n".join(rig.text(name) for name in ["etc/systemd/system.conf", *names])
    found = re.findall(r"(?m)^RuntimeWatchdogSec=(\d+)(s|sec|min|m)?\s*$", text)
    return int(found[-1][0]) * (60 if found[-1][1].startswith("m") else 1) if found else None


def early_start(rig: Rig) -> Finding | None:
    """Raspberry Pi OS has cloud-init since trixie, and Debian's orders its network stage before sysinit.target."""
    if not rig.has("usr/lib/systemd/system/cloud-init*.service") or not rig.is_pi:
        return None
    if rig.has("etc/cloud/cloud-init.disabled") or ("cloud-init=disabled" in rig.text("proc/cmdline").split()):
        return well("start", "Nothing that sets up new cards runs before the camera.")
    return note(
        "start",
        "cloud-init, which set this card up, runs before the camera at every start: once all is well, sudo touch "
        "/etc/cloud/cloud-init.disabled.",
    )


def wifi(rig: Rig) -> Finding | None:
    """The camera needs none; the page from elsewhere does."""
    for folder in rig.found("sys/class/rfkill/rfkill*"):
        if rig.text(f"{folder}/type") == "wlan" and "1" in {rig.text(f"{folder}/soft"), rig.text(f"{folder}/hard")}:
            return note("wifi", "Wi-Fi is switched off, often because no country is set: sudo raspi-config.")
    for folder in rig.found("sys/class/net/wl*"):
        up = rig.text(f"{folder}/operstate") == "up"
        how = "connected" if up else "not connected; the camera works without"
        return well("wifi", f"{folder.rpartition('/')[2]} is {how}.")
    return None
