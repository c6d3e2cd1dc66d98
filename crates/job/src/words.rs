//! The words of beads that translate each other, as links between numbered words.

use nasaq::{Bead, Search, Segment, Span, WordLink, WordPlace};

/// Returns the links of each bead.
pub(crate) fn links(search: &Search<'_>, beads: &[Bead]) -> Vec<Vec<WordLink>> {
    beads.iter().map(|bead| search.word_links(bead.src, bead.tgt)).collect()
}

/// Returns the links of a bead in Pharaoh format: `0-0 1-2`, the words of the source and of the target
/// text that translate each other. Words are divided at white space and counted from 0.
pub(crate) fn pharaoh(links: &[WordLink], bead: &Bead, [src, tgt]: [&[Segment<'_>]; 2]) -> String {
    let numbers = [WordNumbers::new(src, bead.src), WordNumbers::new(tgt, bead.tgt)];
    let number = |link: &WordLink| (numbers[0].of(&link.src), numbers[1].of(&link.tgt));
    let mut pairs: Vec<(usize, usize)> = links.iter().map(number).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let pairs: Vec<String> = pairs.into_iter().map(|(src, tgt)| format!("{src}-{tgt}")).collect();
    pairs.join(" ")
}

/// Where the words of one side of a bead begin.
struct WordNumbers {
    first: usize,
    /// For each segment, the number of its first word and the bytes at which its words begin.
    segments: Vec<(usize, Vec<usize>)>,
}

impl WordNumbers {
    fn new(segments: &[Segment<'_>], span: Span) -> Self {
        let mut count = 0;
        let of_segment = |segment: &Segment<'_>| {
            let text = segment.text;
            let start = |word: &str| word.as_ptr().addr() - text.as_ptr().addr();
            let starts: Vec<usize> = text.split_whitespace().map(start).collect();
            let first = count;
            count += starts.len();
            (first, starts)
        };
        let range = span.range();
        Self { first: range.start, segments: segments[range].iter().map(of_segment).collect() }
    }

    fn of(&self, place: &WordPlace) -> usize {
        let (first, starts) = &self.segments[place.segment - self.first];
        first + starts.partition_point(|start| *start <= place.bytes.start).saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nasaq::items;

    #[test]
    fn words_are_counted_over_the_segments_of_a_bead() {
        let src = items(&["x", "a (b", "c-d e"]);
        let numbers = WordNumbers::new(&src, Span::new(1, 3));
        assert_eq!(
            (numbers.first, &numbers.segments[..]),
            (1, &[(0, vec![0, 2]), (2, vec![0, 4])][..])
        );
    }
}
