"""QEMU's control socket, as docs/interop/qmp-spec of QEMU has it: one JSON object a line."""

import json
import socket
from pathlib import Path
from typing import Any


class QemuSaidNo(RuntimeError):
    """QEMU refused a command."""


class Qmp:
    """One conversation.

    Args:
        path: the socket that QEMU listens at.
    """

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        self._lines = self._socket.makefile("rw")
        self._lines.readline()  # the greeting
        self.call("qmp_capabilities")

    def call(self, command: str, **arguments: object) -> Any:
        """The answer to one command; events in between are passed over.

        Raises:
            QemuSaidNo: with its reason.
            ConnectionError: QEMU is gone.
        """
        self._lines.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self._lines.flush()
        while line := self._lines.readline():
            answer = json.loads(line)
            if "error" in answer:
                raise QemuSaidNo(f"{command}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]
        raise ConnectionError("QEMU is gone")

    def monitor(self, line: str) -> str:
        """A command of QEMU's human monitor, which has savevm.

        Raises:
            QemuSaidNo: it answered anything, which these commands do only on failure.
        """
        said: str = self.call("human-monitor-command", **{"command-line": line})
        if said.strip():
            raise QemuSaidNo(f"{line}: {said.strip()}")
        return said

    def close(self) -> None:
        """Hang up."""
        self._lines.close()
        self._socket.close()
