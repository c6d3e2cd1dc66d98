//! Every number of a report is counted again from the rows, by other code.

mod bundled;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use bundled::{Owned, options, report, rows};
use nasaq::{normalise, text_key, words};
use serde_json::{Value, json};
use xxhash_rust::xxh3::xxh3_64_with_seed;

fn near(found: &Value, expected: f64) {
    let found = found.as_f64().expect("a number");
    assert!((found - expected).abs() < 2e-6, "{found} is not {expected}");
}

fn word_count(text: &str) -> u64 {
    words(&normalise(text)).count() as u64
}

fn is_pair(row: &Owned) -> bool {
    !row.arabic.is_empty() && !row.english.is_empty()
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let values: Vec<f64> = values.collect();
    values.iter().sum::<f64>() / values.len() as f64
}

struct Corpus {
    rows: Vec<Owned>,
    json: Value,
}

impl Corpus {
    fn new() -> Self {
        let rows = rows();
        let json = serde_json::to_value(report(&rows, options(), None)).expect("JSON");
        Self { rows, json }
    }

    fn pairs(&self) -> impl Iterator<Item = (u64, &Owned)> {
        self.rows
            .iter()
            .enumerate()
            .map(|(at, row)| (at as u64, row))
            .filter(|(_, row)| is_pair(row))
    }

    fn verdict(row: &Owned) -> &'static str {
        let (p, q) = (row.probability.expect("all have"), row.quality.expect("pairs have"));
        if p < 0.5 || q < 0.05 {
            "reject"
        } else if p < 0.9 || q < 0.5 {
            "check"
        } else {
            "ready"
        }
    }

    fn confidence(row: &Owned) -> f64 {
        row.probability.unwrap_or(1.0) * row.quality.unwrap_or(1.0)
    }
}

fn side<'r>(rows: &[&'r Owned], arabic: bool) -> (u64, u64, u64, u64) {
    let text = |row: &&'r Owned| if arabic { &row.arabic } else { &row.english };
    let chars = |row: &&'r Owned| text(row).chars().count() as u64;
    (
        rows.iter()
            .map(
                |row| if arabic { row.src[1] - row.src[0] } else { row.tgt[1] - row.tgt[0] } as u64,
            )
            .sum(),
        rows.iter().map(|row| word_count(text(row))).sum(),
        rows.iter().map(chars).sum(),
        rows.iter().filter(|row| is_pair(row)).map(chars).sum(),
    )
}

fn check_side(found: &Value, rows: &[&Owned], arabic: bool) {
    let (segments, words, chars, paired) = side(rows, arabic);
    let expected =
        json!({"segments": segments, "words": words, "chars": chars, "paired_chars": paired});
    assert_eq!(*found, expected);
}

fn verdicts<'r>(rows: impl Iterator<Item = &'r Owned>) -> Value {
    let mut counts = json!({"ready": 0, "check": 0, "reject": 0, "unrated": 0});
    for row in rows.filter(|row| is_pair(row)) {
        let count = &mut counts[Corpus::verdict(row)];
        *count = json!(count.as_u64().expect("a count") + 1);
    }
    counts
}

fn kinds<'r>(rows: impl Iterator<Item = &'r Owned>) -> Value {
    let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
    for row in rows {
        *kinds.entry(row.kind().to_string()).or_default() += 1;
    }
    json!(kinds)
}

#[test]
fn headline_and_kinds() {
    let corpus = Corpus::new();
    let headline = &corpus.json["headline"];
    let all: Vec<&Owned> = corpus.rows.iter().collect();
    let pairs = corpus.pairs().count();
    assert_eq!(headline["rows"], all.len());
    assert_eq!(headline["pairs"], pairs);
    assert_eq!(headline["missing"], all.len() - pairs);
    assert_eq!(headline["empty"], 0);
    assert_eq!(headline["documents"], 16);
    check_side(&headline["arabic"], &all, true);
    check_side(&headline["english"], &all, false);
    for (name, arabic) in [("arabic_coverage", true), ("english_coverage", false)] {
        let (_, _, chars, paired) = side(&all, arabic);
        near(&headline[name], paired as f64 / chars as f64);
    }
    assert_eq!(headline["verdicts"], verdicts(corpus.rows.iter()));
    near(&headline["probability"], mean(corpus.pairs().filter_map(|(_, row)| row.probability)));
    near(&headline["quality"], mean(corpus.pairs().filter_map(|(_, row)| row.quality)));
    let wrong: Vec<f64> = corpus.pairs().map(|(_, row)| 1.0 - row.probability.unwrap()).collect();
    let sum: f64 = wrong.iter().sum();
    let half = 1.959_964 * wrong.iter().map(|q| q * (1.0 - q)).sum::<f64>().sqrt();
    assert_eq!(headline["expected_wrong"]["of"], pairs);
    near(&headline["expected_wrong"]["wrong"], sum);
    near(&headline["expected_wrong"]["low"], sum - half);
    near(&headline["expected_wrong"]["high"], sum + half);
    assert_eq!(corpus.json["kinds"], kinds(corpus.rows.iter()));
    let truncated = corpus.pairs().filter(|(_, row)| !row.reasons.is_empty()).count();
    assert_eq!(corpus.json["reasons"], json!([{"name": "truncated", "count": truncated}]));
}

