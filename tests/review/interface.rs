//! Each command of the page, by what it does to the rows.

use serde_json::json;

use super::page::Page;
use super::served::{Served, Spans};
use crate::util::Folder;

/// Six sentences, of which the fourth stands at the end of the translation.
const ARABIC: &str = "\
وصل القطار إلى المحطة قبل الفجر.
لم يكن في انتظاره أحد.
جلس المسافر على المقعد الخشبي وفتح حقيبته.
أخرج منها كتابًا قديمًا ورسالة لم تُفتح.
كان عدد الركاب ٣٢ راكبًا في ذلك اليوم.
ثم سأل نفسه: هل كان عليه أن يعود؟
";
const ENGLISH: &str = "\
The train reached the station before dawn.
Nobody was waiting for it.
The traveller sat down on the wooden bench and opened his bag.
He took out an old book and a letter that had not been opened.
There were 31 passengers that day.
Then he asked himself: should he have come back?
";

fn open(arabic: &str, english: &str) -> Option<(Folder, Served, Page)> {
    let folder = Folder::new();
    folder.write("a.ar", arabic);
    folder.write("a.en", english);
    let served = Served::start(&folder, &["--segmented", "a.ar", "a.en"]);
    let page = Page::open(&served.url)?;
    Some((folder, served, page))
}

fn spans(served: &Served) -> Vec<Spans> {
    served.beads().into_iter().map(|(spans, _)| spans).collect()
}

#[test]
fn rows_are_merged_split_shifted_and_left_unaligned() {
    let Some((_folder, served, mut page)) = open(ARABIC, ENGLISH) else { return };
    let start = spans(&served);
    assert_eq!(start[0], [[0, 1], [0, 1]]);
    page.select(0);
    page.decide(|page| page.press("m"));
    assert_eq!(page.row(0).spans, [[0, 2], [0, 2]]);
    assert_eq!(page.row(0).decided, "changed");
    // The second segment is chosen, and the row is split before it.
    page.press("Alt+ArrowDown");
    assert_eq!(page.eval("document.querySelectorAll('.segment.chosen').length"), 1);
    page.decide(|page| page.press("s"));
    assert_eq!(page.row(0).spans, [[0, 1], [0, 1]]);
    assert_eq!(page.row(1).spans, [[1, 2], [1, 2]]);
    page.select(0);
    page.press("ArrowLeft");
    page.decide(|page| page.press("Shift+ArrowDown"));
    assert_eq!(page.row(0).spans, [[0, 1], [0, 2]]);
    page.decide(|page| page.press("Shift+ArrowUp"));
    assert_eq!(page.row(0).spans, [[0, 1], [0, 1]]);
    page.select(1);
    page.press("ArrowLeft");
    page.decide(|page| page.press("Alt+Shift+ArrowUp"));
    assert_eq!(page.row(0).spans[1], [0, 0]);
    page.decide(|page| page.press("Ctrl+z"));
    page.select(4);
    page.decide(|page| page.press("0"));
    assert_eq!(page.row(4).spans[1], [4, 4]);
    assert_eq!(page.row(4).decided, "changed");
    page.assert_quiet();
}

#[test]
fn a_pair_that_was_rejected_does_not_come_back() {
    let Some((_folder, served, mut page)) = open(ARABIC, ENGLISH) else { return };
    page.select(4);
    let pair = page.current().spans;
    page.decide(|page| page.press("x"));
    assert!(!spans(&served).contains(&pair));
    page.select(3);
    page.decide(|page| page.press("Enter"));
    assert!(!spans(&served).contains(&pair));
    page.decide(|page| page.press("u"));
    page.decide(|page| page.press("u"));
    assert!(spans(&served).contains(&pair));
}

