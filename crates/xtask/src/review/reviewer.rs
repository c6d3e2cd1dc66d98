//! A reviewer who always answers by gold.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use anyhow::Result;
use nasaq::{Aligner, Bead, Constraints, Encoder, Search, Span};

use crate::gold::GoldDocument;

/// The probability from which a bead far from a decision ends the stretch that is aligned again.
const SURE: f32 = 0.98;
/// The minimum distance of such a bead, in segments of either side.
const FAR: usize = 30;

/// In which order beads are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Reading,
    /// The least probable first.
    Risk,
}

/// How a review proceeds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mode {
    pub(super) order: Order,
    /// Whether the stretches beside a decision are aligned again.
    pub(super) realigns: bool,
}

/// The state after some decisions.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Point {
    pub(super) decisions: usize,
    /// Decisions that changed something.
    pub(super) corrections: usize,
    /// The beads that these set, without those that were there.
    pub(super) beads_set: usize,
    /// The share of the gold's beads that are there; of the beads that are right, if a bead of the
    /// gold may be divided.
    pub(super) share: f64,
    /// The share of the beads that are expected to be wrong, of those that nobody looked at.
    pub(super) expected_wrong: f64,
}

/// The course of a review.
pub(super) struct Outcome {
    /// The number of beads in the gold.
    pub(super) gold: usize,
    /// The states, from the first on.
    pub(super) points: Vec<Point>,
    /// How long it took to align again after each decision.
    pub(super) times: Vec<Duration>,
    /// A line for each decision.
    pub(super) log: Vec<String>,
}

impl Outcome {
    /// Returns the number of decisions until a share of the beads is right.
    pub(super) fn until(&self, share: f64) -> usize {
        let found = self.points.iter().find(|point| point.share >= share);
        found.expect("a review ends with all beads right").decisions
    }

    /// Returns the state after a number of decisions.
    pub(super) fn at(&self, decisions: usize) -> Point {
        self.points[decisions]
    }
}

/// Reviews the documents of a set, in one queue.
pub(super) fn review(
    aligner: &Aligner,
    encoder: &impl Encoder,
    documents: &[GoldDocument],
    mode: Mode,
    divided: bool,
) -> Result<Outcome> {
    let mut reviews = Vec::new();
    for document in documents {
        let mut search = aligner.search(encoder, &document.src, &document.tgt)?;
        let beads = search.align()?.beads().to_vec();
        let beads = beads.into_iter().map(|bead| Row { bead, is_fixed: false }).collect();
        let gold = gold(document);
        let known = gold.iter().map(key).collect();
        reviews.push(Review { search, rows: beads, gold, known, divided });
    }
    let count = reviews.iter().map(|review| review.gold.len()).sum();
    let mut outcome =
        Outcome { gold: count, points: Vec::new(), times: Vec::new(), log: Vec::new() };
    let mut point = Point::default();
    loop {
        let right: usize = reviews.iter().map(Review::right).sum();
        let rows: usize = reviews.iter().map(|review| review.rows.len()).sum();
        point.share = right as f64 / if divided { rows } else { count } as f64;
        point.expected_wrong =
            reviews.iter().map(Review::expected_wrong).sum::<f64>() / rows as f64;
        outcome.points.push(point);
        let nexts = reviews.iter().enumerate().filter_map(|(at, review)| {
            let row = review.next(mode.order)?;
            Some((at, row, review.rows[row].bead.probability))
        });
        let next = match mode.order {
            Order::Reading => nexts.min_by_key(|&(at, row, _)| (at, row)),
            Order::Risk => nexts.min_by(|a, b| a.2.total_cmp(&b.2)),
        };
        let Some((at, row, _)) = next else { return Ok(outcome) };
        let bead = reviews[at].rows[row].bead;
        let start = Instant::now();
        let set = reviews[at].decide(row, mode.realigns)?;
        if mode.realigns {
            outcome.times.push(start.elapsed());
        }
        point.decisions += 1;
        point.corrections += usize::from(set.is_some());
        point.beads_set += set.unwrap_or(0);
        let name = &documents[at].name;
        let (src, tgt, p) = (bead.src.range(), bead.tgt.range(), bead.probability);
        let answer = set.map_or("right".to_owned(), |set| format!("wrong, {set} beads set"));
        outcome.log.push(format!("{} {name} {src:?} {tgt:?} {p:.4} {answer}", point.decisions));
    }
}

/// A bead, and whether the reviewer decided it.
#[derive(Clone, Copy, Debug)]
struct Row {
    bead: Bead,
    is_fixed: bool,
}

