//! Search in the segments. Tashkeel, tatweel, the hamza of an alef, case and the forms of digits make
//! no difference; nor do ى and ي, ة and ه.

use std::ops::Range;

use nasaq_text::{normalise, normalise_with_offsets};

/// The folded texts of the segments of both sides.
#[derive(Debug, Default)]
pub(super) struct FoldedTexts {
    sides: [Vec<Box<str>>; 2],
}

impl FoldedTexts {
    pub(super) fn new<'t>(sides: [impl Iterator<Item = &'t str>; 2]) -> Self {
        Self { sides: sides.map(|texts| texts.map(|text| fold(&normalise(text)).into()).collect()) }
    }

    /// Returns the segments that contain a query, as side and index.
    pub(super) fn find(&self, query: &str) -> Vec<(usize, usize)> {
        let query = fold(&normalise(query));
        let query = query.trim();
        if query.is_empty() {
            return Vec::new();
        }
        let finder = |side: usize| {
            let texts = self.sides[side].iter().enumerate();
            texts.filter(|(_, text)| text.contains(query)).map(move |(index, _)| (side, index))
        };
        finder(0).chain(finder(1)).collect()
    }
}

/// Returns where a text contains a query, in bytes.
pub(super) fn matches(text: &str, query: &str) -> Vec<Range<usize>> {
    let normal = normalise_with_offsets(text);
    let folded = fold(normal.text());
    let query = fold(&normalise(query));
    let query = query.trim();
    if query.is_empty() {
        return Vec::new();
    }
    // Folding replaces one character by one, so the place of a character stays.
    let places: Vec<usize> =
        normal.text().char_indices().map(|(at, _)| at).chain([normal.text().len()]).collect();
    let place = |byte: usize| places[folded[..byte].chars().count()];
    folded
        .match_indices(query)
        .map(|(at, found)| normal.range(place(at)..place(at + found.len())))
        .collect()
}

fn fold(normal: &str) -> String {
    normal.chars().map(fold_char).collect()
}

fn fold_char(c: char) -> char {
    match c {
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' => 'ي',
        'ة' => 'ه',
        'ؤ' => 'و',
        'ئ' => 'ي',
        c if c.is_whitespace() => ' ',
        c => c.to_lowercase().next().unwrap_or(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_hamza_case_and_digits_make_no_difference() {
        let text = "قالَ أَحْمَدُ في المدينةِ سنة ١٩٩٥";
        for (query, found) in [
            ("احمد", "أَحْمَدُ"),
            ("أحمد", "أَحْمَدُ"),
            ("المدينه", "المدينةِ"),
            ("1995", "١٩٩٥"),
            ("قال أحمد", "قالَ أَحْمَدُ"),
        ] {
            let ranges = matches(text, query);
            let texts: Vec<&str> = ranges.into_iter().map(|range| &text[range]).collect();
            assert_eq!(texts, [found], "{query}");
        }
        assert_eq!(matches("The THE then", "the").len(), 3);
        assert!(matches(text, "  ").is_empty() && matches(text, "زيد").is_empty());
    }

    #[test]
    fn segments_of_both_sides_are_found() {
        let sides = [["كتابٌ", "بيت"], ["a Book", "house"]];
        let texts = FoldedTexts::new(sides.each_ref().map(|side| side.iter().copied()));
        assert_eq!(texts.find("كتاب"), [(0, 0)]);
        assert_eq!(texts.find("BOOK "), [(1, 0)]);
        assert!(texts.find(" ").is_empty());
    }
}
