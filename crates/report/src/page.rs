//! The page: one self-contained HTML file. It loads nothing from the network and works without its
//! script, except for judging the sample.
//!
//! Three of its sections are named after the readers whom they serve: a translator, an engineer who
//! trains a model, and a linguist. Each is in the module of that name.
//!
//! Texts of the corpus are escaped by the templates or by the charts. In addition, the content
//! security policy of the page allows no script without a nonce that is derived from the hashes of
//! the inputs, which a text in the inputs cannot know.

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

use block::{PageBlock, PageCell};

/// How a report was made: the version, the settings and the input files.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PageInfo {
    /// The version of nasaq.
    pub version: String,
    /// The settings that the numbers depend on, as names and values.
    pub settings: Vec<(String, String)>,
    /// The input files.
    pub inputs: Vec<InputInfo>,
}

/// An input file.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct InputInfo {
    /// The name of the file.
    pub name: String,
    /// The size in bytes.
    pub bytes: u64,
    /// The 128-bit XXH3 hash of its bytes, in hexadecimal digits.
    pub hash: String,
}

impl PageInfo {
    /// Creates an info without settings and inputs, given the version of nasaq.
    #[must_use]
    pub fn new(version: impl Into<String>) -> Self {
        Self { version: version.into(), ..Self::default() }
    }
}

impl InputInfo {
    /// Describes a file.
    #[must_use]
    pub fn new(name: impl Into<String>, bytes: u64, hash: impl Into<String>) -> Self {
        Self { name: name.into(), bytes, hash: hash.into() }
    }
}

/// A section of the page.
#[derive(Debug)]
struct Section {
    id: &'static str,
    title: &'static str,
    lead: String,
    blocks: Vec<PageBlock>,
}

#[derive(Template)]
#[template(path = "page.html")]
struct PageTemplate<'p> {
    title: String,
    subtitle: String,
    nonce: String,
    style: &'static str,
    script: &'static str,
    version: &'p str,
    sections: Vec<Section>,
}

/// Writes the HTML page of one corpus, or of several corpora side by side.
///
/// # Errors
/// Returns an error if the output fails.
pub fn write_page(
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
    let page = PageTemplate {
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
    page.render_into(out).map_err(Error::new)
}
