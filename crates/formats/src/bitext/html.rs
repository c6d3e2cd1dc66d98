//! A bilingual page for reading: one [HTML](https://html.spec.whatwg.org/multipage/) file, both
//! languages side by side, written only.
//!
//! The page loads nothing from the network and has no script; it follows the light or dark setting
//! of the reader, stacks the texts on a phone and can be printed. Arabic runs from right to left in
//! its own column; the number between the texts is the probability, coloured below 0.9 and below
//! 0.5, and a link to the pair. If the pairs have the words that translate each other, pointing at one
//! lights the others.
//!
//! Loses all fields but document, probability (or quality) and words, and control characters; line breaks
//! and runs of spaces are shown as one space.

use std::collections::HashMap;

use super::entry::{FormatEntry, WriterEntry, unrecognisable};
use super::html_words::{WordClasses, rules};
use super::language_tag::is_language;
use super::markup::{attribute, element};
use super::writer::{Buffers, RowLayout};
use super::{BitextRow, COUNTERPART, FieldValue, Loss, Losses, MOVED};
use crate::bead_writer::full_row;
use crate::error::Result;
use crate::format::{BitextHeader, WORDS_COLUMN};

pub(crate) const HTML: FormatEntry = FormatEntry {
    name: "html",
    endings: &["html", "htm"],
    description: "Page for reading, side by side, in one file",
    recognise: unrecognisable,
    reader: None,
    writer: Some(WriterEntry {
        files: 1,
        start: |settings| Ok(Box::new(HtmlLayout::new(settings.header))),
        bead_row: full_row,
        metadata_prefix: "",
        single_document: None,
        needs_times: false,
    }),
    losses: &[Loss::Characters, Loss::Fields],
    has_columns: false,
    is_binary: false,
};

const STYLE: &str = include_str!("../../assets/reader.css");
/// Below this probability a pair should be checked.
const CHECK: f64 = 0.9;
/// Below this probability a pair is doubtful.
const DOUBT: f64 = 0.5;
/// The fields that the page shows.
const SHOWN: [&str; 6] = ["doc", "probability", "quality", MOVED, COUNTERPART, WORDS_COLUMN];

/// Writes pages.
struct HtmlLayout {
    header: BitextHeader,
    /// The language and direction of each side, as attributes.
    attributes: [String; 2],
    directions: [&'static str; 2],
    /// The document of the last pair.
    doc: Option<Option<String>>,
    pairs: u64,
    /// The pairs of the document.
    page: Vec<PagePair>,
}

/// A pair of the document that is being read.
struct PagePair {
    /// Its number on the page.
    number: u64,
    /// Its element without the end tag.
    html: String,
    /// The target segments, if they are known and it has any.
    tgt: Option<[u64; 2]>,
    is_moved: bool,
}

impl HtmlLayout {
    fn new(header: &BitextHeader) -> Self {
        let mut none = Losses::default();
        let attributes = [&header.src_lang, &header.tgt_lang].map(|lang| {
            let lang = attribute(lang, &mut none);
            format!("lang=\"{lang}\" dir=\"{}\"", direction(&lang))
        });
        let directions = [&header.src_lang, &header.tgt_lang].map(|lang| direction(lang));
        Self {
            header: header.clone(),
            attributes,
            directions,
            doc: None,
            pairs: 0,
            page: Vec::new(),
        }
    }

