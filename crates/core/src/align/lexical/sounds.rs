//! Words that sound like each other: names and loans that the lexicon lacks.

use hashbrown::HashMap;
use nasaq_text::{Lexicon, Sounds};

use super::Stems;
use crate::align::tuning::ScoreTuning;

/// A kind of one side and the kind of the other that sounds like it, with the value of their match.
pub(super) struct SoundMatch {
    pub(super) src: u32,
    pub(super) tgt: u32,
    pub(super) value: f32,
}

/// Returns the matches of Arabic words that the lexicon lacks with English words of similar sound,
/// ordered by source.
pub(super) fn sound_matches(
    tuning: &ScoreTuning,
    lexicon: &Lexicon,
    src: &Stems,
    tgt: &Stems,
) -> Vec<SoundMatch> {
    let mut all: Vec<SoundMatch> = Vec::new();
    for_each_match(tuning, lexicon, src, tgt, |src, tgt, value| {
        all.push(SoundMatch { src, tgt, value });
    });
    for_each_match(tuning, lexicon, tgt, src, |tgt, src, value| {
        all.push(SoundMatch { src, tgt, value });
    });
    // Of the readings of a word the best one counts.
    all.sort_by(|a, b| (a.src, a.tgt).cmp(&(b.src, b.tgt)).then(b.value.total_cmp(&a.value)));
    all.dedup_by_key(|found| (found.src, found.tgt));
    all
}

/// Calls `found` with each unknown Arabic kind of one side, a Latin kind of the other that sounds
/// like it, and the value of the match.
fn for_each_match(
    tuning: &ScoreTuning,
    lexicon: &Lexicon,
    arabic: &Stems,
    latin: &Stems,
    mut found: impl FnMut(u32, u32, f32),
) {
    let is_arabic = |stem: &str| stem.starts_with(|c| ('\u{600}'..='\u{6FF}').contains(&c));
    let is_long = |sounds: &Sounds| sounds.consonants() >= tuning.min_consonants;
    let unknown: Vec<u32> = (0..arabic.len() as u32)
        .filter(|&kind| {
            let stem = arabic.stem(kind);
            is_arabic(stem) && stem.chars().nth(2).is_some() && lexicon.arabic_id(stem).is_none()
        })
        .collect();
    if unknown.is_empty() {
        return;
    }
    let mut by_key: HashMap<u64, Vec<(u32, Sounds)>> = HashMap::new();
    for kind in 0..latin.len() as u32 {
        let stem = latin.stem(kind);
        if stem.len() >= tuning.min_latin_letters && stem.bytes().all(|c| c.is_ascii_alphabetic()) {
            let sounds = Sounds::latin(stem);
            if is_long(&sounds) {
                by_key.entry(sounds.consonant_key()).or_default().push((kind, sounds));
            }
        }
    }
    let max = tuning.max_sound_distance;
    for kind in unknown {
        for form in Sounds::arabic_forms(arabic.stem(kind)).into_iter().filter(is_long) {
            for (other, sounds) in by_key.get(&form.consonant_key()).into_iter().flatten() {
                let distance = form.distance(sounds);
                if distance <= max {
                    found(kind, *other, 1.0 - distance / max * (1.0 - tuning.far_sound));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::SideWords;
    use super::*;

    fn found(lexicon: &Lexicon, arabic: &str, latin: &str) -> Vec<(String, String, f32)> {
        let [arabic, latin] = [arabic, latin].map(|text| SideWords::new(&[text]).1);
        sound_matches(&ScoreTuning::default(), lexicon, &arabic, &latin)
            .into_iter()
            .map(|it| (arabic.stem(it.src).into(), latin.stem(it.tgt).into(), it.value))
            .collect()
    }

    #[test]
    fn names_match_by_their_sound() {
        let names = found(&Lexicon::empty(), "هشام في شيراز", "hisham left for shiraz");
        let pairs: Vec<_> = names.iter().map(|(a, b, _)| (a.as_str(), b.as_str())).collect();
        assert_eq!(pairs, [("هشام", "hisham"), ("شيراز", "shiraz")]);
        assert!(names.iter().all(|&(_, _, value)| (0.5..=1.0).contains(&value)), "{names:?}");
    }

    #[test]
    fn words_of_the_lexicon_and_short_words_are_not_compared() {
        let mut lexicon = Lexicon::empty();
        lexicon.insert("هشام", "generous", 0.9);
        assert_eq!(found(&lexicon, "هشام", "hisham"), []);
        assert_eq!(found(&Lexicon::empty(), "هشام", "hsm"), []);
    }
}
