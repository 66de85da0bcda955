"""A frame becomes a picture of half its size, for previews: one pixel for each quad of photosites, no demosaic."""

import numpy as np
from numpy.typing import NDArray

from device.chroma_noise import quietened
from device.chroma_planes import chroma_planes, variances
from device.flat_field import NO_GAINS, Gains
from device.frame import Colour, Frame, Raw
from device.kernel import inner, kernel
from device.light import Exposing, Line, Lines, lines, signal_of_light
from device.looks import Look
from device.quads import light_of_quads
from device.show import show_line, to_screen, tone_curve

_KEPT_ABOVE = 6.0  # times the noise's power: a pixel judged by itself, which noise exceeds once in four hundred
_HALF, _NEAR, _FAR = np.float32(0.5), np.float32(0.75), np.float32(0.25)
_ONE, _NONE, _TINY = np.float32(1), np.float32(0), np.float32(1e-12)


def half_size(frame: Frame, colour: Colour, look: Look, gains: Gains = NO_GAINS) -> NDArray[np.uint8]:
    """The picture at half size.

    Args:
        frame: what was taken.
        colour: the camera's matrices.
        look: tones and saturation.
        gains: of the flat field; without, every photosite got its share of the light.

    Returns:
        (rows // 2, columns // 2, 3) uint8 sRGB.
    """
    raw, exposing, cfa = np.ascontiguousarray(frame.raw), Exposing.of(frame), frame.cfa
    picture = np.empty((raw.shape[0] // 2, raw.shape[1] // 2, 3), np.uint8)
    coarse = chroma_planes(raw, cfa, exposing, gains)
    quiet = quietened(coarse, variances(exposing))
    black, gain = (lines(each, cfa.pattern, 2 * picture.shape[1]) for each in (exposing.black, exposing.gain))
    _develop_quads(
        raw, cfa.pattern, black, gain, gains, np.float32(exposing.offset), coarse, quiet, _weights(exposing),
        to_screen(colour, frame.neutral, look), tone_curve(look), picture,
    )  # fmt: skip
    return picture


def _weights(exposing: Exposing) -> NDArray[np.float32]:
    """(2,): by which squares of the detail of either difference are multiplied so that noise comes to one at most."""
    red, green, blue = exposing.variance
    noise = np.array([green / 2 + red, green / 2 + blue])
    weights: NDArray[np.float32] = (0.5 / _KEPT_ABOVE / np.maximum(noise, 1e-12)).astype(np.float32)
    return weights


@kernel(
    "void(u2[:, ::1], u1[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, :, ::1], f4, f4[:, :, ::1], f4[:, :, ::1], f4[::1], "
    "f4[:, ::1], u1[::1], u1[:, :, ::1])"
)
def _develop_quads(
    raw: Raw,
    pattern: NDArray[np.uint8],
    black: Lines,
    gain: Lines,
    gains: Gains,
    offset: np.float32,
    coarse: NDArray[np.float32],
    quiet: NDArray[np.float32],
    weight: NDArray[np.float32],
    matrix: NDArray[np.float32],
    curve: NDArray[np.uint8],
    picture: NDArray[np.uint8],
) -> None:
    columns = picture.shape[1]
    quads, signal = np.empty((4, columns), np.float32), np.empty((4, columns), np.float32)
    wide, between = np.empty((4, columns), np.float32), np.empty(coarse.shape[2], np.float32)
    light, steps = np.empty((4, columns), np.float32), np.empty((3, columns), np.uint16)
    for row in range(picture.shape[0]):
        light_of_quads(raw, row, pattern, black, gain, gains, quads)
        for x in range(columns):
            quads[1, x] = (quads[1, x] + quads[2, x]) * _HALF
        for channel in range(4):
            signal_of_light(quads[channel], offset, signal[channel])
        for plane in range(2):
            _double_line(coarse[plane + 1], row, between, wide[plane])
            _double_line(quiet[plane], row, between, wide[plane + 2])
        _quieten_line(signal, wide, weight)
        show_line(signal[1], signal[0], signal[3], offset, matrix, curve, light, steps, picture[row])


@inner
def _double_line(plane: NDArray[np.float32], y: int, between: Line, out: Line) -> None:
    """Row y of a plane enlarged twice, bilinear; `out` is twice as long as a row, or one less."""
    rows, columns = plane.shape
    other = min(max(y // 2 + (y & 1) * 2 - 1, 0), rows - 1)
    near, far = plane[y // 2], plane[other]
    for x in range(columns):
        between[x] = near[x] * _NEAR + far[x] * _FAR
    for x in range(out.size):
        beside = min(max(x // 2 + (x & 1) * 2 - 1, 0), columns - 1)
        out[x] = between[x // 2] * _NEAR + between[beside] * _FAR


@inner
def _quieten_line(signal: NDArray[np.float32], wide: NDArray[np.float32], weight: NDArray[np.float32]) -> None:
    """Signals of red and blue to green minus either: the quiet coarse part, and what rises above noise.

    Args:
        signal: (4, columns) in CHANNELS order; the differences take the place of the first and the last.
        wide: (4, columns) coarse differences to red and blue, and both made quiet.
        weight: as `_weights` has it.
    """
    for x in range(signal.shape[1]):
        to_red, to_blue = signal[1, x] - signal[0, x] - wide[0, x], signal[1, x] - signal[3, x] - wide[1, x]
        power = to_red * to_red * weight[0] + to_blue * to_blue * weight[1]
        kept = max(_ONE - _ONE / (power + _TINY), _NONE)
        signal[0, x], signal[3, x] = wide[2, x] + kept * to_red, wide[3, x] + kept * to_blue
