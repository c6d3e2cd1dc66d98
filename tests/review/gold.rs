//! Whole reviews of bundled corpora, until every bead equals gold.

use std::fs;

use super::page::{Current, Page};
use super::served::{Served, Spans, corpus};
use crate::util::Folder;

/// The sides with the key that chooses each: English is on the left.
const SIDES: [(usize, &str, &str); 2] = [(0, "src", "ArrowRight"), (1, "tgt", "ArrowLeft")];
/// The most commands for one bead; more would be a fault of the test or of the page.
const MAX_COMMANDS: usize = 60;

/// Returns the gold beads; an empty side is where the side before it ends.
fn gold(name: &str) -> Vec<Spans> {
    let text = fs::read_to_string(corpus(&format!("{name}/gold.ladder"))).expect("gold");
    let mut ends = [0; 2];
    let side = |list: &str, end: &mut usize| -> [usize; 2] {
        let mut indices =
            list.trim_matches(['[', ']']).split(", ").filter_map(|index| index.parse().ok());
        let start = indices.next().unwrap_or(*end);
        let last: Option<usize> = indices.last();
        *end = if list == "[]" { *end } else { last.unwrap_or(start) + 1 };
        [start, *end]
    };
    text.lines()
        .map(|line| {
            let (src, tgt) = line.split_once(':').expect("two sides");
            [side(src, &mut ends[0]), side(tgt, &mut ends[1])]
        })
        .collect()
}

fn is_same(a: Spans, b: Spans) -> bool {
    (0..2).all(|side| a[side] == b[side] || (is_empty(a[side]) && is_empty(b[side])))
}

fn is_empty([start, end]: [usize; 2]) -> bool {
    start == end
}

/// What a side of the selected row needs to equal gold: to take or to give segments below.
fn need(current: Spans, gold: Spans, side: usize) -> i64 {
    let count = |[start, end]: [usize; 2]| end as i64 - start as i64;
    count(gold[side]) - count(current[side])
}

/// Makes a row of each gold bead, from the first to the last: `correct` changes the selected row.
fn review(
    page: &mut Page,
    served: &Served,
    gold: &[Spans],
    mut correct: impl FnMut(&mut Page, &Current, Spans),
) {
    for wanted in gold {
        for command in 0.. {
            page.select(row_of(served, *wanted));
            let current = page.current();
            assert!(command < MAX_COMMANDS, "{current:?}, not {wanted:?}");
            if current.is_moved {
                // Text that the aligner takes for moved is first put back in order.
                page.decide(|page| page.press("0"));
            } else if !is_same(current.spans, *wanted) {
                correct(page, &current, *wanted);
            } else if current.decided == "aligner" {
                page.decide(|page| page.press("Enter"));
            } else {
                break;
            }
        }
    }
}

/// Returns the row with the first segment of a bead. Nulls of both sides have no order among them, so
/// the index of a gold bead is not that of its row.
fn row_of(served: &Served, wanted: Spans) -> usize {
    let side = usize::from(is_empty(wanted[0]));
    let has = |spans: &Spans| (spans[side][0]..spans[side][1]).contains(&wanted[side][0]);
    served.beads().iter().position(|(spans, _)| has(spans)).expect("each segment is in a row")
}

fn assert_gold(served: &Served, gold: &[Spans]) {
    let beads = served.beads();
    for wanted in gold {
        let found = beads.iter().find(|(spans, _)| is_same(*spans, *wanted));
        let (_, decided) = found.unwrap_or_else(|| panic!("{wanted:?} is not in {beads:?}"));
        assert_ne!(decided, "aligner", "{wanted:?}");
    }
    assert_eq!(beads.len(), gold.len());
}

/// Takes back everything and does it again.
fn undo_and_redo(page: &mut Page, served: &Served, before: &[Spans]) {
    let after = served.beads();
    let count = page.revision();
    for _ in 0..count {
        page.decide(|page| page.press("u"));
    }
    let beads: Vec<Spans> = served.beads().into_iter().map(|(spans, _)| spans).collect();
    assert_eq!(beads, before, "undone to the start");
    assert_eq!(page.eval("document.getElementById('undo').disabled"), true);
    for _ in 0..count {
        page.decide(|page| page.press("r"));
    }
    assert_eq!(served.beads(), after, "redone to the end");
}

fn start(name: &str) -> Option<(Folder, Served, Page, Vec<Spans>)> {
    let folder = Folder::new();
    let served = Served::corpus(&folder, name);
    let page = Page::open(&served.url)?;
    let beads = served.beads().into_iter().map(|(spans, _)| spans).collect();
    Some((folder, served, page, beads))
}

#[test]
fn a_review_by_keyboard_ends_with_gold_and_can_be_taken_back() {
    let Some((folder, served, mut page, before)) = start("news") else { return };
    let gold = gold("news");
    page.press("o");
    review(&mut page, &served, &gold, |page, current, wanted| {
        // Taking comes first, so that the row is never empty.
        let (side, key) = SIDES
            .iter()
            .map(|&(side, _, key)| (side, key))
            .max_by_key(|&(side, _)| need(current.spans, wanted, side))
            .expect("two sides");
        page.press(key);
        match need(current.spans, wanted, side) {
            1.. => page.decide(|page| page.press("Shift+ArrowDown")),
            _ => {
                let side = SIDES.iter().find(|(side, ..)| need(current.spans, wanted, *side) < 0);
                let side = side.unwrap_or_else(|| panic!("{current:?}, not {wanted:?}"));
                page.press(side.2);
                page.decide(|page| page.press("Shift+ArrowUp"));
            }
        }
    });
    assert_gold(&served, &gold);
    assert!(page.eval("document.getElementById('progress').textContent") != "");
    undo_and_redo(&mut page, &served, &before);
    page.assert_quiet();
    // The log holds all of it.
    served.kill();
    let again = Served::corpus(&folder, "news");
    assert_gold(&again, &gold);
}

#[test]
fn a_review_by_mouse_ends_with_gold() {
    let Some((_folder, served, mut page, _)) = start("prose") else { return };
    let gold = gold("prose");
    review(&mut page, &served, &gold, |page, current, wanted| {
        let has_more = |side: usize| need(current.spans, wanted, side) > 0;
        let side =
            if has_more(0) || (!has_more(1) && need(current.spans, wanted, 0) < 0) { 0 } else { 1 };
        let (_, name, _) = SIDES[side];
        let boundary = format!("#row-{} [data-side={name}] .boundary", current.row + 1);
        let segment = |index: usize| format!("[data-side={name}] [data-index='{index}']");
        let needed = need(current.spans, wanted, side);
        let [start, end] = current.spans[side];
        // Just below the middle of a segment is behind it, just above is before it.
        let (target, dy) = match needed {
            1.. => (segment(first_below(page, current, name) + needed as usize - 1), 4.0),
            _ if wanted[side][0] == wanted[side][1] => (segment(start), -4.0),
            _ => (segment((end as i64 + needed) as usize - 1), 4.0),
        };
        page.decide(|page| page.drag(&boundary, &target, [0.0, dy]));
    });
    assert_gold(&served, &gold);
    page.assert_quiet();
}

/// Returns the first segment of a side below a row.
fn first_below(page: &mut Page, current: &Current, side: &str) -> usize {
    let index = page.eval(&format!(
        "(() => {{ const below = [...document.querySelectorAll('[data-side={side}] .segment')] \
         .filter((each) => each.closest('.bead').row > {} && !each.closest('.bead').bead.moved); \
         return Math.min(...below.map((each) => Number(each.dataset.index))); }})()",
        current.row
    ));
    index.as_u64().expect("a segment") as usize
}
