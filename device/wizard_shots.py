"""What both wizards (flat field, hot pixels) ask of the running camera: how it stands, and photographs to measure."""

from pathlib import Path

from device import regular_file, stored_photograph
from device.calling import Connection
from device.errors import BadPicture, BadValue
from device.photograph import Photograph
from device.protocol import GetStateReply, Photo, ShootCall, ShootReply
from device.states import State


def state_of(connection: Connection) -> State:
    """The camera's.

    Raises:
        BadValue: it gives no RAW, or films.
    """
    reply = connection.call("GetState")
    assert isinstance(reply, GetStateReply)  # noqa: S101 - REPLIES says so
    state = reply.state
    if state.sensor.width and not state.sensor.bits:
        raise BadValue("This camera gives no RAW to measure.")
    if state.film.mode != "off":
        raise BadValue("The camera films: set film.mode to off first.")
    return state


def shot(connection: Connection, count: int) -> list[Photo]:
    """So many at most, and on the card: as many as the darkroom has room for.

    Raises:
        CallFailed: the daemon refused.
    """
    reply = connection.call("Shoot", ShootCall(count=count, wait=True))
    assert isinstance(reply, ShootReply)  # noqa: S101 - REPLIES says so
    return reply.photos


def read(path: Path) -> Photograph:
    """A DNG on this machine.

    Raises:
        BadValue: it cannot be read, or is no such RAW.
    """
    try:
        with regular_file.opened(path) as file:
            return stored_photograph.read(file.read())
    except OSError as fault:
        raise BadValue(f"{path} cannot be read ({fault.strerror}).") from fault
    except BadPicture as fault:
        raise BadValue(f"{path} cannot be used: {fault}.") from fault
