"""mcam on the real libcamera: the simulated module's contract, and the daemon on libcamera's own virtual camera."""
