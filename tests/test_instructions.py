"""What frame job and focus map cost the processors of the Pis, in instructions: exact, whatever this machine does.

The preview has the size of the picture on the panel, so nothing is scaled. Marks are found where cells are sharp: at
most everywhere. Not counted is what is done once for each focus cell, a sixteenth as many as pixels at most (noise by
brightness, limits), and the zebra, which is drawn where it is.
"""

from pathlib import Path

import pytest

from device.fine_detail import SPARE
from tests.instructions import count, missing_tool

ROWS, COLUMNS, CELL = 48, 800, 3  # what a call does once is shared by a tenth of the rows that it has in a frame
CELLS = (ROWS // CELL, COLUMNS // CELL + 1)
HALF = f"{ROWS // 2} * {COLUMNS // 2}"
PIXELS = f"{ROWS} * {COLUMNS}"
ARRAYS = {
    "y": f"static uint8_t y[{PIXELS}], u[{HALF}], v[{HALF}], marks[{PIXELS}], clipped[1];",
    "limits": f"static uint8_t limits[{CELLS[0]} * {CELLS[1]}];",
    "cells": f"static int32_t spans[2 * {CELLS[0]}], cell_rows[{ROWS}], firsts[{CELLS[1]} + 1];",
    "taps": f"static uint32_t rows[2 * {ROWS}], columns[2 * {COLUMNS}];",
    "index": f"static int32_t clipped_rows[{ROWS}], clipped_columns[{COLUMNS}];",
    "stripes": "static uint32_t stripes[8 * 8 * 72];",
    "out": f"static uint32_t out[{PIXELS}] __attribute__((aligned(64)));",
}
FILL = f"""
for (int i = 0; i < {PIXELS}; i++) y[i] = i * i % 251;
for (int i = 0; i < {CELLS[0]} * {CELLS[1]}; i++) limits[i] = 9;
for (int i = 0; i < {CELLS[0]}; i++) spans[2 * i + 1] = {{sharp}};
for (int i = 0; i < {ROWS}; i++) cell_rows[i] = i / {CELL};
for (int i = 0; i <= {CELLS[1]}; i++) firsts[i] = i * {CELL} < {COLUMNS} ? i * {CELL} : {COLUMNS};
"""


def array(name: str, *shape: int) -> list[str]:
    return [name, *map(str, shape)]


def call() -> list[str]:
    half = (ROWS // 2, COLUMNS // 2)
    return [
        *array("y", ROWS, COLUMNS), *array("u", *half), *array("v", *half),
        *array("rows", 2, ROWS), *array("columns", 2, COLUMNS), *array("rows", 2, half[0]),
        *array("columns", 2, half[1]),
        *array("y", ROWS, COLUMNS), *array("limits", *CELLS), *array("spans", CELLS[0], 2), *array("cell_rows", ROWS),
        *array("firsts", CELLS[1] + 1), *array("marks", ROWS, COLUMNS), "128", "0xff0000ff",
        *array("clipped", 1, 1), *array("clipped_rows", ROWS),
        *array("clipped_columns", COLUMNS), *array("stripes", 8, 8, 72), "0",
        *array("out", ROWS, 4 * COLUMNS), *array("out", ROWS, COLUMNS), "0", "0",
    ]  # fmt: skip


@pytest.mark.parametrize("cpu", ["cortex-a53", "cortex-a76"])
@pytest.mark.parametrize(
    ("sharp", "most"),
    [(0, 3.1), (CELLS[1] * 3 // 4, 6.2), (CELLS[1], 6.92)],
    ids=["nothing sharp", "three quarters sharp", "everything sharp"],
)
def test_a_pixel_of_the_panel_takes_so_many_instructions_at_most(
    cpu: str, sharp: int, most: float, tmp_path: Path
) -> None:
    tool = missing_tool()
    if tool is not None:
        pytest.skip(f"no {tool}")
    instructions = count("ui.pixels.paint", cpu, ARRAYS, FILL.format(sharp=sharp), call(), tmp_path)
    assert instructions <= most * ROWS * COLUMNS


FOLLOWED = {
    "luma": f"static uint8_t y[{PIXELS}], luma[{PIXELS}], marks[{PIXELS}];",
    "kept": f"static int16_t kept[{PIXELS}];",
}
FOLLOW_FILL = f"for (int i = 0; i < {PIXELS}; i++) {{ y[i] = i * i % 251; kept[i] = 128 * y[i] + i % 900; }}"


@pytest.mark.parametrize("cpu", ["cortex-a53", "cortex-a76"])
def test_a_pixel_that_is_averaged_over_frames_takes_so_many_instructions_at_most(cpu: str, tmp_path: Path) -> None:
    tool = missing_tool()
    if tool is not None:
        pytest.skip(f"no {tool}")
    size = ROWS * COLUMNS
    call = [*array("y", size), "300", "60", "4369", *array("kept", size), *array("luma", size), *array("marks", size)]
    instructions = count("ui.steady._follow", cpu, FOLLOWED, FOLLOW_FILL, call, tmp_path)
    assert instructions <= 2.6 * size


RAW = (64, 2 * 1024)  # photosites; a strip's width, so that nothing is computed in vain
RAW_CELLS = RAW[0] * RAW[1] // 64
RAW_ARRAYS = {
    "raw": f"static uint16_t raw[{RAW[0]} * {RAW[1]}];",
    "black": "static float black[2];",
    "planes": f"static float planes[5 * ({RAW_CELLS} + {SPARE})];",
}
RAW_FILL = f"for (int i = 0; i < {RAW[0]} * {RAW[1]}; i++) raw[i] = i * 7 % 4096;"


@pytest.mark.parametrize("cpu", ["cortex-a53", "cortex-a76"])
def test_the_detail_of_a_photosite_takes_so_many_instructions_at_most(cpu: str, tmp_path: Path) -> None:
    tool = missing_tool()
    if tool is not None:
        pytest.skip(f"no {tool}")
    call = [
        *array("raw", RAW[0] * RAW[1]), f"{RAW[1]}", "1", *array("black", 2),
        f"{RAW[0] // 8}", f"{RAW[1] // 8}", *array("planes", 5, RAW_CELLS + SPARE),
    ]  # fmt: skip
    instructions = count("device.fine_detail.measure_twelve_bits", cpu, RAW_ARRAYS, RAW_FILL, call, tmp_path)
    assert instructions <= 3.33 * RAW[0] * RAW[1]


FOCUS_CELLS = (38, 253)  # a fifth of the rows of the smooth setting
CELL_ARRAYS = {
    **{
        name: f"static float {name}[{FOCUS_CELLS[0]} * {FOCUS_CELLS[1]}];"
        for name in ("fine", "middle", "coarse", "signal", "peak", "focus")
    },
    "chance": f"static float chance[{FOCUS_CELLS[1]}];",
    "limits": "static float limits[] = {0.1, 9, 4.5, 3800};",
}
CELL_FILL = f"""
for (int i = 0; i < {FOCUS_CELLS[1]}; i++) chance[i] = 1;
for (int i = 0; i < {FOCUS_CELLS[0]} * {FOCUS_CELLS[1]}; i++) {{
  fine[i] = middle[i] = 1e5 + i * 7919 % 1000 * 100; coarse[i] = 1e5 + i * 31 % 1000 * 100;
  signal[i] = 3e4 + i * 17 % 500; peak[i] = 1000;
}}
"""


@pytest.mark.parametrize("cpu", ["cortex-a53", "cortex-a76"])
def test_judging_a_photosite_takes_so_many_instructions_at_most(cpu: str, tmp_path: Path) -> None:
    tool = missing_tool()
    if tool is not None:
        pytest.skip(f"no {tool}")
    planes = [slot for name in ("fine", "middle", "coarse", "signal", "peak") for slot in array(name, *FOCUS_CELLS)]
    call = [*array("chance", 1, FOCUS_CELLS[1]), *planes, *array("limits", 4), *array("focus", *FOCUS_CELLS)]
    instructions = count("device.focus._judge", cpu, CELL_ARRAYS, CELL_FILL, call, tmp_path)
    assert instructions <= 0.75 * FOCUS_CELLS[0] * FOCUS_CELLS[1] * 64
