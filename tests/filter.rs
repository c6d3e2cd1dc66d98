//! Tests of `nasaq filter`.

use serde_json::Value;

use crate::util::Folder;

const PAIRS: &str = "\
src\ttgt\tnote
وصل القطار إلى المحطة قبل الفجر.\tThe train reached the station before dawn.\ta
وصل القطار إلى المحطة قبل الفجر\tThe train reached the station before dawn\tb
لم يكن في انتظاره أحد.\tلم يكن في انتظاره أحد.\tc
فتح المسافر حقيبته وأخرج كتابا.\t\td
هل تعرف أين تقع المدرسة؟\tDo you know where the school is?\te
";

fn notes(table: &str) -> Vec<&str> {
    table.lines().skip(1).map(|line| line.split('\t').nth(2).unwrap()).collect()
}

#[test]
fn accepted_pairs_are_unchanged_and_rejected_pairs_have_reasons() {
    let folder = Folder::new();
    folder.write("a.tsv", PAIRS);
    folder.run(&["filter", "a.tsv", "-o", "kept.tsv", "--rejects", "rejected.tsv"]).ok();
    let (kept, rejected) = (folder.read("kept.tsv"), folder.read("rejected.tsv"));
    let mut seen = [notes(&kept), notes(&rejected)].concat();
    seen.sort_unstable();
    assert_eq!(seen, ["a", "b", "c", "d", "e"]);
    for line in kept.lines() {
        assert!(PAIRS.lines().any(|known| known == line), "{line}");
    }
    assert!(rejected.starts_with("src\ttgt\tnote\tfirst_reason\tall_reasons\n"));
    let reason = |note: &str| {
        let line = rejected.lines().find(|line| line.split('\t').nth(2) == Some(note));
        line.expect(note).split('\t').skip(3).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(reason("d")[0], "empty");
    assert!(reason("c")[1].contains("copy"), "{:?}", reason("c"));
    // One of the two pairs that differ only in punctuation is kept.
    assert!(kept.contains("\ta\n") != kept.contains("\tb\n"));
    assert_eq!(reason(if kept.contains("\ta\n") { "b" } else { "a" }), ["duplicate", "duplicate"]);
}

#[test]
fn headings_and_bare_numbers_are_kept() {
    let folder = Folder::new();
    folder.write(
        "a.tsv",
        "src\ttgt\nانتقادات\tCriticism\nالمراجع\tReferences\nأثره\tLegacy\n٣. التركيب\t3. Installation\n\
         ٢\tII\nالإصدار v2.4.1 من البرنامج الثابت، مراجعة ٣\tFirmware v2.4.1, revision 3\n",
    );
    for options in [&[][..], &["--no-encoder"]] {
        let args = [&["filter", "a.tsv", "--dry-run", "--json"], options].concat();
        let account: Value = serde_json::from_str(&folder.run(&args).ok()).expect("JSON");
        assert_eq!((&account["rows"], &account["kept"]), (&6.into(), &6.into()), "{account}");
    }
}

#[test]
fn filters_of_a_file_use_any_column_and_are_counted() {
    let folder = Folder::new();
    folder.write("a.tsv", PAIRS);
    folder.write(
        "f.toml",
        "[[filter]]\nname = 'short'\nreject = \"en_words < 1\"\n\
         [[filter]]\nname = 'note'\nreject = \"note == 'd' or note == 'e'\"\n",
    );
    let run = ["filter", "a.tsv", "--no-encoder", "--filters", "f.toml", "--dry-run", "--json"];
    let account: Value = serde_json::from_str(&folder.run(&run).ok()).expect("JSON");
    assert_eq!((&account["rows"], &account["kept"]), (&Value::from(5), &Value::from(3)));
    let count = |at: usize| {
        let filter = &account["filters"][at];
        ["alone", "first", "cumulative", "only"].map(|name| filter[name].as_u64().unwrap())
    };
    assert_eq!([count(0), count(1)], [[1, 1, 1, 0], [2, 1, 2, 1]]);
    assert_eq!(folder.names(), ["a.tsv", "f.toml"], "a dry run writes nothing");
    let table = folder.run(&run[..6]);
    assert!(
        table.stderr.contains("cumulative") && table.stderr.contains("5 pairs: 3 kept (60.00 %)")
    );
}

#[test]
fn scored_files_are_filtered_without_being_rated_again() {
    let folder = Folder::new();
    folder.write("a.jsonl", "{\"src\":\"نعم\",\"tgt\":\"Yes\",\"quality\":0.9,\"n\":{\"x\":1}}\n{\"src\":\"لا\",\"tgt\":\"No\",\"quality\":0.1}\n");
    folder.write("f.toml", "[[filter]]\nname = 'q'\ncolumn = 'quality'\nmin = 0.5\n");
    let kept = folder.run(&["filter", "a.jsonl", "--filters", "f.toml"]).ok();
    assert_eq!(kept, "{\"src\":\"نعم\",\"tgt\":\"Yes\",\"quality\":0.9,\"n\":{\"x\":1}}\n");
    let run = folder.run(&["filter", "a.jsonl", "--filters", "f.toml", "--fail-under", "0.6"]);
    assert_eq!(run.code, 4);
}

#[test]
fn default_filters_can_be_written_to_a_file_and_used() {
    let folder = Folder::new();
    folder.write("a.tsv", PAIRS);
    let default = folder.run(&["filter", "--show-default"]).ok();
    folder.write("f.toml", default);
    let run = |options: &[&str]| folder.run(&[&["filter", "a.tsv"][..], options].concat()).ok();
    assert_eq!(run(&[]), run(&["--filters", "f.toml"]));
    folder.write("bad.toml", "[[filter]]\nname = 'a'\nreject = 'x >'\n");
    folder.run(&["filter", "a.tsv", "--filters", "bad.toml"]).fails(3, &["bad.toml", "\"a\""]);
    assert_eq!(folder.run(&["filter"]).code, 2);
}

#[test]
fn declared_languages_are_copied_to_the_output() {
    let folder = Folder::new();
    let unit = |[ar, en]: [&str; 2]| {
        format!(
            "<tmx version=\"1.4\"><header srclang=\"{ar}\"/><body><tu><tuv xml:lang=\"{ar}\"><seg>نعم\
             </seg></tuv><tuv xml:lang=\"{en}\"><seg>Yes</seg></tuv></tu></body></tmx>"
        )
    };
    folder.write("a.tmx", unit(["ar-EG", "en-GB"]));
    folder.write("b.tmx", unit(["AR-SA", "EN-US"]));
    folder.write(
        "a.xliff",
        "<xliff xmlns=\"urn:oasis:names:tc:xliff:document:2.0\" version=\"2.0\" srcLang=\"ar-EG\" \
         trgLang=\"en-GB\"><file id=\"f\"><unit id=\"u\"><segment><source>نعم</source>\
         <target>Yes</target></segment></unit></file></xliff>",
    );
    folder.write("f.toml", "[[filter]]\nname = 'all'\nreject = \"src == ''\"\n");
    for (name, tags) in [
        ("a.tmx", ["xml:lang=\"ar-EG\"", "xml:lang=\"en-GB\""]),
        ("b.tmx", ["xml:lang=\"AR-SA\"", "xml:lang=\"EN-US\""]),
        ("a.xliff", ["srcLang=\"ar-EG\"", "trgLang=\"en-GB\""]),
    ] {
        for args in [
            &["convert", name, "--to", &name[2..]][..],
            &["filter", name, "--filters", "f.toml"],
            &["score", name, "--no-encoder", "--columns", "quality"],
        ] {
            let out = folder.run(args).ok();
            assert!(tags.iter().all(|tag| out.contains(tag)), "{args:?}: {out}");
        }
    }
    let args = ["filter", "a.tmx", "--filters", "f.toml", "--src-lang", "en"];
    let xliff = folder.run(&[&args[..], &["--to", "xliff"]].concat()).ok();
    assert!(xliff.contains("srcLang=\"en-GB\""), "the command line takes precedence: {xliff}");
    assert_eq!(folder.run(&args).ok(), folder.read("a.tmx"), "a copy is labelled as it was");
}

#[test]
fn unknown_columns_are_reported_with_similar_names() {
    let folder = Folder::new();
    folder.write("a.tsv", PAIRS);
    folder.write(
        "a.jsonl",
        "{\"src\":\"نعم\",\"tgt\":\"Yes\"}\n{\"src\":\"لا\",\"tgt\":\"No\",\"rating\":4}\n",
    );
    let filter = |condition: &str, input: &str| {
        folder.write("f.toml", format!("[[filter]]\nname = 'q'\n{condition}\n"));
        folder.run(&["filter", input, "--no-encoder", "--filters", "f.toml", "-o", "out.tsv"])
    };
    for (condition, input, parts) in [
        ("column = 'qualty'\nmin = 0.5", "a.tsv", ["\"qualty\"", "did you mean \"quality\""]),
        (
            "reject = 'qualty < 0.99'",
            "a.tsv",
            ["a.tsv does not have it", "did you mean \"quality\""],
        ),
        ("reject = \"nots == 'a'\"", "a.tsv", ["\"nots\"", "did you mean \"note\""]),
        ("best_of = 'xyzzy'", "a.tsv", ["\"xyzzy\"", "src, tgt and note"]),
        (
            "column = 'ratng'\nmin = 1",
            "a.jsonl",
            ["a.jsonl does not have it", "did you mean \"rating\""],
        ),
        ("reject = 'probability < 0.5'", "a.jsonl", ["\"probability\"", "src, tgt and rating"]),
        (
            "column = 'note'\nmin = 1",
            "a.tsv",
            ["\"note\" of a.tsv is not a number", "line 2 has \"a\""],
        ),
    ] {
        let run = filter(condition, input);
        run.fails(3, &["f.toml: "]);
        run.fails(3, &parts);
        assert!(!folder.path("out.tsv").exists(), "{condition}");
    }
    // A column that only some pairs have is accepted, and so is one that `align` writes for few.
    filter("column = 'rating'\nmin = 1", "a.jsonl").ok();
    filter("reject = \"moved != ''\"", "a.jsonl").ok();
    filter("reject = \"tgt contains 'x' and cosine < 1\"", "a.tsv").ok();
    filter("column = 'qualty'\nmin = 0.5", "a.tsv");
    folder
        .run(&["report", "a.tsv", "--no-encoder", "--filters", "f.toml"])
        .fails(3, &["f.toml: there is no column \"qualty\""]);
}
