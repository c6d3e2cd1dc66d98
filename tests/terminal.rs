//! What people see who type commands: short help, versions, completions, pages, colours.

use crate::util::Folder;

#[test]
fn short_help_is_one_screen_and_leads_to_the_long_one() {
    let folder = Folder::new();
    for command in
        ["align", "pair", "segment", "score", "filter", "convert", "merge", "report", "eval"]
    {
        let short = folder.run(&[command, "-h"]).ok();
        let long = folder.run(&[command, "--help"]).ok();
        assert!(short.lines().count() <= 40, "{command}:\n{short}");
        assert!(short.contains(&format!("nasaq {command} --help")), "{short}");
        assert!(long.len() > short.len(), "{command}");
    }
}

#[test]
fn long_version_names_what_results_depend_on() {
    let folder = Folder::new();
    let short = folder.run(&["-V"]).ok();
    assert_eq!(short.lines().count(), 1, "{short}");
    let long = folder.run(&["--version"]).ok();
    assert!(long.starts_with(short.trim_end()), "{long}");
    for part in ["model: ", "lexicon: ", "kernel: ", "formats: "] {
        assert!(long.contains(part), "{part}: {long}");
    }
}

#[test]
fn completions_are_written_for_each_shell() {
    let folder = Folder::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = folder.run(&["completions", shell]).ok();
        assert!(script.contains("nasaq") && script.contains("max-memory"), "{shell}");
    }
    let run = folder.run(&["completions", "cmd"]);
    assert_eq!(run.code, 2, "{run:?}");
}

#[test]
fn manual_has_a_page_for_each_command() {
    let folder = Folder::new();
    folder.run(&["man", "pages"]).ok();
    let page = folder.read("pages/nasaq-align.1");
    for part in [".TH", "max\\-memory", "Streams:"] {
        assert!(page.contains(part), "{part}");
    }
    for name in ["nasaq.1", "nasaq-merge.1", "nasaq-completions.1"] {
        assert!(folder.path("pages").join(name).is_file(), "{name}");
    }
    assert!(!folder.path("pages").join("nasaq-man.1").exists(), "a hidden command");
}

#[test]
fn colours_follow_the_option_and_the_environment() {
    let folder = Folder::with_pair();
    let table = ["align", "a.ar", "a.en", "--to", "table"];
    let always = [&table[..], &["--color", "always"]].concat();
    let escape = "\u{1b}[";
    assert!(!folder.run(&table).ok().contains(escape), "a pipe has no colours");
    assert!(folder.run(&always).ok().contains(escape), "for a pager");
    let in_file = [&always[..], &["-o", "table.txt"]].concat();
    folder.run(&in_file).ok();
    assert!(!folder.read("table.txt").contains(escape), "a file has no colours");
    let missing = folder.run(&["align", "none.ar", "a.en", "--color", "always"]);
    assert!(
        missing.stderr.starts_with("\u{1b}[1;31mnasaq: error:\u{1b}[0m "),
        "{}",
        missing.stderr
    );
    let usage = folder.run(&["align", "--color=never", "--bad"]);
    assert!(!usage.stderr.contains(escape), "{}", usage.stderr);
}
