//! Markup that is not CommonMark and that common programs add to it: front matter, directives,
//! attributes, includes and display mathematics.

use std::borrow::Cow;
use std::ops::Range;

/// Returns a text in which the lines that are markup alone are blank; bytes keep their offsets.
pub(super) fn without_markup_lines(markdown: &str) -> Cow<'_, str> {
    let mut masked: Vec<Range<usize>> = Vec::new();
    let body = front_matter(markdown).unwrap_or(0);
    if body > 0 {
        masked.push(0..body);
    }
    let mut scanner = Scanner::default();
    let mut at = body;
    for line in markdown[body..].split_inclusive('\n') {
        if scanner.is_markup(line, &markdown[at + line.len()..]) {
            masked.push(at..at + line.len());
        }
        at += line.len();
    }
    if masked.is_empty() {
        return Cow::Borrowed(markdown);
    }
    let mut out = String::with_capacity(markdown.len());
    let mut end = 0;
    for range in masked {
        out.push_str(&markdown[end..range.start]);
        // A space for each byte: offsets count bytes.
        out.extend(markdown[range.clone()].bytes().map(|b| if b == b'\n' { '\n' } else { ' ' }));
        end = range.end;
    }
    out.push_str(&markdown[end..]);
    Cow::Owned(out)
}

/// Returns the end of the front matter that a text begins with, after its last line.
fn front_matter(markdown: &str) -> Option<usize> {
    let text = markdown.trim_start_matches(['\u{FEFF}', '\n', '\r', ' ']);
    let start = markdown.len() - text.len();
    let mut lines = text.split_inclusive('\n');
    let first = lines.next()?;
    let fence = ["---", "+++", ";;;"].into_iter().find(|fence| first.trim_end() == *fence)?;
    let mut end = start + first.len();
    let mut has_key = false;
    for line in lines {
        end += line.len();
        let text = line.trim_end();
        if text == fence || fence == "---" && text == "..." {
            // Otherwise the first line is a rule.
            return has_key.then_some(end);
        }
        has_key |= text.contains(':') || text.contains('=');
    }
    None
}

/// Follows what is open at a line.
#[derive(Default)]
struct Scanner {
    /// The fence of the open code block.
    code: Option<String>,
    in_math: bool,
    in_comment: bool,
    /// Whether a comment has no end, so that no later one has.
    is_unclosed: bool,
}

impl Scanner {
    /// Returns whether a line is markup alone; `rest` is the text after it.
    fn is_markup(&mut self, line: &str, rest: &str) -> bool {
        let text = line.trim().trim_start_matches(['>', ' ']);
        if let Some(fence) = &self.code {
            if text.starts_with(fence.as_str()) && text.trim_start_matches(['`', '~']).is_empty() {
                self.code = None;
            }
            return false;
        }
        if self.in_math {
            self.in_math = !text.ends_with("$$");
            return true;
        }
        if self.in_comment {
            self.in_comment = !(text.starts_with("{:/") && text.ends_with('}'));
            return true;
        }
        let mark = text.chars().next().filter(|c| matches!(c, '`' | '~'));
        if let Some(mark) = mark {
            let len = text.len() - text.trim_start_matches(mark).len();
            if len >= 3 && !(mark == '`' && text[len..].contains('`')) {
                self.code = Some(text[..len].to_owned());
                return false;
            }
        }
        if text.starts_with("{::comment}") && !self.is_unclosed {
            self.is_unclosed = !rest.contains("{:/");
            if self.is_unclosed {
                return true;
            }
            self.in_comment = !text.ends_with("{:/comment}") && !text.ends_with("{:/}");
            return true;
        }
        if let Some(math) = text.strip_prefix("$$") {
            // A formula without its end is text.
            let ends = math.trim_end().ends_with("$$") && math.matches("$$").count() == 1;
            self.in_math = !math.contains("$$") && rest.contains("$$");
            return ends || self.in_math;
        }
        is_directive(text) || is_attribute_list(text) || is_include(text) || is_tag(text)
    }
}

/// `--- task ---`, `--- /task ---`, `:::note`, `::: {.warning}`, `:::`
fn is_directive(text: &str) -> bool {
    if let Some(inner) = text.strip_prefix("---").and_then(|text| text.strip_suffix("---")) {
        let name = inner.trim_start_matches('-').trim();
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | ' ');
        return inner.starts_with(' ') && !name.is_empty() && name.chars().all(is_name);
    }
    let name = text.trim_start_matches(':');
    if text.len() - name.len() < 3 {
        return false;
    }
    let name = name.trim();
    name.is_empty()
        || name.starts_with('{') && name.ends_with('}')
        || name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':'))
}

/// `{:class="x"}`, `{: #id}`, `{:/nomarkdown}`
fn is_attribute_list(text: &str) -> bool {
    text.starts_with("{:") && text.ends_with('}') && text.matches('{').count() == 1
}

/// `[[name]]`, `[[[name]]]`, `![[name]]`, alone on a line
fn is_include(text: &str) -> bool {
    let text = text.strip_prefix('!').unwrap_or(text);
    text.starts_with("[[") && text.ends_with("]]") && text.matches("]]").count() == 1
}

