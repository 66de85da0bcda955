"""Programs that run in the machine, with its mcam; a test copies them there."""
