"""Which sensor the settings mean: the Pi's camera, files, or physics."""

import importlib
from pathlib import Path

from device import dust_shadow
from device.clock import Clock
from device.config import Config
from device.errors import MissingPackage
from device.optics import Rings
from device.planned_faults import Faults
from device.scene import Scene
from device.sensor import Bench, RealLens, Sensor
from device.sensor_facts import IMX477
from device.sensor_replay import ReplaySensor
from device.sensor_simulated import SimulatedSensor


def open_sensor(config: Config, clock: Clock) -> tuple[Sensor, Bench]:
    """The sensor that the settings name, and the lens before it.

    Raises:
        NoCamera, BadPicture, MissingPackage, BadValue: it cannot be had, and why.
    """
    kind, _, path = config.sensor.kind.partition(":")
    preview_max = (config.preview.max_rows, config.preview.max_columns)
    if kind == "picamera2" or (kind == "auto" and camera_is_there()):
        return _picamera2(config, clock, preview_max), RealLens()
    if kind == "replay":
        replay = ReplaySensor(Path(path), clock, buffers=config.sensor.buffers, preview_max=preview_max)
        return replay, RealLens()
    simulation = config.simulation
    simulated = SimulatedSensor(
        clock,
        scene=Scene.from_photo(Path(config.sensor.scene)) if config.sensor.scene else Scene.drawn(),
        rings=Rings(simulation.focal_length_mm, simulation.focus_m, simulation.f_number, simulation.light_ev),
        buffers=config.sensor.buffers,
        seed=config.sensor.seed,
        preview_max=preview_max,
        faults=Faults(dust=dust_shadow.scattered(simulation.dust, config.sensor.seed, IMX477.facts)),
    )
    return simulated, simulated


def camera_is_there() -> bool:
    """Whether libcamera is installed and finds one."""
    try:
        libcamera = importlib.import_module("libcamera")
    except ImportError:
        return False
    return bool(libcamera.CameraManager.singleton().cameras)


def _picamera2(config: Config, clock: Clock, preview_max: tuple[int, int]) -> Sensor:
    """The Pi's camera, or another that gives no RAW; the packages come from apt, and only here are they needed.

    Raises:
        MissingPackage: they are not there.
        NoCamera: no camera is, or it cannot be used.
    """
    try:
        from device.picamera2_camera import gives_raw  # noqa: PLC0415 - no laptop has libcamera
        from device.sensor_picamera2 import Picamera2Sensor  # noqa: PLC0415
        from device.sensor_preview_only import PreviewOnlySensor  # noqa: PLC0415
    except ImportError as missing:
        raise MissingPackage(
            f"A real camera needs picamera2 from apt ({missing}): on a Pi, sudo apt install python3-picamera2, then "
            "make clean run, so that the environment sees it; elsewhere use --sensor simulated."
        ) from missing
    if not gives_raw():
        return PreviewOnlySensor(clock, preview_max=preview_max)
    return Picamera2Sensor(
        clock, buffers=config.sensor.buffers, preview_max=preview_max, upside_down=config.sensor.upside_down
    )
