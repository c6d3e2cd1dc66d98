//! The vectors of chunks that were encoded, for the next search of the same document.
//!
//! Other anchors can move the cuts between chunks. The vectors of a new chunk are then gathered
//! from those of the chunks that were encoded. They are the same as if it had been encoded itself,
//! except where an encoder's vectors depend on the text around: windows at the ends of a chunk.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use nasaq_kernels::{Int8Rows, Int8RowsRef, Kernel};

use super::sides::Sides;
use super::vectors::SideVectors;
use crate::encoder::DocumentSide;

/// The vectors of encoded chunks, if they are to be retained.
pub(super) struct VectorStore {
    retains: bool,
    /// Those of earlier searches, by their segments. All searches look them up in the same order,
    /// whatever the order in which threads encoded them.
    chunks: Vec<StoredChunk>,
    /// Those that were encoded since.
    new: Mutex<Vec<StoredChunk>>,
}

/// A side may be empty, after segments were replaced.
#[derive(Default)]
struct StoredChunk {
    segments: Sides<Vec<usize>>,
    vectors: Sides<SideVectors>,
}

impl VectorStore {
    pub(super) fn new(retains: bool) -> Self {
        Self { retains, chunks: Vec::new(), new: Mutex::default() }
    }

    pub(super) fn retains(&self) -> bool {
        self.retains
    }

    /// Makes what was encoded since the last call available.
    pub(super) fn settle(&mut self) {
        self.chunks.append(self.new.get_mut().unwrap_or_else(PoisonError::into_inner));
        self.chunks.sort_by(|a, b| a.segments.cmp(&b.segments));
    }

    /// Stores the vectors of an encoded chunk.
    pub(super) fn insert(&self, segments: &Sides<Vec<usize>>, vectors: &Sides<SideVectors>) {
        if self.retains {
            let chunk = StoredChunk { segments: segments.clone(), vectors: vectors.clone() };
            self.new.lock().unwrap_or_else(PoisonError::into_inner).push(chunk);
        }
    }

    /// Drops the vectors of some segments of a side that are replaced by others, those of blocks
    /// with them, and those of up to `margin` segments around them, whose windows may have their
    /// text. The indices of later segments change.
    pub(super) fn replace(
        &mut self,
        kernel: Kernel,
        side: DocumentSide,
        range: &Range<usize>,
        count: usize,
        margin: usize,
    ) {
        self.settle();
        let moved = |segment: usize| segment + count - range.len();
        let mut chunks = Vec::with_capacity(self.chunks.len() + 1);
        for mut chunk in std::mem::take(&mut self.chunks) {
            let segments = chunk.segments.of_mut(side);
            let before = segments.partition_point(|&segment| segment < range.start);
            let after = segments.partition_point(|&segment| segment < range.end);
            if before == segments.len() || after == 0 {
                if after == 0 {
                    segments.iter_mut().for_each(|segment| *segment = moved(*segment));
                }
                chunks.push(chunk);
                continue;
            }
            let [first, last] =
                [before.saturating_sub(margin), (after + margin).min(segments.len())];
            let mut later = StoredChunk::default();
            let later_segments = segments[last..].iter().map(|&segment| moved(segment));
            *later.segments.of_mut(side) = later_segments.collect();
            let vectors = chunk.vectors.of_mut(side);
            *later.vectors.of_mut(side) = part(kernel, vectors, last..segments.len());
            *vectors = part(kernel, vectors, 0..first);
            segments.truncate(first);
            chunks.extend([chunk, later]);
        }
        self.chunks = chunks;
        self.settle();
    }

    /// Returns the vectors of a chunk, or `None` if some of them were never encoded.
    pub(super) fn get(
        &self,
        kernel: Kernel,
        segments: &Sides<Vec<usize>>,
    ) -> Option<Sides<SideVectors>> {
        if let Ok(at) = self.chunks.binary_search_by(|chunk| chunk.segments.cmp(segments)) {
            return Some(self.chunks[at].vectors.clone());
        }
        let side = |requested: &[usize], side: fn(&StoredChunk) -> StoredSide<'_>| {
            let stored = self.chunks.iter().map(side).filter(|(held, _)| !held.is_empty());
            let stored: Vec<StoredSide<'_>> = stored.collect();
            gathered(kernel, requested, &stored)
        };
        Some(Sides::new(
            side(&segments.src, |chunk| (&chunk.segments.src, &chunk.vectors.src))?,
            side(&segments.tgt, |chunk| (&chunk.segments.tgt, &chunk.vectors.tgt))?,
        ))
    }
}

