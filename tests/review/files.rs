//! What goes in and out of the page as files: corrected texts, exports, sheets, paper, a corpus.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use nasaq_formats::read_tmx;
use serde_json::json;

use super::page::Page;
use super::served::Served;
use crate::util::{ARABIC, ENGLISH, Folder};

fn open(args: &[&str]) -> Option<(Folder, Served, Page)> {
    let folder = Folder::with_pair();
    let served = Served::start(&folder, &[&["--segmented", "a.ar", "a.en"], args].concat());
    let page = Page::open(&served.url)?;
    Some((folder, served, page))
}

/// Types a text in place of the one that the dialog shows, and saves it.
fn correct(page: &mut Page, text: &str) {
    page.press("t");
    page.until("document.querySelector('dialog[open] textarea')");
    page.eval("document.querySelector('dialog textarea').select()");
    page.browser.insert(text);
    page.decide(|page| page.press("Ctrl+Enter"));
}

#[test]
fn texts_of_both_sides_are_corrected_by_keyboard_undone_and_exported() {
    let Some((_folder, served, mut page)) = open(&[]) else { return };
    page.select(1);
    page.press("ArrowLeft");
    correct(&mut page, "Nobody <b>waited</b>.");
    page.press("ArrowRight");
    correct(&mut page, "لم ينتظره أحد.");
    let shown =
        "[...document.querySelectorAll('#row-2 .corrected')].map((it) => it.textContent).join('|')";
    assert_eq!(page.eval(shown), "لم ينتظره أحد.|Nobody <b>waited</b>.");
    assert_eq!(page.row(1).decided, "changed");
    let tmx = served.get("export?format=tmx").body;
    assert!(tmx.contains("Nobody &lt;b&gt;waited&lt;/b&gt;.") && tmx.contains("لم ينتظره أحد."));
    page.decide(|page| page.press("u"));
    assert_eq!(page.eval(shown), "Nobody <b>waited</b>.");
    page.decide(|page| page.press("r"));
    // The text of the document takes the correction back.
    page.press("t");
    page.until("document.querySelector('dialog[open] button[value=original]')");
    page.decide(|page| {
        let point = page.centre("dialog button[value=original]");
        page.browser.drag(&[point, point]);
    });
    assert_eq!(page.eval(shown), "Nobody <b>waited</b>.");
    // Nothing is decided if the text is left as it is.
    let revision = page.revision();
    page.press("t");
    page.until("document.querySelector('dialog[open] textarea')");
    page.press("Ctrl+Enter");
    page.until("!document.querySelector('dialog[open]')");
    page.settle();
    assert_eq!(page.revision(), revision);
    page.assert_quiet();
}

/// Waits until a download is complete, and returns it. The browser creates an empty file of the name
/// before it moves the complete one there.
fn downloaded(folder: &Folder, name: &str) -> String {
    let (path, start) = (folder.path(name), Instant::now());
    while fs::metadata(&path).map_or(0, |metadata| metadata.len()) == 0 {
        assert!(start.elapsed() < Duration::from_secs(60), "{name} is not downloaded");
        std::thread::sleep(Duration::from_millis(20));
    }
    folder.read(name)
}

#[test]
fn exports_are_downloaded_one_file_or_two() {
    let Some((folder, _served, mut page)) = open(&[]) else { return };
    folder.write("down/other", "");
    let to = json!({"behavior": "allow", "downloadPath": folder.path("down")});
    page.browser.call("Page.setDownloadBehavior", &to);
    page.select(0);
    page.decide(|page| page.press("Enter"));
    for format in ["tmx", "moses"] {
        page.press("Ctrl+s");
        page.until(&format!("document.querySelector('dialog[open] input[value={format}]')"));
        page.eval(&format!("document.querySelector('input[value={format}]').checked = true"));
        page.press("Enter");
        // Empty when the page has seen that it was closed.
        page.until("!document.querySelector('dialog').firstChild");
    }
    let units = read_tmx(&downloaded(&folder, "down/a.tmx")).expect("a memory");
    assert_eq!(units[0].prop("x-nasaq-reviewed"), Some("confirmed"));
    assert_eq!(units.len(), 5);
    for (name, text) in [("down/a.en", ENGLISH), ("down/a.ar", ARABIC)] {
        let found = downloaded(&folder, name);
        assert_eq!(found.lines().count(), text.lines().count(), "{name}");
    }
    assert!(page.notices().contains("what a reviewer decided about 1 pair"), "{}", page.notices());
}

