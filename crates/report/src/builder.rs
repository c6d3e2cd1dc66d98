//! Reads a corpus row after row, in memory that does not grow with it.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use nasaq::{FindingKind, Language};
use nasaq_quality::Account;
use nasaq_text::{compare_quantities, normalise, quantities};

use crate::arabic::ArabicBuilder;
use crate::corpus::{CorpusReport, Disagreement, Expected, Headline};
use crate::correlation::CorrelationBuilder;
use crate::curve::CurveBuilder;
use crate::documents::{DocumentsBuilder, Mean, SideTotals, Verdicts};
use crate::duplicates::DuplicatesBuilder;
use crate::gold::GoldReport;
use crate::histogram::Histogram;
use crate::languages::LanguagesBuilder;
use crate::least::{Least, ascending, shuffled};
use crate::lengths::LengthsBuilder;
use crate::listed::{DoubtfulPair, ListedPair, Reasons, neighbour};
use crate::missing::MissingBuilder;
use crate::number::rounded;
use crate::options::{ReportOptions, Verdict};
use crate::row::Row;
use crate::words::WordsBuilder;

/// Pairs that are listed for their numbers or names, and around the threshold.
const DISAGREEMENTS: usize = 30;
const BORDERLINE: usize = 20;

/// Gathers what a [`CorpusReport`] says.
///
/// Rows are added in the order of the corpus, those of one document together. What the report holds
/// does not grow with the corpus: counts are histograms, samples are drawn by the seed, lists have
/// an end, distinct words and pairs are counted exactly up to a bound and estimated beyond.
#[derive(Clone, Debug)]
pub struct ReportBuilder {
    options: ReportOptions,
    rows: u64,
    empty: u64,
    pairs: u64,
    sides: [SideTotals; 2],
    verdicts: Verdicts,
    probability: Rated,
    quality: Rated,
    /// The sum of p (1 − p).
    variance: f64,
    kinds: BTreeMap<String, u64>,
    reasons: Reasons,
    doc: Arc<str>,
    last: Option<[String; 2]>,
    pending: Option<DoubtfulPair>,
    doubtful: Least<i64, DoubtfulPair>,
    missing: MissingBuilder,
    /// The places of `numbers_missing` and `names_missing` among the features.
    disagreeing: [Option<usize>; 2],
    disagreements: [Least<Reverse<u64>, Disagreement>; 2],
    documents: DocumentsBuilder,
    curve: CurveBuilder,
    lengths: LengthsBuilder,
    correlation: CorrelationBuilder,
    duplicates: DuplicatesBuilder,
    languages: LanguagesBuilder,
    borderline: Least<(i64, u64), ListedPair>,
    words: WordsBuilder,
    arabic: ArabicBuilder,
    sample: Least<u64, ListedPair>,
}

/// A number between 0 and 1 that pairs may have.
#[derive(Clone, Debug)]
struct Rated {
    mean: Mean,
    histogram: Histogram,
}

impl Rated {
    fn new() -> Self {
        Self { mean: Mean::default(), histogram: Histogram::new(0.0, 1.0, 50) }
    }

    fn add(&mut self, value: Option<f64>) {
        self.mean.add(value);
        if let Some(value) = value {
            self.histogram.add(value);
        }
    }

    fn histogram(self) -> Option<Histogram> {
        (self.mean.count > 0).then_some(self.histogram)
    }
}

impl ReportBuilder {
    /// Starts with no row.
    #[must_use]
    pub fn new(options: ReportOptions) -> Self {
        let place = |wanted: &str| options.features.iter().position(|name| name == wanted);
        Self {
            rows: 0,
            empty: 0,
            pairs: 0,
            sides: Default::default(),
            verdicts: Verdicts::default(),
            probability: Rated::new(),
            quality: Rated::new(),
            variance: 0.0,
            kinds: BTreeMap::new(),
            reasons: Reasons::default(),
            doc: "".into(),
            last: None,
            pending: None,
            doubtful: Least::new(options.doubtful),
            missing: MissingBuilder::new(),
            disagreeing: [place("numbers_missing"), place("names_missing")],
            disagreements: std::array::from_fn(|_| Least::new(DISAGREEMENTS)),
            documents: DocumentsBuilder::new(&options),
            curve: CurveBuilder::new(),
            lengths: LengthsBuilder::new(),
            correlation: CorrelationBuilder::new(options.seed),
            duplicates: DuplicatesBuilder::new(),
            languages: LanguagesBuilder::new(&options.features),
            borderline: Least::new(BORDERLINE),
            words: WordsBuilder::new(),
            arabic: ArabicBuilder::new(&options.features),
            sample: Least::new(options.sample),
            options,
        }
    }