/// `{% include x %}`, alone on a line
fn is_tag(text: &str) -> bool {
    text.starts_with("{%") && text.ends_with("%}") && text.matches("%}").count() == 1
}

/// Returns a text of a block without the markup inside its lines, except in its code: attributes,
/// directives, formulas between `$$`, and the brackets and targets of wiki links.
pub(super) fn without_inline_markup(text: &str, code: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut code = code.iter().peekable();
    while let Some(c) = text[at..].chars().next() {
        while code.next_if(|range| range.end <= at).is_some() {}
        if let Some(range) = code.peek().filter(|range| range.start <= at) {
            out.push_str(&text[at..range.end]);
            at = range.end;
            continue;
        }
        let Some((label, end)) = inline_markup(&text[at..]) else {
            out.push(c);
            at += c.len_utf8();
            continue;
        };
        out.push_str(label);
        at += end;
        if (out.is_empty() || out.ends_with([' ', '\n'])) && text[at..].starts_with(' ') {
            at += 1;
        }
    }
    out
}

/// Returns what a reader sees of the markup that a text begins with, and the length of the markup.
fn inline_markup(text: &str) -> Option<(&str, usize)> {
    /// In chars. The bound keeps a text of opening marks from taking quadratic time.
    const MAX_LEN: usize = 1_000;
    let until = |open: &str, close: &str| {
        let inner = text.strip_prefix(open)?;
        let near = inner.char_indices().nth(MAX_LEN).map_or(inner, |(end, _)| &inner[..end]);
        let line = near.split('\n').next().unwrap_or_default();
        let end = line.find(close)?;
        Some((&line[..end], open.len() + end + close.len()))
    };
    let hidden = |found: Option<(&str, usize)>| found.map(|(_, end)| ("", end));
    match text.as_bytes() {
        [b'{', b':', ..] => hidden(until("{:", "}")),
        [b'{', b'%', ..] => hidden(until("{%", "%}")),
        [b'$', b'$', ..] => hidden(until("$$", "$$").filter(|(inner, _)| !inner.is_empty())),
        [b'!', b'[', b'[', ..] => hidden(until("![[", "]]")),
        [b'[', b'[', b'[', ..] => hidden(until("[[[", "]]]")),
        [b'[', b'[', ..] => {
            let (inner, end) = until("[[", "]]")?;
            Some((inner.rsplit('|').next().unwrap_or(inner), end))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_markup_are_blank() {
        for line in [
            "--- task ---",
            "--- /task ---",
            "  --- hints ---  ",
            ":::note",
            "::: {.warning}",
            ":::",
            "{:class=\"x\"}",
            "{: #id .wide}",
            "[[[include-me]]]",
            "[[toc]]",
            "![[picture.png]]",
            "{% include note.html %}",
            "$$x + y$$",
        ] {
            let text = format!("قبل\n{line}\nبعد\n");
            let found = without_markup_lines(&text);
            assert_eq!(found.len(), text.len(), "{line}");
            let lines: Vec<&str> = found.lines().map(str::trim).collect();
            assert_eq!(lines, ["قبل", "", "بعد"]);
        }
    }

    #[test]
    fn text_and_code_are_not_markup() {
        for text in [
            "--- نعم ---\n",
            "a --- b\n",
            "::: \u{645}لاحظة\n",
            "$$ is the price\n",
            "```\n--- task ---\n$$x$$\n{:a}\n```\n",
            "---\n\nNo front matter.\n\n---\n",
        ] {
            assert_eq!(without_markup_lines(text), text);
        }
    }

    #[test]
    fn front_matter_is_blank() {
        for text in [
            "---\ntitle: A\n\ntags: [b]\n---\nText\n",
            "\u{FEFF}---\r\ntitle: A\r\n---\r\nText\n",
            "+++\ntitle = 'A'\n+++\nText\n",
            "\n---\ntitle: A\n...\nText\n",
        ] {
            assert_eq!(without_markup_lines(text).trim(), "Text");
        }
    }

    #[test]
    fn inline_markup_leaves_what_a_reader_sees() {
        for (text, expected) in [
            ("One two{:.wide} three.", "One two three."),
            ("{:.wide} three.", "three."),
            ("The sum $$x_1 + y$$ is small.", "The sum is small."),
            ("See [[Page]] and [[Page|the page]].", "See Page and the page."),
            ("It costs $$ 5.", "It costs $$ 5."),
            ("An open [[ bracket", "An open [[ bracket"),
        ] {
            assert_eq!(without_inline_markup(text, &[]), expected);
        }
        assert_eq!(without_inline_markup("a {:b} c", std::slice::from_ref(&(2..6))), "a {:b} c");
    }

    #[test]
    fn formulas_of_several_lines_are_blank() {
        let text = "قبل\n$$\n- a\n\n= b\n$$\nبعد\n";
        let found = without_markup_lines(text);
        assert_eq!(found.split_whitespace().collect::<Vec<_>>(), ["قبل", "بعد"]);
    }
}
