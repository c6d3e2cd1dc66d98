//! Measures the calibration of probabilities: the errors by set, before and after refitting on the
//! other sets, the precision of the most probable beads, and a diagram.

use std::fmt::Write as _;

use nasaq::Rung;

use super::GoldDocument;
use super::losses::{inside, same};

const BINS: usize = 10;
/// The number of Newton steps of a fit, far more than needed.
const STEPS: usize = 60;
/// The share of the most probable beads whose precision is reported.
const TOP_SHARE: f64 = 0.8;

/// A bead with its probability, and whether it is right.
#[derive(Clone, Copy)]
pub(crate) struct ScoredBead {
    pub(crate) probability: f64,
    /// Whether the gold has the same bead.
    pub(crate) strict: bool,
    /// Whether the gold has the same bead or one that contains it.
    pub(crate) nested: bool,
}

/// Returns the beads of one document, compared with its gold.
pub(crate) fn scored_beads(document: &GoldDocument, ladder: &[Rung]) -> Vec<ScoredBead> {
    let score = |rung: &Rung| {
        let strict = document.gold.iter().any(|gold| same(gold, rung));
        let lies_inside = |gold: &Rung| !rung.is_null() && inside(rung, gold);
        ScoredBead {
            probability: f64::from(rung.score.unwrap_or(0.0)),
            strict,
            nested: strict || document.gold.iter().any(lies_inside),
        }
    };
    ladder.iter().map(score).collect()
}

/// Returns the expected calibration error over ten bins of equal width (Naeini et al. 2015).
pub(super) fn calibration_error(beads: &[ScoredBead], right: fn(&ScoredBead) -> bool) -> f64 {
    bins(beads, right).iter().map(|bin| (bin.right - bin.probability).abs()).sum::<f64>()
        / beads.len().max(1) as f64
}

/// Sums over the beads of a bin.
#[derive(Clone, Copy, Default)]
struct BinSums {
    count: f64,
    probability: f64,
    right: f64,
}

fn bins(beads: &[ScoredBead], right: fn(&ScoredBead) -> bool) -> [BinSums; BINS] {
    let mut bins = [BinSums::default(); BINS];
    for bead in beads {
        let bin = &mut bins[((bead.probability * BINS as f64) as usize).min(BINS - 1)];
        bin.count += 1.0;
        bin.probability += bead.probability;
        bin.right += f64::from(u8::from(right(bead)));
    }
    bins
}

/// A linear map of log-odds (Platt scaling).
#[derive(Clone, Copy)]
struct LogOddsMap {
    slope: f64,
    offset: f64,
}

impl LogOddsMap {
    fn of(self, probability: f64) -> f64 {
        let p = probability.clamp(1e-6, 1.0 - 1e-6);
        1.0 / (1.0 + (-(self.slope * (p / (1.0 - p)).ln() + self.offset)).exp())
    }

    /// Fits the maximum-likelihood map for the beads of some sets, each with the same weight, by
    /// Newton's method.
    fn fit(sets: &[&[ScoredBead]]) -> Self {
        let mut map = Self { slope: 1.0, offset: 0.0 };
        for _ in 0..STEPS {
            // A small penalty keeps the map near the identity if there are few errors.
            let (mut g, mut h) = ([(map.slope - 1.0) * 1e-3, 0.0], [1e-3, 0.0, 1e-6]);
            for beads in sets {
                let weight = 1.0 / beads.len().max(1) as f64;
                for bead in *beads {
                    let p = bead.probability.clamp(1e-6, 1.0 - 1e-6);
                    let (x, q) = ((p / (1.0 - p)).ln(), map.of(p));
                    let off = weight * (q - f64::from(u8::from(bead.nested)));
                    let curve = weight * q * (1.0 - q);
                    g = [g[0] + off * x, g[1] + off];
                    h = [h[0] + curve * x * x, h[1] + curve * x, h[2] + curve];
                }
            }
            let determinant = h[0] * h[2] - h[1] * h[1];
            map.slope -= (h[2] * g[0] - h[1] * g[1]) / determinant;
            map.offset -= (h[0] * g[1] - h[1] * g[0]) / determinant;
        }
        map
    }
}

/// Returns a table of the sets: the strict and nested errors of the printed probabilities, the
/// nested error after a map fitted on the other sets, and the precision of the most probable beads.
pub(super) fn table(sets: &[(&str, Vec<ScoredBead>)]) -> String {
    let mut out = String::from(
        "| set | beads | strict | nested | nested, refitted on the others | most probable 80 %: strict | nested |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for (name, beads) in sets {
        let others: Vec<&[ScoredBead]> =
            sets.iter().filter(|(other, _)| other != name).map(|(_, beads)| &beads[..]).collect();
        let map = LogOddsMap::fit(&others);
        let refitted: Vec<ScoredBead> = beads
            .iter()
            .map(|bead| ScoredBead { probability: map.of(bead.probability), ..*bead })
            .collect();
        let mut order = beads.clone();
        order.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        order.truncate((TOP_SHARE * beads.len() as f64) as usize);
        let share = |right: fn(&ScoredBead) -> bool| {
            order.iter().filter(|bead| right(bead)).count() as f64 / order.len().max(1) as f64
        };
        let _ = writeln!(
            out,
            "| {name} | {} | {:.3} | {:.3} | {:.3} | {:.3} | {:.3} |",
            beads.len(),
            calibration_error(beads, |bead| bead.strict),
            calibration_error(beads, |bead| bead.nested),
            calibration_error(&refitted, |bead| bead.nested),
            share(|bead| bead.strict),
            share(|bead| bead.nested),
        );
    }
    out
}

