"""`mcam run` without the camera: parts that end, parts that are to be started again, and the order of stopping."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from device.errors import EXIT_FAILED
from device.supervisor import Part, supervise

WAITS = 600  # of AGAIN_S at most; the processes are over in a fraction of that


@pytest.fixture
def part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Part]:
    """A process that runs a line of Python instead of a module of ours."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    def made(name: str, code: str) -> Part:
        (tmp_path / f"{name}.py").write_text(code)
        return Part([name])

    return made


def waiting(until: Callable[[], bool]) -> Callable[[float], bool]:
    """Waits for real, and says stop once the condition holds."""

    turns = iter(range(WAITS))

    def wait(seconds: float) -> bool:
        time.sleep(seconds / 4)
        assert next(turns, None) is not None, "it never happened"
        return until()

    return wait


def test_a_part_that_dies_is_started_again(part: Callable[[str, str], Part], tmp_path: Path) -> None:
    log = tmp_path / "log"
    mortal = part("mortal", f"open({str(log)!r}, 'a').write('x'); raise SystemExit(1)")
    assert supervise([mortal], waiting(lambda: log.exists() and len(log.read_text()) >= 3)) == 0


def test_a_part_that_said_what_to_do_ends_everything(part: Callable[[str, str], Part]) -> None:
    steady = part("steady", "import time; time.sleep(600)")
    refusing = part("refusing", f"raise SystemExit({EXIT_FAILED})")
    assert supervise([steady, refusing], waiting(lambda: False)) == EXIT_FAILED
    assert steady.process is not None
    assert steady.process.poll() is not None


def test_parts_are_stopped_in_reverse(part: Callable[[str, str], Part], tmp_path: Path) -> None:
    log = tmp_path / "log"
    code = (
        "import signal, time\n"
        f"signal.signal(signal.SIGTERM, lambda *_: (open({str(log)!r}, 'a').write({{name!r}}), exit(0)))\n"
        f"open({str(tmp_path)!r} + '/ready-' + {{name!r}}, 'w').close()\n"
        "time.sleep(600)\n"
    )
    parts = [part(name, code.format(name=name)) for name in ("first", "second", "third")]
    ready = [tmp_path / f"ready-{name}" for name in ("first", "second", "third")]
    assert supervise(parts, waiting(lambda: all(path.exists() for path in ready))) == 0
    assert log.read_text() == "thirdsecondfirst"
