//! Distils pairs of words from the encoder into the lexicon.
//!
//! The encoder knows far more words than the parallel texts have. Its vectors of the commonest
//! words of both languages are compared once, and close pairs become entries of the lexicon, so
//! that the aligner profits from them without encoding words.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, anyhow, ensure};
use flate2::read::GzDecoder;
use nasaq::{Encoder, Language, Lexicon};
use nasaq_encoder::CnnEncoder;
use nasaq_kernels::{Kernel, Packed};
use nasaq_text::{is_function_stem, normalise, stem, words};
use rayon::prelude::*;

use super::write;

/// The number of words that are encoded at once.
const ENCODED_TOGETHER: usize = 4096;
/// The number of vectors of one side that are compared at once with all of the other.
const COMPARED_TOGETHER: usize = 64;

/// The arguments of `distil-lexicon`.
#[derive(clap::Args)]
pub(crate) struct DistilArgs {
    /// The word frequencies: `pip download --no-deps pyspellchecker==0.9.1`.
    wheel: PathBuf,
    /// The lexicon to which the pairs are added.
    #[arg(long, default_value = "crates/text/assets/lexicon.nasaq")]
    lexicon: PathBuf,
    /// The lexicon file to write.
    #[arg(short, default_value = "crates/text/assets/lexicon.nasaq")]
    output: PathBuf,
    /// A model file [default: the built-in model]
    #[arg(long)]
    model: Option<PathBuf>,
    /// The number of the commonest Arabic words that are used. There are more than in English,
    /// because particles are written on the words.
    #[arg(long, default_value_t = 60_000)]
    arabic_words: usize,
    /// The number of the commonest English words that are used.
    #[arg(long, default_value_t = 40_000)]
    english_words: usize,
    /// How many nearest stems of the other language are considered for each stem.
    #[arg(long, default_value_t = 8)]
    neighbours: usize,
    /// The cosine up to which stems are no pair.
    #[arg(long, default_value_t = 0.25)]
    from: f32,
    /// The square root of the similarity of stems whose cosine is 1. It is below 1, because a high
    /// cosine shows related words and not only translations.
    #[arg(long, default_value_t = 0.5)]
    max: f32,
}

/// The stems of one language, the commonest first.
#[derive(Default)]
struct Vocabulary {
    stems: Vec<String>,
    /// The commonest word of each stem.
    words: Vec<String>,
}

impl Vocabulary {
    /// Collects the stems of words, which are ordered by how common they are.
    fn new(words: &[String], language: Language) -> Self {
        let mut vocabulary = Self::default();
        let mut known = HashSet::new();
        for word in words.iter().filter_map(|word| single_word(word, language)) {
            let stem = stem(&word, language);
            let is_content = !is_function_stem(&stem, language) && stem.chars().count() > 1;
            if is_content && known.insert(stem.clone()) {
                vocabulary.stems.push(stem);
                vocabulary.words.push(word);
            }
        }
        vocabulary
    }

    /// Encodes the words and subtracts their mean from each, because words of one language are
    /// closer to each other than to their translations. The vectors have length 1.
    fn encode(&self, encoder: &impl Encoder, kernel: Kernel) -> Result<Vec<f32>> {
        let dim = encoder.dim();
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        let mut vectors = Vec::with_capacity(words.len() * dim);
        for words in words.chunks(ENCODED_TOGETHER) {
            vectors.extend(encoder.encode(words).map_err(|error| anyhow!("{error}"))?);
        }
        let mut mean = vec![0.0; dim];
        for vector in vectors.chunks_exact_mut(dim) {
            kernel.normalise(vector);
            add(&mut mean, vector, 1.0 / words.len() as f32);
        }
        for vector in vectors.chunks_exact_mut(dim) {
            add(vector, &mean, -1.0);
            kernel.normalise(vector);
        }
        Ok(vectors)
    }
}

