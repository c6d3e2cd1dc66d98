//! Numbers that are counted in the texts: lengths, duplicates, lists, words, Arabic.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use nasaq_quality::text_key;
use nasaq_text::{normalise, words};
use serde_json::{Value, json};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::bundled::{self, OwnedRow};
use crate::corpus::*;

#[test]
fn lengths() {
    let corpus = RecountedCorpus::new();
    let lengths = &corpus.json["lengths"];
    for (name, histogram, of) in [
        (
            "arabic_words",
            "arabic_histogram",
            (|row: &OwnedRow| row.arabic.as_str()) as fn(&OwnedRow) -> &str,
        ),
        ("english_words", "english_histogram", |row| row.english.as_str()),
    ] {
        let mut words: Vec<u64> = corpus.pairs().map(|(_, row)| word_count(of(row))).collect();
        words.sort_unstable();
        let at = |share: f64| words[((share * words.len() as f64).ceil() as usize).max(1) - 1];
        near(&lengths[name]["mean"], words.iter().sum::<u64>() as f64 / words.len() as f64);
        assert_eq!(lengths[name]["median"], at(0.5));
        assert_eq!(lengths[name]["p95"], at(0.95));
        assert_eq!(lengths[name]["greatest"], words[words.len() - 1]);
        for (length, count) in lengths[histogram]["counts"].as_array().unwrap().iter().enumerate() {
            assert_eq!(*count, words.iter().filter(|words| **words == length as u64).count());
        }
    }
    let chars =
        |row: &OwnedRow| [row.arabic.chars().count() as f64, row.english.chars().count() as f64];
    let mut ratios: Vec<f64> =
        corpus.pairs().map(|(_, row)| chars(row)).map(|[ar, en]| ar / en).collect();
    ratios.sort_by(f64::total_cmp);
    for (name, share) in [("median", 0.5), ("low", 0.025), ("high", 0.975)] {
        let found = lengths["ratio"][name].as_f64().unwrap();
        // The bins of the histogram have a width of 0.01.
        let rank = ratios.iter().filter(|ratio| **ratio < found * 0.99).count() as f64;
        let above = ratios.iter().filter(|ratio| **ratio <= found * 1.01).count() as f64;
        let target = share * ratios.len() as f64;
        assert!(rank <= target && target <= above + 1.0, "{name} {found}: {rank} {target} {above}");
    }
    for (bin, count) in lengths["log_ratio"]["counts"].as_array().unwrap().iter().enumerate() {
        let from = -4.0 + bin as f64 / 10.0;
        let inside = |log: &f64| *log >= from - 1e-12 && *log < from + 0.1 - 1e-12;
        let expected = ratios.iter().map(|ratio| ratio.ln()).filter(inside).count();
        assert_eq!(*count, expected, "from {from}");
    }
    for (kind, at) in lengths["ratio_by_kind"].as_array().unwrap().iter().zip(0..) {
        let is = |row: &OwnedRow| match (row.kind().src, row.kind().tgt) {
            (1, 1) => 0,
            (1, _) => 1,
            (_, 1) => 2,
            _ => 3,
        };
        assert_eq!(kind["pairs"], corpus.pairs().filter(|(_, row)| is(row) == at).count());
    }
    let mut cells: BTreeMap<(u64, u64), u64> = BTreeMap::new();
    for (_, row) in corpus.pairs() {
        let [ar, en] = chars(row).map(|chars| (chars.log2() * 4.0).floor() as u64);
        *cells.entry((en, ar)).or_default() += 1;
    }
    let expected: Vec<Value> = cells
        .into_iter()
        .map(|((en, ar), pairs)| json!({"english": en, "arabic": ar, "pairs": pairs}))
        .collect();
    assert_eq!(lengths["scatter"], json!(expected));
}

