//! The lexicon: pairs that are inserted are found, also after encoding and decoding, and a damaged
//! file is an error.

use std::collections::BTreeMap;

use nasaq_text::{ErrorKind, Language, Lexicon, stem};
use proptest::prelude::*;

type Pairs = BTreeMap<(String, String), f32>;

fn pairs() -> impl Strategy<Value = Pairs> {
    prop::collection::btree_map(("[ابتجد]{0,3}", "[abc]{0,3}"), 0.01_f32..=1.0, 0..24)
}

fn lexicon(pairs: &Pairs) -> Lexicon {
    let mut lexicon = Lexicon::empty();
    for ((arabic, english), similarity) in pairs {
        lexicon.set(arabic, english, *similarity);
    }
    lexicon
}

#[test]
fn words_are_normalised_and_stemmed_on_insertion() {
    let mut lexicon = Lexicon::empty();
    lexicon.insert("الكُتُبُ", "Books", 0.5);
    lexicon.insert("كتب", "books", 1.0);
    let english = stem("book", Language::English);
    assert_eq!(lexicon.len(), 1);
    let found: Vec<_> = lexicon.translations(&stem("كتب", Language::Arabic)).collect();
    assert_eq!(found, [(&*english, 1.0)]);
    assert_eq!(lexicon.translations_of_english(&english).count(), 1);
    lexicon.insert("كتب", "book", 0.0);
    assert!(lexicon.is_empty());
    assert_eq!(lexicon, Lexicon::empty());
}

#[test]
fn the_words_of_a_term_are_paired_in_both_orders_only() {
    let mut lexicon = Lexicon::empty();
    lexicon.insert("منظمة الصحة العالمية", "the World Health Organization", 1.0);
    assert_eq!(lexicon.len(), 5);
    let pair = |arabic, english| {
        let arabic = lexicon.arabic_id(&stem(arabic, Language::Arabic)).unwrap();
        let english = lexicon.english_id(&stem(english, Language::English)).unwrap();
        lexicon.similarity(arabic, english)
    };
    assert!(pair("صحة", "health") > 0.45 && pair("عالمية", "world") > 0.45);
    assert!(pair("منظمة", "organization") > 0.45);
    assert_eq!(pair("صحة", "world"), 0.0);
    lexicon.insert("الصحة", "health", 1.0);
    lexicon.insert("منظمة الصحة العالمية", "the World Health Organization", 0.4);
    let health: Vec<_> = lexicon.translations(&stem("صحة", Language::Arabic)).collect();
    assert_eq!(health, [("health", 1.0)]);
}

#[test]
fn a_pair_without_a_positive_similarity_is_not_inserted() {
    let mut lexicon = Lexicon::empty();
    for similarity in [f32::NAN, 0.0, -1.0, f32::NEG_INFINITY] {
        lexicon.set("ا", "a", similarity);
    }
    lexicon.set("ا\nب", "a", 1.0);
    lexicon.insert("؟", "word", 1.0);
    assert!(lexicon.is_empty());
}

#[test]
fn each_altered_byte_is_an_error() {
    let mut lexicon = Lexicon::empty();
    for (arabic, english) in [("كتاب", "book"), ("بيت", "house"), ("بيت", "home")] {
        lexicon.insert(arabic, english, 0.7);
    }
    let file = lexicon.to_bytes();
    assert_eq!(Lexicon::from_bytes(&file).unwrap(), lexicon);
    for at in 0..file.len() {
        for bit in 0..8 {
            let mut altered = file.clone();
            altered[at] ^= 1 << bit;
            let error = Lexicon::from_bytes(&altered).unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Lexicon { .. }), "byte {at}");
        }
        assert!(Lexicon::from_bytes(&file[..at]).is_err(), "cut at {at}");
    }
    assert!(Lexicon::from_bytes(&[&*file, &[0]].concat()).is_err());
}

#[cfg(feature = "builtin-lexicon")]
#[test]
fn the_bundled_lexicon_has_common_words() {
    let lexicon = Lexicon::builtin();
    for (arabic, english) in [
        ("الكتاب", "books"),
        ("مدينة", "city"),
        ("ماء", "water"),
        ("ملك", "King"),
        ("نوفمبر", "November"),
        ("تشرين", "October"),
        ("لندن", "London"),
        ("فيروس", "virus"),
        ("الرئيس", "president"),
    ] {
        let arabic = lexicon.arabic_id(&stem(arabic, Language::Arabic)).unwrap();
        let english_stem = stem(english, Language::English);
        let english = lexicon.english_id(&english_stem).unwrap();
        assert!(lexicon.similarity(arabic, english) > 0.2, "{english_stem}");
    }
}

proptest! {
    #[test]
    fn pairs_that_are_set_are_found(pairs in pairs()) {
        let lexicon = lexicon(&pairs);
        prop_assert_eq!(lexicon.len(), pairs.len());
        for ((arabic, english), similarity) in &pairs {
            let (a, e) = (lexicon.arabic_id(arabic).unwrap(), lexicon.english_id(english).unwrap());
            prop_assert!((lexicon.similarity(a, e) - similarity).abs() < 0.005);
            prop_assert!(lexicon.english_row(e).iter().any(|entry| entry.id == a));
            prop_assert_eq!(lexicon.arabic_stem(a), arabic);
            prop_assert_eq!(lexicon.english_stem(e), english);
        }
    }

    #[test]
    fn decoding_restores_the_lexicon(pairs in pairs(), more in pairs()) {
        let mut lexicon = lexicon(&pairs);
        let file = lexicon.to_bytes();
        let mut read = Lexicon::from_bytes(&file).unwrap();
        prop_assert_eq!(&read, &lexicon);
        prop_assert_eq!(read.to_bytes(), file);
        // A decoded lexicon can be changed as one that was built.
        for ((arabic, english), similarity) in &more {
            lexicon.set(arabic, english, *similarity);
            read.set(arabic, english, *similarity);
        }
        for (arabic, english) in pairs.keys().take(4) {
            lexicon.set(arabic, english, 0.0);
            read.set(arabic, english, 0.0);
        }
        prop_assert_eq!(&read, &lexicon);
        prop_assert_eq!(read.to_bytes(), lexicon.to_bytes());
        prop_assert_eq!(read.len(), read.iter().count());
    }

    #[test]
    fn merging_takes_the_greater_similarity(left in pairs(), right in pairs()) {
        let (mut one, mut other) = (lexicon(&left), lexicon(&right));
        let plain = one.clone();
        one.merge(&other);
        other.merge(&plain);
        prop_assert_eq!(&one, &other);
        for ((arabic, english), similarity) in left.iter().chain(&right) {
            let (a, e) = (one.arabic_id(arabic).unwrap(), one.english_id(english).unwrap());
            prop_assert!(one.similarity(a, e) > similarity - 0.005);
        }
    }

    #[test]
    fn arbitrary_bytes_are_an_error(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        prop_assert!(Lexicon::from_bytes(&bytes).is_err());
    }
}
