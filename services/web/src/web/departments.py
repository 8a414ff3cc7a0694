"""Where a French postal code lies, roughly: its department's chief town. Enough for "near you" and for a dot on a map of France."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

_EARTH_KM = 6371.0
_STEP_KM = 10
_CHIEF_TOWNS = """
01 46.205 5.226|02 49.564 3.620|03 46.565 3.333|04 44.092 6.236|05 44.559 6.079|06 43.703 7.266|07 44.735 4.599
08 49.774 4.721|09 42.965 1.605|10 48.297 4.074|11 43.213 2.353|12 44.351 2.573|13 43.296 5.370|14 49.183 -0.370
15 44.926 2.440|16 45.648 0.156|17 46.160 -1.151|18 47.081 2.399|19 45.267 1.771|20 42.306 9.150|21 47.322 5.041
22 48.514 -2.765|23 46.170 1.872|24 45.184 0.721|25 47.238 6.024|26 44.933 4.892|27 49.027 1.151|28 48.444 1.489
29 47.996 -4.102|30 43.837 4.360|31 43.605 1.444|32 43.646 0.586|33 44.838 -0.579|34 43.611 3.877|35 48.117 -1.678
36 46.811 1.691|37 47.394 0.685|38 45.188 5.724|39 46.675 5.556|40 43.890 -0.500|41 47.586 1.336|42 45.440 4.387
43 45.043 3.885|44 47.218 -1.554|45 47.903 1.909|46 44.448 1.441|47 44.203 0.616|48 44.518 3.499|49 47.478 -0.563
50 49.116 -1.090|51 48.957 4.365|52 48.111 5.139|53 48.073 -0.770|54 48.692 6.184|55 48.773 5.161|56 47.658 -2.760
57 49.119 6.176|58 46.990 3.159|59 50.629 3.057|60 49.430 2.081|61 48.431 0.091|62 50.292 2.777|63 45.777 3.087
64 43.295 -0.371|65 43.233 0.078|66 42.689 2.895|67 48.573 7.752|68 48.079 7.358|69 45.764 4.836|70 47.620 6.156
71 46.307 4.828|72 48.006 0.199|73 45.564 5.918|74 45.899 6.129|75 48.857 2.352|76 49.443 1.100|77 48.540 2.660
78 48.805 2.120|79 46.323 -0.465|80 49.894 2.296|81 43.928 2.148|82 44.018 1.355|83 43.124 5.928|84 43.949 4.806
85 46.670 -1.426|86 46.580 0.340|87 45.833 1.262|88 48.173 6.451|89 47.798 3.574|90 47.638 6.863|91 48.629 2.427
92 48.892 2.206|93 48.909 2.440|94 48.790 2.456|95 49.036 2.063
"""


@dataclass(frozen=True, slots=True)
class Spot:
    """Degrees."""

    latitude: float
    longitude: float


def _read(line: str) -> tuple[str, Spot]:
    code, latitude, longitude = line.split()
    return code, Spot(float(latitude), float(longitude))


_SPOTS = dict(_read(line) for line in _CHIEF_TOWNS.strip().replace("\n", "|").split("|"))


def department_of(postal_code: str) -> str:
    """The department's two digits of a postal code (or of these digits alone); nothing for what is none in metropolitan France."""
    digits = postal_code.strip()
    return digits[:2] if digits.isdigit() and len(digits) in (2, 5) and digits[:2] in _SPOTS else ""


def spot_of(department: str) -> Spot | None:
    return _SPOTS.get(department)


def kilometres(here: Spot, latitude: int, longitude: int) -> int:
    """Distance to a place in millionths of a degree, rounded to ten kilometres: the start is no more exact than that."""
    there = Spot(latitude / 1_000_000, longitude / 1_000_000)
    north, east = radians(there.latitude - here.latitude), radians(there.longitude - here.longitude)
    bow = sin(north / 2) ** 2 + cos(radians(here.latitude)) * cos(radians(there.latitude)) * sin(east / 2) ** 2
    return round(2 * _EARTH_KM * asin(sqrt(bow)) / _STEP_KM) * _STEP_KM
