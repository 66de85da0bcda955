"""The options of the command line, and what they change in the settings."""

import argparse
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from device import config as settings
from device import runtime


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options as given; `command` is the command's name."""
    parser = argparse.ArgumentParser(prog="mcam", description="A camera for Leica M lenses.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _command(commands, "run", "start the whole camera on this terminal", _settings, _camera, _screen, _web)
    _command(commands, "capture", "the daemon alone: sensor, buttons, card, socket", _settings, _camera)
    _command(commands, "screen", "the viewfinder alone", _settings, _screen)
    _command(commands, "web", "the web page alone", _settings, _web, _card)
    shot = _command(commands, "shoot", "take photographs", _settings, _camera, _json)
    shot.add_argument("-n", "--number", type=_count, default=1, help="how many (default 1)")
    _command(commands, "status", "what the running camera says of itself", _settings, _json)
    _command(commands, "discard", "give up the photographs that wait for a card that takes none", _settings)
    _command(commands, "reset", "all settings as mcam.toml has them, no presets; photographs stay", _settings)
    _command(commands, "doctor", "what is wrong with this rig, and what to do", _settings, _json)
    seen = _command(commands, "inspect", "what the tools say of a stored RAW", _json)
    seen.add_argument("file", type=Path, help="a DNG, or another RAW built like one (NEF, CR2)")
    seen.add_argument("--png", type=Path, metavar="OUT", help="write the frame as the viewfinder would draw it")
    seen.add_argument("--maps", type=Path, metavar="OUT.npz", help="write the arrays focus, clipped and histogram")
    seen.add_argument("--size", type=_panel_size, default="800x480", help="of the PNG (default %(default)s)")
    _lens(_command(commands, "lens", "the lens drawer"))
    _hot_pixels(_command(commands, "hotpixels", "find photosites that are bright in the dark, cap on", _settings))
    return parser.parse_args(arguments)


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    help_text: str,
    *groups: Callable[[argparse.ArgumentParser], None],
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=help_text, description=help_text)
    for group in groups:
        group(parser)
    return parser


def _lens(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    _command(actions, "list", "all lenses, with their 6-bit codes; a star marks the one in use", _settings, _json)
    chosen = _command(actions, "use", "this lens is before the sensor now", _settings)
    chosen.add_argument("key", help="of `mcam lens list`, or none")
    chosen.add_argument("--focal", type=float, metavar="MM", help="of a lens that has several")
    flat = _command(actions, "flatfield", "measure on a white sheet what the lens takes from the light", _settings)
    flat.add_argument("-n", "--number", type=_count, default=8, help="how many photographs are averaged (default 8)")
    flat.add_argument("--yes", action="store_true", help="the sheet is there: do not ask")
    copies = _command(actions, "bake", "copies of DNGs with their flat field worked into the RAW", _settings)
    copies.add_argument("files", type=Path, nargs="+", metavar="DNG", help="the copy lies beside it as NAME_FLAT.DNG")
    new = _command(actions, "add", "put a lens into your own folder", _settings)
    new.add_argument("key", help="its name in the drawer, such as biogon-35")
    new.add_argument("--name", required=True, help="as photographs shall tell it")
    new.add_argument("--maker", default="", help="the same")
    new.add_argument("--focal", type=float, nargs="+", required=True, metavar="MM", help="or several, shortest first")
    new.add_argument("--aperture", type=float, required=True, metavar="N", help="the widest")
    new.add_argument("--smallest", type=float, metavar="N", help="the smallest aperture")
    new.add_argument("--code", type=int, metavar="1-63", help="the 6-bit code on its flange as a number")


def _hot_pixels(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-n", "--number", type=_several, default=8, help="how many photographs are averaged (default 8)"
    )
    parser.add_argument("--seconds", type=_exposure_s, default=1.0, help="of each photograph, up to 1 (default 1)")
    parser.add_argument("--yes", action="store_true", help="the cap is on: do not ask")
    parser.add_argument("--forget", action="store_true", help="what was found before")


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
    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= 999:
        raise argparse.ArgumentTypeError("from 1 to 999")
    return number


def _several(text: str) -> int:
    number = _count(text)
    if not 2 <= number <= 99:
        raise argparse.ArgumentTypeError("from 2 to 99")
    return number


def _exposure_s(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.001 <= seconds <= 1:
        raise argparse.ArgumentTypeError("from 0.001 to 1 second")
    return seconds


def _panel_size(text: str) -> str:
    if not settings.PANEL_SIZE.accepts(text):
        raise argparse.ArgumentTypeError(settings.PANEL_SIZE.allowed)
    return text


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


def config_of(options: argparse.Namespace) -> settings.Config:
    """The settings: defaults, file, and what the command line changes.

    Raises:
        BadConfig: all that is wrong with them.
    """
    path = options.config or settings.find()
    config = settings.load(path)
    if not config.lens.folder:
        config = settings.with_changes(config, {"lens.folder": str((path or settings.OF_THE_USER).parent / "lenses")})
    given = {key: getattr(options, name, None) for name, key in _OPTIONS.items()}
    return settings.with_changes(config, {key: value for key, value in given.items() if value is not None})


def runtime_of(options: argparse.Namespace) -> Path:
    """The runtime folder, made if need be: for those who put something there."""
    return runtime.prepare(runtime_asked(options))


def runtime_asked(options: argparse.Namespace) -> Path:
    """The runtime folder, there or not: for those who only ask whether a camera answers in it."""
    folder: Path | None = options.runtime
    return folder or runtime.default_folder(dict(os.environ))


def passed_on(options: argparse.Namespace, names: Sequence[str]) -> list[str]:
    """Those of the options that were given, as another process of ours takes them."""
    return [word for name in names if (value := getattr(options, name)) for word in (f"--{name}", str(value))]
