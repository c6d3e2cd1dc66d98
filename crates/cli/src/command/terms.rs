//! `nasaq terms`: candidates for a terminology from a bitext.
//!
//! A first pass finds the terms, a second one takes an example of each from the bitext.

use std::collections::HashMap;

use nasaq::{Term, TermFinder};
use nasaq_formats::{Output, TermWriter};
use nasaq_job::UserLexicon;

use crate::bitext::{CorpusInput, count, warn_of_skipped};
use crate::failure::ExitStatus;
use crate::plan::TermsPlan;
use crate::printer::Printer;

/// Finds terms.
pub(crate) fn run(plan: &TermsPlan, printer: Printer) -> anyhow::Result<ExitStatus> {
    let bitext = CorpusInput::new(&plan.bitext, printer)?;
    let out = plan.target.open_among_others()?;
    let lexicon = UserLexicon::add_to_builtin(&plan.lexicons);
    let mut finder = TermFinder::new(&lexicon, bitext.src_lang(), plan.settings.clone());
    let mut rows = bitext.rows_with_bar("reading", None)?;
    for row in rows.by_ref() {
        let row = row?;
        finder.add(&row.src, &row.tgt);
    }
    warn_of_skipped(&rows, bitext.is_copied(), printer);
    let mut terms = finder.find();
    let found = terms.len();
    if plan.only_new {
        terms.retain(|term| !term.is_known);
    }
    let examples = examples(&bitext, &terms)?;
    let mut writer = TermWriter::new(out, plan.format, bitext.src_lang())?;
    for term in &terms {
        let example = term.examples.first().and_then(|index| examples.get(index));
        writer.write(term, example.map(|texts| texts.each_ref().map(String::as_str)))?;
    }
    Output::commit_all([writer.finish()?])?;
    let known = match found - terms.len() {
        0 => String::new(),
        known => format!("; {} of the lexicon not written", count(known as u64, "term")),
    };
    let pairs = finder.pairs() as u64;
    printer.print(&format!(
        "{} from {}{known}\n",
        count(terms.len() as u64, "term"),
        count(pairs, "pair")
    ));
    let long = finder.long_pairs() as u64;
    if long > 0 {
        printer.warn(
            &format!("no terms were looked for in {}: more than 1,000 words", count(long, "pair")),
            "divide the texts: nasaq align writes pairs of sentences",
        );
    }
    if found == 0 {
        printer.warn(
            "no phrase of the bitext is translated in the same way again and again",
            "a larger bitext has more terms; --min-score 0.1 takes less certain ones",
        );
    }
    Ok(ExitStatus::Done)
}

/// Returns the texts of the first pair of each term, by the index of the pair.
fn examples(bitext: &CorpusInput, terms: &[Term]) -> anyhow::Result<HashMap<u64, [String; 2]>> {
    let mut texts: HashMap<u64, [String; 2]> = HashMap::new();
    for index in terms.iter().filter_map(|term| term.examples.first()) {
        texts.entry(*index).or_default();
    }
    for (index, row) in (0_u64..).zip(bitext.rows_with_bar("taking examples", None)?) {
        let row = row?;
        if let Some(texts) = texts.get_mut(&index) {
            *texts = [row.src, row.tgt].map(|text| text.to_string());
        }
    }
    Ok(texts)
}
