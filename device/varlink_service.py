"""What every varlink service tells of itself: interface org.varlink.service, its answers and its errors."""

from typing import TypeVar

import msgspec

from device import varlink
from device.protocol import INTERFACE
from device.strict import Struct
from device.varlink import SERVICE

UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError)  # msgspec lets the second out as it is
INFO = {
    "vendor": "mcam",
    "product": "mcam",
    "version": "1",
    "url": "https://varlink.org",
    "interfaces": [SERVICE, INTERFACE],
}

_Call = TypeVar("_Call", bound=Struct)


class ServiceError(Exception):
    """An error of org.varlink.service, with its one parameter."""

    def __init__(self, name: str, **parameters: str) -> None:
        super().__init__(name)
        self.name = f"{SERVICE}.{name}"
        self.parameters = parameters


def describe(method: str, parameters: msgspec.Raw) -> dict[str, object]:
    """Answer GetInfo or GetInterfaceDescription.

    Raises:
        ServiceError: it is another method, asks for an interface that is not there, or cannot be read.
    """
    if method == "GetInfo":
        return dict(INFO)
    if method != "GetInterfaceDescription":
        raise ServiceError("MethodNotFound", method=method)
    texts = {SERVICE: varlink.SERVICE_IDL, INTERFACE: varlink.IDL}
    wanted = read(parameters, varlink.DescribeCall)
    if wanted.interface not in texts:
        raise ServiceError("InterfaceNotFound", interface=wanted.interface)
    return {"description": texts[wanted.interface]}


def read(parameters: msgspec.Raw, kind: type[_Call]) -> _Call:
    """A call's parameters.

    Raises:
        ServiceError: they are not of that kind.
    """
    try:
        return msgspec.json.decode(parameters, type=kind)
    except UNREADABLE as error:
        raise ServiceError("InvalidParameter", parameter=str(error)) from error
