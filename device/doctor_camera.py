"""Is there a sensor, does its driver talk to it, and has the camera stack what it needs?"""

import re

from device import boot_config
from device.contiguous_memory import FEWEST, SPARE
from device.errors import NoRaw
from device.finding import Finding, fault, note, well
from device.rig import Rig
from device.sensor_catalogue import model_of
from device.sensor_facts import IMX477, SensorModel

# What drivers of sensors call themselves on the I2C bus, "imx477 10-001a"; not those of focus motors beside them.
_SENSOR = re.compile(r"(?:imx|ov|arducam)[\w-]*")
_PREVIEW_BYTES = 1024 * 768 * 3 // 2


def sensor(rig: Rig) -> Finding | None:
    """The overlay, the cable, the chip."""
    if not rig.wants_camera:
        return None
    if name := answering(rig):
        if model_of(name) is None:
            return note(
                "camera", f"The sensor {name} answers, but mcam has no facts of it: device/sensor_catalogue.py."
            )
        return _lanes(rig, name) or well("camera", f"The sensor {name} answers.")
    if name := _declared(rig):
        return fault(
            "camera",
            f"The overlay of {name} is loaded but the sensor does not answer: switch off and push the camera's cable "
            f"home at both ends; if your sensor is no {name}, correct dtoverlay= in config.txt.",
        )
    if rig.has("sys/bus/usb/drivers/uvcvideo/*:*"):
        return note("camera", f"Only a USB camera is connected. {NoRaw()}")
    return fault("camera", _no_overlay(rig))


def answering(rig: Rig) -> str:
    """The sensor that has become a video device; "" where there is none."""
    names = [rig.text(name) for name in rig.found("sys/class/video4linux/v4l-subdev*/name")]
    return next((name.split()[0] for name in names if _SENSOR.fullmatch(name.split(" ")[0])), "")


def _declared(rig: Rig) -> str:
    """The sensor that the device tree speaks of."""
    names = [rig.text(name) for name in rig.found("sys/bus/i2c/devices/*/name")]
    return next((name for name in names if _SENSOR.fullmatch(name)), "")


def _no_overlay(rig: Rig) -> str:
    overlays = [name for name in boot_config.overlays(rig.boot) if _SENSOR.fullmatch(name)]
    if overlays:
        return (
            f"dtoverlay={overlays[0]} in config.txt was not loaded: reboot, and update the firmware if that is no help."
        )
    if ("camera_auto_detect", "1") in rig.boot:
        return (
            "No camera was found at start: switch off and push its cable home at both ends; a sensor that is not "
            "Raspberry Pi's own needs its overlay, such as dtoverlay=imx283, in config.txt."
        )
    return (
        "No camera is looked for: write camera_auto_detect=1, or the sensor's dtoverlay=, into config.txt and reboot."
    )


def _lanes(rig: Rig, name: str) -> Finding | None:
    if name == "imx283" and rig.is_pi and rig.generation < 5 and "Compute Module" not in rig.model:
        return fault(
            "camera", "An IMX283 needs four lanes, and this Pi's connector has two: take a Pi 5, a CM4 or a CM5."
        )
    return None


def device_files(rig: Rig) -> Finding | None:
    """May we open them?"""
    files = [*rig.found("dev/video*"), *rig.found("dev/media*")]
    if not rig.wants_camera or not files:
        return None
    shut = [name for name in files if not rig.may_use(name)]
    if shut:
        return fault(
            "camera files",
            f"The user {rig.user.name} may not open /{shut[0]}: sudo usermod -aG video "
            f"{rig.user.name}, then log in again or restart mcam-capture.",
        )
    return well("camera files", f"{len(files)} device files may be opened.")


def heap(rig: Rig) -> Finding | None:
    """Without it libcamera says "no cameras available", which reads like a missing sensor."""
    if not rig.wants_camera:
        return None
    heaps = rig.found("dev/dma_heap/*")
    if not heaps:
        return fault("dma_heap", "The kernel has no /dev/dma_heap: start the kernel of Raspberry Pi OS.")
    if not any(rig.may_use(name) for name in heaps):
        return fault(
            "dma_heap",
            f"The user {rig.user.name} may not open /dev/dma_heap, which libcamera reports as no "
            "camera: sudo make install lays the udev rule for it.",
        )
    return well("dma_heap", "Buffers can be had from /" + ", /".join(heaps) + ".")


def memory(rig: Rig) -> Finding | None:
    """Before the Pi 5 frames lie in contiguous memory (CMA), which is set aside at start."""
    total = re.search(r"^CmaTotal:\s+(\d+) kB", rig.text("proc/meminfo"), re.MULTILINE)
    if not rig.wants_camera or rig.generation >= 5 or total is None:
        return None
    model = model_of(answering(rig)) or IMX477
    fit = int(int(total[1]) * 1024 * SPARE) // _frame_bytes(model)
    megabytes = f"{int(total[1]) // 1024} MB of contiguous memory"
    more = "write dtoverlay=vc4-kms-v3d,cma-512 into config.txt and reboot."
    if fit < FEWEST:
        return fault("memory", f"{megabytes} hold {fit} frames of this sensor, and {FEWEST} are needed: {more}")
    if fit < rig.wanted.buffers:
        return note(
            "memory", f"{megabytes} hold {fit} frames, not the {rig.wanted.buffers} of [sensor] buffers: {more}"
        )
    return well("memory", f"{megabytes} hold the {rig.wanted.buffers} frames that are wanted.")


def _frame_bytes(model: SensorModel) -> int:
    return model.facts.width * model.facts.height * 2 + _PREVIEW_BYTES


def tuning(rig: Rig) -> Finding | None:
    """The file without which the stack cannot make a preview."""
    name = answering(rig)
    if not rig.wants_camera or not name:
        return None
    kind = "pisp" if rig.generation >= 5 else "vc4"
    if not rig.has(f"usr/*/libcamera/ipa/rpi/{kind}/{name}.json") and not rig.has(
        f"usr/local/*/libcamera/ipa/rpi/{kind}/{name}.json"
    ):
        return fault(
            "tuning",
            f"libcamera has no tuning for {name} ({kind}): sudo apt install libcamera-ipa, or for a "
            "sensor of another maker the libcamera that its maker tells of.",
        )
    return well("tuning", f"libcamera has a tuning for {name}.")
