//! Tests of `nasaq terms`.

use nasaq_formats::read_lexicon;

use crate::util::Folder;

const PAIRS: &str = "src\ttgt\n\
    تقاس ملوحة التربة كل شهر.\tSoil salinity is measured every month.\n\
    تزيد ملوحة التربة في الصيف.\tIn summer, soil salinity rises.\n\
    كوفيد-19 مرض.\tCOVID-19 is a disease.\n\
    انتشر كوفيد-19 بسرعة.\tCOVID-19 spread quickly.\n\
    المختبر مغلق.\tThe laboratory is closed.\n\
    وصلت النتائج إلى المختبر.\tThe results reached the laboratory.\n";

fn columns(line: &str) -> Vec<&str> {
    line.split('\t').collect()
}

#[test]
fn terms_are_listed_with_counts_and_examples() {
    let folder = Folder::new();
    folder.write("pairs.tsv", PAIRS);
    let run = folder.run(&["terms", "pairs.tsv", "-o", "terms.tsv"]);
    assert!(run.stderr.contains("3 terms from 6 pairs"), "{}", run.stderr);
    run.ok();
    let list = folder.read("terms.tsv");
    let rows: Vec<Vec<&str>> = list.lines().skip(1).map(columns).collect();
    let salinity = rows.iter().find(|row| row[0] == "ملوحة التربة").expect("a term");
    assert_eq!(salinity[1..8], ["soil salinity", "0.7500", "2", "2", "2", "0", "1 2"]);
    assert_eq!(salinity[9], "Soil salinity is measured every month.");
    let known: Vec<&str> = rows.iter().filter(|row| row[6] == "1").map(|row| row[1]).collect();
    assert_eq!(known, ["laboratory"]);
    // The list is a lexicon of the other commands.
    folder.run(&["score", "pairs.tsv", "--no-encoder", "--lexicon", "terms.tsv"]).ok();
}

#[test]
fn terms_become_a_terminology() {
    let folder = Folder::new();
    folder.write("pairs.tsv", PAIRS);
    let run = folder.run(&["terms", "pairs.tsv", "-o", "terms.tbx", "--new"]);
    assert!(
        run.stderr.contains("2 terms from 6 pairs; 1 term of the lexicon not written"),
        "{}",
        run.stderr
    );
    run.ok();
    let terms = read_lexicon(&folder.read("terms.tbx")).expect("TBX");
    let mut english: Vec<&str> = terms.iter().map(|term| &*term.english).collect();
    english.sort_unstable();
    assert_eq!(english, ["COVID-19", "soil salinity"]);
    // Either side can be Arabic, in any format.
    folder.run(&["convert", "pairs.tsv", "-o", "pairs.tmx"]).ok();
    let turned = PAIRS.lines().skip(1).map(|line| {
        let [src, tgt] = columns(line)[..] else { panic!("a pair") };
        format!("{tgt}\t{src}\n")
    });
    folder.write("turned.tsv", format!("src\ttgt\n{}", turned.collect::<String>()));
    let of_memory = folder.run(&["terms", "pairs.tmx"]).ok();
    assert_eq!(of_memory.lines().count(), 4);
    assert!(folder.run(&["terms", "turned.tsv"]).ok().contains("COVID-19\tكوفيد-19\t"));
}

#[test]
fn bad_input_is_refused() {
    let folder = Folder::new();
    folder.write("pairs.tsv", PAIRS);
    folder.write("empty.tsv", "");
    folder.run(&["terms", "empty.tsv"]).fails(3, &["empty.tsv"]);
    folder.run(&["terms", "missing.tsv"]).fails(3, &["missing.tsv: no such file"]);
    folder.run(&["terms", "pairs.tsv", "-o", "pairs.tsv"]).fails(2, &["would replace an input"]);
    let run = folder.run(&["terms", "pairs.tsv", "--max-words", "9"]);
    assert!(run.code == 2 && run.stderr.contains("1 to 8 is expected"), "{run:?}");
    let long = ["كلمة ".repeat(1_001), "A word.".to_owned()].join("\t");
    folder.write("long.tsv", format!("{PAIRS}{long}\n"));
    folder.run(&["terms", "long.tsv"]).warns(&["in 1 pair: more than 1,000 words"]);
    let run = folder.run(&["terms", "pairs.tsv", "--min-count", "5"]);
    assert!(run.stderr.contains("no phrase of the bitext"), "{}", run.stderr);
    run.ok();
}
