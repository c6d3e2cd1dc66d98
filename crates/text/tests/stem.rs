//! Words and stems: the cases in `cases/stem.toml`, and properties that hold for every text.

use std::collections::BTreeSet;

use nasaq_text::{Language, canonical_number, normalise, stem, words};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    language: String,
    same: Vec<String>,
    apart: Vec<String>,
}

#[test]
fn words_share_stems_as_in_the_cases() {
    let cases: Cases = toml::from_str(include_str!("cases/stem.toml")).unwrap();
    let mut failures = Vec::new();
    for case in &cases.case {
        let language: Language = case.language.parse().unwrap();
        let stem = |word: &String| (word.clone(), stem(&normalise(word), language));
        let same: Vec<_> = case.same.iter().map(stem).collect();
        let apart: Vec<_> = case.apart.iter().map(stem).collect();
        let one = same.iter().all(|(_, stem)| *stem == same[0].1);
        let different: BTreeSet<&String> =
            same.iter().take(1).chain(&apart).map(|(_, stem)| stem).collect();
        if !one || different.len() != apart.len() + 1 {
            failures.push(format!("{same:?}\n    apart {apart:?}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn words_are_runs_of_one_kind() {
    for (text, expected) in [
        ("", &[][..]),
        ("،؟ ...", &[]),
        ("قال: «نعم»", &["قال", "نعم"]),
        ("well-known O'Neill's 'quoted'", &["well", "known", "O'Neill's", "quoted"]),
        ("H1N1 10km 5كم و3.5", &["H1N1", "10", "km", "5", "كم", "و", "3.5"]),
        ("1,000, 12:30. 20th", &["1,000", "12:30", "20th"]),
        ("3،5 ثم 4، 5", &["3،5", "ثم", "4", "5"]),
        ("cafe\u{301}s", &["cafe\u{301}s"]),
    ] {
        let found: Vec<&str> = words(text).collect();
        assert_eq!(found, expected, "{text:?}");
    }
}

proptest! {
    #[test]
    fn words_contain_every_letter(text in "[ a-zA-Z0-9.,:'،٠-٩ا-ي\u{300}\u{301}é中-]{0,30}") {
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        let found: String = words(&text).collect();
        prop_assert_eq!(letters(&found), letters(&text));
    }

    #[test]
    fn every_word_has_a_stem(text in ".{0,30}", arabic in any::<bool>()) {
        let language = if arabic { Language::Arabic } else { Language::English };
        for word in words(&normalise(&text)) {
            prop_assert!(!word.is_empty());
            prop_assert!(!stem(word, language).contains(['\n', ' ']));
        }
    }

    #[test]
    fn particles_and_endings_do_not_change_an_arabic_stem(
        word in "[جحخدذرزسشصضطظعغقم]{3,7}",
        before in prop::sample::select(vec!["", "ال", "وال", "بال", "لل", "و", "ف"]),
        behind in prop::sample::select(vec!["", "ه", "ها", "هم", "ات", "ون", "ين", "ية", "نا"]),
    ) {
        // After three letters, ون may be a part of the word.
        prop_assume!(word.chars().count() > 3 || !["ون", "ين"].contains(&behind));
        let written = format!("{before}{word}{behind}");
        prop_assert_eq!(stem(&written, Language::Arabic), stem(&word, Language::Arabic));
    }

    #[test]
    fn canonical_numbers_are_canonical(text in "[0-9.,:،]{0,12}(st|th|s|km)?") {
        let once = canonical_number(&text).into_owned();
        prop_assert_eq!(canonical_number(&once), &*once);
    }

    #[test]
    fn thousands_separators_change_nothing(n in any::<u32>()) {
        let plain = n.to_string();
        let mut grouped = String::new();
        for (at, digit) in plain.chars().enumerate() {
            if at > 0 && (plain.len() - at) % 3 == 0 {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        prop_assert_eq!(canonical_number(&grouped), plain);
    }
}