#[test]
fn the_interval_holds_what_it_says() {
    // Each pair is wrong with its own chance: drawn two thousand times over, the number of wrong
    // ones lies in the interval about 95 times of 100.
    let corpus = Corpus::new();
    let expected = &corpus.json["headline"]["expected_wrong"];
    let (low, high) = (expected["low"].as_f64().unwrap(), expected["high"].as_f64().unwrap());
    let chances: Vec<f64> = corpus.pairs().map(|(_, row)| 1.0 - row.probability.unwrap()).collect();
    let draw = |round: u64, at: usize| {
        let hash = xxh3_64_with_seed(&(at as u64).to_le_bytes(), round);
        (hash >> 11) as f64 / (1_u64 << 53) as f64
    };
    let inside = (0..2000)
        .filter(|round| {
            let wrong =
                chances.iter().enumerate().filter(|(at, q)| draw(*round, *at) < **q).count();
            (low..=high).contains(&(wrong as f64))
        })
        .count();
    assert!(
        (1880..=1920).contains(&(inside)) || (inside as f64 / 2000.0 - 0.95).abs() < 0.02,
        "{inside}"
    );
}

#[test]
fn documents() {
    let corpus = Corpus::new();
    let documents = &corpus.json["documents"];
    assert_eq!(
        (documents["count"].as_u64(), documents["are_named"].as_bool()),
        (Some(16), Some(true))
    );
    let listed = documents["listed"].as_array().expect("a list");
    assert_eq!(listed.len(), 16);
    for document in listed {
        let name = document["name"].as_str().expect("a name");
        let rows: Vec<&Owned> = corpus.rows.iter().filter(|row| row.doc == name).collect();
        let first = corpus.rows.iter().position(|row| row.doc == name).expect("a row") as u64;
        let pairs: Vec<&&Owned> = rows.iter().filter(|row| is_pair(row)).collect();
        assert_eq!(document["row"], first);
        assert_eq!(document["rows"], rows.len());
        assert_eq!(document["pairs"], pairs.len());
        assert_eq!(document["kinds"], kinds(rows.iter().copied()));
        assert_eq!(document["verdicts"], verdicts(rows.iter().copied()));
        check_side(&document["arabic"], &rows, true);
        check_side(&document["english"], &rows, false);
        near(&document["probability"], mean(pairs.iter().filter_map(|row| row.probability)));
        near(&document["quality"], mean(pairs.iter().filter_map(|row| row.quality)));
        let wrong: f64 = pairs.iter().map(|row| 1.0 - row.probability.unwrap()).sum();
        near(&document["expected_wrong"], wrong);
        // All bundled documents are short enough for a cell a row.
        let ribbon = &document["ribbon"];
        assert_eq!(ribbon["rows_per_cell"], 1);
        for ((cell, row), at) in ribbon["cells"].as_array().unwrap().iter().zip(&rows).zip(first..)
        {
            assert_eq!(
                (&cell["row"], &cell["rows"], &cell["worst_row"]),
                (&json!(at), &json!(1), &json!(at))
            );
            assert_eq!(cell["missing"], u64::from(!is_pair(row)));
            if is_pair(row) {
                near(&cell["confidence"], Corpus::confidence(row));
                assert_eq!(cell["verdict"], Corpus::verdict(row));
            } else {
                assert_eq!((&cell["confidence"], &cell["verdict"]), (&Value::Null, &Value::Null));
            }
        }
        let path = &document["path"];
        let ends = |side: fn(&Owned) -> usize| rows.iter().map(|row| side(row)).max().unwrap();
        assert_eq!(path["segments"], json!([ends(|row| row.src[1]), ends(|row| row.tgt[1])]));
        assert_eq!(path["points"].as_array().unwrap().len(), rows.len() + 1);
        let marked = |kind: &str, side: usize| -> u64 {
            let blocks =
                path["blocks"].as_array().unwrap().iter().filter(|block| block["kind"] == kind);
            let spans = blocks.map(|block| &block[["src", "tgt"][side]]);
            spans.map(|span| span[1].as_u64().unwrap() - span[0].as_u64().unwrap()).sum()
        };
        let null = |row: &&&Owned, side: usize| {
            !is_pair(row)
                && row.moved.is_none()
                && [row.src, row.tgt][side][0] < [row.src, row.tgt][side][1]
        };
        assert_eq!(marked("omitted", 0), rows.iter().filter(|row| null(row, 0)).count() as u64);
        assert_eq!(marked("added", 1), rows.iter().filter(|row| null(row, 1)).count() as u64);
    }
}

