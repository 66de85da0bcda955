"""The lens of a camera put together: drawer, memory and choice, from the settings and what was chosen last."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from device import drawer, lens_memory
from device.camera import Camera
from device.config import Config
from device.errors import BadValue
from device.flat_fields import FOLDER, FlatFields
from device.lens import NO_LENS, Lens
from device.lens_choice import LensChoice
from device.news import News
from device.protocol import Event
from device.sensor import Bench
from device.state_file import StateFile, state_folder


def bare(config: Config, bench: Bench) -> Lens:
    """What stands before the sensor while no lens is chosen: a simulated one says itself what it is."""
    if bench.position() is None:
        return NO_LENS
    focal_length_mm = config.simulation.focal_length_mm
    return Lens("simulated", f"Simulated {focal_length_mm:g} mm", "mcam", focal_length_mm, 0.0)


@contextmanager
def choosing(config: Config, bench: Bench, camera: Camera, news: News) -> Iterator[LensChoice]:
    """The choice of the lens, which begins with the last one; what it remembers is safe at the end.

    Raises:
        BadValue: the settings name a lens that is not in the drawer.
    """
    opened = drawer.opened(drawer.own_folder(config.lens.folder))
    for fault in opened.faults:
        _say(fault)
    path = state_folder(os.environ) / lens_memory.FILE
    kept = StateFile(path, lambda sentence: news.tell(Event(kind="warning", text=sentence)))
    try:
        choice = LensChoice(
            camera=camera,
            drawer=opened,
            bare=bare(config, bench),
            configured=config.lens.key,
            memory=lens_memory.decoded(kept.content()),
            keep=kept.put,
            ring_is_seen=bench.position() is not None,
            settings={
                "lens.circle_of_confusion": config.lens.circle_of_confusion,
                "lens.flat_field": config.lens.flat_field,
            },
            flats=FlatFields(state_folder(os.environ) / FOLDER, camera.facts.model + _turned(config)),
        )
        _begin(choice, config.lens.key)
        news.subscribe(choice.mind_aperture, lambda _: None)
        yield choice
    finally:
        kept.close()


def _begin(choice: LensChoice, configured: str) -> None:
    """With the last lens, unless that is gone from the drawer."""
    configured_lens = choice.named(configured)
    try:
        choice.begin(choice.named(choice.remembered))
    except BadValue as error:
        _say(f"The last lens is gone: {error}")
        choice.begin(configured_lens)


def _turned(config: Config) -> str:
    """Read from its other end a sensor has its dust elsewhere."""
    return "-upside-down" if config.sensor.upside_down else ""


def _say(sentence: str) -> None:
    sys.stderr.write(f"mcam: {sentence}\n")
