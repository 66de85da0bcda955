"""How slow a shutter a hand can hold: the rule that automatic ISO goes by. Pure."""


def slowest_us(rule: str, factor: float, fixed_us: int, equivalent_mm: float) -> int:
    """The slowest shutter before the gain is raised, microseconds.

    Args:
        rule: "auto" is one over `factor` x the equivalent focal length, in seconds: the photographers' rule of thumb
            of one over the focal length, which holds for 24 x 36; a smaller sensor magnifies the shake as the picture.
        factor: 2 for half of that time.
        fixed_us: what "fixed" says; also taken by "auto" where the lens or the sensor's size is unknown.
        equivalent_mm: focal length x crop factor; 0 is unknown.
    """
    return round(1e6 / (factor * equivalent_mm)) if rule == "auto" and equivalent_mm > 0 else fixed_us
