"""Where the photographs go: is it there, is there room, does it keep them, and how fast is it?"""

import re

from device.doctor_camera import answering
from device.finding import Finding, fault, note, well
from device.rig import Rig
from device.sensor_catalogue import model_of
from device.sensor_facts import IMX477

BYTES_PER_PHOTOSITE = 2  # 12 bits packed, and half a byte for previews and JPEG; lossless DNGs stay below
MEASURED_SHOTS = 10  # the newest on the card
_JOURNALS = {"ext4", "ext3", "btrfs", "f2fs", "xfs"}
_IN_MEMORY = {"tmpfs", "overlay", "ramfs"}
FEW_SHOTS = 20
SLOW_MB_S = 10.0
MEASURED_BYTES = 8 << 20


def place(rig: Rig) -> Finding:
    """The folder, and the file system below it."""
    folder = rig.card
    if not rig.is_folder(folder) and not rig.is_folder(folder.parent):
        return fault("card", f"There is no {rig.wanted.card}: put the card in and mount it, or change [card] folder.")
    mount, kind, options = _mount(rig)
    if "ro" in options.split(","):
        return fault(
            "card", f"{mount} is mounted to be read only: mount it for writing; a card's lock slides on its edge."
        )
    if kind in _IN_MEMORY:
        return fault(
            "card",
            f"{mount} is kept in memory ({kind}), and photographs on it are gone at power off: choose a "
            "[card] folder on a partition of its own.",
        )
    if rig.is_folder(folder) and not rig.user.may_use(folder):
        return fault(
            "card",
            f"The user {rig.user.name} may not write to {rig.wanted.card}: sudo chown {rig.user.name} it, "
            "or mount a FAT or exFAT card with uid=mcam.",
        )
    if kind and kind not in _JOURNALS:
        return note(
            "card",
            f"{rig.wanted.card} is {kind}, which has no journal: after a power cut check it with fsck; ext4 is safer.",
        )
    return well("card", f"{rig.wanted.card} can be written" + (f" ({kind})." if kind else "."))


def _mount(rig: Rig) -> tuple[str, str, str]:
    """Mount point, type and options of what the folder lies on."""
    folder = "/" + str(rig.card.relative_to(rig.root))
    best = ("", "", "")
    for line in rig.text("proc/self/mounts").splitlines():
        _, mount, kind, options, *_ = [*line.split(), *[""] * 4]
        below = folder == mount or folder.startswith(mount.rstrip("/") + "/")
        if below and len(mount) >= len(best[0]):
            best = (mount.replace("\\040", " "), kind, options)
    return best


def room(rig: Rig) -> Finding | None:
    """In photographs."""
    place = rig.card if rig.is_folder(rig.card) else rig.card.parent
    if not rig.is_folder(place):
        return None
    megabytes, how = _photograph_mb(rig)
    shots = int(rig.system.free_bytes(place) / (megabytes * 1e6))
    if shots == 0:
        return fault("room", "The card is full: make room on it or put in another.")
    text = f"There is room for about {shots} photographs of {megabytes:.0f} MB, {how}."
    return well("room", text) if shots >= FEW_SHOTS else note("room", text)


def _photograph_mb(rig: Rig) -> tuple[float, str]:
    """Of a DNG and its JPEG, and how that is known."""
    newest = _newest(rig)
    if newest:
        return sum(newest) / len(newest) / 1e6, "as the last ones on it"
    facts = (model_of(answering(rig)) or IMX477).facts
    return facts.width * facts.height * BYTES_PER_PHOTOSITE / 1e6, f"the most that one of the {facts.model} takes"


def _newest(rig: Rig) -> list[int]:
    """Bytes of the newest photographs, each with all its files; none where we may not look."""
    sizes: dict[str, int] = {}
    for name, size in sorted(rig.sizes(rig.card, "DCIM/[0-9][0-9][0-9]*/*").items(), reverse=True):
        if photograph := re.fullmatch(r"(.*/\w{4}\d{4})\.(?:DNG|JPG)", name):
            sizes[photograph[1]] = sizes.get(photograph[1], 0) + size
    return list(sizes.values())[:MEASURED_SHOTS]


def speed(rig: Rig) -> Finding | None:
    """Measured: a few MB are written, made durable, and removed."""
    if not rig.is_folder(rig.card) or rig.system.free_bytes(rig.card) < 2 * MEASURED_BYTES:
        return None
    try:
        rate = rig.system.write_mb_s(rig.card)
    except PermissionError:
        return note("speed", "You may not write to the card: sudo mcam doctor measures its speed.")
    except OSError as error:
        return fault("speed", f"The card cannot be written ({error.strerror}): put in another.")
    megabytes, _ = _photograph_mb(rig)
    text = f"The card takes {rate:.0f} MB/s: a photograph of {megabytes:.0f} MB is safe after {megabytes / rate:.1f} s."
    return well("speed", text) if rate >= SLOW_MB_S else note("speed", text + " A card marked U3 or V30 is faster.")
