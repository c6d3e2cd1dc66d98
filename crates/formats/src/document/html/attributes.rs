//! Removes attributes that do not matter from tags with very many of them.
//!
//! The tokenizer compares each attribute of a tag with all others of the tag, to find duplicates. Of
//! a tag with more than [`MAX_ATTRIBUTES`], it is therefore passed only those that the reader knows,
//! each once, so that its time stays linear and the meaning of the tag stays the same.

use std::borrow::Cow;

use html5ever::tokenizer::Token;

/// The number of attributes of a tag up to which all are passed on.
pub(super) const MAX_ATTRIBUTES: usize = 64;
/// The attributes that the reader knows.
const KNOWN: [&str; 12] = [
    "aria-hidden",
    "class",
    "data-lang",
    "epub:type",
    "hidden",
    "href",
    "id",
    "lang",
    "open",
    "role",
    "style",
    "xml:lang",
];

/// The kinds of tokens that show where the tokenizer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Characters,
    Tag,
    /// A comment or a doctype.
    Comment,
}

impl TokenKind {
    /// Returns the kind; `None` for errors, which occur inside tags too.
    pub(super) fn of(token: &Token) -> Option<Self> {
        match token {
            Token::TagToken(_) => Some(Self::Tag),
            Token::CharacterTokens(_) | Token::NullCharacterToken => Some(Self::Characters),
            Token::CommentToken(_) | Token::DoctypeToken(_) => Some(Self::Comment),
            _ => None,
        }
    }
}

/// Where the source that was passed on ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Text,
    /// In a comment, a doctype or what is read as one.
    Comment,
    /// In a CDATA section, or what HTML reads as a comment.
    Cdata,
    TagName,
    BeforeName,
    Name,
    AfterName,
    BeforeValue,
    Unquoted,
    Quoted(u8),
}

/// Removes attributes from the pieces of a page, which end before `<` or after `>`.
pub(super) struct TagFilter {
    max_attributes: usize,
    place: Place,
    /// Whether the last piece began in text.
    began_in_text: bool,
    is_raw: bool,
    /// The number of attributes of the tag so far.
    count: usize,
    /// By index of [`KNOWN`], whether the tag has the attribute.
    seen: [bool; KNOWN.len()],
    is_removed: bool,
}

impl TagFilter {
    pub(super) fn new(max_attributes: usize) -> Self {
        Self {
            max_attributes,
            place: Place::Text,
            began_in_text: false,
            is_raw: false,
            count: 0,
            seen: [false; KNOWN.len()],
            is_removed: false,
        }
    }

    /// Corrects the place by the token that the last piece ended, if it ended one: the tokenizer is
    /// then neither in a tag nor in a comment.
    pub(super) fn synchronise(&mut self, token: Option<TokenKind>, is_raw: bool) {
        let was_raw = std::mem::replace(&mut self.is_raw, is_raw);
        match (self.place, token) {
            (_, None) | (Place::Cdata, Some(TokenKind::Characters)) => {}
            // The characters are those of a `<` before the piece; in raw text, a tag that is none.
            (_, Some(TokenKind::Characters)) if self.began_in_text && !was_raw => {}
            _ => {
                self.place = Place::Text;
                self.is_removed = false;
            }
        }
    }

