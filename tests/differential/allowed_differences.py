"""Deliberate differences between the bundled engine and Microsoft's library, one entry each, with its reason.

An entry allows the differences whose case name matches `case`, whose path in the observations matches `where` (both as
in fnmatch, where `*` crosses slashes) and for which `when(microsoft, ours)` holds. The tests fail on a difference that
is not listed here, and on an entry that allows nothing that actually occurs.
"""

from collections import Counter
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import NamedTuple


class Allowed(NamedTuple):
    """One deliberate difference."""

    case: str
    where: str
    reason: str
    when: Callable = lambda microsoft, ours: True


def microsoft_dies(microsoft, ours):
    """Microsoft's library crashed or hung, the engine did not."""
    return isinstance(microsoft, dict) and "died" in microsoft and not (isinstance(ours, dict) and "died" in ours)


def only_ours_opens(microsoft, ours):
    """Microsoft's library refuses the file."""
    return (microsoft, ours) == (1, 0)


def low_32_bits(microsoft, ours):
    """A device time (us) of which Microsoft's library kept the file's start offset modulo 2**32."""
    return (
        all(type(value) is int for value in (microsoft, ours)) and microsoft < ours and (ours - microsoft) % 2**32 == 0
    )


DRIFT = "each further EOF of a track moves Microsoft's hidden cursor outward; going back then skips a whole cluster"
EDGE = "a seek into the first or last capture makes Microsoft's library return that capture in parts"
LOW_32 = "Microsoft's library keeps the low 32 bits of the start offset"
CUT = "an unfinished or cut file is opened and gives what is complete"
CRASH = "Microsoft's library crashes or hangs"
NO_DURATION = "Microsoft's library computes a duration that is not there, minus 1, as unsigned"
TORN = "Microsoft's library drops a whole cluster for one block that cannot be read"

ALLOWED = [
    # ---- defects of reading that are not copied
    Allowed("*", "repeated_eof/*/back/*", DRIFT),
    Allowed("*", "repeated_eof/*/on/*", DRIFT),
    Allowed("grouping/depth-color_offset_16667_us", "*/backward*/1*", DRIFT),
    Allowed("grouping/depth-color_offset_20000_us", "*/backward*/1*", DRIFT),
    Allowed("grouping/two_colors_in_half_period", "captures/first again/*", DRIFT),
    Allowed("generated/jitter_15ms_drops", "captures/backward/0/color", DRIFT),
    Allowed("generated/jitter_15ms_drops", "captures/first again/*", DRIFT),
    Allowed("edge/blocks_at_one_time", "captures/backward/0/depth", DRIFT),
    Allowed("edge/depth_fourcc_*", "captures/backward/*", DRIFT),
    Allowed("*", "seeks/* first *", EDGE),
    Allowed("*", "seeks/* last *", EDGE),
    Allowed("grouping/*", "grouping/seeks/*", EDGE),
    Allowed("edge/delay_*", "ends/capture from the end/*", EDGE),
    Allowed("generated/delay_*_remuxed", "ends/capture from the end/*", EDGE),
    Allowed("*offset*", "*/at", LOW_32, low_32_bits),
    Allowed("*offset_*", "blocks/*/0", LOW_32, low_32_bits),
    Allowed("*offset_*", "*block*/*", LOW_32, low_32_bits),
    Allowed("generated/offset_33_bits*", "*imu*", LOW_32 + ", so it compares samples with the wrong time"),
    Allowed("*", "*", CRASH, microsoft_dies),
    # ---- unfinished files
    Allowed("generated/*_unclosed", "open", CUT, only_ours_opens),
    Allowed("edge/recorder_killed_after_three_clusters", "open", CUT, only_ours_opens),
    Allowed("edge/segment_size_zero", "open", CUT, only_ours_opens),
    Allowed("edge/seek_head_cues_without_cues", "open", CUT, only_ours_opens),
    # ---- odd files
    Allowed("edge/custom_lace_*", "*block E*", NO_DURATION),
    Allowed("edge/custom_lace_*", "blocks/E/*", NO_DURATION),
    # ---- not yet
    Allowed("*", "conversions/to [123]/*", "MJPG is not decoded yet"),
]


def sort_out(case, found):
    """Split differences into those not allowed and a Counter of the entries (by index) that allowed the others."""
    refused, used = [], Counter()
    for where, microsoft, ours in found:
        for index, entry in enumerate(ALLOWED):
            if fnmatchcase(case, entry.case) and fnmatchcase(where, entry.where) and entry.when(microsoft, ours):
                used[index] += 1
                break
        else:
            refused.append((where, microsoft, ours))
    return refused, used
