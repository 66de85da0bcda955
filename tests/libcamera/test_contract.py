"""The simulated libcamera of tests/libcamera_sim against the real one: level A is worth what this says."""

import json
from collections.abc import Callable

import pytest

from device.clock import SteppedClock
from tests import libcamera_sim
from tests.libcamera import names
from tests.libcamera.agreement import OF_A_PI, SIMULATED_ONLY, differences
from tests.libcamera.behaviour import observed
from tests.libcamera.names import Told
from tests.libcamera_sim.webcam import Webcam
from tests.picamera2_bench import small_bench

Inside = Callable[..., str]
Real = dict[str, Told | None]


@pytest.fixture(scope="module")
def simulated() -> dict[str, Told]:
    return names.simulated(libcamera_sim)


@pytest.fixture
def real(inside: Inside, simulated: dict[str, Told]) -> Real:
    told: Real = json.loads(inside("python3", "-m", "tests.libcamera.names", given=json.dumps(list(simulated))))
    return told


def test_everything_that_is_simulated_is_so_in_libcamera(
    simulated: dict[str, Told], real: Real, figures: list[str]
) -> None:
    assert differences(simulated, real) == []
    figures.append(f"{len(simulated) - len(SIMULATED_ONLY | OF_A_PI)} names of the simulated libcamera are as in it")


@pytest.mark.parametrize(
    ("name", "spoilt", "sentence"),
    [
        ("Request.reuse", None, "libcamera has no Request.reuse"),
        ("controls.ColourGains", {"is": "control ColourGains of libcamera, Float x 3"}, "simulated as: control Colour"),
        ("StreamRole.Raw", {"is": "member", "value": [7]}, "StreamRole.Raw is simulated as [0]"),
        ("CameraManager.singleton", {"is": "method", "takes": [0]}, "in libcamera it is: method"),
        ("Camera.create_request", {"is": "method", "takes": [0]}, "takes [1] arguments only where it is simulated"),
        ("Camera.faults", {"is": "attribute"}, "Camera.faults is excepted, and libcamera has it"),
    ],
)
def test_a_name_taken_away_or_changed_is_noticed(
    simulated: dict[str, Told], real: Real, name: str, spoilt: Told | None, sentence: str
) -> None:
    (found,) = differences(simulated, {**real, name: spoilt})
    assert sentence in found


def test_what_the_real_module_lacks_is_not_found_in_it(inside: Inside) -> None:
    asked = json.dumps(["Request", "Request.reuse", "Request.forget", "controls.Loudness", "Nothing.at.all"])
    told = json.loads(inside("python3", "-m", "tests.libcamera.names", given=asked))
    assert [told[name] is not None for name in told] == [True, True, False, False, False]


def test_small_things_behave_alike(inside: Inside) -> None:
    bench = small_bench(SteppedClock(), raw="NV12", kind=Webcam)
    simulated = observed(libcamera_sim, bench.camera)
    assert len(simulated) > 20
    assert json.loads(inside("python3", "-m", "tests.libcamera.behaviour")) == simulated


def test_libcamera_has_every_name_that_picamera2_and_mcam_ask_of_it(inside: Inside) -> None:
    used = json.loads(inside("python3", "-m", "tests.libcamera.used"))
    assert {"CameraManager.singleton", "StreamRole.Viewfinder", "ColorSpace.Range.Limited"} <= set(used)
    told = json.loads(inside("python3", "-m", "tests.libcamera.names", given=json.dumps(used)))
    assert [name for name in used if told[name] is None] == []
