//! All tuned constants of the aligner.
//!
//! One setting serves every text; `docs/algorithm.md` describes how the constants were measured.
//! Sizes that change no result (tiles, buffers, slices) stay beside the code that uses them.
//!
//! With the feature `unstable-tuning` an experiment can set every constant by its name.

/// Declares the sections and their constants: types, documentation, defaults and names.
macro_rules! tuning {
    ($(
        $(#[$section_doc:meta])*
        $section:ident: $type:ident {
            $($(#[$doc:meta])* $name:ident: $kind:ty = $value:expr,)*
        }
    )*) => {
        /// Every tuned constant of the aligner, by section.
        #[derive(Clone, Debug, Default)]
        pub struct Tuning {
            $($(#[$section_doc])* pub $section: $type,)*
        }

        $(
            $(#[$section_doc])*
            #[derive(Clone, Copy, Debug)]
            pub struct $type {
                $($(#[$doc])* pub $name: $kind,)*
            }

            impl Default for $type {
                fn default() -> Self {
                    Self { $($name: $value,)* }
                }
            }
        )*

        #[cfg(any(test, feature = "unstable-tuning"))]
        impl Tuning {
            /// The full names of all constants: `section.constant`.
            pub const NAMES: &[&str] =
                &[$($(concat!(stringify!($section), ".", stringify!($name)),)*)*];

            /// Sets a constant by its full name, or by its bare name if only one section has it.
            ///
            /// # Errors
            /// A [`TuningError`] if the name is unknown or ambiguous, or if the value is not of the
            /// constant's type.
            pub fn set(&mut self, name: &str, value: &str) -> Result<(), TuningError> {
                let full = full_name(name)?;
                $($(
                    if full == concat!(stringify!($section), ".", stringify!($name)) {
                        self.$section.$name = value.parse().map_err(|_| {
                            let kind = stringify!($kind);
                            TuningError(format!("{full}: '{value}' is not of type {kind}"))
                        })?;
                    }
                )*)*
                Ok(())
            }

            /// Returns the value of a constant by its full name, as text.
            #[must_use]
            pub fn get(&self, full: &str) -> Option<String> {
                $($(
                    if full == concat!(stringify!($section), ".", stringify!($name)) {
                        return Some(self.$section.$name.to_string());
                    }
                )*)*
                None
            }
        }
    };
}

tuning! {
    /// The score of a bead, and what is measured on a document for it.
    score: ScoreTuning {
        /// Exponent of a bead's mean size: larger beads cover more text.
        size: f32 = 0.15,
        /// Typical number of code points of Arabic for one of English.
        typical_ratio: f32 = 0.8,
        /// Factor by which the length ratio of a document may differ from the typical one.
        max_ratio_factor: f32 = 1.2,
        /// Factor by which the ratio of the first pass's pairs must differ to replace the ratio.
        ratio_change: f32 = 1.1,
        /// Number of pairs that the assumed ratio counts as.
        ratio_prior: f32 = 5.0,
        /// Segments of a side from which its script is detected.
        script_sample: usize = 10,
        /// Share of the neighbours' mean cosine that is subtracted from a bead's own.
        neighbours: f32 = 0.4,
        /// Weight of the corner potential of the windows.
        corner: f32 = 0.14,
        /// Length of the windows of running text around corners, in tokens.
        window: usize = 16,
        /// Weight of the covered shares of a bead's words.
        lexical: f32 = 0.3,
        /// Weight of the words' corner potential.
        lexical_corner: f32 = 0.9,
        /// Subtracted at a corner, times the share of words that match only across it.
        across: f32 = 0.7,
        /// Subtracted for each side of several segments, times what the coverage of its outer
        /// segments lacks of `edge_from` times the document's typical coverage.
        edge: f32 = 0.20,
        /// Share of the typical coverage below which an edge is loose.
        edge_from: f32 = 0.8,
        /// Weight that is added to a block's word weights: a few words prove little.
        coverage_prior: f32 = 2.0,
        /// Share of its weight that a word without any counterpart in the document has.
        unknown_word: f32 = 0.25,
        /// Weight that is added to the word weights around a corner.
        corner_prior: f32 = 3.0,
        /// Words to either side of a corner in the near view.
        near_words: f32 = 5.0,
        /// Words to either side of a corner in the view in which words may match across it.
        across_words: f32 = 8.0,
        /// Words to either side of a corner in the far view; with the stretch at most 32.
        far_words: f32 = 12.0,
        /// Weight of the near view.
        near_weight: f32 = 0.8,
        /// Weight of the far view.
        far_weight: f32 = 0.2,
        /// Minimum number of words in a view.
        min_view_words: f32 = 3.0,
        /// Maximum factor between the words of both sides in a view, for the longer side.
        max_stretch: f32 = 2.0,
        /// Cosine of a typical bead, assumed in the first pass.
        assumed_cosine: f32 = 0.5,
        /// Covered share of the words of a typical bead, assumed in the first pass.
        assumed_coverage: f32 = 0.3,
        /// Minimum of a document's typical cosine.
        min_typical_cosine: f32 = 0.2,
        /// Maximum distance by sound of two words that match.
        max_sound_distance: f32 = 0.2,
        /// Value of the match at that distance; at no distance it is 1.
        far_sound: f32 = 0.5,
        /// Minimum number of consonants of words that are compared by sound.
        min_consonants: usize = 2,
        /// Minimum number of letters of a Latin word that is.
        min_latin_letters: usize = 4,
    }

    /// The score of a null: a segment without a counterpart.
    null: NullTuning {
        /// The constant term.
        base: f32 = -0.22,
        /// Subtracted, times the segment's best cosine above `best_from`.
        best: f32 = 0.10,
        /// See `best`.
        best_from: f32 = 0.5,
        /// Longest block, in segments, among which a segment's best cosine is searched.
        best_blocks: usize = 3,
        /// Added, times the document's contrast above `contrast_from`.
        contrast: f32 = 0.23,
        /// See `contrast`.
        contrast_from: f32 = 0.35,
        /// Subtracted, times the coverage of its words near the corner above the typical one.
        lexical: f32 = 0.10,
        /// Segments before and after a corner in which the words of a null are searched.
        lexical_near: usize = 2,
        /// Maximum that is added for boilerplate that matches nothing near.
        boilerplate: f32 = 0.15,
        /// Maximum length of boilerplate, in characters.
        boilerplate_chars: usize = 60,
        /// Share of a side's segments without a final stop from which its lack means nothing.
        boilerplate_open_share: f32 = 0.25,
        /// Segments to either side of a corner in which the counterpart of boilerplate is searched.
        boilerplate_near: usize = 3,
        /// Share of the typical cosine from which boilerplate counts as matched.
        boilerplate_matched: f32 = 0.8,
        /// Slope from matched to unmatched boilerplate, per share of the typical cosine.
        boilerplate_slope: f32 = 4.0,
        /// Maximum score of a null, before the adjustment for the null rate.
        max: f32 = -0.01,
        /// Weight of the logarithm of the document's null rate.
        rate: f32 = 0.10,
        /// The null rate that adjusts nothing.
        typical_rate: f32 = 0.015,
        /// Number of segments that the typical null rate counts as.
        rate_prior: f32 = 30.0,
        /// Maximum adjustment for the null rate, up or down.
        max_rate_adjustment: f32 = 0.13,
        /// Added to a null that follows a null of the same side.
        run: f32 = 0.15,
    }

    /// Subtitles: their times and their kinds.
    cue: CueTuning {
        /// Weight of the overlap in time of a bead's sides, as a share of what they cover.
        overlap: f32 = 0.3,
        /// The overlap that adds nothing.
        typical_overlap: f32 = 0.4,
        /// Subtracted if there is no overlap, times the pause between the sides as a share of
        /// `max_pause`.
        pause: f32 = 0.6,
        /// The longest pause that makes a difference, in seconds.
        max_pause: f32 = 2.0,
        /// Score of a null that describes a sound, before the adjustment for the null rate.
        null: f32 = -0.02,
    }

    /// Text that one side lacks, measured on the whole document.
    omission: OmissionTuning {
        /// The lowest length ratio that is tried, as a share of the typical one.
        first_ratio: f32 = 0.5,
        /// The factor from one ratio that is tried to the next.
        ratio_step: f32 = 1.25,
        /// The number of ratios that are tried.
        ratios: usize = 6,
        /// Factor between the measured ratio and that of the whole sides from which text is
        /// missing.
        min_factor: f32 = 1.05,
        /// Minimum number of segments of the side that has more text: a few lengths prove nothing.
        min_segments: usize = 5,
        /// Added to the nulls of the side that has more text, times the missing share to the power
        /// `missing_power`.
        null_gain: f32 = 0.45,
        /// Exponent of the missing share: what little is missing has more effect than its share.
        missing_power: f32 = 0.7,
        /// Length of a source segment for one of the target, as a share of the typical ratio, from
        /// which that gain is whole for source nulls, and up to which it is whole for target nulls.
        short_segment: f32 = 0.6,
        /// Maximum score of a null of the side that has more text.
        max_null: f32 = 0.05,
        /// The same times the missing share, where that is more.
        max_null_by_share: f32 = 0.15,
        /// Exponent of the share of the gain that nulls have whose segments are short.
        short_power: f32 = 1.2,
        /// Subtracted from what is added to a null after a null of the same side, times the missing
        /// share: where much is missing, nulls are no longer the exception that comes in runs.
        run_loss: f32 = 0.15,
    }

    /// Matches of words that are learned from the beads of the document.
    learned: LearnedTuning {
        /// How often the document is searched again with what was learned.
        rounds: usize = 2,
        /// Minimum number of beads that contain both words.
        min_together: u32 = 2,
        /// Minimum of Dice's coefficient of the beads that contain them.
        min_dice: f32 = 0.4,
        /// Maximum share of the beads that contain a word.
        max_share: f32 = 0.2,
        /// Minimum probability of a bead from which words are learned.
        min_probability: f32 = 0.7,
        /// Maximum number of segments of such a bead.
        max_segments: usize = 5,
        /// Value of the match of two words that are always together.
        value: f32 = 0.7,
    }

    /// The probability of a bead.
    confidence: ConfidenceTuning {
        /// Factor of all scores before forward-backward.
        sharpness: f64 = 36.0,
        /// Distance of posteriors from 0 and 1, where log-odds are infinite.
        posterior_margin: f64 = 1e-6,
        /// The constant term of a bead's log-odds.
        constant: f64 = -0.39,
        /// Factor of the log-odds of its posterior: the score overstates its evidence.
        odds: f64 = 0.40,
        /// Factor of the smaller log-odds of the beads beside it.
        neighbour_odds: f64 = -0.080,
        /// Factor of the mean log-odds of the document's beads.
        mean_odds: f64 = 0.25,
        /// Maximum of these two, for each bead.
        max_neighbour_odds: f64 = 8.0,
        /// Added to the log-odds of a null.
        null: f64 = -0.62,
        /// Factor of a null's best cosine anywhere, as a share of the typical one, minus 1.
        null_best: f64 = 0.43,
        /// Factor of the logarithm of half the number of a bead's segments.
        size: f64 = -0.58,
        /// Factor of the similarity of its sides, minus that of the typical bead.
        similarity: f64 = 0.23,
        /// Factor of how far the similarity is below the document's median, in units of its spread.
        outlier: f64 = -0.19,
        /// Factor of that distance times the log-odds of the posterior.
        outlier_odds: f64 = 0.054,
        /// Factor of the square of that distance.
        outlier_squared: f64 = -0.17,
        /// Factor of the missing share of the document.
        missing: f64 = -0.33,
        /// Maximum log-odds: no probability exceeds 0.999.
        max_odds: f64 = 6.9,
        /// Maximum of the distance below the median.
        max_outlier: f32 = 4.0,
        /// Number of typical beads that are added when the median and the spread are measured.
        habit_prior: f32 = 5.0,
        /// Spread of the similarity in a typical document.
        typical_spread: f32 = 0.3,
        /// Added to the spread.
        min_spread: f32 = 0.1,
        /// Weight of the words in the similarity, beside the cosine's 1.
        words: f32 = 0.5,
        /// Minimum of the typical cosine, so that a document of unrelated sentences is no measure
        /// of itself.
        min_typical_cosine: f32 = 0.5,
        /// Maximum of the noise, as a share of the typical cosine: in a document of one pair the
        /// mean cosine is that pair's.
        max_noise_share: f32 = 0.3,
        /// Minimum of the typical coverage.
        min_typical_coverage: f32 = 0.1,
        /// Minimum of the cosine's part of the similarity.
        min_meaning: f32 = -1.0,
        /// Maximum of the cosine's part of the similarity.
        max_meaning: f32 = 1.5,
        /// Maximum of the coverage, as a multiple of the typical one.
        max_words: f32 = 1.5,
    }

    /// Text that was moved.
    moved: MovedTuning {
        /// Segments in beads less probable than this may belong elsewhere.
        loose_below: f32 = 0.85,
        /// Segments in beads with less evidence than this may belong elsewhere.
        weak_below: f32 = 0.0,
        /// Segments without which their bead loses no more than this may belong elsewhere.
        loose_cost: f32 = 3.0,
        /// What a bead's lost evidence counts against a move that takes its segments.
        cost: f32 = 2.0,
        /// Minimum sum of the probabilities of the believed beads that a move crosses.
        min_crossed: f32 = 0.5,
        /// Minimum probability of a move that is reported.
        min_probability: f32 = 0.8,
        /// Probability of the move of a segment that has the same text on both sides, once on each.
        identical: f32 = 0.98,
        /// Minimum probability of its most probable bead.
        min_bead: f32 = 0.8,
        /// Maximum number of pairs of loose segments that are compared.
        max_pairs: usize = 1 << 22,
        /// Minimum distance from the noise to the typical cosine.
        min_contrast: f32 = 0.1,
        /// Minimum coverage that counts as typical.
        min_coverage: f32 = 0.1,
        /// Evidence of a proposed pair, in log-odds, per unit of its relative cosine: its distance
        /// from the noise, as a share of that of the typical cosine.
        cosine: f32 = 3.1,
        /// Maximum of the relative cosine.
        max_cosine: f32 = 1.1,
        /// Minimum relative cosine of a pair that is proposed.
        min_cosine: f32 = 0.3,
        /// Evidence of a proposed pair per unit of its coverage, as a share of the typical coverage.
        words: f32 = 5.7,
        /// Maximum of that share.
        max_words: f32 = 1.3,
        /// Evidence that the cosine and the words of a pair together must have to count for it.
        neutral: f32 = 4.6,
        /// Evidence against a proposed pair per unit of the logarithm of the ratio of its lengths.
        length: f32 = 3.0,
        /// Maximum of that logarithm.
        max_length: f32 = 1.5,
        /// Minimum evidence of a chain that is judged.
        min_proposed: f32 = 0.0,
        /// Evidence of a judged pair per unit of its margin: its relative cosine minus that of the
        /// best rival of either half.
        judged_margin: f32 = 7.5,
        /// Maximum of the margin; the minimum is its negative.
        max_margin: f32 = 0.7,
        /// The same as `words`, for a judged pair.
        judged_words: f32 = 4.6,
        /// The same as `neutral`, for a judged pair.
        judged_neutral: f32 = 2.0,
        /// The same as `length`, for a judged pair.
        judged_length: f32 = 1.8,
        /// Minimum number of pairs of a chain in which rivals count less, because they are rarely in
        /// the same order as the pairs.
        long_chain: usize = 2,
        /// Share of what rivals take from the evidence of a pair that such a chain retains.
        in_order: f32 = 0.8,
        /// Characters from which a pair has its full evidence.
        full_chars: f32 = 40.0,
        /// Share of their evidence that boilerplate lines have.
        boilerplate: f32 = 0.5,
        /// Pairs of a chain that are compared with the whole document.
        max_checked: usize = 16,
        /// Cost of an unaligned segment inside a chain.
        gap: f32 = 2.0,
        /// Maximum evidence of a pair, for or against.
        max_evidence: f32 = 8.0,
        /// Log-odds against a move before any evidence.
        rare: f32 = 2.5,
        /// Log-odds against a move in a long document that no chunk contains, before any evidence.
        rare_far: f32 = 5.0,
        /// Minimum number of segments of either side of such a move.
        far_segments: usize = 4,
        /// Log-odds against neighbours that changed places before any evidence.
        rare_swap: f32 = 2.0,
        /// Minimum evidence of each of two blocks that changed places.
        min_swapped: f32 = 0.0,
        /// Maximum number of segments of one of these.
        max_swapped: usize = 4,
        /// How often the search is repeated without the segments of the moves already found.
        rounds: usize = 8,
    }

    /// The part of the lattice that is searched.
    corridor: CorridorTuning {
        /// Whether all states are searched: 5,000 segments a side take about 15 GB.
        everything: bool = false,
        /// Maximum number of states of a lattice that is searched without a coarse path.
        max_whole_states: usize = 6_000,
        /// States to either side of the coarse path. Gold paths on noisy documents stay within 20.
        half_width: usize = 24,
        /// Segments of the shorter side in a step of the coarse path.
        step: usize = 3,
        /// Cost of a coarse step that pairs nothing.
        skip: f32 = 0.02,
        /// Maximum cost of a coarse pair.
        max_pair_cost: f32 = 0.1,
        /// Cost of a null when the corridor is narrowed.
        narrow_skip: f32 = 0.02,
        /// Maximum loss of the best path through a state that is not removed. On gold, noisy
        /// bitexts included, the beads are the same down to 0.2.
        narrow_loss: f32 = 0.5,
        /// Rows and states around those that remain. With two the beads of gold are the same.
        narrow_margin: usize = 1,
    }

    /// Long beads: one segment against more than `max_segments` allows.
    long: LongTuning {
        /// Maximum number of segments on the longer side: a page has fewer sentences.
        max_size: usize = 60,
        /// Minimum of the setting `max_segments` with which there are long beads.
        min_limit: usize = 10,
        /// Minimum length of the single segment, in typical segments of the other side.
        min_typical: f32 = 6.0,
        /// Minimum length of the shorter side, as a share of the longer.
        min_share: f32 = 0.6,
        /// Maximum loss of cosine against the best run of a segment.
        max_loss: f32 = 0.3,
        /// Subtracted, times what the coverage of the `outer` segments at either end lacks of
        /// `score.edge_from` times the typical coverage.
        edge: f32 = 0.5,
        /// See `edge`.
        outer: usize = 3,
        /// Share of lengths from which a bead is credited with all that its segments beyond those
        /// of other beads would add as nulls; at `min_share` it is credited with nothing.
        credited_share: f32 = 0.85,
        /// Rows on either side of a long source segment that the corridor joins: the coarse path
        /// may pair the target segments with its neighbours.
        joined_rows: usize = 6,
    }

    /// Long documents, which are searched in chunks.
    chunk: ChunkTuning {
        /// Documents with more segments on a side get a coarse path over tiles.
        coarse_above: usize = 4000,
        /// Documents with more segments on a side are cut to chunks.
        max_whole: usize = 4000,
        /// Minimum number of segments of the shorter side in a tile.
        tile: usize = 8,
        /// Approximate maximum number of tiles on a side; beyond it tiles are larger.
        max_tiles: usize = 16_384,
        /// Code points of a segment that count: a tile is known by its segments' beginnings.
        beginning_chars: f64 = 100.0,
        /// Maximum factor by which these differ on both sides from the mean.
        max_beginning_factor: f64 = 2.0,
        /// Maximum number of tiles of a side on the top level.
        max_top_tiles: usize = 2048,
        /// Tiles that are joined to one of the next level.
        join: usize = 4,
        /// Tiles to either side of the path of the level above.
        tile_half_width: usize = 12,
        /// Cost of an unpaired tile.
        skip: f32 = 0.02,
        /// Additional cost of the first of a run of unpaired tiles: without it a run would be
        /// broken up where some tile of it is a little like another.
        first_skip: f32 = 0.2,
        /// Maximum cost of a pair of tiles.
        max_pair_cost: f32 = 0.1,
        /// Target length of a chunk on its longer side, in segments.
        length: usize = 1500,
        /// Maximum deviation from that, as a share of it.
        tolerance: f32 = 0.25,
        /// Minimum number of segments of either side between two cuts.
        min_length: usize = 64,
        /// Steps of the coarse path to either side of a cut by which it is judged.
        judged_steps: usize = 8,
        /// Minimum number of segments of either side beyond a cut that are searched as context.
        context: usize = 96,
        /// The same in tiles.
        context_tiles: usize = 6,
        /// The context ends where one side alone has this many times as much.
        max_context: usize = 6,
        /// Minimum length of a run without a counterpart whose inside is not searched.
        hole: usize = 1024,
        /// Segments at either end of such a run that are searched.
        hole_edge: usize = 256,
        /// Minimum length of a run without a counterpart that counts as nulls before the search.
        unaligned_run: usize = 64,
        /// Number of chunks, spread over the document, on which it is measured.
        sampled: usize = 4,
        /// Probability from which the beads at a corner are sure enough to join chunks there.
        sure: f32 = 0.99,
        /// Probability of a null between two chunks whose paths disagree.
        disputed_null: f32 = 0.5,
    }

    /// Whether two documents are translations of each other.
    document: DocumentTuning {
        /// Number of other beads with whose targets each bead's source is compared.
        others: usize = 8,
        /// Cosine of sides that do not belong together, if there is no other bead.
        chance: f32 = 0.1,
        /// Weight of the mean cosine of the beads.
        cosine: f32 = 20.6,
        /// Weight of the difference to the mean cosine of sides that were not paired.
        above_chance: f32 = 3.9,
        /// The constant term.
        constant: f32 = -9.4,
        /// Log-odds of two documents to be translations before they are compared.
        prior: f32 = 2.6,
        /// Standard deviation of the cosines of a typical document's beads.
        spread: f32 = 0.17,
        /// Number of beads with the typical standard deviation that are added to a document's.
        spread_prior: f32 = 10.0,
    }

    /// Long Arabic sentences that are cut where the translation has a boundary.
    split: SplitTuning {
        /// Minimum probability, within its bead, of a part that is cut off.
        min_probability: f32 = 0.9,
        /// The same of a part that ends with a line of wrapped text.
        min_line_probability: f32 = 0.9,
        /// The same in running text, where the segments of both sides are unsure.
        min_running_probability: f32 = 0.0,
        /// Maximum number of clauses of one bead: a page has fewer.
        max_clauses: usize = 512,
        /// Maximum share of a bead's parts that may be clauses without English, or English without
        /// a clause: they are merged with the parts beside them.
        max_null_share: f32 = 0.3,
    }
}

/// Why a constant could not be set.
#[cfg(any(test, feature = "unstable-tuning"))]
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct TuningError(String);

/// Finds the full name of a constant.
#[cfg(any(test, feature = "unstable-tuning"))]
fn full_name(name: &str) -> Result<&'static str, TuningError> {
    let is_meant = |full: &&&str| {
        **full == name || full.split_once('.').is_some_and(|(_, constant)| constant == name)
    };
    let found: Vec<&'static str> = Tuning::NAMES.iter().filter(is_meant).copied().collect();
    match found[..] {
        [full] => Ok(full),
        [] => Err(TuningError(format!("no constant is called '{name}'"))),
        _ => Err(TuningError(format!("'{name}' is ambiguous: {}", found.join(", ")))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_constant_is_set_by_its_full_name() {
        let mut tuning = Tuning::default();
        for name in Tuning::NAMES {
            let value = if *name == "corridor.everything" { "true" } else { "77" };
            tuning.set(name, value).expect(name);
            assert_eq!(tuning.get(name).as_deref(), Some(value), "{name}");
        }
        assert_eq!(tuning.null.base, 77.0);
        assert_eq!(tuning.get("null.nothing"), None);
    }

    #[test]
    fn a_bare_name_must_be_unambiguous() {
        let mut tuning = Tuning::default();
        tuning.set("neighbours", "0.5").expect("only the score has neighbours");
        assert_eq!(tuning.score.neighbours, 0.5);
        let error = tuning.set("lexical", "1").expect_err("two sections have it");
        assert_eq!(error.to_string(), "'lexical' is ambiguous: score.lexical, null.lexical");
        let error = tuning.set("nothing", "1").expect_err("an unknown name");
        assert_eq!(error.to_string(), "no constant is called 'nothing'");
        let error = tuning.set("moved.rounds", "1.5").expect_err("a number of rounds is whole");
        assert_eq!(error.to_string(), "moved.rounds: '1.5' is not of type usize");
    }
}
