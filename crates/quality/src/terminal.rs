//! The final marks of both sides.
//!
//! A pair of one sentence each should end alike. Where a side has several sentences the last one
//! need not be the one that asks, so only a mark against none counts there. ؟ is a question mark,
//! ۔ and 。 are full stops, and a bracket or quote after the mark is looked through.

use nasaq::BeadKind;

/// How a text ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Statement,
    Question,
    Exclamation,
    /// A colon or semicolon: the sentence goes on in the next one.
    GoesOn,
    None,
}

fn end(text: &str) -> End {
    let closers = |c: char| {
        c.is_whitespace()
            || matches!(c, '"' | '\'' | '”' | '’' | '»' | ')' | ']' | '}' | '“' | '«' | '*')
            || nasaq_text::is_ignorable(c)
    };
    match text.trim_end_matches(closers).chars().next_back() {
        Some('.' | '…' | '۔' | '。') => End::Statement,
        Some('?' | '؟' | '？') => End::Question,
        Some('!' | '！') => End::Exclamation,
        Some(':' | ';' | '؛' | ',' | '،' | '-' | '–' | '—') => End::GoesOn,
        _ => End::None,
    }
}

/// Gives how far the final marks agree: 1 they do, 0.5 one side has none or a milder one, 0 one
/// asks and the other states.
pub(super) fn terminal(arabic: &str, english: &str, kind: Option<BeadKind>) -> f32 {
    let single = kind.is_none_or(|kind| kind.src == 1 && kind.tgt == 1);
    let (a, b) = (end(arabic), end(english));
    match (a, b) {
        _ if a == b => 1.0,
        // Who asks and who states; in a bead of more sentences the order may have changed.
        (End::Question, End::Statement) | (End::Statement, End::Question) if single => 0.0,
        (End::Question, End::None) | (End::None, End::Question) if single => 0.25,
        _ if !single => 1.0,
        _ => 0.5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arabic_marks_are_marks() {
        assert_eq!(terminal("من هناك؟", "Who is there?", None), 1.0);
        assert_eq!(terminal("قال: «نعم.»", "He said: \"Yes.\"", None), 1.0);
        assert_eq!(terminal("من هناك؟", "He is there.", None), 0.0);
        assert_eq!(terminal("عنوان", "A title.", None), 0.5);
        let many = Some(BeadKind { src: 1, tgt: 3 });
        assert_eq!(terminal("أهناك أحد؟ لا.", "Nobody? Who?", many), 1.0);
    }
}
