//! Markdown ([CommonMark](https://spec.commonmark.org/) with tables, footnotes, task lists and
//! strikethrough): paragraphs, headings, list items, table cells; footnotes last.
//!
//! Omitted: front matter, code blocks, HTML, pictures with their texts, addresses of links, and
//! emphasis; and markup that other programs add: attributes (`{:.x}`), directives (`--- task ---`,
//! `:::note`), includes (`[[x]]` alone on a line), tags (`{% x %}`) and display mathematics
//! (`$$x$$`). A soft line break is a space, a hard one a line end.

mod markup;

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use self::markup::{without_inline_markup, without_markup_lines};
use super::block::{BlockKind, Blocks, push_collapsed, push_line_end};

/// Reads the blocks of a text.
pub(crate) fn read(markdown: &str, out: &mut Blocks) {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS;
    let markdown = without_markup_lines(markdown);
    let mut reader = MarkdownReader::default();
    for (event, bytes) in Parser::new_ext(&markdown, options).into_offset_iter() {
        reader.event(event, bytes);
    }
    reader.flush();
    let (notes, body): (Vec<MarkdownBlock>, Vec<MarkdownBlock>) =
        reader.blocks.into_iter().partition(|block| block.kind == BlockKind::Footnote);
    for (index, block) in (0..).zip(body.into_iter().chain(notes)) {
        out.push(block.kind, &block.text, None, index, Some(block.bytes));
    }
}

/// A block with its range of the source.
struct MarkdownBlock {
    kind: BlockKind,
    text: String,
    bytes: Range<usize>,
}

#[derive(Default)]
struct MarkdownReader {
    blocks: Vec<MarkdownBlock>,
    text: String,
    bytes: Option<Range<usize>>,
    /// Where code is in the text.
    code: Vec<Range<usize>>,
    /// The kinds of the open blocks.
    kinds: Vec<BlockKind>,
    /// The number of open elements whose text is omitted.
    skipped: usize,
}

impl MarkdownReader {
    fn event(&mut self, event: Event<'_>, bytes: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text, bytes),
            Event::Code(text) => {
                let start = self.text.len();
                self.text(&text, bytes);
                self.code.push(start..self.text.len());
            }
            Event::SoftBreak => self.text(" ", bytes),
            Event::HardBreak => push_line_end(&mut self.text),
            Event::InlineHtml(tag) if tag.to_ascii_lowercase().starts_with("<br") => {
                push_line_end(&mut self.text);
            }
            Event::Rule => self.flush(),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::MetadataBlock(_) => {
                self.flush();
                self.skipped += 1;
            }
            Tag::Image { .. } => self.skipped += 1,
            _ => {
                if let Some(kind) = kind_of(tag) {
                    self.flush();
                    self.kinds.push(kind);
                } else if matches!(tag, Tag::Paragraph | Tag::BlockQuote(_) | Tag::List(_)) {
                    self.flush();
                }
            }
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::MetadataBlock(_) | TagEnd::Image => {
                self.skipped = self.skipped.saturating_sub(1);
            }
            TagEnd::Heading(_) | TagEnd::Item | TagEnd::TableCell | TagEnd::FootnoteDefinition => {
                self.flush();
                self.kinds.pop();
            }
            TagEnd::Paragraph | TagEnd::BlockQuote(_) | TagEnd::List(_) => self.flush(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str, bytes: Range<usize>) {
        if self.skipped > 0 {
            return;
        }
        push_collapsed(&mut self.text, text);
        if !text.trim().is_empty() {
            let whole = self.bytes.get_or_insert(bytes.clone());
            whole.start = whole.start.min(bytes.start);
            whole.end = whole.end.max(bytes.end);
        }
    }

    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        let text = without_inline_markup(&text, &std::mem::take(&mut self.code));
        if let Some(bytes) = self.bytes.take() {
            // Every block in a footnote is a footnote.
            let note = self.kinds.contains(&BlockKind::Footnote);
            let innermost = self.kinds.last().copied().unwrap_or(BlockKind::Paragraph);
            let kind = if note { BlockKind::Footnote } else { innermost };
            self.blocks.push(MarkdownBlock { kind, text, bytes });
        }
    }
}

fn kind_of(tag: &Tag<'_>) -> Option<BlockKind> {
    Some(match tag {
        Tag::Heading { level, .. } => BlockKind::Heading(match level {
            HeadingLevel::H1 => 1,
            HeadingLevel::H2 => 2,
            HeadingLevel::H3 => 3,
            HeadingLevel::H4 => 4,
            HeadingLevel::H5 => 5,
            HeadingLevel::H6 => 6,
        }),
        Tag::Item => BlockKind::ListItem,
        Tag::TableCell => BlockKind::TableCell,
        Tag::FootnoteDefinition(_) => BlockKind::Footnote,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(markdown: &str) -> Vec<String> {
        let mut out = Blocks::default();
        read(markdown, &mut out);
        out.blocks.iter().map(|it| format!("{} {}", it.kind, &out.text[it.text.clone()])).collect()
    }

    #[test]
    fn text_is_read_and_code_is_not() {
        let markdown = "---\ntitle: no\n---\n# العنوان {#id}\n\nOne *two*\n`three` [four](http://x)[^1] \
            ![no](x.png)  \nfive <b>six</b>.\n\n```rust\nno\n```\n\n    no\n\n- a\n- b\n  - c\n\n    d\n\n\
            | A | B |\n|---|---|\n| 1 | 2 |\n\n[^1]: note\n\n> quote\n\n<div>no</div>\n\nlast\n";
        assert_eq!(
            listed(markdown),
            [
                "h1 العنوان",
                "paragraph One two three four\nfive six.",
                "item a",
                "item b",
                "item c",
                "item d",
                "cell A",
                "cell B",
                "cell 1",
                "cell 2",
                "paragraph quote",
                "paragraph last",
                "footnote note",
            ]
        );
    }

    #[test]
    fn blocks_know_their_bytes() {
        let markdown = "## One *two*\n\n- نص\n";
        let mut out = Blocks::default();
        read(markdown, &mut out);
        assert_eq!(&markdown[out.blocks[0].bytes.clone().unwrap()], "One *two");
        assert_eq!(&markdown[out.blocks[1].bytes.clone().unwrap()], "نص");
    }

    #[test]
    fn markup_of_other_programs_is_no_text() {
        let markdown = "---\ntitle: no\n\nlang: ar\n---\n# One {#id}\n{:.wide}\n\n--- task ---\n\
            Two{:class=\"no\"} three.\n{: .no}\n\n--- /task ---\n\n:::note\nFour\n:::\n\n[[[no]]]\n\n\
            $$\nno = 1\n$$\n\nThe sum $$no$$ is [[no|five]].\n\n- six\n{:.no}\n- `{:seven}`\n";
        assert_eq!(
            listed(markdown),
            [
                "h1 One",
                "paragraph Two three.",
                "paragraph Four",
                "paragraph The sum is five.",
                "item six",
                "item {:seven}",
            ]
        );
    }

    #[test]
    fn hostile_texts_are_read_without_harm() {
        for mark in [
            ">",
            "- ",
            "*",
            "[",
            "![",
            "`",
            "|",
            "<",
            "\\",
            "[[",
            "{:",
            "{%",
            "$$",
            "$$ ",
            "$$\n",
            ":::\n",
            "{::comment}\n",
            "---\n",
        ] {
            listed(&mark.repeat(20_000));
        }
    }
}
