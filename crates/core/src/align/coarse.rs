//! The coarse path through a long document, over tiles: it shows where to cut the document.
//!
//! Each side is cut to tiles of neighbouring segments, and a monotone dynamic program pairs the
//! tiles of both sides. All pairs of tiles would be too many in a very long document. So the tiles
//! are joined in groups of neighbours, and the groups again, until a level is small enough to
//! compare all pairs; on each finer level only the pairs near the path of the level above are
//! compared. Time and memory are linear in the length of the document, apart from the top level,
//! whose size is limited.

use std::ops::Range;

use nasaq_kernels::Kernel;

use super::anchor::Anchor;
use super::bitext::Bitext;
use super::corridor::Corridor;
use super::grid::{Corner, Row};
use super::monotone::{Costs, best_corners};
use super::search::Search;
use super::sides::Sides;
use super::tuning::ChunkTuning;
use crate::encoder::{DocumentSide, Encoder, RunRequest};
use crate::error::{ErrorKind, Result};
use crate::parallel;

/// Tiles that are encoded together. Cancellation is checked between such slices.
const SLICE: usize = 512;

/// A monotone path over tiles.
pub(super) struct CoarsePath {
    /// Its corners in segments, from the first to the last.
    pub(super) corners: Vec<Corner>,
    /// The gain of each step: a pair's cosine, 0 where it pairs nothing.
    pub(super) gains: Vec<f32>,
    /// Segments in a tile of each side.
    pub(super) tile: Sides<usize>,
}

impl CoarsePath {
    /// Returns the part of the path between two corners, which need not be on it.
    pub(super) fn between(&self, from: Corner, to: Corner) -> Self {
        let (mut corners, mut gains) = (vec![from], Vec::new());
        // The last corner of the path that was taken.
        let mut taken = (self.corners[0] == from).then_some(0);
        for (at, &corner) in self.corners.iter().enumerate() {
            let is_inside =
                (from.0..=to.0).contains(&corner.0) && (from.1..=to.1).contains(&corner.1);
            if !is_inside {
                continue;
            }
            if corner != corners[corners.len() - 1] {
                let follows = at > 0 && taken == Some(at - 1);
                gains.push(if follows { self.gains[at - 1] } else { 0.0 });
                corners.push(corner);
            }
            taken = Some(at);
        }
        if corners[corners.len() - 1] != to {
            corners.push(to);
            gains.push(0.0);
        }
        Self { corners, gains, tile: self.tile }
    }
}

/// The vectors of a document's tiles on all levels.
pub(super) struct TileLevels {
    /// Segments in a tile of each side.
    tile: Sides<usize>,
    dim: usize,
    /// The vectors of both sides, the finest level first.
    levels: Vec<Sides<Vec<f32>>>,
}

impl TileLevels {
    /// Encodes the tiles of a document.
    pub(super) fn new(search: &Search<'_>) -> Result<Self> {
        let (bitext, tuning) = (&search.bitext, &search.aligner.tuning.chunk);
        let kernel = search.aligner.kernel;
        let (n, m) = bitext.size();
        let size = tuning.tile.max(n.max(m).div_ceil(tuning.max_tiles));
        // The path pairs tiles one to one, so both sides should have the same number of tiles:
        // those of the side with more segments have more of them, in proportion. The limit is for a
        // side that lacks much of the other's text: its few tiles then match some of the other's
        // tiles, and the path skips the rest.
        let (long, short) = (n.max(m), n.min(m));
        let longer = ((size * long + short / 2) / short).clamp(size, tuning.join * size);
        let tile = if n <= m { Sides::new(size, longer) } else { Sides::new(longer, size) };
        // The beginnings of both sides should hold the same content, so the quotient of their
        // lengths is that of the lengths of the texts. Multiplying one and dividing the other by
        // its square root leaves their geometric mean at `beginning_chars`.
        let total = bitext.totals().map(|total| total.max(1) as f64);
        let max_factor = tuning.max_beginning_factor;
        let ratio = (total.src / total.tgt).sqrt().clamp(1.0 / max_factor, max_factor);
        let beginning = Sides::new(tuning.beginning_chars * ratio, tuning.beginning_chars / ratio);
        let dim = search.encoder.dim();
        let sides = Sides::new(
            (DocumentSide::Source, &bitext.texts.src),
            (DocumentSide::Target, &bitext.texts.tgt),
        );
        let finest =
            sides.zip(tile.zip(beginning)).try_map(|((side, texts), (tile, beginning))| {
                let vectors = tiles(search, side, texts, tile, beginning as usize)?;
                Ok::<_, crate::Error>(centred(kernel, vectors, dim))
            })?;
        let mut levels = vec![finest];
        let is_large = |side: &Vec<f32>| side.len() / dim > tuning.max_top_tiles;
        while let Some(finer) = levels.last()
            && (is_large(&finer.src) || is_large(&finer.tgt))
        {
            levels.push(finer.as_ref().map(|side| joined(kernel, side, dim, tuning.join)));
        }
        Ok(Self { tile, dim, levels })
    }

