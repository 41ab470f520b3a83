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


def colour_left_out(microsoft, ours):
    """Microsoft's library fails to read the capture, the engine gives it without its colour image."""
    return microsoft == 1 and ours is None


DRIFT = "each further EOF of a track moves Microsoft's hidden cursor outward; going back then skips a whole cluster"
EDGE = "a seek into a capture that is some track's first or last makes Microsoft's library return it in parts"
LOW_32 = "Microsoft's library keeps the low 32 bits of the start offset"
CUT = "an unfinished or cut file is opened and gives all that is complete"
CRASH = "Microsoft's library crashes"
DURATION = "Microsoft's library computes a missing or zero duration minus 1 as an unsigned number"
TORN = "for one block that cannot be read Microsoft's library drops the whole cluster"
CLUSTERS = "Microsoft's library does not find all clusters: sizes unknown, or times equal"
LENGTH = "Microsoft's library takes the length of a file whose last cluster is empty for 0"
REMUXED = "mkvmerge splits captures between clusters of equal times and drops durations; Microsoft's seek then errs"
PAST = "for a target after a block's last sample, within its microsecond, Microsoft's library goes to the block's first"
FIRST = "no element has to be a void or an index to be first; nothing in Matroska asks for that"
BGRA = "BGRA32 is converted as well; Microsoft's library accepts the setting and then fails to read"
LEFT_OUT = "a colour frame that cannot be decoded is left out of its capture, with a log line; the capture is not lost"
SHORT = "a frame too short for its size is left out; Microsoft's library reads beyond its end"
LACED = "a video block with several frames fails to read once; at Microsoft's once for each of them"

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
    Allowed("edge/color_size_zero", "captures/*", DRIFT),
    Allowed("edge/delay_above_32_bits_usec", "captures/backward/*", DRIFT),
    Allowed("edge/delay_largest_int64", "captures/backward/*", DRIFT),
    Allowed("edge/depth_fourcc_*", "captures/*", DRIFT),
    Allowed("edge/video_frame_empty", "captures/backward/*", DRIFT),
    Allowed("*", "seeks/* first *", EDGE),
    Allowed("*", "seeks/* last *", EDGE),
    Allowed("grouping/*", "grouping/seeks/*", EDGE),
    Allowed("edge/delay_*", "ends/capture from the end/*", EDGE),
    Allowed("generated/delay_*_remuxed", "ends/capture from the end/*", EDGE),
    Allowed("*offset_*", "*", LOW_32, low_32_bits),
    Allowed("generated/offset_33_bits*", "*imu*", LOW_32 + " and compares samples with that"),
    Allowed("edge/*", "*", CRASH, microsoft_dies),
    Allowed("edge/custom_lace_*", "*block*E*", DURATION),
    Allowed("edge/custom_lace_duration_zero", "metadata/*", DURATION),
    Allowed("generated/custom_tracks_remuxed", "imu/forward/*", REMUXED),
    Allowed("generated/*_remuxed", "ends/*", REMUXED),
    Allowed("generated/*_remuxed", "seeks/*", REMUXED),
    Allowed("generated/*_remuxed", "repeated_eof/*", REMUXED),
    Allowed("edge/blocks_before_the_cluster_time", "seeks/*imu*", PAST),
    Allowed("edge/voids_inside_cluster_and_tracks", "seeks/*imu*", PAST),
    Allowed("edge/clusters_of_unknown_size", "*", CLUSTERS),
    Allowed("edge/clusters_with_one_time", "*", CLUSTERS),
    Allowed("edge/last_cluster_empty", "*", LENGTH),
    Allowed("edge/cut_in_the_last_cluster_[st]i[zm]e", "*", LENGTH),
    Allowed("edge/block_empty", "*", TORN),
    Allowed("edge/lace_*", "*", TORN),
    Allowed("edge/video_laced_fixed", "captures/*", LACED),
    Allowed("edge/video_laced_xiph", "captures/*", LACED),
    Allowed("*", "conversions/to [123]/images/*", LEFT_OUT, colour_left_out),
    Allowed("edge/color_fourcc_[ny]*", "conversions/to [123]/images/*", SHORT),
    Allowed("edge/tracks_empty", "metadata/l*", "the blocks of a track that is not described still have a duration"),
    # ---- files that the engine opens and Microsoft's library does not
    Allowed("generated/*_unclosed", "open", CUT, only_ours_opens),
    Allowed("edge/recorder_killed_after_three_clusters", "open", CUT, only_ours_opens),
    Allowed("edge/segment_size_zero", "open", CUT, only_ours_opens),
    Allowed("edge/seek_head_cues_without_cues", "open", CUT, only_ours_opens),
    Allowed("edge/info_first", "open", FIRST, only_ours_opens),
    Allowed("edge/tracks_first", "open", FIRST, only_ours_opens),
    Allowed("edge/tags_first", "open", FIRST, only_ours_opens),
    # ---- more than Microsoft's library can do
    Allowed("*/bgra_720p_5fps", "conversions/to [12]/images/*", BGRA),
    Allowed("colors/BGRA", "conversions/to [12]/images/*", BGRA),
    Allowed("edge/color_fourcc_b16g", "conversions/*", "depth as colour is read as it is stored, and nothing else"),
    Allowed("edge/tag_with_two_simple_tags", "*TWO*", "the second SimpleTag of a Tag is found, too"),
    Allowed("edge/color_tag_of_depth_track", "*", "two names of one track are both read; Microsoft's share one cursor"),
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

