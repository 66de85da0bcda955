"""mcam on a machine that boots: Debian for arm64 under QEMU, with simulated pins, a panel and cards to pull out."""
