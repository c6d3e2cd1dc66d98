//! Texts and names that are meant to hang the program or to control the terminal.

use std::fmt::Write as _;
use std::fs;
use std::time::{Duration, Instant};

use crate::util::{ARABIC, ENGLISH, Folder, Run};

/// A name that would clear the screen, change the title, ring the bell and reverse the line.
const NAME: &str = "a\u{1b}[2J\u{1b}]0;x\u{7}\u{202e}\u{9b}31mb";

/// Checks that a text has nothing that a terminal would obey.
#[track_caller]
fn is_printable(text: &str) {
    let found = text.chars().find(|c| {
        c.is_control() && *c != '\n' && *c != '\t' || matches!(c, '\u{202a}'..='\u{202e}')
    });
    assert_eq!(found, None, "{text:?}");
}

/// Checks that a run printed no message that a terminal would obey, and no line that fills a screen.
#[track_caller]
fn is_harmless(run: &Run) {
    is_printable(&run.stderr);
    let longest = run.stderr.lines().map(|line| line.chars().count()).max();
    assert!(longest.unwrap_or(0) < 1100, "{longest:?}");
}

#[test]
fn names_from_files_do_not_reach_the_terminal_as_they_are() {
    let folder = Folder::new();
    let [arabic, english, tsv] = ["ar", "en", "tsv"].map(|ending| format!("{NAME}.{ending}"));
    folder.write(&arabic, ARABIC);
    folder.write(&english, "");
    folder.write(&tsv, format!("{NAME}\tsrc\nx\ty\tz\n"));
    folder.write("values.tsv", format!("src\ttgt\tprobability\nنص\ttext\t{NAME}\n"));
    folder.write("header.tsv", format!("{NAME}\tx\nنص\ttext\n"));
    folder.write("bad.toml", format!("[[filter]]\nname = \"{NAME}\"\n"));
    folder.write("good.tsv", "src\ttgt\nنص\ttext\n");
    folder.write("in.jsonl", format!("{{\"id\": \"\\u001b[2J\", \"src\": \"{NAME}\"}}\n"));
    folder.write("bad.ladder", format!("{NAME}\n"));
    folder.write("sub.srt", format!("1\n00:00:01,000 --> {NAME}\nنص\n"));
    let long = "x".repeat(1_000_000);
    folder.write("long.srt", format!("1\n00:00:01,000 --> {long}\nنص\n"));
    folder.write("long.tsv", format!("{long}\ty\nنص\ttext\n"));
    for (at, name) in [(1, NAME), (2, "plain")] {
        folder.write(&format!("ar/{name}{at}.ar"), ARABIC);
        folder.write(&format!("en/{name}.en"), ENGLISH);
    }
    folder.write(&format!("ar/{NAME}.ar"), "");
    let missing = format!("{NAME}.missing");
    for args in [
        &["align", &arabic, &english][..],
        &["align", &missing, &missing],
        &["align", "sub.srt", &arabic],
        &["align", "long.srt", &arabic],
        &["align", "--corpus", "ar", "en", "-o", "out"],
        &["align", "--corpus", "ar", "en", "-o", "out", "--dry-run", "--quiet"],
        &["align", &arabic, &arabic, "--src-lang", NAME],
        &["align", "--jsonl", "in.jsonl", "-o", "stream.jsonl"],
        &["pair", "ar", "en", "-o", "pairs.tsv"],
        &["segment", &english, "--lang", "ar"],
        &["score", &tsv],
        &["score", "header.tsv"],
        &["score", "long.tsv"],
        &["score", "good.tsv", "--src-column", NAME],
        &["convert", &tsv, "-o", "o.tmx"],
        &["convert", "values.tsv", "-o", NAME],
        &["filter", "good.tsv", "--filters", "bad.toml", "-o", "o.tsv"],
        &["filter", "good.tsv", "--filters", &missing, "-o", "o.tsv"],
        &["report", "values.tsv", &tsv],
        &["eval", "--gold", "bad.ladder", "--test", "bad.ladder"],
        &["eval", "--gold", &missing, "--test", &missing],
        &["align", "--threads", NAME],
        &[NAME],
    ] {
        is_harmless(&folder.run(args));
    }
    // Tables for people, on standard output.
    let valid = format!("{NAME}.good.tsv");
    folder.write(&valid, format!("src\ttgt\nنص {NAME}\ttext {NAME}\n"));
    for args in [
        &["align", &arabic, "ar/plain2.ar", "--to", "table", "--src-lang", "en"][..],
        &["report", &valid],
        &["score", &valid, "--explain", "1", "--no-encoder"],
    ] {
        let run = folder.run(args);
        is_harmless(&run);
        is_printable(&run.stdout);
    }
}

