//! Which segments look like boilerplate: menus, credits and other text of the page.

use nasaq_text::has_content;

use crate::align::tuning::NullTuning;

/// Reports for each segment of a side whether it looks like boilerplate.
///
/// Such a segment is short and lacks a final stop where most segments of the side have one, or it
/// has no letter or digit.
pub(crate) fn looks_like_boilerplate(
    tuning: &NullTuning,
    segments: &[impl AsRef<str>],
) -> Vec<bool> {
    let segments = || segments.iter().map(AsRef::as_ref);
    let is_open: Vec<bool> = segments().map(|text| !ends_with_stop(text)).collect();
    let open_share =
        is_open.iter().filter(|&&open| open).count() as f32 / is_open.len().max(1) as f32;
    let has_stops = open_share < tuning.boilerplate_open_share;
    let is_short = |text: &str| text.chars().nth(tuning.boilerplate_chars).is_none();
    let all = segments().zip(is_open);
    all.map(|(text, open)| !has_content(text) || has_stops && open && is_short(text)).collect()
}

fn ends_with_stop(text: &str) -> bool {
    text.trim_end().ends_with([
        '.', '!', '?', '؟', '…', '؛', ':', ';', '،', ',', '"', '”', '“', '»', '’', '\'', ')', ']',
        '۔',
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(segments: &[&str]) -> Vec<bool> {
        looks_like_boilerplate(&NullTuning::default(), segments)
    }

    #[test]
    fn a_short_line_without_a_stop_is_boilerplate_among_sentences() {
        let long = "word ".repeat(12);
        let (just_short, too_long) = (long.trim_end(), format!("{}ds", long.trim_end()));
        assert_eq!((just_short.chars().count(), too_long.chars().count()), (59, 61));
        let exact = format!("{just_short}s");
        let sentences = ["A sentence.", "Another?", "وثالثة؟", "\"The fourth\" ", "The fifth!"];
        for (line, is_boilerplate) in
            [(just_short, true), (&exact, true), (&too_long, false), ("Menu", true)]
        {
            let mut all = sentences.to_vec();
            all.push(line);
            assert_eq!(found(&all), [false, false, false, false, false, is_boilerplate], "{line}");
        }
    }

    #[test]
    fn a_missing_stop_means_nothing_where_a_quarter_of_the_lines_lack_it() {
        assert_eq!(found(&["One.", "Two.", "Three.", "Four"]), [false; 4]);
        assert_eq!(found(&["1.", "2.", "3.", "4.", "5"]), [false, false, false, false, true]);
    }

    #[test]
    fn a_line_without_letter_or_digit_is_always_boilerplate() {
        assert_eq!(found(&["Menu", "* * *", "Home", "------"]), [false, true, false, true]);
    }
}
