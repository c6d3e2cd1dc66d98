//! Shortens texts for display.

/// Returns the first `max_chars` chars of a trimmed text, followed by `…` if it is longer.
///
/// The cut is moved back to a word boundary where there is one close to the limit.
pub(crate) fn excerpt(text: &str, max_chars: usize) -> String {
    let text = text.trim();
    match text.char_indices().nth(max_chars) {
        None => text.to_owned(),
        Some((end, _)) => {
            let cut = &text[..end];
            let near = cut.rfind(char::is_whitespace).filter(|at| end - at < 40 && end < 2 * at);
            format!("{}…", near.map_or(cut, |at| &cut[..at]).trim_end())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_between_chars() {
        assert_eq!(excerpt(" نعم ", 3), "نعم");
        assert_eq!(excerpt("نعم لا", 4), "نعم…");
    }

    #[test]
    fn a_cut_falls_between_words_when_one_ends_nearby() {
        assert_eq!(excerpt("the train arrived late", 12), "the train…");
    }
}
