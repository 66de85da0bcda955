"""The camera in the machine, as somebody with `varlinkctl` sees it, and the files on its card."""

import io
import json
import subprocess
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.machine.machine import Machine

CARD = "/media/mcam"
_SOCKET = "unix:/run/mcam/mcam.sock"
_WAIT_S = 120.0
RECORD_SEPARATOR = "\x1e"  # before each answer of several, RFC 7464

State = dict[str, Any]


class Refused(Exception):
    """The daemon's own words, or that none answers."""


class Camera:
    """Asks the daemon in that machine."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def call(self, method: str, **parameters: object) -> State:
        """The answer to one call.

        Raises:
            Refused: there is none.
        """
        words = f"{_SOCKET} io.github.mcam.{method} '{json.dumps(parameters)}'"
        try:
            said = self._machine.shell(f"varlinkctl -j --timeout=300 call {words}", timeout_s=320)
        except subprocess.CalledProcessError as failed:
            raise Refused(failed.stdout + failed.stderr) from failed
        answer: State = json.loads(said)
        return answer

    def state(self) -> State:
        """Everything there is to know."""
        state: State = self.call("GetState")["state"]
        return state

    def wait_until(self, condition: Callable[[State], bool], what: str) -> State:
        """The first state for which that is true; a daemon that does not answer may be starting.

        Raises:
            TimeoutError: it never was.
        """
        deadline = time.monotonic() + _WAIT_S
        while time.monotonic() < deadline:
            try:
                state = self.state()
            except Refused:
                continue
            if condition(state):
                return state
            time.sleep(0.1)  # another machine is at work: there is nothing here to wait on
        raise TimeoutError(f"the camera did not become {what} in {_WAIT_S:g} s")

    def shoot(self, count: int = 1) -> list[State]:
        """Photographs that are safe on the card."""
        photos: list[State] = self.call("Shoot", count=count, wait=True)["photos"]
        return photos

    @contextmanager
    def news(self) -> Iterator["News"]:
        """What the daemon tells from now on."""
        words = f"{_SOCKET} io.github.mcam.Monitor '{{}}'"
        follower = self._machine.begin(f"exec varlinkctl -j --more --timeout=infinity call {words}")
        try:
            yield News(follower)
        finally:
            follower.terminate()
            follower.communicate()

    def files(self) -> dict[str, bytes]:
        """What lies below DCIM on the card."""
        packed = self._machine.read_from(f"tar -C {CARD} -cf - DCIM")
        with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
            members = [member for member in tar.getmembers() if member.isfile()]
            return {member.name.removeprefix("DCIM/"): _content(tar, member) for member in members}


class News:
    """The lines of a follower; the first one, the whole state, is read at once."""

    def __init__(self, follower: "subprocess.Popen[str]") -> None:
        assert follower.stdout is not None
        self._lines = follower.stdout
        self._lines.readline()

    def saved(self) -> Iterator[State]:
        """Photographs that the daemon says are safe on the card, as it says so; ends with the machine."""
        return (event["photo"] for event in self._events("saved"))

    def warnings(self) -> Iterator[str]:
        """Its sentences about what is not as it should be; likewise."""
        return (event["text"] for event in self._events("warning"))

    def _events(self, kind: str) -> Iterator[State]:
        for line in self._lines:
            event = json.loads(line.lstrip(RECORD_SEPARATOR)).get("event") or {}
            if event.get("kind") == kind:
                yield event


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member)
    assert file is not None
    return file.read()
