"""The command line of the lens drawer: what `mcam lens` asks and prints."""

import argparse
import os
import sys
from collections.abc import Callable

from device import lens_commands, runtime
from device.calling import Connection, running_state
from device.cli_print import agreed, show
from device.config import Config
from device.errors import EXIT_FAILED, NotRunning
from device.options import config_of, runtime_asked
from device.protocol import SetCall


def lenses(options: argparse.Namespace) -> int:
    """The lens drawer."""
    return LENS_ACTIONS[options.action](config_of(options), options)


def list_lenses(config: Config, options: argparse.Namespace) -> int:
    """All of them; what is wrong with files of the user is said beside."""
    told = lens_commands.listing(config, running_state(runtime_asked(options) / runtime.SOCKET))
    for fault in told.faults:
        print(f"mcam: {fault}", file=sys.stderr)
    show(told.table, options.json, told.text)
    return 0


def add_lens(config: Config, options: argparse.Namespace) -> int:
    """One more."""
    print(f"Put into the drawer: {lens_commands.add(config, options)}")
    return 0


def use_lens(config: Config, options: argparse.Namespace) -> int:
    """Told to the running daemon, or remembered for the next start."""
    try:
        with Connection(runtime_asked(options) / runtime.SOCKET, timeout_s=5.0) as connection:
            connection.call("Set", SetCall(key="lens.key", value=options.key))
            if options.focal is not None:
                connection.call("Set", SetCall(key="lens.focal_length_mm", value=options.focal))
        print(f"Before the sensor: {options.key}")
    except NotRunning:
        lens, path = lens_commands.keep(config, os.environ, options.key, options.focal)
        print(f"No camera runs: {lens.key} is remembered in {path} for its next start.")
    return 0


def measure_flat_field(_: Config, options: argparse.Namespace) -> int:
    """A white sheet, photographed by the running daemon."""
    from device import flat_wizard, wizard_shots  # noqa: PLC0415 - numba and the decoders take a second to import

    with Connection(runtime_asked(options) / runtime.SOCKET) as connection:
        state = wizard_shots.state_of(connection)
        print(flat_wizard.preparation(state, options.number))
        if not options.yes and not agreed():
            return EXIT_FAILED
        found, specks, photos = flat_wizard.measure(connection, state, options.number)
    print(f"Measured: up to {found.corner_gain:.2f} times the light; the sheet differed by {100 * found.uneven:.0f} %.")
    if specks.dust.specks:
        more = f"; {specks.left_out} more, the palest, are left" if specks.left_out else ""
        depth = specks.dust.specks[0].depth
        print(f"Dust: {len(specks.dust.specks)} shadows, the darkest takes {100 * depth:.0f} % of the light{more}.")
    print(f"Photographs are corrected from now on. Those of the sheet: {photos[0].name} to {photos[-1].name}.")
    return 0


def bake(_: Config, options: argparse.Namespace) -> int:
    """Copies of DNGs."""
    from device import flat_wizard  # noqa: PLC0415 - as above

    flat_wizard.bake(options.files, print)
    return 0


LENS_ACTIONS: dict[str, Callable[[Config, argparse.Namespace], int]] = {
    "list": list_lenses,
    "add": add_lens,
    "use": use_lens,
    "flatfield": measure_flat_field,
    "bake": bake,
}
