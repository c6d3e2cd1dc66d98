//! Times the encoder in all precisions on one thread, by stage too, measures the CPU's peak for
//! comparison, and compares the vectors of the precisions.

mod against;
mod stages;

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use nasaq::{Aligner, Encoder, EncoderError, PairVectors, VectorRequest};
use nasaq_encoder::{CnnEncoder, Precision};
use nasaq_kernels::{Kernel, Packed, PackedInt8};

/// The arguments of `speed`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A text with one sentence per line.
    text: PathBuf,
    /// Its translation; if present, the search is timed on the two texts instead of the encoder.
    #[arg(long)]
    translation: Option<PathBuf>,
    /// The maximum number of lines to read.
    #[arg(long, default_value_t = 2000)]
    lines: usize,
    /// The number of runs; the median is reported.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// A model file [default: the built-in model]
    #[arg(long)]
    model: Option<PathBuf>,
    /// An older build of this program: both run `--runs` times in turn, and the ratios of their
    /// rates are printed.
    #[arg(long, conflicts_with_all = ["translation", "model"])]
    against: Option<PathBuf>,
}

/// The size of a matrix product that fits in the cache: 96 rows of 512 by 512 columns.
const ROWS: usize = 96;
const SIDE: usize = 512;

/// Times everything and prints it.
#[expect(clippy::print_stdout, reason = "the figures are the output of the task")]
pub(crate) fn run(args: &Args) -> Result<()> {
    if let Some(old) = &args.against {
        return against::run(old, &args.text, args.lines, args.runs);
    }
    let text = fs::read_to_string(&args.text).with_context(|| args.text.display().to_string())?;
    let lines: Vec<&str> = text.lines().filter(|it| !it.is_empty()).take(args.lines).collect();
    ensure!(!lines.is_empty(), "{}: no text", args.text.display());
    let model = crate::model::read(args.model.as_deref())?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    pool.install(|| {
        println!("{} sentences, median of {} runs, one thread", lines.len(), args.runs);
        let (f32_peak, int8_peak) = peaks(args.runs);
        println!("products in the cache: {f32_peak:.1} GMAC/s in f32, {int8_peak:.1} in i8");
        if let Some(path) = &args.translation {
            let other = fs::read_to_string(path).with_context(|| path.display().to_string())?;
            let other: Vec<&str> =
                other.lines().filter(|it| !it.is_empty()).take(args.lines).collect();
            return search(args, &CnnEncoder::from_bytes(model)?, &lines, &other);
        }
        let mut vectors = Vec::new();
        for precision in Precision::ALL {
            let load = || CnnEncoder::from_bytes_in(model.clone(), precision);
            let encoder = load()?;
            let tokens: usize = lines.iter().map(|line| encoder.token_count(line) + 2).sum();
            let print = |what: &str, seconds: f64| {
                println!(
                    "{precision}, {what}: {:.0} sentences/s, {:.0} tokens/s",
                    lines.len() as f64 / seconds,
                    tokens as f64 / seconds
                );
            };
            let encode = |encoder: &CnnEncoder| {
                encoder.encode(&lines).map_err(|error| anyhow::anyhow!("encoding: {error}"))
            };
            let mut cold = Vec::new();
            for _ in 0..args.runs {
                let encoder = load()?;
                let start = Instant::now();
                encode(&encoder)?;
                cold.push(start.elapsed().as_secs_f64());
            }
            print("empty token cache", median(cold));
            vectors.push(encode(&encoder)?);
            let warm = timed(args.runs, || encode(&encoder).map(drop))?;
            print("full token cache", warm);
            let tokenize = || {
                lines.iter().map(|line| encoder.token_count(line)).sum::<usize>();
                Ok(())
            };
            print("tokenizer only", timed(args.runs, tokenize)?);
            let half = lines.len() / 2;
            let request = VectorRequest::new(9).with_windows([16]);
            let encode_pair = || {
                let sides = lines.split_at(half);
                let pair = encoder.encode_pair(sides.0, sides.1, &request);
                pair.map(drop).map_err(|error| anyhow::anyhow!("encoding: {error}"))
            };
            let blocks = timed(args.runs, encode_pair)?;
            print("all blocks up to 9", blocks);
            println!("  blocks cost {:.2} times the sentences", blocks / warm);
            let peak = if precision == Precision::Int8 { int8_peak } else { f32_peak };
            let fresh = load()?;
            stages::print(&format!("{precision}, empty token cache"), peak, || {
                encode(&fresh).map(drop)
            })?;
            stages::print(&format!("{precision}, full token cache"), peak, || {
                encode(&encoder).map(drop)
            })?;
            stages::print(&format!("{precision}, all blocks up to 9"), peak, encode_pair)?;
        }
        dense(args, &model, &text, &lines, f32_peak)?;
        let mut cosines: Vec<f32> = vectors[0]
            .chunks_exact(SIDE)
            .zip(vectors[1].chunks_exact(SIDE))
            .map(|(a, b)| a.iter().zip(b).map(|(a, b)| a * b).sum())
            .collect();
        cosines.sort_by(f32::total_cmp);
        let mean = cosines.iter().sum::<f32>() / cosines.len() as f32;
        println!("cosine of the two precisions: mean {mean:.5}, minimum {:.5}", cosines[0]);
        Ok(())
    })
}

