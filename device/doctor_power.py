"""Supply, heat and battery.

The bits of get_throttled: raspberrypi/documentation, vcgencmd. Newer kernels have the alarm in hwmon instead
(Documentation/hwmon/raspberrypi-hwmon.rst).
"""

from device.finding import Finding, fault, note, well
from device.rig import Rig

LOW_VOLTAGE, CAPPED, THROTTLED, WARM = 1, 2, 4, 8
_SINCE_START = 16  # the same bits, shifted, say what has happened since
HOT_C, TOO_HOT_C = 70, 80  # from 80 degrees on a Pi slows down: raspberrypi/documentation, frequency-management
EMPTY_PERCENT = 10


def supply(rig: Rig) -> Finding | None:
    """Under-voltage corrupts cards and pictures."""
    bits = _throttled(rig)
    if bits is None:
        return None
    if bits & LOW_VOLTAGE:
        return fault("supply", "The voltage is too low: take a stronger supply and a shorter, thicker cable.")
    if bits & LOW_VOLTAGE << _SINCE_START:
        return fault(
            "supply",
            "The voltage was too low since the start, which can cost photographs: take a stronger supply "
            "and a shorter, thicker cable.",
        )
    return well("supply", "The voltage has been high enough since the start.")


def _throttled(rig: Rig) -> int | None:
    for name in rig.found("sys/devices/platform/*/*firmware/get_throttled"):
        text = rig.text(name)
        return int(text, 16) if text else None
    for folder in rig.found("sys/class/hwmon/hwmon*"):
        if rig.text(f"{folder}/name") == "rpi_volt":
            return LOW_VOLTAGE if rig.number(f"{folder}/in0_lcrit_alarm") else 0
    return None


def heat(rig: Rig) -> Finding | None:
    """Of the processor; the sensor's own noise grows with it, too."""
    millidegrees = rig.number("sys/class/thermal/thermal_zone0/temp")
    if millidegrees is None:
        return None
    degrees = millidegrees / 1000
    bits = _throttled(rig) or 0
    slow = bits & (CAPPED | THROTTLED | WARM) and not bits & LOW_VOLTAGE  # which slows it down, too
    if degrees >= TOO_HOT_C or slow:
        return fault("heat", f"The processor has {degrees:.0f} °C and is slowed down: give it a heat sink and air.")
    if degrees >= HOT_C:
        return note("heat", f"The processor has {degrees:.0f} °C: at {TOO_HOT_C} it is slowed down.")
    return well("heat", f"The processor has {degrees:.0f} °C.")


def battery(rig: Rig) -> Finding | None:
    """As far as the kernel knows of one."""
    for folder in rig.found("sys/class/power_supply/*"):
        percent = rig.number(f"{folder}/capacity")
        if rig.text(f"{folder}/type") == "Battery" and percent is not None:
            if percent <= EMPTY_PERCENT:
                return fault("battery", f"The battery has {percent} %: charge it.")
            return well("battery", f"The battery has {percent} %.")
    if any(key == "dtoverlay" and "max17040" in value for key, value in rig.boot):
        return fault(
            "battery",
            "The overlay of the battery gauge max17040 is loaded but none answers: check its wires on "
            "GPIO 2 and 3, and dtparam=i2c_arm=on in config.txt.",
        )
    return None
