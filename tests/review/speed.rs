//! How smoothly a long document scrolls. The figure is printed; only a standstill fails the test.

use super::page::Page;
use super::served::Served;
use crate::util::Folder;

/// Rows of the document; `NASAQ_SCROLL_ROWS` sets more.
const ROWS: usize = 2_000;

/// Scrolls by a fixed distance in each frame for two seconds and returns the times between frames.
const SCROLL: &str = "new Promise((done) => { const list = document.getElementById('list'); \
    const times = []; let last = performance.now(); const end = last + 2000; \
    const step = (now) => { times.push(now - last); last = now; list.scrollTop += 90; \
    if (now < end) requestAnimationFrame(step); else done(times.slice(1)); }; requestAnimationFrame(step); })";

#[test]
fn a_long_document_scrolls() {
    let rows =
        std::env::var("NASAQ_SCROLL_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(ROWS);
    let folder = Folder::new();
    let line = |at: usize, text: &str| format!("{text} {at}.\n");
    let arabic: String =
        (0..rows).map(|at| line(at, "وصل القطار إلى المحطة قبل الفجر في اليوم")).collect();
    let english: String =
        (0..rows).map(|at| line(at, "The train reached the station before dawn on day")).collect();
    folder.write("a.ar", arabic);
    folder.write("a.en", english);
    let served = Served::start(&folder, &["--segmented", "a.ar", "a.en"]);
    let Some(mut page) = Page::open(&served.url) else { return };
    page.browser.resize(1280, 900, false);
    page.press("Home");
    let times = page.eval(SCROLL);
    let mut times: Vec<f64> =
        times.as_array().expect("times").iter().filter_map(serde_json::Value::as_f64).collect();
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    #[expect(clippy::print_stderr, reason = "the figure is the point of the test")]
    {
        eprintln!(
            "{rows} rows: {} frames in 2 s, {:.1} ms at the median, {:.1} ms at the 95th percentile",
            times.len(),
            at(0.5),
            at(0.95)
        );
    }
    assert!(times.len() > 10, "{} frames in 2 s", times.len());
    // What is drawn is a small part, whatever the length.
    let drawn = page.eval("document.querySelectorAll('.bead').length");
    assert!(drawn.as_u64().expect("a number") < 100, "{drawn}");
    page.press("End");
    page.until(&format!("document.querySelector('#row-{rows}.current .segment')"));
}

/// Merges and takes back in turn, and returns the times from a key to the frame that shows the rows.
const EDIT: &str = "(async () => { const list = document.getElementById('list'); \
    const work = document.getElementById('work'); const times = []; \
    const frame = () => new Promise(requestAnimationFrame); \
    for (let turn = 0; turn < 40; turn++) { const before = work.dataset.revision; \
    const start = performance.now(); const key = turn % 2 ? 'u' : 'm'; \
    list.dispatchEvent(new KeyboardEvent('keydown', {key, code: '', bubbles: true, cancelable: true})); \
    while (work.dataset.revision === before) await frame(); \
    await frame(); times.push(performance.now() - start); } return times; })()";

#[test]
fn an_edit_is_drawn() {
    let folder = Folder::new();
    let lines = |text: &str| -> String { (0..200).map(|at| format!("{text} {at}.\n")).collect() };
    folder.write("a.ar", lines("وصل القطار إلى المحطة قبل الفجر في اليوم"));
    folder.write("a.en", lines("The train reached the station before dawn on day"));
    let served = Served::start(&folder, &["--segmented", "a.ar", "a.en"]);
    let Some(mut page) = Page::open(&served.url) else { return };
    page.browser.resize(1280, 900, false);
    page.select(100);
    let times = page.eval(EDIT);
    let mut times: Vec<f64> =
        times.as_array().expect("times").iter().filter_map(serde_json::Value::as_f64).collect();
    times.sort_by(f64::total_cmp);
    #[expect(clippy::print_stderr, reason = "the figure is the point of the test")]
    {
        eprintln!(
            "from a key to the redrawn page, 200 segments: {:.0} ms at the median, {:.0} ms at the 95th \
             percentile",
            times[times.len() / 2],
            times[times.len() * 95 / 100]
        );
    }
    assert_eq!(times.len(), 40);
}
