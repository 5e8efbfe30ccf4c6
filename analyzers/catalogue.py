"""Every rule, by hand and in reading order. A rule that is not listed here does not run."""

from __future__ import annotations

from typing import Any

from analyzers.chart_context import IniContext
from analyzers.context import Context
from analyzers.rule import Rule
from analyzers.rules.audio import file_consistency
from analyzers.rules.catch import difficulty_range as catch_difficulty_range
from analyzers.rules.catch import (
    max_combo,
    no_spinner,
    spinner_gap,
)
from analyzers.rules.catch import skin_sets as catch_skin_sets
from analyzers.rules.compose import abnormal_slider_nodes, concurrent_objects, drain_time_short, invisible_slider, zero_length
from analyzers.rules.events import break_invalid, storyboarded_hitsounds
from analyzers.rules.files import empty_difficulty, hitsound_difficulty, naming, zero_bytes
from analyzers.rules.hitsounds import consistency, low_volume, sparse
from analyzers.rules.mania import (
    chord_size,
    column_distribution,
    difficulty_limit,
    double_hitsound,
    easy_sv,
    hitnormal_missing,
    hitsound_file_missing,
    key_count,
    long_note_short,
    unnormalised_bpm,
)
from analyzers.rules.mania import hitsound_consistency as mania_hitsound_consistency
from analyzers.rules.mania import skin_sets as mania_skin_sets
from analyzers.rules.metadata import genre_language, guest_tags, marker_format, marker_spacing, title_markers, unicode_romanised
from analyzers.rules.metadata import inconsistent as metadata_inconsistent
from analyzers.rules.resources import (
    background_presence,
    mappers_guild_background,
    storyboard_overlay_layer,
    video_consistency,
    video_offset,
)
from analyzers.rules.settings import colour_luminosity, combo_colours_default, difficulty_settings_abnormal, slider_tick_rate
from analyzers.rules.settings import inconsistent as settings_inconsistent
from analyzers.rules.spread import lowest_diff_drain
from analyzers.rules.std import (
    abnormal_spacing,
    close_overlap,
    hr_stack,
    multiple_reverses,
    offscreen,
    reverse_obscured,
    short_slider,
    slider_ambiguity,
    slider_only_section,
    spacing_variation,
    spinner_recovery,
    spinner_too_short,
    stack_leniency,
)
from analyzers.rules.std import difficulty_range as std_difficulty_range
from analyzers.rules.std import skin_sets as std_skin_sets
from analyzers.rules.taiko import (
    barline_sv,
    base_sv_progression,
    bg_offset,
    close_barlines,
    finisher,
    kiai_consistency,
    kiai_flash,
    last_note_barline,
    low_diff_scroll,
    omit_barline_consistency,
    pattern_length,
    rest_moments,
    smallest_snap,
    spinner_readability,
)
from analyzers.rules.taiko import difficulty_range as taiko_difficulty_range
from analyzers.rules.taiko import skin_sets as taiko_skin_sets
from analyzers.rules.timing import (
    first_line,
    inconsistent,
    kiai_unsnapped,
    line_proximity,
    line_unused,
    lines_concurrent,
    object_unsnapped,
    preview_time,
    snap_rare,
    snap_wrong_red_line,
    volume_invalid,
)

OSU_RULES: tuple[Rule[Context], ...] = (
    concurrent_objects.RULE,
    invisible_slider.RULE,
    zero_length.RULE,
    abnormal_slider_nodes.RULE,
    drain_time_short.RULE,
    break_invalid.RULE,
    storyboarded_hitsounds.RULE,
    key_count.RULE,
    object_unsnapped.RULE,
    snap_wrong_red_line.RULE,
    snap_rare.RULE,
    first_line.RULE,
    lines_concurrent.RULE,
    line_proximity.RULE,
    line_unused.RULE,
    volume_invalid.RULE,
    kiai_unsnapped.RULE,
    inconsistent.RULE,
    preview_time.RULE,
    spinner_too_short.RULE,
    slider_only_section.RULE,
    std_difficulty_range.RULE,
    multiple_reverses.RULE,
    short_slider.RULE,
    spinner_recovery.RULE,
    max_combo.RULE,
    no_spinner.RULE,
    spinner_gap.RULE,
    catch_difficulty_range.RULE,
    slider_ambiguity.RULE,
    offscreen.RULE,
    stack_leniency.RULE,
    hr_stack.RULE,
    reverse_obscured.RULE,
    std_skin_sets.RULE,
    catch_skin_sets.RULE,
    file_consistency.RULE,
    empty_difficulty.RULE,
    hitsound_difficulty.RULE,
    naming.RULE,
    zero_bytes.RULE,
    background_presence.RULE,
    mappers_guild_background.RULE,
    storyboard_overlay_layer.RULE,
    video_consistency.RULE,
    video_offset.RULE,
    spacing_variation.RULE,
    close_overlap.RULE,
    abnormal_spacing.RULE,
    metadata_inconsistent.RULE,
    genre_language.RULE,
    guest_tags.RULE,
    unicode_romanised.RULE,
    last_note_barline.RULE,
    pattern_length.RULE,
    rest_moments.RULE,
    smallest_snap.RULE,
    spinner_readability.RULE,
    finisher.RULE,
    bg_offset.RULE,
    base_sv_progression.RULE,
    taiko_difficulty_range.RULE,
    taiko_skin_sets.RULE,
    barline_sv.RULE,
    close_barlines.RULE,
    omit_barline_consistency.RULE,
    kiai_consistency.RULE,
    kiai_flash.RULE,
    low_diff_scroll.RULE,
    title_markers.RULE,
    marker_format.RULE,
    marker_spacing.RULE,
    combo_colours_default.RULE,
    difficulty_settings_abnormal.RULE,
    settings_inconsistent.RULE,
    colour_luminosity.RULE,
    slider_tick_rate.RULE,
    sparse.RULE,
    low_volume.RULE,
    lowest_diff_drain.RULE,
    column_distribution.RULE,
    long_note_short.RULE,
    double_hitsound.RULE,
    hitnormal_missing.RULE,
    mania_hitsound_consistency.RULE,
    hitsound_file_missing.RULE,
    difficulty_limit.RULE,
    mania_skin_sets.RULE,
    chord_size.RULE,
    easy_sv.RULE,
    unnormalised_bpm.RULE,
    consistency.RULE,
)  # fmt: skip

# Rules on song.ini: their findings lie in that file.
INI_RULES: tuple[Rule[IniContext], ...] = ()

CHART_RULES: tuple[Rule[Any], ...] = (
    *INI_RULES,
)  # fmt: skip
