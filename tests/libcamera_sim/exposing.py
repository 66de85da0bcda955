"""The light on the simulated sensor: the same scene, lens and noise as behind `device.sensor_simulated`."""

import numpy as np

from device import isp, optics
from device.colour import daylight_neutral
from device.delivery import pack12, pack_left16
from device.frame import Cfa, Exposure, Plane, Preview, Raw
from device.optical_bench import OpticalBench
from device.optics import Rings
from device.photon_noise import PhotonNoise, Response
from device.scene import Scene
from device.sensor_facts import Mode, SensorModel
from device.simulated_mosaics import WHITE_AT_NOMINAL

BITS = 12


class Light:
    """Mosaics and previews on demand."""

    def __init__(self, model: SensorModel, scene: Scene, rings: Rings, seed: int) -> None:
        self._model = model
        self._bench = OpticalBench(scene, model, rings)
        self._noise = PhotonNoise(seed)
        self.neutral = daylight_neutral(model.facts.colour)

    def mosaic(self, mode: Mode, exposure: Exposure, when_s: float) -> Raw:
        """Right-justified, in the pattern of `SensorModel.cfa`."""
        rings, levels = self._bench.rings, self._model.levels(BITS)
        nominal = WHITE_AT_NOMINAL * (levels.white - levels.black[0])
        dn = nominal * optics.light_per_exposure(rings, exposure.exposure_us) * exposure.gain
        response = Response(dn, levels.black[0], levels.white, self._model.noise(exposure.gain, mode, BITS))
        light, corner = self._bench.light(mode, rings, when_s)
        raw = np.empty((mode.height, mode.width), np.uint16)
        self._noise.expose(light, corner, response, raw)
        return raw

    def preview(self, raw: Raw, cfa: Cfa, rows: int, columns: int) -> Preview:
        """What an image signal processor makes of it."""
        facts = self._model.facts
        return isp.render(raw, cfa, self._model.levels(BITS), self.neutral, facts.colour, (rows, columns))


def write_raw(raw: Raw, name: str, stride: int, memory: Plane) -> None:
    """As the hardware lays it into a buffer, by the name of the format."""
    rows = memory.reshape(raw.shape[0], stride)
    rows[:] = 0xEE  # gaps hold anything
    if name.endswith("12_CSI2P"):
        packed = pack12(raw)
        columns = min(stride, packed.shape[1])
        rows[:, :columns] = packed[:, :columns]
    elif not name.endswith("COMP1"):
        words = pack_left16(raw) if name.endswith("16") else raw.view(np.uint8)
        rows[:, : words.shape[1]] = words


def write_yuv420(preview: Preview, stride: int, memory: Plane) -> None:
    """Three planes; those of colour in rows of half the stride."""
    rows, columns = preview.y.shape
    memory[:] = 0xEE
    memory[: rows * stride].reshape(rows, stride)[:, :columns] = preview.y
    halves = memory[rows * stride :].reshape(2, rows // 2, stride // 2)
    halves[0, :, : columns // 2], halves[1, :, : columns // 2] = preview.u, preview.v


def write_nv12(preview: Preview, stride: int, memory: Plane) -> None:
    """Limited range: a plane of luma, then one of both colours in turn."""
    rows, columns = preview.y.shape
    memory[:] = 0xEE
    memory[: rows * stride].reshape(rows, stride)[:, :columns] = limited(preview.y, 219, 16)
    chroma = memory[rows * stride : rows * stride * 3 // 2].reshape(rows // 2, stride)
    chroma[:, 0:columns:2], chroma[:, 1:columns:2] = limited(preview.u, 224, 16), limited(preview.v, 224, 16)


def write_yuyv(preview: Preview, stride: int, memory: Plane) -> None:
    """Limited range: luma and a colour in turn, each row with colours of its own."""
    rows, columns = preview.y.shape
    memory[:] = 0xEE
    packed = memory[: rows * stride].reshape(rows, stride)
    packed[:, 0 : 2 * columns : 2] = limited(preview.y, 219, 16)
    for first, plane in ((1, preview.u), (3, preview.v)):
        packed[:, first : 2 * columns : 4] = np.repeat(limited(plane, 224, 16), 2, axis=0)


def limited(plane: Plane, span: int, first: int) -> Plane:
    """Of 256 levels so many, from the first one on."""
    return np.round(first + plane * (span / 255)).astype(np.uint8)
