"""One clip on its way to the card: frames go in, a thread of its own makes files of them, in their order.

A frame that finds no room is lost and counted, and the sensor never waits. Files become durable together, about once a
second: a power cut takes no more than that from the end. When the card takes nothing any more, or is so slow that a
second of film was lost, the clip ends by itself; what it has is kept.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice

from device import clip_files, clips
from device.background import step_back
from device.buffers import Bytes
from device.cinema import Clip
from device.errors import CardFull, CardMissing, CardReadOnly
from device.photograph import Photograph
from device.storage import Card

ABREAST = 2  # frames that are made at once, each on a thread of the pool

Encode = Callable[[Photograph, Clip], list[Bytes]]
Each = Callable[[Callable[[Photograph], list[Bytes]], list[Photograph]], Iterable[list[Bytes]]]


@dataclass(frozen=True, slots=True)
class Filmed:
    """How a clip stands.

    Attributes:
        reel: its name.
        frames: on the card, or in its memory for less than a second.
        waiting: for the card.
        lost: frames that are missing in it: not brought by the sensor, or without room.
        size_bytes: of the files so far.
        sentence: why it ended by itself, "" if it did not.
    """

    reel: str
    frames: int = 0
    waiting: int = 0
    lost: int = 0
    size_bytes: int = 0
    sentence: str = ""


class Recording:
    """A clip that is being recorded, from its first frame until `stop`.

    Args:
        clip: what its frames have in common; its reel is named when the card was asked.
        card: where it goes.
        room: frames that may wait for the card.
        encode: makes a file of a frame.
        each: does that for several frames: `map`, or the map of a pool of threads.
        ended: told once, on the recording's thread, when the last file is durable.
        former: the clip before, which may still be written: this one is named and written after it, and has so much
            less room meanwhile.
    """

    def __init__(
        self,
        *,
        clip: Clip,
        card: Card,
        room: int,
        encode: Encode,
        each: Each,
        ended: Callable[[Filmed], None],
        former: "Recording | None" = None,
    ) -> None:
        self.clip = clip
        self._card, self._room, self._encode, self._each, self._ended = card, room, encode, each, ended
        self._former = former
        self._settle_frames = max(1, round(clip.taken_per_s))
        self._lock = threading.Condition()  # of what follows
        self._queue: deque[Photograph] = deque()
        self._making = 0  # frames out of the queue and not yet on the card
        self._frames = self._lost = self._lost_at_once = self._size_bytes = 0
        self._next_index = 0
        self._sentence = ""
        self._stopping = False
        self._laid: list[str] = []  # only the thread knows these: files without a name yet
        self._thread = threading.Thread(target=self._work, name="recording")
        self.failed: BaseException | None = None

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def take(self, photograph: Photograph) -> bool:
        """The next frame, which is the recording's from now on; says whether there was room for it."""
        with self._lock:
            if self._stopping or self._sentence:
                return False
            index = self.clip.index(photograph)
            self._lost += max(0, index - self._next_index)  # those that the sensor, or the way from it, did not bring
            self._next_index = index + 1
            if self.backlog >= self._room:
                self._lose()
                return False
            self._lost_at_once = 0
            self._queue.append(photograph)
            self._lock.notify()
            return True

    def status(self) -> Filmed:
        """How it stands."""
        with self._lock:
            waiting = len(self._queue) + self._making
            return Filmed(self.clip.reel, self._frames, waiting, self._lost, self._size_bytes, self._sentence)

    @property
    def backlog(self) -> int:
        """Frames that wait for the card, of this clip and of those before it."""
        with self._lock:
            before = 0 if self._former is None else self._former.backlog
            return len(self._queue) + self._making + before

    def stop(self) -> None:
        """Take no more frames; those that wait are still written. Returns at once."""
        with self._lock:
            self._stopping = True
            self._lock.notify()

    def close(self, deadline_s: float) -> bool:
        """`stop`, and wait for the end, for so long at most; says whether it came."""
        self.stop()
        if self._thread.is_alive():
            self._thread.join(deadline_s)
        return not self._thread.is_alive()

    def wait(self) -> None:
        """Until it is over, however long that takes."""
        self._thread.join()

    @property
    def is_over(self) -> bool:
        """Whether all of it is on the card, or will never be."""
        return not self._thread.is_alive()

    def _lose(self) -> None:
        self._lost += 1
        self._lost_at_once += 1
        if self._lost_at_once >= self._settle_frames:
            rate = float(self.clip.taken_per_s)
            self._sentence = (
                f"The card is too slow for {rate:g} frames a second: choose a slower rate or a faster card."
            )
            self._lock.notify()

    def _work(self) -> None:
        step_back()
        try:
            self._follow()
            self.clip = replace(self.clip, reel=clip_files.next_clip(self._card))
            while batch := self._batch():
                self._write(batch)
            self._settle()
        except (CardFull, CardMissing, CardReadOnly) as fault:
            self._give_up(str(fault))
        except BaseException as error:  # noqa: BLE001 - whoever watches `failed` raises it on the main thread
            self.failed = error
            self._give_up(f"The recording broke: {error!r}; please report this.")
        self._ended(self.status())

    def _follow(self) -> None:
        """Wait for the clip before: until its first frame is on the card, its name would be taken a second time."""
        if self._former is not None:
            self._former.wait()
            self._former = None  # and its own former, and the frames in their hands

    def _batch(self) -> list[Photograph]:
        """The next frames, oldest first; none at the end."""
        with self._lock:
            self._lock.wait_for(lambda: self._queue or self._stopping or self._sentence)
            batch = list(islice(self._queue, ABREAST))
            for _ in batch:
                self._queue.popleft()
            self._making = len(batch)
            return batch

    def _write(self, batch: list[Photograph]) -> None:
        for buffers in self._each(lambda photograph: self._encode(photograph, self.clip), batch):
            name = clips.frame_name(self.clip.reel, self._frames + 1)
            clip_files.lay(self._card, self.clip.reel, name, buffers)
            self._laid.append(name)
            with self._lock:
                self._frames += 1
                self._making -= 1
                self._size_bytes += sum(memoryview(buffer).nbytes for buffer in buffers)
        if len(self._laid) >= self._settle_frames:
            self._settle()

    def _settle(self) -> None:
        if self._laid:
            clip_files.settle(self._card, self.clip.reel, self._laid)
        self._laid = []

    def _give_up(self, sentence: str) -> None:
        """Keep what is laid, as far as the card still answers; what waits is lost."""
        with self._lock:
            self._sentence = sentence
            self._lost += len(self._queue) + self._making
            self._queue.clear()
            self._making = 0
        with suppress(CardFull, CardMissing, CardReadOnly, FileExistsError):
            self._laid = self._unnamed()
            self._settle()
        with suppress(CardFull, CardMissing, CardReadOnly):
            self._laid = self._unnamed()
        with self._lock:
            self._frames -= len(self._laid)
            self._lost += len(self._laid)

    def _unnamed(self) -> list[str]:
        """Of those that were laid; a settling that failed may have come half way."""
        named = clip_files.named(self._card, self.clip.reel)
        return [name for name in self._laid if name not in named]