    /// Adds the next row.
    pub fn add(&mut self, row: &Row<'_>) {
        let number = self.rows;
        self.rows += 1;
        let begins = self.documents.begins(row);
        self.settle(if begins { None } else { Some(row) });
        if begins {
            self.doc = self.documents.begin(row, number);
            self.missing.end_document();
            self.last = None;
        }
        if let Some(kind) = row.kind {
            *self.kinds.entry(kind.to_string()).or_default() += 1;
        }
        let normal = [normalise(row.arabic), normalise(row.english)];
        let words = self.words.add(&normal[0], &normal[1]);
        self.arabic.add(row, &normal[0]);
        let is_pair = row.is_pair();
        let (source, target) = row.kind.map_or((0, 0), |kind| (kind.src as u64, kind.tgt as u64));
        let segments = match self.options.source {
            Language::Arabic => [source, target],
            Language::English => [target, source],
        };
        self.sides[0].add(row.arabic, words[0], segments[0], is_pair);
        self.sides[1].add(row.english, words[1], segments[1], is_pair);
        let verdict = self.options.thresholds.judge(row.probability, row.quality);
        if is_pair {
            self.missing.pair(row);
            self.documents.add(row, number, words, verdict, None, self.options.source);
            self.add_pair(row, number, words, verdict);
        } else {
            let kind = self.add_missing(row, number, words);
            self.documents.add(row, number, words, None, Some(kind), self.options.source);
        }
        self.last = Some(neighbour(row));
    }

    fn add_missing(&mut self, row: &Row<'_>, number: u64, words: [u64; 2]) -> FindingKind {
        let is_arabic = !row.arabic.trim().is_empty();
        let is_source = is_arabic == (self.options.source == Language::Arabic);
        if !is_arabic && row.english.trim().is_empty() {
            // An empty line that an aligner left alone: nobody misses it.
            self.empty += 1;
            return FindingKind::Omitted;
        }
        self.missing.add(row, number, &self.doc, words.iter().sum(), is_source)
    }

    fn add_pair(&mut self, row: &Row<'_>, number: u64, words: [u64; 2], verdict: Option<Verdict>) {
        self.pairs += 1;
        self.verdicts.add(verdict);
        self.probability.add(row.probability);
        self.quality.add(row.quality);
        if let Some(probability) = row.probability {
            self.variance += probability * (1.0 - probability);
        }
        self.reasons.add(row.reasons);
        self.lengths.add([row.arabic, row.english], words, row.kind, self.options.source);
        self.duplicates.add(row, words[1]);
        self.languages.add(row);
        let rated = [row.probability, row.quality].into_iter();
        let features =
            (0..self.options.features.len()).map(|at| row.features.get(at).copied().flatten());
        self.correlation.add(number, rated.chain(features));
        let seed = self.options.seed;
        let options = &self.options;
        let listed = || ListedPair::new(row, number, &self.doc, options);
        self.sample.add(shuffled(number, seed), number, listed);
        if let Some(quality) = row.quality {
            self.curve.add(quality, words[1]);
            let distance = ascending((quality - options.thresholds.ready_quality).abs());
            self.borderline.add((distance, shuffled(number, seed)), number, listed);
        }
        for (at, place) in self.disagreeing.iter().enumerate() {
            let missing = place.and_then(|place| row.features.get(place).copied().flatten());
            let missing = missing.unwrap_or(0.0).max(0.0) as u64;
            if missing > 0 {
                self.disagreements[at].add(Reverse(missing), number, || {
                    disagreement(listed(), row, missing, at == 0)
                });
            }
        }
        if matches!(verdict, Some(Verdict::Check | Verdict::Reject))
            && let Some(confidence) = row.confidence()
            && (self.doubtful.wants(&ascending(confidence), number)
                || self.documents.wants(confidence, number))
        {
            self.pending =
                Some(DoubtfulPair { pair: listed(), before: self.last.clone(), after: None });
        }
    }

