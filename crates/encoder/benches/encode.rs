//! Sentences per second on the bundled news page: `cargo bench -p nasaq-encoder`.

use divan::Bencher;
use divan::counter::ItemsCount;
use nasaq::{Encoder, VectorRequest};
use nasaq_encoder::{CnnEncoder, Precision};

const ARABIC: &str = include_str!("../../../corpora/news/ar.segments.txt");
const ENGLISH: &str = include_str!("../../../corpora/news/en.segments.txt");

fn main() {
    divan::main();
}

fn segments(text: &str) -> Vec<&str> {
    text.lines().collect()
}

fn encoder(precision: Precision) -> CnnEncoder {
    CnnEncoder::builtin_in(precision).expect("the built-in model")
}

#[divan::bench]
fn tokens(bencher: Bencher<'_, '_>) {
    let (encoder, texts) = (encoder(Precision::Int8), segments(ARABIC));
    bencher
        .counter(ItemsCount::new(texts.len()))
        .bench_local(|| texts.iter().map(|text| encoder.token_count(text)).sum::<usize>());
}

#[divan::bench(args = Precision::ALL)]
fn sentences(bencher: Bencher<'_, '_>, precision: Precision) {
    let (encoder, texts) = (encoder(precision), segments(ARABIC));
    bencher
        .counter(ItemsCount::new(texts.len()))
        .bench_local(|| encoder.encode(&texts).expect("encodes"));
}

#[divan::bench(args = Precision::ALL)]
fn blocks(bencher: Bencher<'_, '_>, precision: Precision) {
    let (encoder, src, tgt) = (encoder(precision), segments(ARABIC), segments(ENGLISH));
    let request = VectorRequest::new(9).with_windows([16]);
    bencher
        .counter(ItemsCount::new(src.len() + tgt.len()))
        .bench_local(|| encoder.encode_pair(&src, &tgt, &request).expect("encodes"));
}

#[divan::bench(args = Precision::ALL, sample_count = 20)]
fn load(precision: Precision) -> CnnEncoder {
    encoder(precision)
}
