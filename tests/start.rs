//! The pages of `docs/start`: each command runs as it is printed.
#![cfg(unix)]

use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::util::Folder;

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

/// Returns the blocks of a page that are shell commands.
fn commands(page: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut block: Option<String> = None;
    for line in page.lines() {
        match &mut block {
            None if line == "```sh" => block = Some(String::new()),
            None => {}
            Some(_) if line == "```" => blocks.extend(block.take()),
            Some(text) => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    blocks
}

/// Runs all commands of a page, one block after the other, in a folder that has only the corpora.
#[track_caller]
fn walk(name: &str, results: &[&str]) {
    let folder = Folder::new();
    let corpora = docs().join("../corpora").canonicalize().expect("the corpora");
    symlink(corpora, folder.path("corpora")).expect("a link");
    let page = fs::read_to_string(docs().join("start").join(name)).expect("a page");
    let program = Path::new(env!("CARGO_BIN_EXE_nasaq")).parent().expect("a folder").to_owned();
    let path = env::join_paths(
        [program].into_iter().chain(env::split_paths(&env::var_os("PATH").unwrap_or_default())),
    );
    let path = path.expect("a search path");
    let blocks = commands(&page);
    assert!(blocks.len() > 2, "{name} has commands");
    for block in blocks {
        let done = Command::new("sh")
            .args(["-e", "-c", &block])
            .current_dir(folder.path(""))
            .env("PATH", &path)
            .stdin(Stdio::null())
            .output()
            .expect("a shell");
        let messages = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{name}:\n{block}\n{messages}");
        assert!(!messages.contains("panicked"), "{name}:\n{block}\n{messages}");
    }
    for result in results {
        let length = fs::metadata(folder.path(result)).map_or(0, |found| found.len());
        assert!(length > 0, "{name}: {result} has content");
    }
}

#[test]
fn page_for_translators() {
    walk(
        "translator.md",
        &["letters.tmx", "letters.xlsx", "reviewed.tmx", "memory.tmx", "all.tmx"],
    );
}

#[test]
fn page_for_mt_engineers() {
    walk(
        "mt-engineer.md",
        &["manifest.tsv", "kept.tsv.zst", "report.html", "corpus.ar", "corpus.en"],
    );
}

#[test]
fn page_for_linguists() {
    walk("linguist.md", &["travel.html", "travel.jsonl", "prose.ladder", "sentences.jsonl"]);
}

#[test]
fn page_for_makers_of_tools() {
    walk("tool-maker.md", &["news.tsv", "summary.json", "nasaq.bash", "pages/nasaq-align.1"]);
}

#[test]
fn the_book_lists_every_page() {
    let summary = fs::read_to_string(docs().join("SUMMARY.md")).expect("the summary");
    let mut missing = Vec::new();
    for folder in ["", "start", "results"] {
        for entry in fs::read_dir(docs().join(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(docs()).expect("inside").display().to_string();
            if path.extension().is_some_and(|ending| ending == "md")
                && name != "SUMMARY.md"
                && !summary.contains(&format!("({name})"))
            {
                missing.push(name);
            }
        }
    }
    assert!(missing.is_empty(), "docs/SUMMARY.md lacks {missing:?}");
}
