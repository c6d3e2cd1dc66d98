//! Hostile texts, other windows, and a program that was killed.

use super::page::Page;
use super::served::Served;
use crate::util::Folder;

#[test]
fn text_of_the_documents_is_never_markup() {
    let folder = Folder::new();
    let hostile = [
        "<script>window.pwned = 1</script> رجع إلى البيت.",
        "<img src=x onerror=\"window.pwned = 1\"> \u{202e}نص مقلوب",
        "\"><svg onload=window.pwned=1> \u{1}\u{7f}\u{1b}[31m",
        "{{constructor.constructor('window.pwned=1')()}} ${window.pwned=1}",
    ];
    folder.write("<b>.ar", hostile.join("\n"));
    let english = "<script>window.pwned = 1</script> He went home.\n<img src=x onerror=\"window.pwned = 1\"> \u{202e}txet\n\
        \u{2067}isolated \u{1}\u{7f}\n</script><style>*{display:none}</style> ${window.pwned=1}\n";
    folder.write("<b>.en", english);
    let served = Served::start(&folder, &["--segmented", "<b>.ar", "<b>.en"]);
    let Some(mut page) = Page::open(&served.url) else { return };
    page.select(0);
    let shown = page.eval("document.querySelector('#list').textContent");
    let shown = shown.as_str().expect("a text");
    assert!(shown.contains("<script>window.pwned = 1</script>") && shown.contains("<img src=x"));
    for invisible in ['\u{202e}', '\u{2067}', '\u{1}', '\u{7f}', '\u{1b}'] {
        assert!(!shown.contains(invisible), "{invisible:?}");
    }
    page.press("c");
    page.until("document.querySelector('dialog[open] textarea')");
    page.browser.insert("<img src=x onerror=\"window.pwned = 1\">");
    page.decide(|page| page.press("Ctrl+Enter"));
    for key in ["e", "?", "/"] {
        page.press(key);
        page.press("Escape");
    }
    assert_eq!(page.eval("typeof window.pwned"), "undefined");
    assert_eq!(
        page.eval(
            "document.querySelectorAll('#list script, #list img, #list style, #list svg').length"
        ),
        0
    );
    page.assert_quiet();
}

#[test]
fn a_window_that_was_left_behind_shows_what_it_missed() {
    let folder = Folder::with_pair();
    let served = Served::start(&folder, &["--segmented", "a.ar", "a.en"]);
    let Some(mut first) = Page::open(&served.url) else { return };
    let Some(mut second) = Page::open(&served.url) else { return };
    first.select(0);
    second.select(0);
    first.decide(|page| page.press("m"));
    assert_eq!(served.beads().len(), 4);
    // The second window still shows the old rows, and its command is not taken.
    second.press("0");
    second.until("document.getElementById('notices').textContent.includes('not applied')");
    second.until("document.getElementById('work').dataset.revision === '1'");
    second.until("document.getElementById('row-1')?.bead?.src[1] === 2");
    assert_eq!(served.beads().len(), 4);
    second.select(1);
    second.decide(|page| page.press("Enter"));
    assert_eq!(served.get("session").json()["revision"], 2);
}

#[test]
fn nothing_is_decided_while_the_program_is_gone() {
    let folder = Folder::with_pair();
    let served = Served::start(&folder, &["--segmented", "a.ar", "a.en"]);
    let Some(mut page) = Page::open(&served.url) else { return };
    page.select(1);
    page.decide(|page| page.press("m"));
    let before = served.beads();
    served.kill();
    page.press("m");
    page.until("document.getElementById('notices').textContent.includes('does not answer')");
    assert_eq!(page.revision(), 1);
    let again = Served::start(&folder, &["--segmented", "a.ar", "a.en"]);
    assert_eq!(again.beads(), before);
    let url = again.url.clone();
    page.visit(&url);
    page.select(0);
    page.decide(|page| page.press("u"));
    assert_eq!(again.beads().len(), 5);
}

#[test]
fn a_full_disk_is_shown_and_takes_no_decision() {
    let folder = Folder::with_pair();
    let args = ["--segmented", "a.ar", "a.en", "-o", "log.review.jsonl"];
    let served = Served::start(&folder, &args);
    let size = std::fs::metadata(folder.path("log.review.jsonl")).expect("the log").len();
    served.kill();
    let served = Served::with_limit(&folder, size, &args);
    let Some(mut page) = Page::open(&served.url) else { return };
    page.select(0);
    page.press("m");
    page.until("document.querySelector('.notice.error')");
    assert!(page.notices().contains("nothing was decided"), "{}", page.notices());
    assert_eq!(page.revision(), 0);
    assert_eq!(served.beads().len(), 5);
}
