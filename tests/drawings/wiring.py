"""The wiring of three rigs as SVG, and hardware.md's table: `make drawings` makes them of the pins in device/mcam.toml.

The header is drawn as one sees it with the board's USB sockets towards oneself: odd pins on the left. Each wire leaves
its pin sideways and runs level to its part: odd pins serve parts on the left, even ones on the right, so none cross.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from gpiozero.pins.mock import MockFactory

from device.config import load

HERE = Path(__file__).parent
GUIDE = HERE.parents[1] / "hardware.md"
GPIO = load(None).buttons.pins
HEADER = {number: pin.name for number, pin in MockFactory().board_info.headers["J8"].pins.items()}
PIN_OF = {name: number for number, name in HEADER.items() if name.startswith("GPIO")}

# The SPI panel's wires beside the bus, as hardware.md's lines for config.txt have them.
PANEL_GPIO = {"MOSI": 10, "SCLK": 11, "CS": 8, "DC": 25, "RESET": 12, "LED": 16}

TABLE_HEAD = "| Contact | GPIO | Header pin | Nearest ground | Does |\n|---|---|---|---|---|\n"
DOES = {
    "s1": "half-press: full resolution, ready",
    "s2": "the photograph",
    "function": "INFO: clean, basic, full",
    "up": "five-way pad",
    "encoder_a": "turns the marked value",
}

WIDTH, HEIGHT = 1080, 700
TOP, ROW = 96, 24  # of the first row of pins, and from row to row
ODD, EVEN = 526, 554  # the columns
LEFT, RIGHT = 300, 780  # the edges of the parts that look at the header
BOX = 190  # its width
GROUND_BUS = 40
COLOURS = ("#c0392b", "#d35400", "#b7950b", "#1e8449", "#148f77", "#1f618d", "#6c3483", "#a04000", "#2e4053", "#7b241c")
GROUND, SUPPLY = "#222", "#e00000"


@dataclass(frozen=True)
class Wire:
    """From a pin of the header to a terminal of a part."""

    terminal: str
    pin: int
    colour: str


@dataclass(frozen=True)
class Part:
    """A box beside the header; `switches` have their second contact in common, and that on ground."""

    title: str
    wires: tuple[Wire, ...]
    switches: bool = False

    @property
    def is_left(self) -> bool:
        """Odd pins look to the left."""
        return self.wires[0].pin % 2 == 1

    @property
    def middle_y(self) -> float:
        """Halfway down the box."""
        return (row_y(self.wires[0].pin) + row_y(self.wires[-1].pin)) / 2


def row_y(pin: int) -> int:
    """Of the pin's middle."""
    return TOP + (pin - 1) // 2 * ROW


def text(x: float, y: float, words: str, *, anchor: str = "start", size: int = 13, weight: str = "normal") -> str:
    """Words on a line."""
    style = f'text-anchor="{anchor}" font-size="{size}" font-weight="{weight}"'
    return f'<text x="{x:g}" y="{y:g}" {style}>{escape(words)}</text>'


def path(points: Iterable[tuple[float, float]], colour: str, width: float = 2.5) -> str:
    """A line with corners."""
    line = " ".join(f"{x:g},{y:g}" for x, y in points)
    return f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="{width:g}" stroke-linejoin="round"/>'


def box(x: float, y: float, width: float, height: float, fill: str = "#f4f6f7") -> str:
    """A rectangle."""
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="6" fill="{fill}" stroke="#566573"/>'


def header() -> list[str]:
    """The forty pins, each with its number inside and its name outside."""
    drawn = [box(ODD - 100, TOP - 56, EVEN - ODD + 200, 20 * ROW + 130, "#eafaf1")]
    drawn.append(text((ODD + EVEN) / 2, TOP - 34, "Raspberry Pi", anchor="middle", size=15, weight="bold"))
    for number, name in HEADER.items():
        odd = number % 2 == 1
        x, y = ODD if odd else EVEN, row_y(number)
        fill = {"GND": "#aeb6bf", "5V": "#f1948a", "3V3": "#f5b7b1"}.get(name, "#fdfefe")
        drawn.append(f'<circle cx="{x}" cy="{y}" r="10" fill="{fill}" stroke="#566573"/>')
        drawn.append(text(x, y + 4, str(number), anchor="middle", size=10))
        drawn.append(text(x - 18 if odd else x + 18, y - 4, name, anchor="end" if odd else "start", size=10))
    middle, below = (ODD + EVEN) / 2, row_y(40) + 28
    drawn.append(text(middle, below, "the USB sockets' end", anchor="middle", size=11))
    return drawn


def wire(one: Wire) -> list[str]:
    """Level from the pin to the edge of its part, with the terminal's name inside."""
    y, left = row_y(one.pin), one.pin % 2 == 1
    start, end, inside = (ODD - 10, LEFT, LEFT - 10) if left else (EVEN + 10, RIGHT, RIGHT + 10)
    drawn = path([(start, y), (end, y)], one.colour)
    return [drawn, text(inside, y + 4, one.terminal, anchor="end" if left else "start")]


