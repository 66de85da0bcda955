"""Switching the machine off by its power button, once nothing waits for the card any more."""

import subprocess
from collections.abc import Callable

TIMEOUT_S = 30.0  # it waits on a thread of its own; polkit, which logind asks, is only started now
COMMAND = ("systemctl", "poweroff")  # 50-mcam.rules lets the camera's user do it


class PowerOff:
    """What a long press of the power button does. The unit's stop waits for the darkroom a second time.

    Args:
        waiting: how many photographs are not safe on the card yet.
        tell: told a sentence when it has to wait, or may not.
        command: switches off, and says why it could not; `systemctl` is the real one.
        beside: has something done that takes its time, so that no button waits for it; see `background`.
    """

    def __init__(
        self,
        waiting: Callable[[], int],
        tell: Callable[[str], None],
        command: Callable[[], str],
        beside: Callable[[Callable[[], None]], None],
    ) -> None:
        self._waiting, self._tell, self._command, self._beside = waiting, tell, command, beside
        self._is_wanted = False

    def press(self) -> None:
        """It was held; held once more while photographs wait, it waits for them no longer."""
        count = self._waiting()
        if count and not self._is_wanted:
            self._is_wanted = True
            self._tell(f"Switching off once the photographs that wait are saved: {count}. Hold again to lose them.")
        else:
            self._switch_off()

    def passed(self) -> None:
        """Time passes; to be called now and then."""
        if self._is_wanted and not self._waiting():
            self._switch_off()

    def _switch_off(self) -> None:
        self._is_wanted = False
        self._beside(self._ask)

    def _ask(self) -> None:
        if reason := self._command():
            self._tell(f"The machine cannot be switched off ({reason}): do it by hand, or see hardware.md.")


def systemctl() -> str:
    """Ask systemd; why it refused, or ""."""
    try:
        done = subprocess.run(COMMAND, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
    return "" if done.returncode == 0 else lines[-1].rstrip(".")
