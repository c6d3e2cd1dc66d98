//! What an encoder of the caller's own may give, and for beads of which sizes.

use nasaq::{Aligner, DocumentVectors, Encoder, EncoderError, ErrorKind, VectorRequest};

const DIM: usize = 4;

/// A toy that gives blocks of some sizes, and does some things wrong.
struct Toy {
    largest_block: usize,
    /// Numbers too few.
    missing: usize,
    /// Numbers in a vector of the target, which may differ from the source's.
    tgt_dim: usize,
    /// What stands third in every vector.
    third: f32,
}

impl Toy {
    fn new() -> Self {
        Self { largest_block: 9, missing: 0, tgt_dim: DIM, third: 0.0 }
    }
}

impl Encoder for Toy {
    fn dim(&self) -> usize {
        DIM
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError> {
        let row = |text: &&str| {
            let length = text.chars().count() as f32;
            [length.sin(), length.cos(), self.third, 0.0]
        };
        let mut vectors: Vec<f32> = texts.iter().flat_map(row).collect();
        vectors.truncate(vectors.len() - self.missing);
        Ok(vectors)
    }

    fn encode_pair(
        &self,
        src: &[&str],
        tgt: &[&str],
        request: &VectorRequest,
    ) -> Result<(DocumentVectors, DocumentVectors), EncoderError> {
        let max_block = request.max_block.min(self.largest_block);
        let request = VectorRequest { max_block, ..request.clone() };
        let mut tgt = self.encode_joined(tgt, &request)?;
        for block in &mut tgt.blocks {
            let rows = block.chunks_exact(DIM);
            let wider = |row: &[f32]| [row, &vec![0.0; self.tgt_dim - DIM][..]].concat();
            *block = rows.flat_map(wider).collect();
        }
        tgt.dim = self.tgt_dim;
        Ok((self.encode_joined(src, &request)?, tgt))
    }
}

/// A heading without a stop among sentences: a line like page furniture.
const ENGLISH: [&str; 7] = [
    "A heading",
    "The first sentence stands here.",
    "The second one is a little longer than it.",
    "A third.",
    "The fourth sentence is here.",
    "A fifth sentence follows it.",
    "The sixth ends it.",
];

#[test]
fn beads_of_any_size_and_encoders_of_any_blocks_align() {
    for largest_block in [1, 2, 3, 9, 15] {
        for max_segments in [2, 3, 4, 5, 10, 16] {
            let aligner = Aligner::builder().max_segments(max_segments).build().unwrap();
            let toy = Toy { largest_block, ..Toy::new() };
            for tgt in [&ENGLISH[..], &ENGLISH[1..], &ENGLISH[..1]] {
                let alignment = aligner.align(&toy, &ENGLISH, tgt, &[]).unwrap();
                let last = alignment.beads().last().unwrap();
                assert_eq!((last.src.end as usize, last.tgt.end as usize), (7, tgt.len()));
            }
        }
    }
}

#[test]
fn vectors_that_are_not_as_told_are_an_error() {
    let aligner = Aligner::builder().build().unwrap();
    for toy in [
        Toy { missing: 1, ..Toy::new() },
        Toy { tgt_dim: DIM + 1, ..Toy::new() },
        Toy { tgt_dim: 100, ..Toy::new() },
        Toy { third: f32::INFINITY, ..Toy::new() },
    ] {
        let error = aligner.align(&toy, &ENGLISH, &ENGLISH, &[]).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Encoder(_)), "{error}");
    }
}
