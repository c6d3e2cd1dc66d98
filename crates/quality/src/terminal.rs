//! Compares the final marks of both sides.
//!
//! Both sentences of a 1-1 pair should end with the same kind of mark. If a side has several
//! sentences, their order may differ, so the marks cannot contradict each other. ؟ is a question
//! mark, ۔ and 。 are full stops, and brackets and quotation marks after the mark are ignored.

use nasaq::BeadKind;

/// The kind of the final mark of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FinalMark {
    Statement,
    Question,
    Exclamation,
    /// A colon, semicolon, comma or dash: the sentence continues.
    Continued,
    None,
}

fn final_mark(text: &str) -> FinalMark {
    let closers = |c: char| {
        c.is_whitespace()
            || matches!(c, '"' | '\'' | '”' | '’' | '»' | ')' | ']' | '}' | '“' | '«' | '*')
            || nasaq_text::is_ignorable(c)
    };
    match text.trim_end_matches(closers).chars().next_back() {
        Some('.' | '…' | '۔' | '。') => FinalMark::Statement,
        Some('?' | '؟' | '？') => FinalMark::Question,
        Some('!' | '！') => FinalMark::Exclamation,
        Some(':' | ';' | '؛' | ',' | '،' | '-' | '–' | '—') => FinalMark::Continued,
        _ => FinalMark::None,
    }
}

/// Returns the agreement of the final marks, from 0 to 1: 1 if they are of the same kind or a side
/// has several sentences, 0 for a question and a statement, 0.25 for a question and no mark, and
/// 0.5 otherwise.
pub(super) fn terminal(arabic: &str, english: &str, kind: Option<BeadKind>) -> f32 {
    let single = kind.is_none_or(|kind| kind.src == 1 && kind.tgt == 1);
    let (a, b) = (final_mark(arabic), final_mark(english));
    match (a, b) {
        _ if a == b => 1.0,
        // With several sentences on a side, their order may have changed.
        (FinalMark::Question, FinalMark::Statement)
        | (FinalMark::Statement, FinalMark::Question)
            if single =>
        {
            0.0
        }
        (FinalMark::Question, FinalMark::None) | (FinalMark::None, FinalMark::Question)
            if single =>
        {
            0.25
        }
        _ if !single => 1.0,
        _ => 0.5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arabic_and_english_marks_agree() {
        assert_eq!(terminal("من هناك؟", "Who is there?", None), 1.0);
        assert_eq!(terminal("قال: «نعم.»", "He said: \"Yes.\"", None), 1.0);
        assert_eq!(terminal("من هناك؟", "He is there.", None), 0.0);
        assert_eq!(terminal("عنوان", "A title.", None), 0.5);
        let many = Some(BeadKind { src: 1, tgt: 3 });
        assert_eq!(terminal("أهناك أحد؟ لا.", "Nobody? Who?", many), 1.0);
    }
}
