//! Quantities and names by sound: the cases in `cases/quantity.toml` and `cases/sound.toml`, and
//! properties that hold for every text.

use nasaq_text::{
    Amount, Language, Quantity, QuantityKind, compare_quantities, normalise, quantities,
    sound_distance,
};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Cases<C> {
    case: Vec<C>,
}

#[derive(Deserialize)]
struct NumberCase {
    arabic: Option<String>,
    english: Option<String>,
    found: Vec<String>,
    other: Option<String>,
    wrong: Option<String>,
}

#[derive(Deserialize)]
struct SoundCase {
    arabic: String,
    same: Vec<String>,
    other: Vec<String>,
}

fn show(quantity: &Quantity) -> String {
    let kind = match quantity.kind {
        QuantityKind::Month => "m",
        QuantityKind::HijriMonth => "h",
        _ => "",
    };
    format!("{}{kind}{}", quantity.amount, if quantity.weak { "~" } else { "" })
}

#[test]
fn quantities_are_those_of_the_cases() {
    let cases: Cases<NumberCase> = toml::from_str(include_str!("cases/quantity.toml")).unwrap();
    let mut failures = Vec::new();
    for case in &cases.case {
        let (text, language) = match (&case.arabic, &case.english) {
            (Some(text), _) => (text, Language::Arabic),
            (None, Some(text)) => (text, Language::English),
            (None, None) => panic!("a case without a text"),
        };
        let of = |text: &str, language| quantities(&normalise(text), language);
        let found = of(text, language);
        let shown: Vec<String> = found.iter().map(show).collect();
        if shown != case.found {
            failures.push(format!("{text}: {shown:?}, not {:?}", case.found));
        }
        // Whether every quantity that is not weak has a counterpart, or none of them has.
        let all_match = |text: &String, expected: bool| {
            let other = of(text, Language::English);
            let comparison = compare_quantities(&found, &other);
            let sides = [(&found, &comparison.src), (&other, &comparison.tgt)];
            sides.iter().all(|(quantities, counterparts)| {
                let mut firm = quantities.iter().zip(*counterparts).filter(|(q, _)| !q.weak);
                firm.all(|(_, counterpart)| counterpart.is_some() == expected)
            })
        };
        if case.other.as_ref().is_some_and(|text| !all_match(text, true)) {
            failures.push(format!("{text}: {:?} has other numbers", case.other));
        }
        if case.wrong.as_ref().is_some_and(|text| !all_match(text, false)) {
            failures.push(format!("{text}: {:?} has some of the same numbers", case.wrong));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn numbers_that_overflow_are_read_to_their_end() {
    for (text, language) in [
        ("a thousand million billion trillion five", Language::English),
        ("ألف مليون مليار تريليون وخمسة", Language::Arabic),
        ("ألف مليون مليار تريليون وألف وألفان", Language::Arabic),
    ] {
        assert!(!quantities(text, language).is_empty(), "{text}");
    }
}

#[test]
fn spellings_of_a_name_are_near_and_other_names_are_not() {
    let cases: Cases<SoundCase> = toml::from_str(include_str!("cases/sound.toml")).unwrap();
    let mut failures = Vec::new();
    for case in &cases.case {
        let distance = |name: &String| sound_distance(&case.arabic, name);
        let far: Vec<_> = case.same.iter().filter(|name| distance(name) > 0.25).collect();
        let near: Vec<_> = case.other.iter().filter(|name| distance(name) < 0.3).collect();
        for name in far.iter().chain(&near) {
            failures.push(format!("{} {name}: {:.2}", case.arabic, distance(name)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Returns a number in Arabic words, in the nominative and masculine.
fn arabic_words(n: u64) -> String {
    const UNITS: [&str; 20] = [
        "",
        "واحد",
        "اثنان",
        "ثلاثة",
        "أربعة",
        "خمسة",
        "ستة",
        "سبعة",
        "ثمانية",
        "تسعة",
        "عشرة",
        "أحد عشر",
        "اثنا عشر",
        "ثلاثة عشر",
        "أربعة عشر",
        "خمسة عشر",
        "ستة عشر",
        "سبعة عشر",
        "ثمانية عشر",
        "تسعة عشر",
    ];
    const TENS: [&str; 10] =
        ["", "", "عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون"];
    const HUNDREDS: [&str; 10] = [
        "",
        "مائة",
        "مائتان",
        "ثلاثمائة",
        "أربعمائة",
        "خمسمائة",
        "ستمائة",
        "سبعمائة",
        "ثمانمائة",
        "تسعمائة",
    ];
    let below = |n: u64| {
        let (hundreds, rest) = (n / 100 % 10, n % 100);
        let mut parts = vec![HUNDREDS[hundreds as usize].to_owned()];
        if rest < 20 {
            parts.push(UNITS[rest as usize].to_owned());
        } else {
            parts.push(UNITS[rest as usize % 10].to_owned());
            parts.push(TENS[rest as usize / 10].to_owned());
        }
        parts.retain(|part| !part.is_empty());
        parts.join(" و")
    };
    let mut parts = Vec::new();
    for (base, one, two, few, many) in
        [(1_000_000, "مليون", "مليونان", "ملايين", "مليونا"), (1_000, "ألف", "ألفان", "آلاف", "ألفا")]
    {
        match n / base % 1_000 {
            0 => {}
            1 => parts.push(one.to_owned()),
            2 => parts.push(two.to_owned()),
            count @ 3..=10 => parts.push(format!("{} {few}", below(count))),
            count if count % 100 == 0 => parts.push(format!("{} {one}", below(count))),
            count => parts.push(format!("{} {many}", below(count))),
        }
    }
    parts.push(below(n % 1_000));
    parts.retain(|part| !part.is_empty());
    parts.join(" و")
}

/// Returns a number in English words.
fn english_words(n: u64) -> String {
    const UNITS: [&str; 20] = [
        "",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 10] =
        ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let mut parts = Vec::new();
    for (base, name) in [(1_000_000, " million"), (1_000, " thousand"), (1, "")] {
        let n = n / base % 1_000;
        if n == 0 {
            continue;
        }
        let mut group = Vec::new();
        if n >= 100 {
            group.push(format!("{} hundred", UNITS[n as usize / 100]));
        }
        let rest = n as usize % 100;
        if rest > 0 {
            let joint = if rest > 20 && !rest.is_multiple_of(10) { "-" } else { "" };
            let words = if rest < 20 {
                UNITS[rest].to_owned()
            } else {
                format!("{}{joint}{}", TENS[rest / 10], UNITS[rest % 10])
            };
            group.push(words);
        }
        parts.push(format!("{}{name}", group.join(" and ")));
    }
    parts.join(" ")
}

proptest! {
    #[test]
    fn number_words_have_the_value_of_their_number(n in prop_oneof![1_u64..2_000, 1_u64..1_000_000_000]) {
        for (text, language) in
            [(arabic_words(n), Language::Arabic), (english_words(n), Language::English)]
        {
            let found = quantities(&normalise(&text), language);
            prop_assert_eq!(found.len(), 1, "{}: {:?}", text, found);
            prop_assert_eq!(found[0].amount, Amount::whole(n), "{}", text);
            prop_assert_eq!(&found[0].bytes, &(0..normalise(&text).len()));
        }
    }

    #[test]
    fn quantities_are_in_order_on_char_boundaries(text in "([0-9]{1,4}|[ /:.,-]|ألف|و|خمسة|مئة|May|two|XIV|آب ){0,12}") {
        for language in [Language::Arabic, Language::English] {
            let text = normalise(&text);
            let mut last = 0;
            for quantity in quantities(&text, language) {
                prop_assert!(text.get(quantity.bytes.clone()).is_some());
                prop_assert!(quantity.bytes.start >= last || quantity.notation == nasaq_text::Notation::Digits);
                last = quantity.bytes.start;
            }
        }
    }

    #[test]
    fn a_number_agrees_with_itself(text in "([0-9]{1,4}|[ /:.,-]|ألف|خمسة|مئة|May|two|XIV){0,12}") {
        for language in [Language::Arabic, Language::English] {
            let found = quantities(&normalise(&text), language);
            prop_assert!(compare_quantities(&found, &found).src.iter().all(Option::is_some));
        }
    }
}
