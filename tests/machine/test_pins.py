"""S1 and S2 as contacts on real lines of a gpiochip, and photographs on a real file system."""

from statistics import median

from tests.machine.camera import Camera
from tests.machine.card import Card, broken
from tests.machine.machine import PINS, Machine

S1, S2 = 17, 27  # the defaults of mcam.toml


def test_half_press_and_press_put_a_dng_and_a_jpeg_on_the_card(machine: Machine, camera: Camera, card: Card) -> None:
    with camera.news() as news:
        machine.press(S1)
        camera.wait_until(lambda state: state["sensor"]["setting"] == "armed", "armed")
        machine.press(S2)
        photo = next(news.saved())
        machine.press(S2, down=False)
        machine.press(S1, down=False)
    files = camera.files()
    assert sorted(files) == sorted(photo["files"]) == ["100MCAM_/MCAM0001.DNG", "100MCAM_/MCAM0001.JPG"]
    assert broken(files) == []
    assert camera.state()["card"]["last"] == "100MCAM_/MCAM0001"
    assert card.kind in machine.shell("findmnt -n -o FSTYPE /media/mcam")


def test_a_contact_that_bounces_takes_one_photograph(machine: Machine, camera: Camera, card: Card) -> None:
    del card
    levels = "['pull-down', 'pull-up'] * 8 + ['pull-down']"  # in a millisecond or two
    chatter = f"p = open('{PINS}/sim_gpio{S2}/pull', 'w', 1); [p.write(level + chr(10)) for level in {levels}]"
    with camera.news() as news:
        machine.shell(f'python3 -c "{chatter}"')
        next(news.saved())
    state = camera.wait_until(lambda state: state["card"]["queued"] == 0, "idle")
    assert state["card"]["last"] == "100MCAM_/MCAM0001"


PRESSES = 30


def test_each_press_of_a_chattering_contact_is_told_once_with_the_time_of_its_edge(
    machine: Machine, figures: list[str]
) -> None:
    said = machine.shell(f"{machine.program('press', 'root')} {PINS} {PRESSES}", timeout_s=300)
    words = [line.split() for line in said.splitlines()]
    assert [which for which, *_ in words] == ["down", "up"] * PRESSES
    times = [tuple(map(int, rest)) for which, *rest in words if which == "down"]
    stamped = sorted((stamped_ns - edge_ns) / 1e6 for edge_ns, stamped_ns, _ in times)
    told = sorted((told_ns - edge_ns) / 1e6 for edge_ns, _, told_ns in times)
    figures.append(f"{PRESSES} presses, ms after the edge (median, longest): {_both(stamped)} by the stamp on it,")
    figures.append(f"    {_both(told)} when it was told; emulated, where all is many times slower than on a Pi")


def _both(figures_ms: list[float]) -> str:
    return f"{median(figures_ms):.2f}, {figures_ms[-1]:.2f}"