    /// Lists the doubtful pair before this row, now that what follows it is known.
    fn settle(&mut self, next: Option<&Row<'_>>) {
        let Some(mut pair) = self.pending.take() else { return };
        pair.after = next.map(neighbour);
        let Some(confidence) = pair.pair.confidence() else { return };
        self.documents.keep(confidence, &pair);
        self.doubtful.add(ascending(confidence), pair.pair.row, || pair);
    }

    /// Gives the report; the account of filters and what gold says are taken in as they are.
    #[must_use]
    pub fn finish(mut self, filters: Option<Account>, gold: Option<GoldReport>) -> CorpusReport {
        self.settle(None);
        let (documents, of_documents) = self.documents.finish();
        let mut doubtful = self.doubtful.into_sorted();
        doubtful.extend(of_documents);
        // The worst of a document may be among the worst of all.
        doubtful
            .sort_by_key(|pair| (ascending(pair.pair.confidence().unwrap_or(1.0)), pair.pair.row));
        doubtful.dedup_by_key(|pair| pair.pair.row);
        let ([arabic_vocabulary, english_vocabulary], spellings) = self.words.finish();
        let [numbers, names] = self.disagreements.map(Least::into_sorted);
        let rated = ["probability", "quality"].map(str::to_owned).into_iter();
        let wrong = self.probability.mean.count as f64 - self.probability.mean.sum;
        let expected = Expected::new(self.probability.mean.count, wrong, self.variance);
        let [arabic, english] = self.sides;
        CorpusReport {
            headline: Headline {
                rows: self.rows,
                pairs: self.pairs,
                missing: self.rows - self.pairs - self.empty,
                empty: self.empty,
                documents: documents.count,
                arabic_coverage: rounded(arabic.coverage()),
                english_coverage: rounded(english.coverage()),
                arabic,
                english,
                verdicts: self.verdicts,
                probability: self.probability.mean.get(),
                quality: self.quality.mean.get(),
                expected_wrong: expected,
            },
            kinds: self.kinds,
            reasons: self.reasons.finish(),
            doubtful,
            missing: self.missing.finish(),
            numbers,
            names,
            documents,
            filters,
            probability: self.probability.histogram(),
            quality: self.quality.histogram(),
            kept: self.curve.finish(),
            lengths: self.lengths.finish(),
            correlation: self
                .correlation
                .finish(rated.chain(self.options.features.iter().cloned())),
            duplicates: self.duplicates.finish(),
            languages: self.languages.finish(),
            borderline: self.borderline.into_sorted(),
            arabic_vocabulary,
            english_vocabulary,
            arabic: self.arabic.finish(),
            spellings,
            sample: self.sample.into_sorted(),
            gold,
            options: self.options,
        }
    }
}

impl Expected {
    /// Gives the number of wrong pairs: each is wrong with its own chance, so the number has a
    /// Poisson binomial distribution, which is nearly normal where it is large.
    fn new(of: u64, wrong: f64, variance: f64) -> Option<Self> {
        let half = 1.959_964 * variance.max(0.0).sqrt();
        (of > 0).then(|| Self {
            of,
            wrong: rounded(wrong),
            low: rounded((wrong - half).max(0.0)),
            high: rounded((wrong + half).min(of as f64)),
        })
    }
}

fn disagreement(pair: ListedPair, row: &Row<'_>, missing: u64, numbers: bool) -> Disagreement {
    let (mut only_arabic, mut only_english) = (Vec::new(), Vec::new());
    if numbers {
        let (arabic, english) = (normalise(row.arabic), normalise(row.english));
        let found =
            [quantities(&arabic, Language::Arabic), quantities(&english, Language::English)];
        let compared = compare_quantities(&found[0], &found[1]);
        for (text, found, answers, into) in [
            (&arabic, &found[0], &compared.src, &mut only_arabic),
            (&english, &found[1], &compared.tgt, &mut only_english),
        ] {
            let firm = found
                .iter()
                .zip(answers)
                .filter(|(quantity, answer)| answer.is_none() && quantity.is_firm());
            into.extend(firm.map(|(quantity, _)| text[quantity.bytes.clone()].to_owned()).take(12));
        }
    }
    Disagreement { pair, missing, only_arabic, only_english }
}
