"""Time zones by the abbreviations that feeds print."""

from __future__ import annotations

# Zones by their English abbreviation, in minutes east of UTC; ambiguous ones as most feeds use them.
ZONE_MINUTES = {
    "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 60, "BST": 60, "CET": 60, "CEST": 120, "MET": 60,
    "MEZ": 60, "MEST": 120, "MESZ": 120, "EET": 120, "EEST": 180, "MSK": 180, "TRT": 180, "SAST": 120, "WAT": 60,
    "CAT": 120, "EAT": 180, "IST": 330, "PKT": 300, "NPT": 345, "WIB": 420, "ICT": 420, "HKT": 480, "SGT": 480,
    "PHT": 480, "MYT": 480, "AWST": 480, "JST": 540, "KST": 540, "ACST": 570, "ACDT": 630, "AEST": 600, "AEDT": 660,
    "NZST": 720, "NZDT": 780, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360,
    "PST": -480, "PDT": -420, "AKST": -540, "AKDT": -480, "HST": -600, "NST": -210, "NDT": -150, "ADT": -180,
    "AST": -240, "ART": -180, "BRT": -180, "CLT": -240,
}  # fmt: skip
# The same abbreviation elsewhere, by the feed's language or country.
ZONES_OF = {
    ("zh", "CST"): 480, ("he", "IST"): 120, ("ar", "AST"): 180, ("ie", "IST"): 60, ("cu", "CST"): -300,
}  # fmt: skip
# Zones that are named without saying whether it is summer.
ZONES_ALL_YEAR = {
    "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles",
}  # fmt: skip