/// Runs a command that took minutes when its time grew with the square of its input.
#[track_caller]
fn is_fast(folder: &Folder, args: &[&str]) -> Run {
    let start = Instant::now();
    let run = folder.run(args);
    assert_eq!(run.code, 0, "{}", run.stderr);
    // Seconds of a loaded machine, against hours.
    assert!(start.elapsed() < Duration::from_secs(60), "{args:?}: {:?}", start.elapsed());
    run
}

#[test]
fn pairs_of_long_texts_are_rated() {
    let folder = Folder::new();
    let many = |each: &dyn Fn(usize) -> String| (0..60_000).map(each).collect::<String>();
    // A spelling of a number in letters: words that differ.
    let word = |n: usize| -> String {
        n.to_string().bytes().map(|digit| char::from(digit - b'0' + b'b')).collect()
    };
    let arabic_word = |n: usize| -> String {
        n.to_string()
            .chars()
            .map(|digit| {
                ['ب', 'ت', 'ج', 'د', 'ر', 'س', 'ف', 'ق', 'ل', 'م'][digit as usize - '0' as usize]
            })
            .collect()
    };
    let mut rows = String::from("src\ttgt\n");
    for (src, tgt) in [
        (many(&|n| format!("{} ", word(n))), many(&|n| format!("{} ", word(2 * n)))),
        (many(&|n| format!("{} ", arabic_word(n))), many(&|n| format!("B{} ", word(n)))),
        (many(&|n| format!("http://a.org/{n} ")), many(&|n| format!("http://b.org/{n} "))),
        (many(&|n| format!("{n} ")), many(&|n| format!("{} ", 3 * n))),
        (many(&|_| "القاهرة ".to_owned()), many(&|_| "Cairo ".to_owned())),
        (many(&|_| "يناير ".to_owned()), many(&|_| "1/2 & {".to_owned())),
        (word(7).repeat(500_000), "b".repeat(500_000)),
        ("و".repeat(500_000), "&{".repeat(500_000)),
        // The same Latin words on both sides, different and equal ones.
        (many(&|n| format!("نص B{} ", word(n))), many(&|n| format!("text B{} ", word(n)))),
        ("نص York ".repeat(60_000), "text York ".repeat(60_000)),
    ] {
        let _ = writeln!(rows, "نص {src}\ttext {tgt}");
    }
    folder.write("long.tsv", rows);
    is_fast(&folder, &["score", "long.tsv", "-o", "scored.tsv", "--no-encoder"]);
    let scored = fs::read_to_string(folder.path("scored.tsv")).expect("a file");
    let rows = scored.lines().skip(1).map(|row| row.contains("too_long"));
    // Those with Latin words, names and addresses by the ten thousand.
    assert_eq!(rows.collect::<Vec<bool>>()[..4], [true, true, true, false]);
}

#[test]
fn documents_of_one_endless_text_are_aligned() {
    let folder = Folder::new();
    let cue = "1\n00:00:01,000 --> 00:00:02,000\n";
    let many = 500_000;
    for (name, text) in [
        ("tags.srt", format!("{cue}{}نص.\n", "<".repeat(many))),
        ("overrides.srt", format!("{cue}{}نص.\n", "{\\a".repeat(many))),
        ("word.txt", "ب".repeat(many)),
        ("brackets.md", "[".repeat(many) + " نص."),
        ("nested.html", "<b><p>".repeat(many) + "نص."),
        (
            "attributes.html",
            format!("<p{}>نص.</p>", (0..many).map(|n| format!(" a{n}")).collect::<String>()),
        ),
    ] {
        folder.write(name, text);
        is_fast(&folder, &["segment", name, "--lang", "ar", "-o", "segments.txt"]);
    }
    folder.write("letters.ar", "ب".repeat(100_000));
    folder.write("letters.en", "b".repeat(100_000));
    is_fast(&folder, &["align", "letters.ar", "letters.en", "-o", "aligned.tsv"]);
}
