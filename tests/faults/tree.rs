//! The files of a folder: inputs, and what commands made of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::util::{ARABIC, ENGLISH, Folder};

/// The files of a folder and of all folders inside, by their paths.
pub(super) type Tree = BTreeMap<String, Vec<u8>>;

/// Writes the inputs of all commands.
pub(super) fn write_inputs(folder: &Folder) {
    let (ar, en) = (ARABIC.repeat(12), ENGLISH.repeat(12));
    folder.write("a.ar", &ar);
    folder.write("a.en", &en);
    let sentences = || ARABIC.lines().zip(ENGLISH.lines());
    let rows = |count: usize| -> String {
        let row =
            |row| sentences().map(move |(src, tgt)| format!("{src} {row}\t{tgt} {row}\t{row}\n"));
        (0..count).flat_map(row).collect()
    };
    // More than a pipe holds, and few enough to be encoded in no time.
    folder.write("pairs.tsv", format!("src\ttgt\tid\n{}", rows(120)));
    folder.write("few.tsv", format!("src\ttgt\tid\n{}", rows(16)));
    folder.write("beads/1.tsv", format!("src\ttgt\n{}", "نص طويل\tlong text\n".repeat(300)));
    let (mut list, mut stream) = ("id\tsrc\ttgt\n".to_owned(), String::new());
    for document in 1..=7 {
        let part = |text: &str| -> String {
            text.split_inclusive('\n').cycle().skip(document % 5).take(4 * document).collect()
        };
        let (src, tgt) = (part(ARABIC), part(ENGLISH));
        list.push_str(&format!("d{document}\tar/{document}.txt\ten/{document}.txt\n"));
        let line = serde_json::json!({"id": document.to_string(), "src": src, "tgt": tgt});
        stream.push_str(&format!("{line}\n"));
        folder.write(&format!("ar/{document}.txt"), src);
        folder.write(&format!("en/{document}.txt"), tgt);
    }
    folder.write("list.tsv", list);
    folder.write("memory.tmx.parts/notes.txt", "of the user\n");
    folder.write("stream.jsonl", stream);
    let rungs = (0..5).map(|at| format!("[{at}]:[{at}]:0.9\n"));
    folder.write("gold.ladder", rungs.collect::<String>());
}

/// Copies files into a folder.
pub(super) fn write(folder: &Folder, tree: &Tree) {
    for (name, bytes) in tree {
        folder.write(name, bytes);
    }
}

/// Reads all files of a folder, without those that only a running command needs.
pub(super) fn read(folder: &Folder) -> Tree {
    let mut tree = Tree::new();
    visit(&folder.path(""), "", &mut |name, path| {
        if !is_temporary(name) && !name.contains(".nasaq/") {
            tree.insert(name.to_owned(), fs::read(path).expect("a file"));
        }
    });
    tree
}

/// Returns the temporary files of a folder.
pub(super) fn temporary(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    visit(folder, "", &mut |name, _| {
        if is_temporary(name) {
            found.push(name.to_owned());
        }
    });
    found
}

fn is_temporary(name: &str) -> bool {
    name.ends_with(".part") || name.contains(".nasaq/new/")
}

fn visit(folder: &Path, prefix: &str, file: &mut impl FnMut(&str, &Path)) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let entry = entry.expect("an entry");
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().expect("a type");
        if kind.is_dir() {
            visit(&entry.path(), &format!("{name}/"), file);
        } else if kind.is_file() {
            file(&name, &entry.path());
        }
    }
}