/// A document under review.
struct Review<'a> {
    search: Search<'a>,
    rows: Vec<Row>,
    gold: Vec<Bead>,
    /// The keys of the gold's beads.
    known: HashSet<(Span, Span)>,
    /// Whether the pairs are right into which a bead of the gold is divided.
    divided: bool,
}

/// Returns the beads of the gold, with a null for each unaligned segment.
fn gold(document: &GoldDocument) -> Vec<Bead> {
    let (mut i, mut j) = (0, 0);
    let mut beads = Vec::new();
    for rung in &document.gold {
        let (a, b) = (rung.src.len(), rung.tgt.len());
        let steps = match (a, b) {
            (_, 0) => vec![(1, 0); a],
            (0, _) => vec![(0, 1); b],
            _ => vec![(a, b)],
        };
        for (a, b) in steps {
            beads.push(Bead::new(Span::new(i, i + a), Span::new(j, j + b), 1.0, 0.0));
            (i, j) = (i + a, j + b);
        }
    }
    beads
}

/// Returns what two beads have in common if they are the same: a null is the same wherever it is on
/// the other side.
fn key(bead: &Bead) -> (Span, Span) {
    let shown = |span: Span| if span.is_empty() { Span::new(0, 0) } else { span };
    (shown(bead.src), shown(bead.tgt))
}

/// Reports whether two beads share a segment.
fn share(a: &Bead, b: &Bead) -> bool {
    let share = |a: Span, b: Span| a.start < b.end && b.start < a.end;
    share(a.src, b.src) || share(a.tgt, b.tgt)
}

/// Reports whether a stretch that starts or ends at a corner beside a decision ends at a bead.
pub(super) fn is_stop(bead: &Bead, is_fixed: bool, (i, j): (usize, usize)) -> bool {
    let distance = |span: Span, at: usize| {
        let span = span.range();
        at.saturating_sub(span.end).max(span.start.saturating_sub(at))
    };
    let is_far = distance(bead.src, i).max(distance(bead.tgt, j)) >= FAR;
    !bead.is_null() && (is_fixed || is_far && bead.probability >= SURE)
}

pub(super) fn start(bead: &Bead) -> (usize, usize) {
    (bead.src.range().start, bead.tgt.range().start)
}

pub(super) fn end(bead: &Bead) -> (usize, usize) {
    (bead.src.range().end, bead.tgt.range().end)
}

