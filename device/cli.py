"""The command line. Each command is a few lines; what can go wrong ends as one sentence and a non-zero exit code."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import msgspec

from device import kept_file, runtime
from device.calling import Connection, running_state
from device.cli_hot_pixels import hot_pixels
from device.cli_lens import lenses
from device.cli_print import show
from device.errors import EXIT_CAMERA_LOST, EXIT_FAILED, CameraLost, McamError, NotAllTaken, NotDeveloped, NotRunning
from device.options import config_of, parse, passed_on, runtime_asked, runtime_of
from device.protocol import DiscardReply, GetStateReply, Photo, ShootCall, ShootReply
from device.state_file import folder_of_the_next_run
from device.status_text import exposure_text, state_lines
from device.supervisor import Part, interrupted, supervise
from device.written_path import at_home

# The options that each process of `run` takes; the daemon first.
_PARTS = {
    "capture": ("config", "runtime", "sensor", "scene", "card"),
    "screen": ("config", "runtime", "screen", "size", "rotation"),
    "web": ("config", "runtime", "http", "card"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """The `mcam` command."""
    options = parse(arguments)
    try:
        return COMMANDS[options.command](options)
    except McamError as error:
        print(f"mcam: {error}", file=sys.stderr)
        return _exit_code(error)
    except BrokenPipeError:
        return EXIT_FAILED  # `mcam status | head` is no error


def run(options: argparse.Namespace) -> int:
    """All processes on one terminal."""
    config_of(options), runtime_of(options)  # faults are said here, once, and not by each process
    parts = [Part(["device", name, *passed_on(options, names)]) for name, names in _PARTS.items()]
    with interrupted() as wait:
        return supervise(parts, wait)


def capture(options: argparse.Namespace) -> int:
    """The daemon."""
    from device.daemon import run_daemon  # noqa: PLC0415 - numba and the sensors take a second to import

    try:
        run_daemon(config_of(options), runtime_of(options))
    except NotDeveloped as error:
        print(f"mcam: {error}", file=sys.stderr, flush=True)
        os._exit(EXIT_FAILED)  # the darkroom still works: to take Python down around its kernels was seen to crash
    return 0


def screen(options: argparse.Namespace) -> NoReturn:
    """The viewfinder, in this process's place: device never imports ui."""
    config = config_of(options)
    chosen = config.screen
    looks = [f"--level-axes={config.view.level_axes}"]
    _become("ui", ["--screen", chosen.kind, "--size", chosen.size, "--rotation", str(chosen.rotation), *looks], options)


def web(options: argparse.Namespace) -> NoReturn:
    """The page, in this process's place."""
    config = config_of(options)
    _become("ui.web", ["--http", config.web.address, "--card", str(at_home(config.card.folder))], options)


def shoot(options: argparse.Namespace) -> int:
    """Photographs: by the running daemon, or, where a sensor is named, by this process itself."""
    if options.sensor:
        from device.lone_shots import shoot_alone  # noqa: PLC0415 - only needed without a daemon

        safe = shoot_alone(config_of(options), options.number)
    else:
        safe = _ask_to_shoot(runtime_asked(options), options.number)
    photos: list[Photo] = []
    try:
        photos.extend(safe)
    except McamError as refusal:
        if not photos:
            raise
        raise NotAllTaken(len(photos), options.number, photos[-1].name, str(refusal)) from refusal
    finally:
        if photos:
            show([msgspec.to_builtins(photo) for photo in photos], options.json, _photo_lines(photos))
    return 0


def status(options: argparse.Namespace) -> int:
    """What the running daemon says of itself."""
    with Connection(runtime_asked(options) / runtime.SOCKET, timeout_s=5.0) as connection:
        reply = connection.call("GetState")
    assert isinstance(reply, GetStateReply)  # noqa: S101 - REPLIES says so
    show(msgspec.to_builtins(reply.state), options.json, state_lines(reply.state))
    return 0


def discard(options: argparse.Namespace) -> int:
    """Give up the photographs that wait for a card that takes none."""
    with Connection(runtime_asked(options) / runtime.SOCKET, timeout_s=5.0) as connection:
        reply = connection.call("Discard")
    assert isinstance(reply, DiscardReply)  # noqa: S101 - REPLIES says so
    print(f"Given up: {reply.count}")
    return 0


def reset(options: argparse.Namespace) -> int:
    """Forget what was changed on the camera: of the one that runs, else what is kept for the next run."""
    try:
        with Connection(runtime_asked(options) / runtime.SOCKET, timeout_s=5.0) as connection:
            connection.call("Reset")
        print("All settings are as mcam.toml has them.")
    except NotRunning:
        path = folder_of_the_next_run(os.environ) / kept_file.FILE
        print(f"Removed: {path}" if kept_file.remove(path) else f"Nothing was changed: there is no {path}")
    return 0


def doctor(options: argparse.Namespace) -> int:
    """What is wrong with this rig, and what to do."""
    from device import doctor as ward  # noqa: PLC0415 - the facts of sensors take a while to import

    findings = ward.examine(
        ward.this_machine(config_of(options)), running_state(runtime_asked(options) / runtime.SOCKET)
    )
    show(ward.as_json(findings), options.json, ward.as_text(findings))
    return EXIT_FAILED if ward.has_fault(findings) else 0


def inspect(options: argparse.Namespace) -> int:
    """What the tools say of a stored RAW."""
    from device.stored_raw import inspect_file  # noqa: PLC0415 - numba and LibRaw take a second to import

    figures, text = inspect_file(options.file, options.png, options.maps, options.size)
    show(figures, options.json, text)
    return 0


def _exit_code(error: McamError) -> int:
    """A row that broke off ends with that of what broke it off."""
    reason = error.__cause__ if isinstance(error, NotAllTaken) else error
    return EXIT_CAMERA_LOST if isinstance(reason, CameraLost) else EXIT_FAILED


def _become(module: str, arguments: list[str], options: argparse.Namespace) -> NoReturn:
    command = [sys.executable, "-m", module, "--runtime", str(runtime_of(options)), *arguments]
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter, our own module


def _ask_to_shoot(folder: Path, number: int) -> Iterator[Photo]:
    """In bursts of as many as the darkroom has room for; each photograph once it is safe."""
    with Connection(folder / runtime.SOCKET) as connection:
        while number:
            reply = connection.call("Shoot", ShootCall(count=number, wait=True))
            assert isinstance(reply, ShootReply)  # noqa: S101 - REPLIES says so
            number -= len(reply.photos)
            yield from reply.photos


def _photo_lines(photos: Sequence[Photo]) -> str:
    return "\n".join(f"{photo.name}  {exposure_text(photo.exposure_us, photo.iso)}" for photo in photos)


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "run": run,
    "capture": capture,
    "screen": screen,
    "web": web,
    "shoot": shoot,
    "status": status,
    "discard": discard,
    "reset": reset,
    "doctor": doctor,
    "inspect": inspect,
    "lens": lenses,
    "hotpixels": hot_pixels,
}
