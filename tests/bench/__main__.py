"""`make bench`: every table, one after the other."""

import os

os.environ["OMP_NUM_THREADS"] = "1"  # before LibRaw is loaded: it is compared by what one thread does

from tests.bench import (
    chain,
    demosaic,
    develop,
    exposure_sum,
    film,
    frame_job,
    live,
    pre_capture,
    raw,
    review,
    specks,
    startup,
    tools,
    viewfinder,
)

TABLES = {
    "The whole chain on one thread, viewfinder at 800x480": chain.run,
    "The viewfinder's start beside the import of numpy": startup.run,
    "The viewfinder's frame job over a memcpy of the same bytes": viewfinder.run,
    "The frame job at the panel's size over a floor, beside C and OpenCV": frame_job.run,
    "The viewfinder's tools": tools.run,
    "The live view while ten photographs are written, over its rate while none is": live.run,
    "Film of 2028 x 1080 into memory, 24 frames a second": film.run,
    "Our demosaic beside LibRaw's AHD on known photographs": demosaic.run,
    "RAW to sRGB, a 12-megapixel frame, CPU time of one thread": develop.run,
    "RAW from the sensor to the card, a 12-megapixel frame": raw.run,
    "A 12-megapixel frame kept for a press to come": pre_capture.run,
    "Hot pixels and dust, 12 megapixels": specks.run,
    "A 12-megapixel exposure added to a bulb exposure": exposure_sum.run,
    "A stored photograph of 12 megapixels looked at": review.run,
}

if __name__ == "__main__":
    for title, run in TABLES.items():
        print(title, *run(), sep="\n  ", end="\n\n")