#[test]
fn moved_text_is_paired_by_key_and_by_mouse() {
    let mut english: Vec<&str> = ENGLISH.lines().collect();
    let moved = english.remove(1);
    english.push(moved);
    let english = english.join("\n");
    for is_mouse in [false, true] {
        let Some((_folder, served, mut page)) = open(ARABIC, &english) else { return };
        let row_with = |side: usize, segment: usize| {
            let rows = spans(&served);
            rows.iter()
                .position(|row| (row[side][0]..row[side][1]).contains(&segment))
                .expect("a row")
        };
        // Whatever the aligner has found, both halves are first left unaligned.
        for (side, segment) in [(0, 1), (1, 5)] {
            page.select(row_with(side, segment));
            if page.current().spans.iter().all(|[start, end]| start < end) {
                page.decide(|page| page.press("0"));
            }
        }
        let [src, tgt] = [row_with(0, 1), row_with(1, 5)];
        page.select(src);
        if is_mouse {
            let [from, to] =
                ["[data-side=src] [data-index='1'] .grip", "[data-side=tgt] [data-index='5']"];
            page.decide(|page| page.drag(from, to, [0.0, 0.0]));
        } else {
            page.press("p");
            page.until("document.querySelector('.bead.pairing')");
            page.select(tgt);
            page.decide(|page| page.press("p"));
        }
        let beads = served.get("beads").json();
        let bead = &beads["beads"][row_with(0, 1)];
        assert_eq!((&bead["src"], &bead["tgt"]), (&json!([1, 2]), &json!([5, 6])));
        assert_eq!(bead["moved"], true);
        page.until("document.querySelector('.bead[data-moved] .remark.moved')");
        page.assert_quiet();
    }
}

#[test]
fn segments_are_cut_and_joined() {
    let Some((_folder, served, mut page)) = open(ARABIC, ENGLISH) else { return };
    page.select(2);
    page.press("ArrowLeft");
    page.press("e");
    page.until("document.querySelector('dialog[open] [role=slider]')");
    page.press("Home");
    for _ in 0..3 {
        page.press("ArrowRight");
    }
    let text = page.eval("document.querySelector('[role=slider]').getAttribute('aria-valuetext')");
    assert_eq!(text, "between “down” and “on”");
    page.decide(|page| page.press("Enter"));
    let beads = served.get("beads").json().to_string();
    assert!(
        beads.contains("\"The traveller sat down\"") && beads.contains("\"on the wooden bench")
    );
    let sizes = served.get("session").json()["sizes"].clone();
    assert_eq!(sizes, json!({"src": 6, "tgt": 7}));
    // The rows behind the cut have the new indices without being loaded again.
    let last = "[...document.querySelectorAll('[data-side=tgt] .segment')].at(-1).dataset.index";
    assert_eq!(page.eval(last), "6");
    page.decide(|page| page.press("u"));
    assert_eq!(page.eval(last), "5");
    page.select(0);
    page.press("ArrowLeft");
    page.press("e");
    page.until("document.querySelector('dialog[open] button[value=join]')");
    page.decide(|page| {
        let point = page.centre("dialog button[value=join]");
        page.browser.drag(&[point, point]);
    });
    let beads = served.get("beads").json().to_string();
    assert!(
        beads.contains("before dawn.\\nNobody") || beads.contains("before dawn. Nobody"),
        "{beads}"
    );
    page.assert_quiet();
}

#[test]
fn notes_and_bounds_and_samples_are_decisions() {
    let Some((_folder, served, mut page)) = open(ARABIC, ENGLISH) else { return };
    page.select(1);
    page.press("c");
    page.until("document.querySelector('dialog[open] textarea')");
    page.browser.insert("<b>check</b> مع المؤلف");
    page.decide(|page| page.press("Ctrl+Enter"));
    assert_eq!(
        page.eval("document.querySelector('#row-2 .note').textContent"),
        "<b>check</b> مع المؤلف"
    );
    page.press("a");
    page.until("document.querySelector('dialog[open] input')");
    page.eval("document.querySelector('dialog input').value = '50'");
    page.decide(|page| page.press("Enter"));
    let summary = served.get("session").json()["summary"].clone();
    assert!(summary["confirmed"].as_u64() >= Some(3), "{summary}");
    page.decide(|page| page.press("u"));
    page.click("more");
    page.decide(|page| page.click("sample"));
    assert!(served.get("session").json()["summary"]["sample"]["drawn"].as_u64() >= Some(3));
    page.assert_quiet();
}

