//! Pairs names in several passes, from names that are the same to names that are similar.

use std::collections::BTreeMap;

use nasaq::Language;

use super::marks::{
    MarkExtent, is_other_language, marks, masked, similar, without_extension, without_masks,
};

/// Two names that belong together.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NamePair {
    /// What both have in common.
    pub(super) id: String,
    /// The indices of the names.
    pub(super) names: [usize; 2],
    /// Whether the names are only similar.
    pub(super) is_similar: bool,
}

/// Why a name has no partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnpairedReason {
    /// No name of the other side is like its own.
    NoPartner,
    /// Several names are like its own, or several like that of its partner.
    Ambiguous,
    /// Its name does not show its language.
    NoLanguage,
    /// Its name shows a language that is neither of both.
    OtherLanguage,
}

/// Pairs of names, and the names that are in none.
#[derive(Debug, Default)]
pub(super) struct NamePairs {
    pub(super) pairs: Vec<NamePair>,
    /// The index, the side if it is known, and the reason.
    pub(super) unpaired: Vec<(usize, Option<usize>, UnpairedReason)>,
}

/// What a name is compared by in one pass.
#[derive(Clone)]
struct Key {
    /// The side that the name would be on.
    side: usize,
    text: String,
    /// The id of a pair with this name as its source.
    id: String,
}

/// Pairs the names of two folders.
///
/// `sides` has the side of each name.
pub(super) fn pair_sides(names: &[&str], sides: &[usize], languages: [Language; 2]) -> NamePairs {
    let stem = |at: usize| without_extension(names[at]).to_owned();
    let key = |at: usize, text: String, id: String| Key { side: sides[at], text, id };
    let unmarked = |at: usize| {
        let marked = [MarkExtent::Word, MarkExtent::Region]
            .into_iter()
            .flat_map(move |extent| masked(names[at], languages[sides[at]], extent))
            .map(|masked| without_masks(without_extension(&masked)));
        marked.chain([stem(at)])
    };
    let mut matcher = Matcher::new(names.len());
    matcher.pass(false, |at| vec![key(at, names[at].to_owned(), stem(at))]);
    matcher.pass(false, |at| vec![key(at, stem(at), stem(at))]);
    matcher.pass(false, |at| unmarked(at).map(|id| key(at, id.clone(), id)).collect());
    matcher.pass(true, |at| unmarked(at).map(|id| key(at, similar(&id), id)).collect());
    matcher.finish(names, |at| Some(sides[at]))
}

/// Pairs the names of one folder by the languages that they name.
pub(super) fn pair_marked(names: &[&str], languages: [Language; 2]) -> NamePairs {
    let keys = |at: usize, extent: MarkExtent, text: &dyn Fn(&str) -> String| -> Vec<Key> {
        let side = |side: usize| {
            let key = |masked: &String| {
                let id = without_masks(without_extension(masked));
                Key { side, text: text(masked), id }
            };
            masked(names[at], languages[side], extent).iter().map(key).collect::<Vec<_>>()
        };
        [side(0), side(1)].concat()
    };
    let whole = |masked: &str| masked.to_owned();
    let stem = |masked: &str| without_extension(masked).to_owned();
    let similar_rest = |masked: &str| similar(&without_masks(without_extension(masked)));
    let mut matcher = Matcher::new(names.len());
    for extent in [MarkExtent::Word, MarkExtent::Region] {
        matcher.pass(false, |at| keys(at, extent, &whole));
        matcher.pass(false, |at| keys(at, extent, &stem));
    }
    matcher.pass(true, |at| keys(at, MarkExtent::Region, &similar_rest));
    // `report.docx` with `report_en.docx`: the name without a mark is the other language.
    for side in 0..2 {
        matcher.pass(true, |at| {
            if marks(names[at]).is_empty() {
                if is_other_language(names[at]) {
                    return Vec::new();
                }
                let id = without_extension(names[at]).to_owned();
                return vec![Key { side: 1 - side, text: similar(names[at]), id }];
            }
            let mut keys = keys(at, MarkExtent::Region, &similar_rest);
            keys.retain(|key| key.side == side);
            keys
        });
    }
    let side_of = |at: usize| {
        let found = marks(names[at]);
        let mut sides = found.iter().map(|mark| usize::from(mark.language != languages[0]));
        let first = sides.next()?;
        sides.all(|side| side == first).then_some(first)
    };
    matcher.finish(names, side_of)
}

