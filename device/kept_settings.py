"""Keeps what the photographer changes, and is what the menu's presets and its factory reset mean.

What is kept are the settings that differ from mcam.toml's, so that one never touched goes on following that file.
"""

from collections.abc import Callable, Mapping

from device.dials import Dials, Value
from device.errors import BadValue
from device.kept_file import Kept, encoded
from device.kept_values import applied, differences, preset, restarted

Step = Callable[[Dials], Dials]


class KeptSettings:
    """Of a running camera. Any thread may call.

    Args:
        kept: what an earlier run left.
        start: the dials as mcam.toml has them.
        dials: where they stand now.
        dial: turns them by a function; raises BadValue where this camera cannot film as they say.
        keep: takes the bytes of what is to be kept, at once, and writes them in its own time.
    """

    def __init__(
        self,
        *,
        kept: Kept,
        start: Dials,
        dials: Callable[[], Dials],
        dial: Callable[[Step], None],
        keep: Callable[[bytes], None],
    ) -> None:
        self._start, self._dials, self._dial, self._keep = start, dials, dial, keep
        self._presets = kept.presets
        self._kept = kept

    def begin(self) -> None:
        """Settings as an earlier run left them."""
        self._apply(self._kept.settings)

    def mind(self) -> None:
        """The dials may have been turned: what is different is kept."""
        now = Kept(settings=differences(self._dials(), self._start), presets=self._presets)
        if now != self._kept:
            self._kept = now
            self._keep(encoded(now))

    def has_preset(self, name: str) -> bool:
        """Whether something is kept under that name."""
        return name in self._presets

    def use_preset(self, name: str) -> None:
        """Settings as they are kept under that name; nothing happens when there are none."""
        self._apply(self._presets.get(name, {}))

    def keep_preset(self, name: str) -> None:
        """Keep the settings as they are now under that name."""
        self._presets = self._presets | {name: preset(self._dials())}
        self.mind()

    def reset(self) -> None:
        """All settings as mcam.toml has them, presets forgotten."""
        self._presets = {}
        self._dial(lambda dials: restarted(dials, self._start))
        self.mind()

    def _apply(self, values: Mapping[str, Value]) -> None:
        """They may be of another camera, which could film when this one cannot: then it does not, and has the rest."""
        try:
            self._dial(lambda dials: applied(dials, values))
        except BadValue:
            rest = {key: value for key, value in values.items() if key != "film.mode"}
            self._dial(lambda dials: applied(dials, rest))