/// Returns a word of the list in its normal form, or `None` if it is of no use: text of another
/// script, a number, several words, or too short to be encoded well.
fn single_word(word: &str, language: Language) -> Option<String> {
    let word = normalise(word).to_lowercase();
    let has_language = |c: char| match language {
        Language::Arabic => ('\u{620}'..='\u{64A}').contains(&c),
        _ => c.is_ascii_lowercase(),
    };
    let min_chars = if language == Language::Arabic { 2 } else { 3 };
    let is_useful = word.chars().all(has_language)
        && word.chars().count() >= min_chars
        && words(&word).next() == Some(&*word);
    is_useful.then_some(word)
}

fn add(sum: &mut [f32], vector: &[f32], weight: f32) {
    sum.iter_mut().zip(vector).for_each(|(sum, value)| *sum += weight * value);
}

/// The nearest stems of the other language, the nearest first, with their cosines.
type Nearest = Vec<(u32, f32)>;

/// Finds for each vector the `count` nearest of the other language.
fn nearest(kernel: Kernel, own: &[f32], other: &[f32], dim: usize, count: usize) -> Vec<Nearest> {
    let others = other.len() / dim;
    let packed = Packed::transposed(other, others, dim);
    let of_block = |block: &[f32]| {
        let rows: Vec<usize> = (0..block.len()).step_by(dim).collect();
        let mut cosines = vec![0.0; rows.len() * others];
        kernel.matmul(block, &rows, &packed, &mut cosines);
        cosines.chunks_exact(others).map(|cosines| greatest(cosines, count)).collect::<Vec<_>>()
    };
    own.par_chunks(COMPARED_TOGETHER * dim).flat_map_iter(of_block).collect()
}

/// Returns the indices and values of the greatest values, the greatest first; of equal values, the
/// first ones.
fn greatest(values: &[f32], count: usize) -> Nearest {
    let mut found = Nearest::with_capacity(count + 1);
    for (id, &value) in (0..).zip(values) {
        if found.len() < count || found.last().is_some_and(|&(_, last)| value > last) {
            let at = found.partition_point(|&(_, other)| other >= value);
            found.insert(at, (id, value));
            found.truncate(count);
        }
    }
    found
}

/// Returns the pairs of an Arabic and an English stem of which one is among the nearest of the
/// other, with their cosines.
fn near_pairs(arabic: &[Nearest], english: &[Nearest]) -> BTreeMap<(u32, u32), f32> {
    let mut pairs = BTreeMap::new();
    for (a, nearest) in (0..).zip(arabic) {
        pairs.extend(nearest.iter().map(|&(e, cosine)| ((a, e), cosine)));
    }
    for (e, nearest) in (0..).zip(english) {
        for &(a, cosine) in nearest {
            pairs.entry((a, e)).or_insert(cosine);
        }
    }
    pairs
}

/// Adds the pairs that the encoder knows to a lexicon.
#[expect(clippy::print_stdout, reason = "the counts are the output of the task")]
pub(crate) fn distil(args: &DistilArgs) -> Result<()> {
    let start = Instant::now();
    let bytes = fs::read(&args.lexicon).with_context(|| args.lexicon.display().to_string())?;
    let learned = Lexicon::from_bytes(&bytes)?;
    let model = crate::model::read(args.model.as_deref())?;
    let encoder = CnnEncoder::from_bytes(model)?;
    let kernel = Kernel::detect();
    let vocabulary = |name, count, language| -> Result<(Vocabulary, Vec<f32>)> {
        let mut words = commonest_words(&args.wheel, name)?;
        words.truncate(count);
        let vocabulary = Vocabulary::new(&words, language);
        ensure!(!vocabulary.stems.is_empty(), "{name} has no words");
        println!("{name}: {} words, {} stems", words.len(), vocabulary.stems.len());
        let vectors = vocabulary.encode(&encoder, kernel)?;
        Ok((vocabulary, vectors))
    };
    let (arabic, arabic_vectors) = vocabulary("ar", args.arabic_words, Language::Arabic)?;
    let (english, english_vectors) = vocabulary("en", args.english_words, Language::English)?;
    let (dim, count) = (encoder.dim(), args.neighbours);
    let of_arabic = nearest(kernel, &arabic_vectors, &english_vectors, dim, count);
    let of_english = nearest(kernel, &english_vectors, &arabic_vectors, dim, count);

    let mut lexicon = Lexicon::empty();
    for ((a, e), cosine) in near_pairs(&of_arabic, &of_english) {
        let root = args.max * ((cosine - args.from) / (1.0 - args.from)).clamp(0.0, 1.0);
        lexicon.set(&arabic.stems[a as usize], &english.stems[e as usize], root * root);
    }
    println!("{} pairs, {} before", lexicon.len(), learned.len());
    lexicon.merge(&learned);
    write(&lexicon, &args.output, start)
}

