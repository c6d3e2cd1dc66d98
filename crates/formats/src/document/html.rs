//! HTML ([Living Standard](https://html.spec.whatwg.org/)) and XHTML: the text that a reader sees, in
//! its order, a block a paragraph.
//!
//! Left out: everything hidden (`hidden`, `aria-hidden`, inline `display:none`), scripts, styles,
//! templates, forms' lists, embedded media, SVG, the texts of attributes such as `alt`, ruby, and
//! marks of footnotes. What a style sheet hides or moves is not known here. A list item, table cell,
//! caption or footnote of several paragraphs is as many blocks of that kind. Markup inside a block is
//! lost.
//!
//! The page is read token by token, without a tree: memory grows with the text alone, and elements
//! nested deeper than [`DEEPEST`] count as part of the one there, as browsers have it.

mod element;

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::sync::Arc;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use self::element::{implied_ends, is_block, is_never_seen, is_void};
use super::block::{BlockKind, Blocks, push_collapsed, push_line_end};
use super::furniture::{self, Found};

/// Elements inside one another that are told apart.
const DEEPEST: usize = 512;

/// How a page is to be read.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reading {
    /// Empty elements may end themselves, as in EPUB.
    pub(crate) xhtml: bool,
    /// Leave out navigation, headers, footers and lists of links.
    pub(crate) main_only: bool,
}

/// Adds the blocks of a page.
pub(crate) fn read(html: &str, reading: Reading, part: Option<&Arc<str>>, out: &mut Blocks) {
    let page = Page { reading, ..Page::default() };
    let tokenizer = Tokenizer::new(page, TokenizerOpts::default());
    let queue = BufferQueue::default();
    let mut from = 0;
    // Piece by piece, so that it is known where in the source each token stands.
    while from < html.len() {
        let rest = &html.as_bytes()[from..];
        let end = match rest.iter().skip(1).position(|byte| matches!(byte, b'<' | b'>')) {
            Some(at) if rest[at + 1] == b'>' => from + at + 2,
            Some(at) => from + at + 1,
            None => html.len(),
        };
        tokenizer.sink.piece.set((from, end));
        queue.push_back(StrTendril::from_slice(&html[from..end]));
        // It stops early only for what the page below never asks for.
        let _ = tokenizer.feed(&queue);
        from = end;
    }
    tokenizer.end();
    let mut inner = tokenizer.sink.inner.into_inner();
    inner.flush();
    let found = inner.found;
    let kept =
        if reading.main_only { furniture::main_blocks(&found) } else { vec![true; found.len()] };
    for ((number, block), kept) in (0..).zip(found).zip(kept) {
        if kept {
            out.push(block.kind, &block.text, part, number, Some(block.bytes));
        }
    }
}

/// Gives the encoding that a page says it is in, from its first bytes: a `meta` of HTML or the
/// declaration of XML.
pub(crate) fn declared_encoding(bytes: &[u8]) -> Option<crate::decode::TextEncoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).to_ascii_lowercase();
    let after = |name: &str| {
        let rest = head[head.find(name)? + name.len()..].trim_start().strip_prefix('=')?;
        let rest = rest.trim_start().trim_start_matches(['"', '\'']);
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "-_:".contains(c)));
        rest[..end.unwrap_or(rest.len())].parse().ok()
    };
    after("charset").or_else(|| head.starts_with("<?xml").then(|| after("encoding")).flatten())
}

/// What the tokenizer hands its tokens to.
#[derive(Default)]
struct Page {
    reading: Reading,
    /// The bytes of the source that are being read.
    piece: Cell<(usize, usize)>,
    inner: RefCell<Inner>,
}

/// An element that is open.
struct Open {
    name: String,
    kind: Option<BlockKind>,
    hidden: bool,
    link: bool,
    preformatted: bool,
    furniture: bool,
    main: bool,
    article: bool,
    /// It is SVG or MathML, where elements may end themselves.
    foreign: bool,
}

