//! Compares the segmentation with the manual segmentation of the project's corpora.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use nasaq_text::{Language, segments};

#[test]
fn segments_equal_the_manual_segmentation() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpora");
    let Some(folders) = folders(&root) else {
        skip(&root);
        return;
    };
    let mut differences = String::new();
    let mut compared = 0;
    for folder in folders {
        for language in [Language::Arabic, Language::English] {
            let text = fs::read_to_string(folder.join(format!("{language}.txt")));
            let gold = fs::read_to_string(folder.join(format!("{language}.segments.txt")));
            let (Ok(text), Ok(gold)) = (text, gold) else { continue };
            let ours: Vec<&str> = segments(&text, language).iter().map(|s| s.text).collect();
            let gold: Vec<&str> = gold.lines().collect();
            compared += 1;
            if let Some(difference) = differences_of(&ours, &gold) {
                let set = folder.file_name().unwrap_or_default().display();
                writeln!(differences, "{set}, {language}: {difference}").unwrap();
            }
        }
    }
    assert!(compared > 0, "{} has no segmented documents", root.display());
    assert!(differences.is_empty(), "{compared} documents compared\n{differences}");
}

/// Returns the folders of the sets in order, or `None` if there are no corpora, as in the published
/// package.
fn folders(root: &Path) -> Option<Vec<PathBuf>> {
    let mut folders: Vec<PathBuf> =
        fs::read_dir(root).ok()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    folders.sort();
    Some(folders)
}

#[expect(clippy::print_stderr, reason = "a skipped test must be visible")]
fn skip(root: &Path) {
    eprintln!("skipped: no corpora at {}", root.display());
}

/// Describes every difference between two segmentations, or returns `None` if they are equal.
fn differences_of(ours: &[&str], gold: &[&str]) -> Option<String> {
    let (mut i, mut j) = (0, 0);
    let mut out = String::new();
    while i < ours.len() || j < gold.len() {
        // Both have the same letters: advance until both end at the same letter.
        let (from_i, from_j) = (i, j);
        let (mut a, mut b) = (0, 0);
        loop {
            if a <= b && i < ours.len() {
                a += letters(ours[i]);
                i += 1;
            } else if j < gold.len() {
                b += letters(gold[j]);
                j += 1;
            } else {
                break;
            }
            if a == b && i > from_i && j > from_j {
                break;
            }
        }
        if ours[from_i..i] != gold[from_j..j] {
            let (ours, gold) = (ours[from_i..i].join("\n    "), gold[from_j..j].join("\n    "));
            write!(out, "\n  found, from {from_i}:\n    {ours}\n  manual:\n    {gold}").unwrap();
        }
    }
    (!out.is_empty()).then_some(out)
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}
