"""The command line. Each command is a few lines; what can go wrong ends as one sentence and a non-zero exit code."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import NoReturn

import msgspec

from device import config as settings
from device import lens, runtime
from device.calling import Connection
from device.errors import EXIT_FAILED, CameraLost, McamError
from device.protocol import GetStateReply, Photo, ShootCall, ShootReply, State
from device.supervisor import Part, interrupted, supervise

EXIT_CAMERA_LOST = 75  # EX_TEMPFAIL of sysexits.h: starting again may help

# The options that each process of `run` takes; the daemon first.
_PARTS = {
    "capture": ("config", "runtime", "sensor", "scene", "card"),
    "screen": ("config", "runtime", "screen", "size", "rotation"),
    "web": ("config", "runtime", "http", "card"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """The `mcam` command."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except McamError as error:
        print(f"mcam: {error}", file=sys.stderr)
        return EXIT_CAMERA_LOST if isinstance(error, CameraLost) else EXIT_FAILED
    except KeyboardInterrupt:
        return 130  # 128 + SIGINT, as shells have it
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # `mcam status | head` is no error
        return EXIT_FAILED


def run(options: argparse.Namespace) -> int:
    """All processes on one terminal."""
    _config(options)  # faults are said here, once, and not by each process
    parts = [Part(["device.cli", name, *_passed_on(options, names)]) for name, names in _PARTS.items()]
    with interrupted() as wait:
        return supervise(parts, wait)


def capture(options: argparse.Namespace) -> int:
    """The daemon."""
    from device.__main__ import run_daemon  # noqa: PLC0415 - numba and the sensors take a second to import

    run_daemon(_config(options), _folder(options))
    return 0


def screen(options: argparse.Namespace) -> NoReturn:
    """The viewfinder, in this process's place: device never imports ui."""
    config = _config(options)
    chosen = config.screen
    looks = ["--peaking-colour", config.view.peaking_colour]
    _become("ui", ["--screen", chosen.kind, "--size", chosen.size, "--rotation", str(chosen.rotation), *looks], options)


def web(options: argparse.Namespace) -> NoReturn:
    """The page, in this process's place."""
    config = _config(options)
    _become("ui.web", ["--http", config.web.address, "--card", str(Path(config.card.folder).expanduser())], options)


def shoot(options: argparse.Namespace) -> int:
    """Photographs: by the running daemon, or, where a sensor is named, by this process itself."""
    if options.sensor:
        from device.__main__ import shoot_alone  # noqa: PLC0415 - only needed without a daemon

        photos = shoot_alone(_config(options), options.number)
    else:
        photos = _ask_to_shoot(_folder(options), options.number)
    _show([msgspec.to_builtins(photo) for photo in photos], options.json, _photo_lines(photos))
    return 0


def status(options: argparse.Namespace) -> int:
    """What the running daemon says of itself."""
    with Connection(_folder(options) / runtime.SOCKET, timeout_s=5.0) as connection:
        reply = connection.call("GetState")
    assert isinstance(reply, GetStateReply)  # noqa: S101 - REPLIES says so
    _show(msgspec.to_builtins(reply.state), options.json, _state_lines(reply.state))
    return 0


def inspect(options: argparse.Namespace) -> int:
    """What the tools say of a stored RAW."""
    from device.__main__ import inspect_file  # noqa: PLC0415 - numba and LibRaw take a second to import

    figures, text = inspect_file(options.file, options.png, options.maps, options.size)
    _show(figures, options.json, text)
    return 0


def lenses(options: argparse.Namespace) -> int:
    """The lens drawer."""
    drawer = [lens.load(key) for key in lens.profiles()]
    table = [{field.name: getattr(one, field.name) for field in fields(one)} for one in drawer]
    _show(table, options.json, "\n".join(f"{one.key:16} {one.name}" for one in drawer))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mcam", description="A camera for Leica M lenses.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _command(commands, "run", run, "start the whole camera on this terminal", _settings, _camera, _screen, _web)
    _command(commands, "capture", capture, "the daemon alone: sensor, buttons, card, socket", _settings, _camera)
    _command(commands, "screen", screen, "the viewfinder alone", _settings, _screen)
    _command(commands, "web", web, "the web page alone", _settings, _web, _card)
    shot = _command(commands, "shoot", shoot, "take photographs", _settings, _camera, _json)
    shot.add_argument("-n", "--number", type=_count, default=1, help="how many (default 1)")
    _command(commands, "status", status, "what the running camera says of itself", _settings, _json)
    seen = _command(commands, "inspect", inspect, "what the tools say of a stored RAW", _json)
    seen.add_argument("file", type=Path, help="a DNG, or another RAW built like one (NEF, CR2)")
    seen.add_argument("--png", type=Path, metavar="OUT", help="write the frame as the viewfinder would draw it")
    seen.add_argument("--maps", type=Path, metavar="OUT.npz", help="write the arrays focus, clipped and histogram")
    seen.add_argument("--size", default="800x480", help="of the PNG (default %(default)s)")
    drawer = _command(commands, "lens", lenses, "the lens drawer", _json)
    drawer.add_argument("action", choices=["list"])
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    command: Callable[[argparse.Namespace], int],
    help_text: str,
    *groups: Callable[[argparse.ArgumentParser], None],
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=help_text, description=help_text)
    parser.set_defaults(command=command)
    for group in groups:
        group(parser)
    return parser


