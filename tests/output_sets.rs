//! Commands with several outputs: all are checked before the work, and renamed when all are complete.

use std::fs;

use crate::util::Folder;

const USAGE: i32 = 2;

fn with_pairs() -> Folder {
    let folder = Folder::with_pair();
    folder.run(&["align", "a.ar", "a.en", "-o", "pairs.tsv"]).ok();
    folder.write("list.tsv", "id\tsrc\ttgt\na\ta.ar\ta.en\n");
    folder.write("gold.ladder", "[0]:[0]:0.9\n");
    folder
}

#[test]
fn output_that_cannot_be_made_is_found_before_the_work() {
    let folder = with_pairs();
    let long = format!("{}.tsv", "x".repeat(300));
    let cases: [&[&str]; 8] = [
        &["align", "a.ar", "a.en", "-o", "NAME"],
        &["align", "--corpus", "list.tsv", "-o", "out", "--metrics", "NAME"],
        &["pair", ".", ".", "-o", "NAME"],
        &["segment", "a.ar", "--lang", "ar", "-o", "NAME"],
        &["score", "pairs.tsv", "-o", "o.tsv", "--write-profile", "NAME"],
        &["filter", "pairs.tsv", "-o", "o.tsv", "--rejects", "NAME"],
        &["convert", "pairs.tsv", "-o", "NAME"],
        &["report", "pairs.tsv", "-o", "o.html", "--json", "NAME"],
    ];
    for case in cases {
        for name in ["missing/o.tsv", &long, "new/", "."] {
            let args = case.iter().map(|arg| if *arg == "NAME" { name } else { arg });
            folder.run(&args.collect::<Vec<_>>()).fails(USAGE, &[]);
        }
    }
    // Of a Moses pair, whose names end with the languages.
    for command in ["score", "filter", "convert"] {
        folder
            .run(&[command, "pairs.tsv", "--to", "moses", "-o", "new/"])
            .fails(USAGE, &["-o new/"]);
        let prefix = "x".repeat(252);
        let run = folder.run(&[command, "pairs.tsv", "--to", "moses", "-o", &prefix]);
        run.fails(USAGE, &["xxx"]);
    }
    let names = ["a.ar", "a.en", "gold.ladder", "list.tsv", "pairs.tsv"];
    assert_eq!(folder.names(), names, "nothing is written");
}