#[test]
fn duplicates_and_languages() {
    let corpus = RecountedCorpus::new();
    let found = &corpus.json["duplicates"];
    let keys: Vec<(u64, u64)> =
        corpus.pairs().map(|(_, row)| (text_key(&row.arabic), text_key(&row.english))).collect();
    let distinct: HashSet<&(u64, u64)> = keys.iter().collect();
    assert_eq!(found["exact"], true);
    assert_eq!(found["distinct_pairs"], distinct.len());
    near(&found["share"], 1.0 - distinct.len() as f64 / keys.len() as f64);
    assert_eq!(
        found["distinct_arabic"],
        keys.iter().map(|key| key.0).collect::<HashSet<_>>().len()
    );
    assert_eq!(
        found["distinct_english"],
        keys.iter().map(|key| key.1).collect::<HashSet<_>>().len()
    );
    let several = |of: fn(&(u64, u64)) -> (u64, u64)| {
        let mut others: HashMap<u64, HashSet<u64>> = HashMap::new();
        for (own, other) in keys.iter().map(of) {
            others.entry(own).or_default().insert(other);
        }
        others.values().filter(|others| others.len() > 1).count()
    };
    assert_eq!(found["arabic_inconsistent"], several(|key| *key));
    assert_eq!(found["english_inconsistent"], several(|key| (key.1, key.0)));
    let total: u64 = found["distinct_by_words"]["counts"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_u64)
        .sum();
    assert_eq!(total, distinct.len() as u64);
    for pair in found["repeated"].as_array().unwrap() {
        let key = (
            text_key(pair["arabic"].as_str().unwrap()),
            text_key(pair["english"].as_str().unwrap()),
        );
        let cut = [&pair["arabic"], &pair["english"]]
            .iter()
            .any(|text| text.as_str().unwrap().ends_with('…'));
        assert!(cut || pair["count"] == keys.iter().filter(|known| **known == key).count());
    }
    let mut languages: BTreeMap<[&str; 2], u64> = BTreeMap::new();
    for (_, row) in corpus.pairs() {
        let arabic = if row.features[0] == Some(1.0) { "Arabic" } else { "undecided" };
        let english = if row.features[1] == Some(0.9) { "English" } else { "undecided" };
        *languages.entry([arabic, english]).or_default() += 1;
    }
    let listed = corpus.json["languages"].as_array().unwrap();
    assert_eq!(listed.len(), languages.len());
    for pair in listed {
        let key = [pair["arabic"].as_str().unwrap(), pair["english"].as_str().unwrap()];
        assert_eq!(pair["pairs"], languages[&key]);
    }
}