    fn head(&self, title: &str, out: &mut Buffers) {
        let title = element(title, &mut out.losses).into_owned();
        let version = attribute(&self.header.version, &mut out.losses);
        // The source is on the side where its script begins.
        let direction = direction(&self.header.src_lang);
        out.push(&format!(
            concat!(
                "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ",
                "style-src 'unsafe-inline'\">\n",
                "<meta name=\"generator\" content=\"nasaq {version}\">\n",
                "<title>{title}</title>\n<style>\n{style}{rules}</style>\n</head>\n<body>\n",
                "<main dir=\"{direction}\">\n<h1 dir=\"auto\">{title}</h1>\n",
            ),
            version = version,
            title = title,
            style = STYLE,
            rules = rules(),
            direction = direction,
        ));
    }
}

impl RowLayout for HtmlLayout {
    fn row(&mut self, row: &BitextRow, out: &mut Buffers) -> Result<()> {
        let doc = row.doc();
        if self.doc.as_ref() != Some(&doc) {
            self.flush(out);
            let name = doc.as_deref().filter(|doc| !doc.is_empty());
            if self.doc.is_none() {
                self.head(name.unwrap_or("Bitext"), out);
            } else {
                let name = element(name.unwrap_or("–"), &mut out.losses);
                out.push(&format!("<h2 dir=\"auto\">{name}</h2>\n"));
            }
            self.doc = Some(doc);
        }
        self.pairs += 1;
        let number = ["probability", "quality"].iter().find_map(|name| {
            Some((*name, row.get(name).and_then(FieldValue::as_number).filter(|n| n.is_finite())?))
        });
        let class = match number {
            Some((_, number)) if number < DOUBT => "pair doubt",
            Some((_, number)) if number < CHECK => "pair check",
            _ => "pair",
        };
        let pair = self.pairs;
        let mut html = format!("<div class=\"{class}\" id=\"p{pair}\">\n");
        self.side(0, &row.src, row, &mut html, &mut out.losses);
        let (shown, title) = match number {
            Some((name, number)) => {
                (probability(number, 2), format!("pair {pair}, {name} {}", probability(number, 4)))
            }
            None => (pair.to_string(), format!("pair {pair}")),
        };
        html.push_str(&format!("<a href=\"#p{pair}\" dir=\"ltr\" title=\"{title}\">{shown}</a>\n"));
        self.side(1, &row.tgt, row, &mut html, &mut out.losses);
        let is_moved = row.get(MOVED).and_then(FieldValue::as_flag) == Some(true);
        let tgt = row.span("tgt_segments").filter(|[start, end]| start < end);
        self.page.push(PagePair { number: pair, html, tgt, is_moved });
        let names = row.fields.iter().map(|(name, _)| name);
        out.losses.add_fields(names.filter(|name| !SHOWN.contains(&&***name)));
        Ok(())
    }

    fn end(&mut self, out: &mut Buffers) -> Result<()> {
        self.flush(out);
        if self.doc.is_none() {
            self.head("Bitext", out);
        }
        let version = attribute(&self.header.version, &mut out.losses);
        out.push(&format!(
            "<footer dir=\"ltr\">{} pairs. The number between two texts says how sure the pair is, 0 to \
             1. Made with nasaq {version}.</footer>\n</main>\n</body>\n</html>\n",
            self.pairs
        ));
        Ok(())
    }
}

impl HtmlLayout {
    fn side(
        &self,
        side: usize,
        text: &str,
        row: &BitextRow,
        html: &mut String,
        losses: &mut Losses,
    ) {
        if text.trim().is_empty() {
            let is_elsewhere = row.get(COUNTERPART).is_some();
            let why = if is_elsewhere { "stands elsewhere" } else { "no counterpart" };
            html.push_str(&format!(
                "<p class=\"none\" dir=\"{}\">{why}</p>\n",
                self.directions[side]
            ));
            return;
        }
        let text = match row.get(WORDS_COLUMN).map(ToString::to_string) {
            Some(links) => WordClasses::read(&links).markup(side, text, losses).into(),
            None => element(text, losses),
        };
        html.push_str(&format!("<p {}>{text}</p>\n", self.attributes[side]));
    }

