"""A process that saves one photograph after the other until it is killed: `python -m tests.endless_burst CARD STEP`.

It kills itself at that many system calls on the card, or waits to be killed when STEP is 0. Each photograph that is
said to be safe is a line on standard output: name, and the checksum of its DNG.
"""

import os
import random
import signal
import sys
import zlib
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import cast

from device.album import Album
from device.darkroom import Darkroom
from device.outcome import Saved, Told
from device.photograph import Photograph
from device.storage import Card
from tests.failing_system import FailingSystem


def picture(magic: bytes, seed: int) -> bytes:
    """Some 100 kB that state their own checksum."""
    noise = random.Random(seed)  # noqa: S311 - no secret
    body = magic + noise.randbytes(80_000 + noise.randrange(40_000))
    return body + zlib.crc32(body).to_bytes(4, "big")


def is_whole(content: memoryview | bytes) -> bool:
    return len(content) > 4 and zlib.crc32(content[:-4]) == int.from_bytes(content[-4:], "big")


def finish(taken: Photograph) -> Iterator[tuple[str, list[bytes]]]:
    seed = cast(int, taken)
    yield "DNG", [picture(b"II*\0", seed)]
    yield "JPG", [picture(b"\xff\xd8", seed)]


def say(told: Told) -> None:
    if isinstance(told, Saved):
        seed = cast(int, told.photograph)
        print(told.name, zlib.crc32(picture(b"II*\0", seed)), flush=True)  # noqa: T201 - how the test hears of it


def main(root: str, step: int) -> None:
    system = FailingSystem()
    system.before = lambda _: len(system.calls) == step and os.kill(os.getpid(), signal.SIGKILL)
    card = Card(Path(root), 0, system if step else os)  # type: ignore[arg-type]
    darkroom = Darkroom(card, Album(card.folder), 3, finish, is_whole, 300_000, say)
    darkroom.step()
    for number in count(os.getpid() * 1000):
        darkroom.reserve().submit(cast(Photograph, number))  # a number will do: only `finish` looks at photographs
        while darkroom.step():
            pass


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
