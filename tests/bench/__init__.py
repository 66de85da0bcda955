"""Benchmarks: figures side by side in one run, as ratios where there is something to compare with. Never asserted."""
