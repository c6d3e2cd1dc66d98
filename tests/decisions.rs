//! What a person has decided about pairs outlives conversions and further runs.

use nasaq_formats::read_tmx;

use crate::util::Folder;

/// A sheet as a spreadsheet program saves it; all pairs are improbable but the last.
const SHEET: &str = "pair,src,tgt,probability,verdict,corrected_src,corrected_tgt,comment\n\
    1,نعم,Yes,0.2,right,,,sure\n2,باب,Dor,0.2,,,Door,typo\n3,نار,Fier,0.2,,,,\n\
    4,ماء,Water,0.2,unsure,,,\n5,قلم,Pencil,>0.99,,,,\n";

fn targets(folder: &Folder, memory: &str) -> Vec<String> {
    let units = read_tmx(&folder.read(memory)).expect("a memory");
    units.into_iter().map(|unit| unit.variants[1].text.clone()).collect()
}

#[test]
fn pairs_that_a_person_has_confirmed_or_corrected_are_in_a_memory() {
    let folder = Folder::new();
    folder.write("r.csv", SHEET);
    let omitted = "2 pairs omitted: the probability is below the minimum";
    let expected = ["Yes", "Door", "Pencil"];
    let run = folder.run(&["convert", "r.csv", "-o", "a.tmx"]);
    assert!(run.stderr.contains(omitted), "{}", run.stderr);
    assert!(run.stderr.contains("3 pairs converted from csv to tmx"), "{}", run.stderr);
    run.ok();
    assert_eq!(targets(&folder, "a.tmx"), expected);
    let memory = folder.read("a.tmx");
    assert_eq!(memory.matches("x-nasaq-reviewed").count(), 2, "{memory}");
    // By way of tables and other columns, too.
    for name in ["b.tsv", "b.xlsx", "b.jsonl", "b.parquet"] {
        folder.run(&["convert", "r.csv", "-o", name]).ok();
        folder.run(&["convert", name, "-o", "b.tmx"]).ok();
        assert_eq!(targets(&folder, "b.tmx"), expected, "{name}");
    }
    // A sheet that is filled in stays one.
    let other = folder.run(&["score", "r.csv", "--no-encoder", "-o", "s.xlsx"]);
    assert_eq!(other.code, 0, "{}", other.stderr);
    folder.run(&["convert", "s.xlsx", "-o", "s.tmx"]).ok();
    assert_eq!(targets(&folder, "s.tmx"), expected);
    let columns = ["convert", "r.csv", "-o", "c.tmx", "--columns", "src,tgt,probability"];
    folder.run(&columns).ok();
    assert_eq!(targets(&folder, "c.tmx"), expected);
    // Several sheets, also where the output has no columns; a comment of another file is its own.
    folder.write("o.csv", "src,tgt,verdict,comment\nلا,No,wrong,mine\n");
    folder.write("w.csv", SHEET.replace("right", "wrong").replace("sure\n2", "\n2"));
    folder.run(&["convert", "r.csv", "w.csv", "o.csv", "-o", "e.tmx"]).ok();
    let memory = folder.read("e.tmx");
    assert_eq!(targets(&folder, "e.tmx"), ["Yes", "Door", "Pencil", "Door", "Pencil", "No"]);
    assert_eq!(memory.matches("x-nasaq-verdict").count(), 1, "{memory}");
    assert_eq!(memory.matches("x-nasaq-comment\">mine<").count(), 1, "{memory}");
    for command in ["merge", "score", "filter"] {
        let run = folder.run(&[command, "r.csv", "-o", "x.tsv"]);
        run.warns(&["r.csv: the verdicts and corrected texts of this review are not applied"]);
    }
    // An empty cell is no decision.
    folder
        .write("d.tsv", "src\ttgt\tprobability\treviewed\nنعم\tYes\t0.2\t\nلا\tNo\t0.2\tchanged\n");
    folder.run(&["convert", "d.tsv", "-o", "d.tmx"]).ok();
    assert_eq!(targets(&folder, "d.tmx"), ["No"]);
}

#[test]
fn probabilities_are_read_as_a_spreadsheet_shows_them() {
    let folder = Folder::new();
    folder.write("a.csv", "src,tgt,probability\nنعم,Yes,>0.99\nلا,No,<0.01\nماء,Water,≥ 0.5\n");
    let run = folder.run(&["convert", "a.csv", "-o", "a.tmx"]);
    assert!(!run.stderr.contains("not a number"), "{}", run.stderr);
    run.ok();
    assert_eq!(targets(&folder, "a.tmx"), ["Yes", "Water"]);
    let lines = folder.run(&["convert", "a.csv", "--to", "jsonl"]).ok();
    assert!(lines.contains("\"probability\":0.99}"), "{lines}");
    folder.write("f.toml", "[[filter]]\nname = \"p\"\ncolumn = \"probability\"\nmin = 0.5\n");
    let kept = folder.run(&["filter", "a.csv", "--filters", "f.toml", "--to", "jsonl"]).ok();
    assert_eq!(kept.lines().count(), 2, "{kept}");
}

