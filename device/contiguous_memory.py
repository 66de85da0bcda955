"""How many frames fit into the memory that a camera's hardware can reach.

A Pi 4 and older write frames into contiguous memory (CMA), of which a full-resolution RAW takes 25 MB and the system
sets aside 64 to 512 MB; a Pi 5 has an IOMMU and needs none, so its kernel may not even list it.
"""

from pathlib import Path

MEMINFO = Path("/proc/meminfo")
FEWEST = 4  # the camera itself works with three
SPARE = 0.9  # of what is free: the display and the camera's statistics take theirs, too


def free_bytes(meminfo: Path = MEMINFO) -> int | None:
    """Free contiguous memory; None where frames need none."""
    lines = meminfo.read_text("ascii").splitlines() if meminfo.is_file() else []
    kib = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines) if rest.split()}
    return kib["CmaFree"] * 1024 if kib.get("CmaTotal", 0) > 0 and "CmaFree" in kib else None


def fitting(wanted: int, frame_bytes: int, free: int | None) -> int:
    """How many frames to ask for: as many as wanted, fewer where they do not fit, but `FEWEST` are tried for."""
    return wanted if free is None else max(FEWEST, min(wanted, int(free * SPARE) // frame_bytes))
