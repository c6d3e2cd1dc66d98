//! `--max-memory` holds, whatever the number of threads.
#![cfg(target_os = "linux")]

use std::fmt::Write;

use crate::util::Folder;

/// The limit that the run is given, in bytes.
const LIMIT: u64 = 300 << 20;
const ARABIC: [&str; 12] = [
    "الكتاب",
    "المدينة",
    "الطريق",
    "البحر",
    "الصديق",
    "القديم",
    "ذهب",
    "عاد",
    "إلى",
    "في",
    "مع",
    "قبل",
];
const ENGLISH: [&str; 12] = [
    "book", "city", "road", "sea", "friend", "old", "went", "returned", "to", "in", "with",
    "before",
];

/// Returns documents of both languages with this many sentences of words that differ.
fn documents(sentences: usize, seed: usize) -> [String; 2] {
    let mut texts = [String::new(), String::new()];
    for index in 0..sentences {
        for (text, words) in texts.iter_mut().zip([ARABIC, ENGLISH]) {
            for word in 0..12 {
                let at = (index * 7 + word * word + seed + index * word) % words.len();
                // Numbers make sentences differ, as names do in other texts.
                let _ = write!(text, "{} {} ", words[at], (index * 31 + word + seed) % 997);
            }
            text.push_str(".\n");
        }
    }
    texts
}

#[test]
fn the_limit_holds_with_any_number_of_threads() {
    let folder = Folder::new();
    let mut list = "id\tsrc\ttgt\n".to_owned();
    for document in 0..24 {
        let texts = documents([20, 60, 120, 180][document % 4], document);
        for (text, lang) in texts.iter().zip(["ar", "en"]) {
            folder.write(&format!("{document}.{lang}"), text);
        }
        let _ = writeln!(list, "{document}\t{document}.ar\t{document}.en");
    }
    folder.write("list.tsv", list);
    for threads in ["1", "2", "8"] {
        let output = format!("out{threads}");
        let args = ["align", "--corpus", "list.tsv", "-o", &output, "--max-memory", "300M"];
        folder.run(&[&args[..], &["--threads", threads, "--metrics", "m.json"]].concat()).ok();
        let metrics: serde_json::Value =
            serde_json::from_str(&folder.read("m.json")).expect("JSON");
        let peak = metrics["peak_memory_bytes"].as_u64().expect("a number");
        assert!(peak <= LIMIT, "{threads} threads: {peak} bytes");
    }
}
