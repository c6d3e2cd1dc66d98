//! Invisible marks at the beginning and end of sentences.

use nasaq_text::{Language, segments};

/// The invisible characters that word processors and subtitle programs put before a sentence.
fn marks() -> impl Iterator<Item = char> {
    let ranges = [
        '\u{200B}'..='\u{200F}',
        '\u{202A}'..='\u{202E}',
        '\u{2060}'..='\u{2060}',
        '\u{2066}'..='\u{2069}',
        '\u{61C}'..='\u{61C}',
        '\u{AD}'..='\u{AD}',
        '\u{FEFF}'..='\u{FEFF}',
    ];
    ranges.into_iter().flatten()
}

/// Two sentences in each language; the second begins with an abbreviation.
const SENTENCES: [(Language, [&str; 2]); 2] = [
    (Language::Arabic, ["وصل القطار صباحاً.", "د. سامي لم ينتظره؟"]),
    (Language::English, ["The train came.", "Dr. Sami did not wait."]),
];

#[test]
fn invisible_marks_stay_with_the_sentence_that_they_begin() {
    for (language, [first, second]) in SENTENCES {
        for mark in marks() {
            for gap in [" ", "\n", "\n\n", "\r\n", " \n ", "\u{A0}", "\u{2028}"] {
                // A mark that closes an embedding on the same line closes that of the sentence
                // before it.
                let closes = matches!(mark, '\u{202C}' | '\u{2069}');
                if closes && !gap.contains(['\n', '\u{2028}']) {
                    continue;
                }
                let text = format!("{mark}{first}{gap}{mark}{second}\n");
                let found: Vec<&str> = segments(&text, language).iter().map(|s| s.text).collect();
                let mut expected = [format!("{mark}{first}"), format!("{mark}{second}")];
                if mark == '\u{FEFF}' {
                    // At the beginning of a text, this is a byte order mark.
                    expected[0] = first.to_owned();
                }
                assert_eq!(found, expected, "U+{:04X} {gap:?}", u32::from(mark));
            }
        }
    }
}

#[test]
fn marks_that_close_stay_with_the_sentence_before_them() {
    for (language, [first, second]) in SENTENCES {
        for [open, close] in
            [['\u{202B}', '\u{202C}'], ['\u{202A}', '\u{202C}'], ['\u{2067}', '\u{2069}']]
        {
            for (gap, end) in [("", " "), (" ", ""), (" ", " ")] {
                let text = format!("{open}{first}{gap}{close}{end}{open}{second}{close}");
                let found: Vec<&str> = segments(&text, language).iter().map(|s| s.text).collect();
                let expected =
                    [format!("{open}{first}{gap}{close}"), format!("{open}{second}{close}")];
                assert_eq!(found, expected, "{text:?}");
            }
        }
    }
}

#[test]
fn lines_of_invisible_marks_belong_to_no_segment() {
    for mark in marks() {
        let text = format!("{mark}\nنعم.\n{mark}\n\n{mark} {mark}\n{mark}لا.\n{mark}\n");
        let found: Vec<&str> = segments(&text, Language::Arabic).iter().map(|s| s.text).collect();
        assert_eq!(found, ["نعم.".to_owned(), format!("{mark}لا.")], "U+{:04X}", u32::from(mark));
    }
}

#[test]
fn marks_do_not_hide_abbreviations() {
    for (language, text) in [
        (Language::Arabic, "قال \u{200F}د.\u{200F} سامي في \u{202B}ص.\u{202C} ٥ نعم."),
        (Language::Arabic, "الطول 12 \u{200F}كم\u{200F}. من هنا."),
        (Language::English, "He met \u{200E}Dr.\u{200E} Sami and \u{202A}Mr\u{202C}. Idris."),
        (Language::English, "\u{200E}1.\u{200E} The aim is set"),
    ] {
        assert_eq!(segments(text, language).len(), 1, "{text:?}");
    }
}