    /// Returns the piece that is passed to the tokenizer.
    pub(super) fn filtered<'h>(&mut self, piece: &'h str) -> Cow<'h, str> {
        let begins = self.place == Place::Text;
        self.began_in_text = begins;
        if begins {
            self.place = self.entered(piece);
        }
        match self.place {
            Place::Text | Place::Comment => return Cow::Borrowed(piece),
            Place::Cdata => {
                if piece.ends_with("]]>") {
                    self.place = Place::Text;
                }
                return Cow::Borrowed(piece);
            }
            _ => {}
        }
        if begins {
            (self.count, self.seen) = (0, [false; KNOWN.len()]);
        }
        let is_end = begins && piece.starts_with("</");
        self.tag(piece, usize::from(begins) + usize::from(is_end))
    }

    /// Returns the place after the first characters of a piece that begins in text.
    fn entered(&self, piece: &str) -> Place {
        let Some(rest) = piece.strip_prefix('<') else { return Place::Text };
        let name = rest.strip_prefix('/').unwrap_or(rest);
        let is_tag = name.starts_with(|c: char| c.is_ascii_alphabetic());
        // A name that goes on with the next `<` is not that of the element.
        let has_whole_name = name.contains([' ', '\t', '\n', '\r', '\x0c', '/', '>']);
        match rest.as_bytes().first() {
            // In raw text only an end tag can follow.
            _ if self.is_raw && !(is_tag && has_whole_name && rest.starts_with('/')) => Place::Text,
            _ if is_tag => Place::TagName,
            Some(b'!') if rest.starts_with("![CDATA[") => Place::Cdata,
            // This one is ignored: the tokenizer returns nothing for it.
            Some(b'/') if name.starts_with('>') => Place::Text,
            Some(b'!' | b'?' | b'/') => Place::Comment,
            _ => Place::Text,
        }
    }

    /// Removes attributes from a part of a tag, after its first `skipped` bytes.
    fn tag<'h>(&mut self, piece: &'h str, skipped: usize) -> Cow<'h, str> {
        let mut out = String::new();
        // The part of the piece that is copied, and the name that is being read.
        let mut copied = 0;
        let mut name_start = 0;
        for (at, &byte) in piece.as_bytes().iter().enumerate().skip(skipped) {
            let before = self.place;
            self.place = self.after(byte);
            if self.place == Place::Name && before != Place::Name {
                name_start = at;
                self.count += 1;
            }
            let ends_name = before == Place::Name && self.place != Place::Name;
            if ends_name && !self.is_removed {
                self.is_removed = self.is_surplus(&piece[name_start..at]);
                if self.is_removed {
                    out.push_str(&piece[copied..name_start]);
                }
            }
            let is_value = matches!(
                self.place,
                Place::AfterName | Place::BeforeValue | Place::Unquoted | Place::Quoted(_)
            );
            let continues = is_value || before == Place::Name && self.place == Place::Name;
            if self.is_removed && !continues {
                // A space, so that what is before and after does not become one.
                out.push(' ');
                copied = if matches!(before, Place::Quoted(_)) { at + 1 } else { at };
                self.is_removed = false;
            }
        }
        if self.place == Place::Name && !self.is_removed && self.count > self.max_attributes {
            // The piece ends before `<`, which makes the name one that is not known.
            out.push_str(&piece[copied..name_start]);
            self.is_removed = true;
        }
        if self.is_removed {
            return Cow::Owned(out);
        }
        if copied == 0 {
            return Cow::Borrowed(piece);
        }
        out.push_str(&piece[copied..]);
        Cow::Owned(out)
    }

    /// Returns the place after a byte of a tag.
    fn after(&self, byte: u8) -> Place {
        let is_space = matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c');
        match (self.place, byte) {
            (Place::Quoted(quote), _) if byte == quote => Place::BeforeName,
            (Place::Quoted(quote), _) => Place::Quoted(quote),
            (_, b'>') => Place::Text,
            (Place::Unquoted, _) if !is_space => Place::Unquoted,
            (Place::TagName, _) if !is_space && byte != b'/' => Place::TagName,
            (Place::BeforeValue, b'"' | b'\'') => Place::Quoted(byte),
            (Place::BeforeValue, _) if is_space => Place::BeforeValue,
            (Place::BeforeValue, _) => Place::Unquoted,
            (Place::Name | Place::AfterName, b'=') => Place::BeforeValue,
            (Place::Name | Place::AfterName, _) if is_space => Place::AfterName,
            (_, b'/') => Place::BeforeName,
            (Place::TagName | Place::BeforeName | Place::Unquoted, _) if is_space => {
                Place::BeforeName
            }
            _ => Place::Name,
        }
    }

    /// Returns whether an attribute is removed.
    fn is_surplus(&mut self, name: &str) -> bool {
        let known = KNOWN.iter().position(|known| known.eq_ignore_ascii_case(name));
        let is_new = known.is_some_and(|known| !std::mem::replace(&mut self.seen[known], true));
        self.count > self.max_attributes && !is_new
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{HtmlOptions, page_blocks};
    use super::*;

    /// Returns kinds, texts and places of the blocks of a page.
    fn read(html: &str, xhtml: bool, max_attributes: usize) -> Vec<String> {
        let blocks =
            page_blocks(html, HtmlOptions { xhtml, ..HtmlOptions::default() }, max_attributes);
        let shown =
            |it: &super::super::HtmlBlock| format!("{} {:?} {}", it.kind, it.bytes, it.text);
        blocks.iter().map(shown).collect()
    }

    #[test]
    fn attributes_that_are_known_stay() {
        let mut filter = TagFilter::new(1);
        for (piece, expected) in [
            ("<p a=1 b='2' HIDDEN c id=x>", "<p a=1   HIDDEN  id=x>"),
            ("text b=1>", "text b=1>"),
            ("<br a/b/>", "<br a/ />"),
            ("<p class=a class=b hidden>", "<p class=a   hidden>"),
            ("<p a x\"y=1 role=main>", "<p a   role=main>"),
        ] {
            assert_eq!(filter.filtered(piece), expected);
            filter.synchronise(Some(TokenKind::Tag), false);
        }
        assert_eq!(filter.filtered("<p a b='"), "<p a ");
        assert_eq!(filter.filtered("<c d' hidden>"), "  hidden>");
    }

    #[test]
    fn marks_after_a_lone_bracket_or_in_raw_text_are_no_tags() {
        for html in ["<<!--<textarea<p/-->=", "<textarea/--></xmp</textarea>>"] {
            let whole = read(html, false, usize::MAX);
            assert_eq!((whole.len(), read(html, false, 0)), (1, whole), "{html}");
        }
    }

    proptest! {
        #[test]
        fn pages_mean_the_same_without_the_attributes(
            parts in prop::collection::vec(
                prop::sample::select(vec![
                    "<p", "<div", "<b", "</p", "</", "<script", "</script", "<!--", "-->", "<![CDATA[",
                    "]]>", "<!x", "<?x", "<textarea", "</textarea", "<svg", ">", "/>", " ", "=", "'",
                    "\"", "/", " hidden", " a", " b=c", " class='x'", " style=\"display:none\"",
                    "<", "text", "نص", "&lt;", "\n", " id", " HIDDEN=''", "<xmp", "</xmp",
                ]),
                0..40,
            ),
            xhtml: bool,
        ) {
            let html = parts.concat();
            // Raw text that is shown may have a tag that is none.
            prop_assume!(!html.contains("<xmp") || !html.contains("</"));
            prop_assert_eq!(read(&html, xhtml, 0), read(&html, xhtml, usize::MAX), "{}", html);
        }
    }
}