/// Finds partners pass by pass; a name that has one is not looked at again.
struct Matcher {
    pairs: Vec<NamePair>,
    is_paired: Vec<bool>,
    is_ambiguous: Vec<bool>,
}

impl Matcher {
    fn new(names: usize) -> Self {
        Self { pairs: Vec::new(), is_paired: vec![false; names], is_ambiguous: vec![false; names] }
    }

    /// Pairs the names that share a key with exactly one name of the other side.
    fn pass(&mut self, is_similar: bool, keys: impl Fn(usize) -> Vec<Key>) {
        let mut found: BTreeMap<String, [Vec<(usize, String)>; 2]> = BTreeMap::new();
        for at in (0..self.is_paired.len()).filter(|at| !self.is_paired[*at]) {
            for Key { side, text, id } in keys(at) {
                let names = &mut found.entry(text).or_default()[side];
                if names.last().is_none_or(|(last, _)| *last != at) {
                    names.push((at, id));
                }
            }
        }
        for mut sides in found.into_values() {
            for names in &mut sides {
                names.retain(|(at, _)| !self.is_paired[*at]);
            }
            match &mut sides {
                [src, tgt] if src.is_empty() || tgt.is_empty() => {}
                [src, tgt] if src.len() == 1 && tgt.len() == 1 && src[0].0 != tgt[0].0 => {
                    let names = [src[0].0, tgt[0].0];
                    names.iter().for_each(|at| self.is_paired[*at] = true);
                    // Of similar names the shorter id has fewer extensions inside.
                    let ids = [src, tgt].map(|side| std::mem::take(&mut side[0].1));
                    let id = match ids {
                        [src, tgt] if is_similar && tgt.len() < src.len() => tgt,
                        [src, _] => src,
                    };
                    self.pairs.push(NamePair { id, names, is_similar });
                }
                [src, tgt] => {
                    src.iter().chain(&*tgt).for_each(|(at, _)| self.is_ambiguous[*at] = true);
                }
            }
        }
    }

