//! The way through a long document on coarse tiles: where to cut it.
//!
//! Each side is cut to tiles of some neighbouring segments, and a monotone programme pairs them. On
//! the coarsest level, tiles of tiles, it sees the whole document; each finer level keeps near the
//! path of the one above. Memory and time are linear in the document, but for the top level, whose
//! size is fixed.

use nasaq_kernels::Kernel;

use super::Anchor;
use super::corridor::Corridor;
use super::document::Document;
use super::piece::Corner;
use crate::encoder::Encoder;
use crate::error::{ErrorKind, Result};
use crate::parallel;

/// Segments of the shorter side in a tile, at the least.
const TILE: usize = 8;
/// Tiles of a side, about: of longer documents the tiles are larger.
const MOST_TILES: usize = 16_384;
/// Code points of a segment that count: a tile is known by its segments' beginnings.
const BEGINNING: f64 = 200.0;
/// Tiles that are encoded together.
const SLICE: usize = 512;
/// Tiles of a side on the top level, at the most.
const TOP: usize = 2048;
/// Tiles that a level joins to one of the level above.
const JOIN: usize = 4;
/// Tiles to either side of the path of the level above.
const HALF_WIDTH: usize = 3 * JOIN;
/// What a step that pairs nothing costs.
const SKIP: f32 = 0.02;
/// The least that a pair adds; a poor pair must not cost more than the way around it.
const FLOOR: f32 = -0.1;

/// A monotone path over tiles.
pub(super) struct CoarsePath {
    /// Its corners in segments, from the first to the last.
    pub(super) corners: Vec<Corner>,
    /// What each step adds: a pair's cosine, 0 where it pairs nothing.
    pub(super) gains: Vec<f32>,
    /// Segments in a tile of either side.
    pub(super) tile: [usize; 2],
}

/// Finds the way through a document.
pub(super) fn coarse_path(
    kernel: Kernel,
    encoder: &(impl Encoder + ?Sized),
    document: &Document<'_>,
) -> Result<CoarsePath> {
    let (n, m) = document.size();
    let size = TILE.max(n.max(m).div_ceil(MOST_TILES));
    let (long, short) = (n.max(m), n.min(m));
    let longer = ((size * long + short / 2) / short).clamp(size, JOIN * size);
    let tile = if n <= m { [size, longer] } else { [longer, size] };
    let [src_total, tgt_total] = document.totals().map(|total| total.max(1) as f64);
    let ratio = (src_total / tgt_total).sqrt().clamp(0.5, 2.0);
    let beginnings = [BEGINNING * ratio, BEGINNING / ratio];
    let mut levels = vec![[Vec::new(), Vec::new()]];
    for side in [0, 1] {
        let vectors = tiles(encoder, document, side, tile[side], beginnings[side] as usize)?;
        levels[0][side] = centred(kernel, vectors, encoder.dim());
    }
    let dim = encoder.dim();
    while levels[levels.len() - 1].iter().any(|side| side.len() / dim > TOP) {
        let finer = &levels[levels.len() - 1];
        levels.push([0, 1].map(|side: usize| joined(kernel, &finer[side], dim)));
    }

    let mut path: Option<Path> = None;
    for (height, [src, tgt]) in levels.iter().enumerate().rev() {
        let (r, c) = (src.len() / dim, tgt.len() / dim);
        let scale = JOIN.pow(height as u32);
        let band = match &path {
            None => vec![(0, c); r + 1],
            Some(above) => {
                let finer = |&(i, j): &Corner| ((i * JOIN).min(r), (j * JOIN).min(c));
                let corners: Vec<Corner> = above.corners.iter().map(finer).collect();
                let around = Corridor::around(&corners, (r, c), HALF_WIDTH, 0);
                (0..=r).map(|i| around.row(i)).collect()
            }
        };
        let band = through_anchors(band, &document.anchors, tile.map(|size| size * scale));
        path = Some(programme(kernel, dim, [src, tgt], &Corridor::from_rows(band)));
    }
    let Path { corners, gains } = path.expect("there is a level");
    let in_segments = |(i, j): Corner| ((i * tile[0]).min(n), (j * tile[1]).min(m));
    Ok(CoarsePath { corners: corners.into_iter().map(in_segments).collect(), gains, tile })
}

/// Encodes one side's tiles, a slice at a time.
fn tiles(
    encoder: &(impl Encoder + ?Sized),
    document: &Document<'_>,
    side: usize,
    size: usize,
    beginning: usize,
) -> Result<Vec<f32>> {
    let start = |text: &str| text.char_indices().nth(beginning).map_or(text.len(), |(at, _)| at);
    let mut vectors = Vec::new();
    for slice in document.texts[side].chunks(SLICE * size) {
        let texts: Vec<String> = slice
            .chunks(size)
            .map(|tile| tile.iter().map(|text| &text[..start(text)]).collect::<Vec<_>>().join(" "))
            .collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        vectors.extend(encoder.encode(&texts).map_err(ErrorKind::Encoder)?);
    }
    Ok(vectors)
}

