//! Runs of `nasaq align --jsonl`.

use std::io::{BufRead, BufReader, Write};

use serde_json::{Value, json};

use crate::util::{ARABIC, ENGLISH, Folder};

fn results(output: &str) -> Vec<Value> {
    output.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn beads_are_those_of_aligned_files() {
    let folder = Folder::with_pair();
    let raw = json!({"id": "a.ar", "src": ARABIC, "tgt": ENGLISH});
    let lists = json!({
        "id": "a.ar",
        "src": ARABIC.lines().collect::<Vec<_>>(),
        "tgt": ENGLISH.lines().collect::<Vec<_>>(),
    });
    let beads = |options: &[&str]| {
        let args = [&["align", "a.ar", "a.en", "--to", "jsonl"][..], options].concat();
        results(&folder.run(&args).ok())
    };
    let input = format!("{raw}\n{lists}");
    let stream = results(&folder.run_with_input(&["align", "--jsonl"], input.as_bytes()).ok());
    assert_eq!(stream.len(), 2);
    for (result, beads) in stream.iter().zip([beads(&[]), beads(&["--segmented"])]) {
        assert_eq!(result["status"], "ok");
        assert_eq!(result["error"], Value::Null);
        assert_eq!(result["beads"], Value::Array(beads));
    }
}

#[test]
fn results_are_in_the_order_of_the_lines_for_any_number_of_threads() {
    let folder = Folder::new();
    let lines: Vec<&str> = ARABIC.lines().chain(ENGLISH.lines()).collect();
    let (arabic, english) = lines.split_at(5);
    let mut input: String = (0..40)
        .map(|index| {
            let take = 1 + index % 5;
            let (src, tgt) = (&arabic[..take].join("\n"), &english[..take].join("\n"));
            format!("{}\n", json!({"id": index, "src": src, "tgt": tgt, "year": 1995}))
        })
        .collect();
    input.push_str("not json\n{\"id\":\"empty\",\"src\":\" \",\"tgt\":\"a\"}\n");
    input.push_str("{\"id\":\"same\",\"src\":\"a\",\"tgt\":[\"a\"]}\n");
    folder.write("in.jsonl", &input);
    let run = folder.run(&["align", "--jsonl", "in.jsonl", "--threads", "1"]);
    assert!(run.stderr.contains("3 of 43 documents failed"), "{}", run.stderr);
    let one = run.ok();
    let found = results(&one);
    for (index, result) in found.iter().take(40).enumerate() {
        assert_eq!((&result["id"], &result["line"]), (&json!(index), &json!(index + 1)));
        assert_eq!(result["meta"], json!({"year": 1995}));
        assert_eq!(result["src_segments"], 1 + index % 5);
    }
    let failed: Vec<(&Value, &Value)> =
        found[40..].iter().map(|result| (&result["id"], &result["error"]["kind"])).collect();
    assert_eq!(
        failed,
        [
            (&Value::Null, &json!("request")),
            (&json!("empty"), &json!("empty")),
            (&json!("same"), &json!("identical"))
        ]
    );
    for options in [&["--threads", "3"][..], &["--max-memory", "210M"]] {
        let args = [&["align", "-q", "--jsonl"][..], options].concat();
        assert_eq!(folder.run_with_input(&args, input.as_bytes()).ok(), one);
    }
    folder.run(&["align", "--jsonl", "in.jsonl", "-o", "out.jsonl"]).ok();
    assert_eq!(folder.read("out.jsonl"), one);
}

#[test]
fn a_result_is_written_before_the_next_line_is_read() {
    let folder = Folder::new();
    let mut child = folder.command(&["align", "--jsonl"]).spawn().expect("the program");
    let mut stdin = child.stdin.take().expect("a pipe");
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    for index in 0..3 {
        let request = json!({"id": index, "src": ARABIC, "tgt": ENGLISH});
        stdin.write_all(format!("{request}\n").as_bytes()).expect("it reads");
        let mut line = String::new();
        stdout.read_line(&mut line).expect("it writes");
        assert_eq!(results(&line)[0]["id"], index);
    }
    drop(stdin);
    assert!(child.wait().expect("an ending").success());
}

#[test]
fn line_numbers_count_blank_lines_which_are_not_documents() {
    let folder = Folder::new();
    let good = json!({"id": "a", "src": ARABIC, "tgt": ENGLISH});
    let input =
        format!("\u{feff}{good}\r\n\r\n{{\"id\":\"g\",\"src\":\"x\",\"tgt\":null}}\n{{\n\n");
    let run = folder.run_with_input(&["align", "--jsonl"], input.as_bytes());
    assert!(run.stderr.contains("2 of 3 documents failed"), "{}", run.stderr);
    let found = results(&run.ok());
    let places: Vec<_> = found.iter().map(|it| (&it["id"], &it["line"], &it["status"])).collect();
    let expected = [(json!("a"), 1, "ok"), (json!("g"), 3, "error"), (Value::Null, 4, "error")];
    for (place, (id, line, status)) in places.iter().zip(&expected) {
        assert_eq!(*place, (id, &json!(line), &json!(status)));
    }
    assert_eq!(places.len(), 3);
    let reason = found[2]["error"]["reason"].as_str().expect("a reason");
    assert!(reason.ends_with("at column 1"), "{reason}");
}

#[test]
fn a_document_that_is_too_large_is_an_error_result() {
    let folder = Folder::new();
    let long = ARABIC.repeat(1 << 9);
    let input = format!(
        "{}\n{}\n",
        json!({"id": "long", "src": long, "tgt": ENGLISH}),
        json!({"id": "short", "src": ARABIC, "tgt": ENGLISH})
    );
    let args = ["align", "--jsonl", "--max-memory", "250M"];
    let found = results(&folder.run_with_input(&args, input.as_bytes()).ok());
    assert_eq!(found[0]["error"]["kind"], "too-large");
    assert_eq!((&found[1]["id"], &found[1]["status"]), (&json!("short"), &json!("ok")));
}

#[test]
fn wrong_usage_is_an_error() {
    let folder = Folder::new();
    let run =
        |args: &[&str]| folder.run_with_input(&[&["align", "--jsonl"][..], args].concat(), b"");
    assert_eq!(run(&["a", "b"]).code, 2);
    assert_eq!(run(&["--to", "tsv"]).code, 2);
    assert_eq!(run(&["--corpus"]).code, 2);
    run(&["--from", "html"]).fails(2, &["--jsonl takes plain texts"]);
    run(&["missing.jsonl"]).fails(3, &["missing.jsonl"]);
    assert_eq!(run(&[]).ok(), "");
}
