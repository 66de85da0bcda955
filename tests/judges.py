"""Foreign programs that read a DNG: what each complains of, and whether it gets back every bit of the mosaic.

They are asked for many files at once, as most take longer to start than to read. `SMALL` are those that a test can
wait for; the two developers of `LARGE` show whole pictures, and are asked by `make validate` only.
"""

import hashlib
import importlib.util
import json
import logging
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from io import BytesIO
from pathlib import Path

import numpy as np
import rawpy
import tifffile
from PIL import Image

from device import dng_tags
from device.frame import Raw

Complaints = Mapping[Path, str]  # files without one are missing
CROP_TOLERANCE = 32  # pixels that a developer may leave out at the borders, beside the default crop


@dataclass(frozen=True, slots=True, eq=False)
class Specimen:
    """A DNG and the mosaic that was put into it."""

    path: Path
    raw: Raw


@dataclass(frozen=True, slots=True)
class Judge:
    """One program; `version` is empty where it is absent, and then it cannot be asked."""

    name: str
    version: Callable[[], str]
    complaints: Callable[[Sequence[Specimen]], Complaints]


def _libraw(specimens: Sequence[Specimen]) -> Complaints:
    found = {}
    for specimen in specimens:
        try:
            with rawpy.imread(str(specimen.path)) as raw:
                found[specimen.path] = _difference(specimen.raw, np.array(raw.raw_image_visible))
        except rawpy.LibRawError as error:
            found[specimen.path] = str(error)
    return _said(found)


# Whatever the SDK prints stands between the name of a file and the digest of its mosaic.
_ADOBE = """
import ctypes, hashlib, sys, dngpy
for path in sys.argv[1:]:
    print("@", path, flush=True)
    try:
        mosaic = dngpy.Dng(path).raw_pixels
        print("#", hashlib.sha256(mosaic.astype("uint16").tobytes()).hexdigest(), flush=True)
    except RuntimeError as error:
        print(error, flush=True)
    ctypes.CDLL(None).fflush(None)
"""


def _adobe(specimens: Sequence[Specimen]) -> Complaints:
    command = [sys.executable, "-c", _ADOBE, *(str(specimen.path) for specimen in specimens)]
    answer = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True).stdout
    said: dict[str, list[str]] = defaultdict(list)
    path = ""
    for line in filter(str.strip, answer.splitlines()):
        path = line.removeprefix("@ ") if line.startswith("@ ") else path
        said[path] += [] if line.startswith("@ ") else [line]
    expected = {specimen.path: f"# {_digest(specimen.raw)}" for specimen in specimens}
    return _said({path: _unless(said[str(path)], [digest]) for path, digest in expected.items()})


def _tifffile(specimens: Sequence[Specimen]) -> Complaints:
    found = {}
    for specimen in specimens:
        with _warnings("tifffile") as warnings, tifffile.TiffFile(specimen.path) as file:
            pages = [*file.pages, *(child for page in file.pages for child in page.pages or ())]
            mosaic = next((page for page in pages if page.photometric == dng_tags.COLOUR_FILTER_ARRAY), None)
            difference = _difference(specimen.raw, mosaic.asarray()) if mosaic else "no mosaic"
            found[specimen.path] = difference or "; ".join(warnings)
    return _said(found)


def _exiftool(specimens: Sequence[Specimen]) -> Complaints:
    command = ["exiftool", "-json", "-a", "-validate", "-warning", "-error", *_paths(specimens)]
    answers = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return _said(
        {
            Path(answer.pop("SourceFile")): "; ".join(f"{tag}: {said}" for tag, said in answer.items() if said != "OK")
            for answer in answers
        }
    )


def _dcraw(specimens: Sequence[Specimen]) -> Complaints:
    found, command = {}, ["dcraw", "-c", "-E", "-4"]
    for specimen in specimens:
        done = subprocess.run([*command, str(specimen.path)], capture_output=True, check=False)
        same = "" if done.returncode else _difference(specimen.raw, np.asarray(Image.open(BytesIO(done.stdout))))
        found[specimen.path] = done.stderr.decode() or same
    return _said(found)


def _older_libraw(specimens: Sequence[Specimen]) -> Complaints:
    """It writes beside the file it reads."""
    found, command = {}, ["unprocessed_raw", "-q"]
    for specimen in specimens:
        image = specimen.path.with_name(specimen.path.name + ".pgm")
        done = subprocess.run([*command, str(specimen.path)], capture_output=True, check=False)
        if image.exists():
            found[specimen.path] = _difference(specimen.raw, np.asarray(Image.open(image)))
            image.unlink()
        else:
            found[specimen.path] = (done.stderr or done.stdout).decode() or "no picture"
    return _said(found)