/// Takes off what all vectors have in common, and brings them back to unit length.
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
fn joined(kernel: Kernel, vectors: &[f32], dim: usize) -> Vec<f32> {
    let mut all = Vec::with_capacity(vectors.len().div_ceil(JOIN * dim) * dim);
    for tiles in vectors.chunks(JOIN * dim) {
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
fn through_anchors(
    mut band: Vec<(usize, usize)>,
    anchors: &[Anchor],
    tile: [usize; 2],
) -> Vec<(usize, usize)> {
    let groups: Vec<(usize, usize, usize)> = anchors
        .chunk_by(|a, b| a.src / tile[0] == b.src / tile[0])
        .map(|group| {
            let (first, last) = (group[0], group[group.len() - 1]);
            (first.src / tile[0], first.tgt / tile[1], last.tgt / tile[1] + 1)
        })
        .collect();
    // First wide enough for all, also where the band lies elsewhere…
    for &(row, first, last) in &groups {
        for (low, high) in &mut band[row..=row + 1] {
            (*low, *high) = ((*low).min(first), (*high).max(last));
        }
    }
    for row in 1..band.len() {
        band[row].1 = band[row].1.max(band[row - 1].1);
    }
    for row in (1..band.len()).rev() {
        band[row - 1].0 = band[row - 1].0.min(band[row].0);
    }
    // …then no wider: before an anchor's row no path is past it, after it none is behind.
    let mut next = 0;
    for &(row, _, last) in &groups {
        for (_, high) in &mut band[next..=row] {
            *high = (*high).min(last);
        }
        next = row + 1;
    }
    for &(row, first, _) in &groups {
        band[row + 1].0 = band[row + 1].0.max(first);
    }
    for row in 1..band.len() {
        band[row].0 = band[row].0.max(band[row - 1].0);
    }
    band
}

/// A path over one level's tiles.
struct Path {
    corners: Vec<Corner>,
    gains: Vec<f32>,
}

/// Finds the best path in a band.
fn programme(kernel: Kernel, dim: usize, [src, tgt]: [&[f32]; 2], band: &Corridor) -> Path {
    /// Rows whose cosines are worked out together.
    const ROWS: usize = 256;
    let r = src.len() / dim;
    // The move that leads to each state: 0 both, 1 source, 2 target.
    let mut moves = vec![0_u8; band.states()];
    let mut above: (usize, Vec<f32>) = (0, Vec::new());
    let mut cosines: Vec<Vec<f32>> = Vec::new();
    for i in 0..=r {
        let (low, high) = band.row(i);
        if i % ROWS == 1 {
            let first = i;
            cosines = parallel::map(ROWS.min(r + 1 - first), |row| {
                let (low, high) = band.row(first + row);
                let columns = &tgt[low.saturating_sub(1) * dim..high * dim];
                let mut cosines = vec![0.0; columns.len() / dim];
                kernel.dots(&src[(first + row - 1) * dim..][..dim], columns, &mut cosines);
                cosines
            });
        }
        let mut row = vec![f32::NEG_INFINITY; high + 1 - low];
        for j in low..=high {
            if (i, j) == (0, 0) {
                row[0] = 0.0;
                continue;
            }
            let at_above = |j: usize| {
                let value = j.checked_sub(above.0).and_then(|at| above.1.get(at));
                value.copied().unwrap_or(f32::NEG_INFINITY)
            };
            let pair = match (i, j) {
                (0, _) | (_, 0) => f32::NEG_INFINITY,
                _ => {
                    let cosine = cosines[(i - 1) % ROWS][j - 1 - low.saturating_sub(1)];
                    at_above(j - 1) + cosine.max(FLOOR)
                }
            };
            let source = if i == 0 { f32::NEG_INFINITY } else { at_above(j) - SKIP };
            let target = if j == low { f32::NEG_INFINITY } else { row[j - 1 - low] - SKIP };
            let mut best = (0, pair);
            for (choice, value) in [(1, source), (2, target)] {
                if value > best.1 {
                    best = (choice, value);
                }
            }
            moves[band.row_start(i) + j - low] = best.0;
            row[j - low] = best.1;
        }
        above = (low, row);
    }
    let (mut i, mut j) = (r, tgt.len() / dim);
    let (mut corners, mut gains) = (vec![(i, j)], Vec::new());
    while (i, j) != (0, 0) {
        match moves[band.row_start(i) + j - band.row(i).0] {
            0 => {
                (i, j) = (i - 1, j - 1);
                gains.push(kernel.dot(&src[i * dim..][..dim], &tgt[j * dim..][..dim]));
            }
            1 => {
                i -= 1;
                gains.push(0.0);
            }
            _ => {
                j -= 1;
                gains.push(0.0);
            }
        }
        corners.push((i, j));
    }
    corners.reverse();
    gains.reverse();
    Path { corners, gains }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Unit vectors of a direction each.
    fn vectors(directions: &[usize]) -> Vec<f32> {
        directions.iter().flat_map(|&one| (0..16).map(move |at| f32::from(at == one))).collect()
    }

    #[test]
    fn a_programme_pairs_what_is_alike_and_skips_the_rest() {
        let (src, tgt) = (vectors(&[0, 1, 2, 3, 4]), vectors(&[0, 3, 9, 4]));
        let band = Corridor::from_rows(vec![(0, 4); 6]);
        let path = programme(Kernel::detect(), 16, [&src, &tgt], &band);
        assert_eq!(path.corners[..2], [(0, 0), (1, 1)]);
        assert_eq!(path.corners[path.corners.len() - 3..], [(4, 2), (4, 3), (5, 4)]);
        assert_eq!(path.gains.iter().sum::<f32>(), 3.0);
    }

    #[test]
    fn a_band_leads_through_its_anchors() {
        let anchors = [(0, 0), (17, 90), (18, 99), (33, 110)].map(|(src, tgt)| Anchor { src, tgt });
        let band = through_anchors(
            vec![(0, 0), (0, 1), (1, 2), (2, 3), (3, 30), (30, 30)],
            &anchors,
            [8, 8],
        );
        assert_eq!(band, [(0, 1), (0, 1), (1, 13), (11, 13), (11, 14), (13, 30)]);
    }
}
