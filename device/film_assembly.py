"""Builds the part that films: to the card, with the pool's threads, as far as memory reaches. See assembly.py."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

from device import card_speed, cinema, memory
from device.buffers import Bytes
from device.cinema import Clip
from device.clock import Clock
from device.dng import RawForm
from device.film import Film
from device.film_rate import held_per_s
from device.photograph import Photograph
from device.recording import ABREAST, Filmed, Recording
from device.sensor import Sensor
from device.storage import Card

CLOSE_DEADLINE_S = 10.0


class Studio:
    """What clips are made with.

    Args:
        card: where they go.
        raw: how their mosaics are stored.
        pool: makes files of frames, several at once.
        clock: measures what the card holds.
        photosites: of a frame.
        tell: told of each clip at its end.
    """

    def __init__(
        self,
        card: Card,
        raw: RawForm,
        pool: ThreadPoolExecutor,
        clock: Clock,
        photosites: int,
        tell: Callable[[Filmed], None],
    ) -> None:
        self._card, self._raw, self._pool, self._clock, self._tell = card, raw, pool, clock, tell
        self._recordings: list[Recording] = []
        self._lock = threading.Lock()  # of the next three
        self._to_measure: tuple[Photograph, Callable[[float], None]] | None = None
        self._is_measuring = False
        self._broken: BaseException | None = None
        self.room = memory.frames_of_film(photosites, memory.available_bytes())

    @property
    def failed(self) -> BaseException | None:
        """What ended a clip, or a measurement, that no card is to blame for."""
        return self._broken or next((recording.failed for recording in self._recordings if recording.failed), None)

    @property
    def waiting(self) -> int:
        """Frames of all clips that are not on the card yet."""
        return self._recordings[-1].backlog if self._recordings else 0

    def begin(self, clip: Clip) -> Recording:
        """A clip that is recorded from now on, after those before it."""
        self._recordings = [recording for recording in self._recordings if not recording.is_over or recording.failed]
        recording = Recording(
            clip=clip,
            card=self._card,
            room=self.room,
            encode=self._encode,
            each=self._pool.map,
            ended=self._tell,
            former=self._recordings[-1] if self._recordings else None,
        )
        self._recordings.append(recording)
        recording.start()
        return recording

    def measure(self, photograph: Photograph, told: Callable[[float], None]) -> None:
        """Find out beside the live view how many such frames a second are held, and tell; 0: the card takes none.

        One measurement after the other, and of those that wait only the last: nobody wants to know the others any more.
        """
        with self._lock:
            self._to_measure = photograph, told
            if self._is_measuring:
                return
            self._is_measuring = True
        self._pool.submit(self._measure)

    def close(self) -> None:
        """End what is being recorded."""
        for recording in self._recordings:
            recording.close(CLOSE_DEADLINE_S)

    def _measure(self) -> None:
        try:
            while (wanted := self._next_to_measure()) is not None:
                photograph, told = wanted
                told(self._held_per_s(photograph))
        except BaseException as fault:  # noqa: BLE001 - whoever watches `failed` raises it on the main thread
            self._broken = fault

    def _next_to_measure(self) -> tuple[Photograph, Callable[[float], None]] | None:
        with self._lock:
            wanted, self._to_measure = self._to_measure, None
            self._is_measuring = wanted is not None
            return wanted

    def _held_per_s(self, photograph: Photograph) -> float:
        clip = Clip("", photograph, Fraction(1), Fraction(1))
        try:
            return held_per_s(lambda: self._encode(photograph, clip), self._card_mb_s, ABREAST, self._clock.now_ns)
        except OSError:  # the card watch says what is wrong with it
            return 0.0

    def _encode(self, photograph: Photograph, clip: Clip) -> list[Bytes]:
        return cinema.encode(photograph, clip, self._raw)

    def _card_mb_s(self) -> float:
        return card_speed.write_mb_s(self._card.folder)


def film_of(studio: Studio, sensor: Sensor) -> Film:
    """The part that films."""
    return Film(settings=sensor.settings, begin=studio.begin, room=studio.room, measure=studio.measure)
