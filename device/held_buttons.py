"""Whose fingers are on which buttons: a button is up when nobody holds it any more. Pure.

Two may hold one button, the hand at the camera and a browser for instance; when one of them lets go, the other still
holds it.
"""

RIG = 0  # the camera's own buttons
FIRST_CLIENT = 1  # of the socket, the others counted on from there


class HeldButtons:
    """Buttons that are down, each with its holders."""

    def __init__(self) -> None:
        self._holders: dict[str, set[int]] = {}

    def down(self, button: str, holder: int) -> None:
        """It went down, once more perhaps."""
        self._holders.setdefault(button, set()).add(holder)

    def up(self, button: str, holder: int) -> bool:
        """That holder let go; whether it is up now."""
        others = self._holders.get(button, set()) - {holder}
        if others:
            self._holders[button] = others
        else:
            self._holders.pop(button, None)
        return not others

    def of(self, holder: int) -> list[str]:
        """What that one holds."""
        return [button for button, holders in self._holders.items() if holder in holders]
