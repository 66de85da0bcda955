"""The mosaics of the simulated sensor: light to numbers, in buffers that are used again.

A real sensor's light has fallen when a frame ends. So a frame is exposed ahead while it is awaited, and what that
takes here does not count as the camera's delay.
"""

from device import dust_shadow, optics
from device.compositing import Light
from device.delivery import Format
from device.frame import Exposure, Raw
from device.frame_schedule import Planned
from device.loans import Buffers
from device.optical_bench import OpticalBench
from device.optics import Rings
from device.photon_noise import PhotonNoise, Response
from device.planned_faults import Faults
from device.sensor_facts import Mode, SensorModel

WHITE_AT_NOMINAL = 0.7  # of full scale: the green of white on the axis after 10 ms at f/4 and gain 1


class SimulatedMosaics:
    """Exposes frames.

    Args:
        bench: how much light falls.
        model: what the sensor makes of it.
        seed: of the noise.
        count: of the buffers of each size.
        born_ns: when the scene's time began.
        faults: of the sensor itself.
    """

    def __init__(
        self, bench: OpticalBench, model: SensorModel, seed: int, count: int, born_ns: int, faults: Faults
    ) -> None:
        self._bench, self._model, self._noise = bench, model, PhotonNoise(seed)
        self._faults = faults
        self._buffers = Buffers(count)
        self._born_ns = born_ns
        self._ahead: tuple[Planned, Raw] | None = None

    def room(self, mode: Mode) -> bool:
        """Whether there is a buffer for another frame; one that was exposed ahead has its own."""
        return self._ahead is not None or self._buffers.room((mode.height, mode.width))

    def expose_ahead(self, mode: Mode, form: Format, planned: Planned) -> Raw | None:
        """That of the frame that is to complete next, only to be looked at; None where there is no room."""
        if self._ahead is not None or not self.room(mode):
            return None
        raw = self._exposed(mode, form, planned, self._buffers.take((mode.height, mode.width)))
        self._ahead = planned, raw
        return raw

    def take(self, mode: Mode, form: Format, planned: Planned) -> Raw:
        """A frame's mosaic, (rows, columns) uint16 as the stack delivers it; put it back once. Ask for room first."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None and ahead[0] == planned:
            return ahead[1]
        buffer = ahead[1] if ahead is not None else self._buffers.take((mode.height, mode.width))
        return self._exposed(mode, form, planned, buffer)

    def put_back(self, mosaic: Raw) -> None:
        """It is no longer needed."""
        self._buffers.put_back(mosaic)

    def forget(self) -> None:
        """The frame to come will not."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            self.put_back(ahead[1])

    def _exposed(self, mode: Mode, form: Format, planned: Planned, raw: Raw) -> Raw:
        """Light to numbers, and those through the stack's packing."""
        rings = self._bench.rings
        when_s = (planned.sensor_timestamp_ns - self._born_ns) / 1e9
        light, corner = self._bench.light(mode, rings, when_s)
        if self._faults.dust:
            light, corner = self._shaded(light, corner, mode, rings), (0, 0)
        response = self._response(mode, planned.exposure, rings, form.bits)
        self._noise.expose(light, corner, response, raw)
        self._stick(raw, mode, response)
        form.carry(raw)
        return raw

    def _shaded(self, light: Light, corner: tuple[int, int], mode: Mode, rings: Rings) -> Light:
        """What of it falls through the dust: a copy, as the hand shakes and the dust does not."""
        top, left = corner
        fallen = light[top : top + mode.height, left : left + mode.width].copy()
        for mote in self._faults.dust:
            dust_shadow.cast(mote, rings.f_number, mode, self._model.facts.pixel_pitch_um, fallen)
        return fallen

    def _stick(self, raw: Raw, mode: Mode, response: Response) -> None:
        n, white = mode.binning, response.white_dn
        for row, column in self._faults.stuck:
            y, x = ((at - cut) // (2 * n) * 2 + at % 2 for at, cut in ((row, mode.top), (column, mode.left)))
            if 0 <= y < mode.height and 0 <= x < mode.width:
                raw[y, x] += (white - raw[y, x]) // n**2

    def _response(self, mode: Mode, exposure: Exposure, rings: Rings, bits: int) -> Response:
        levels = self._model.levels(bits)
        nominal = WHITE_AT_NOMINAL * (levels.white - levels.black[0])
        dn_per_light = nominal * optics.light_per_exposure(rings, exposure.exposure_us) * exposure.gain
        return Response(dn_per_light, levels.black[0], levels.white, self._model.noise(exposure.gain, mode, bits))