def _exiv2(specimens: Sequence[Specimen]) -> Complaints:
    found = {}
    for path in _paths(specimens):
        command = ["exiv2", "-g", "Exif.Photo.ExposureTime", "-Pv", path]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        found[Path(path)] = done.stderr.strip() or ("" if done.stdout.strip() else "no exposure time")
    return _said(found)


def _darktable(specimens: Sequence[Specimen]) -> Complaints:
    options = ["--core", "--library", ":memory:", "--conf", "plugins/imageio/format/png/bpp=8", "--configdir"]
    return _developed(
        specimens, lambda path, folder: ["darktable-cli", path, f"{folder}/out.png", *options, f"{folder}/settings"]
    )


def _rawtherapee(specimens: Sequence[Specimen]) -> Complaints:
    return _developed(
        specimens, lambda path, folder: ["rawtherapee-cli", "-q", "-Y", "-n", "-b8", "-o", folder, "-c", path]
    )


def _developed(specimens: Sequence[Specimen], command: Callable[[str, str], list[str]]) -> Complaints:
    """Of a program that makes a PNG of the file in a folder, whatever it calls it."""
    found = {}
    with tempfile.TemporaryDirectory(prefix="mcam-judge-") as folder:
        for specimen in specimens:
            done = subprocess.run(command(str(specimen.path), folder), capture_output=True, text=True, check=False)
            pictures = list(Path(folder).glob("*.png"))
            found[specimen.path] = _shown(specimen.raw, pictures[0]) if pictures else _last_line(done)
            for picture in pictures:
                picture.unlink()
    return _said(found)


def _shown(raw: Raw, path: Path) -> str:
    with Image.open(path) as picture:
        missing = max(raw.shape[0] - picture.height, raw.shape[1] - picture.width)
        light = float(np.asarray(picture.convert("L")).std())
    if missing > CROP_TOLERANCE:
        return f"the picture lacks {missing} rows or columns"
    return "" if light > 1 else "the picture shows nothing"


def _difference(expected: Raw, mosaic: Raw) -> str:
    if mosaic.shape != expected.shape:
        return f"{mosaic.shape} instead of {expected.shape}"
    wrong = int((mosaic != expected).sum())
    return f"{wrong} of {expected.size} samples differ" if wrong else ""


def _unless(lines: list[str], expected: list[str]) -> str:
    if lines == expected:
        return ""
    return "; ".join(line for line in lines if not line.startswith("#")) or "samples differ"


def _digest(raw: Raw) -> str:
    return hashlib.sha256(raw.tobytes()).hexdigest()


def _paths(specimens: Sequence[Specimen]) -> list[str]:
    return [str(specimen.path) for specimen in specimens]


def _said(found: Mapping[Path, str]) -> Complaints:
    return {path: complaint for path, complaint in found.items() if complaint}


def _last_line(done: "subprocess.CompletedProcess[str]") -> str:
    return ["no picture", *filter(None, (done.stdout + done.stderr).splitlines())][-1]


@contextmanager
def _warnings(name: str) -> Iterator[list[str]]:
    said: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger(name)
    logger.addHandler(handler)
    try:
        yield said
    finally:
        logger.removeHandler(handler)


def _package(name: str) -> Callable[[], str]:
    return lambda: version(name) if importlib.util.find_spec(name) else ""


def _program(name: str, *arguments: str, word: int = -1) -> Callable[[], str]:
    """What a program says of its version in the first line that names a number; those that say nothing are "found"."""

    def ask() -> str:
        if shutil.which(name) is None:
            return ""
        done = subprocess.run([name, *arguments], capture_output=True, text=True, check=False)
        lines = [line for line in (done.stdout + done.stderr).splitlines() if any(map(str.isdigit, line))]
        return lines[0].split()[word].strip(',"v') if lines else "found"

    return ask


SMALL = (
    Judge("LibRaw (rawpy)", lambda: ".".join(map(str, rawpy.libraw_version)), _libraw),
    Judge("LibRaw (libraw-bin)", _program("unprocessed_raw", word=3), _older_libraw),
    Judge("Adobe DNG SDK (dngpy)", _package("dngpy"), _adobe),
    Judge("tifffile", _package("tifffile"), _tifffile),
    Judge("exiftool -validate", _program("exiftool", "-ver"), _exiftool),
    Judge("dcraw", _program("dcraw"), _dcraw),
    Judge("exiv2", _program("exiv2", "--version"), _exiv2),
)
LARGE = (
    Judge("darktable-cli", _program("darktable-cli", "--version"), _darktable),
    Judge("rawtherapee-cli", _program("rawtherapee-cli", "-h", word=2), _rawtherapee),
)