#[test]
fn profile_is_written_when_the_pairs_are() {
    let folder = with_pairs();
    let options = ["--no-encoder", "--write-profile", "p.toml"];
    // Without rating, too: the columns that this filter needs are in the file.
    folder.write("filters.toml", "[[filter]]\nname = \"long\"\nreject = \"src == 'x'\"\n");
    let filter = ["filter", "pairs.tsv", "--filters", "filters.toml", "-o", "o.tsv"];
    folder.run(&[&filter[..], &options].concat()).ok();
    let profile = folder.read("p.toml");
    fs::remove_file(folder.path("p.toml")).expect("a file");
    folder.run(&[&["score", "pairs.tsv", "-o", "o.tsv"][..], &options].concat()).ok();
    assert_eq!(folder.read("p.toml"), profile);
    fs::remove_file(folder.path("p.toml")).expect("a file");
    // The pair to explain does not exist.
    let run = folder.run(&[&["score", "pairs.tsv", "--explain", "999"][..], &options].concat());
    run.fails(3, &["there is no pair 999"]);
    assert!(!folder.path("p.toml").exists());
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs::{self, File};
    use std::io::Read;
    use std::process::Stdio;

    use super::with_pairs;
    use crate::util::Folder;

    /// Runs a command whose standard output is closed before it writes; returns its exit code.
    fn with_closed_pipe(folder: &Folder, args: &[&str]) -> Option<i32> {
        let mut child = folder.command(args).stderr(Stdio::null()).spawn().expect("a run");
        drop(child.stdout.take());
        drop(child.stdin.take());
        child.wait().expect("an end").code()
    }

    #[test]
    fn closed_pipe_loses_no_other_output_and_no_exit_code() {
        let folder = with_pairs();
        let rows = "نص طويل جدا\tvery long text\n".repeat(20_000);
        folder.write("many.tsv", format!("src\ttgt\n{rows}bad\tx\n"));
        folder.write("filters.toml", "[[filter]]\nname = \"bad\"\nreject = \"src == 'bad'\"\n");
        let filter = ["filter", "many.tsv", "--filters", "filters.toml"];
        let rejects = [&filter[..], &["--rejects", "r.tsv"]].concat();
        assert_eq!(with_closed_pipe(&folder, &rejects), Some(0));
        assert_eq!(folder.read("r.tsv").lines().count(), 2);
        for gate in [&filter[..], &rejects] {
            let gate = [gate, &["--fail-under", "1"]].concat();
            assert_eq!(with_closed_pipe(&folder, &gate), Some(4), "{gate:?}");
        }
        let score = ["score", "many.tsv", "--no-encoder", "--write-profile", "p.toml"];
        assert_eq!(with_closed_pipe(&folder, &score), Some(0));
        assert!(folder.path("p.toml").exists());
        let report = ["report", "pairs.tsv", "--no-encoder", "--summary", "-o", "r.html"];
        let report = [&report[..], &["--fail-under", "pairs=10000"]].concat();
        assert_eq!(with_closed_pipe(&folder, &report), Some(4));
        let eval = ["eval", "--gold", "gold.ladder", "--test", "other.ladder"];
        folder.write("other.ladder", "[0]:[]:0.9\n[]:[0]:0.9\n");
        let eval = [&eval[..], &["--fail-under", "0.5"]].concat();
        assert_eq!(with_closed_pipe(&folder, &eval), Some(4));
        // A document fails.
        folder.write("list.tsv", "id\tsrc\ttgt\na\ta.ar\ta.en\nb\tmissing\ta.en\n");
        let corpus =
            ["align", "--corpus", "list.tsv", "-o", "out", "--json", "--metrics", "m.json"];
        assert_eq!(with_closed_pipe(&folder, &corpus), Some(1));
        assert!(folder.read("m.json").ends_with("}\n"));
    }

    #[test]
    fn full_standard_output_leaves_the_other_outputs_as_they_were() {
        let folder = with_pairs();
        for args in [
            &["align", "a.ar", "a.en", "-o", "o.tsv", "--json"][..],
            &["score", "pairs.tsv", "--no-encoder", "--write-profile", "o.tsv"],
            &["filter", "pairs.tsv", "--no-encoder", "--rejects", "o.tsv"],
            &["report", "pairs.tsv", "--no-encoder", "-o", "o.tsv", "--summary"],
        ] {
            folder.write("o.tsv", "old");
            let full = File::options().write(true).open("/dev/full").expect("a device");
            let mut child = folder.command(args).stdout(full).spawn().expect("a run");
            let mut stderr = String::new();
            child.stderr.take().expect("a pipe").read_to_string(&mut stderr).expect("text");
            assert_eq!(child.wait().expect("an end").code(), Some(1), "{args:?}: {stderr}");
            assert!(stderr.contains("No space left on device"), "{stderr}");
            assert!(stderr.contains("\nhint: "), "{stderr}");
            assert_eq!(folder.read("o.tsv"), "old", "{args:?}");
        }
    }

    #[test]
    fn file_larger_than_its_limit_is_an_error() {
        let folder = with_pairs();
        let rows = "نص طويل\tlong text\n".repeat(40_000);
        folder.write("many.tsv", format!("src\ttgt\n{rows}"));
        folder.write("o.jsonl", "old");
        let script = "ulimit -f 8; exec \"$0\" convert many.tsv -o o.jsonl";
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", script, env!("CARGO_BIN_EXE_nasaq")]).current_dir(folder.path(""));
        let run = shell.output().expect("a shell");
        let stderr = String::from_utf8_lossy(&run.stderr);
        assert_eq!(run.status.code(), Some(1), "{stderr}");
        assert!(stderr.contains("o.jsonl: File too large"), "{stderr}");
        assert_eq!(folder.read("o.jsonl"), "old");
        assert!(!folder.names().iter().any(|name| name.ends_with(".part")));
    }

    #[test]
    fn temporary_file_of_a_killed_run_is_removed_by_the_next() {
        let folder = with_pairs();
        fs::write(folder.path(".nasaq-abc123.part"), "half").expect("a file");
        folder.run(&["convert", "pairs.tsv", "-o", "o.jsonl"]).ok();
        assert!(!folder.path(".nasaq-abc123.part").exists());
    }
}
