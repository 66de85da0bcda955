"""What `mcam hotpixels` asks and prints."""

import argparse

from device import runtime
from device.calling import Connection
from device.cli_print import agreed
from device.errors import EXIT_FAILED
from device.options import runtime_asked


def hot_pixels(options: argparse.Namespace) -> int:
    """Dark frames, taken by the running daemon; or forget what they told."""
    from device import hot_pixel_wizard as wizard  # noqa: PLC0415 - the decoders take a second to import
    from device import wizard_shots  # noqa: PLC0415 - as above

    with Connection(runtime_asked(options) / runtime.SOCKET) as connection:
        if options.forget:
            wizard.forget(connection)
            print("No hot pixels are known any more.")
            return 0
        state = wizard_shots.state_of(connection)
        print(f"Put the cap on the lens. {options.number} photographs of {options.seconds:g} s are taken in the dark.")
        if not options.yes and not agreed():
            return EXIT_FAILED
        found, photos = wizard.measure(connection, state, options.number, options.seconds)
    print(f"Hot pixels: {found.hot.count}; the brightest photosite was {found.brightest_dn:.0f} DN above black.")
    if found.left_out:
        print(f"{found.left_out} more were found than a map holds, the faintest: take a shorter time by --seconds.")
    first, last = photos[0].name, photos[-1].name
    print(f"JPEGs go without them from now on. The dark photographs can be deleted: {first} to {last}.")
    return 0
