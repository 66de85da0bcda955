"""`make bench`: every table, one after the other."""

from tests.bench import chain

TABLES = {"whole chain, one thread, viewfinder at 800x480": chain.run}

if __name__ == "__main__":
    for title, run in TABLES.items():
        print(title, *run(), sep="\n  ", end="\n\n")
