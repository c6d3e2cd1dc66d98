//! The one place that validates what an encoder returns.

use super::{DocumentVectors, Encoder, EncoderError, PairVectors, RunRequest, VectorRequest};

/// An encoder whose results are checked: their lengths, and that every number is finite.
///
/// A result that fails the check is an error, as one that the encoder itself reports.
///
/// ```
/// use nasaq::{CheckedEncoder, Encoder, EncoderError};
///
/// /// Returns one number too few.
/// struct Broken;
///
/// impl Encoder for Broken {
///     fn dim(&self) -> usize {
///         2
///     }
///     fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError> {
///         Ok(vec![0.5; 2 * texts.len() - 1])
///     }
///     fn token_count(&self, text: &str) -> usize {
///         text.chars().count()
///     }
/// }
///
/// let error = CheckedEncoder::new(&Broken)?.encode(&["a", "b"]).unwrap_err();
/// assert_eq!(error.to_string(), "it returned 3 numbers for 2 vectors of 2");
/// # Ok::<(), EncoderError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct CheckedEncoder<E> {
    encoder: E,
    dim: usize,
}

impl<E: Encoder> CheckedEncoder<E> {
    /// Wraps an encoder, which may be a reference to one.
    ///
    /// # Errors
    /// Where its vectors have no components.
    pub fn new(encoder: E) -> Result<Self, EncoderError> {
        match encoder.dim() {
            0 => Err("its vectors have no components".into()),
            dim => Ok(Self { encoder, dim }),
        }
    }

    fn check_rows(&self, rows: Vec<f32>, count: usize) -> Result<Vec<f32>, EncoderError> {
        if rows.len() != count * self.dim {
            let (found, dim) = (rows.len(), self.dim);
            return Err(format!("it returned {found} numbers for {count} vectors of {dim}").into());
        }
        check_finite(&rows)?;
        Ok(rows)
    }

    fn check_document(
        &self,
        vectors: &DocumentVectors,
        segments: usize,
        windows: usize,
    ) -> Result<(), EncoderError> {
        let DocumentVectors { dim, blocks, after, before } = vectors;
        if *dim != self.dim {
            let expected = self.dim;
            return Err(format!("it returned vectors of {dim} numbers, not {expected}").into());
        }
        if blocks.is_empty() {
            return Err(format!("it returned no vectors for {segments} segments").into());
        }
        for (rows, size) in blocks.iter().zip(1..) {
            let count = (segments + 1).saturating_sub(size);
            if count == 0 || rows.len() != count * dim {
                let found = rows.len();
                return Err(format!(
                    "it returned {found} numbers for the blocks of {size} segments, not {count} \
                     vectors of {dim}"
                )
                .into());
            }
            check_finite(rows)?;
        }
        let has_windows = !after.is_empty() || !before.is_empty();
        if has_windows && (after.len() != windows || before.len() != windows) {
            let (after, before) = (after.len(), before.len());
            return Err(format!(
                "it returned windows of {after} lengths after and {before} before boundaries, not \
                 {windows} each"
            )
            .into());
        }
        for rows in after.iter().chain(before) {
            if rows.len() != (segments + 1) * dim {
                let (found, count) = (rows.len(), segments + 1);
                return Err(format!(
                    "it returned {found} numbers for the windows at {count} boundaries, not \
                     {count} vectors of {dim}"
                )
                .into());
            }
            check_finite(rows)?;
        }
        Ok(())
    }
}

