//! Weighs the evidence that the lines of a document were wrapped.
//!
//! Where lines were filled to a width, lines near that width are far more frequent than somewhat
//! shorter ones, sentences end in the middle of lines, and lines end in the middle of sentences. In
//! verse, lists, subtitles and files with a sentence per line, none of this holds.

use super::item::begins_item;
use super::line::{Line, Measure, begins_inside, begins_with_capital, lines};
use super::{Fit, RAGGED_PERCENT, Wrap};

/// The widths at which text is wrapped, in chars.
const WIDTHS: std::ops::RangeInclusive<usize> = 28..=160;
/// The maximum number of lines that are looked at: more would show nothing else.
const MAX_LINES: usize = 4_000;
/// The minimum sum of the evidence that lines were filled by an editor.
const MIN_EXACT: f64 = 2.3;
/// The same sum, as a share of the line ends that are evidence.
const MIN_EXACT_SHARE: f64 = 0.1;
/// The minimum log-likelihood ratio that only full lines end inside sentences.
const MIN_CONTRAST: f64 = 6.0;
/// The minimum number of full lines in ragged text.
const MIN_RAGGED: usize = 3;

/// Two adjacent lines of a paragraph, of which the second begins no list item.
struct Break<'t> {
    line: &'t str,
    next: &'t str,
    is_open: bool,
    /// Whether words at the line end show that a sentence continues.
    continues: bool,
    /// Whether the last word of the line does.
    ends_inside: bool,
    /// Whether only a comma does.
    only_comma: bool,
    /// Whether a sentence ends in the middle of either line.
    near_stop: bool,
    has_inner_comma: bool,
    /// Whether a comma is anywhere in the line.
    has_comma: bool,
    has_caesura: bool,
}

impl<'t> Break<'t> {
    fn new(text: &'t str, next: &'t str) -> Self {
        let line = Line::new(text);
        let is_open = line.is_open();
        Self {
            line: text,
            next,
            is_open,
            continues: line.continues(next),
            ends_inside: is_open && line.ends_with_joining_word(),
            only_comma: line.ends_with_comma() && !begins_inside(next),
            near_stop: is_open && (line.has_inner_stop() || Line::new(next).has_inner_stop()),
            has_inner_comma: line.has_inner_comma(),
            has_comma: line.has_inner_comma() || line.ends_with_comma(),
            has_caesura: line.has_caesura(),
        }
    }
}

/// Returns how the lines of a document were wrapped, if they were.
pub(super) fn detect(text: &str) -> Option<Wrap> {
    let lines: Vec<&str> = lines(text).take(MAX_LINES).map(str::trim).collect();
    // Most documents have one paragraph per line; they need no measuring.
    let is_long = |line: &&&str| line.len() > 4 * WIDTHS.end();
    let long = lines.iter().filter(is_long).count();
    if lines.len() < 3 || long * 50 > lines.len() {
        return None;
    }
    let breaks: Vec<Break<'_>> = lines
        .windows(2)
        .filter(|pair| !(pair[0].is_empty() || pair[1].is_empty() || begins_item(pair[1])))
        .map(|pair| Break::new(pair[0], pair[1]))
        .collect();
    if breaks.len() < 2 {
        return None;
    }
    let ragged = [Measure::Chars, Measure::Visible]
        .into_iter()
        .filter_map(|measure| ragged(&lines, &breaks, measure))
        .max_by_key(|wrap| (wrap.min * 100 / wrap.width, wrap.measure == Measure::Visible));
    let Some(exact) = best_exact(&lines, &breaks) else { return ragged };
    // Lines that had room for the next word and yet end inside a sentence were not filled.
    if exact.unfilled * 5 >= exact.full && ragged.is_some() { ragged } else { Some(exact.wrap) }
}

/// Lines that an editor filled.
struct Exact {
    wrap: Wrap,
    /// The number of full lines.
    full: usize,
    /// The number of other long lines that end inside a sentence.
    unfilled: usize,
}

