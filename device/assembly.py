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
from device.kept_settings import KeptSettings
from device.lens_assembly import bare, choosing
from device.lens_choice import LensChoice
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

    With `sleeps` it sleeps when nobody touches it; with `keeps` its dials begin where the last such run left them.
    """
    clock, rate = SystemClock(), FrameRate()
    with ExitStack() as stack:
        sensor, bench = open_sensor(config, clock)
        stack.callback(sensor.close)
        face, hot = ReviewFace(clock, news.changed), _hot_pixels(config, sensor)
        showing = Showing(clock, (config.preview.magnifier_rows, config.preview.magnifier_columns))
        saving = _saving(config, sensor, clock, news, face, hot, stack)
        camera = _camera(config, sensor, bench, saving.darkroom, clock, news, film_of(saving.studio, sensor))
        camera.mend(hot.hot)
        stack.enter_context(minded(level_of(SYSFS, config.view.level_axes), camera.orient))
        face.brief_s = lambda: review_seconds(camera.dials)
        settings = stack.enter_context(keeping(camera, news, keeps=keeps))
        lenses = stack.enter_context(choosing(config, bench, camera, news))
        rest = Rest(can_sleep=sleeps)
        commands = _commands(saving, camera, lenses, settings, hot, bench, clock, rate, showing, face, rest, news)
        ring = OnScreen(stack.enter_context(PreviewWriter(folder / runtime.RING, _ring_sizes(config, sensor))))
        reviewer = stack.enter_context(
            reviewing(config, saving.card, saving.darkroom, face, ring, showing, hot.of, saving.marks)
        )
        saving.reports.go_to(_both(commands.report, reviewer.tell))
        saving.darkroom.start()
        stack.callback(close_darkroom, saving.darkroom)
        counted = _both(rate.count, seen)
        stream = Stream(sensor=sensor, camera=camera, ring=ring, clock=clock, showing=showing, seen=counted)
        stream.start()
        stack.callback(stream.stop)
        yield Parts(camera, commands, saving.darkroom, stream, clock, saving.studio)


@dataclass(frozen=True, slots=True)
class _Saving:
    """What photographs and clips are saved with, and what is done with them on the card."""

    card: Card
    album: Album
    reports: Reports
    darkroom: Darkroom
    studio: Studio
    marks: Marks


def _saving(
    config: Config, sensor: Sensor, clock: Clock, news: News, face: ReviewFace, hot: HotPixelMap, stack: ExitStack
) -> _Saving:
    """The darkroom is not yet started; the stack closes the rest."""
    card, reports = Card(Path(config.card.folder)), Reports()
    album = Album(card.folder)
    pool = stack.enter_context(ThreadPoolExecutor(COMPRESSING_THREADS, "compress", step_back))
    darkroom = darkroom_of(config, card, album, sensor, reports, pool.map, face.taken, hot.of)
    studio = Studio(card, config.card.raw, pool, clock, sensor.facts.height * sensor.facts.width // 4, reports.tell)
    stack.callback(studio.close)
    return _Saving(card, album, reports, darkroom, studio, Marks(card, darkroom.waiting, clock, news.changed))


def _commands(
    saving: _Saving,
    camera: Camera,
    lenses: LensChoice,
    settings: KeptSettings,
    hot: HotPixelMap,
    bench: Bench,
    clock: Clock,
    rate: FrameRate,
    showing: Showing,
    face: ReviewFace,
    rest: Rest,
    news: News,
) -> Commands:
    body = body_status(news)
    return Commands(
        camera=camera,
        lenses=lenses,
        hot_pixels=hot,
        darkroom=saving.darkroom,
        album=saving.album,
        bench=bench,
        clock=clock,
        rate=rate.read,
        folder=str(saving.card.folder),
        showing=showing,
        status=body,
        rest=rest,
        power_off=power_off_of(saving.darkroom, saving.studio, news),
        marks=saving.marks,
        menu=menu_of(camera, lenses, settings, news, lambda: standing(body, saving.darkroom)),
        review=face,
        review_state=face.state,
        tell=news.tell,
    )


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