#[test]
fn missing_text() {
    let corpus = Corpus::new();
    let mut expected: HashMap<&str, [u64; 3]> = HashMap::new();
    let mut open: Option<(&str, usize, &str)> = None;
    // One side after the other: a run ends at a pair, at another document and at a gap.
    for source in [true, false] {
        for row in &corpus.rows {
            if is_pair(row) {
                open = None;
                continue;
            }
            let own = if source { row.src } else { row.tgt };
            if own[0] == own[1] {
                continue;
            }
            let kind = match (row.moved, source) {
                (Some(_), _) => "moved",
                (None, true) => "omitted",
                (None, false) => "added",
            };
            let sums = expected.entry(kind).or_default();
            if open != Some((row.doc.as_str(), own[0], kind)) {
                sums[0] += 1;
            }
            sums[1] += 1;
            sums[2] += word_count(&row.arabic) + word_count(&row.english);
            open = Some((row.doc.as_str(), own[1], kind));
        }
        open = None;
    }
    let missing = &corpus.json["missing"];
    for (kind, [runs, rows, words]) in &expected {
        assert_eq!(missing[kind], json!({"runs": runs, "rows": rows, "words": words}), "{kind}");
    }
    let runs = missing["runs"].as_array().unwrap();
    let all: u64 = expected.values().map(|sums| sums[0]).sum();
    assert_eq!(runs.len() as u64, all.min(60));
    assert!(runs.windows(2).all(|pair| pair[0]["words"].as_u64() >= pair[1]["words"].as_u64()));
    for run in runs {
        let row = &corpus.rows[run["row"].as_u64().unwrap() as usize];
        assert_eq!(run["doc"], row.doc);
        let text = if run["is_arabic"] == true { &row.arabic } else { &row.english };
        let shown = run["text"].as_str().unwrap().trim_end_matches('…');
        assert!(shown.starts_with(text.as_str()) || text.starts_with(shown));
    }
}

#[test]
fn histograms_and_thresholds() {
    let corpus = Corpus::new();
    for (name, of) in [
        ("probability", (|row: &Owned| row.probability) as fn(&Owned) -> Option<f64>),
        ("quality", |row| row.quality),
    ] {
        let histogram = &corpus.json[name];
        assert_eq!((&histogram["from"], &histogram["to"]), (&json!(0.0), &json!(1.0)));
        for (bin, count) in histogram["counts"].as_array().unwrap().iter().enumerate() {
            let (from, to) = (bin as f64 / 50.0, (bin + 1) as f64 / 50.0);
            let inside = |value: f64| value >= from && (value < to || bin == 49 && value <= 1.0);
            let expected = corpus.pairs().filter(|(_, row)| of(row).is_some_and(inside)).count();
            assert_eq!(*count, expected, "{name} from {from}");
        }
    }
    let kept = corpus.json["kept"].as_array().unwrap();
    assert_eq!(kept.len(), 101);
    for (step, point) in kept.iter().enumerate() {
        let threshold = step as f64 / 100.0;
        let reach = || corpus.pairs().filter(|(_, row)| row.quality >= Some(threshold));
        let words: u64 = reach().map(|(_, row)| word_count(&row.english)).sum();
        assert_eq!(
            *point,
            json!({"threshold": threshold, "pairs": reach().count(), "english_words": words})
        );
    }
}

