"""The web process: the panel, the buttons and the gallery in a browser."""