impl Review<'_> {
    /// Counts the beads that are right.
    fn right(&self) -> usize {
        self.rows.iter().filter(|row| self.is_right(&row.bead)).count()
    }

    fn is_right(&self, bead: &Bead) -> bool {
        self.known.contains(&key(bead)) || self.divided && self.is_part(bead)
    }

    /// Reports whether a bead is part of one of the gold that is divided into pairs.
    fn is_part(&self, bead: &Bead) -> bool {
        let inside = |own: Span, gold: Span| gold.start <= own.start && own.end <= gold.end;
        let is_inside = |own: &Bead, gold: &Bead| {
            !own.is_null() && inside(own.src, gold.src) && inside(own.tgt, gold.tgt)
        };
        let Some(gold) = self.gold.iter().find(|gold| is_inside(bead, gold)) else { return false };
        let parts = self.rows.iter().map(|row| &row.bead).filter(|row| share(row, gold));
        parts.into_iter().all(|part| is_inside(part, gold))
    }

    /// Returns the expected number of wrong beads that nobody looked at.
    fn expected_wrong(&self) -> f64 {
        let open = self.rows.iter().filter(|row| !row.is_fixed);
        open.map(|row| 1.0 - f64::from(row.bead.probability)).sum()
    }

    /// Returns the next row to look at.
    fn next(&self, order: Order) -> Option<usize> {
        let mut open = (0..self.rows.len()).filter(|&row| !self.rows[row].is_fixed);
        match order {
            Order::Reading => open.next(),
            Order::Risk => open.min_by(|&a, &b| {
                let probability = |row: usize| self.rows[row].bead.probability;
                probability(a).total_cmp(&probability(b))
            }),
        }
    }

    /// Confirms a row if it is right, and corrects it otherwise: returns the number of beads that
    /// are set.
    fn decide(&mut self, row: usize, realigns: bool) -> Result<Option<usize>> {
        let bead = self.rows[row].bead;
        if self.is_right(&bead) {
            self.rows[row].is_fixed = true;
            if realigns {
                self.realign(&[bead])?;
            }
            return Ok(None);
        }
        let set = if realigns { run(&self.gold, &bead).to_vec() } else { self.common_run(&bead) };
        let is_new = |gold: &&Bead| !self.rows.iter().any(|row| key(&row.bead) == key(gold));
        let new = set.iter().filter(is_new).count();
        if realigns {
            self.realign(&set)?;
        } else {
            self.replace(&set);
        }
        Ok(Some(new))
    }

    /// Returns the gold's beads of the smallest region around a bead whose ends no bead of either
    /// alignment crosses.
    fn common_run(&self, bead: &Bead) -> Vec<Bead> {
        let mut region = *bead;
        loop {
            let before = region;
            let rows: Vec<Bead> = self.rows.iter().map(|row| row.bead).collect();
            for other in run(&self.gold, &before).iter().chain(run(&rows, &before)) {
                region.src = joined(region.src, other.src);
                region.tgt = joined(region.tgt, other.tgt);
            }
            if region == before {
                return run(&self.gold, &region).to_vec();
            }
        }
    }

    /// Sets the beads of a region that no bead crosses.
    fn replace(&mut self, run: &[Bead]) {
        let is_in = |row: &Row| run.iter().any(|gold| share(gold, &row.bead));
        let first = self.rows.iter().position(is_in).expect("beads are complete");
        self.rows.retain(|row| !is_in(row));
        let fixed = run.iter().map(|&bead| Row { bead, is_fixed: true });
        self.rows.splice(first..first, fixed);
    }

    /// Fixes beads and aligns the stretches beside them again.
    ///
    /// A null that is fixed says that its segment is unaligned, and not between which beads it is:
    /// it is excluded, and no end of a stretch.
    fn realign(&mut self, fixed: &[Bead]) -> Result<()> {
        let is_near = |row: &Row| fixed.iter().any(|bead| share(bead, &row.bead));
        let first = self.rows.iter().position(is_near).expect("beads are complete");
        let last = self.rows.iter().rposition(is_near).expect("beads are complete");
        let (first, last) = (self.stretch_start(first), self.stretch_end(last));
        let mut nulls = [Vec::new(), Vec::new()];
        let old = self.rows[first..last].iter().filter(|row| row.is_fixed).map(|row| &row.bead);
        for null in old.chain(fixed).filter(|bead| bead.is_null()) {
            if null.tgt.is_empty() { nulls[0].push(null.src) } else { nulls[1].push(null.tgt) }
        }
        let constraints = Constraints {
            excluded_src: &nulls[0],
            excluded_tgt: &nulls[1],
            ..Constraints::default()
        };
        let (mut from, to) = (start(&self.rows[first].bead), end(&self.rows[last - 1].bead));
        let mut rows = Vec::new();
        for pair in fixed.iter().filter(|bead| !bead.is_null()) {
            rows.extend(stretch(&mut self.search, from, start(pair), &constraints)?);
            rows.push(Row { bead: *pair, is_fixed: true });
            from = end(pair);
        }
        rows.extend(stretch(&mut self.search, from, to, &constraints)?);
        self.rows.splice(first..last, rows);
        Ok(())
    }

    /// Returns the first row of the stretch that ends before a row.
    fn stretch_start(&self, row: usize) -> usize {
        let edge = start(&self.rows[row].bead);
        let ends = |row: &Row| is_stop(&row.bead, row.is_fixed, edge);
        self.rows[..row].iter().rposition(ends).map_or(0, |at| at + 1)
    }

    /// Returns the row after the stretch that starts after a row.
    fn stretch_end(&self, row: usize) -> usize {
        let edge = end(&self.rows[row].bead);
        let ends = |row: &Row| is_stop(&row.bead, row.is_fixed, edge);
        let rest = &self.rows[row + 1..];
        row + 1 + rest.iter().position(ends).unwrap_or(rest.len())
    }
}

/// Aligns a stretch; nulls of excluded segments are fixed.
fn stretch(
    search: &mut Search<'_>,
    from: (usize, usize),
    to: (usize, usize),
    constraints: &Constraints<'_>,
) -> Result<Vec<Row>> {
    let beads = search.realign(from.0..to.0, from.1..to.1, constraints)?;
    let row = |bead: Bead| Row { is_fixed: bead.moved, bead: bead.with_moved(false) };
    Ok(beads.into_iter().map(row).collect())
}

/// Returns the beads from the first to the last that share a segment with a bead.
fn run<'b>(beads: &'b [Bead], bead: &Bead) -> &'b [Bead] {
    let first = beads.iter().position(|other| share(other, bead)).expect("beads are complete");
    let last = beads.iter().rposition(|other| share(other, bead)).expect("beads are complete");
    &beads[first..=last]
}

/// Returns the run from the start of the first of two spans to the end of the last.
fn joined(a: Span, b: Span) -> Span {
    match (a.is_empty(), b.is_empty()) {
        (_, true) => a,
        (true, false) => b,
        _ => Span { start: a.start.min(b.start), end: a.end.max(b.end) },
    }
}
