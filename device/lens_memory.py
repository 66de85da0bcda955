"""What the drawer remembers across restarts: the last lens, and of each its focal length and aperture. Pure."""

import msgspec

from device.lens import Lens

FILE = "lens.json"
F_NUMBERS = (0.7, 64.0)  # as the aperture dial has it
Value = bool | int | float | str | None


class LensMemory(msgspec.Struct, frozen=True, kw_only=True):
    """What was chosen last.

    Attributes:
        key: of the lens; empty before one was chosen.
        configured: what mcam.toml named then; once it names another, that is newer than the memory.
        focal_lengths_mm: by key, of lenses that have several.
        f_numbers: by key, what was said to be set on the lens.
        settings: by name, what mcam.toml had and what was chosen instead.
    """

    key: str = ""
    configured: str = ""
    focal_lengths_mm: dict[str, float] = {}
    f_numbers: dict[str, float] = {}
    settings: dict[str, tuple[bool | str, bool | str]] = {}

    def first(self, configured: str) -> str:
        """The key to begin with, given what mcam.toml names now."""
        return self.key if self.key and configured == self.configured else configured

    def at_its_length(self, lens: Lens) -> Lens:
        """The lens at the focal length that it stood at, if it still has it."""
        kept = self.focal_lengths_mm.get(lens.key)
        return lens.at(kept) if kept in lens.focal_lengths_mm else lens

    def with_lens(self, lens: Lens, configured: str) -> "LensMemory":
        """After that lens was chosen."""
        lengths = self.focal_lengths_mm | ({lens.key: lens.focal_length_mm} if lens.focal_lengths_mm else {})
        return msgspec.structs.replace(self, key=lens.key, configured=configured, focal_lengths_mm=lengths)

    def with_f_number(self, key: str, f_number: float | None) -> "LensMemory":
        """After an aperture was said to be set on the lens of that key; None forgets it."""
        others = {each: number for each, number in self.f_numbers.items() if each != key}
        return msgspec.structs.replace(self, f_numbers=others if f_number is None else others | {key: f_number})

    def setting(self, name: str, configured: Value) -> Value:
        """What was chosen, unless mcam.toml has changed since."""
        before, chosen = self.settings.get(name, (None, None))
        return chosen if chosen is not None and before == configured else configured

    def with_setting(self, name: str, configured: Value, chosen: Value) -> "LensMemory":
        """After that was chosen."""
        assert isinstance(configured, bool | str)  # noqa: S101 - the rules of both settings say so
        assert isinstance(chosen, bool | str)  # noqa: S101
        return msgspec.structs.replace(self, settings=self.settings | {name: (configured, chosen)})


def decoded(data: bytes | None) -> LensMemory:
    """What a file says; nothing remembered where there is none, or none of ours; no aperture that no lens has."""
    try:
        memory = msgspec.json.decode(data, type=LensMemory) if data else LensMemory()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return LensMemory()
    f_numbers = {key: number for key, number in memory.f_numbers.items() if F_NUMBERS[0] <= number <= F_NUMBERS[1]}
    return msgspec.structs.replace(memory, f_numbers=f_numbers)


def encoded(memory: LensMemory) -> bytes:
    """As a file of lines that a person can read."""
    return msgspec.json.format(msgspec.json.encode(memory)) + b"\n"
