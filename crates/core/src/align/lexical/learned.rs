//! Matches of words that the lexicon lacks, learned from the beads of the document itself.
//!
//! Two words that are in the same beads more often than apart probably translate each other: names,
//! terms, and what else one translator renders in one way. The measure is Dice's coefficient over
//! beads. Pairs are linked best first, each word once, as in Melamed 2000, "Models of Translational
//! Equivalence among Words".

use super::{KindMatches, SideWords};
use crate::align::sides::Sides;
use crate::align::tuning::{LearnedTuning, Tuning};
use crate::bead::{Bead, Span};

/// Returns the words of a document with the matches that its beads show beside those of the
/// lexicon; `None` if they show none.
pub(crate) fn learn(
    tuning: &Tuning,
    Sides { src, tgt }: &Sides<SideWords>,
    beads: &[Bead],
) -> Option<Sides<SideWords>> {
    let mut links = links(&tuning.learned, [src, tgt], beads);
    if links.is_empty() {
        return None;
    }
    links.sort_by_key(|link| (link.src, link.tgt));
    let mut links = links.into_iter().peekable();
    let of_src = KindMatches::new(src.matches.kinds(), |kind, all| {
        let first = all.len();
        all.extend_from_slice(src.matches.of(kind as u32));
        while let Some(link) = links.next_if(|link| link.src as usize == kind) {
            all.push((link.tgt, tuning.learned.value * link.dice));
        }
        all[first..].sort_by_key(|&(other, _)| other);
    });
    let of_tgt = of_src.inverted(tgt.matches.kinds());
    let unknown_word = tuning.score.unknown_word;
    Some(Sides {
        src: src.with_matches(of_src, unknown_word),
        tgt: tgt.with_matches(of_tgt, unknown_word),
    })
}

/// Reports whether the same words match in the same way.
pub(crate) fn same_matches(words: &Sides<SideWords>, others: &Sides<SideWords>) -> bool {
    words.src.matches == others.src.matches
}

/// Two kinds of words that are often in the same beads.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Link {
    src: u32,
    tgt: u32,
    dice: f32,
}

/// Returns the links that the lexicon lacks.
fn links(tuning: &LearnedTuning, [src, tgt]: [&SideWords; 2], beads: &[Bead]) -> Vec<Link> {
    let [src_kinds, tgt_kinds] =
        [(src, (|bead| bead.src) as fn(&Bead) -> Span), (tgt, |bead| bead.tgt)]
            .map(|(side, span)| BeadKinds::new(side, beads.iter().map(span)));
    let max = tuning.max_share * beads.len() as f32;
    let is_usable = |count: u32| count >= tuning.min_together && (count as f32) <= max;
    let is_believed = |bead: &Bead| {
        !bead.is_null()
            && bead.probability >= tuning.min_probability
            && bead.src.len() + bead.tgt.len() <= tuning.max_segments
    };
    let mut beads_of: Vec<Vec<u32>> = vec![Vec::new(); src_kinds.counts.len()];
    for (index, bead) in (0..).zip(beads) {
        if is_believed(bead) {
            for &kind in src_kinds.of(index) {
                if is_usable(src_kinds.counts[kind as usize]) {
                    beads_of[kind as usize].push(index);
                }
            }
        }
    }
    let mut candidates = Vec::new();
    // How many beads a kind of the target shares with the current one of the source.
    let mut together = vec![0_u32; tgt_kinds.counts.len()];
    let mut touched = Vec::new();
    for (kind, beads_of) in (0..).zip(&beads_of) {
        if beads_of.len() < tuning.min_together as usize {
            continue;
        }
        for &other in beads_of.iter().flat_map(|&bead| tgt_kinds.of(bead)) {
            if together[other as usize] == 0 {
                touched.push(other);
            }
            together[other as usize] += 1;
        }
        for other in touched.drain(..) {
            let shared = std::mem::take(&mut together[other as usize]);
            let count = tgt_kinds.counts[other as usize];
            let dice = 2.0 * shared as f32 / (src_kinds.counts[kind as usize] + count) as f32;
            if shared >= tuning.min_together && is_usable(count) && dice >= tuning.min_dice {
                candidates.push(Link { src: kind, tgt: other, dice });
            }
        }
    }
    // Of equal links the first is taken, whichever side is the source: links with the same two kinds
    // in exchanged places do not compete.
    candidates.sort_by(|a, b| {
        let place = |link: &Link| (link.src.min(link.tgt), link.src.max(link.tgt), link.src);
        b.dice.total_cmp(&a.dice).then_with(|| place(a).cmp(&place(b)))
    });
    let mut linked = [vec![false; src_kinds.counts.len()], vec![false; tgt_kinds.counts.len()]];
    candidates.retain(|&Link { src: kind, tgt: other, .. }| {
        let [src_linked, tgt_linked] = &mut linked;
        let is_known = src.matches.of(kind).iter().any(|&(known, _)| known == other);
        let is_free = !src_linked[kind as usize] && !tgt_linked[other as usize];
        if is_known || is_free {
            (src_linked[kind as usize], tgt_linked[other as usize]) = (true, true);
        }
        is_free && !is_known
    });
    candidates
}

