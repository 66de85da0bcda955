"""Can the buttons be read, and does nothing else sit on their pins?"""

import re

from device import boot_config
from device.finding import Finding, fault, note, well
from device.rig import Rig

OURS = {"", "lg", "sysfs"}  # lgpio calls itself lg; a pin left exported in sysfs still reads


def chip(rig: Rig) -> Finding | None:
    """The device file."""
    if not rig.wanted.pins or not rig.is_pi:
        return None
    chips = rig.found("dev/gpiochip*")
    if not chips:
        return fault("pins", "There is no /dev/gpiochip*: start the kernel of Raspberry Pi OS.")
    if not any(rig.may_use(name) for name in chips):
        return fault(
            "pins",
            f"The user {rig.user.name} may not open /{chips[0]}: "
            f"sudo usermod -aG gpio {rig.user.name}, then log in again or restart mcam-capture.",
        )
    return well("pins", f"The buttons' {len(rig.wanted.pins)} pins can be opened.")


def library(rig: Rig) -> Finding | None:
    """lgpio: no other works on a Pi 5. It makes a pipe when it starts, for which mcam gives it a folder in /tmp."""
    if not rig.wanted.pins or not rig.is_pi:
        return None
    if not rig.system.has_module("lgpio"):
        return fault("lgpio", "The buttons need lgpio: sudo apt install python3-lgpio, then sudo make install.")
    if not rig.may_use("tmp"):
        return fault("lgpio", "lgpio makes a pipe in /tmp, which may not be written: sudo chmod 1777 /tmp.")
    return well("lgpio", "lgpio is there.")


def overlays(rig: Rig) -> Finding | None:
    """What config.txt gives to a display, to SPI or to a power key. HyperPixel takes every pin there is."""
    taken = boot_config.pins_taken(rig.boot)
    clashes = {name: pin for name, pin in rig.wanted.pins.items() if pin in taken}
    if not rig.wanted.pins or not rig.is_pi:
        return None
    if not clashes:
        return well("overlays", "Nothing in config.txt takes a button's pin.")
    pin = next(iter(clashes.values()))
    if len(clashes) == len(rig.wanted.pins):
        return fault(
            "overlays",
            f"{taken[pin]} in config.txt takes the pins of all buttons: this display and buttons on "
            "the header exclude each other.",
        )
    names = ", ".join(f"{name} (GPIO {pin})" for name, pin in clashes.items())
    return fault(
        "overlays", f"{taken[pin]} in config.txt takes the pin of {names}: wire it to another and say so in [buttons]."
    )


def held(rig: Rig) -> Finding | None:
    """What the kernel says of each line; only root may read it."""
    lines = rig.text("sys/kernel/debug/gpio")
    holders = {int(pin): who.strip() for pin, who in re.findall(r"\(GPIO(\d+)\s*\|([^)]*)\)", lines)}
    clashes = {name: pin for name, pin in rig.wanted.pins.items() if holders.get(pin, "") not in OURS}
    if not rig.is_pi or not lines:
        return None
    if clashes:
        name, pin = next(iter(clashes.items()))
        return fault(
            "held pins",
            f"{holders[pin]} holds GPIO {pin}, the pin of {name}: end it, or give {name} another pin in [buttons].",
        )
    return well("held pins", "Nothing else holds the buttons' pins.")


def buttons_off(rig: Rig) -> Finding | None:
    """Said, because it looks like broken wires."""
    if rig.wanted.pins or not rig.is_pi:
        return None
    return note("pins", "The buttons are switched off: enabled = false in [buttons].")
