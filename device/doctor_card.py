"""Where the photographs go: is it there, is there room, does it keep them, and how fast is it?"""

from device.finding import Finding, fault, note, well
from device.rig import Rig

PHOTOGRAPH_MB = 24  # a DNG of the HQ camera, packed, and its JPEG
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
    shots = rig.system.free_bytes(place) // (PHOTOGRAPH_MB * 1_000_000)
    if shots == 0:
        return fault("room", "The card is full: make room on it or put in another.")
    text = f"There is room for about {shots} photographs of the HQ camera."
    return well("room", text) if shots >= FEW_SHOTS else note("room", text)


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
    text = f"The card takes {rate:.0f} MB/s: a photograph is safe after {PHOTOGRAPH_MB / rate:.1f} s."
    return well("speed", text) if rate >= SLOW_MB_S else note("speed", text + " A card marked U3 or V30 is faster.")
