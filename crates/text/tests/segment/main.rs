//! Segmentation: the cases in `cases/segment.toml`, and properties that hold for every text.

mod line_ends;
mod marks;
mod running;

use std::fmt::Write as _;

use nasaq_text::{Abbreviations, Language, Segmenter, is_ignorable, lines, segments, sentences};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    language: String,
    text: String,
    sentences: Vec<String>,
    #[serde(default)]
    semicolons: bool,
}

#[test]
fn segments_are_those_of_the_cases() {
    let cases: Cases = toml::from_str(include_str!("../cases/segment.toml")).unwrap();
    let mut failures = String::new();
    let mut failed = 0;
    for case in &cases.case {
        let language: Language = case.language.parse().unwrap();
        let segmenter = Segmenter::new(language).semicolons(case.semicolons);
        let ours: Vec<&str> = segmenter.segments(&case.text).iter().map(|s| s.text).collect();
        if ours != case.sentences {
            failed += 1;
            let (expected, found) = (case.sentences.join("\n    "), ours.join("\n    "));
            writeln!(failures, "{}\n  expected\n    {expected}\n  found\n    {found}", case.name)
                .unwrap();
        }
    }
    assert!(failed == 0, "{failed} of {} cases\n{failures}", cases.case.len());
}

#[test]
fn sentences_are_counted_as_in_the_list() {
    // A line: language, number of segments, text.
    let mut failures = String::new();
    for line in include_str!("../cases/ends.txt").lines() {
        let fields: Vec<&str> = line.splitn(3, '|').collect();
        let language: Language = fields[0].parse().unwrap();
        let found = segments(fields[2], language);
        if found.len().to_string() != fields[1] {
            writeln!(failures, "{line}\n  {found:?}").unwrap();
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn case_names_are_unique() {
    let cases: Cases = toml::from_str(include_str!("../cases/segment.toml")).unwrap();
    let mut names: Vec<&str> = cases.case.iter().map(|case| case.name.as_str()).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn units_do_not_end_sentences() {
    for unit in [
        "كم",
        "كغ",
        "كجم",
        "كغم",
        "سم",
        "مم",
        "ملم",
        "مل",
        "ملغ",
        "ملغم",
        "مجم",
        "ملجم",
        "غم",
        "جم",
        "كلم",
        "م2",
        "م²",
        "كم2",
        "كم²",
        "م³",
        "م٣",
        "°م",
        "كم/س",
        "ملغ/دل",
    ] {
        for number in ["12.5 ", "40 ", "٤٠ ", "٢٫٥\u{A0}", "5 آلاف ", "7"] {
            for rest in ["من هنا إلى القرية.", "وعرضه عشرون.", "وهي كافية.", "مرتين يومياً."]
            {
                let text = format!("بلغ القياس {number}{unit}. {rest}");
                let found = segments(&text, Language::Arabic);
                assert_eq!(found.len(), 1, "{text}: {found:?}");
            }
            let text = format!("بلغ القياس {number}{unit}. ثم عاد إلى القرية.");
            assert_eq!(segments(&text, Language::Arabic).len(), 2, "{text}");
        }
    }
}

#[test]
fn initialisms_do_not_end_sentences_before_usual_words() {
    for letters in ["م.ت.ف", "ش.م.م", "م.م", "أ.ف.ب", "ج.م.ع", "د.ك"] {
        for rest in ["إنها ترفض العرض.", "كانت رابحة.", "هي الأكبر.", "وكان كبيراً.", "لم تقبل."]
        {
            let text = format!("قالت {letters}. {rest}");
            assert_eq!(segments(&text, Language::Arabic).len(), 1, "{text}");
        }
        let text = format!("قالت {letters}. وأضافت أنها ترفض.");
        assert_eq!(segments(&text, Language::Arabic).len(), 2, "{text}");
    }
}

#[test]
fn abbreviations_of_the_user_do_not_end_sentences() {
    let list: Abbreviations = "ar\tمهـ.\nen\tengr.\nobs\n".parse().unwrap();
    for (language, text, count) in [
        (Language::Arabic, "حضر مهـ. سامي. ثم رحل.", 2),
        (Language::Arabic, "حضر ومهـ.سامي معه. ثم رحل.", 2),
        (Language::Arabic, "حضر Obs. Kamal كذلك. ثم رحل.", 2),
        (Language::English, "She met Engr. Sami. He left.", 2),
        (Language::English, "She met engr. Sami (obs. Kamal was away). He left.", 2),
        (Language::English, "She met مهـ. سامي. He left.", 3),
    ] {
        let segmenter = Segmenter::new(language).abbreviations(list.clone());
        assert_eq!(segmenter.segments(text).len(), count, "{text}");
    }
}

#[test]
fn each_line_is_the_segment_with_its_index() {
    let text = "\u{FEFF}first. second\r\n\r\n  third \n\nfifth";
    let cut = lines(text);
    let texts: Vec<&str> = cut.iter().map(|s| s.text).collect();
    assert_eq!(texts, ["first. second", "", "third", "", "fifth"]);
    assert!(cut.iter().all(|s| &text[s.bytes()] == s.text));
    assert_eq!(lines("a\n").len(), 1);
    assert_eq!(lines("a\n\n").len(), 2);
    assert_eq!(lines("").len(), 0);
}

#[test]
fn long_texts_take_linear_time() {
    // Each of these takes quadratic time if a rule looks back or ahead without a bound.
    const LEN: usize = 1 << 20;
    for unit in [
        ".",
        ". ",
        "…",
        "كلمة ",
        "كلمة",
        "a. ",
        "\"",
        ".\"",
        "(... ",
        "«أ؟» قال ",
        "- ",
        " ",
        "\n",
        "\r\n",
        "\u{200F}",
        ".\u{200F}",
        "َ",
        "1. ",
        "a.b",
        "؟! ",
        "» ",
        "[1",
        ".(1)",
        "😀",
    ] {
        let text = unit.repeat(LEN / unit.len());
        for language in [Language::Arabic, Language::English] {
            let len: usize = sentences(&text, language).map(str::len).sum();
            assert_eq!(len, text.len(), "{unit:?}");
        }
    }
}

/// Generates texts of the characters and words that the rules depend on.
fn text() -> impl Strategy<Value = String> {
    let token = prop::sample::select(vec![
        ".",
        "!",
        "?",
        "؟",
        "…",
        "۔",
        "؛",
        "،",
        ":",
        "...",
        "؟!",
        " ",
        " ",
        " ",
        "\u{A0}",
        "\n",
        "\r\n",
        "\r",
        "\n\n",
        "\t",
        "\u{2028}",
        "\u{200F}",
        "\u{FEFF}",
        "\"",
        "'",
        "«",
        "»",
        "“",
        "”",
        "’",
        "(",
        ")",
        "[",
        "]",
        "-",
        "—",
        "*",
        "د",
        "أ",
        "هـ",
        "م",
        "ص",
        "قال",
        "الرجل",
        "ثمّ",
        "وَ",
        "كتاب",
        "فيتامين",
        "إلخ",
        "Mr",
        "U.S",
        "a.m",
        "etc",
        "J",
        "I",
        "said",
        "He",
        "the",
        "No",
        "1",
        "٣",
        "12",
        "2021",
        "3.5",
        "٫",
        "[1]",
        "(٢)",
        "¹",
        "😀",
        "中",
        "ß",
    ]);
    prop::collection::vec(token, 0..40).prop_map(|tokens| tokens.concat())
}

proptest! {
    #[test]
    fn sentences_concatenate_to_the_text(
        text in prop_oneof![text(), ".{0,40}"],
        arabic in any::<bool>(),
        semicolons in any::<bool>(),
    ) {
        let language = if arabic { Language::Arabic } else { Language::English };
        let segmenter = Segmenter::new(language).semicolons(semicolons);
        let sentences: Vec<&str> = segmenter.sentences(&text).collect();
        prop_assert!(sentences.iter().all(|sentence| !sentence.is_empty()));
        prop_assert_eq!(sentences.concat(), text);
    }

    #[test]
    fn offsets_of_segments_are_those_of_their_text(text in text(), arabic in any::<bool>()) {
        let language = if arabic { Language::Arabic } else { Language::English };
        let mut end = 0;
        for segment in segments(&text, language) {
            prop_assert_eq!(&text[segment.bytes()], segment.text);
            prop_assert!(segment.start >= end && !segment.text.is_empty());
            prop_assert_eq!(segment.text.trim(), segment.text);
            end = segment.bytes().end;
        }
    }

    #[test]
    fn segments_omit_only_white_space(text in text()) {
        let visible = |text: &str| -> String {
            text.chars().filter(|&c| !c.is_whitespace() && !is_ignorable(c)).collect()
        };
        let found: String =
            segments(&text, Language::Arabic).iter().map(|s| visible(s.text)).collect();
        prop_assert_eq!(found, visible(&text));
    }
}
