//! Tests of `nasaq report`, and of its page in a browser.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::util::Folder;
use crate::util::browser::{Browser, decode};

const SETS: [&str; 8] =
    ["dialogue", "encyclopedia", "law", "letters", "news", "prose", "technical", "travel"];

fn corpora() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpora")
}

/// Writes `NAME.jsonl`: the gold beads of some bundled corpora, with probabilities, in the form of an
/// alignment.
fn write_aligned(folder: &Folder, name: &str, sets: &[&str]) {
    let mut out = String::new();
    for set in sets {
        let text = |name: &str| fs::read_to_string(corpora().join(set).join(name)).expect("a file");
        let (ar, en) = (text("ar.segments.txt"), text("en.segments.txt"));
        let (ar, en): (Vec<&str>, Vec<&str>) = (ar.lines().collect(), en.lines().collect());
        let mut at = [0, 0];
        for (bead, line) in text("gold.ladder").lines().enumerate() {
            let mut sides = line.split("]:[").map(|side| {
                side.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).count()
            });
            let (src, tgt) = (sides.next().unwrap_or(0), sides.next().unwrap_or(0));
            let probability = if bead % 9 == 4 { 0.625 } else { 0.9875 };
            let row = serde_json::json!({
                "doc": set, "bead": bead, "kind": format!("{src}-{tgt}"),
                "src": ar[at[0]..at[0] + src].join(" "), "tgt": en[at[1]..at[1] + tgt].join(" "),
                "src_segments": [at[0], at[0] + src], "tgt_segments": [at[1], at[1] + tgt],
                "probability": probability,
            });
            out.push_str(&row.to_string());
            out.push('\n');
            at = [at[0] + src, at[1] + tgt];
        }
    }
    folder.write(&format!("{name}.jsonl"), out);
}

fn aligned(sets: &[&str]) -> Folder {
    let folder = Folder::new();
    write_aligned(&folder, "aligned", sets);
    folder
}

