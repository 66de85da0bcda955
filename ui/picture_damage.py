"""What Pillow raises of a picture that cannot be read: more kinds than it says."""

import struct

from PIL import Image

DAMAGE = (
    ArithmeticError,
    OSError,
    SyntaxError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    struct.error,
    Image.DecompressionBombError,
)
