"""The composition root: builds the parts from the settings, starts them in order and stops them in reverse.

No logic lives here; every part gets what it needs by its constructor.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from device import hot_pixel_map, runtime
from device.album import Album
from device.background import step_back
from device.camera import Camera
from device.clock import Clock, SystemClock
from device.commands import Commands
from device.config import Config
from device.darkroom import Darkroom
from device.darkroom_assembly import Reports, close_darkroom, darkroom_of
from device.dials_assembly import dials_of
from device.film import Film
from device.film_assembly import Studio, film_of
from device.frame import LiveFrame
from device.frame_rate import FrameRate
from device.hot_pixel_map import HotPixelMap
from device.lens_assembly import bare, choosing
from device.level import SYSFS, level_of
from device.marks import Marks
from device.menu_assembly import body_status, keeping, menu_of, power_off_of, standing
from device.news import News
from device.on_screen import OnScreen
from device.posture import minded
from device.preview import PreviewWriter, Sizes
from device.readiness import Readiness
from device.rest import Rest
from device.review_assembly import review_seconds, reviewing
from device.review_face import ReviewFace
from device.sensor import Bench, Sensor
from device.sensor_choice import open_sensor
from device.showing import Showing
from device.state_file import state_folder
from device.storage import Card
from device.stream import Stream

COMPRESSING_THREADS = 2  # of a Pi's four cores; sensor and viewfinder keep theirs


_T = TypeVar("_T")
Failure = Callable[[], BaseException | None]  # what ended a part by itself, None as long as it lives


@dataclass(frozen=True, slots=True)
class Parts:
    """A running camera."""

    camera: Camera
    commands: Commands
    darkroom: Darkroom
    stream: Stream
    clock: Clock
    studio: Studio

    @property
    def failures(self) -> tuple[Failure, ...]:
        """What ended a thread of theirs that should have gone on."""
        return (lambda: self.stream.failure, lambda: self.darkroom.failed, lambda: self.studio.failed)


@contextmanager
def running(
    config: Config,
    folder: Path,
    news: News,
    seen: Callable[[LiveFrame], None],
    *,
    keeps: bool = False,
    sleeps: bool = False,
) -> Iterator[Parts]:
    """A camera with its sensor streaming; stopped in reverse order at the end, the card last.

    With `sleeps` it sleeps when nobody touches it. With `keeps` its dials begin where the last such run left them, else
    where the settings have them.
    """
    clock, rate = SystemClock(), FrameRate()
    with ExitStack() as stack:
        sensor, bench = open_sensor(config, clock)
        stack.callback(sensor.close)
        card = Card(Path(config.card.folder))
        album = Album(card.folder)
        reports, face = Reports(), ReviewFace(clock, news.changed)
        showing = Showing(clock, (config.preview.magnifier_rows, config.preview.magnifier_columns))
        pool = stack.enter_context(ThreadPoolExecutor(COMPRESSING_THREADS, "compress", step_back))
        hot = _hot_pixels(config, sensor)
        darkroom = darkroom_of(config, card, album, sensor, reports, pool.map, face.taken, hot.of)
        studio = Studio(card, config.card.raw, pool, clock, sensor.facts.height * sensor.facts.width // 4, reports.tell)
        stack.callback(studio.close)
        camera = _camera(config, sensor, bench, darkroom, clock, news, film_of(studio, sensor))
        camera.mend(hot.hot)
        stack.enter_context(minded(level_of(SYSFS, config.view.level_axes), camera.orient))
        face.brief_s = lambda: review_seconds(camera.dials)
        settings = stack.enter_context(keeping(camera, news, keeps=keeps))
        lenses = stack.enter_context(choosing(config, bench, camera, news))
        body, marks = body_status(news), Marks(card, darkroom.waiting, clock, news.changed)
        commands = Commands(
            camera=camera,
            lenses=lenses,
            hot_pixels=hot,
            darkroom=darkroom,
            album=album,
            bench=bench,
            clock=clock,
            rate=rate.read,
            folder=str(card.folder),
            showing=showing,
            status=body,
            rest=Rest(can_sleep=sleeps),
            power_off=power_off_of(darkroom, studio, news),
            marks=marks,
            menu=menu_of(camera, lenses, settings, news, lambda: standing(body, darkroom)),
            review=face,
            review_state=face.state,
            tell=news.tell,
        )
        ring = OnScreen(stack.enter_context(PreviewWriter(folder / runtime.RING, _ring_sizes(config, sensor))))
        reviewer = stack.enter_context(reviewing(config, card, darkroom, face, ring, showing, hot.of, marks))
        reports.go_to(_both(commands.report, reviewer.tell))
        darkroom.start()
        stack.callback(close_darkroom, darkroom)
        stream = Stream(
            sensor=sensor,
            camera=camera,
            ring=ring,
            clock=clock,
            showing=showing,
            seen=_both(rate.count, seen),
        )
        stream.start()
        stack.callback(stream.stop)
        yield Parts(camera, commands, darkroom, stream, clock, studio)


def _hot_pixels(config: Config, sensor: Sensor) -> HotPixelMap:
    folder = state_folder(os.environ) / hot_pixel_map.FOLDER
    return HotPixelMap(folder, sensor.facts.model, upside_down=config.sensor.upside_down)


def _camera(
    config: Config, sensor: Sensor, bench: Bench, darkroom: Darkroom, clock: Clock, news: News, film: Film
) -> Camera:
    dials = dials_of(config, bench)
    film.check(dials.film)
    return Camera(
        facts=sensor.facts,
        lens=bare(config, bench),
        darkroom=darkroom,
        readiness=Readiness(always=config.drive.arm == "always", hold_ns=round(config.drive.armed_hold_s * 1e9)),
        dials=dials,
        wall=lambda when_ns: (clock.wall_ns(when_ns), _utc_offset_s(clock.wall_ns(when_ns))),
        changed=news.changed,
        film=film,
    )


def _utc_offset_s(wall_ns: int) -> int:
    return time.localtime(wall_ns // 1_000_000_000).tm_gmtoff


def _both(first: Callable[[_T], None], second: Callable[[_T], None]) -> Callable[[_T], None]:
    def call(told: _T) -> None:
        first(told)
        second(told)

    return call


def _ring_sizes(config: Config, sensor: Sensor) -> Sizes:
    picture = (config.preview.max_rows, config.preview.max_columns)
    magnified = (config.preview.magnifier_rows, config.preview.magnifier_columns)
    return Sizes.for_sensor(sensor.facts.height, sensor.facts.width, picture, magnified)


def raise_first(failures: Sequence[Failure]) -> None:
    """End loudly with what ended a part, if something did."""
    for failure in failures:
        error = failure()
        if error is not None:
            raise error
