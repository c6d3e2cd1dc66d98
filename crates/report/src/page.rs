//! The page: one HTML file that opens anywhere, asks the network for nothing and works without its
//! script, but for judging the sample.
//!
//! Texts of the corpus go through templates that escape them, or through the charts' own escaping.
//! Should something slip through, the page's own policy runs no script but the one that carries a
//! number made of the inputs, which a text inside them cannot know.

use std::fmt;

use askama::Template;
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use crate::corpus::CorpusReport;
use crate::error::Error;

mod arabic;
mod block;
mod engineer;
mod gold;
mod headline;
mod linguist;
mod method;
mod sample;
mod translator;

use block::{Block, Cell};

/// What a page says of how it was made.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PageInfo {
    /// The version of nasaq.
    pub version: String,
    /// Settings that the numbers depend on: name and value.
    pub settings: Vec<(String, String)>,
    /// The files that were read.
    pub inputs: Vec<InputInfo>,
}

/// A file that was read.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct InputInfo {
    /// Its name.
    pub name: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// The XXH3 hash of its bytes, 128 bits in hexadecimal digits.
    pub hash: String,
}

/// A chapter of the page.
#[derive(Debug)]
struct Section {
    id: &'static str,
    title: &'static str,
    lead: String,
    blocks: Vec<Block>,
}

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'p> {
    title: String,
    subtitle: String,
    nonce: String,
    style: &'static str,
    script: &'static str,
    version: &'p str,
    sections: Vec<Section>,
}

/// Writes the page of one corpus, or of several side by side.
///
/// # Errors
/// Where the output fails.
pub fn page(
    reports: &[CorpusReport],
    info: &PageInfo,
    out: &mut impl fmt::Write,
) -> Result<(), Error> {
    let names: Vec<&str> = reports.iter().map(|report| report.options.name.as_str()).collect();
    let mut sections = vec![
        headline::section(reports),
        translator::section(reports),
        engineer::section(reports),
        linguist::section(reports),
        arabic::section(reports),
    ];
    sections.extend(gold::section(reports));
    sections.push(sample::section(reports));
    sections.push(method::section(reports, info));
    let hashes: Vec<&str> = info.inputs.iter().map(|input| input.hash.as_str()).collect();
    let page = Page {
        title: names.join(" · "),
        subtitle: match reports {
            [report] if report.options.source.is_rtl() => "Arabic to English".to_owned(),
            [_] => "English to Arabic".to_owned(),
            _ => format!("{} corpora side by side", reports.len()),
        },
        nonce: format!("{:016x}", xxh3_64(format!("nasaq {}", hashes.join(" ")).as_bytes())),
        style: include_str!("../assets/report.css"),
        script: include_str!("../assets/report.js"),
        version: &info.version,
        sections,
    };
    page.render_into(out)?;
    Ok(())
}
