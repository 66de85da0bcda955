"""Is there a panel, can we draw on it, and does nobody else?"""

import re

from device.finding import Finding, fault, note, well
from device.rig import Rig

_SYSFS = "sys/class/graphics/fb0/"


def _wanted(rig: Rig) -> bool:
    return bool(rig.wanted.panel) or (rig.is_pi and rig.has("dev/fb0"))


def panel(rig: Rig) -> Finding | None:
    """The device file."""
    name = rig.wanted.panel or "/dev/fb0"
    if not _wanted(rig):
        return None
    if not rig.has(name.lstrip("/")):
        return fault(
            "panel",
            f"There is no {name}: check the display's overlay in config.txt; an HDMI display that is off "
            "at start needs video=HDMI-A-1:1280x720M@60D in cmdline.txt.",
        )
    if not rig.may_use(name):
        return fault(
            "panel", f"The user {rig.user.name} may not draw on {name}: sudo usermod -aG video {rig.user.name}."
        )
    return well("panel", f"{rig.text(_SYSFS + 'name') or name} may be drawn on.")


def pixels(rig: Rig) -> Finding | None:
    """RGB565 or XRGB8888, at whatever stride."""
    bits, stride = rig.number(_SYSFS + "bits_per_pixel"), rig.number(_SYSFS + "stride")
    columns, _, rows = rig.text(_SYSFS + "virtual_size").partition(",")
    if not _wanted(rig) or bits is None or stride is None or not (columns.isdigit() and rows.isdigit()):
        return None
    looks = f"{columns} columns of {bits} bits, {stride} bytes to a line"
    if bits not in {16, 32}:
        return fault(
            "pixels", f"The panel has {looks}: mcam draws 16 or 32 bits, so write video=NAME:WxHM-32 into cmdline.txt."
        )
    if stride * 8 < int(columns) * bits:
        return fault("pixels", f"The panel has {looks}, which is less than a line: update the kernel.")
    return well("pixels", f"The panel has {looks}.")


def pages(rig: Rig) -> Finding | None:
    """Two pages can be exchanged; one is drawn over while it is read, and tears."""
    size = re.fullmatch(r"(\d+),(\d+)", rig.text(_SYSFS + "virtual_size"))
    mode = re.match(r"[A-Z]:\d+x(\d+)", rig.text(_SYSFS + "modes"))
    if not _wanted(rig) or size is None or mode is None:
        return None
    if int(size[2]) >= 2 * int(mode[1]):
        return well("pages", "The panel has two pages: no tearing.")
    return note(
        "pages",
        "The panel has one page, so what moves may tear: drm_kms_helper.drm_fbdev_overalloc=200 in "
        "cmdline.txt gives two.",
    )


def other_program(rig: Rig) -> Finding | None:
    """Whoever is DRM master hides what we draw; the kernel tells root who it is, and a desktop is seen without."""
    if not _wanted(rig):
        return None
    for clients in rig.found("sys/kernel/debug/dri/*/clients"):
        for line in rig.text(clients).splitlines()[1:]:
            command, process, _, master, *_ = [*line.split(), *[""] * 4]
            if master == "y":
                return fault(
                    "display", f"{command} (process {process}) owns the display and hides the viewfinder: end it."
                )
    if rig.has("etc/systemd/system/display-manager.service") and _starts_a_desktop(rig):
        return fault(
            "display",
            "A desktop starts with the system and would hide the viewfinder: sudo systemctl "
            "set-default multi-user.target, then reboot.",
        )
    return well("display", "No desktop owns the display.")


def _starts_a_desktop(rig: Rig) -> bool:
    chosen = rig.path("etc/systemd/system/default.target")
    return not chosen.is_symlink() or chosen.readlink().name == "graphical.target"