/// Times the f32 encoder without its token cache: on the lines, where a token that is repeated in a
/// batch is computed once, and on sentences made of the text's words in which no token is repeated,
/// so that every token costs all its products.
#[expect(clippy::print_stdout, reason = "the figures are the output of the task")]
fn dense(args: &Args, model: &[u8], text: &str, lines: &[&str], peak: f64) -> Result<()> {
    /// The multiply-adds of a token: the projection, and two convolutions over 2, 3 and 5 tokens.
    const TOKEN_PRODUCTS: usize = 512 * 768 + 2 * (2 + 3 + 5) * 256 * 256;
    /// The multiply-adds of a sentence: the second convolutions of its two marks, and the head.
    const SENTENCE_PRODUCTS: usize =
        2 * 10 * 256 * 256 + 1280 * 512 + 512 * 640 + 320 * 320 + 320 * 1024 + 512 * 512;
    /// The minimum number of tokens of a sentence, and the maximum number of sentences.
    const MIN_TOKENS: usize = 39;
    const MAX_SENTENCES: usize = 200;
    let encoder = CnnEncoder::from_bytes_in(model.to_vec(), Precision::F32)?.with_cached_tokens(0);
    let encode = |text: &[&str]| {
        encoder.encode(text).map(drop).map_err(|error| anyhow::anyhow!("encoding: {error}"))
    };
    let seconds = timed(args.runs, || encode(lines))?;
    println!("f32, without the cache: {:.0} sentences/s", lines.len() as f64 / seconds);

    let (mut sentences, mut tokens) = (vec![String::new()], vec![0]);
    let mut seen = HashSet::new();
    for word in text.split_whitespace() {
        let own = encoder.tokenizer().tokens(word);
        if own.iter().any(|token| seen.contains(token)) {
            continue;
        }
        let last = sentences.len() - 1;
        if tokens[last] >= MIN_TOKENS {
            if sentences.len() == MAX_SENTENCES {
                break;
            }
            sentences.push(String::new());
            tokens.push(0);
        }
        let last = sentences.len() - 1;
        sentences[last].push_str(word);
        sentences[last].push(' ');
        tokens[last] += own.len();
        seen.extend(own);
    }
    let sentences: Vec<&str> = sentences.iter().map(String::as_str).collect();
    let seconds = timed(args.runs, || encode(&sentences))?;
    let count: usize = tokens.iter().sum();
    let products =
        (count * TOKEN_PRODUCTS + sentences.len() * SENTENCE_PRODUCTS) as f64 / seconds / 1e9;
    println!(
        "f32, without the cache, {} sentences of distinct tokens: {:.0} of {MIN_TOKENS} tokens/s, \
         {products:.1} GMAC/s, {:.0} % of the peak",
        sentences.len(),
        count as f64 / seconds / MIN_TOKENS as f64,
        100.0 * products / peak
    );
    Ok(())
}

