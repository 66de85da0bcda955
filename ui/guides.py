"""Lines that help to compose: where they stand in a picture. Pure."""

from ui.rect import Rect

FULL_FRAME_MM = (36.0, 24.0)
FULL_FRAME_DIAGONAL_MM = 43.267
FOCAL_LENGTHS_MM = (28, 35, 50, 75, 90)  # those of a Leica's bright lines


def frame_line(focal_mm: float, lens_mm: float, crop_factor: float, picture: Rect, sensor: tuple[int, int]) -> Rect:
    """What a lens of a focal length would see on full frame, drawn on the picture of another lens and sensor.

    At the same distance the picture on the sensor is as large as the focal length: a part of the scene that is 36 mm
    wide behind `focal_mm` is 36 x lens_mm / focal_mm wide behind the lens in use.

    Args:
        focal_mm: of the line.
        lens_mm: of the lens in use.
        crop_factor: 43.27 mm over the sensor's diagonal.
        picture: of the whole sensor, on the panel.
        sensor: (rows, columns) of the sensor, for its proportions.

    Returns:
        May reach beyond the picture.
    """
    rows, columns = sensor
    diagonal_mm = FULL_FRAME_DIAGONAL_MM / crop_factor
    sensor_mm = diagonal_mm * columns / (rows**2 + columns**2) ** 0.5
    pixels_per_mm = picture.columns / sensor_mm * lens_mm / focal_mm
    wide, high = (round(side_mm * pixels_per_mm) for side_mm in FULL_FRAME_MM)
    return Rect(picture.left + (picture.columns - wide) // 2, picture.top + (picture.rows - high) // 2, wide, high)


def frame_lines(lens_mm: float, crop_factor: float, picture: Rect, sensor: tuple[int, int]) -> dict[int, Rect]:
    """The lines of FOCAL_LENGTHS_MM that lie inside the picture."""
    lines = {mm: frame_line(mm, lens_mm, crop_factor, picture, sensor) for mm in FOCAL_LENGTHS_MM}
    return {mm: line for mm, line in lines.items() if picture.contains(line)}


def masked(aspect: str, picture: Rect) -> Rect:
    """The largest part in the middle of the picture with proportions such as "3:2", wide to high."""
    wide, _, high = aspect.partition(":")
    ratio = int(wide) / int(high)
    columns = min(picture.columns, round(picture.rows * ratio))
    rows = min(picture.rows, round(picture.columns / ratio))
    return Rect(
        picture.left + (picture.columns - columns) // 2, picture.top + (picture.rows - rows) // 2, columns, rows
    )


def around(picture: Rect, inner: Rect) -> list[Rect]:
    """What of the picture lies above, below, left and right of a part of it; none of them is empty."""
    sides = [
        Rect(picture.left, picture.top, picture.columns, inner.top - picture.top),
        Rect(picture.left, inner.bottom, picture.columns, picture.bottom - inner.bottom),
        Rect(picture.left, inner.top, inner.left - picture.left, inner.rows),
        Rect(inner.right, inner.top, picture.right - inner.right, inner.rows),
    ]
    return [side for side in sides if side.columns > 0 and side.rows > 0]


def cross(picture: Rect, line: int) -> list[Rect]:
    """The two strokes of a small cross in the middle, as thick as a line."""
    reach = max(4 * line, picture.rows // 24)
    x, y = picture.left + picture.columns // 2, picture.top + picture.rows // 2
    across = Rect(x - reach, y - line // 2, 2 * reach + line, line)
    return [across, Rect(x, y - reach, line, reach - line), Rect(x, y + line, line, reach)]