impl<E: Encoder> Encoder for CheckedEncoder<E> {
    fn dim(&self) -> usize {
        self.dim
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError> {
        self.check_rows(self.encoder.encode(texts)?, texts.len())
    }

    fn token_count(&self, text: &str) -> usize {
        self.encoder.token_count(text)
    }

    fn encode_pair(
        &self,
        src: &[&str],
        tgt: &[&str],
        request: &VectorRequest,
    ) -> Result<PairVectors, EncoderError> {
        let vectors = self.encoder.encode_pair(src, tgt, request)?;
        self.check_document(&vectors.0, src.len(), request.windows.len())?;
        self.check_document(&vectors.1, tgt.len(), request.windows.len())?;
        Ok(vectors)
    }

    fn encode_runs(&self, texts: &[&str], request: &RunRequest) -> Result<Vec<f32>, EncoderError> {
        self.check_rows(self.encoder.encode_runs(texts, request)?, texts.len())
    }
}

fn check_finite(values: &[f32]) -> Result<(), EncoderError> {
    // An inner loop without a branch is vectorised.
    let has_bad = |values: &[f32]| values.iter().fold(false, |bad, value| bad | !value.is_finite());
    if values.chunks(1024).any(has_bad) {
        return Err("it returned a vector with NaN or infinity".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::DocumentSide;
    use super::*;

    const DIM: usize = 2;

    /// Returns what it holds.
    #[derive(Default)]
    struct Fixed {
        rows: Vec<f32>,
        src: DocumentVectors,
        tgt: DocumentVectors,
    }

    impl Encoder for Fixed {
        fn dim(&self) -> usize {
            DIM
        }

        fn encode(&self, _: &[&str]) -> Result<Vec<f32>, EncoderError> {
            Ok(self.rows.clone())
        }

        fn token_count(&self, text: &str) -> usize {
            text.len()
        }

        fn encode_pair(
            &self,
            _: &[&str],
            _: &[&str],
            _: &VectorRequest,
        ) -> Result<PairVectors, EncoderError> {
            Ok((self.src.clone(), self.tgt.clone()))
        }
    }

    fn encoded(rows: &[f32]) -> Result<Vec<f32>, EncoderError> {
        let fixed = Fixed { rows: rows.to_vec(), ..Fixed::default() };
        let checked = CheckedEncoder::new(&fixed)?;
        let runs = RunRequest::new(DocumentSide::Target, vec![0..2, 2..4], 4);
        let by_run = checked.encode_runs(&["a b", "c d"], &runs);
        let by_text = checked.encode(&["a", "b"]);
        assert_eq!(by_run.is_ok(), by_text.is_ok());
        by_text
    }

    #[test]
    fn rows_of_the_right_length_pass_and_others_are_errors() {
        assert_eq!(encoded(&[1.0, 0.0, 0.0, 1.0]).expect("two rows"), [1.0, 0.0, 0.0, 1.0]);
        for rows in [&[1.0; 3][..], &[1.0; 5], &[]] {
            assert!(encoded(rows).is_err(), "{rows:?}");
        }
    }

    #[test]
    fn nan_and_infinity_are_errors_wherever_they_are() {
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            for at in 0..4 {
                let mut rows = [0.5; 4];
                rows[at] = bad;
                assert!(encoded(&rows).is_err(), "{bad} at {at}");
            }
            let mut long = vec![0.5; 5000];
            assert!(check_finite(&long).is_ok());
            long[4999] = bad;
            assert!(check_finite(&long).is_err());
        }
    }

    #[test]
    fn vectors_without_components_are_an_error() {
        struct Empty;
        impl Encoder for Empty {
            fn dim(&self) -> usize {
                0
            }
            fn encode(&self, _: &[&str]) -> Result<Vec<f32>, EncoderError> {
                Ok(Vec::new())
            }
            fn token_count(&self, text: &str) -> usize {
                text.len()
            }
        }
        assert!(CheckedEncoder::new(Empty).is_err());
    }

    #[test]
    fn blocks_and_windows_of_another_size_are_errors() {
        let side = |blocks: &[usize], after: &[usize], before: &[usize]| {
            let rows = |sizes: &[usize]| sizes.iter().map(|&size| vec![0.5; size]).collect();
            DocumentVectors::new(DIM, rows(blocks)).with_windows(rows(after), rows(before))
        };
        // Two segments a side: two blocks of one, one block of two, three boundaries.
        let good = side(&[4, 2], &[6], &[6]);
        let check = |src: &DocumentVectors, tgt: &DocumentVectors| {
            let fixed = Fixed { src: src.clone(), tgt: tgt.clone(), ..Fixed::default() };
            let request = VectorRequest::new(2).with_windows([16]);
            CheckedEncoder::new(fixed)?.encode_pair(&["a", "b"], &["c", "d"], &request).map(|_| ())
        };
        check(&good, &good).expect("the right sizes");
        check(&side(&[4], &[], &[]), &good).expect("fewer blocks and no windows");
        for bad in [
            side(&[], &[6], &[6]),
            side(&[2, 2], &[6], &[6]),
            side(&[4, 4], &[6], &[6]),
            side(&[4, 2, 0], &[6], &[6]),
            side(&[4, 2], &[4], &[6]),
            side(&[4, 2], &[6], &[8]),
            side(&[4, 2], &[6], &[]),
            side(&[4, 2], &[6, 6], &[6, 6]),
            DocumentVectors { dim: 1, ..good.clone() },
        ] {
            assert!(check(&bad, &good).is_err(), "{bad:?}");
            assert!(check(&good, &bad).is_err(), "{bad:?}");
        }
        for part in 0..3 {
            let mut bad = good.clone();
            [&mut bad.blocks[1], &mut bad.after[0], &mut bad.before[0]][part][1] = f32::NAN;
            assert!(check(&good, &bad).is_err(), "{bad:?}");
        }
    }
}
