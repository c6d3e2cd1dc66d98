//! Builds the report of a corpus row by row, in memory that does not grow with the corpus.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use nasaq::{FindingKind, Language};
use nasaq_quality::FilterSummary;
use nasaq_text::{compare_quantities, normalise, quantities};

use crate::arabic::ArabicBuilder;
use crate::corpus::{CopiedLines, CorpusReport, Disagreement, ExpectedWrong, Headline};
use crate::correlation::CorrelationBuilder;
use crate::documents::DocumentsBuilder;
use crate::duplicates::DuplicatesBuilder;
use crate::gold::GoldReport;
use crate::histogram::Histogram;
use crate::languages::LanguagesBuilder;
use crate::lengths::LengthsBuilder;
use crate::listed_pair::{DoubtKey, DoubtfulPair, ListedPair, doubt_key, is_copy, neighbour_texts};
use crate::missing::MissingTextBuilder;
use crate::number::rounded;
use crate::options::{PairVerdict, ReportOptions};
use crate::reasons::ReasonCounts;
use crate::retention::RetentionBuilder;
use crate::row::ReportRow;
use crate::top_k::{TopK, ascending_key, shuffled_key};
use crate::totals::{RunningMean, SideTotals, VerdictCounts};
use crate::words::WordsBuilder;

/// Maximum number of listed pairs with numbers, or with names, that only one side has.
const MAX_DISAGREEMENTS: usize = 30;
/// Maximum number of listed pairs around the ready threshold.
const MAX_BORDERLINE: usize = 20;
/// Maximum number of listed lines that are the same on both sides.
const MAX_COPIES: usize = 30;
/// Maximum number of values listed for one side of a disagreement.
const MAX_VALUES: usize = 12;

/// Builds a [`CorpusReport`] from the rows of a corpus.
///
/// Add rows in the order of the corpus; those of one document must follow each other. Memory does
/// not grow with the corpus: counts are histograms, samples are chosen by the seed, lists are
/// bounded, and distinct words and pairs are counted exactly up to a limit and estimated beyond it.
#[derive(Clone, Debug)]
pub struct ReportBuilder {
    options: ReportOptions,
    rows: u64,
    empty: u64,
    pairs: u64,
    moved: u64,
    sides: [SideTotals; 2],
    verdicts: VerdictCounts,
    probability: ScoreStats,
    quality: ScoreStats,
    /// The variance of the number of wrong pairs: the sum of p (1 − p).
    variance: f64,
    kinds: BTreeMap<String, u64>,
    reasons: ReasonCounts,
    doc: Arc<str>,
    /// The texts of the previous row of the document.
    previous: Option<[String; 2]>,
    /// A doubtful pair that waits for the text of the next row.
    pending: Option<DoubtfulPair>,
    /// The pairs whose alignment is doubtful, and those whose translation is.
    doubtful: [TopK<DoubtKey, DoubtfulPair>; 2],
    /// The lines that are the same on both sides.
    copies: CopiedLines,
    missing: MissingTextBuilder,
    /// The indices of the features `numbers_missing` and `names_missing`.
    missing_features: [Option<usize>; 2],
    disagreements: [TopK<Reverse<u64>, Disagreement>; 2],
    documents: DocumentsBuilder,
    retention: RetentionBuilder,
    lengths: LengthsBuilder,
    correlation: CorrelationBuilder,
    duplicates: DuplicatesBuilder,
    languages: LanguagesBuilder,
    borderline: TopK<(i64, u64), ListedPair>,
    words: WordsBuilder,
    arabic: ArabicBuilder,
    sample: TopK<u64, ListedPair>,
}

/// The mean and the histogram of a score between 0 and 1.
#[derive(Clone, Debug)]
struct ScoreStats {
    mean: RunningMean,
    histogram: Histogram,
}

