"""What `mcam status` prints of a state. Pure."""

from device.face_states import ViewfinderState
from device.shooting_states import FilmState, TimingState
from device.states import ExposureState, SensorState, State, WhiteBalanceState


def exposure_text(shutter_us: int, iso: int) -> str:
    """Of a stored RAW played as a camera either may be unknown."""
    return f"{shutter_us or '--'} µs  ISO {iso or '--'}"


def _depth(sensor: SensorState) -> str:
    return f"{sensor.bits} bit ({sensor.raw_format})" if sensor.bits else "no RAW"


def state_lines(state: State) -> str:
    """What `mcam status` prints, a line to a subject."""
    sensor, exposure, card = state.sensor, state.exposure, state.card
    lines = [
        f"camera    {state.camera}" + (f": {state.message}" if state.message else ""),
        f"sensor    {sensor.model} {sensor.width} x {sensor.height}, {_depth(sensor)}, "
        f"{sensor.frames_per_s:g} frames/s, {sensor.dropped} lost",
        f"exposure  {exposure.mode}  {exposure_text(exposure.shutter_us, exposure.iso)}  {exposure.ev:+.1f} EV"
        f"  {_metered(exposure)}",
        f"white     {_white(state.white_balance)}",
        f"card      {card.state}, {card.shots_left} left, {card.queued} of {card.queue_size} waiting, last {card.last}",
    ]
    return "\n".join(
        [
            *lines,
            *_viewfinder_lines(state.viewfinder),
            *_drive_lines(state),
            *_film_lines(state.film),
            *_timing_lines(state.timing),
        ]
    )


def _metered(exposure: ExposureState) -> str:
    """The pattern, and what of it is missed or locked."""
    off = "" if not exposure.off_ev else f", off by {exposure.off_ev:+.1f} EV"
    return exposure.metering + off + (", locked" if exposure.locked else "")


def _white(white: WhiteBalanceState) -> str:
    return f"{white.mode}  {white.temperature_k or '--'} K"


def _viewfinder_lines(told: ViewfinderState) -> list[str]:
    """How large it draws and how late, where there is one."""
    if not told.columns:
        return []
    late = f"{told.delay_us / 1000:.1f} ms from a frame's end to its pixels, {told.worst_us / 1000:.1f} at worst"
    return [f"view      {told.columns} x {told.rows}, {late}"]


def _drive_lines(state: State) -> list[str]:
    """The mode, where it is not "single", and what goes on."""
    now = state.shooting
    total = f" of {now.total}" if now.total else ""
    if now.kind == "bulb":
        return [f"drive     bulb; open for {now.elapsed_s} s, {now.taken} exposures added up, {now.missed} missing"]
    under_way = f"; {now.kind}: {now.taken}{total} taken, {now.missed} missed" if now.kind else ""
    return [f"drive     {state.drive.mode}{under_way}"] if under_way or state.drive.mode != "single" else []


def _film_lines(film: FilmState) -> list[str]:
    """The clip that is being recorded or was last, and what the card holds."""
    if film.mode == "off":
        return []
    clip = f"{film.reel or 'no clip yet'}, {film.frames} frames, {film.lost} missing, {film.waiting} waiting"
    held = f"; the card holds {film.held_per_s:g} frames/s" if film.held_per_s else ""
    return [f"film      {film.mode}, {'recording ' if film.recording else ''}{clip}{held}"]


def _timing_lines(timing: TimingState) -> list[str]:
    """How quick the shutter was, once it was pressed."""
    lines = []
    if timing.presses:
        press = ", ".join(f"{us / 1000:.1f} {name}" for us, name in _press_figures(timing))
        lines.append(
            f"shutter   ms from press to exposure: {press}; {timing.press_worst_frames:g} frame times at worst, "
            f"of {timing.presses} presses"
        )
    if timing.burst > 1:
        lines.append(
            f"burst     {timing.burst} taken, ms apart: {timing.shot_median_us / 1000:.1f} median, "
            f"{timing.shot_worst_us / 1000:.1f} worst, {timing.frame_us / 1000:.1f} a frame; "
            f"since the start {timing.lost} armed frames lost, queue full {timing.queue_full} times"
        )
    if timing.bulb_frames:
        dark = 100 * timing.bulb_dark_us / timing.bulb_span_us
        lines.append(
            f"bulb      {timing.bulb_span_us / 1e6:.1f} s of {timing.bulb_frames} exposures, "
            f"{timing.bulb_lost} missing, {dark:.2f} % of the time not exposed"
        )
    return lines


def _press_figures(timing: TimingState) -> list[tuple[int, str]]:
    return [
        (timing.press_last_us, "last"),
        (timing.press_median_us, "median"),
        (timing.press_worst_us, "worst"),
    ]