#[test]
fn memories_that_people_share_have_no_working_columns() {
    let folder = Folder::new();
    folder.write("r.csv", SHEET);
    folder.write(
        "list.tsv",
        "id\tsrc_text\ttgt_text\tpair_score\tpair_margin\tgenre\na\tنعم.\tYes.\t0.9\t0.1\tnews\n",
    );
    folder.write(
        "e.tsv",
        "src\ttgt\treviewed\treviewer\tnote\tcomment\nنعم\tYes\tconfirmed\t\t\tmine\n",
    );
    folder.run(&["convert", "r.csv", "-o", "r.tmx"]).ok();
    folder.run(&["align", "--corpus", "list.tsv", "-o", "list.tmx"]).ok();
    folder.run(&["align", "--corpus", "list.tsv", "-o", "list.jsonl"]).ok();
    folder.run(&["convert", "list.jsonl", "-o", "again.tmx"]).ok();
    folder.run(&["convert", "e.tsv", "-o", "e.tmx"]).ok();
    let merge = ["merge", "r.csv", "e.tsv", "-o", "m.tmx"];
    folder.run(&merge).ok();
    let filters = "[[filter]]\nname = \"a\"\nreject = \"src == 'x'\"\n";
    folder.write("f.toml", filters);
    folder.run(&["filter", "r.csv", "--filters", "f.toml", "-o", "f.tmx"]).ok();
    let working = ["pair", "verdict", "comment", "pair_score", "pair_margin"];
    for name in ["r.tmx", "list.tmx", "again.tmx", "e.tmx", "f.tmx", "m.tmx"] {
        let memory = folder.read(name);
        assert!(!memory.contains("\"></prop>"), "{name}: {memory}");
        for column in working {
            let is_own = name == "e.tmx" && column == "comment";
            let has = [format!("x-nasaq-{column}\""), format!("x-nasaq-meta-{column}\"")];
            let found = has.iter().any(|property| memory.contains(property));
            assert_eq!(found, is_own, "{name}: {column}: {memory}");
        }
    }
    assert!(folder.read("list.tmx").contains("x-nasaq-meta-genre"));
    folder.run(&["convert", "r.csv", "-o", "all.tmx", "--properties"]).ok();
    assert!(folder.read("all.tmx").contains("x-nasaq-verdict\">right<"));
}

#[test]
fn one_file_with_decisions_is_not_replaced_without_them() {
    let folder = Folder::with_pair();
    folder.write("list.tsv", "id\tsrc\ttgt\na\ta.ar\ta.en\n");
    let reviewed = "src\ttgt\tdoc\treviewed\nنعم\tYes\ta\tconfirmed\nلا\tNo\ta\t\n";
    folder.write("reviewed.tsv", reviewed);
    let lost = ["the decisions of a reviewer about 1 pair would be lost", "--review", "--force"];
    for name in ["a.tsv", "a.tmx", "a.jsonl", "a.xliff"] {
        folder.run(&["convert", "reviewed.tsv", "-o", name]).ok();
        let align = ["align", "--corpus", "list.tsv", "-o", name];
        folder.run(&align).fails(2, &lost);
        assert!(folder.read(name).contains("Yes"), "{name}");
        folder.run(&[&align[..], &["--force"]].concat()).ok();
        assert!(!folder.read(name).contains("Yes"), "{name}");
        folder.run(&align).ok();
    }
    folder.write("a.tsv", reviewed);
    let run = folder.run(&["align", "a.ar", "a.en", "-o", "a.tsv"]);
    run.warns(&["the decisions of a reviewer about 1 pair are replaced", "--review LOG"]);
}

#[test]
fn reviewed_pairs_can_be_selected() {
    let folder = Folder::new();
    folder
        .write("a.tsv", "src\ttgt\treviewed\nنعم\tYes\tconfirmed\nلا\tNo\t\nماء\tWater\tchanged\n");
    for (condition, expected) in [
        ("column = \"reviewed\"\nmissing = \"reject\"", &["Yes", "Water"][..]),
        ("reject = \"reviewed == ''\"", &["Yes", "Water"]),
        ("reject = \"not (reviewed == 'confirmed')\"\nmissing = \"reject\"", &["Yes"]),
    ] {
        folder.write("f.toml", format!("[[filter]]\nname = \"a\"\n{condition}\n"));
        let kept = folder.run(&["filter", "a.tsv", "--filters", "f.toml"]).ok();
        let targets: Vec<&str> =
            kept.lines().skip(1).filter_map(|line| line.split('\t').nth(1)).collect();
        assert_eq!(targets, expected, "{condition}");
    }
    folder.write("f.toml", "[[filter]]\nname = \"a\"\nbest_of = \"src\"\nmissing = \"keep\"\n");
    folder.run(&["filter", "a.tsv", "--filters", "f.toml"]).fails(3, &["missing needs"]);
}
