"""mcam's own command line, in the root, on picamera2 with its stand-ins."""

from tests.libcamera.stand_ins import install

if __name__ == "__main__":
    install()
    from device.__main__ import start

    start()
