//! Encoders of the caller: what they may return, beads of which sizes, vectors without text.

use nasaq::{
    Aligner, Anchor, DocumentSketch, DocumentVectors, Encoder, EncoderError, ErrorKind, Language,
    PrecomputedVectors, VectorRequest, segments,
};

const DIM: usize = 4;

/// A toy encoder of a few block sizes, which can return wrong results.
struct Toy {
    largest_block: usize,
    /// How many numbers its result lacks.
    missing: usize,
    /// Length of the vectors of the target, which may differ from that of the source.
    tgt_dim: usize,
    /// The third component of every vector.
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

    fn token_count(&self, text: &str) -> usize {
        text.chars().count()
    }

    fn encode_pair(
        &self,
        src: &[&str],
        tgt: &[&str],
        request: &VectorRequest,
    ) -> Result<(DocumentVectors, DocumentVectors), EncoderError> {
        let max_block = request.max_block.min(self.largest_block);
        let src = DocumentVectors::joined(self, src, max_block)?;
        let mut tgt = DocumentVectors::joined(self, tgt, max_block)?;
        for block in &mut tgt.blocks {
            let rows = block.chunks_exact(DIM);
            let wider = |row: &[f32]| [row, &vec![0.0; self.tgt_dim - DIM][..]].concat();
            *block = rows.flat_map(wider).collect();
        }
        tgt.dim = self.tgt_dim;
        Ok((src, tgt))
    }
}

/// A heading without a full stop among sentences: a line like boilerplate.
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
                let alignment = aligner.align(&toy, &ENGLISH, tgt).unwrap();
                let last = alignment.beads().last().unwrap();
                assert_eq!((last.src.end as usize, last.tgt.end as usize), (7, tgt.len()));
            }
        }
    }
}

#[test]
fn vectors_of_a_wrong_size_or_not_finite_are_an_error() {
    let aligner = Aligner::builder().build().unwrap();
    for toy in [
        Toy { missing: 1, ..Toy::new() },
        Toy { third: f32::NAN, ..Toy::new() },
        Toy { tgt_dim: DIM + 1, ..Toy::new() },
        Toy { tgt_dim: 100, ..Toy::new() },
        Toy { third: f32::INFINITY, ..Toy::new() },
    ] {
        let error = aligner.align(&toy, &ENGLISH, &ENGLISH).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Encoder(_)), "{error}");
    }
}

#[test]
fn a_document_sketch_of_too_few_or_bad_vectors_is_an_error() {
    DocumentSketch::new(&Toy::new(), &ENGLISH).unwrap();
    for toy in [Toy { missing: DIM, ..Toy::new() }, Toy { third: f32::NAN, ..Toy::new() }] {
        assert!(DocumentSketch::new(&toy, &ENGLISH).is_err());
    }
}

/// Vectors of four segments that are far from each other.
fn rows() -> Vec<f32> {
    (0..4).flat_map(|row| (0..DIM).map(move |at| if at == row { 2.0 } else { 0.1 })).collect()
}

#[test]
fn precomputed_vectors_align_without_text() {
    let aligner = Aligner::builder().build().unwrap();
    // The second target segment is the second and the third of the source together.
    let tgt: Vec<f32> =
        rows().chunks_exact(DIM).enumerate().fold(Vec::new(), |mut tgt, (at, row)| {
            let joined = at == 2;
            if joined {
                let last = tgt.len() - DIM;
                tgt[last..].iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
            } else {
                tgt.extend_from_slice(row);
            }
            tgt
        });
    let vectors = PrecomputedVectors::from_segments(DIM, rows(), tgt).unwrap();
    let alignment = aligner.align(&vectors, &["x"; 4], &["y"; 3]).unwrap();
    let spans: Vec<_> =
        alignment.beads().iter().map(|bead| (bead.src.range(), bead.tgt.range())).collect();
    assert_eq!(spans, [(0..1, 0..1), (1..3, 1..2), (3..4, 2..3)]);
}

#[test]
fn precomputed_blocks_are_those_of_the_encoder() {
    let aligner = Aligner::builder().build().unwrap();
    let toy = Toy::new();
    let blocks = |texts| DocumentVectors::joined(&toy, texts, 9).unwrap().blocks;
    let vectors = PrecomputedVectors::from_blocks(DIM, blocks(&ENGLISH), blocks(&ENGLISH[1..]));
    let found = aligner.align(&vectors.unwrap(), &ENGLISH, &ENGLISH[1..]).unwrap();
    assert_eq!(found, aligner.align(&toy, &ENGLISH, &ENGLISH[1..]).unwrap());
}

#[test]
fn precomputed_vectors_that_do_not_fit_are_errors() {
    let mut bad = rows();
    bad[5] = f32::NAN;
    let odd = rows()[1..].to_vec();
    for (dim, src) in [(0, rows()), (3, rows()), (DIM, Vec::new()), (DIM, bad), (DIM, odd)] {
        for turned in [false, true] {
            let (src, tgt) = if turned { (rows(), src.clone()) } else { (src.clone(), rows()) };
            let error = PrecomputedVectors::from_segments(dim, src, tgt).unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Vectors { .. }), "{error}");
        }
    }
    for blocks in [vec![], vec![rows(), rows()], vec![rows(), rows()[DIM..].to_vec(), vec![]]] {
        assert!(PrecomputedVectors::from_blocks(DIM, blocks, vec![rows()]).is_err());
    }
    // Vectors of four segments, and documents of three and of five.
    let vectors = PrecomputedVectors::from_segments(DIM, rows(), rows()).unwrap();
    let aligner = Aligner::builder().build().unwrap();
    for (n, m) in [(3, 4), (4, 3), (5, 4), (4, 5)] {
        let error = aligner.align(&vectors, &vec!["x"; n], &vec!["y"; m]).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Encoder(_)), "{error}");
    }
}

#[test]
fn clauses_are_not_taken_for_the_segments_whose_vectors_are_there() {
    // One pair of two Arabic clauses with two English segments, and an Arabic segment without
    // translation: the clauses are as many as the segments of the document.
    let src = segments("كان عنده كتاب، ثم باع القلم. لا أحد.", Language::Arabic);
    let tgt = segments("He had a book. Then he sold the pencil.", Language::English);
    assert_eq!((src.len(), tgt.len()), (2, 2));
    let (one, other) = ([1.0, 1.0, 0.0, 0.0], [-1.0, -1.0, 0.0, 9.0]);
    let tgt_rows = [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]].concat();
    let vectors = PrecomputedVectors::from_segments(DIM, [one, other].concat(), tgt_rows).unwrap();
    let aligner = Aligner::builder().build().unwrap();
    let anchors = [Anchor { src: 0, tgt: 0 }, Anchor { src: 0, tgt: 1 }];
    let alignment =
        aligner.search(&vectors, &src, &tgt).unwrap().anchors(&anchors).align().unwrap();
    assert_eq!(alignment.beads()[0].kind().to_string(), "1-2");
    let error = aligner.split_long(&vectors, &src, &tgt, &alignment, Language::Arabic);
    assert!(matches!(error.unwrap_err().kind(), ErrorKind::Encoder(_)));
}
