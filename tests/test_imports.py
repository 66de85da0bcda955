"""The import rule of device/__init__.py, read from the source with ast, and that it leaves no file out."""

import ast
import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# The modules that may touch a file, socket, thread, process or clock; every other one, and every new one, is pure.
AT_THE_EDGE = {
    *(
        "device/__main__",
        "device/album",
        "device/assembly",
        "device/background",
        "device/sensor_choice",
        "device/buttons",
        "device/button_route",
        "device/hand",
        "device/body_status",
        "device/power_off",
        "device/kept_file",
        "device/menu_assembly",
        "device/calling",
        "device/camera",
    ),
    *("device/camera_refusal", "device/cli", "device/clock", "device/commands", "device/config"),
    *("device/contiguous_memory", "device/daemon", "device/darkroom", "device/wish"),
    *("device/languages", "device/machine"),
    *("device/folder", "device/inspection", "device/lone_shots", "device/memory", "device/notify"),
    "device/optical_bench",
    *("device/options", "device/presses", "device/preview", "device/raw_file", "device/ring", "device/runtime"),
    *("device/kernel_build", "device/kernel_library", "device/kernel_signature"),
    "device/scene",
    *("device/sensor_replay", "device/sensor_simulated", "device/server", "device/sidecars", "device/storage"),
    *("device/stored_raw", "device/stream", "device/supervisor", "device/system"),
    *("device/film_assembly", "device/recording", "device/file_calls", "device/folder_entries"),
    *("device/card_speed", "device/doctor", "device/rig"),
    *(
        "device/cli_lens",
        "device/cli_print",
        "device/drawer",
        "device/flat_fields",
        "device/flat_wizard",
        "device/hot_pixel_map",
        "device/hot_pixel_wizard",
        "device/lens_assembly",
        "device/lens_choice",
        "device/lens_commands",
        "device/lens_reader",
        "device/level",
        "device/marks",
        "device/state_file",
        "device/wizard_shots",
    ),
    *("device/regular_file", "device/toml_file", "device/written_path"),
    *("device/looked_at", "device/on_screen", "device/review_face", "device/reviewer", "device/seeking"),
    "device/stored_pictures",
    "device/unsaved",
    "device/pisugar",
    "device/posture",
    "device/photograph",  # datetime, for a time that it is given
    *("ui/__main__", "ui/client", "ui/fbdev", "ui/framebuffer", "ui/ghost", "ui/glyphs", "ui/live", "ui/own_pace"),
    *("ui/process", "ui/screen", "ui/teller"),
    *("ui/web/__main__", "ui/web/feed", "ui/web/gallery", "ui/web/hand", "ui/web/news", "ui/web/origin"),
    *("ui/web/panel", "ui/web/remote", "ui/web/site"),
}
# Not io: its BytesIO is memory, which Pillow wants to write a JPEG into.
EDGES = {
    *("os", "pathlib", "tempfile", "mmap", "fcntl", "socket", "threading", "asyncio", "concurrent", "queue"),
    *("subprocess", "signal", "ctypes", "time", "datetime"),
}
UI_MAY_IMPORT = {
    *(
        "protocol",
        "strict",
        "states",
        "face_states",
        "shooting_states",
        "calling",
        "preview",
        "ring",
        "frame",
        "window",
        "errors",
        "album",
        "runtime",
    ),
    *("kernel", "narrow", "prefetch", "engraved", "languages", "median", "sidecars", "level", "srgb", "tilt"),
    *("lanes", "byte_lanes"),
}
COMPOSITION = {
    "assembly",
    "darkroom_assembly",
    "dials_assembly",
    "review_assembly",
    "film_assembly",
    "sensor_choice",
    "daemon",
    "cli_lens",
    "lens_assembly",
    "lens_commands",
    "lone_shots",
    "stored_raw",
    "doctor",
    "cli",
    "options",
    "__main__",
}
PICAMERA2 = {"picamera2_camera", "picamera2_raw", "picamera2_preview"}
CONCRETE = {
    "sensor_picamera2",
    "sensor_preview_only",
    "sensor_simulated",
    "sensor_replay",
    "buttons",
    "focus_light",
    "lens_reader",
    "server",
    "config",
}
LADDER = [
    "cli",
    "daemon",
    "assembly",
    "camera",
    "darkroom",
    "develop",
    "demosaic",
    "frame",
]  # each may import only what stands to its right


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{name.name}" for name in node.names}
    return found


def modules_of(path: Path, package: str) -> set[str]:
    return {name.split(".")[1] for name in imports(path) if name.startswith(package + ".")}


DEVICE = sorted((ROOT / "device").glob("*.py"))
UI = sorted((ROOT / "ui").rglob("*.py"))


@pytest.mark.parametrize("path", DEVICE, ids=lambda p: p.stem)
def test_device_never_imports_ui(path: Path) -> None:
    assert not [name for name in imports(path) if name == "ui" or name.startswith("ui.")]


@pytest.mark.parametrize("path", UI, ids=lambda p: str(p.relative_to(ROOT)))
def test_ui_sees_of_device_only_what_travels(path: Path) -> None:
    assert modules_of(path, "device") <= UI_MAY_IMPORT


@pytest.mark.parametrize("path", [p for p in DEVICE if p.stem not in COMPOSITION], ids=lambda p: p.stem)
def test_only_the_composition_root_knows_concrete_parts(path: Path) -> None:
    assert not modules_of(path, "device") & (CONCRETE - {path.stem})


@pytest.mark.parametrize("name", LADDER)
def test_imports_point_down_the_ladder(name: str) -> None:
    above = set(LADDER[: LADDER.index(name)])
    assert not modules_of(ROOT / "device" / f"{name}.py", "device") & above


@pytest.mark.parametrize("path", DEVICE + UI, ids=lambda p: str(p.relative_to(ROOT)))
def test_only_the_edge_touches_file_socket_thread_or_clock(path: Path) -> None:
    touched = {name.split(".")[0] for name in imports(path)} & EDGES
    assert bool(touched) == (str(path.relative_to(ROOT).with_suffix("")) in AT_THE_EDGE), touched


@pytest.mark.parametrize(
    ("package", "owners"),
    [("picamera2", PICAMERA2), ("libcamera", PICAMERA2), ("gpiozero", {"buttons", "focus_light", "lens_reader"})],
)
def test_hardware_libraries_have_few_importers(package: str, owners: set[str]) -> None:
    users = {p.stem for p in DEVICE + UI if {name.split(".")[0] for name in imports(p)} & {package}}
    assert users <= owners


def test_daemon_and_viewfinder_start_without_the_web_packages() -> None:
    web = {"starlette", "uvicorn", "websockets"}
    assert not [p for p in DEVICE + sorted((ROOT / "ui").glob("*.py")) if {n.split(".")[0] for n in imports(p)} & web]


@pytest.mark.parametrize("name", [p.stem for p in DEVICE if not p.stem.startswith("__")])
def test_the_life_of_a_photograph_tells_of_every_file(name: str) -> None:
    told = re.findall(r"`([\w*]+)(?:\.\w+)?`", (ROOT / "device" / "__init__.py").read_text())
    assert any(fnmatch(name, each) for each in told)
