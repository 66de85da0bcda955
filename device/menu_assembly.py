"""Part of the composition root: the menu, and what keeps the settings that it changes."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from device import kept_file
from device.background import on_a_thread
from device.body_status import BodyStatus
from device.camera import Camera
from device.darkroom import Darkroom
from device.film_assembly import Studio
from device.kept_file import Kept
from device.kept_settings import KeptSettings
from device.lens_choice import LensChoice
from device.menu import Menu
from device.menu_actions import Actions
from device.menu_options import CameraOptions
from device.menu_standing import Standing
from device.news import News
from device.pisugar import PiSugar, asked
from device.power_off import PowerOff, systemctl
from device.protocol import Event
from device.state_file import StateFile, state_folder


@contextmanager
def keeping(camera: Camera, news: News, *, keeps: bool) -> Iterator[KeptSettings]:
    """Turns the dials of a camera that has not begun to where the last run left them, and keeps them from now on.

    Without `keeps` it begins as mcam.toml has it, and nothing is kept.
    """
    if not keeps:
        yield _settings(camera, Kept(), lambda _: None)
        return
    path = state_folder(os.environ) / kept_file.FILE
    kept, said = kept_file.load(path)
    if said:
        sys.stderr.write(f"mcam: {said}\n")
    file = StateFile(path, lambda sentence: news.tell(Event(kind="warning", text=sentence)))
    try:
        settings = _settings(camera, kept, file.put)
        settings.begin()
        news.subscribe(settings.mind, lambda _: None)
        yield settings
    finally:
        file.close()


def body_status(news: News) -> BodyStatus:
    """Of this machine. The newest file of ours tells when it was made."""
    built_s = max(place.stat().st_mtime for place in Path(__file__).parent.glob("*.py"))
    root = Path("/")
    return BodyStatus(root, time.time, built_s, news.changed, PiSugar(root, asked, on_a_thread).charge)


def power_off_of(darkroom: Darkroom, studio: Studio, news: News) -> PowerOff:
    """Of this machine, after what darkroom and film have to save."""
    return PowerOff(
        lambda: darkroom.status().queued + studio.waiting,
        lambda sentence: _warn(news, sentence),
        systemctl,
        on_a_thread,
    )


def _warn(news: News, sentence: str) -> None:
    news.tell(Event(kind="warning", text=sentence))


def standing(body: BodyStatus, darkroom: Darkroom) -> Standing:
    """What the menu's page of figures tells."""
    return Standing(body.state, darkroom.status().shots_left)


def menu_of(
    camera: Camera, lenses: LensChoice, settings: KeptSettings, news: News, stands: Callable[[], Standing]
) -> Menu:
    """The menu over the camera's dials and lenses."""

    def refused(sentence: str) -> None:
        news.tell(Event(kind="failed", text=sentence))

    actions = Actions(settings, {"pick_grey": camera.pick_grey}, refused)
    return Menu(options=CameraOptions(camera, lenses, stands, refused), actions=actions, changed=news.changed)


def _settings(camera: Camera, kept: Kept, keep: Callable[[bytes], None]) -> KeptSettings:
    return KeptSettings(kept=kept, start=camera.dials, dials=lambda: camera.dials, dial=camera.dial, keep=keep)