impl ScoreStats {
    fn new() -> Self {
        Self { mean: RunningMean::default(), histogram: Histogram::new(0.0, 1.0, 50) }
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
    /// Creates a builder without rows.
    #[must_use]
    pub fn new(options: ReportOptions) -> Self {
        let index = |feature: &str| options.features.iter().position(|name| name == feature);
        Self {
            rows: 0,
            empty: 0,
            pairs: 0,
            moved: 0,
            sides: Default::default(),
            verdicts: VerdictCounts::default(),
            probability: ScoreStats::new(),
            quality: ScoreStats::new(),
            variance: 0.0,
            kinds: BTreeMap::new(),
            reasons: ReasonCounts::default(),
            doc: "".into(),
            previous: None,
            pending: None,
            doubtful: std::array::from_fn(|_| TopK::new(options.doubtful)),
            copies: CopiedLines::default(),
            missing: MissingTextBuilder::new(),
            missing_features: [index("numbers_missing"), index("names_missing")],
            disagreements: std::array::from_fn(|_| TopK::new(MAX_DISAGREEMENTS)),
            documents: DocumentsBuilder::new(&options),
            retention: RetentionBuilder::new(),
            lengths: LengthsBuilder::new(),
            correlation: CorrelationBuilder::new(options.seed),
            duplicates: DuplicatesBuilder::new(),
            languages: LanguagesBuilder::new(&options.features),
            borderline: TopK::new(MAX_BORDERLINE),
            words: WordsBuilder::new(),
            arabic: ArabicBuilder::new(&options.features),
            sample: TopK::new(options.sample),
            options,
        }
    }

    /// Adds the next row.
    pub fn add(&mut self, row: &ReportRow<'_>) {
        let index = self.rows;
        self.rows += 1;
        let is_new_document = self.documents.is_new_document(row);
        self.list_pending(if is_new_document { None } else { Some(row) });
        if is_new_document {
            self.doc = self.documents.begin(row, index);
            self.missing.end_document();
            self.previous = None;
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
            self.moved += u64::from(row.moved);
            self.missing.pair(row);
            self.documents.add(row, index, words, verdict, None, self.options.source);
            self.add_pair(row, index, words, verdict);
        } else {
            let kind = self.add_missing(row, index, words);
            self.documents.add(row, index, words, None, Some(kind), self.options.source);
        }
        self.previous = Some(neighbour_texts(row));
    }

    fn add_missing(&mut self, row: &ReportRow<'_>, index: u64, words: [u64; 2]) -> FindingKind {
        let is_arabic = !row.arabic.trim().is_empty();
        let is_source = is_arabic == (self.options.source == Language::Arabic);
        if !is_arabic && row.english.trim().is_empty() {
            // An empty line that is unaligned is not missing text.
            self.empty += 1;
            return FindingKind::Omitted;
        }
        self.missing.add(row, index, &self.doc, words.iter().sum(), is_source)
    }

    fn add_pair(
        &mut self,
        row: &ReportRow<'_>,
        index: u64,
        words: [u64; 2],
        verdict: Option<PairVerdict>,
    ) {
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
        let scores = [row.probability, row.quality].into_iter();
        let features =
            (0..self.options.features.len()).map(|at| row.features.get(at).copied().flatten());
        self.correlation.add(index, scores.chain(features));
        let seed = self.options.seed;
        let options = &self.options;
        let listed = || ListedPair::new(row, index, &self.doc, options);
        self.sample.add(shuffled_key(index, seed), index, listed);
        if let Some(quality) = row.quality {
            self.retention.add(quality, words[1]);
            let distance = ascending_key((quality - options.thresholds.ready_quality).abs());
            self.borderline.add((distance, shuffled_key(index, seed)), index, listed);
        }
        for (at, feature) in self.missing_features.iter().enumerate() {
            let missing = feature.and_then(|feature| row.features.get(feature).copied().flatten());
            let missing = missing.unwrap_or(0.0).max(0.0) as u64;
            if missing > 0 {
                let is_numbers = at == 0;
                self.disagreements[at].add(Reverse(missing), index, || {
                    disagreement(listed(), row, missing, is_numbers)
                });
            }
        }
        let key = doubt_key(row, options);
        if key.is_none() && is_copy(row) {
            self.copies.count += 1;
            if self.copies.listed.len() < MAX_COPIES {
                self.copies.listed.push(listed());
            }
        }
        if matches!(verdict, Some(PairVerdict::Check | PairVerdict::Reject))
            && let Some(key) = key
            && (self.doubtful[key.0 as usize].accepts(&key, index)
                || self.documents.accepts_doubtful(key, index))
        {
            let before = self.previous.clone();
            self.pending = Some(DoubtfulPair { pair: listed(), doubt: key.0, before, after: None });
        }
    }

    /// Adds the pending doubtful pair to the lists, with the text of the next row of its document.
    fn list_pending(&mut self, next: Option<&ReportRow<'_>>) {
        let Some(mut pair) = self.pending.take() else { return };
        pair.after = next.map(neighbour_texts);
        self.documents.add_doubtful(&pair);
        self.doubtful[pair.doubt as usize].add(pair.key(), pair.pair.row, || pair);
    }

    /// Returns the report. It contains the given filter account and the given comparison with gold
    /// alignments unchanged.
    #[must_use]
    pub fn finish(
        mut self,
        filters: Option<FilterSummary>,
        gold: Option<GoldReport>,
    ) -> CorpusReport {
        self.list_pending(None);
        let (documents, doubtful_by_document) = self.documents.finish();
        let [alignments, translations] = self.doubtful.map(TopK::into_sorted);
        let mut doubtful = [alignments, translations, doubtful_by_document].concat();
        // A pair may be among the worst of its document and among the worst of all.
        doubtful.sort_by_key(|pair| (pair.key(), pair.pair.row));
        doubtful.dedup_by_key(|pair| pair.pair.row);
        let ([arabic_vocabulary, english_vocabulary], spellings) = self.words.finish();
        let [numbers, names] = self.disagreements.map(TopK::into_sorted);
        let scores = ["probability", "quality"].map(str::to_owned).into_iter();
        let wrong = self.probability.mean.count as f64 - self.probability.mean.sum;
        let expected = ExpectedWrong::new(self.probability.mean.count, wrong, self.variance);
        let [arabic, english] = self.sides;
        CorpusReport {
            headline: Headline {
                rows: self.rows,
                pairs: self.pairs,
                moved: self.moved,
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
            copies: self.copies,
            missing: self.missing.finish(),
            numbers,
            names,
            documents,
            filters,
            probability: self.probability.histogram(),
            quality: self.quality.histogram(),
            kept: self.retention.finish(),
            lengths: self.lengths.finish(),
            correlation: self
                .correlation
                .finish(scores.chain(self.options.features.iter().cloned())),
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

/// Makes a disagreement. The values themselves are listed for numbers only, as names are compared
/// by sound.
fn disagreement(
    pair: ListedPair,
    row: &ReportRow<'_>,
    missing: u64,
    is_numbers: bool,
) -> Disagreement {
    let (mut only_arabic, mut only_english) = (Vec::new(), Vec::new());
    if is_numbers {
        let (arabic, english) = (normalise(row.arabic), normalise(row.english));
        let found =
            [quantities(&arabic, Language::Arabic), quantities(&english, Language::English)];
        let compared = compare_quantities(&found[0], &found[1]);
        for (text, found, partners, only) in [
            (&arabic, &found[0], &compared.src, &mut only_arabic),
            (&english, &found[1], &compared.tgt, &mut only_english),
        ] {
            let unmatched = found
                .iter()
                .zip(partners)
                .filter(|(quantity, partner)| partner.is_none() && quantity.is_firm());
            let texts = unmatched.map(|(quantity, _)| text[quantity.bytes.clone()].to_owned());
            only.extend(texts.take(MAX_VALUES));
        }
    }
    Disagreement { pair, missing, only_arabic, only_english }
}