/// Reads the words of a language from the wheel of pyspellchecker, the commonest first.
fn commonest_words(wheel: &Path, language: &str) -> Result<Vec<String>> {
    let name = format!("spellchecker/resources/{language}.json.gz");
    let file = File::open(wheel).with_context(|| wheel.display().to_string())?;
    let mut archive = zip::ZipArchive::new(file)?;
    let entry = archive.by_name(&name).with_context(|| format!("{}: {name}", wheel.display()))?;
    let mut json = String::new();
    GzDecoder::new(entry).read_to_string(&mut json).with_context(|| name.clone())?;
    let counts: BTreeMap<String, u64> = serde_json::from_str(&json).context(name)?;
    Ok(by_count(counts))
}

/// Orders words by how often they occur; words of equal counts remain in their order.
fn by_count(counts: BTreeMap<String, u64>) -> Vec<String> {
    let mut words: Vec<(String, u64)> = counts.into_iter().collect();
    words.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    words.into_iter().map(|(word, _)| word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stem_is_represented_by_its_commonest_word() {
        let words = ["the", "books", "pen", "book", "1990s", "book's", "ab", "x y", "كتاب"];
        let vocabulary = Vocabulary::new(&words.map(str::to_owned), Language::English);
        assert_eq!(vocabulary.stems, ["book", "pen"]);
        assert_eq!(vocabulary.words, ["books", "pen"]);
        let words = ["من", "الكِتاب", "قلم", "كتاب", "book", "٣"];
        let vocabulary = Vocabulary::new(&words.map(str::to_owned), Language::Arabic);
        assert_eq!(vocabulary.words, ["الكتاب", "قلم"]);
    }

    #[test]
    fn words_are_ordered_by_count_and_then_by_themselves() {
        let counts = [("b", 2), ("a", 2), ("c", 3)].map(|(word, count)| (word.to_owned(), count));
        assert_eq!(by_count(counts.into()), ["c", "a", "b"]);
    }

    #[test]
    fn the_nearest_are_ordered_and_the_first_of_equals() {
        assert_eq!(greatest(&[0.1, 0.5, 0.3, 0.5, 0.5], 3), [(1, 0.5), (3, 0.5), (4, 0.5)]);
        assert_eq!(greatest(&[0.1, 0.5], 3), [(1, 0.5), (0, 0.1)]);
        let (own, other) = ([1.0, 0.0, 0.0, 1.0], [0.0, 1.0, 0.8, 0.6, 1.0, 0.0]);
        let found = nearest(Kernel::detect(), &own, &other, 2, 2);
        assert_eq!(found, [[(2, 1.0), (1, 0.8)], [(0, 1.0), (1, 0.6)]]);
    }

    #[test]
    fn a_pair_is_near_from_either_side() {
        let (arabic, english) =
            ([vec![(0, 0.5)], vec![(0, 0.3)]], [vec![(0, 0.5)], vec![(1, 0.2)]]);
        let pairs: Vec<_> = near_pairs(&arabic, &english).into_iter().collect();
        assert_eq!(pairs, [((0, 0), 0.5), ((1, 0), 0.3), ((1, 1), 0.2)]);
    }
}
