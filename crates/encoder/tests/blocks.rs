//! Blocks from one pass over the stream have the vectors of their joined texts.
#![cfg(feature = "builtin-model")]

use std::sync::LazyLock;

use nasaq::{DocumentVectors, Encoder, VectorRequest};
use nasaq_encoder::{CnnEncoder, Precision};
use nasaq_kernels::{Isa, Kernel};
use proptest::prelude::*;

/// In floats, where stream and joined text differ by the order of sums alone.
static ENCODER: LazyLock<CnnEncoder> =
    LazyLock::new(|| CnnEncoder::builtin_in(Precision::F32).expect("loads"));

const MAX_BLOCK: usize = 4;

/// The document's blocks from the stream, and the same from joined texts.
fn both(segments: &[&str]) -> [DocumentVectors; 2] {
    let (stream, _) =
        ENCODER.encode_pair(segments, &["."], &VectorRequest::new(MAX_BLOCK)).expect("encodes");
    let joined = DocumentVectors::joined(&*ENCODER, segments, MAX_BLOCK).expect("encodes");
    [stream, joined]
}

/// The least cosine between vectors of the same block.
fn least_cosine([one, other]: &[DocumentVectors; 2]) -> f64 {
    assert_eq!(one.blocks.len(), other.blocks.len());
    let mut least = 1.0_f64;
    for (one, other) in one.blocks.iter().zip(&other.blocks) {
        assert_eq!(one.len(), other.len());
        for (a, b) in one.chunks(512).zip(other.chunks(512)) {
            least = least.min(a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum());
        }
    }
    least
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn a_block_has_the_vector_of_its_joined_text(
        segments in prop::collection::vec(segment(), 1..9)
    ) {
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let least = least_cosine(&both(&segments));
        prop_assert!(least > 0.9999, "cosine {}", least);
    }
}

#[test]
fn a_document_of_many_chunks_has_the_vectors_of_its_joined_texts() {
    let sentences =
        ["وصل الوفد إلى المدينة مساء أمس.", "The delegation arrived last night.", "نعم."];
    let long = "كلمة أخرى ".repeat(1_500);
    let mut segments: Vec<&str> = sentences.iter().copied().cycle().take(400).collect();
    segments.insert(150, &long);
    let least = least_cosine(&both(&segments));
    assert!(least > 0.9999, "cosine {least}");
}

#[test]
fn segments_without_tokens_may_stand_where_a_chunk_begins() {
    // A token a segment: some segment of none stands at every token.
    let segments = ["…", ""].repeat(1_600);
    let least = least_cosine(&both(&segments));
    assert!(least > 0.9999, "cosine {least}");
}

#[test]
fn the_pieces_that_are_kept_do_not_change_a_bit() {
    let segments = ["وصل الوفد إلى المدينة مساء أمس.", "The delegation arrived last night."];
    for precision in Precision::ALL {
        let [all, few, none] = [None, Some(3), Some(0)].map(|kept| {
            let encoder = CnnEncoder::builtin_in(precision).expect("loads");
            let encoder = match kept {
                None => encoder,
                Some(pieces) => encoder.with_kept_pieces(pieces),
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
