//! Tests of `nasaq eval`.

use crate::util::Folder;

const GOLD: &str = "[0]:[0]\n[1, 2]:[1]\n[3]:[]\n[]:[2]\n[4]:[3, 4]\n[5]:[5]\n";
const TEST: &str = "\
[0]:[0]:0.99\n[1]:[1]:0.4\n[2]:[]:0.4\n[3]:[]:0.8\n[4]:[2, 3]:0.5\n[]:[4]:0.3\n[5]:[5]:0.9\n";

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("gold/a", GOLD);
    folder.write("gold/b", "[0]:[0]\n");
    folder.write("test/a", TEST);
    folder.write("test/b", "[0]:[0]:1\n");
    folder
}

const FOLDERS: [&str; 5] = ["eval", "--gold", "gold", "--test", "test"];

#[test]
fn folders_have_a_row_per_document_and_a_total() {
    // Counted by hand: in a, 3 of 7 test beads are correct and 2 of 4 gold beads are found; all of b
    // is correct.
    insta::assert_snapshot!(folder().run(&FOLDERS).ok());
}

#[test]
fn each_kind_has_a_row() {
    insta::assert_snapshot!(folder().run(&[&FOLDERS[..], &["--by-type"]].concat()).ok());
}

#[test]
fn json_has_counts_and_ratios() {
    let text = folder().run(&[&FOLDERS[..], &["--json"]].concat()).ok();
    let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let total = &report["total"];
    assert_eq!(total["strict"]["precision"], 0.5);
    assert_eq!(total["strict"]["recall"], 0.6);
    assert_eq!(total["strict"]["test"]["total"], 8);
    assert_eq!(total["lax"]["recall"], 1.0);
    assert_eq!(total["nulls"]["test"]["right"], 1);
    assert_eq!(total["kinds"][0]["kind"], "0-1");
    assert_eq!(report["documents"][1]["name"], "b");
    assert_eq!(report["documents"][1]["strict"]["f1"], 1.0);
}

#[test]
fn an_f1_below_the_minimum_has_its_own_exit_code() {
    let folder = folder();
    assert_eq!(folder.run(&[&FOLDERS[..], &["--fail-under", "0.9"]].concat()).code, 4);
    assert_eq!(folder.run(&[&FOLDERS[..], &["--fail-under", "0.5"]].concat()).code, 0);
    assert_eq!(folder.run(&[&FOLDERS[..], &["--fail-under", "95"]].concat()).code, 2);
}

#[test]
fn gold_is_found_by_all_its_names() {
    let folder = Folder::new();
    folder.write("gold/a/gold.ladder", GOLD);
    folder.write("gold/b.ladder", "[0]:[0]\n");
    folder.write("test/a.ladder", TEST);
    folder.write("test/b", "[0]:[0]:1\n");
    let text = folder.run(&[&FOLDERS[..], &["--json"]].concat()).ok();
    let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(report["documents"][0]["name"], "a");
    assert_eq!(report["documents"][1]["strict"]["f1"], 1.0);
    folder.write("test/b.ladder", "[0]:[0]:1\n");
    folder.run(&FOLDERS).fails(3, &["another ladder of this document"]);
}

#[test]
fn a_missing_ladder_is_an_error_and_an_extra_one_a_warning() {
    let folder = folder();
    folder.write("test/c", "[0]:[0]\n");
    folder.run(&FOLDERS).warns(&["test/c has no gold ladder"]);
    let folder = self::folder();
    folder.write("gold/d", "[0]:[0]\n");
    folder.run(&FOLDERS).fails(3, &["test/d: no such file", "gold/d"]);
}

#[test]
fn the_output_folder_of_a_corpus_is_accepted() {
    let folder = folder();
    folder.write("run/documents.tsv", "id\n");
    folder.write("run/docs/a", TEST);
    folder.write("run/docs/b", "[0]:[0]:1\n");
    let run = folder.run(&["eval", "--gold", "gold", "--test", "run"]);
    assert_eq!(run.ok(), folder.run(&FOLDERS).ok());
}

#[test]
fn a_file_against_a_folder_is_a_usage_error() {
    let folder = folder();
    folder.run(&["eval", "--gold", "gold/a", "--test", "test"]).fails(2, &["folder"]);
    folder.run(&["eval", "--gold", "gold/a", "--test", "none"]).fails(3, &["none: no such file"]);
}