#[test]
fn a_dialog_can_follow_another_at_once() {
    let Some((folder, _served, mut page)) = open(&[]) else { return };
    let to = json!({"behavior": "allow", "downloadPath": folder.path("down")});
    page.browser.call("Page.setDownloadBehavior", &to);
    page.press("Ctrl+s");
    page.until("document.querySelector('dialog[open] input[value=tmx]')");
    page.eval(
        "document.querySelector('input[value=tmx]').checked = true;
         document.querySelector('dialog button.main').click();
         document.body.dispatchEvent(new KeyboardEvent('keydown',
            { key: 's', code: 'KeyS', ctrlKey: true, bubbles: true, cancelable: true }))",
    );
    downloaded(&folder, "down/a.tmx");
    page.until("document.querySelector('dialog[open] input[value=moses]')");
    page.press("Escape");
    page.until("!document.querySelector('dialog[open]')");
}

#[test]
fn moses_has_a_part_for_each_side() {
    let folder = Folder::with_pair();
    let served = Served::start(&folder, &["--segmented", "a.ar", "a.en"]);
    let part = |part: usize| served.get(&format!("export?format=moses&part={part}"));
    assert!(part(0).head.contains("a.ar") && part(1).head.contains("a.en"), "{:?}", part(1));
    assert!(part(1).body.starts_with(ENGLISH.lines().next().expect("a line")));
    assert_eq!(part(2).status, 400);
    assert_eq!(served.get("export?format=tmx&part=1").status, 400);
    assert_eq!(served.get("export?format=xces").status, 400);
}

#[test]
fn all_rows_are_printed() {
    let Some((_folder, _served, mut page)) = open(&[]) else { return };
    page.eval(
        "window.print = () => { window.printed = document.querySelectorAll('#sheet .bead').length; }",
    );
    page.click("more");
    page.click("print");
    page.until("window.printed");
    assert_eq!(page.eval("window.printed"), 5);
    assert_eq!(page.eval("document.getElementById('sheet')"), serde_json::Value::Null);
    page.assert_quiet();
}

#[test]
fn verdicts_of_a_sheet_are_on_the_page() {
    let folder = Folder::new();
    let [arabic, english] = [ARABIC, ENGLISH].map(|text| text.lines().collect::<Vec<_>>());
    let sheet = format!(
        "pair\tsrc\ttgt\tverdict\tcorrected_tgt\tcomment\n1\t{}\t{}\tright\t\tseen\n\
         2\t{}\t{}\t\tNobody waited.\t\n",
        arabic[0], english[0], arabic[1], english[1]
    );
    folder.write("sheet.tsv", sheet);
    folder.write("a.ar", ARABIC);
    folder.write("a.en", ENGLISH);
    let args = ["--segmented", "a.ar", "a.en", "--import", "sheet.tsv"];
    let served = Served::start(&folder, &args);
    let Some(mut page) = Page::open(&served.url) else { return };
    page.select(0);
    assert_eq!(page.current().decided, "confirmed");
    assert_eq!(page.eval("document.querySelector('#row-1 .note').textContent"), "seen");
    assert_eq!(
        page.eval("document.querySelector('#row-2 .corrected').textContent"),
        "Nobody waited."
    );
    page.decide(|page| page.press("u"));
    assert_eq!(page.row(0).decided, "aligner");
    page.assert_quiet();
}

#[test]
fn a_document_of_a_corpus_is_chosen_from_the_list() {
    let folder = Folder::new();
    for id in ["a", "b"] {
        folder.write(&format!("c/{id}.ar.txt"), ARABIC);
        folder.write(&format!("c/{id}.en.txt"), ENGLISH);
    }
    folder.run(&["align", "--corpus", "c", "-o", "out"]).ok();
    let served = Served::start(&folder, &["out"]);
    let Some(mut page) = Page::open_list(&served.url) else { return };
    let names =
        "[...document.querySelectorAll('#documents a')].map((it) => it.textContent).sort().join()";
    assert_eq!(page.eval(names), "a,b");
    page.eval("document.querySelector('#documents a[href=\"#d/b\"]').click()");
    page.until("document.querySelector('.bead.current .segment')");
    assert_eq!(page.eval("document.getElementById('name').textContent"), "b");
    page.decide(|page| page.press("Enter"));
    page.eval("document.querySelector('[data-do=documents]').click()");
    page.until("document.querySelector('#documents:not([hidden]) a')");
    assert!(folder.path("out/review/b.review.jsonl").exists());
    assert!(!folder.path("out/review/a.review.jsonl").exists());
    page.assert_quiet();
}

#[test]
fn pdf_files_are_reviewed_with_their_pages() {
    let folder = Folder::new();
    for (from, to) in [
        ("prose.ar.page.typst.naskh.pdf", "a.ar.pdf"),
        ("prose.en.page.pango.amiri.pdf", "a.en.pdf"),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/pdf/files").join(from);
        folder.write(to, fs::read(path).expect("a file"));
    }
    let served = Served::start(&folder, &["a.ar.pdf", "a.en.pdf"]);
    let export = served.get("export?format=jsonl").body;
    assert!(export.contains("كان في طرف القرية بئر قديمة"), "{export}");
    assert!(export.contains(r#""part":"page 1""#), "{export}");
}