    /// Gives each pair an id of its own, and lists the other names.
    fn finish(self, names: &[&str], side: impl Fn(usize) -> Option<usize>) -> NamePairs {
        let mut pairs = self.pairs;
        pairs.sort_by_key(|pair| pair.names);
        let mut used = std::collections::HashSet::new();
        for pair in &mut pairs {
            let name = names[pair.names[0]];
            let choices = [pair.id.clone(), without_extension(name).to_owned(), name.to_owned()];
            let free = choices.into_iter().find(|id| !id.is_empty() && !used.contains(id));
            pair.id = free.unwrap_or_else(|| format!("{name}-{}", pair.names[0]));
            used.insert(pair.id.clone());
        }
        pairs.sort_by(|a, b| a.id.cmp(&b.id));
        let unpaired = (0..names.len()).filter(|at| !self.is_paired[*at]).map(|at| {
            let side = side(at);
            let reason = match (self.is_ambiguous[at], side) {
                (true, _) => UnpairedReason::Ambiguous,
                (false, None) if is_other_language(names[at]) => UnpairedReason::OtherLanguage,
                (false, None) => UnpairedReason::NoLanguage,
                (false, Some(_)) => UnpairedReason::NoPartner,
            };
            (at, side, reason)
        });
        NamePairs { pairs, unpaired: unpaired.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LANGUAGES: [Language; 2] = [Language::Arabic, Language::English];

    fn pairs<'n>(names: &'n [&'n str], found: &'n NamePairs) -> Vec<(&'n str, &'n str, &'n str)> {
        let pair = |pair: &'n NamePair| (&*pair.id, names[pair.names[0]], names[pair.names[1]]);
        found.pairs.iter().map(pair).collect()
    }

    #[test]
    fn one_folder_with_many_habits_is_paired() {
        let names = [
            "001_AR_l.txt",
            "001_EN_l.txt",
            "a.ar.txt",
            "a.en.txt",
            "ar_g.txt",
            "b_AR.txt",
            "b_EN.txt",
            "d.ar-EG.txt",
            "d.en-US.txt",
            "en_g.txt",
            "f (Arabic).txt",
            "f (English).txt",
            "h.arb.txt",
            "h.eng.txt",
            "k.ar.html",
            "k.en.txt",
            "m عربي.txt",
            "m إنجليزي.txt",
            "n.ar.txt.gz.txt",
            "n.en.txt",
            "pAR.txt",
            "pEN.txt",
            "v_ar_EG.txt",
            "v_en_GB.txt",
            "w-ar-001.txt",
            "w-en-001.txt",
            "x.txt.ar",
            "x.txt.en",
            "y.ar",
            "y.en",
            "z/ar/1.txt",
            "z/en/1.txt",
        ];
        let found = pair_marked(&names, LANGUAGES);
        assert_eq!(found.unpaired, []);
        assert_eq!(found.pairs.len(), names.len() / 2);
        let similar = found.pairs.iter().filter(|pair| pair.is_similar);
        assert_eq!(similar.map(|pair| &*pair.id).collect::<Vec<_>>(), ["n"]);
        assert!(pairs(&names, &found).contains(&("001_l", "001_AR_l.txt", "001_EN_l.txt")));
    }

    #[test]
    fn names_that_several_fit_are_ambiguous() {
        let names = ["a.ar.docx", "a.ar.txt", "a.en.html", "notes.txt", "c.ar.txt", "ar-en.txt"];
        let found = pair_marked(&names, LANGUAGES);
        assert_eq!(pairs(&names, &found), []);
        let reasons: Vec<_> = found.unpaired.iter().map(|(_, side, why)| (*side, *why)).collect();
        use UnpairedReason::{Ambiguous, NoLanguage, NoPartner};
        assert_eq!(
            reasons,
            [
                (Some(0), Ambiguous),
                (Some(0), Ambiguous),
                (Some(1), Ambiguous),
                (None, NoLanguage),
                (Some(0), NoPartner),
                (None, NoLanguage),
            ]
        );
    }

    #[test]
    fn numbers_that_look_like_regions_stay() {
        let names = ["w-ar-001.txt", "w-ar-002.txt", "w-en-001.txt", "w-en-002.txt"];
        let found = pair_marked(&names, LANGUAGES);
        assert_eq!(
            pairs(&names, &found),
            [("w-001", names[0], names[2]), ("w-002", names[1], names[3])]
        );
    }

    #[test]
    fn a_name_without_a_mark_is_the_other_language() {
        let names = ["report.docx", "report_en.docx", "b-arabic.txt", "b.txt"];
        let found = pair_marked(&names, LANGUAGES);
        assert_eq!(
            pairs(&names, &found),
            [("b", "b-arabic.txt", "b.txt"), ("report", "report.docx", "report_en.docx")]
        );
        assert!(found.pairs.iter().all(|pair| pair.is_similar));
    }

    #[test]
    fn two_folders_prefer_the_same_name() {
        let names = [
            "1.md", "1.txt", "5_en.txt", "B.TXT", "e.ar.txt", "١.txt", "1.txt", "5_en.txt",
            "b.txt", "e.txt",
        ];
        let sides = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1];
        let found = pair_sides(&names, &sides, LANGUAGES);
        assert_eq!(
            pairs(&names, &found),
            [
                ("1", "1.txt", "1.txt"),
                ("5_en", "5_en.txt", "5_en.txt"),
                ("B", "B.TXT", "b.txt"),
                ("e", "e.ar.txt", "e.txt")
            ]
        );
        let unpaired: Vec<&str> = found.unpaired.iter().map(|(at, ..)| names[*at]).collect();
        assert_eq!(unpaired, ["1.md", "١.txt"]);
    }
}
