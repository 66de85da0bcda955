"""What small things do in a libcamera module that picamera2 or mcam lean on; the simulated ones shall do the same.

Runs in the root as well: `python3 -m tests.libcamera.behaviour` prints it of the real module and its virtual camera.
"""

import importlib
import json
import os
import select
import sys
from typing import Any

Observed = dict[str, object]  # a sentence, and what came out as JSON has it


def observed(libcamera: Any, camera: Any) -> Observed:
    """All of it, with a camera that nobody has acquired."""
    return {**_values(libcamera), **_colours(libcamera), **_memory(libcamera), **_camera(libcamera, camera)}


def _values(libcamera: Any) -> Observed:
    size, rectangle, turned = libcamera.Size, libcamera.Rectangle, libcamera.Transform(hflip=True, vflip=True)
    copied = libcamera.Transform(turned)
    asked = libcamera.SensorConfiguration()
    asked.bit_depth, asked.output_size = 12, size(4056, 3040)
    return {
        "sizes of the same numbers are equal": [size(2, 3) == size(2, 3), size(2, 3) == size(3, 2)],
        "an empty size": [size().width, size().height],
        "a rectangle's fields": [getattr(rectangle(1, 2, 3, 4), name) for name in ("x", "y", "width", "height")],
        "a format is its name": [str(libcamera.PixelFormat(name)) for name in ("SRGGB12", "YUV420", "NV12")],
        "formats of one name are equal": libcamera.PixelFormat("NV12") == libcamera.PixelFormat("NV12"),
        "an upright transform": [libcamera.Transform().hflip, libcamera.Transform().vflip],
        "a transform turned by half": [turned.hflip, turned.vflip, turned.transpose],
        "a copied transform": [copied.hflip, copied.vflip, copied.transpose],
        "what is asked of a sensor": [asked.bit_depth, asked.output_size.width, asked.output_size.height],
        "a control is itself as a key": {libcamera.controls.ExposureTime: 1}[libcamera.controls.ExposureTime],
    }


def _colours(libcamera: Any) -> Observed:
    parts = ("primaries", "transferFunction", "ycbcrEncoding", "range")
    return {
        f"the colour space {name}": [getattr(getattr(libcamera.ColorSpace, name)(), part).name for part in parts]
        for name in ("Raw", "Sycc", "Smpte170m", "Rec709")
    }


def _memory(libcamera: Any) -> Observed:
    descriptor, plane = os.memfd_create("plane"), libcamera.FrameBuffer.Plane()
    os.ftruncate(descriptor, 4096)
    plane.fd, plane.offset, plane.length = descriptor, 0, 4096
    own = plane.fd != descriptor
    os.close(descriptor)
    buffer = libcamera.FrameBuffer([plane])
    return {
        "a plane keeps a descriptor of its own": own,
        "a plane's memory outlives the descriptor that was given": os.fstat(plane.fd).st_size,
        "a buffer's plane shares it": buffer.planes[0].fd == plane.fd,
        "a buffer's plane": [buffer.planes[0].offset, buffer.planes[0].length, len(buffer.planes)],
    }


def _camera(libcamera: Any, camera: Any) -> Observed:
    manager = libcamera.CameraManager.singleton()
    camera.acquire()
    try:
        camera.acquire()
        again = ""
    except RuntimeError as error:
        again = str(error)
    viewfinder = camera.generate_configuration([libcamera.StreamRole.Viewfinder])
    both = camera.generate_configuration([libcamera.StreamRole.Viewfinder, libcamera.StreamRole.Viewfinder])
    formats, ids = viewfinder.at(0).formats, (*camera.controls, *camera.properties)
    result: Observed = {
        "a camera that somebody has is refused": again,
        "streams as many as roles": [len(viewfinder), len(both), len(list(both))],
        "a stream's formats are formats, their sizes sizes": [
            type(formats.pixel_formats[0]).__name__, type(formats.sizes(formats.pixel_formats[0])[0]).__name__,
        ],
        "controls and properties go by their ids": sorted({type(key).__name__ for key in ids}),
        "a control's limits": sorted({type(value).__name__ for value in camera.controls.values()}),
        "an untouched manager has nothing to tell": select.select([manager.event_fd], [], [], 0)[0],
    }  # fmt: skip
    camera.release()
    camera.acquire()  # it can be had again
    camera.release()
    return result


def main() -> None:
    libcamera = importlib.import_module("libcamera")
    json.dump(observed(libcamera, libcamera.CameraManager.singleton().cameras[0]), sys.stdout)


if __name__ == "__main__":
    main()