# What the engine's recorder answers otherwise than Microsoft's: the name of a case of test_recorder_differences.py.
RECORDER = {
    "tag_with_a_name_that_cannot_be_stored": "Microsoft's library says it succeeded and drops the tag",
    "data_in_the_past_of_a_flush": "Microsoft's library refuses what is up to two seconds late; it is sorted in",
    "data_before_the_first_on_disk": "the start of a recording is on disk after 0.2 s and cannot be moved any more",
    "image_of_another_size_than_its_track": "Microsoft's library writes it, and gives a recording that says otherwise",
    "image_with_fewer_bytes_than_its_size": "Microsoft's library writes it, and gives a recording that says otherwise",
    "wrong_configuration_and_the_old_file": "Microsoft's library empties the file before it looks at the configuration",
}

# What pyk4a_rp.compat.pyk4a answers otherwise than pyk4a 1.5: patterns of section/question of tests/compat/observe.py.
PYK4A = {
    "surface/*_image_to_*()": "thread_safe need not be given",
    "surface/module errors._verify_error": "private",
    "surface/Config/negative delay": "an AssertionError in pyk4a; a K4AException from start(), as for other values",
    "surface/FPS/repr": "the class is FramesPerSecond",
    "surface/K4ATimeoutException/is an OSError": "it is a TimeoutError, too, and that is one",
    "playback/*/same configuration": "a new dictionary each time; who changes pyk4a's changes it for all",
    "playback/*/previous after the end twice": DRIFT + "; and no such cursor of pyk4a_rp moves",
    "playback/*/length after close": "pyk4a remembers the length when somebody had asked for it; closed is closed",
    "playback/without_calibration/*": "pyk4a cannot read captures of a recording without a calibration",
    "calibration/* 4 0/get_extrinsic_parameters *COLOR*": "pyk4a gives zeros for a camera that is off",
    "calibration/* 0 2/get_extrinsic_parameters *DEPTH*": "pyk4a gives zeros for a camera that is off",
    "calibration/*coordinates*": "a SystemError in pyk4a; a ValueError that says how many there must be",
    "record/unknown camera_fps/create": "what is no member is refused; pyk4a writes a recording of 30 frames a second",
    "record/not of its mode/*": "pyk4a writes an image of another size, and gives a recording that says otherwise",
    "transformation/nfov_unbinned_mjpg720_5fps/transformed_color": "MJPG is decoded, where pyk4a wants BGRA",
    "device/got * auto False": "leaving the automatic mode keeps the value; pyk4a sets 2500",
    "device/calibration_raw before open": "it is used when the camera is open; pyk4a fails",
    "device/changed/calibration": "the calibration is that of the modes; pyk4a keeps the one of the modes before",
    "device/reset": "settings that the camera does not have are left alone; pyk4a fails at the first of them",
}