def _settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings instead of those found")
    parser.add_argument("--runtime", type=Path, metavar="DIR", help="where the processes find each other")


def _camera(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sensor", metavar="KIND", help="simulated, picamera2 or replay:PATH of a DNG or a folder")
    parser.add_argument("--scene", metavar="PHOTO", help="simulated: a photograph as the scene")
    _card(parser)


def _card(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--card", metavar="DIR", help="where the DCIM folder is made")


def _screen(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--screen", metavar="KIND", help="memory (for the page) or fb:/dev/fb0")
    parser.add_argument("--size", metavar="WxH", help="of the screen in memory")
    parser.add_argument("--rotation", type=int, metavar="DEGREES", help="0, 90, 180 or 270, for a turned panel")


def _web(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--http", metavar="ADDRESS", help="where the page listens, 127.0.0.1:8000")


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="for programs")


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 999:
        raise argparse.ArgumentTypeError("from 1 to 999")
    return number


# Which option changes which setting; an option not given changes nothing.
_OPTIONS = {
    "sensor": "sensor.kind",
    "scene": "sensor.scene",
    "card": "card.folder",
    "screen": "screen.kind",
    "size": "screen.size",
    "rotation": "screen.rotation",
    "http": "web.address",
}


def _config(options: argparse.Namespace) -> settings.Config:
    config = settings.load(options.config or settings.find())
    given = {key: getattr(options, name, None) for name, key in _OPTIONS.items()}
    return settings.with_changes(config, {key: value for key, value in given.items() if value is not None})


def _folder(options: argparse.Namespace) -> Path:
    return runtime.prepare(options.runtime or runtime.default_folder(dict(os.environ)))


def _passed_on(options: argparse.Namespace, names: Sequence[str]) -> list[str]:
    return [word for name in names if (value := getattr(options, name)) for word in (f"--{name}", str(value))]


def _become(module: str, arguments: list[str], options: argparse.Namespace) -> NoReturn:
    command = [sys.executable, "-m", module, "--runtime", str(_folder(options)), *arguments]
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter, our own module


def _ask_to_shoot(folder: Path, number: int) -> list[Photo]:
    """In bursts of as many as the darkroom has room for."""
    photos: list[Photo] = []
    with Connection(folder / runtime.SOCKET) as connection:
        while len(photos) < number:
            reply = connection.call("Shoot", ShootCall(count=number - len(photos), wait=True))
            assert isinstance(reply, ShootReply)  # noqa: S101 - REPLIES says so
            photos += reply.photos
    return photos


def _show(value: object, as_json: bool, text: str) -> None:  # noqa: FBT001 - one of two ways to print
    print(json.dumps(value, indent=2) if as_json else text)


def _photo_lines(photos: Sequence[Photo]) -> str:
    return "\n".join(f"{photo.name}  {photo.exposure_us} µs  ISO {photo.iso}" for photo in photos)


def _state_lines(state: State) -> str:
    sensor, exposure, card = state.sensor, state.exposure, state.card
    lines = [
        f"camera    {state.camera}" + (f": {state.message}" if state.message else ""),
        f"sensor    {sensor.model} {sensor.width} x {sensor.height}, {sensor.bits} bit ({sensor.raw_format}), "
        f"{sensor.frames_per_s:g} frames/s, {sensor.dropped} lost",
        f"exposure  {exposure.mode}  {exposure.shutter_us} µs  ISO {exposure.iso}  {exposure.ev:+.1f} EV",
        f"card      {card.state}, {card.shots_left} left, {card.queued} of {card.queue_size} waiting, last {card.last}",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