#[test]
fn lengths() {
    let corpus = Corpus::new();
    let lengths = &corpus.json["lengths"];
    for (name, histogram, of) in [
        (
            "arabic_words",
            "arabic_histogram",
            (|row: &Owned| row.arabic.as_str()) as fn(&Owned) -> &str,
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
        |row: &Owned| [row.arabic.chars().count() as f64, row.english.chars().count() as f64];
    let mut ratios: Vec<f64> =
        corpus.pairs().map(|(_, row)| chars(row)).map(|[ar, en]| ar / en).collect();
    ratios.sort_by(f64::total_cmp);
    for (name, share) in [("median", 0.5), ("low", 0.025), ("high", 0.975)] {
        let found = lengths["ratio"][name].as_f64().unwrap();
        // The histogram's steps are a hundredth wide.
        let rank = ratios.iter().filter(|ratio| **ratio < found * 0.99).count() as f64;
        let above = ratios.iter().filter(|ratio| **ratio <= found * 1.01).count() as f64;
        let wanted = share * ratios.len() as f64;
        assert!(rank <= wanted && wanted <= above + 1.0, "{name} {found}: {rank} {wanted} {above}");
    }
    for (bin, count) in lengths["log_ratio"]["counts"].as_array().unwrap().iter().enumerate() {
        let from = -4.0 + bin as f64 / 10.0;
        let inside = |log: &f64| *log >= from - 1e-12 && *log < from + 0.1 - 1e-12;
        let expected = ratios.iter().map(|ratio| ratio.ln()).filter(inside).count();
        assert_eq!(*count, expected, "from {from}");
    }
    for (kind, at) in lengths["ratio_by_kind"].as_array().unwrap().iter().zip(0..) {
        let is = |row: &Owned| match (row.kind().src, row.kind().tgt) {
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
    let corpus = Corpus::new();
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
    let corpus = Corpus::new();
    let found = &corpus.json["correlation"];
    assert_eq!(found["pairs"], corpus.pairs().count());
    let value = |row: &Owned, name: &str| match name {
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
            // The rank of a value: how many are less, and half of those that are the same.
            let rank = |value: f64, all: &dyn Fn(&(f64, f64)) -> f64| {
                let less = both.iter().filter(|pair| all(pair) < value).count() as f64;
                less + both.iter().filter(|pair| all(pair) == value).count() as f64 / 2.0
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
    let corpus = Corpus::new();
    let rows_of = |list: &Value| -> Vec<u64> {
        list.as_array().unwrap().iter().map(|pair| pair["row"].as_u64().unwrap()).collect()
    };
    let hash = |row: u64| xxh3_64_with_seed(&row.to_le_bytes(), 1);
    let mut sample: Vec<u64> = corpus.pairs().map(|(row, _)| row).collect();
    sample.sort_by_key(|row| hash(*row));
    sample.truncate(20);
    assert_eq!(rows_of(&corpus.json["sample"]), sample);

    let mut borderline: Vec<(u64, &Owned)> = corpus.pairs().collect();
    let distance = |row: &Owned| (row.quality.unwrap() - 0.5).abs();
    borderline
        .sort_by(|a, b| distance(a.1).total_cmp(&distance(b.1)).then(hash(a.0).cmp(&hash(b.0))));
    borderline.truncate(20);
    let expected: Vec<u64> = borderline.iter().map(|(row, _)| *row).collect();
    assert_eq!(rows_of(&corpus.json["borderline"]), expected);

    // Doubtful: the 15 least sure of all, and the 12 least sure of each document.
    let mut doubtful: Vec<(u64, &Owned)> =
        corpus.pairs().filter(|(_, row)| Corpus::verdict(row) != "ready").collect();
    doubtful.sort_by(|a, b| {
        Corpus::confidence(a.1).total_cmp(&Corpus::confidence(b.1)).then(a.0.cmp(&b.0))
    });
    let mut wanted: BTreeSet<u64> = doubtful.iter().take(15).map(|(row, _)| *row).collect();
    let mut of_document: HashMap<&str, usize> = HashMap::new();
    for (row, pair) in &doubtful {
        let taken = of_document.entry(&pair.doc).or_default();
        *taken += 1;
        if *taken <= 12 {
            wanted.insert(*row);
        }
    }
    let expected: Vec<u64> =
        doubtful.iter().map(|(row, _)| *row).filter(|row| wanted.contains(row)).collect();
    assert_eq!(rows_of(&corpus.json["doubtful"]), expected);
    for pair in corpus.json["doubtful"].as_array().unwrap() {
        let at = pair["row"].as_u64().unwrap() as usize;
        let row = &corpus.rows[at];
        assert_eq!(
            (&pair["doc"], &pair["verdict"]),
            (&json!(row.doc), &json!(Corpus::verdict(row)))
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
    let corpus = Corpus::new();
    for (name, of) in [
        ("arabic_vocabulary", (|row: &Owned| row.arabic.clone()) as fn(&Owned) -> String),
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
        .map(|way| spellings[way]["tokens"].as_u64().unwrap())
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
    let corpus = Corpus::new();
    let texts: Vec<&Owned> = corpus.rows.iter().filter(|row| !row.arabic.is_empty()).collect();
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
            // As a part of a longer word it may be there more often, never less.
            assert!(found as u64 >= count && count > 0, "{name}");
        }
    }
}

#[test]
fn no_number_is_forgotten() {
    // Each of these is counted again by a test above, in `gold.rs`, or handed through as it is.
    let checked = [
        "arabic",
        "arabic_vocabulary",
        "borderline",
        "correlation",
        "documents",
        "doubtful",
        "duplicates",
        "english_vocabulary",
        "filters",
        "gold",
        "headline",
        "kept",
        "kinds",
        "languages",
        "lengths",
        "missing",
        "names",
        "numbers",
        "options",
        "probability",
        "quality",
        "reasons",
        "sample",
        "spellings",
    ];
    let corpus = Corpus::new();
    let keys: Vec<&str> = corpus.json.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, checked);
}
