"""What is on the menu: a line for each option. Pure data.

To add an option put its key (of `dial_rules.RULES`, which also says what may be chosen) on a page here, and its label,
its help and its choices' words into each of `languages/*.toml`; tests hold the three together. What is not in the rules
is an action, which `menu_actions.py` does, or with "page." before it another page.
"""

FIRST = "quick"
STATUS = ("status.battery", "status.temperature", "status.card", "status.clock")  # which only tell something
LENS_KEYS = ("lens.key", "lens.focal_length_mm", "lens.circle_of_confusion", "lens.flat_field")  # of `lens_choice.py`
PAGES: dict[str, tuple[str, ...]] = {
    "quick": (
        "exposure.mode",
        "exposure.f_number",
        "exposure.ev",
        "exposure.auto_iso",
        "white_balance.mode",
        "view.peaking",
        "view.zebra",
        "drive.mode",
        "page.all",
    ),
    "all": (
        "page.shooting",
        "page.film",
        "page.exposure",
        "page.iso",
        "page.white_balance",
        "page.lens",
        "page.focus",
        "page.tools",
        "page.guides",
        "page.presets",
        "page.status",
        "page.setup",
    ),
    "shooting": (
        "drive.mode",
        "drive.bracket_frames",
        "drive.bracket_ev",
        "drive.interval_s",
        "drive.interval_frames",
        "drive.interval_delay_s",
        "drive.pre_capture_frames",
        "drive.rack_keep",
        "drive.bulb",
        "drive.bulb_longest_s",
    ),
    "film": ("film.mode", "film.frames_per_s", "film.slow_frames_per_s", "film.pre_roll_s"),
    "exposure": (
        "exposure.mode",
        "exposure.shutter_us",
        "exposure.f_number",
        "exposure.ev",
        "exposure.metering",
        "exposure.highlight_share",
        "exposure.lock_on_half_press",
        "exposure.anti_flicker",
    ),
    "iso": (
        "exposure.auto_iso",
        "exposure.iso",
        "exposure.iso_max",
        "exposure.slowest_shutter",
        "exposure.slowest_shutter_factor",
        "exposure.slowest_shutter_us",
    ),
    "white_balance": ("white_balance.mode", "white_balance.kelvin", "pick_grey"),
    "lens": LENS_KEYS,
    "focus": (
        "view.peaking",
        "view.peaking_strength",
        "view.peaking_colour",
        "view.focus_meter",
        "view.magnification",
        "view.split",
    ),
    "tools": (
        "view.info",
        "view.histogram",
        "view.zebra",
        "view.zebra_level",
        "view.underexposure",
        "view.false_colour",
        "view.waveform",
        "view.spot",
    ),
    "guides": ("view.grid", "view.centre", "view.frame_lines", "view.aspect", "view.ghost", "view.level"),
    "presets": ("use.C1", "use.C2", "use.C3", "keep.C1", "keep.C2", "keep.C3"),
    "status": STATUS,
    "setup": ("view.review_s", "power.sleep_after_s", "view.language", "card.fix_bad_pixels", "reset"),
}
PRESETS = ("C1", "C2", "C3")
ACTIONS = (*(f"use.{name}" for name in PRESETS), *(f"keep.{name}" for name in PRESETS), "reset", "pick_grey")
ASKED_FIRST = frozenset({"reset"})  # besides a preset that would be lost
NOT_ON_THE_MENU = frozenset(
    {
        *("view.magnifier", "view.magnifier_x", "view.magnifier_y", "view.highlight"),  # the pad's
        *("white_balance.grey_red", "white_balance.grey_blue"),  # of the point that was picked
    }
)
