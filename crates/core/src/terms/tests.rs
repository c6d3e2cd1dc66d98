use super::*;

const PAIRS: &[(&str, &str)] = &[
    ("تقاس ملوحة التربة كل شهر.", "Soil salinity is measured every month."),
    ("تزيد مِلوحة التربة في الصيف.", "In summer, soil salinity rises."),
    ("وصلت النتائج إلى المختبر.", "The results reached the laboratory."),
    ("المختبر مغلق يوم الجمعة.", "The laboratory is closed on Fridays."),
    ("كوفيد-19 مرض.", "COVID-19 is a disease."),
    ("انتشر كوفيد-19 بسرعة.", "COVID-19 spread quickly."),
];

fn found(pairs: &[(&str, &str)], src: Language, settings: TermSettings) -> Vec<Term> {
    let lexicon = Lexicon::empty();
    let mut finder = TermFinder::new(&lexicon, src, settings);
    pairs.iter().for_each(|(src, tgt)| finder.add(src, tgt));
    assert_eq!(finder.pairs(), pairs.len());
    finder.find()
}

fn shown(terms: &[Term]) -> Vec<(&str, &str, u32)> {
    terms.iter().map(|term| (&*term.src, &*term.tgt, term.count)).collect()
}

#[test]
fn phrases_that_are_translated_alike_are_terms() {
    let terms = found(PAIRS, Language::Arabic, TermSettings::default());
    let mut shown = shown(&terms);
    shown.sort_unstable();
    let expected = [
        ("المختبر", "laboratory", 2),
        ("كوفيد-19", "COVID-19", 2),
        ("ملوحة التربة", "soil salinity", 2),
    ];
    assert_eq!(shown, expected);
    let salinity = terms.iter().find(|term| term.count == 2 && term.src.contains("ملوحة"));
    let salinity = salinity.expect("a term");
    assert_eq!((salinity.src_count, salinity.tgt_count), (2, 2));
    assert_eq!((salinity.score, &*salinity.examples), (0.75, &[0, 1][..]));
    assert!(!salinity.is_known);
}

#[test]
fn either_language_can_be_the_source() {
    let turned: Vec<(&str, &str)> = PAIRS.iter().map(|&(src, tgt)| (tgt, src)).collect();
    let terms = found(&turned, Language::English, TermSettings::default());
    assert!(shown(&terms).contains(&("COVID-19", "كوفيد-19", 2)), "{terms:?}");
    assert_eq!(terms.len(), 3);
}

#[test]
fn settings_limit_what_is_a_term() {
    let settings = |change: fn(&mut TermSettings)| {
        let mut settings = TermSettings::default();
        change(&mut settings);
        settings
    };
    assert!(found(PAIRS, Language::Arabic, settings(|it| it.min_count = 3)).is_empty());
    assert!(found(PAIRS, Language::Arabic, settings(|it| it.min_score = 0.8)).is_empty());
    let single = found(PAIRS, Language::Arabic, settings(|it| it.max_words = 1));
    assert!(single.iter().all(|term| !term.src.contains(' ') && !term.tgt.contains(' ')));
    let bare = found(PAIRS, Language::Arabic, settings(|it| it.examples = 0));
    assert!(bare.iter().all(|term| term.examples.is_empty()) && bare.len() == 3);
}

#[test]
fn words_of_the_lexicon_are_linked_and_marked() {
    let mut lexicon = Lexicon::empty();
    lexicon.insert("مختبر", "laboratory", 0.8);
    let mut finder = TermFinder::new(&lexicon, Language::Arabic, TermSettings::default());
    PAIRS.iter().for_each(|(src, tgt)| finder.add(src, tgt));
    let terms = finder.find();
    let known: Vec<&str> =
        terms.iter().filter(|term| term.is_known).map(|term| &*term.tgt).collect();
    assert_eq!(known, ["laboratory"]);
}

#[test]
fn texts_without_words_have_no_terms() {
    for pairs in [&[][..], &[("", ""), ("", "a b c"), ("…", "!")], &[("12", "12"), ("12", "12")]]
    {
        assert!(found(pairs, Language::Arabic, TermSettings::default()).is_empty());
    }
}