def boxed(part: Part) -> list[str]:
    """The part as a box that spans its wires, with its title on the far side, and the wires."""
    top, bottom = row_y(part.wires[0].pin) - 11, row_y(part.wires[-1].pin) + 11
    x, title_x, anchor = (LEFT - BOX, LEFT - BOX + 8, "start") if part.is_left else (RIGHT, RIGHT + BOX - 8, "end")
    drawn = [box(x, top, BOX, bottom - top), text(title_x, part.middle_y + 4, part.title, anchor=anchor, weight="bold")]
    if part.switches:
        drawn.append(path([(LEFT - BOX, part.middle_y), (GROUND_BUS, part.middle_y)], GROUND))
    return drawn + [line for one in part.wires for line in wire(one)]


def ground_bus(parts: Iterable[Part], pin: int) -> list[str]:
    """All switches' second contacts, to one ground of the left column."""
    y = row_y(pin)
    top = min(part.middle_y for part in parts if part.switches)
    line = path([(GROUND_BUS, top), (GROUND_BUS, y), (ODD - 10, y)], GROUND)
    return [line, text(GROUND_BUS + 8, y + 14, "the switches' other contacts: ground", size=11)]


def ribbon(name: str, connector_x: float, part: str, part_x: float, y: float) -> list[str]:
    """A flat cable from the board's lower edge."""
    drawn = [path([(connector_x, TOP + 20 * ROW + 60), (connector_x, y), (part_x, y)], "#b2babb", 12)]
    drawn += [box(part_x - (200 if part_x < connector_x else 0), y - 24, 200, 48)]
    drawn.append(text(part_x + (-100 if part_x < connector_x else 100), y + 4, part, anchor="middle", weight="bold"))
    drawn.append(text(connector_x, TOP + 20 * ROW + 52, name, anchor="middle", size=11))
    return drawn


def page(title: str, drawn: Iterable[str]) -> str:
    """The SVG file."""
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        text(WIDTH / 2, 24, title, anchor="middle", size=18, weight="bold"),
        *drawn,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def contacts(*names: str) -> tuple[Wire, ...]:
    """Wires of those contacts of [buttons]."""
    order = list(GPIO)
    return tuple(Wire(name, PIN_OF[f"GPIO{GPIO[name]}"], COLOURS[order.index(name) % len(COLOURS)]) for name in names)


SHUTTER = Part("Shutter", contacts("s1", "s2"), switches=True)
INFO = Part("INFO button", contacts("function"), switches=True)
PAD = Part("Five-way pad", contacts("up", "down", "left", "right", "ok"), switches=True)
ENCODER = Part("Encoder", (*contacts("encoder_a", "encoder_b"), Wire("C, the middle", 20, GROUND)))
CONTROLS = (SHUTTER, INFO, PAD, ENCODER)
CAMERA = ("CAMERA", ODD - 40.0, "Sensor, M adapter, lens", 310.0, 672.0)
DISPLAY = ("DISPLAY", EVEN + 40.0, "Panel: picture (DSI)", 790.0, 672.0)
PANEL_POWER = Part("Panel: power", (Wire("5 V", 2, SUPPLY), Wire("ground", 6, GROUND)))


def spi_panel() -> tuple[Part, Part]:
    """The panel's wires to the left column and to the right one."""
    signals = [Wire(name, PIN_OF[f"GPIO{number}"], "#1f618d") for name, number in PANEL_GPIO.items()]
    wires = sorted([*signals, Wire("3.3 V", 17, SUPPLY), Wire("ground", 25, GROUND)], key=lambda one: one.pin)
    left, right = (tuple(one for one in wires if one.pin % 2 == odd) for odd in (1, 0))
    return Part("SPI panel: picture", left), Part("SPI panel: control", right)


def rig(title: str, parts: tuple[Part, ...], ground_pin: int, *ribbons: tuple[str, float, str, float, float]) -> str:
    """One page."""
    drawn = [*header(), *ground_bus(parts, ground_pin)]
    drawn += [line for part in parts for line in boxed(part)]
    return page(title, drawn + [line for one in ribbons for line in ribbon(*one)])


def rigs() -> dict[str, str]:
    """File name -> SVG."""
    alone = Part("Shutter", contacts("s2"), switches=True)
    return {
        "dsi.svg": rig("A DSI panel and all controls", (*CONTROLS, PANEL_POWER), 39, CAMERA, DISPLAY),
        "spi.svg": rig("An SPI panel and all controls", (*CONTROLS, *spi_panel()), 39, CAMERA),
        "screenless.svg": rig('One button and no screen: arm = "always"', (alone,), 25, CAMERA),
    }


def nearest_ground(pin: int) -> int:
    """The header's pin, of those that are equally near the first."""
    grounds = [number for number, name in HEADER.items() if name == "GND"]
    return min(grounds, key=lambda one: (((one - 1) // 2 - (pin - 1) // 2) ** 2 + (one % 2 - pin % 2) ** 2, one))


def table() -> str:
    """Each contact, where it goes and what it does, as Markdown."""
    rows = []
    for name, gpio in GPIO.items():
        pin = PIN_OF[f"GPIO{gpio}"]
        cells = (name, gpio, pin, nearest_ground(pin), DOES.get(name, ""))
        rows.append("|" + "".join(f" {cell} |" if cell != "" else " |" for cell in cells) + "\n")
    return TABLE_HEAD + "".join(rows)


def draw() -> None:
    """Write them."""
    for name, svg in rigs().items():
        (HERE / name).write_text(svg)
    before, _, after = GUIDE.read_text().partition(TABLE_HEAD)
    GUIDE.write_text(before + table() + "\n" + after.partition("\n\n")[2])


if __name__ == "__main__":
    draw()
