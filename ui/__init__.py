"""The faces of the camera, thin clients of the daemon: viewfinder (`python -m ui`), web page (`python -m ui.web`)."""
