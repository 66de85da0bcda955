"""`mcam doctor`: everything that can be wrong with a rig, one line each with what to do.

A check is a function of a `Rig` and gives a `Finding`, or None where it does not apply. Each looks at files below the
rig's root, so that a test can build any machine in a folder.
"""

import os
import platform
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from device import (
    card_speed,
    doctor_camera,
    doctor_card,
    doctor_panel,
    doctor_pins,
    doctor_power,
    doctor_system,
)
from device.config import Config
from device.doctor_service import granted, service
from device.finding import Finding
from device.rig import Rig, System, Wanted
from device.states import State

Check = Callable[[Rig], Finding | None]

# In the order in which a maker would look: what fails first may explain what fails after it.
CHECKS: tuple[Check, ...] = (
    *(doctor_system.board, doctor_system.versions, doctor_power.supply, doctor_power.heat, doctor_power.battery),
    *(doctor_system.camera_stack, doctor_system.numpy, doctor_camera.sensor, doctor_camera.tuning),
    *(doctor_camera.device_files, doctor_camera.heap, doctor_camera.memory),
    *(doctor_pins.chip, doctor_pins.library, doctor_pins.overlays, doctor_pins.held, doctor_pins.buttons_off),
    *(doctor_panel.panel, doctor_panel.pixels, doctor_panel.pages, doctor_panel.other_program),
    *(doctor_card.place, doctor_card.room, doctor_card.speed),
    *(doctor_system.clock, doctor_system.watchdog, doctor_system.early_start, doctor_system.wifi),
)
_MARKS = {"well": "ok  ", "note": "note", "fault": "MEND"}


def examine(rig: Rig, state: State | None) -> list[Finding]:
    """All that can be said of it.

    Args:
        rig: the machine.
        state: what the running daemon says; None if none answers.
    """
    findings = [*(check(rig) for check in CHECKS), service(rig, state), granted(state)]
    return [finding for finding in findings if finding is not None]


def has_fault(findings: Sequence[Finding]) -> bool:
    """Whether somebody has to do something."""
    return any(finding.state == "fault" for finding in findings)


def as_json(findings: Sequence[Finding]) -> list[dict[str, str]]:
    """For programs."""
    return [asdict(finding) for finding in findings]


def as_text(findings: Sequence[Finding]) -> str:
    """For people."""
    width = max(len(finding.subject) for finding in findings)
    return "\n".join(f"{_MARKS[finding.state]}  {finding.subject:{width}}  {finding.text}" for finding in findings)


def this_machine(config: Config) -> Rig:
    """The one we run on, and what its settings ask of it."""
    panel = config.screen.kind.removeprefix("fb:") if config.screen.kind.startswith("fb:") else ""
    wanted = Wanted(
        sensor=config.sensor.kind,
        buffers=config.sensor.buffers,
        panel=panel,
        card=config.card.folder,
        pins=(config.buttons.pins if config.buttons.enabled else {})
        | config.lens_reader.pins_of_the_header
        | config.focus_light.pins,
    )
    system = System(
        architecture=platform.machine(),
        pointer_bits=64 if sys.maxsize > 2**32 else 32,
        kernel=platform.release(),
        python=platform.python_version(),
        numpy=np.__version__,
        libraries=_versions("mcam", "numba", "gpiozero", "lgpio"),
        wall_s=time.time(),
        may_enter=lambda folder: os.access(folder, os.X_OK),
        has_module=lambda name: find_spec(name) is not None,
        free_bytes=lambda folder: shutil.disk_usage(folder).free,
        write_mb_s=card_speed.write_mb_s,
    )
    return Rig(Path("/"), wanted, system)


def _versions(*names: str) -> dict[str, str]:
    """Of those that are installed."""
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