/// The distinct kinds of words of one side of each bead.
struct BeadKinds {
    /// Where each bead's kinds start in `kinds`, and the end of the last.
    bounds: Vec<usize>,
    kinds: Vec<u32>,
    /// The number of beads that contain each kind.
    counts: Vec<u32>,
}

impl BeadKinds {
    fn new(side: &SideWords, spans: impl Iterator<Item = Span>) -> Self {
        let mut counts = vec![0; side.matches.kinds()];
        let (mut kinds, mut bounds) = (Vec::new(), vec![0]);
        for span in spans {
            let first = kinds.len();
            kinds.extend(span.range().flat_map(|segment| side.segment(segment)).copied());
            kinds[first..].sort_unstable();
            let mut last = None;
            let mut end = first;
            for at in first..kinds.len() {
                if last != Some(kinds[at]) {
                    last = Some(kinds[at]);
                    counts[kinds[at] as usize] += 1;
                    kinds[end] = kinds[at];
                    end += 1;
                }
            }
            kinds.truncate(end);
            bounds.push(end);
        }
        Self { bounds, kinds, counts }
    }

    fn of(&self, bead: u32) -> &[u32] {
        &self.kinds[self.bounds[bead as usize]..self.bounds[bead as usize + 1]]
    }
}

#[cfg(test)]
mod tests {
    use nasaq_text::Lexicon;

    use super::super::document_words;
    use super::*;

    const SRC: [&str; 5] = ["سنبك جديد", "باب", "سنبك قديم", "بحر", "قلم"];
    const TGT: [&str; 5] = ["a new dhow", "gate", "an old dhow", "sea", "pen"];

    fn words(lexicon: &Lexicon) -> Sides<SideWords> {
        document_words(&Tuning::default().score, lexicon, Sides::new(&SRC, &TGT))
    }

    /// Beads of one segment each.
    fn beads(probability: f32) -> Vec<Bead> {
        (0..SRC.len())
            .map(|at| Bead::new(Span::new(at, at + 1), Span::new(at, at + 1), probability, 0.0))
            .collect()
    }

    /// Returns the matches of the first word of a source segment.
    fn matches(words: &Sides<SideWords>, segment: usize) -> Vec<(u32, f32)> {
        words.src.matches.of(words.src.segment(segment)[0]).to_vec()
    }

    #[test]
    fn words_that_are_in_the_same_beads_match() {
        let tuning = Tuning { learned: usable(0.4), ..Tuning::default() };
        let words = words(&Lexicon::empty());
        let learned = learn(&tuning, &words, &beads(0.9)).expect("a word to learn");
        let dhow = words.tgt.segment(0)[2];
        assert_eq!(matches(&learned, 0), [(dhow, tuning.learned.value)]);
        assert!(learned.tgt.matches.of(dhow).iter().any(|&(kind, _)| kind == 0));
        // Words of one bead only, and those that the other side has in its place, show nothing.
        assert_eq!(matches(&learned, 1), []);
        // A word with a match weighs more than one without.
        assert!(learned.src.weights[0] > words.src.weights[0]);
    }

    #[test]
    fn doubtful_beads_and_frequent_words_show_nothing() {
        let tuning = Tuning { learned: usable(0.4), ..Tuning::default() };
        let words = words(&Lexicon::empty());
        assert!(learn(&tuning, &words, &beads(0.6)).is_none());
        let tuning = Tuning { learned: usable(0.3), ..Tuning::default() };
        assert!(learn(&tuning, &words, &beads(0.9)).is_none());
    }

    #[test]
    fn a_match_of_the_lexicon_stays_and_takes_the_word() {
        let tuning = Tuning { learned: usable(0.4), ..Tuning::default() };
        let mut lexicon = Lexicon::empty();
        lexicon.insert("سنبك", "dhow", 0.64);
        assert!(learn(&tuning, &words(&lexicon), &beads(0.9)).is_none());
    }

    /// Words that are in more than this share of the beads are ignored.
    fn usable(max_share: f32) -> LearnedTuning {
        LearnedTuning { max_share, ..LearnedTuning::default() }
    }
}