/// Returns the width and the measure by which most lines are full, if any do.
fn best_exact(lines: &[&str], breaks: &[Break<'_>]) -> Option<Exact> {
    // A long address or a row of a table exceeds any width.
    for percent in [100, 98] {
        let mut best: Option<Exact> = None;
        for measure in [Measure::Chars, Measure::Visible] {
            let Some(wrap) = fullest(lines, measure, percent) else { continue };
            let found = exact(wrap, lines, breaks);
            if found.as_ref().is_some_and(|it| best.as_ref().is_none_or(|best| it.full > best.full))
            {
                best = found;
            }
        }
        if best.is_some() {
            return best;
        }
    }
    None
}

/// Returns the wrapping at the width that a percentage of the lines do not exceed.
fn fullest(lines: &[&str], measure: Measure, percent: usize) -> Option<Wrap> {
    let mut widths: Vec<usize> =
        lines.iter().filter(|line| !line.is_empty()).map(|line| measure.width(line)).collect();
    let rank = widths.len().checked_sub(1 + widths.len() * (100 - percent) / 100)?;
    let width = *widths.select_nth_unstable(rank).1;
    WIDTHS.contains(&width).then_some(Wrap {
        width,
        min: width,
        measure,
        fit: Fit::Exact,
        has_open_ends: false,
    })
}

/// Counts of lines by whether they are full and whether a stop ends them.
#[derive(Default)]
struct Ends {
    full_open: usize,
    full_closed: usize,
    open: usize,
    closed: usize,
}

impl Ends {
    fn of(wrap: Wrap, lines: &[&str]) -> Self {
        let mut ends = Self::default();
        let pairs = lines.iter().zip(lines.iter().skip(1).chain([&""]));
        for (line, next) in pairs.filter(|(line, _)| !line.is_empty()) {
            let is_full = !next.is_empty() && !begins_item(next) && wrap.is_full(line, next);
            *match (is_full, Line::new(line).is_open()) {
                (true, true) => &mut ends.full_open,
                (true, false) => &mut ends.full_closed,
                (false, true) => &mut ends.open,
                (false, false) => &mut ends.closed,
            } += 1;
        }
        ends
    }

    /// Returns the share of the other lines that no stop ends.
    fn open_share(&self) -> f64 {
        (self.open as f64 + 1.0) / ((self.open + self.closed) as f64 + 2.0)
    }

    /// Returns the log-likelihood ratio of full lines that end inside sentences, against lines that
    /// end as the others do.
    fn contrast(&self) -> f64 {
        /// The share of the wrapped lines of prose that end inside a sentence.
        const INSIDE: f64 = 0.85;
        let share = self.open_share();
        let open = self.full_open as f64 * (INSIDE / share).ln();
        let closed = self.full_closed as f64 * ((1.0 - INSIDE) / (1.0 - share)).ln();
        if share < INSIDE { open + closed } else { 0.0 }
    }
}

/// Returns how an editor filled the lines, if there is enough evidence that one did.
fn exact(wrap: Wrap, lines: &[&str], breaks: &[Break<'_>]) -> Option<Exact> {
    let ends = Ends::of(wrap, lines);
    let has_stops =
        ends.closed + ends.full_closed > 0 || breaks.iter().any(|it| it.near_stop || it.has_comma);
    // The width was chosen to fit one of the lines.
    let (mut weight, mut weak) = (-1.0, 0.0_f64);
    let (mut full, mut less, mut inside, mut counted, mut unfilled) = (0, 0, 0, 0, 0);
    let (mut tails, mut short_tails, mut filled, mut broken, mut full_breaks) = (0, 0, 0, 0, 0);
    for it in breaks {
        let width = wrap.measure.width(it.line);
        let next_width = wrap.measure.width(it.next);
        let is_full = wrap.is_full(it.line, it.next);
        // No editor ends a line in the middle of a sentence if it has room for the next word.
        full_breaks += usize::from(is_full);
        if it.continues && !it.only_comma {
            *(if is_full { &mut filled } else { &mut broken }) += 1;
        }
        // Headings and last lines of paragraphs are no evidence of the width.
        if width * 2 < wrap.width {
            continue;
        }
        counted += 1;
        if is_full {
            full += 1;
            inside += usize::from(it.continues && !it.only_comma && has_stops || it.near_stop);
            let (strong, plain) = full_weight(it, has_stops);
            weight += strong;
            weak += plain;
            tails += usize::from(next_width + 8 < wrap.width);
            short_tails += usize::from(next_width * 2 < wrap.width);
        } else {
            let is_long = width * 100 >= wrap.width * RAGGED_PERCENT;
            unfilled += usize::from(is_long && it.is_open && !begins_with_capital(it.next));
            less += usize::from(width + 24 >= wrap.width && width + 8 < wrap.width);
            weight -= if it.ends_inside {
                2.0
            } else if it.continues {
                0.7
            } else {
                0.0
            };
        }
    }
    // Lines in lower case may be the style of a dialogue: their share counts, not their number.
    let others = breaks.len() - full_breaks;
    let is_frequent = broken > 2 || broken * 8 > others;
    if is_frequent && broken * 2 * (full_breaks + 1) > (2 * filled + 1) * (others + 1) / 2 {
        return None;
    }
    if full == 0 || ends.full_open * 2 < full || full < 2 && lines.len() > 3 {
        return None;
    }
    // In verse, most lines have similar lengths, and some happen to be full.
    let short =
        lines.iter().filter(|line| !line.is_empty() && wrap.measure.width(line) * 2 < wrap.width);
    if unfilled * 2 > full && short.count() * 8 < lines.len() {
        return None;
    }
    // Lines of verse have similar lengths, too, but no short ones after full ones.
    let is_prose = inside > 0 && inside * 7 >= full;
    let exceeds = |line: &&str| wrap.measure.width(line) > wrap.width;
    let has_tails = tails >= 2 && short_tails * 3 >= tails && !lines.iter().any(exceeds);
    // Nor is every line of verse within a word of the width.
    let is_filled = full >= 8 && less * 6 <= full && unfilled == 0;
    if is_prose || has_tails || is_filled {
        weight += weak + excess(full as f64, 1.0 + less as f64 / 4.0);
    } else {
        weight += weak.min(1.5);
    }
    let contrast = ends.contrast();
    weight += if is_prose || has_tails || is_filled || ends.closed > 2 {
        contrast
    } else {
        contrast.min(0.5)
    };
    let enough = weight >= MIN_EXACT && weight >= MIN_EXACT_SHARE * f64::from(counted);
    let has_open_ends = ends.open_share() > 0.4;
    enough.then_some(Exact { wrap: Wrap { has_open_ends, ..wrap }, full, unfilled })
}

/// Returns what a full line adds to the evidence: what hardly a verse has, and what verse may have.
fn full_weight(it: &Break<'_>, has_stops: bool) -> (f64, f64) {
    if !it.is_open {
        return (0.0, 0.2);
    }
    let (mut strong, mut weak) = (0.0, 0.0);
    // A list of phrases has no stops at all, and may be in lower case.
    if it.ends_inside || it.continues && !it.only_comma && has_stops {
        strong += 2.5;
    } else if begins_with_capital(it.next) {
        // Verse, more often than a name.
        weak -= 0.7;
    } else {
        weak += 0.7;
    }
    if it.near_stop {
        strong += 1.5;
    }
    if it.has_inner_comma {
        weak += 0.5;
    }
    if it.has_caesura {
        strong -= 2.0;
    }
    (strong, weak)
}

/// Returns the log-likelihood ratio of a count against an expected one that is smaller.
fn excess(count: f64, expected: f64) -> f64 {
    if count <= expected { 0.0 } else { count * (count / expected).ln() - (count - expected) }
}

/// Returns the wrapping of a text whose lines have similar lengths and break sentences.
fn ragged(lines: &[&str], breaks: &[Break<'_>], measure: Measure) -> Option<Wrap> {
    let wrap = fullest(lines, measure, 90)?;
    let wrap = Wrap { fit: Fit::Ragged, min: wrap.width * RAGGED_PERCENT / 100, ..wrap };
    let (mut full, mut open, mut inside, mut stops, mut capitals) = (0, 0, 0, 0, 0);
    let (mut short_inside, mut caesuras, mut closed, mut joining) = (0, 0, 0, 0);
    for it in breaks {
        if !is_long(wrap, it.line) {
            short_inside += usize::from(it.continues && !it.only_comma);
            continue;
        }
        full += 1;
        open += usize::from(it.is_open);
        inside += usize::from(it.continues && !it.only_comma);
        stops += usize::from(it.near_stop);
        caesuras += usize::from(it.has_caesura);
        capitals += usize::from(it.is_open && begins_with_capital(it.next));
        joining += usize::from(it.ends_inside);
        closed += usize::from(it.is_open && !Line::new(it.next).is_open());
    }
    let wrap = shortest(wrap, lines, breaks);
    let ends = Ends::of(wrap, lines);
    let is_contrasting = ends.contrast() >= MIN_CONTRAST;
    let is_prose = stops > 0 && stops * 12 >= full
        || closed > 0 && closed * 8 >= full && inside * 8 >= open
        || joining >= 4 && joining * 6 >= open
        || is_contrasting;
    let is_wrapped = full >= MIN_RAGGED
        && (open * 2 >= full || is_contrasting && open * 3 >= full)
        && (inside * 16 >= open || is_contrasting)
        && (inside + stops > 1 || closed > 0 && (inside > 0 || is_contrasting))
        && short_inside * 4 <= inside
        && capitals * 2 <= open
        && caesuras * 8 <= full;
    let has_open_ends = ends.open_share() > 0.4;
    (is_prose && is_wrapped).then_some(Wrap { has_open_ends, ..wrap })
}

/// Returns whether a line is so long that it may be full in ragged text.
fn is_long(wrap: Wrap, line: &str) -> bool {
    wrap.measure.width(line) * 100 >= wrap.width * RAGGED_PERCENT
}

/// Returns a ragged wrapping with the length that nearly all lines that are filled exceed, with the
/// word after them: lines whose sentences evidently continue, and other lines without a stop.
fn shortest(wrap: Wrap, lines: &[&str], breaks: &[Break<'_>]) -> Wrap {
    /// The share of the lines with evidence that may be shorter.
    const SHORTER: f64 = 0.05;
    /// Long headings for each short one, where all lengths are as frequent.
    const LONG_SHARE: f64 = 0.4;
    let long = breaks.iter().filter(|it| is_long(wrap, it.line));
    let (certain, open): (Vec<_>, Vec<_>) =
        long.filter(|it| it.is_open).partition(|it| it.continues && !it.only_comma);
    // Headings have no stops, either; there are as many long ones as their lengths suggest.
    let long_headings = Ends::of(wrap, lines).open as f64 * LONG_SHARE;
    let least = [(certain, 0.0), (open, long_headings)]
        .into_iter()
        .filter_map(|(breaks, others)| {
            let with_word: Vec<usize> =
                breaks.iter().map(|it| wrap.with_word(it.line, it.next)).collect();
            let rank = others + with_word.len() as f64 * SHORTER;
            low_quantile(with_word, rank as usize, wrap.width)
        })
        .min();
    Wrap { min: wrap.min.max(least.unwrap_or(0)), ..wrap }
}

/// Estimates the length that only the `rank` shortest lines do not exceed.
fn low_quantile(mut lengths: Vec<usize>, rank: usize, max: usize) -> Option<usize> {
    if rank >= lengths.len() {
        return None;
    }
    let least = *lengths.select_nth_unstable(rank).1;
    // The least of few values is above the minimum of those that they were drawn from.
    let above = max.saturating_sub(least) / (lengths.len() - rank);
    Some(least.saturating_sub(1 + above))
}
