"""The colour of light by its name or its temperature, as CIE 1931 x, y. Pure."""

from device.white_point import D65, White

LAMPS_END_K, DAYLIGHT_BEGINS_K = 4000.0, 5000.0  # between the two, light is taken for a mixture

# CIE 15:2004, tables T.3 and T.7: daylight of three temperatures, light A of an incandescent lamp, and FL 2, a cool
# white fluorescent one, which is greener than any daylight.
NAMED: dict[str, White] = {
    "daylight": (0.33243, 0.34744),  # D55
    "cloudy": D65,
    "shade": (0.29903, 0.31488),  # D75
    "tungsten": (0.44758, 0.40745),
    "fluorescent": (0.37208, 0.37529),
}


def of_temperature(kelvin: float) -> White:
    """The light of a lamp up to 4000 K, daylight from 5000 K, both in proportion to 1 / kelvin between.

    Args:
        kelvin: 1000 to 25 000.
    """
    if kelvin <= LAMPS_END_K:
        return planckian(kelvin)
    if kelvin >= DAYLIGHT_BEGINS_K:
        return daylight(kelvin)
    share = (1 / LAMPS_END_K - 1 / kelvin) / (1 / LAMPS_END_K - 1 / DAYLIGHT_BEGINS_K)
    (lamp_x, lamp_y), (day_x, day_y) = planckian(kelvin), daylight(kelvin)
    return lamp_x + share * (day_x - lamp_x), lamp_y + share * (day_y - lamp_y)


def planckian(kelvin: float) -> White:
    """A black body of 1000 to 15 000 K.

    M. Krystek, An algorithm to calculate correlated colour temperature, 1985: rational functions for CIE 1960 u, v that
    stay within 0.0001 of Planck's law.
    """
    t = kelvin
    u = (0.860117757 + 1.54118254e-4 * t + 1.28641212e-7 * t * t) / (1 + 8.42420235e-4 * t + 7.08145163e-7 * t * t)
    v = (0.317398726 + 4.22806245e-5 * t + 4.20481691e-8 * t * t) / (1 - 2.89741816e-5 * t + 1.61456053e-7 * t * t)
    whole = 2 * u - 8 * v + 4
    return 3 * u / whole, 2 * v / whole


def daylight(kelvin: float) -> White:
    """CIE daylight of 4000 to 25 000 K (CIE 15:2004, formulae 3.2 to 3.4)."""
    t = 1000 / kelvin
    if kelvin <= 7000:
        x = ((-4.6070 * t + 2.9678) * t + 0.09911) * t + 0.244063
    else:
        x = ((-2.0064 * t + 1.9018) * t + 0.24748) * t + 0.237040
    return x, (-3.000 * x + 2.870) * x - 0.275