fn json(folder: &Folder, args: &[&str]) -> Value {
    let text = folder.run(&[&["report", "--json", "-", "--no-encoder"], args].concat()).ok();
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn page_and_json_are_the_same_in_every_run() {
    let folder = aligned(&["news", "law"]);
    let args = ["report", "aligned.jsonl", "--no-encoder", "-o"];
    folder.run(&[&args[..], &["a.html", "--json", "a.json"]].concat()).ok();
    folder.run(&[&args[..], &["b.html", "--json", "b.json", "--threads", "1"]].concat()).ok();
    assert!(folder.read("a.html") == folder.read("b.html"));
    assert!(folder.read("a.json") == folder.read("b.json"));
    assert!(folder.read("a.html").starts_with("<!doctype html>"));
    assert_eq!(folder.names(), ["a.html", "a.json", "aligned.jsonl", "b.html", "b.json"]);
    let json: Value = serde_json::from_str(&folder.read("a.json")).expect("JSON");
    assert_eq!(json["inputs"][0]["name"], "aligned");
    assert_eq!(json["inputs"][0]["hash"].as_str().map(str::len), Some(32));
    assert_eq!(json["corpora"][0]["headline"]["documents"], 2);
}

#[test]
fn rated_corpora_have_the_numbers_of_unrated_ones() {
    let folder = aligned(&["letters"]);
    folder.run(&["score", "aligned.jsonl", "--no-encoder", "-o", "scored.tsv"]).ok();
    folder.run(&["score", "aligned.jsonl", "--no-encoder", "-o", "scored.jsonl.zst"]).ok();
    let report_of = |name: &str| {
        let mut json = json(&folder, &[name]);
        json["corpora"][0]["options"]["name"] = Value::Null;
        json["corpora"][0].take()
    };
    let fresh = report_of("aligned.jsonl");
    for name in ["scored.tsv", "scored.jsonl.zst"] {
        let scored = report_of(name);
        for (key, value) in fresh.as_object().expect("an object") {
            assert_eq!(scored[key], *value, "{name}: {key}");
        }
    }
}

#[test]
fn filter_counts_are_those_of_nasaq_filter() {
    let folder = aligned(&["dialogue", "news"]);
    let filter =
        folder.run(&["filter", "aligned.jsonl", "--no-encoder", "--dry-run", "--json"]).ok();
    let account: Value = serde_json::from_str(&filter).expect("JSON");
    assert_eq!(json(&folder, &["aligned.jsonl"])["corpora"][0]["filters"], account);
}

#[test]
fn gold_is_found_by_document_name() {
    let folder = aligned(&["news", "travel"]);
    let gold = corpora().display().to_string();
    let report = json(&folder, &["aligned.jsonl", "--gold", &gold]);
    let gold_report = &report["corpora"][0]["gold"];
    // The corpus is the gold itself.
    assert_eq!(gold_report["documents"], 2);
    assert_eq!(gold_report["evaluation"]["strict"]["f1"], 1.0);
    assert_eq!(gold_report["reliability"][0]["nested"], gold_report["reliability"][0]["beads"]);
    folder.write("gold/none.ladder", "[0]:[0]\n");
    folder
        .run(&["report", "aligned.jsonl", "--no-encoder", "--gold", "gold"])
        .fails(3, &["gold: no document of the corpus has a gold ladder there"]);
    folder.write("gold/news.ladder", "[0]:[0]\n");
    folder.write("gold/travel", fs::read(corpora().join("travel/gold.ladder")).expect("a file"));
    folder
        .run(&["report", "aligned.jsonl", "--no-encoder", "--gold", "gold"])
        .warns(&["news.ladder has 1: the document is not compared"]);
}

#[test]
fn a_value_below_its_minimum_sets_the_exit_code_and_outputs_are_written() {
    let folder = aligned(&["letters"]);
    let run = |minimum: &str| {
        folder.run(&[
            "report",
            "aligned.jsonl",
            "--no-encoder",
            "-o",
            "a.html",
            "--fail-under",
            minimum,
        ])
    };
    assert_eq!(run("pairs=10").code, 0);
    let failed = run("pairs=10000");
    assert_eq!(failed.code, 4);
    assert!(failed.stderr.contains("aligned: pairs 32.0000 is below 10000"), "{failed:?}");
    assert!(folder.read("a.html").contains("letters"));
    assert_eq!(run("strict-f1=0.5").code, 4, "there is no gold");
    assert_eq!(run("beauty=1").code, 2);
}

#[test]
fn summary_is_the_default_and_reads_standard_input() {
    let folder = aligned(&["letters"]);
    let summary = folder.run(&["report", "aligned.jsonl", "--no-encoder"]).ok();
    assert!(summary.starts_with("aligned: 32 pairs in 1 document, "), "{summary}");
    assert!(summary.contains("\n  ready   ") && summary.contains('█'));
    let text = folder.read("aligned.jsonl");
    let piped =
        folder.run_with_input(&["report", "-", "--no-encoder", "--summary"], text.as_bytes());
    assert_eq!(piped.ok(), summary.replace("aligned:", "standard input:"));
}

#[test]
fn corpora_are_compared_and_folders_are_read_as_one_corpus() {
    let folder = aligned(&["letters"]);
    write_aligned(&folder, "out/docs/a", &["letters"]);
    write_aligned(&folder, "out/docs/sub/b", &["law"]);
    folder.write("out/documents.tsv", "id\tstatus\n");
    let report = json(&folder, &["aligned.jsonl", "out"]);
    let headline = |at: usize, key: &str| report["corpora"][at]["headline"][key].as_u64();
    assert_eq!(headline(0, "pairs"), Some(32));
    assert_eq!(
        (headline(1, "documents"), report["corpora"][1]["options"]["name"].as_str()),
        (Some(2), Some("out"))
    );
    folder.run(&["report", "aligned.jsonl", "out", "--no-encoder", "-o", "both.html"]).ok();
    assert!(folder.read("both.html").contains("2 corpora side by side"));
}

#[test]
fn bad_input_is_reported_and_leaves_no_output() {
    let folder = aligned(&["letters"]);
    let report = |args: &[&str]| folder.run(&[&["report", "--no-encoder"], args].concat());
    report(&["none.jsonl"]).fails(3, &["none.jsonl"]);
    report(&["-", "-"]).fails(2, &["standard input is passed more than once"]);
    report(&["aligned.jsonl", "-o", "aligned.jsonl"]).fails(2, &["would replace an input"]);
    report(&["aligned.jsonl", "-o", "x.html", "--json", "x.html"]).fails(2, &["the same file"]);
    report(&["aligned.jsonl", "-o", "-", "--json", "-"])
        .fails(2, &["cannot share standard output"]);
    report(&["aligned.jsonl", "--gold", "none"]).fails(3, &["none: no such file"]);
    folder.write("empty.tsv", "src\ttgt\n");
    report(&["empty.tsv", "-o", "x.html"]).fails(3, &["no pair"]);
    folder.write("bad.jsonl", "{\"src\":\"ا\",\"tgt\":\"a\"}\n{\n");
    report(&["bad.jsonl", "-o", "x.html"]).fails(3, &["bad.jsonl:2: "]);
    fs::create_dir(folder.path("nothing")).expect("a folder");
    report(&["nothing"]).fails(3, &["the folder has no bitexts"]);
    assert!(!folder.path("x.html").exists());
    let skipped = report(&["bad.jsonl", "--skip-bad", "-o", "x.html"]);
    skipped.warns(&["skipped 1 malformed row"]);
}

/// Texts that try to change the page that shows them.
const HOSTILE: [&str; 6] = [
    "</script><script>window.pwned = 1</script>",
    "\"><img src=https://example.org/x onerror=\"window.pwned = 2\">",
    "'><svg onload=window.pwned=3><style>@import 'https://example.org/x'</style>",
    "\u{202E}<b>turned\u{202C}\u{2067} around \u{0}\u{1b}[31m",
    "</style><style>*{display:none}</style><!--<iframe src=https://example.org>",
    "<a href=\"javascript:window.pwned=4\" onclick=alert(1)>&lt;script&gt;{{ title }}",
];

#[test]
fn hostile_text_has_no_effect_in_a_browser() {
    let Some(mut browser) = Browser::start() else { return };
    let folder = Folder::new();
    let row = |(at, text): (usize, &&str)| {
        serde_json::json!({
            "doc": text, "bead": at, "kind": "1-1", "src": format!("نص {text}"),
            "tgt": format!("text {text}"), "src_segments": [at, at + 1],
            "tgt_segments": [at, at + 1], "probability": 0.4, "quality": 0.3, "reasons": [text],
        })
        .to_string()
    };
    let rows: Vec<String> = HOSTILE.iter().enumerate().map(row).collect();
    folder.write("<img src=x onerror=alert(1)>.jsonl", rows.join("\n") + "\n");
    folder.run(&["report", "<img src=x onerror=alert(1)>.jsonl", "-o", "page.html"]).ok();
    let page = folder.path("page.html");
    browser.open(&page);
    assert_eq!(browser.eval("typeof window.pwned"), "undefined");
    for (selector, count) in
        [("script", 1), ("style", 1), ("img, iframe, b, [onclick], [onerror], [onload]", 0)]
    {
        assert_eq!(browser.eval(&format!("document.querySelectorAll({selector:?}).length")), count);
    }
    let shown = browser.eval("document.querySelector('#translator').textContent");
    assert!(shown.as_str().is_some_and(|text| text.contains("<script>window.pwned = 1</script>")));
    // Direction marks have no effect outside the cell of their text.
    assert_eq!(browser.eval("getComputedStyle(document.querySelector('h1')).direction"), "ltr");
    assert_quiet(&mut browser, &page);
}

/// Checks that a page logged nothing and requested nothing but itself.
fn assert_quiet(browser: &mut Browser, page: &Path) {
    for kind in [
        "Runtime.exceptionThrown",
        "Runtime.consoleAPICalled",
        "Log.entryAdded",
        "Page.javascriptDialogOpening",
    ] {
        let events = browser.events(kind);
        assert!(events.is_empty(), "{kind}: {events:?}");
    }
    let own = format!("file://{}", page.display());
    for request in browser.events("Network.requestWillBeSent") {
        let url = request["request"]["url"].as_str().unwrap_or_default();
        let url = url.split('#').next().unwrap_or_default();
        assert!(url == own || url.starts_with("data:"), "{url}");
    }
}

#[test]
fn the_page_works_in_a_browser() {
    let Some(mut browser) = Browser::start() else { return };
    let folder = aligned(&SETS);
    let page = folder.path("page.html");
    let gold = corpora().display().to_string();
    folder
        .run(&["report", "aligned.jsonl", "--gold", &gold, "--sample", "10", "-o", "page.html"])
        .ok();
    browser.resize(1280, 900, false);
    browser.open(&page);

    // The sample shows its counts and the Wilson interval of 4 right of 5: 0.376 to 0.964.
    let result = "document.querySelector('.result').textContent";
    assert_eq!(browser.eval(result), "None of 10 judged.");
    for (at, code) in ["CC", "CB", "CS", "CC", "X"].into_iter().enumerate() {
        browser.eval(&format!(
            "document.querySelectorAll('.sample .pair')[{at}].querySelector('input[value={code}]').click()"
        ));
    }
    assert_eq!(
        browser.eval(result),
        "5 of 10 judged: 80.0 % right (95 %: 37.6 % to 96.4 %). CB 1, CC 2, CS 1, X 1."
    );
    browser.eval(
        "window.saved = []; URL.createObjectURL = (blob) => { saved.push(blob); return '#sample'; }; \
         document.querySelectorAll('[data-export]').forEach((button) => button.click())",
    );
    let tsv = browser.eval("saved[0].text()");
    let lines: Vec<&str> = tsv.as_str().expect("text").lines().collect();
    assert_eq!((lines[0], lines.len()), ("row\tcode\tar\ten", 11));
    assert!(lines[5].split('\t').nth(1) == Some("X") && lines[6].split('\t').nth(1) == Some(""));
    let exported = browser.eval("saved[1].text()");
    let exported: Value = serde_json::from_str(exported.as_str().expect("text")).expect("JSON");
    assert_eq!(
        (&exported["judged"], &exported["right"], &exported["share"]),
        (&5.into(), &4.into(), &0.8.into())
    );

    // A click on the ribbon scrolls to the pair. On a busy machine it may come before the scrolled
    // page is drawn and miss the link, so it is repeated.
    let (mut target, mut place) = (Value::Null, Value::Null);
    for _ in 0..10 {
        place = browser.eval(
            "(() => { document.documentElement.style.scrollBehavior = 'auto'; \
               const link = document.querySelector('.ribbon a'); link.scrollIntoView({ block: 'center' }); \
               const box = link.getBoundingClientRect(); \
               return [box.x + box.width / 2, box.y + box.height / 2, link.getAttribute('href')]; })()",
        );
        for kind in ["mousePressed", "mouseReleased"] {
            let click = serde_json::json!({
                "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1,
            });
            browser.call("Input.dispatchMouseEvent", &click);
        }
        target = browser.eval(
            "new Promise((done) => setTimeout(done, 500)).then(() => { \
               const pair = document.querySelector('.pair:target'); if (!pair) return null; \
               const box = pair.getBoundingClientRect(); \
               return box.bottom > 0 && box.top < innerHeight ? '#' + pair.id : 'out of sight'; })",
        );
        if !target.is_null() {
            break;
        }
    }
    assert_eq!(target, place[2]);

    // Arabic is aligned to the right and read from right to left.
    let wrong = browser.eval(
        "[...document.querySelectorAll('[lang=ar]')].filter((cell) => { const style = getComputedStyle(cell); \
           return style.direction !== 'rtl' || cell.matches('td, p.ar') && !['right', 'start'].includes(style.textAlign); }).length",
    );
    assert_eq!(wrong, 0);
    assert_labels_fit(&mut browser);
    for (width, phone) in [(360, true), (768, false), (1280, false)] {
        browser.resize(width, 800, phone);
        assert_eq!(
            browser.eval("document.documentElement.scrollWidth"),
            width,
            "wider than the window"
        );
    }
    assert_quiet(&mut browser, &page);
}

/// Checks that no chart label is cut off and that the labels of an axis do not overlap.
fn assert_labels_fit(browser: &mut Browser) {
    let bad = browser.eval(
        "[...document.querySelectorAll('.drawing > svg')].flatMap((svg) => { \
           const room = svg.getBoundingClientRect(); \
           const boxes = [...svg.querySelectorAll('text')].map((text) => [text.textContent, text.getBoundingClientRect()]); \
           const out = boxes.filter(([, b]) => b.left < room.left - 1 || b.right > room.right + 1 || b.top < room.top - 1 || b.bottom > room.bottom + 1); \
           const axes = svg.querySelector('.axes') ? boxes : []; \
           const over = axes.flatMap(([name, a], at) => axes.slice(at + 1).filter(([, b]) => \
             a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3).map(([other]) => [name + ' / ' + other])); \
           return [...out, ...over].map(([name]) => svg.closest('figure').id + ': ' + name); })",
    );
    assert_eq!(bad, serde_json::json!([]));
}

/// Creates the pictures of the documentation, if `tests/report/pictures.sh` runs it.
#[test]
fn pictures() {
    let Some(out) = std::env::var_os("NASAQ_PICTURES").map(PathBuf::from) else { return };
    let Some(mut browser) = Browser::start() else { return };
    let folder = Folder::new();
    let page = folder.path("page.html");
    let gold = corpora().display().to_string();
    let mut beads = String::new();
    for set in SETS {
        let [ar, en] = ["ar", "en"].map(|side| {
            corpora().join(set).join(format!("{side}.segments.txt")).display().to_string()
        });
        let aligned = folder.run(&["align", "-q", "--segmented", &ar, &en, "--to", "jsonl"]).ok();
        beads.push_str(
            &aligned.replace("\"doc\":\"ar.segments.txt\"", &format!("\"doc\":\"{set}\"")),
        );
    }
    folder.write("corpora.jsonl", beads);
    folder.run(&["report", "corpora.jsonl", "--gold", &gold, "-o", "page.html"]).ok();
    for (name, medium, colours, size, phone) in [
        ("report-light", "screen", "light", [1280, 1600], false),
        ("report-dark", "screen", "dark", [1280, 1600], false),
        ("report-phone", "screen", "light", [360, 780], true),
    ] {
        browser.media(medium, colours);
        browser.resize(size[0], size[1], phone);
        browser.open(&page);
        browser.eval("document.fonts.ready.then(() => 0)");
        browser.picture(&out.join(format!("{name}.png")));
    }
    browser.media("print", "light");
    let pdf = browser.call("Page.printToPDF", &serde_json::json!({"printBackground": true, "paperWidth": 8.27, "paperHeight": 11.69, "preferCSSPageSize": false}));
    fs::write(out.join("report-print.pdf"), decode(&pdf["data"])).expect("a document");
}
