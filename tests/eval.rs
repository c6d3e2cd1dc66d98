//! Whole runs of `nasaq eval`.

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
fn folders_have_a_row_a_document_and_a_total() {
    // Counted by hand: document a has 3 of 7 test beads right, finds 2 of 4; b is all right.
    insta::assert_snapshot!(folder().run(&FOLDERS).ok());
}

#[test]
fn kinds_have_a_row_each() {
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
fn gate_has_its_own_exit_code() {
    let folder = folder();
    assert_eq!(folder.run(&[&FOLDERS[..], &["--fail-under", "0.9"]].concat()).code, 4);
    assert_eq!(folder.run(&[&FOLDERS[..], &["--fail-under", "0.5"]].concat()).code, 0);
    assert_eq!(folder.run(&[&FOLDERS[..], &["--fail-under", "95"]].concat()).code, 2);
}

#[test]
fn missing_partner_is_an_error_and_an_extra_one_a_warning() {
    let folder = folder();
    folder.write("test/c", "[0]:[0]\n");
    folder.run(&FOLDERS).warns(&["test/c has no gold"]);
    let folder = self::folder();
    folder.write("gold/d", "[0]:[0]\n");
    folder.run(&FOLDERS).fails(3, &["test/d: no such file", "gold/d"]);
}

#[test]
fn a_run_over_a_corpus_is_judged_as_it_is() {
    let folder = folder();
    folder.write("run/documents.tsv", "id\n");
    folder.write("run/docs/a", TEST);
    folder.write("run/docs/b", "[0]:[0]:1\n");
    let run = folder.run(&["eval", "--gold", "gold", "--test", "run"]);
    assert_eq!(run.ok(), folder.run(&FOLDERS).ok());
}

#[test]
fn file_against_folder_is_wrong_usage() {
    let folder = folder();
    folder.run(&["eval", "--gold", "gold/a", "--test", "test"]).fails(2, &["folder"]);
    folder.run(&["eval", "--gold", "gold/a", "--test", "none"]).fails(3, &["none: no such file"]);
}
