"""The camera without a face.

The life of a photograph, file by file:

1. `sensor.py` says what any sensor does; `sensor_simulated.py`, `sensor_replay.py` and, on a Pi, `sensor_picamera2.py`
   do it. `unpack.py` turns delivered bytes into a `frame.Frame`.
2. `stream.py` carries each frame on its own thread: `meter.py` reads the mosaic, `exposure.py` decides the next
   exposure, `preview.py` lays picture and readings in shared memory for the viewfinder.
3. `buttons.py` or `server.py` tell `camera.py` that the shutter was pressed, with the time of the press. The camera
   chooses the frame by its timestamp.
4. `darkroom.py` takes a copy and, in its own time, has `dng.py` and `develop.py` with `jpeg.py` make bytes of it,
   `album.py` name them and `storage.py` put them on the card so that a power cut cannot hurt.

Imports point downwards only: `__main__` > camera > darkroom > develop, dng, jpeg, storage > demosaic, album > frame,
errors. Only the composition (`assembly`, `__main__`, `cli`) knows concrete sensors, buttons, server and config. Nothing
here imports `ui`; `ui` imports only protocol, calling, preview, frame, errors, album and config. The pixel modules
touch no file, socket, thread or clock. `tests/test_imports.py` holds all of this.
"""
