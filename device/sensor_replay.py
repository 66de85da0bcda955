"""Stored RAW files as a live sensor: a DNG, or a folder of them in order of their names, over and over.

For trying mcam on real photographs without a camera. A stored frame was exposed once: settings are taken and change
nothing, every frame tells the exposure of its file, and both settings of the sensor deliver the full size.
"""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from device import isp, raw_file
from device.clock import Clock
from device.dust import NO_DUST, Dust
from device.dust_removal import cleaned
from device.errors import BadPicture, CameraLost, NoCamera, NotReady
from device.flat_field import NO_GAINS, Gains
from device.frame import Exposure, Frame, LiveFrame, Preview, SensorFacts, Triple
from device.hot_pixels import NO_HOT_PIXELS, HotPixels
from device.loans import Loans
from device.quad_scaling import fitted_shape
from device.raw_file import Head, StoredRaw
from device.sensor import TO_PHOTOGRAPH, Granted, Setting

ORDINARY_EXPOSURE = Exposure(10_000, 1.0)  # what may be asked for, and changes nothing, where no file tells its own
FRAME_US = 40_000  # 25 a second, or as fast as files can be decoded
KEPT = 2  # decoded files that stay in memory: a single one plays without decoding, a large folder takes no more
LONGEST_WAIT_S = 86_400.0  # so that a wait without an end is still a number


@dataclass(frozen=True, slots=True, eq=False)
class _Picture:
    stored: StoredRaw
    preview: Preview
    neutral: Triple
    exposure: Exposure