/// Returns a table of the bins: mean probability, strict and nested shares of right beads, number
/// of beads.
pub(super) fn reliability(sets: &[(&str, Vec<ScoredBead>)]) -> String {
    let mut out = String::from("| set | bins |\n|---|---|\n");
    for (name, beads) in sets {
        let (strict, nested) = (bins(beads, |bead| bead.strict), bins(beads, |bead| bead.nested));
        let shown: Vec<String> = strict
            .iter()
            .zip(&nested)
            .filter(|(bin, _)| bin.count > 0.0)
            .map(|(strict, nested)| {
                let share = |sum: f64| sum / strict.count;
                format!(
                    "{:.2}: {:.2} / {:.2} ({})",
                    share(strict.probability),
                    share(strict.right),
                    share(nested.right),
                    strict.count
                )
            })
            .collect();
        let _ = writeln!(out, "| {name} | {} |", shown.join(", "));
    }
    out
}

/// Returns the reliability diagram of the beads of whole documents and of those of documents with
/// omissions, in the nested sense, as SVG.
pub(super) fn diagram(whole: &[ScoredBead], damaged: &[ScoredBead]) -> String {
    const SIDE: f64 = 360.0;
    const EDGE: f64 = 56.0;
    let (x, y) = (|p: f64| EDGE + p * SIDE, |p: f64| EDGE + (1.0 - p) * SIDE);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {0}\" role=\"img\" \
         font-family=\"sans-serif\" font-size=\"12\">\n\
         <title>Reliability: the share of beads that are right, by printed probability</title>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
        SIDE + 2.0 * EDGE
    );
    for tick in 0..=5 {
        let p = f64::from(tick) / 5.0;
        let _ = write!(
            out,
            "<path d=\"M{0} {1}H{2}M{3} {4}V{5}\" stroke=\"#ddd\" fill=\"none\"/>\n\
             <text x=\"{6}\" y=\"{7}\" text-anchor=\"end\">{p:.1}</text>\n\
             <text x=\"{3}\" y=\"{8}\" text-anchor=\"middle\">{p:.1}</text>\n",
            x(0.0),
            y(p),
            x(1.0),
            x(p),
            y(0.0),
            y(1.0),
            x(0.0) - 8.0,
            y(p) + 4.0,
            y(0.0) + 18.0,
        );
    }
    let _ = writeln!(
        out,
        "<path d=\"M{} {}L{} {}\" stroke=\"#888\" stroke-dasharray=\"4 4\"/>",
        x(0.0),
        y(0.0),
        x(1.0),
        y(1.0)
    );
    let series = [("whole documents", "#0a6ab4", whole), ("with omissions", "#b4540a", damaged)];
    for (row, (label, colour, beads)) in series.into_iter().enumerate() {
        let points: Vec<(f64, f64, f64)> = bins(beads, |bead| bead.nested)
            .iter()
            .filter(|bin| bin.count > 0.0)
            .map(|bin| (x(bin.probability / bin.count), y(bin.right / bin.count), bin.count))
            .collect();
        let path: Vec<String> = points.iter().map(|(x, y, _)| format!("{x:.1} {y:.1}")).collect();
        let _ = writeln!(
            out,
            "<path d=\"M{}\" stroke=\"{colour}\" stroke-width=\"2\" fill=\"none\"/>",
            path.join("L")
        );
        for (x, y, count) in points {
            let radius = 2.0 + count.log10();
            let _ = writeln!(
                out,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" fill=\"{colour}\">\
                 <title>{count} beads</title></circle>"
            );
        }
        // Below the diagonal, where few points lie.
        let at = y(0.12) + 18.0 * row as f64;
        let _ = writeln!(out, "<text x=\"{}\" y=\"{at}\" fill=\"{colour}\">{label}</text>", x(0.6));
    }
    let _ = write!(
        out,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">printed probability</text>\n\
         <text transform=\"translate(16 {}) rotate(-90)\" text-anchor=\"middle\">share right</text>\n\
         </svg>\n",
        x(0.5),
        y(0.0) + 40.0,
        y(0.5)
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beads(probability: f64, right: usize, of: usize) -> Vec<ScoredBead> {
        (0..of)
            .map(|at| ScoredBead { probability, strict: at < right, nested: at < right })
            .collect()
    }

    #[test]
    fn calibrated_probabilities_have_no_error_and_the_identity_map() {
        let sets = [[beads(0.8, 80, 100), beads(0.5, 50, 100)].concat()];
        assert!(calibration_error(&sets[0], |bead| bead.strict) < 1e-12);
        let map = LogOddsMap::fit(&[&sets[0]]);
        assert!((map.slope - 1.0).abs() < 1e-3 && map.offset.abs() < 1e-3);
    }

    #[test]
    fn a_fit_maps_probabilities_to_the_shares_of_right_beads() {
        let beads = [beads(0.9, 60, 100), beads(0.4, 10, 100)].concat();
        let map = LogOddsMap::fit(&[&beads]);
        assert!((map.of(0.9) - 0.6).abs() < 0.01 && (map.of(0.4) - 0.1).abs() < 0.01);
    }
}