#[test]
fn correlations() {
    let corpus = RecountedCorpus::new();
    let found = &corpus.json["correlation"];
    assert_eq!(found["pairs"], corpus.pairs().count());
    let value = |row: &OwnedRow, name: &str| match name {
        "probability" => row.probability,
        "quality" => row.quality,
        name => row.features[bundled::FEATURES.iter().position(|known| *known == name).unwrap()],
    };
    let names: Vec<&str> =
        found["names"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(names.len(), 7);
    for (row, a) in names.iter().enumerate() {
        for (column, b) in names.iter().enumerate().skip(row + 1) {
            let both: Vec<(f64, f64)> =
                corpus.pairs().filter_map(|(_, row)| value(row, a).zip(value(row, b))).collect();
            // The rank of a value: the number of lower values plus half of the equal ones.
            let rank = |value: f64, side: &dyn Fn(&(f64, f64)) -> f64| {
                let lower = both.iter().filter(|pair| side(pair) < value).count() as f64;
                lower + both.iter().filter(|pair| side(pair) == value).count() as f64 / 2.0
            };
            let ranks: Vec<(f64, f64)> =
                both.iter().map(|(a, b)| (rank(*a, &|p| p.0), rank(*b, &|p| p.1))).collect();
            let (ma, mb) = (mean(ranks.iter().map(|r| r.0)), mean(ranks.iter().map(|r| r.1)));
            let sum = |f: &dyn Fn(&(f64, f64)) -> f64| ranks.iter().map(f).sum::<f64>();
            let product = sum(&|r| (r.0 - ma) * (r.1 - mb));
            let expected =
                product / (sum(&|r| (r.0 - ma).powi(2)) * sum(&|r| (r.1 - mb).powi(2))).sqrt();
            near(&found["values"][row][column], expected);
            assert_eq!(found["values"][row][column], found["values"][column][row]);
        }
    }
}

#[test]
fn lists_and_samples() {
    let corpus = RecountedCorpus::new();
    let rows_of = |list: &Value| -> Vec<u64> {
        list.as_array().unwrap().iter().map(|pair| pair["row"].as_u64().unwrap()).collect()
    };
    let hash = |row: u64| xxh3_64_with_seed(&row.to_le_bytes(), 1);
    let mut sample: Vec<u64> = corpus.pairs().map(|(row, _)| row).collect();
    sample.sort_by_key(|row| hash(*row));
    sample.truncate(20);
    assert_eq!(rows_of(&corpus.json["sample"]), sample);

    let mut borderline: Vec<(u64, &OwnedRow)> = corpus.pairs().collect();
    let distance = |row: &OwnedRow| (row.quality.unwrap() - 0.5).abs();
    borderline
        .sort_by(|a, b| distance(a.1).total_cmp(&distance(b.1)).then(hash(a.0).cmp(&hash(b.0))));
    borderline.truncate(20);
    let expected: Vec<u64> = borderline.iter().map(|(row, _)| *row).collect();
    assert_eq!(rows_of(&corpus.json["borderline"]), expected);

    let copies: Vec<u64> =
        corpus.pairs().filter(|(_, row)| row.reasons == ["copy"]).map(|(row, _)| row).collect();
    assert_eq!(corpus.json["copies"]["count"], json!(copies.len()));

    // Doubtful: the 15 pairs with the most doubtful alignment, the 15 with the most doubtful
    // translation, and the first 12 of each document.
    let doubt = |row: &OwnedRow| RecountedCorpus::doubt(row).expect("a doubtful pair");
    let mut doubtful: Vec<(u64, &OwnedRow)> =
        corpus.pairs().filter(|(_, row)| RecountedCorpus::doubt(row).is_some()).collect();
    doubtful.sort_by(|a, b| {
        let ((kind, score), (other_kind, other_score)) = (doubt(a.1), doubt(b.1));
        kind.cmp(other_kind).then(score.total_cmp(&other_score)).then(a.0.cmp(&b.0))
    });
    let of_kind = |kind| doubtful.iter().filter(move |(_, row)| doubt(row).0 == kind).take(15);
    let mut listed: BTreeSet<u64> =
        of_kind("alignment").chain(of_kind("translation")).map(|(row, _)| *row).collect();
    let mut of_document: HashMap<&str, usize> = HashMap::new();
    for (row, pair) in &doubtful {
        let taken = of_document.entry(&pair.doc).or_default();
        *taken += 1;
        if *taken <= 12 {
            listed.insert(*row);
        }
    }
    let expected: Vec<u64> =
        doubtful.iter().map(|(row, _)| *row).filter(|row| listed.contains(row)).collect();
    assert_eq!(rows_of(&corpus.json["doubtful"]), expected);
    for pair in corpus.json["doubtful"].as_array().unwrap() {
        let at = pair["row"].as_u64().unwrap() as usize;
        let row = &corpus.rows[at];
        assert_eq!(
            (&pair["doc"], &pair["verdict"], &pair["doubt"]),
            (&json!(row.doc), &json!(RecountedCorpus::verdict(row)), &json!(doubt(row).0))
        );
        for (name, other) in [("before", at.checked_sub(1)), ("after", Some(at + 1))] {
            let other =
                other.and_then(|at| corpus.rows.get(at)).filter(|other| other.doc == row.doc);
            assert_eq!(pair[name].is_null(), other.is_none(), "{name} {at}");
            if let Some(other) = other {
                let shown = pair[name][1].as_str().unwrap().trim_end_matches('…');
                assert!(other.english.starts_with(shown));
            }
        }
    }
    for (name, feature) in [("numbers", 2), ("names", 3)] {
        let mut pairs: Vec<(u64, f64)> = corpus
            .pairs()
            .filter_map(|(row, pair)| Some((row, pair.features[feature]?)))
            .filter(|(_, missing)| *missing > 0.0)
            .collect();
        pairs.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        pairs.truncate(30);
        assert_eq!(
            rows_of(&corpus.json[name]),
            pairs.iter().map(|(row, _)| *row).collect::<Vec<_>>()
        );
    }
}

#[test]
fn vocabulary_and_spellings() {
    let corpus = RecountedCorpus::new();
    for (name, of) in [
        ("arabic_vocabulary", (|row: &OwnedRow| row.arabic.clone()) as fn(&OwnedRow) -> String),
        ("english_vocabulary", |row| row.english.to_lowercase()),
    ] {
        let mut counts: HashMap<String, u64> = HashMap::new();
        for row in &corpus.rows {
            for word in words(&normalise(&of(row))) {
                *counts.entry(word.to_owned()).or_default() += 1;
            }
        }
        let found = &corpus.json[name];
        let tokens: u64 = counts.values().sum();
        assert_eq!(found["tokens"], tokens);
        assert_eq!(found["types"], counts.len(), "{name}");
        assert_eq!(found["once"], counts.values().filter(|count| **count == 1).count());
        near(&found["type_token_ratio"], counts.len() as f64 / tokens as f64);
        if name == "arabic_vocabulary" {
            for group in corpus.json["spellings"]["listed"].as_array().unwrap() {
                for spelling in group["spellings"].as_array().unwrap() {
                    assert_eq!(spelling[1], counts[spelling[0].as_str().unwrap()]);
                }
            }
        }
    }
    let spellings = &corpus.json["spellings"];
    let tokens: u64 = ["hamza", "ta_marbuta", "ya", "keyboard"]
        .iter()
        .map(|variation| spellings[variation]["tokens"].as_u64().unwrap())
        .sum();
    let listed: u64 = spellings["listed"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|group| group["spellings"].as_array().unwrap().iter().skip(1))
        .map(|spelling| spelling[1].as_u64().unwrap())
        .sum();
    assert_eq!(tokens, listed);
}

#[test]
fn arabic() {
    let corpus = RecountedCorpus::new();
    let texts: Vec<&OwnedRow> = corpus.rows.iter().filter(|row| !row.arabic.is_empty()).collect();
    let arabic = &corpus.json["arabic"];
    assert_eq!(arabic["rows"], texts.len());
    let with = |is: &dyn Fn(&str) -> bool| texts.iter().filter(|row| is(&row.arabic)).count();
    let any =
        |from: char, to: char| move |text: &str| text.chars().any(|c| (from..=to).contains(&c));
    let mark = any('\u{64B}', '\u{65F}');
    let dagger = any('\u{670}', '\u{670}');
    for (name, is) in [
        ("tashkeel", &(|text: &str| mark(text) || dagger(text)) as &dyn Fn(&str) -> bool),
        ("tatweel", &any('ـ', 'ـ')),
        ("ascii_digits", &any('0', '9')),
        ("arabic_digits", &any('٠', '٩')),
        ("persian_digits", &any('۰', '۹')),
        ("mixed_digits", &|text: &str| any('0', '9')(text) && any('٠', '٩')(text)),
        ("persian_letters", &|text: &str| text.contains(['ی', 'ک'])),
        ("presentation_forms", &any('\u{FB50}', '\u{FEFC}')),
        ("bidi_controls", &|text: &str| {
            text.contains(['\u{200E}', '\u{200F}', '\u{61C}'])
                || any('\u{202A}', '\u{202E}')(text)
                || any('\u{2066}', '\u{2069}')(text)
        }),
        ("latin", &|text: &str| text.chars().any(|c| c.is_ascii_alphabetic())),
        ("latin_punctuation", &|text: &str| text.contains([',', ';', '?'])),
    ] {
        assert_eq!(arabic["with"][name], with(is), "{name}");
    }
    let glued = texts.iter().filter(|row| row.features[4] > Some(0.0)).count();
    assert_eq!(arabic["with"]["glued"], glued);
    let ends = |text: &str| {
        let text = text.trim_end_matches(|c: char| " »«\"”)]'’*}“".contains(c));
        text.chars().next_back().is_some_and(|c| ".!?؟…:؛;،,".contains(c))
    };
    assert_eq!(arabic["with"]["no_final_mark"], with(&|text| !ends(text)));
    let lacks = texts.iter().filter(|row| !ends(&row.arabic) && ends(&row.english)).count();
    assert_eq!(arabic["with"]["no_final_mark_but_english"], lacks);
    let marks: usize = texts
        .iter()
        .flat_map(|row| row.arabic.chars())
        .filter(|c| mark(&c.to_string()) || *c == '\u{670}')
        .count();
    assert_eq!(arabic["marks"], marks);
    let letters: usize = texts
        .iter()
        .flat_map(|row| row.arabic.chars())
        .filter(|c| ('ء'..='ي').contains(c) && *c != 'ـ')
        .count();
    assert_eq!(arabic["letters"], letters);
    for system in arabic["months"].as_array().unwrap() {
        for name in system["names"].as_array().unwrap() {
            let (name, count) = (name[0].as_str().unwrap(), name[1].as_u64().unwrap());
            let found: usize =
                texts.iter().map(|row| normalise(&row.arabic).matches(name).count()).sum();
            // It may occur more often as a part of longer words, but never less often.
            assert!(found as u64 >= count && count > 0, "{name}");
        }
    }
}
