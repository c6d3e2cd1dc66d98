//! Token ids and vectors equal those of the reference package, recorded by `fixtures/make.py`.
#![cfg(feature = "builtin-model")]

use nasaq::Encoder;
use nasaq_encoder::{CnnEncoder, Precision};

#[derive(serde::Deserialize)]
struct Tokens {
    text: String,
    ids: Vec<u32>,
}

#[test]
fn token_ids_equal_the_reference() {
    let encoder = CnnEncoder::builtin().expect("the model loads");
    let mut lines = 0;
    for line in include_str!("fixtures/tokens.jsonl").lines() {
        let Tokens { text, ids } = serde_json::from_str(line).expect("a fixture");
        let mut tokens = encoder.tokenizer().tokens(&text);
        if tokens.is_empty() {
            // The reference has one unknown token for a text without tokens.
            tokens.push(0);
        }
        assert_eq!(tokens, ids, "{text:?}");
        lines += 1;
    }
    assert!(lines >= 2_000, "{lines} lines");
}

#[test]
fn vectors_equal_the_reference() {
    vectors_are_near(Precision::F32, 0.99999);
}

#[test]
fn int8_vectors_are_near_the_reference() {
    vectors_are_near(Precision::Int8, 0.995);
}

fn vectors_are_near(precision: Precision, min_cosine: f64) {
    let encoder = CnnEncoder::builtin_in(precision).expect("the model loads");
    let (reference, _) = include_bytes!("fixtures/vectors.f32").as_chunks::<4>();
    let reference: Vec<f32> = reference.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
    let texts: Vec<String> = include_str!("fixtures/vectors.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).expect("a fixture"))
        .collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let vectors = encoder.encode(&texts).expect("encodes");
    assert_eq!(vectors.len(), reference.len());
    for ((ours, theirs), text) in vectors.chunks(512).zip(reference.chunks(512)).zip(texts) {
        let cosine: f64 = ours.iter().zip(theirs).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
        assert!(cosine >= min_cosine, "cosine {cosine} for {text:?}");
    }
}
