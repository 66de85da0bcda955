"""What a client measured of lens and sensor, to be kept and used from now on."""

from device import dust, flat_field, hot_pixels
from device.camera import Camera
from device.hot_pixel_map import HotPixelMap
from device.lens_choice import LensChoice
from device.protocol import FlatFieldCall, HotPixelsCall, Nothing


class Calibration:
    """Keeps it.

    Args:
        camera: uses it.
        lenses: keep a flat field for the lens in use.
        hot_pixel_map: where the sensor's hot pixels are kept.
    """

    def __init__(self, camera: Camera, lenses: LensChoice, hot_pixel_map: HotPixelMap) -> None:
        self._camera, self._lenses, self._hot_pixels = camera, lenses, hot_pixel_map

    def keep_flat_field(self, call: FlatFieldCall) -> Nothing:
        """Of the lens in use, at that aperture."""
        gains = flat_field.from_list(call.gains, call.rows, call.columns)
        self._lenses.keep_flat_field(call.f_number, gains, dust.from_text(call.dust))
        return Nothing()

    def keep_hot_pixels(self, call: HotPixelsCall) -> Nothing:
        """Of the sensor."""
        self._hot_pixels.keep(hot_pixels.from_steps(call.rows, call.columns, call.steps))
        self._camera.mend(self._hot_pixels.hot)
        return Nothing()