/// An encoder that returns precomputed vectors once, and records when.
struct TimedVectors {
    dim: usize,
    vectors: Mutex<Option<PairVectors>>,
    taken: OnceLock<Instant>,
}

impl Encoder for TimedVectors {
    fn dim(&self) -> usize {
        self.dim
    }

    fn encode(&self, _: &[&str]) -> Result<Vec<f32>, EncoderError> {
        Err("only the precomputed pair can be encoded".into())
    }

    fn token_count(&self, text: &str) -> usize {
        text.chars().count()
    }

    fn encode_pair(
        &self,
        _: &[&str],
        _: &[&str],
        _: &VectorRequest,
    ) -> Result<PairVectors, EncoderError> {
        self.taken.get_or_init(Instant::now);
        let vectors = self.vectors.lock().ok().and_then(|mut vectors| vectors.take());
        vectors.ok_or_else(|| "the vectors were already taken".into())
    }
}

/// Times the aligner without the encoder: the lexical features, which are computed before encoding,
/// and the search after it.
#[expect(clippy::print_stdout, reason = "the figures are the output of the task")]
fn search(args: &Args, encoder: &CnnEncoder, src: &[&str], tgt: &[&str]) -> Result<()> {
    let request = VectorRequest::new(9).with_windows([16]);
    let failed = |error| anyhow::anyhow!("encoding: {error}");
    let vectors = encoder.encode_pair(src, tgt, &request).map_err(failed)?;
    let aligner = Aligner::builder().build()?;
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..args.runs {
        let known = TimedVectors {
            dim: vectors.0.dim,
            vectors: Mutex::new(Some(vectors.clone())),
            taken: OnceLock::new(),
        };
        let start = Instant::now();
        aligner.align(&known, src, tgt)?;
        let end = Instant::now();
        let taken = *known.taken.get().context("the aligner did not request vectors")?;
        times[0].push((taken - start).as_secs_f64());
        times[1].push((end - taken).as_secs_f64());
    }
    let [words, search] = times.map(|seconds| 1e3 * median(seconds));
    let (n, m) = (src.len(), tgt.len());
    println!("{n} by {m} segments: words {words:.1} ms, search {search:.1} ms");
    Ok(())
}

/// Returns the peak rates of products in f32 and in i8, in GMAC/s.
fn peaks(runs: usize) -> (f64, f64) {
    let kernel = Kernel::detect();
    let matrix: Vec<f32> = (0..SIDE * SIDE).map(|at| (at % 7) as f32 * 0.01).collect();
    let starts: Vec<usize> = (0..ROWS).map(|row| row * SIDE).collect();
    let floats = (vec![0.5; ROWS * SIDE], Packed::new(&matrix, SIDE, SIDE));
    let steps = vec![0.01; SIDE];
    let bytes = (vec![130; ROWS * SIDE], PackedInt8::new(&matrix, SIDE, SIDE, &steps, 128));
    let mut out = vec![0.0; ROWS * SIDE];
    let products = (ROWS * SIDE * SIDE * 40) as f64 / 1e9;
    let rate = |seconds: Vec<f64>| products / seconds.into_iter().fold(f64::INFINITY, f64::min);
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..runs {
        let start = Instant::now();
        (0..40).for_each(|_| kernel.matmul(&floats.0, &starts, &floats.1, &mut out));
        times[0].push(start.elapsed().as_secs_f64());
        let start = Instant::now();
        (0..40).for_each(|_| kernel.matmul_int8(&bytes.0, &starts, &bytes.1, &mut out));
        times[1].push(start.elapsed().as_secs_f64());
    }
    let [floats, bytes] = times;
    (rate(floats), rate(bytes))
}

/// Returns the median time of several runs in seconds.
fn timed(runs: usize, mut work: impl FnMut() -> Result<()>) -> Result<f64> {
    let mut seconds = Vec::new();
    for _ in 0..runs {
        let start = Instant::now();
        work()?;
        seconds.push(start.elapsed().as_secs_f64());
    }
    Ok(median(seconds))
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}