#[test]
fn the_search_ignores_tashkeel_and_hamza() {
    let Some((_folder, _served, mut page)) = open(ARABIC, ENGLISH) else { return };
    page.press("/");
    page.until("!document.getElementById('search').hidden");
    page.browser.insert("اخرج منها كتابا");
    page.until("document.getElementById('hits').textContent === '1 of 1'");
    page.until("document.querySelector('.bead.current [data-side=src] [data-index=\"3\"].chosen')");
    assert_eq!(page.eval("CSS.highlights.get('hit-now')?.size"), 1);
    page.press("Escape");
    assert_eq!(page.eval("document.getElementById('search').hidden"), true);
    assert_eq!(page.eval("document.activeElement.id"), "list");
    page.assert_quiet();
}

#[test]
fn a_number_without_a_counterpart_is_underlined_and_words_light_up() {
    let Some((_folder, _served, mut page)) = open(ARABIC, ENGLISH) else { return };
    page.select(4);
    let marked = "[...document.querySelectorAll('.bead.current u.number')].map((each) => each.textContent).sort().join()";
    assert_eq!(page.eval(marked), "31,٣٢");
    let point = page.eval(
        "(() => { const passage = document.querySelector('#row-1 [data-side=tgt] .passage'); \
         const range = new Range(); range.setStart(passage.firstChild, 5); range.setEnd(passage.firstChild, 8); \
         const box = range.getBoundingClientRect(); return [box.left + 5, box.top + box.height / 2]; })()",
    );
    let at = |index: usize| point[index].as_f64().expect("a place");
    let moved = json!({"type": "mouseMoved", "x": at(0), "y": at(1)});
    page.browser.call("Input.dispatchMouseEvent", &moved);
    page.until("CSS.highlights.get('counterpart')?.size");
    let lit = page.eval("[...CSS.highlights.get('counterpart')].map(String).join()");
    assert_eq!(lit, "القطار");
    page.assert_quiet();
}

#[test]
fn the_interface_is_switched_in_place_and_mirrored() {
    let Some((_folder, _served, mut page)) = open(ARABIC, ENGLISH) else { return };
    page.select(1);
    let places = "(() => { const left = (selector) => document.querySelector(selector).getBoundingClientRect().left; \
        return {state: left('.bead.current .state'), english: left('.bead.current .latin'), \
        arabic: left('.bead.current .arabic'), ribbon: left('#ribbon')}; })()";
    for language in ["en", "ar", "en"] {
        assert_eq!(page.eval("document.documentElement.lang"), language);
        let found = page.eval(places);
        let place = |name: &str| found[name].as_f64().expect("a place");
        // Arabic is on the right in both languages of the interface.
        assert!(place("english") < place("arabic"), "{found}");
        let is_mirrored = language == "ar";
        assert_eq!(place("state") > place("arabic"), is_mirrored, "{found}");
        assert_eq!(place("ribbon") < place("english"), is_mirrored, "{found}");
        assert_eq!(page.eval("document.querySelector('.bead.current').id"), "row-2");
        let directions = "[...new Set([...document.querySelectorAll('.side')].map((side) => side.lang + side.dir))].sort().join()";
        assert_eq!(page.eval(directions), "arrtl,enltr");
        page.click("language");
        page.settle();
    }
    // A letter key counts by its place on an Arabic keyboard.
    page.browser.key("ت", "KeyJ", 0);
    page.until("document.querySelector('#row-3.current')");
    page.assert_quiet();
}