#[derive(Default)]
struct Inner {
    open: Vec<Open>,
    /// Elements that are open and nested too deeply to be told apart.
    deeper: usize,
    found: Vec<Found>,
    text: String,
    bytes: Option<Range<usize>>,
    link_chars: usize,
}

impl TokenSink for Page {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut inner = self.inner.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                return inner.start(&tag, self.reading);
            }
            Token::TagToken(tag) => inner.end(&tag.name),
            Token::CharacterTokens(text) => inner.text(&text, self.piece.get()),
            _ => {}
        }
        TokenSinkResult::Continue
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.reading.xhtml
    }
}

impl Inner {
    fn start(&mut self, tag: &Tag, reading: Reading) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        self.close_implied(name);
        match name {
            "br" => push_line_end(&mut self.text),
            "hr" => self.flush(),
            _ if is_block(name) => self.flush(),
            _ => {}
        }
        let foreign =
            matches!(name, "svg" | "math") || self.open.last().is_some_and(|it| it.foreign);
        if is_void(name) || tag.self_closing && (reading.xhtml || foreign) {
            return TokenSinkResult::Continue;
        }
        if self.open.len() >= DEEPEST {
            self.deeper += 1;
        } else {
            let open = self.opened(tag);
            self.open.push(open);
        }
        match name {
            _ if foreign => TokenSinkResult::Continue,
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" => {
                TokenSinkResult::RawData(RawKind::Rawtext)
            }
            "textarea" | "title" => TokenSinkResult::RawData(RawKind::Rcdata),
            "plaintext" => TokenSinkResult::Plaintext,
            _ => TokenSinkResult::Continue,
        }
    }

    /// Works out what an element is to the text inside it.
    fn opened(&self, tag: &Tag) -> Open {
        let name: &str = &tag.name;
        let get = |name: &str| {
            let found = tag.attrs.iter().find(|attribute| *attribute.name.local == *name);
            found.map(|attribute| attribute.value.to_ascii_lowercase())
        };
        let parent = self.open.last();
        let inside = |is: fn(&Open) -> bool| parent.is_some_and(is);
        let role = get("role").unwrap_or_default();
        let kinds = get("epub:type").unwrap_or_default();
        let is_note =
            |word: &str| matches!(word, "footnote" | "endnote" | "rearnote" | "footnotes");
        let kind = match name {
            _ if kinds.split_whitespace().any(is_note)
                || matches!(role.as_str(), "doc-footnote" | "doc-endnote") =>
            {
                Some(BlockKind::Footnote)
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                Some(BlockKind::Heading(name.as_bytes()[1] - b'0'))
            }
            "li" | "dt" | "dd" => Some(BlockKind::ListItem),
            "td" | "th" => Some(BlockKind::TableCell),
            "figcaption" | "caption" => Some(BlockKind::Caption),
            _ => parent.and_then(|open| open.kind),
        };
        // The mark of a footnote is no part of the sentence that it stands behind.
        let jumps = name == "a" && get("href").is_some_and(|href| href.starts_with('#'));
        let mark = kinds.split_whitespace().any(|word| word == "noteref")
            || role == "doc-noteref"
            || jumps && self.open.iter().rev().take(3).any(|open| open.name == "sup")
            || name == "sup" && get("class").is_some_and(|class| class.contains("reference"));
        let hidden = inside(|open| open.hidden)
            || mark
            || is_never_seen(name)
            || name == "dialog" && get("open").is_none()
            || get("hidden").is_some()
            || get("aria-hidden").is_some_and(|value| value == "true")
            || get("style").is_some_and(|style| {
                let style: String = style.split_whitespace().collect();
                style.contains("display:none") || style.contains("visibility:hidden")
            });
        let main = inside(|open| open.main) || name == "main" || role == "main";
        let article = inside(|open| open.article) || name == "article" || role == "article";
        let class = [get("class"), get("id")].map(Option::unwrap_or_default);
        Open {
            furniture: inside(|open| open.furniture)
                || furniture::is_furniture(name, &role, &class, main || article),
            name: name.to_owned(),
            kind,
            hidden,
            link: inside(|open| open.link) || name == "a",
            preformatted: inside(|open| open.preformatted) || matches!(name, "pre" | "listing"),
            main,
            article,
            foreign: inside(|open| open.foreign) || matches!(name, "svg" | "math"),
        }
    }

    /// Ends the elements that the beginning of another one ends.
    fn close_implied(&mut self, name: &str) {
        let Some((ended, within)) = implied_ends(name) else { return };
        let at = self
            .open
            .iter()
            .rposition(|open| ended.contains(&&*open.name) || within.contains(&&*open.name));
        let Some(at) = at.filter(|&at| ended.contains(&&*self.open[at].name)) else { return };
        self.flush();
        self.open.truncate(at);
        // A cell that ends may stand in a row that ends, too.
        if name.starts_with('t') {
            self.close_implied(name);
        }
    }

    fn end(&mut self, name: &str) {
        if is_block(name) {
            self.flush();
        }
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        // An end inside a cell does not reach out of its table.
        let bound = self.open.iter().rposition(|open| matches!(&*open.name, "table" | "template"));
        let at = self.open.iter().rposition(|open| open.name == name);
        if let Some(at) = at
            && bound.is_none_or(|bound| at >= bound || matches!(name, "body" | "html" | "main"))
        {
            self.open.truncate(at);
        }
    }

    fn text(&mut self, text: &str, piece: (usize, usize)) {
        let top = self.open.last();
        if top.is_some_and(|open| open.hidden) {
            return;
        }
        let before = self.text.len();
        if top.is_some_and(|open| open.preformatted) {
            for (number, line) in text.split('\n').enumerate() {
                if number > 0 {
                    push_line_end(&mut self.text);
                }
                self.text.push_str(line.trim_end_matches('\r'));
            }
        } else {
            push_collapsed(&mut self.text, text);
        }
        if self.text.len() > before && !text.trim().is_empty() {
            let bytes = self.bytes.get_or_insert(piece.0..piece.1);
            bytes.end = piece.1;
            if top.is_some_and(|open| open.link) {
                self.link_chars += text.trim().chars().count();
            }
        }
    }

    /// Ends the block.
    fn flush(&mut self) {
        let bytes = self.bytes.take();
        let link_chars = std::mem::take(&mut self.link_chars);
        let text = std::mem::take(&mut self.text);
        let (Some(bytes), text) = (bytes, text.trim()) else { return };
        let top = self.open.last();
        let is = |is: fn(&Open) -> bool| top.is_some_and(is);
        self.found.push(Found {
            kind: top.and_then(|open| open.kind).unwrap_or(BlockKind::Paragraph),
            text: text.to_owned(),
            bytes,
            link_chars,
            furniture: is(|open| open.furniture),
            main: is(|open| open.main),
            article: is(|open| open.article),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(html: &str, reading: Reading) -> Blocks {
        let mut out = Blocks::default();
        read(html, reading, None, &mut out);
        out
    }

    fn told(html: &str, reading: Reading) -> Vec<String> {
        let Blocks { text, blocks } = blocks(html, reading);
        blocks.iter().map(|it| format!("{} {}", it.kind, &text[it.text.clone()])).collect()
    }

    fn page(html: &str) -> Vec<String> {
        told(html, Reading::default())
    }

    #[test]
    fn visible_text_is_read_in_order_block_by_block() {
        let html = "<!doctype html><html><head><title>T</title><style>p{}</style></head><body>\
            <script>if (a<b) { document.write('<p>no</p>') }</script>\
            <h1>العنوان</h1><p>One <b>two</b>\n  three<br>four<p>Five &amp; six&nbsp;٪\
            <ul><li>a<li>b<ul><li>c</ul><li><p>d</p></ul>\
            <table><caption>Cap</caption><tr><th>A<td>B<tr><td>C</table>\
            <figure><img alt=x><figcaption>Fig</figcaption></figure>tail<!-- no --></body>";
        assert_eq!(
            page(html),
            [
                "h1 العنوان",
                "paragraph One two three\nfour",
                "paragraph Five & six\u{a0}٪",
                "item a",
                "item b",
                "item c",
                "item d",
                "caption Cap",
                "cell A",
                "cell B",
                "cell C",
                "caption Fig",
                "paragraph tail",
            ]
        );
    }

    #[test]
    fn hidden_text_is_left_out() {
        for html in [
            "<p hidden>no</p>",
            "<div aria-hidden='true'><p>no</p></div>",
            "<p style='color:red; DISPLAY : none'>no</p>",
            "<template><p>no</p></template>",
            "<noscript>no</noscript>",
            "<select><option>no<option>no</select>",
            "<textarea>no</textarea>",
            "<svg><text>no</text><title/></svg>",
            "<svg class=icon />",
            "<dialog>no</dialog>",
        ] {
            assert_eq!(
                page(&format!("<p>yes</p>{html}<p>too</p>")),
                ["paragraph yes", "paragraph too"]
            );
        }
        let html = "<p>word<sup><a href='#n1'>1</a></sup>. x<sup>2</sup></p>";
        assert_eq!(page(html), ["paragraph word. x2"]);
    }

    #[test]
    fn blocks_know_their_bytes_in_the_source() {
        let html = "<p>\n  نص <b>two</b> </p><div>x &lt; y</div>";
        let Blocks { blocks, .. } = blocks(html, Reading::default());
        assert_eq!(html[blocks[0].bytes.clone().unwrap()].trim(), "نص <b>two");
        assert_eq!(&html[blocks[1].bytes.clone().unwrap()], "x &lt; y");
    }

    #[test]
    fn preformatted_lines_stay_lines() {
        assert_eq!(page("<pre>one\n  two\n\nthree</pre>"), ["paragraph one\n  two\nthree"]);
    }

    #[test]
    fn empty_elements_of_xhtml_end_themselves() {
        let xhtml = "<?xml version='1.0'?><html><head><title/></head><body><a id='p1'/>\
            <p>one<script src='x'/> two</p><p><![CDATA[a < b]]></p>\
            <aside epub:type='footnote'><p>note</p></aside></body></html>";
        let reading = Reading { xhtml: true, ..Reading::default() };
        assert_eq!(told(xhtml, reading), ["paragraph one two", "paragraph a < b", "footnote note"]);
    }

    #[test]
    fn hostile_pages_are_read_without_harm() {
        let deep = 40_000;
        for html in [
            "<div>".repeat(deep) + "text",
            "<b><p><table><td>".repeat(deep / 4) + "text",
            "</p>".repeat(deep) + "text",
            "<ul><li>".repeat(deep / 2) + "text" + &"</ul>".repeat(deep / 2),
            format!("<p title='{}'>text</p>", "<".repeat(deep)),
            format!("text<!--{}", "<".repeat(deep)),
        ] {
            let found = page(&html);
            assert!(found.len() == 1 && found[0].ends_with("text"), "{}", &html[..40]);
        }
        for html in ["", "<", "<p", "&", "<!--", "<script>", "<p a=\"", "\u{0}", "<![CDATA["] {
            page(html);
        }
    }

    #[test]
    fn declared_encodings_are_found() {
        for (html, name) in [
            ("<meta charset=windows-1256>", "windows-1256"),
            ("<META CONTENT='text/html; charset = \"ISO-8859-6\"'>", "ISO-8859-6"),
            ("<?xml version=\"1.0\" encoding='UTF-16LE'?>", "UTF-16LE"),
        ] {
            let found = declared_encoding(html.as_bytes());
            assert!(found.is_some_and(|it| it.name() == name), "{html}");
        }
        assert_eq!(declared_encoding(b"<p>no charset</p>"), None);
    }
}