/// Returns the vectors of a run of segments, which may be empty.
fn part(kernel: Kernel, vectors: &SideVectors, run: Range<usize>) -> SideVectors {
    if run.is_empty() { SideVectors::default() } else { vectors.of_run(kernel, run) }
}

/// One side of a stored chunk: its segments and their vectors.
type StoredSide<'s> = (&'s [usize], &'s SideVectors);

/// Gathers the vectors of some segments from those of stored chunks.
fn gathered(kernel: Kernel, segments: &[usize], stored: &[StoredSide<'_>]) -> Option<SideVectors> {
    let sizes = stored.iter().map(|(_, vectors)| vectors.blocks.len()).max()?.min(segments.len());
    // For each segment, the stored chunks that hold it: the chunk's index, the segment's in it, and
    // how many of the segments from there on follow each other as here.
    let places: Vec<Vec<(usize, usize, usize)>> = (0..segments.len())
        .map(|at| {
            let place = |(chunk, &(held, _)): (usize, &StoredSide<'_>)| {
                let first = held.binary_search(&segments[at]).ok()?;
                let pairs = held[first..].iter().zip(&segments[at..]);
                Some((chunk, first, pairs.take(sizes).take_while(|(a, b)| a == b).count()))
            };
            stored.iter().enumerate().filter_map(place).collect()
        })
        .collect();
    let blocks = (1..=sizes).map(|size| {
        let block = |places: &Vec<(usize, usize, usize)>| {
            let &(chunk, first, _) = places
                .iter()
                .find(|&&(chunk, _, same)| same >= size && stored[chunk].1.blocks.len() >= size)?;
            Some(stored[chunk].1.block(first, size))
        };
        let rows: Option<Vec<Int8RowsRef<'_>>> =
            places[..=segments.len() - size].iter().map(block).collect();
        Some(Arc::new(Int8Rows::gathered(rows?)))
    });
    let blocks: Vec<Arc<Int8Rows>> = blocks.collect::<Option<_>>()?;
    // A window is taken from the chunk that goes on the longest on its side of the boundary; at the
    // end of the segments, from the one that ends there too, if there is one.
    let after = |boundary: usize| match places.get(boundary) {
        Some(places) => {
            let rest = |&&(chunk, first, _): &&(usize, usize, usize)| {
                (stored[chunk].0.len() - first, std::cmp::Reverse(chunk))
            };
            places.iter().max_by_key(rest).map(|&(chunk, first, _)| (chunk, first))
        }
        None => {
            let rest = |&&(chunk, first, _): &&(usize, usize, usize)| stored[chunk].0.len() - first;
            let last = places[boundary - 1].iter().min_by_key(rest);
            last.map(|&(chunk, first, _)| (chunk, first + 1))
        }
    };
    let before = |boundary: usize| match boundary.checked_sub(1).map(|last| &places[last]) {
        Some(places) => {
            let rest =
                |&&(chunk, first, _): &&(usize, usize, usize)| (first, std::cmp::Reverse(chunk));
            places.iter().max_by_key(rest).map(|&(chunk, first, _)| (chunk, first + 1))
        }
        None => {
            let first = places[0].iter().min_by_key(|&&(_, first, _)| first);
            first.map(|&(chunk, first, _)| (chunk, first))
        }
    };
    let windows = |rows_of: fn(&SideVectors) -> &[Arc<Int8Rows>],
                   place: &dyn Fn(usize) -> Option<(usize, usize)>| {
        let lengths = stored.iter().map(|(_, vectors)| rows_of(vectors).len()).min()?;
        let rows = |length: usize| {
            let row = |boundary: usize| {
                let (chunk, at) = place(boundary)?;
                Some(rows_of(stored[chunk].1)[length].all().slice(at..at + 1))
            };
            let rows: Option<Vec<Int8RowsRef<'_>>> = (0..=segments.len()).map(row).collect();
            Some(Arc::new(Int8Rows::gathered(rows?)))
        };
        (0..lengths).map(rows).collect::<Option<Vec<_>>>()
    };
    Some(SideVectors {
        after: windows(|vectors| &vectors.after, &after)?,
        before: windows(|vectors| &vectors.before, &before)?,
        sum: blocks[0].sum(kernel),
        blocks,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DocumentVectors;

    const DIM: usize = 4;

    /// Vectors of some segments of a document: each block's depends on its segments alone, and the
    /// windows' on the neighbouring segment.
    fn vectors(segments: &[usize]) -> SideVectors {
        let row = |run: &[usize]| -> [f32; DIM] {
            let sum = run.iter().fold(0.0, |sum, &segment| 3.0 * sum + (segment + 1) as f32);
            [sum.sin(), sum.cos(), 0.5, 0.0]
        };
        let blocks = (1..=3.min(segments.len()))
            .map(|size| segments.windows(size).flat_map(row).collect())
            .collect();
        let boundaries = 0..=segments.len();
        let after =
            boundaries.clone().flat_map(|at| row(&segments[at..segments.len().min(at + 1)]));
        let before = boundaries.flat_map(|at| row(&segments[at.saturating_sub(1)..at]));
        let windows = (vec![after.collect()], vec![before.collect()]);
        let vectors = DocumentVectors::new(DIM, blocks).with_windows(windows.0, windows.1);
        SideVectors::new(Kernel::detect(), &vectors)
    }

    fn rows(vectors: &SideVectors) -> Vec<String> {
        let SideVectors { blocks, after, before, sum } = vectors;
        let all = blocks.iter().chain(after).chain(before);
        all.map(|rows| format!("{:?}", rows.all())).chain([format!("{sum:?}")]).collect()
    }

    fn stored(chunks: &[&[usize]]) -> VectorStore {
        let mut store = VectorStore::new(true);
        for segments in chunks {
            let segments = Sides::new(segments.to_vec(), segments.to_vec());
            store.insert(&segments, &segments.as_ref().map(|side| vectors(side)));
        }
        store.settle();
        store
    }

    #[test]
    fn gathered_vectors_are_those_of_the_chunk_itself() {
        let store = stored(&[&[4, 5, 6, 7, 8, 20, 21], &[0, 1, 2, 3, 4, 5, 6]]);
        let requested: [&[usize]; 4] =
            [&[0, 1, 2, 3, 4, 5, 6], &[0, 1, 2, 3, 4, 5, 6, 7, 8, 20, 21], &[8, 20, 21], &[20, 21]];
        for requested in requested {
            let segments = Sides::new(requested.to_vec(), vec![0, 1, 2, 3, 4, 5, 6]);
            let Sides { src, .. } = store.get(Kernel::detect(), &segments).expect("all are stored");
            let (found, own) = (rows(&src), rows(&vectors(requested)));
            // Windows at the start are those of the text before it, where it is known.
            for (found, own) in found.iter().zip(&own).filter(|_| requested[0] == 0) {
                assert_eq!(found, own, "{requested:?}");
            }
            assert_eq!(found[..requested.len().min(3)], own[..requested.len().min(3)]);
        }
    }

    #[test]
    fn what_was_never_encoded_is_not_gathered() {
        let store = stored(&[&[0, 1, 2, 5, 6], &[6, 7, 8]]);
        for requested in [vec![0, 1, 2, 3], vec![2, 3], vec![2, 6], vec![5, 6, 7]] {
            let segments = Sides::new(requested.clone(), vec![0, 1]);
            assert!(store.get(Kernel::detect(), &segments).is_none(), "{requested:?}");
        }
        let segments = Sides::new(vec![0, 1], vec![0, 1]);
        assert!(store.get(Kernel::detect(), &segments).is_some());
        let forgetful = VectorStore::new(false);
        assert!(forgetful.get(Kernel::detect(), &segments).is_none());
    }
}
