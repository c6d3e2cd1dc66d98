//! Which kinds of words of one side match which of the other, and how well.

/// The matches of each kind of one side: the id of a kind of the other, and a value of 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct KindMatches {
    /// Where each kind's matches start in `all`, and the end of the last.
    bounds: Vec<usize>,
    all: Vec<(u32, f32)>,
}

impl Default for KindMatches {
    fn default() -> Self {
        Self { bounds: vec![0], all: Vec::new() }
    }
}

impl KindMatches {
    /// Collects the matches that `add` appends for each kind in turn.
    pub(super) fn new(kinds: usize, mut add: impl FnMut(usize, &mut Vec<(u32, f32)>)) -> Self {
        let (mut bounds, mut all) = (Vec::with_capacity(kinds + 1), Vec::new());
        bounds.push(0);
        for kind in 0..kinds {
            add(kind, &mut all);
            bounds.push(all.len());
        }
        Self { bounds, all }
    }

    /// Returns the same matches by the kinds of the other side, which has `others` kinds.
    pub(super) fn inverted(&self, others: usize) -> Self {
        let mut bounds = vec![0; others + 1];
        for &(other, _) in &self.all {
            bounds[other as usize + 1] += 1;
        }
        for other in 1..bounds.len() {
            bounds[other] += bounds[other - 1];
        }
        let mut next = bounds.clone();
        let mut all = vec![(0, 0.0); self.all.len()];
        for kind in 0..self.kinds() {
            for &(other, value) in self.of(kind as u32) {
                let place = &mut next[other as usize];
                all[*place] = (kind as u32, value);
                *place += 1;
            }
        }
        Self { bounds, all }
    }

    /// Adds a kind without matches.
    pub(super) fn add_unmatched(&mut self) {
        self.bounds.push(self.all.len());
    }

    /// Counts the kinds.
    pub(super) fn kinds(&self) -> usize {
        self.bounds.len() - 1
    }

    /// Returns a kind's matches, ordered by kind.
    #[inline]
    pub(super) fn of(&self, kind: u32) -> &[(u32, f32)] {
        &self.all[self.bounds[kind as usize]..self.bounds[kind as usize + 1]]
    }
}
