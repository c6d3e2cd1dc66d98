//! HTML ([Living Standard](https://html.spec.whatwg.org/)) and XHTML: the text that a reader sees,
//! in document order, one block per paragraph.
//!
//! Omitted: what the page hides (`hidden`, `aria-hidden`, inline `display:none`), unless it is the
//! text in the language that is wanted (see `variant`), scripts, styles, templates, option lists of
//! forms, embedded media, SVG, the texts of attributes such as `alt`, ruby, and footnote marks.
//! Style sheets are not evaluated. A list item, table cell, caption or footnote of several
//! paragraphs is one block of that kind per paragraph. Markup inside a block is
//! lost.
//!
//! The page is read token by token, without a tree: memory grows with the text and with the depth of
//! its elements.

mod attributes;
mod element;
mod open;
mod variant;

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::sync::Arc;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use nasaq_text::Language;

use self::attributes::{MAX_ATTRIBUTES, TagFilter, TokenKind};
use self::element::{is_block, is_never_seen, is_void};
use self::open::{OpenElement, OpenElements};
use super::block::{BlockKind, Blocks, push_collapsed, push_line_end};
use super::boilerplate::{HtmlBlock, is_boilerplate, text_blocks};

/// Settings for reading a page.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct HtmlOptions {
    /// Whether empty elements may be self-closing, as in EPUB.
    pub(crate) xhtml: bool,
    /// Whether navigation, headers, footers and lists of links are omitted.
    pub(crate) main_only: bool,
    /// The language that is read, if the page hides its text in one of two.
    pub(crate) language: Option<Language>,
}

/// Adds the blocks of a page.
pub(crate) fn read(html: &str, options: HtmlOptions, part: Option<&Arc<str>>, out: &mut Blocks) {
    let blocks = page_blocks(html, options, MAX_ATTRIBUTES);
    let (chosen, note) = variant::choose(blocks, options.language);
    out.notes.extend(note);
    let (indices, blocks): (Vec<u32>, Vec<HtmlBlock>) = chosen.into_iter().unzip();
    let is_text = if options.main_only { text_blocks(&blocks) } else { vec![true; blocks.len()] };
    for ((index, block), is_text) in indices.into_iter().zip(blocks).zip(is_text) {
        if is_text {
            out.push(block.kind, &block.text, part, index, Some(block.bytes));
        }
    }
}

/// Returns the blocks of a page. Of each tag, only the first `max_attributes` attributes are passed to
/// the tokenizer, and those that matter here.
fn page_blocks(html: &str, options: HtmlOptions, max_attributes: usize) -> Vec<HtmlBlock> {
    let page = Page { options, ..Page::default() };
    let tokenizer = Tokenizer::new(page, TokenizerOpts::default());
    let queue = BufferQueue::default();
    let mut filter = TagFilter::new(max_attributes);
    let mut from = 0;
    // In chunks that end at tags, so that the source position of each token is known.
    while from < html.len() {
        let rest = &html.as_bytes()[from..];
        let end = match rest.iter().skip(1).position(|byte| matches!(byte, b'<' | b'>')) {
            Some(offset) if rest[offset + 1] == b'>' => from + offset + 2,
            Some(offset) => from + offset + 1,
            None => html.len(),
        };
        tokenizer.sink.source.set((from, end));
        filter.synchronise(tokenizer.sink.token_kind.take(), tokenizer.sink.is_raw.get());
        queue.push_back(StrTendril::from_slice(&filter.filtered(&html[from..end])));
        // The tokenizer stops early only at requests that `Page` never makes.
        let _ = tokenizer.feed(&queue);
        from = end;
    }
    tokenizer.end();
    let mut state = tokenizer.sink.state.into_inner();
    state.flush();
    state.blocks
}

/// Returns the encoding that a page declares in its first bytes: in a `meta` element of HTML or in
/// the declaration of XML.
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

/// The receiver of the tokens.
#[derive(Default)]
struct Page {
    options: HtmlOptions,
    /// The range of the source that is being read, in bytes.
    source: Cell<(usize, usize)>,
    /// The kind of the last token since this was taken.
    token_kind: Cell<Option<TokenKind>>,
    /// Whether the content of an element is read as raw text, where `<` begins only its end tag.
    is_raw: Cell<bool>,
    state: RefCell<PageState>,
}

#[derive(Default)]
struct PageState {
    open: OpenElements,
    blocks: Vec<HtmlBlock>,
    text: String,
    bytes: Option<Range<usize>>,
    link_chars: usize,
}