    /// Finds the coarse path.
    pub(super) fn path(
        &self,
        kernel: Kernel,
        tuning: &ChunkTuning,
        bitext: &Bitext<'_>,
    ) -> CoarsePath {
        let Self { tile, dim, ref levels } = *self;
        let (n, m) = bitext.size();
        let join = tuning.join;
        let mut path: Option<Vec<Corner>> = None;
        for (height, Sides { src, tgt }) in levels.iter().enumerate().rev() {
            let (r, c) = (src.len() / dim, tgt.len() / dim);
            let band = match &path {
                None => vec![Row::whole(c); r + 1],
                Some(above) => {
                    let finer = |&(i, j): &Corner| ((i * join).min(r), (j * join).min(c));
                    let width = tuning.tile_half_width;
                    let corners: Vec<Corner> = above.iter().map(finer).collect();
                    let around = Corridor::around(&[&corners], (r, c), width, width);
                    (0..=r).map(|i| around.row(i)).collect()
                }
            };
            let tile = tile.map(|size| size * join.pow(height as u32));
            let band = through_anchors(band, &bitext.anchors, tile);
            path = Some(best_path(kernel, tuning, dim, Sides::new(src, tgt), &band));
        }
        let tiles = path.expect("there is a level");
        let Sides { src, tgt } = &levels[0];
        let gain = |step: &[Corner]| match (step[0], step[1]) {
            (from, to) if to == (from.0 + 1, from.1 + 1) => {
                kernel.dot(&src[from.0 * dim..][..dim], &tgt[from.1 * dim..][..dim])
            }
            _ => 0.0,
        };
        let in_segments = |&(i, j): &Corner| ((i * tile.src).min(n), (j * tile.tgt).min(m));
        CoarsePath {
            corners: tiles.iter().map(in_segments).collect(),
            gains: tiles.windows(2).map(gain).collect(),
            tile,
        }
    }
}

/// Encodes one side's tiles, a slice at a time.
fn tiles(
    search: &Search<'_>,
    side: DocumentSide,
    texts: &[impl AsRef<str>],
    size: usize,
    beginning: usize,
) -> Result<Vec<f32>> {
    let start = |text: &str| text.char_indices().nth(beginning).map_or(text.len(), |(at, _)| at);
    let starts: Vec<usize> = (0..texts.len()).step_by(size).collect();
    let mut vectors = Vec::new();
    for starts in starts.chunks(SLICE) {
        search.progress.check()?;
        let runs: Vec<Range<usize>> =
            starts.iter().map(|&first| first..(first + size).min(texts.len())).collect();
        let joined: Vec<String> = runs
            .iter()
            .map(|run| texts[run.clone()].iter().map(AsRef::as_ref))
            .map(|texts| texts.map(|text| &text[..start(text)]).collect::<Vec<_>>().join(" "))
            .collect();
        let joined: Vec<&str> = joined.iter().map(String::as_str).collect();
        let request = RunRequest::new(side, runs, texts.len());
        let slice = search.encoder.encode_runs(&joined, &request).map_err(ErrorKind::Encoder)?;
        vectors.extend(slice);
    }
    Ok(vectors)
}

/// Subtracts the mean of all vectors, and normalises them to unit length.
fn centred(kernel: Kernel, mut vectors: Vec<f32>, dim: usize) -> Vec<f32> {
    let mut mean = vec![0.0_f64; dim];
    for row in vectors.chunks_exact(dim) {
        mean.iter_mut().zip(row).for_each(|(sum, &value)| *sum += f64::from(value));
    }
    let count = (vectors.len() / dim) as f64;
    let mean: Vec<f32> = mean.iter().map(|sum| (sum / count) as f32).collect();
    for row in vectors.chunks_exact_mut(dim) {
        row.iter_mut().zip(&mean).for_each(|(value, mean)| *value -= mean);
        kernel.normalise(row);
    }
    vectors
}

