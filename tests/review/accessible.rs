//! Faults of accessibility, as axe-core finds them.

use std::process::Command;

use super::page::Page;
use super::served::Served;
use crate::util::Folder;

/// Returns the source of axe-core, which npm fetches for this test alone.
fn axe(folder: &Folder) -> Option<String> {
    let install = [
        "install",
        "--silent",
        "--no-save",
        "--ignore-scripts",
        "--prefix",
        ".",
        "axe-core@4.10.3",
    ];
    let done = Command::new("npm").args(install).current_dir(folder.path("")).output();
    if done.is_ok_and(|output| output.status.success()) {
        return Some(folder.read("node_modules/axe-core/axe.min.js"));
    }
    #[expect(
        clippy::print_stderr,
        reason = "tests have no other way to report that they are skipped"
    )]
    {
        eprintln!("skipped: npm cannot install axe-core here");
    }
    None
}

/// Lists serious faults of what the page shows.
const FAULTS: &str = "axe.run(document, {resultTypes: ['violations']}).then((found) => found.violations \
    .filter((fault) => ['serious', 'critical'].includes(fault.impact)) \
    .map((fault) => `${fault.id}: ${fault.nodes.map((node) => node.html).slice(0, 3).join(' ')}`))";

#[test]
fn axe_finds_no_serious_fault() {
    let folder = Folder::new();
    let Some(axe) = axe(&folder) else { return };
    let served = Served::corpus(&folder, "travel");
    let Some(mut page) = Page::open(&served.url) else { return };
    page.browser.resize(1280, 900, false);
    page.settle();
    page.eval(&format!("{axe}; undefined"));
    for colours in ["light", "dark"] {
        page.browser.media("screen", colours);
        for language in ["en", "ar"] {
            page.until(&format!("document.documentElement.lang === '{language}'"));
            page.settle();
            for (open, close) in [("", ""), ("?", "Escape"), ("e", "Escape"), ("/", "Escape")] {
                if !open.is_empty() {
                    page.press(open);
                    page.until("document.querySelector('dialog[open], #search:not([hidden])')");
                }
                let faults = page.eval(FAULTS);
                assert_eq!(faults, serde_json::json!([]), "{colours}, {language}, {open}");
                if !close.is_empty() {
                    page.press(close);
                    page.until("!document.querySelector('dialog[open], #search:not([hidden])')");
                }
            }
            page.click("language");
        }
    }
}