impl TokenSink for Page {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.state.borrow_mut();
        if let Some(kind) = TokenKind::of(&token) {
            self.token_kind.set(Some(kind));
        }
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                let next = state.start(&tag, self.options);
                self.is_raw.set(!matches!(next, TokenSinkResult::Continue));
                return next;
            }
            Token::TagToken(tag) => {
                self.is_raw.set(false);
                state.end(&tag.name);
            }
            Token::CharacterTokens(text) => state.text(&text, self.source.get()),
            _ => {}
        }
        TokenSinkResult::Continue
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.options.xhtml
    }
}

impl PageState {
    fn start(&mut self, tag: &Tag, options: HtmlOptions) -> TokenSinkResult<()> {
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
        if is_void(name) || tag.self_closing && (options.xhtml || foreign) {
            return TokenSinkResult::Continue;
        }
        let open = self.opened(tag);
        self.open.push(tag.name.clone(), open);
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

    /// Determines what an element means for the text in it.
    fn opened(&self, tag: &Tag) -> OpenElement {
        let name: &str = &tag.name;
        let get = |name: &str| {
            let found = tag.attrs.iter().find(|attribute| *attribute.name.local == *name);
            found.map(|attribute| attribute.value.to_ascii_lowercase())
        };
        let parent = self.open.last();
        let inside = |is: fn(&OpenElement) -> bool| parent.is_some_and(is);
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
        // A footnote mark is not part of the sentence that it follows.
        let jumps = name == "a" && get("href").is_some_and(|href| href.starts_with('#'));
        let mark = kinds.split_whitespace().any(|word| word == "noteref")
            || role == "doc-noteref"
            || jumps && self.open.is_among_last(3, "sup")
            || name == "sup" && get("class").is_some_and(|class| class.contains("reference"));
        let named = get("lang").or_else(|| get("xml:lang")).or_else(|| get("data-lang"));
        let covers = get("hidden").is_some()
            || get("aria-hidden").is_some_and(|value| value == "true")
            || get("style").is_some_and(|style| {
                let style: String = style.split_whitespace().collect();
                style.contains("display:none") || style.contains("visibility:hidden")
            });
        let hidden = inside(|open| open.hidden)
            || mark
            || is_never_seen(name)
            || name == "dialog" && get("open").is_none()
            // Words that are hidden inside a block are no text in another language.
            || covers && !is_block(name)
            // And what is hidden in that text remains hidden when it is shown.
            || covers && named.is_none() && parent.is_some_and(OpenElement::is_variant);
        let covered = inside(|open| open.covered) || covers;
        let around = |of: fn(&OpenElement) -> Option<Language>| parent.and_then(of);
        let (language, own_language) = match &named {
            Some(tag) if matches!(name, "html" | "body") => (variant::language(tag), None),
            Some(tag) => (variant::language(tag), variant::language(tag)),
            None => (around(|open| open.language), around(|open| open.own_language)),
        };
        let main = inside(|open| open.main) || name == "main" || role == "main";
        let article = inside(|open| open.article) || name == "article" || role == "article";
        let class = [get("class"), get("id")].map(Option::unwrap_or_default);
        OpenElement {
            boilerplate: inside(|open| open.boilerplate)
                || is_boilerplate(name, &role, &class, main || article),
            kind,
            hidden,
            covered,
            language,
            own_language,
            link: inside(|open| open.link) || name == "a",
            preformatted: inside(|open| open.preformatted) || matches!(name, "pre" | "listing"),
            main,
            article,
            foreign: inside(|open| open.foreign) || matches!(name, "svg" | "math"),
        }
    }

    /// Closes the elements that the start of another element closes.
    fn close_implied(&mut self, name: &str) {
        while let Some(index) = self.open.implied_end(name) {
            self.flush();
            self.open.truncate(index);
            // The row of a cell that is closed may be closed too.
            if !name.starts_with('t') {
                break;
            }
        }
    }

    fn end(&mut self, name: &str) {
        if is_block(name) {
            self.flush();
        }
        let Some(index) = self.open.last_index(name) else { return };
        // An end tag in a cell does not close an element outside its table.
        let bound = self.open.last_index("table").max(self.open.last_index("template"));
        if bound.is_none_or(|bound| index >= bound) || matches!(name, "body" | "html" | "main") {
            self.open.truncate(index);
        }
    }

    fn text(&mut self, text: &str, source: (usize, usize)) {
        let top = self.open.last();
        if top.is_some_and(|open| open.hidden) {
            return;
        }
        let before = self.text.len();
        if top.is_some_and(|open| open.preformatted) {
            for (index, line) in text.split('\n').enumerate() {
                if index > 0 {
                    push_line_end(&mut self.text);
                }
                self.text.push_str(line.trim_end_matches('\r'));
            }
        } else {
            push_collapsed(&mut self.text, text);
        }
        if self.text.len() > before && !text.trim().is_empty() {
            let bytes = self.bytes.get_or_insert(source.0..source.1);
            bytes.end = source.1;
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
        let is = |is: fn(&OpenElement) -> bool| top.is_some_and(is);
        self.blocks.push(HtmlBlock {
            kind: top.and_then(|open| open.kind).unwrap_or(BlockKind::Paragraph),
            text: text.to_owned(),
            bytes,
            link_chars,
            hidden: is(|open| open.covered),
            language: top.and_then(|open| match open.covered {
                true => open.own_language,
                false => open.language,
            }),
            boilerplate: is(|open| open.boilerplate),
            main: is(|open| open.main),
            article: is(|open| open.article),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(html: &str, options: HtmlOptions) -> Blocks {
        let mut out = Blocks::default();
        read(html, options, None, &mut out);
        out
    }

    fn listed(html: &str, options: HtmlOptions) -> Vec<String> {
        let Blocks { text, blocks, .. } = blocks(html, options);
        blocks.iter().map(|it| format!("{} {}", it.kind, &text[it.text.clone()])).collect()
    }

    fn page(html: &str) -> Vec<String> {
        listed(html, HtmlOptions::default())
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
    fn hidden_text_is_omitted() {
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
        let Blocks { blocks, .. } = blocks(html, HtmlOptions::default());
        assert_eq!(html[blocks[0].bytes.clone().unwrap()].trim(), "نص <b>two");
        assert_eq!(&html[blocks[1].bytes.clone().unwrap()], "x &lt; y");
    }

    #[test]
    fn preformatted_lines_are_preserved() {
        assert_eq!(page("<pre>one\n  two\n\nthree</pre>"), ["paragraph one\n  two\nthree"]);
    }

    #[test]
    fn empty_elements_of_xhtml_are_self_closing() {
        let xhtml = "<?xml version='1.0'?><html><head><title/></head><body><a id='p1'/>\
            <p>one<script src='x'/> two</p><p><![CDATA[a < b]]></p>\
            <aside epub:type='footnote'><p>note</p></aside></body></html>";
        let options = HtmlOptions { xhtml: true, ..HtmlOptions::default() };
        assert_eq!(
            listed(xhtml, options),
            ["paragraph one two", "paragraph a < b", "footnote note"]
        );
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
    fn hidden_text_is_omitted_at_any_depth() {
        for depth in [10, 511, 512, 513, 5000] {
            for hidden in [
                "<script>if (a < b) no()</script>",
                "<style>no {}</style>",
                "<p hidden>no <b>no</b></p>",
                "<template><div>no</div></template>",
                "<div style='display:none'><span>no</span></div>",
                "<b></i></b><textarea>no</textarea>",
            ] {
                let html =
                    "<div>".repeat(depth) + "yes" + hidden + " too" + &"</div>".repeat(depth);
                let text = blocks(&html, HtmlOptions::default()).text;
                assert!(text.contains("yes") && text.contains("too"), "{depth} {hidden}: {text}");
                assert!(!text.contains("no"), "{depth} {hidden}: {text}");
            }
        }
    }

    #[test]
    fn pages_of_a_million_tags_or_attributes_are_read_in_linear_time() {
        let many = 300_000;
        let attributes: String = (0..many).map(|n| format!(" a{n}=x")).collect();
        for html in [
            format!("<p{attributes}>text</p{attributes}>"),
            format!("<p{} hidden>no</p>text", attributes.replace('x', "'>'")),
            "<b><p>".repeat(many) + "text" + &"</p></b>".repeat(many),
            "<i>".repeat(many) + &"</b>".repeat(many) + "text",
            "<x><div>".repeat(many) + &"<li>".repeat(many) + "text",
        ] {
            let found = page(&html);
            assert!(found.len() == 1 && found[0].ends_with("text"), "{}", &html[..40]);
        }
    }

    #[test]
    fn declared_encodings_are_found() {
        for (html, name) in [
            ("<meta charset=windows-1256>", "windows-1256"),
            ("<META CHARSET=\"WINDOWS-1256\">", "windows-1256"),
            ("<META CONTENT='text/html; charset = \"ISO-8859-6\"'>", "ISO-8859-6"),
            ("<?XML VERSION='1.0' ENCODING='ISO-8859-6'?>", "ISO-8859-6"),
            ("<?xml version=\"1.0\" encoding='UTF-16LE'?>", "UTF-16LE"),
        ] {
            let found = declared_encoding(html.as_bytes());
            assert!(found.is_some_and(|it| it.name() == name), "{html}");
        }
        assert_eq!(declared_encoding(b"<p>no charset</p>"), None);
    }
}
