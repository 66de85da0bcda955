"""`make bench`: every table, one after the other."""

from tests.bench import chain, raw, viewfinder

TABLES = {
    "The whole chain on one thread, viewfinder at 800x480": chain.run,
    "The viewfinder's frame job over a memcpy of the same bytes": viewfinder.run,
    "RAW from the sensor to the card, a 12-megapixel frame": raw.run,
}

if __name__ == "__main__":
    for title, run in TABLES.items():
        print(title, *run(), sep="\n  ", end="\n\n")
