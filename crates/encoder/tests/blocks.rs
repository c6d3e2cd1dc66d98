//! Blocks from one pass over the stream have the vectors of their joined texts.
#![cfg(feature = "builtin-model")]

use std::sync::LazyLock;

use nasaq::{DocumentVectors, Encoder, VectorRequest};
use nasaq_encoder::{CnnEncoder, Precision};
use nasaq_kernels::{Isa, Kernel};
use proptest::prelude::*;

/// In `f32`, where the stream and the joined text differ only by the order of sums.
static ENCODER: LazyLock<CnnEncoder> =
    LazyLock::new(|| CnnEncoder::builtin_in(Precision::F32).expect("loads"));

const MAX_BLOCK: usize = 4;

/// Returns the blocks of a document from the stream, and the same from joined texts.
fn both(segments: &[&str]) -> [DocumentVectors; 2] {
    let (stream, _) =
        ENCODER.encode_pair(segments, &["."], &VectorRequest::new(MAX_BLOCK)).expect("encodes");
    let joined = DocumentVectors::joined(&*ENCODER, segments, MAX_BLOCK).expect("encodes");
    [stream, joined]
}

/// Returns the min. cosine between vectors of the same block.
fn min_cosine([one, other]: &[DocumentVectors; 2]) -> f64 {
    assert_eq!(one.blocks.len(), other.blocks.len());
    let mut min = 1.0_f64;
    for (one, other) in one.blocks.iter().zip(&other.blocks) {
        assert_eq!(one.len(), other.len());
        for (a, b) in one.chunks(512).zip(other.chunks(512)) {
            min = min.min(a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum());
        }
    }
    min
}

/// Segments from none to many tokens, in both scripts.
fn segment() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => "[ا-ي]{1,6}",
        2 => "[A-Za-z]{1,8}[.!?]?",
        3 => "([ا-ي]{1,7} ){1,12}[ا-ي]{2,5}[.؟]",
        3 => "([a-z]{1,9} ){1,12}[a-z]{2,5}[.,?]",
        1 => "[0-9٠-٩.,%-]{1,6}",
        1 => Just(String::new()),
        1 => Just("  ".to_owned()),
        1 => Just("…".to_owned()),
    ]
}

/// Vectors of texts that are encoded together and alone.
fn together_and_alone(encoder: &CnnEncoder, texts: &[&str]) -> [Vec<u32>; 2] {
    let bits = |vectors: Vec<f32>| vectors.into_iter().map(f32::to_bits).collect::<Vec<u32>>();
    let alone = texts.iter().flat_map(|text| encoder.encode(&[*text]).expect("encodes")).collect();
    [bits(encoder.encode(texts).expect("encodes")), bits(alone)]
}

static INT8: LazyLock<CnnEncoder> =
    LazyLock::new(|| CnnEncoder::builtin_in(Precision::Int8).expect("loads"));

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn starts_and_ends_of_texts_have_the_vectors_that_they_have_alone(
        texts in prop::collection::vec(segment(), 1..5),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 8),
    ) {
        let mut all: Vec<&str> = texts.iter().map(String::as_str).collect();
        for (text, cut) in texts.iter().cycle().zip(&cuts) {
            let mut cut = cut.index(text.len() + 1);
            while !text.is_char_boundary(cut) {
                cut -= 1;
            }
            all.extend([&text[..cut], &text[cut..]]);
        }
        for encoder in [&*ENCODER, &*INT8] {
            let [together, alone] = together_and_alone(encoder, &all);
            prop_assert_eq!(together, alone);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn a_block_has_the_vector_of_its_joined_text(
        segments in prop::collection::vec(segment(), 1..9)
    ) {
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let min = min_cosine(&both(&segments));
        prop_assert!(min > 0.9999, "cosine {}", min);
    }
}

#[test]
fn a_document_of_many_chunks_has_the_vectors_of_its_joined_texts() {
    let sentences =
        ["وصل الوفد إلى المدينة مساء أمس.", "The delegation arrived last night.", "نعم."];
    let long = "كلمة أخرى ".repeat(1_500);
    let mut segments: Vec<&str> = sentences.iter().copied().cycle().take(400).collect();
    segments.insert(150, &long);
    let min = min_cosine(&both(&segments));
    assert!(min > 0.9999, "cosine {min}");
}

#[test]
fn a_chunk_may_begin_at_segments_without_tokens() {
    // One token in every second segment: there is an empty segment at every token.
    let segments = ["…", ""].repeat(1_600);
    let min = min_cosine(&both(&segments));
    assert!(min > 0.9999, "cosine {min}");
}

#[test]
fn the_number_of_cached_tokens_does_not_change_a_bit() {
    let segments = ["وصل الوفد إلى المدينة مساء أمس.", "The delegation arrived last night."];
    for precision in Precision::ALL {
        let [all, few, none] = [None, Some(3), Some(0)].map(|max| {
            let encoder = CnnEncoder::builtin_in(precision).expect("loads");
            let encoder = match max {
                None => encoder,
                Some(tokens) => encoder.with_cached_tokens(tokens),
            };
            let _ = encoder.encode(&segments[1..]).expect("encodes");
            encoder.encode(&segments).expect("encodes")
        });
        assert!(all == few && all == none, "{precision}");
    }
}

#[test]
fn the_kernel_does_not_change_a_bit() {
    let segments = ["وصل الوفد إلى المدينة مساء أمس.", "The delegation arrived.", "نعم.", "No."];
    let request = VectorRequest::new(3).with_windows([8, 16]);
    let run = |precision, kernel| {
        let encoder = CnnEncoder::builtin_in(precision).expect("loads").with_kernel(kernel);
        let (one, other) =
            encoder.encode_pair(&segments, &segments[1..], &request).expect("encodes");
        let parts = [one.blocks, one.after, one.before, other.blocks, other.after, other.before];
        let numbers = parts.into_iter().flatten().flatten();
        numbers.map(f32::to_bits).collect::<Vec<u32>>()
    };
    for precision in Precision::ALL {
        let scalar = run(precision, Kernel::new(Isa::Scalar).expect("always there"));
        for kernel in Isa::ALL.into_iter().filter_map(Kernel::new) {
            assert!(run(precision, kernel) == scalar, "{precision} on {} differs", kernel.isa());
        }
    }
}
