"""How messages travel: varlink (varlink.org), JSON objects, each ended by a NUL byte, over a Unix stream socket.

`IDL` is what GetInterfaceDescription answers, so any varlink client can talk to us; the structs of `protocol.py` are
the same thing for Python.
"""

import msgspec

from device.strict import Struct

IDL = """\
# A camera for Leica M lenses. https://varlink.org says how to read this.
interface io.github.mcam

type Sensor (
  model: string, setting: string, width: int, height: int, bits: int, raw_format: string, cfa: string,
  frames_per_s: float, dropped: int, crop_factor: float, hot_pixels: int
)
type Exposure (
  mode: string, auto_iso: bool, ev: float, shutter_us: int, iso: int, off_ev: ?float, locked: bool, flickers: bool,
  metering: string, highlight_share: float, lock_on_half_press: bool, anti_flicker: string, slowest_shutter: string,
  slowest_shutter_factor: float, slowest_shutter_us: int, iso_max: int, set_shutter_us: int, set_iso: int,
  f_number: ?float
)
type WhiteBalance (mode: string, kelvin: int, grey_red: float, grey_blue: float, temperature_k: int)
type Lens (
  key: string, maker: string, name: string, focal_length_mm: ?float, focal_lengths_mm: []float, max_aperture: ?float,
  min_aperture: ?float, flat_field: bool, flattened: bool, circle_of_confusion: string,
  circle_of_confusion_um: float, hyperfocal_m: ?float, near_m: ?float, far_m: ?float
)
type LensEntry (
  key: string, maker: string, name: string, focal_lengths_mm: []float, max_aperture: ?float, code: ?int
)
type Card (
  state: string, folder: string, shots_left: int, queued: int, queue_size: int, last: string,
  deleted: int, changes: int, fix_bad_pixels: bool
)
type View (
  info: string, peaking: bool, peaking_strength: string, peaking_colour: string, zebra: bool, histogram: bool,
  focus_meter: bool, grid: bool, zebra_level: int,
  underexposure: bool, false_colour: bool, waveform: string, spot: bool, magnifier: bool, magnification: int,
  magnifier_x: float, magnifier_y: float, split: bool, centre: bool, frame_lines: bool, aspect: string,
  ghost: bool, level: bool, review_s: int, language: string, highlight: string
)
type Film (
  mode: string, frames_per_s: int, slow_frames_per_s: int, pre_roll_s: float, recording: bool, reel: string,
  frames: int, lost: int, waiting: int, held_per_s: float, sentence: string
)
type Bench (simulated: bool, focus_m: ?float, f_number: ?float, light_ev: ?float)
type Power (sleep_after_s: int)
type Status (battery_percent: ?int, charging: ?bool, temperature_c: ?int, slowed: bool, clock_set: bool)
type MenuRow (label: string, value: string, help: string, kind: string)
type Menu (open: bool, title: string, question: string, rows: []MenuRow, cursor: int, editing: bool)
type PhotoFacts (
  camera: string, lens: string, taken_at: string, exposure_us: int, iso: int, f_number: ?float,
  focal_length_mm: ?float, columns: int, rows: int, bits: int, bytes: int, orientation: int
)
type Review (
  open: bool, picture: int, name: string, position: int, count: int, page: string, zoom: bool, magnification: int,
  raw: string, rating: int, protected: bool, deleted: int, choices: []string, cursor: int, message: string,
  facts: PhotoFacts
)
type Viewfinder (columns: int, rows: int, delay_us: int, worst_us: int)
type Drive (
  mode: string, pre_capture_frames: int, bracket_frames: int, bracket_ev: string, interval_s: float,
  interval_frames: int, interval_delay_s: float, rack_keep: int, bulb: string,
  bulb_longest_s: float
)
type Shooting (
  kind: string, taken: int, total: int, remaining_s: int, elapsed_s: int, missed: int, held_up: bool
)
type Timing (
  presses: int, press_last_us: int, press_median_us: int, press_worst_us: int, press_worst_frames: float,
  press_from_live_us: int, frame_us: int, burst: int, shot_median_us: int, shot_worst_us: int, lost: int,
  queue_full: int, bulb_frames: int, bulb_lost: int, bulb_span_us: int, bulb_dark_us: int
)
type State (
  camera: string, message: string, sensor: Sensor, exposure: Exposure, white_balance: WhiteBalance,
  lens: Lens, card: Card, view: View, film: Film, bench: Bench, power: Power,
  status: Status, menu: Menu, review: Review, viewfinder: Viewfinder, drive: Drive, shooting: Shooting, timing: Timing
)
type Photo (
  name: string, files: []string, exposure_us: int, iso: int, taken_at: string, press_offset_us: int
)
type Event (kind: string, photo: ?Photo, text: string)

# The full state.
method GetState() -> (state: State)
# With "more": the full state first, then the sections that changed, and events.
method Monitor() -> (state: ?State, changes: ?object, event: ?Event)
# Change a setting, "exposure.ev" or "view.peaking".
method Set(key: string, value: object) -> ()
# Half-press and release.
method Arm(on: bool) -> ()
# Press the shutter; with wait the answer comes when the pictures are safe.
method Shoot(count: ?int, wait: ?bool) -> (photos: []Photo)
# A button or the encoder, as if it were on the rig; and "menu", "playback" and "back", which a keyboard has. What is
# still held when the connection ends is let go then.
method Button(name: string, down: ?bool, steps: ?int) -> ()
# Turn the rings of the simulated lens.
method Focus(focus_m: ?float, infinity: ?bool, f_number: ?float, light_ev: ?float) -> ()
# How large a viewfinder draws the picture and the magnifier's window, so that previews come in that size.
method Look(columns: int, rows: int, magnifier_columns: int, magnifier_rows: int) -> ()
# How long its last pictures took from a frame's end until their pixels were written, microseconds.
method Shown(delay_us: int, worst_us: int) -> ()
# The newest photographs.
method Album(limit: ?int) -> (photos: []Photo)
# Stars for a photograph, 0 to 5.
method Rate(name: string, rating: int) -> ()
# Protect a photograph from being deleted, or no longer.
method Protect(name: string, on: bool) -> ()
# Delete a photograph, which Undelete takes back for a minute.
method Delete(name: string) -> ()
# Bring back the photograph that was deleted last.
method Undelete() -> ()
# The lens drawer; Set "lens.key" puts one of them before the sensor, or "none".
method Lenses() -> (lenses: []LensEntry)
# Balance white by what the spot meter's square sees.
method PickGrey() -> ()
# The flat field of the lens in use at that aperture: gains of R, Gr, Gb and B, each a grid of rows x columns; and the
# dust on the sensor, in base64, as device/dust.py packs it.
method FlatField(f_number: float, rows: int, columns: int, gains: []float, dust: ?string) -> ()
# The sensor's hot pixels, counted in reading order: the first, then from each to the next. None forgets them.
method HotPixels(rows: int, columns: int, steps: []int) -> ()
# Give up the photographs that wait in memory for a card that takes none.
method Discard() -> (count: int)
# All settings as mcam.toml has them, and no presets.
method Reset() -> ()

error Busy (message: string)
error NotReady (message: string)
error CardFault (message: string)
error BadValue (message: string)
error NotSimulated (message: string)
error Failed (message: string)
"""

SERVICE = "org.varlink.service"
SERVICE_IDL = """\
# What every varlink service answers.
interface org.varlink.service

method GetInfo() -> (vendor: string, product: string, version: string, url: string, interfaces: []string)
method GetInterfaceDescription(interface: string) -> (description: string)

error InterfaceNotFound (interface: string)
error MethodNotFound (method: string)
error MethodNotImplemented (method: string)
error InvalidParameter (parameter: string)
"""


class DescribeCall(Struct, frozen=True):
    """Parameters of org.varlink.service.GetInterfaceDescription."""

    interface: str = ""


class Call(msgspec.Struct, kw_only=True):
    """A call as it comes over the wire; parameters stay undecoded until the method is known."""

    method: str
    parameters: msgspec.Raw = msgspec.Raw(b"{}")
    more: bool = False
    oneway: bool = False
    upgrade: bool = False


class Reply(msgspec.Struct, kw_only=True, omit_defaults=True):
    """An answer as it goes over the wire."""

    parameters: msgspec.Raw
    continues: bool = False
    error: str = ""


def encode(message: msgspec.Struct) -> bytes:
    """The message as JSON ended by NUL."""
    return msgspec.json.encode(message) + b"\0"