/// Joins neighbouring tiles to tiles of the level above.
fn joined(kernel: Kernel, vectors: &[f32], dim: usize, join: usize) -> Vec<f32> {
    let mut all = Vec::with_capacity(vectors.len().div_ceil(join * dim) * dim);
    for tiles in vectors.chunks(join * dim) {
        let at = all.len();
        all.resize(at + dim, 0.0);
        for tile in tiles.chunks_exact(dim) {
            kernel.add(&mut all[at..], tile);
        }
        kernel.normalise(&mut all[at..]);
    }
    all
}

/// Changes a band of tiles so that paths in it pass the tiles of the anchors.
///
/// Anchors on one source tile may lie on several target tiles; paths pass near all of these.
fn through_anchors(mut band: Vec<Row>, anchors: &[Anchor], tile: Sides<usize>) -> Vec<Row> {
    let groups: Vec<(usize, Row)> = anchors
        .chunk_by(|a, b| a.src / tile.src == b.src / tile.src)
        .map(|group| {
            let (first, last) = (group[0], group[group.len() - 1]);
            let around = Row::new(first.tgt / tile.tgt, last.tgt / tile.tgt + 2);
            (first.src / tile.src, around)
        })
        .collect();
    // First the band becomes wide enough for all anchors, also where it lies elsewhere…
    for &(i, around) in &groups {
        for row in &mut band[i..=i + 1] {
            *row = row.union(around);
        }
    }
    for i in 1..band.len() {
        band[i].end = band[i].end.max(band[i - 1].end);
    }
    for i in (1..band.len()).rev() {
        band[i - 1].start = band[i - 1].start.min(band[i].start);
    }
    // …then no wider than that: up to an anchor's row no path is past it, after it none is behind.
    let mut next = 0;
    for &(i, around) in &groups {
        for row in &mut band[next..=i] {
            row.end = row.end.min(around.end);
        }
        next = i + 1;
    }
    for &(i, around) in &groups {
        band[i + 1].start = band[i + 1].start.max(around.start);
    }
    for i in 1..band.len() {
        band[i].start = band[i].start.max(band[i - 1].start);
    }
    band
}

/// Finds the best path over one level's tiles.
fn best_path(
    kernel: Kernel,
    tuning: &ChunkTuning,
    dim: usize,
    Sides { src, tgt }: Sides<&Vec<f32>>,
    band: &[Row],
) -> Vec<Corner> {
    /// Rows whose cosines are computed together.
    const ROWS: usize = 256;
    let (r, c) = (src.len() / dim, tgt.len() / dim);
    // The cosines of up to `ROWS` rows from `first` on. `best_corners` goes through the rows in
    // order, so those of earlier rows are not needed again. Row 0 has no pairs, so `first` is 0
    // only until the first call.
    let mut cosines: Vec<Vec<f32>> = Vec::new();
    let mut first = 0;
    // The target tiles before the boundaries of a row; boundary 0 has no tile before it.
    let near = |i: usize| band[i].start.saturating_sub(1)..band[i].end - 1;
    let gain = |i: usize, j: usize| {
        debug_assert!(i >= first, "rows in order");
        if first == 0 || i >= first + ROWS {
            first = i;
            cosines = parallel::map(ROWS.min(r + 1 - first), |row| {
                let near = near(first + row);
                let mut cosines = vec![0.0; near.len()];
                let columns = &tgt[near.start * dim..near.end * dim];
                kernel.dots(&src[(first + row - 1) * dim..][..dim], columns, &mut cosines);
                cosines
            });
        }
        cosines[i - first][j - 1 - near(i).start]
    };
    let costs =
        Costs { skip: tuning.skip, first_skip: tuning.first_skip, max_pair: tuning.max_pair_cost };
    best_corners(&Corridor::from_rows(band.to_vec()), (r, c), costs, gain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_leads_through_its_anchors() {
        let anchors = [(0, 0), (17, 90), (18, 99), (33, 110)].map(|(src, tgt)| Anchor { src, tgt });
        let row = |(start, end)| Row::new(start, end);
        let band = through_anchors(
            [(0, 1), (0, 2), (1, 3), (2, 4), (3, 31), (30, 31)].map(row).to_vec(),
            &anchors,
            Sides::new(8, 8),
        );
        assert_eq!(band, [(0, 2), (0, 2), (1, 14), (11, 14), (11, 15), (13, 31)].map(row));
    }
}
