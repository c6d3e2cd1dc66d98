//! Segments with the same text on both sides: names of languages, code, what was not translated.

use std::borrow::Cow;
use std::collections::HashMap;

use super::sides::Sides;

/// Returns, for each segment, what it shares with the one segment of the other side that has the
/// same normalised text: an id. `None` without such a segment, if a side has the text more than
/// once, and without a letter, since numbers are the same by chance. Both are empty if no segment
/// has an id.
pub(super) fn identical_segments(texts: Sides<&[Cow<'_, str>]>) -> Sides<Vec<Option<u32>>> {
    let [src, tgt] = texts.map(once).into_array();
    let mut ids = texts.map(|side| vec![None; side.len()]);
    let mut has_any = false;
    for (id, text) in (0..).zip(texts.src) {
        if let (Some(&Some(i)), Some(&Some(j))) = (src.get(&**text), tgt.get(&**text)) {
            ids.src[i] = Some(id);
            ids.tgt[j] = Some(id);
            has_any = true;
        }
    }
    if has_any { ids } else { Sides::default() }
}

/// Returns the indices of the texts with a letter that a side has once; `None` for those that it
/// has several times.
fn once<'t>(texts: &'t [Cow<'_, str>]) -> HashMap<&'t str, Option<usize>> {
    let mut index_of: HashMap<&str, Option<usize>> = HashMap::new();
    for (index, text) in texts.iter().enumerate() {
        if text.contains(char::is_alphabetic) {
            index_of.entry(text).and_modify(|index| *index = None).or_insert(Some(index));
        }
    }
    index_of
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(src: &[&'static str], tgt: &[&'static str]) -> [Vec<Option<u32>>; 2] {
        let texts = [src, tgt].map(|side| -> Vec<Cow<'_, str>> {
            side.iter().map(|&text| Cow::Borrowed(text)).collect()
        });
        identical_segments(Sides::new(&texts[0], &texts[1])).into_array()
    }

    #[test]
    fn a_text_that_each_side_has_once_is_identical() {
        assert_eq!(
            ids(&["كتاب", "deutsch", "2"], &["2", "deutsch", "a book"]),
            [vec![None, Some(1), None], vec![None, Some(1), None]]
        );
    }

    #[test]
    fn repeated_texts_and_numbers_are_not_identical() {
        let none = [Vec::new(), Vec::new()];
        assert_eq!(ids(&["ok", "ok", "12:30"], &["ok", "12:30"]), none);
        assert_eq!(ids(&["ok"], &["ok", "ok"]), none);
        assert_eq!(ids(&[], &["ok"]), none);
    }
}
