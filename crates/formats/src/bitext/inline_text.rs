//! Text with inline codes, which are removed.

/// What a removed code leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CodeTrace {
    /// A space between two words.
    Space,
    /// A line break.
    LineBreak,
}

impl CodeTrace {
    /// Returns the trace of a code by the values of its attributes for its type and for the text
    /// that it stands for; `None` if it only formats the text and may be inside a word.
    pub(super) fn of_code(
        types: &[Option<String>],
        equivalents: &[Option<String>],
    ) -> Option<Self> {
        let is = |values: &[Option<String>], known: &[&str]| {
            let values = values.iter().flatten().map(|value| value.trim().to_lowercase());
            values.into_iter().any(|value| known.contains(&&*value))
        };
        let breaks = ["lb", "x-lb", "xlf:lb", "br", "x-br", "linebreak", "x-linebreak", "newline"];
        if is(types, &breaks) || equivalents.iter().flatten().any(|text| is_line_break(text)) {
            return Some(Self::LineBreak);
        }
        let formats = [
            "bold",
            "italic",
            "underlined",
            "underline",
            "ulined",
            "b",
            "i",
            "u",
            "font",
            "color",
            "fmt",
            "formatting",
            "xlf:b",
            "xlf:i",
            "xlf:u",
            "x-bold",
            "x-italic",
            "x-underline",
            "superscript",
            "subscript",
            "sup",
            "sub",
            "scap",
            "dulined",
            "struct-format",
        ];
        (!is(types, &formats)).then_some(Self::Space)
    }
}

/// Reports whether the content of a code is a line break: `<br/>` or a line feed, also escaped.
pub(super) fn is_line_break(code: &str) -> bool {
    if code == "\n" || code == "\r\n" {
        return true;
    }
    let code = code.trim().to_lowercase();
    let inner = code.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    let name = inner.map(|inner| inner.trim_end_matches('/').trim());
    name.is_some_and(|name| {
        name == "br" || name.starts_with("br ") || name == "w:br" || name == "text:line-break"
    }) || code == "\\n"
}

/// A text from which inline codes are removed.
#[derive(Clone, Debug, Default)]
pub(super) struct InlineText {
    text: String,
    trace: Option<CodeTrace>,
}

impl InlineText {
    /// Adds text, after what the codes before it leave behind.
    pub(super) fn push(&mut self, text: &str) {
        let Some(next) = text.chars().next() else { return };
        let mut text = text;
        if let (Some(trace), Some(last)) = (self.trace.take(), self.text.chars().next_back()) {
            match trace {
                CodeTrace::Space if is_in_word(last) && is_in_word(next) => self.text.push(' '),
                // The code was a word between these spaces, or nothing.
                CodeTrace::Space if last == ' ' && next == ' ' => text = &text[1..],
                CodeTrace::LineBreak if !last.is_whitespace() && !next.is_whitespace() => {
                    self.text.push('\n');
                }
                _ => {}
            }
        }
        self.text.push_str(text);
    }

    /// Adds a code. A line break has precedence over other codes next to it.
    pub(super) fn code(&mut self, trace: Option<CodeTrace>) {
        if self.trace != Some(CodeTrace::LineBreak) {
            self.trace = trace.or(self.trace);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Returns the text.
    pub(super) fn finish(self) -> String {
        self.text
    }
}

/// Reports whether a character belongs to a word: a letter, a digit, or an Arabic vowel sign.
fn is_in_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(before: &str, trace: Option<CodeTrace>, after: &str) -> String {
        let mut text = InlineText::default();
        text.push(before);
        text.code(trace);
        text.push(after);
        text.finish()
    }

    #[test]
    fn a_code_separates_words_but_adds_no_space_elsewhere() {
        let space = Some(CodeTrace::Space);
        for (before, after, text) in [
            ("now", "please", "now please"),
            ("الآنَ", "رجاءً", "الآنَ رجاءً"),
            ("5", "kg", "5 kg"),
            ("now ", "please", "now please"),
            ("(", "now", "(now"),
            ("now", ".", "now."),
            ("now ", " please", "now please"),
            ("now\n", " please", "now\n please"),
            ("", "now", "now"),
        ] {
            assert_eq!(joined(before, space, after), text);
        }
        assert_eq!(joined("un", None, "able"), "unable");
        assert_eq!(joined("One.", Some(CodeTrace::LineBreak), "Two"), "One.\nTwo");
        assert_eq!(joined("One. ", Some(CodeTrace::LineBreak), "Two"), "One. Two");
    }

    #[test]
    fn line_breaks_and_formats_are_told_by_type_and_content() {
        let of = |kind: &str| CodeTrace::of_code(&[Some(kind.to_owned())], &[]);
        assert_eq!(of("lb"), Some(CodeTrace::LineBreak));
        assert_eq!((of("bold"), of("fmt")), (None, None));
        assert_eq!(of("image"), Some(CodeTrace::Space));
        assert_eq!(CodeTrace::of_code(&[None], &[None]), Some(CodeTrace::Space));
        for code in ["<br>", "<br/>", "<BR />", "<br class=\"a\"/>", "\n", "\\n"] {
            assert!(is_line_break(code), "{code}");
        }
        assert!(!is_line_break("<b>") && !is_line_break("") && !is_line_break("<brand>"));
    }
}