class ReplaySensor:
    """A `Sensor` that plays files.

    Frames of one file share its memory: whoever writes to one leaves it as it was. `buffers` limits how many are lent
    as on a real sensor. Timestamps go by the clock, 25 frames a second; the exposure of a long-exposed file does not
    slow them.

    Args:
        path: a DNG (or another TIFF-based RAW that LibRaw decodes), or a folder of DNGs of one camera and size.
        clock: paces the frames and stamps them.
        buffers: frames that exist at once.
        preview_max: rows and columns that a preview may have until `fit_previews` says more.

    Raises:
        NoCamera: there is no such file, or no DNG in the folder.
        BadPicture: a file is damaged, cut short, no RAW, or unlike the others; the first is decoded, too.
        MissingPackage: rawpy is not installed.
    """

    def __init__(self, path: Path, clock: Clock, *, buffers: int, preview_max: tuple[int, int]) -> None:
        self._files = _files(path)
        self._heads = [raw_file.read_head(file) for file in self._files]
        self._clock = clock
        self._buffers = buffers
        self._shape_of = partial(isp.preview_shape, max_rows=preview_max[0], max_columns=preview_max[1])
        self._facts = _facts(self._files, self._heads)
        self._kept: dict[int, _Picture] = {}
        self._neutral: Triple | None = None
        self._gains, self._hot, self._dust = NO_GAINS, NO_HOT_PIXELS, NO_DUST
        self._loans: Loans[None] = Loans()
        self._first = self._picture(0).stored
        self._streaming = False
        self._shown = 0  # files played so far
        self._sequence = 0  # of the next frame
        self._due_ns = 0

    @property
    def facts(self) -> SensorFacts:
        """What the files say of their camera; its shutter and gain can be what they were in these files."""
        return self._facts

    @property
    def buffers(self) -> int:
        """How many frames exist at once."""
        return self._buffers

    @property
    def settings(self) -> frozenset[Setting]:
        """Those it has."""
        return TO_PHOTOGRAPH

    def start(self, setting: Setting, exposure: Exposure, frame_duration_us: int = 0) -> Granted:
        """Play, at full size in either setting, as a stored file has no other: read it in what is granted."""
        del setting, exposure, frame_duration_us
        self._streaming = True
        self._due_ns = self._clock.now_ns() + FRAME_US * 1000
        cfa, bits = self._first.cfa, self._first.bits
        return Granted(self._facts.width, self._facts.height, bits, cfa, f"S{cfa}{bits}", FRAME_US)

    def wait(self, timeout_s: float) -> Frame | None:
        """The next frame, lent; None when none came in time or all are lent. Frames that nobody awaited are lost.

        Raises:
            CameraLost: a file cannot be read any more.
            NotReady: it is not started.
        """
        if not self._streaming:
            raise NotReady("The sensor does not stream: start it first.")
        deadline_ns = self._clock.now_ns() + round(min(timeout_s, LONGEST_WAIT_S) * 1e9)
        self._lose_missed()
        if self._due_ns > deadline_ns or len(self._loans) >= self._buffers:
            self._clock.wait_until(deadline_ns)
            return None
        picture = self._next_picture()
        self._due_ns = max(self._due_ns, self._clock.now_ns())  # decoding delays frames but loses none
        self._clock.wait_until(self._due_ns)
        return self._lend(picture)

    def give_back(self, frame: LiveFrame) -> None:
        """End the loan of a frame.

        Raises:
            BadValue: it was given back before, or never lent.
        """
        self._loans.give_back(frame)

    def set(self, exposure: Exposure) -> None:
        """Accepted, and without effect: the file was exposed when it was taken."""

    def fit_previews(self, rows: int, columns: int) -> None:
        """Draw them that large from the next frame on."""
        self._shape_of = partial(fitted_shape, max_rows=rows, max_columns=columns)
        self._kept.clear()

    def balance(self, neutral: Triple | None) -> None:
        """The preview's white; by itself it is the file's."""
        if neutral != self._neutral:
            self._neutral = neutral
            self._draw_anew()

    def correct(self, gains: Gains) -> None:
        """The preview's flat field."""
        if gains is not self._gains:
            self._gains = gains
            self._draw_anew()

    def mend(self, hot: HotPixels, dust: Dust = NO_DUST) -> None:
        """The preview without these."""
        if (hot, dust) != (self._hot, self._dust):
            self._hot, self._dust = hot, dust
            self._draw_anew()

    def stop(self) -> None:
        """Stop playing; frames still lent stay readable."""
        self._streaming = False

    def close(self) -> None:
        """Stop, and let go of the decoded files."""
        self.stop()
        self._kept.clear()

    def _lose_missed(self) -> None:
        missed = max(0, (self._clock.now_ns() - self._due_ns) // (FRAME_US * 1000))
        self._sequence += missed
        self._due_ns += missed * FRAME_US * 1000

    def _next_picture(self) -> _Picture:
        index = self._shown % len(self._files)
        try:
            picture = self._picture(index)
        except BadPicture as error:
            raise CameraLost(f"The replay ended: {error}") from error
        self._shown += 1
        return picture

    def _picture(self, index: int) -> _Picture:
        if index in self._kept:
            return self._kept[index]
        picture = self._drawn(index, raw_file.read(self._files[index]))
        if len(self._kept) < KEPT:
            self._kept[index] = picture
        return picture

    def _draw_anew(self) -> None:
        self._kept = {index: self._drawn(index, picture.stored) for index, picture in self._kept.items()}

    def _drawn(self, index: int, stored: StoredRaw) -> _Picture:
        head, neutral = self._heads[index], self._neutral or stored.neutral
        shape = self._shape_of(*stored.raw.shape)
        raw = cleaned(stored.raw, stored.cfa, stored.levels, self._hot, self._dust)
        preview = isp.render(raw, stored.cfa, stored.levels, neutral, head.colour, shape, self._gains)
        return _Picture(stored, preview, neutral, head.exposure)

    def _lend(self, picture: _Picture) -> Frame:
        stored = picture.stored
        frame = Frame(
            sequence=self._sequence,
            sensor_timestamp_ns=self._due_ns,
            raw=stored.raw,
            bits=stored.bits,
            cfa=stored.cfa,
            levels=stored.levels,
            noise=stored.noise,
            exposure=picture.exposure,
            neutral=picture.neutral,
            preview=picture.preview,
        )
        self._sequence += 1
        self._due_ns += FRAME_US * 1000
        return self._loans.lend(frame, None)


def _files(path: Path) -> list[Path]:
    """The file itself, or the DNGs of a folder in order of their names."""
    try:
        path.stat()
        found = sorted(path.iterdir()) if path.is_dir() else None
    except FileNotFoundError as error:
        raise NoCamera(f"There is no file or folder {path} to replay: check the path.") from error
    except OSError as error:
        raise NoCamera(f"{path} cannot be read ({error.strerror}): check the path.") from error
    if found is None:
        return [path]
    files = [file for file in found if file.suffix.lower() == ".dng" and file.name[0] != "."]
    if not files:
        raise NoCamera(f"There is no DNG in the folder {path}: name the folder that holds them, or a file.")
    return files


def _facts(files: list[Path], heads: list[Head]) -> SensorFacts:
    """The first file's, and the shutters and gains of all of them; they must be of one camera and size."""
    first = heads[0]
    for file, head in zip(files, heads, strict=True):
        if (head.model, head.rows, head.columns) != (first.model, first.rows, first.columns):
            raise BadPicture(
                f"{file.name} was taken by {head.model} in {head.columns} x {head.rows}, {files[0].name} by "
                f"{first.model} in {first.columns} x {first.rows}: replay a folder of one camera and size."
            )
    known = [head.exposure for head in heads if head.exposure.is_known] or [ORDINARY_EXPOSURE]
    shutters, gains = [exposure.exposure_us for exposure in known], [exposure.gain for exposure in known]
    return SensorFacts(
        model=first.model,
        width=first.columns,
        height=first.rows,
        pixel_pitch_um=first.pixel_pitch_um,
        gain_min=min(gains),
        gain_max=max(gains),
        exposure_min_us=min(shutters),
        exposure_max_us=max(shutters),
        colour=first.colour,
        finds_white=True,
        obeys_exposure=False,
    )
