"""The Debian root with the real libcamera: made once and kept outside the checkout, 700 MB; and commands run in it."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
CHECKOUT = HERE.parents[1]
PACKAGES = os.environ.get("MCAM_LIBCAMERA", "").split()  # from the package index, as the Makefile has them
COMPLETE = "complete"


class NotMade(Exception):
    """The root cannot be made here; the sentence says what the script last said."""


def missing() -> str:
    """One sentence on what this host lacks; empty when it lacks nothing."""
    if os.geteuid():
        return "Only root may make a Debian root: sudo make test-libcamera."
    lacking = [name for name in ("debootstrap", "unshare", "apt-get") if not shutil.which(name)]
    if lacking:
        return f"The real libcamera needs {', '.join(lacking)}: on Debian, sudo apt install debootstrap."
    return ""


def kept() -> Path:
    """Where the root of this script is kept, whether or not it is there yet."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mcam-libcamera"
    digest = hashlib.sha256(repr(PACKAGES).encode())
    for name in ("make_root.sh", "virtual.yaml"):
        digest.update((HERE / name).read_bytes())
    return cache / digest.hexdigest()[:12]


def made() -> Path:
    """The root; made if it is not there, and then older ones removed.

    Raises:
        NotMade: it cannot be made; what there was of it is gone again.
    """
    root = kept()
    if not (root / COMPLETE).exists():
        root.parent.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(prefix="making-", dir=root.parent))
        try:
            _make(making / "root")
            for older in root.parent.glob("[0-9a-f]" * 12):
                shutil.rmtree(older)
            (making / "root" / COMPLETE).touch()
            (making / "root").rename(root)
        finally:
            shutil.rmtree(making)
    return root


def _make(root: Path) -> None:
    script = [shutil.which("sh") or "sh", HERE / "make_root.sh", root, sys.executable, *PACKAGES]
    done = subprocess.run(script, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        last = (done.stdout.splitlines() or ["nothing"])[-1]
        raise NotMade(f"Debian with the real libcamera could not be had here. The script's last words: {last}")


def command(root: Path, run: Path, *words: str) -> list[str]:
    """To run those words in the root, with the checkout and the folder `run` as enter.sh has them."""
    return ["sh", str(HERE / "enter.sh"), str(root), str(CHECKOUT), str(run), *words]