    /// Writes the pairs of the document, with links between moved pairs and their place.
    fn flush(&mut self, out: &mut Buffers) {
        let page = std::mem::take(&mut self.page);
        // Only moved pairs have a place, and few pairs are moved.
        let places: HashMap<u64, u64> =
            page.iter().filter_map(|pair| Some((pair.number, place_of(pair, &page)?))).collect();
        let mut moved_to: HashMap<u64, Vec<u64>> = HashMap::new();
        for pair in &page {
            if let Some(place) = places.get(&pair.number) {
                moved_to.entry(*place).or_default().push(pair.number);
            }
        }
        for pair in &page {
            out.push(&pair.html);
            match places.get(&pair.number) {
                Some(place) => out.push(&format!(
                    "<a class=\"moved\" href=\"#p{place}\" dir=\"ltr\">moved: in the translation \
                     after pair {place}</a>\n"
                )),
                None if pair.is_moved => {
                    out.push("<span class=\"moved\" dir=\"ltr\">moved</span>\n");
                }
                None => {}
            }
            for number in moved_to.get(&pair.number).into_iter().flatten() {
                out.push(&format!(
                    "<a class=\"moved\" href=\"#p{number}\" dir=\"ltr\">here in the translation: \
                     pair {number}</a>\n"
                ));
            }
            out.push("</div>\n");
        }
    }
}

/// Returns the number of the pair after which the target of a moved pair is in the translation: of
/// the pairs in order that end before it the last one; if there is none, the first pair.
fn place_of(moved: &PagePair, page: &[PagePair]) -> Option<u64> {
    let [start, _] = moved.tgt.filter(|_| moved.is_moved)?;
    let in_order = || page.iter().filter(|pair| !pair.is_moved && pair.tgt.is_some());
    let before = in_order()
        .filter_map(|pair| Some((pair.tgt?[1], pair.number)))
        .filter(|&(end, _)| end <= start)
        .max();
    before.map(|(_, number)| number).or_else(|| in_order().map(|pair| pair.number).next())
}

/// Formats a probability, which is cut: no pair is certain, so none is shown as 1. It is first
/// rounded to the four decimals that tables have, so that a page made from a table is the same.
fn probability(value: f64, decimals: i32) -> String {
    let (four, unit) = ((value * 1e4).round() / 1e4, 10_f64.powi(decimals));
    let cut = (four * unit + 1e-4).floor().min(unit - 1.0) / unit;
    format!("{cut:.*}", decimals as usize)
}

fn direction(lang: &str) -> &'static str {
    let from_right = ["ar", "he", "fa", "ur"].iter().any(|other| is_language(lang, other));
    if from_right { "rtl" } else { "ltr" }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn page(rows: &[BitextRow]) -> String {
        let mut layout = HtmlLayout::new(&BitextHeader::default());
        let mut out = Buffers::default();
        for row in rows {
            layout.row(row, &mut out).expect("a row");
        }
        layout.end(&mut out).expect("an end");
        String::from_utf8(std::mem::take(&mut out.files[0])).expect("UTF-8")
    }

    fn row(src: &str, tgt: &str, fields: &[(&str, &str)]) -> BitextRow {
        let field = |(name, value): &(&str, &str)| {
            (Arc::from(*name), FieldValue::Text((*value).to_owned()))
        };
        let fields = fields.iter().map(field).collect();
        BitextRow {
            src: src.to_owned(),
            tgt: tgt.to_owned(),
            fields,
            line: 1,
            ..BitextRow::default()
        }
    }

    #[test]
    fn texts_cannot_inject_markup() {
        let page = page(&[row("<script>x</script>", "a \"b\" & ]]> \u{0}", &[("doc", "<b>&")])]);
        assert!(!page.contains("<script") && !page.contains("<b>") && !page.contains('\u{0}'));
        assert!(page.contains("<title>&lt;b&gt;&amp;</title>"), "{page}");
    }

    #[test]
    fn a_moved_pair_and_its_place_link_to_each_other() {
        let spanned = |tgt: [u64; 2], is_moved: bool| {
            row("نعم", "Yes", &[("doc", "a")]).with_fields([
                ("tgt_segments".into(), FieldValue::Span(tgt)),
                (MOVED.into(), FieldValue::flag(is_moved)),
            ])
        };
        let page = page(&[
            spanned([0, 1], false),
            spanned([2, 3], true),
            spanned([1, 2], false),
            spanned([3, 4], true),
            row("لا", "No", &[("doc", "b"), (MOVED, "true")]),
        ]);
        let end_of = |pair: u64| {
            let from = page.find(&format!("id=\"p{pair}\"")).expect("a pair");
            page[from..].split("</div>").next().expect("an end").to_owned()
        };
        assert!(end_of(2).contains("href=\"#p3\" dir=\"ltr\">moved"), "{}", end_of(2));
        assert!(end_of(3).contains("href=\"#p2\"") && end_of(3).contains("href=\"#p4\""));
        assert!(!end_of(1).contains("moved") && end_of(5).contains(">moved</span>"));
    }

    #[test]
    fn doubtful_pairs_and_documents_are_marked() {
        let page = page(&[
            row("نعم", "Yes", &[("doc", "a"), ("probability", "0.97")]),
            row("لا", "No", &[("doc", "a"), ("probability", "0.41")]),
            row("", "Lost", &[("doc", "b"), ("probability", "0.7")]),
        ]);
        assert_eq!(page.matches("class=\"pair doubt\"").count(), 1);
        assert_eq!(page.matches("class=\"pair check\"").count(), 1);
        assert_eq!(page.matches("<h2").count(), 1);
        assert_eq!(page.matches("no counterpart").count(), 1);
        assert!(
            page.contains("<p lang=\"ar\" dir=\"rtl\">نعم</p>")
                && page.contains("<main dir=\"rtl\">")
        );
        assert!(!page.contains("http") || page.matches("http").count() == 1, "only http-equiv");
    }
}
