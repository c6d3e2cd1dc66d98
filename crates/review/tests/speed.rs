//! How fast a session is, printed: `cargo test --release -p nasaq-review --test speed -- --ignored
//! --nocapture`.

use std::fs;
use std::io::{Write, stderr};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use nasaq_formats::BitextInput;
use nasaq_job::{Engine, Settings};
use nasaq_review::{BeadSegments, Decision, Order, ReviewSide, ReviewSource, Session};

/// The bundled corpora, whose segments the documents of a measurement consist of.
const CORPORA: [&str; 6] = ["news", "prose", "law", "letters", "technical", "travel"];

/// Returns `count` segments of a language, one per line, with numbers that make each different.
fn text(lang: &str, count: usize) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpora");
    let lines: Vec<String> = CORPORA
        .iter()
        .map(|name| root.join(name).join(format!("{lang}.segments.txt")))
        .flat_map(|path| {
            let text = fs::read_to_string(path).expect("a bundled corpus");
            text.lines().map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    let lines = lines.iter().cycle().take(count).enumerate();
    lines.map(|(index, line)| format!("{line} {}\n", index / 7)).collect()
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    let line = format!(
        "{what}: {} times, median {:.1} ms, 95th percentile {:.1} ms, most {:.1} ms",
        times.len(),
        at(0.5),
        at(0.95),
        at(1.0)
    );
    writeln!(stderr(), "{line}").expect("standard error");
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    report(what, vec![start.elapsed()]);
    result
}

/// Takes decisions of all kinds, and reports how long each kind took.
fn decide(session: &mut Session, name: &str, count: usize) {
    let mut confirms = Vec::new();
    let mut rejects = Vec::new();
    let mut merges = Vec::new();
    let mut cuts = Vec::new();
    for step in 0..count {
        let Some(row) = session.next(None, Order::Risk) else { break };
        let (decision, times) = match step % 4 {
            0 => (Decision::Confirm { row, seen: None }, &mut confirms),
            1 => (Decision::Reject { row, seen: None }, &mut rejects),
            2 => match merged(session, row) {
                Some(decision) => (decision, &mut merges),
                None => continue,
            },
            _ => match cut(session, row) {
                Some(decision) => (decision, &mut cuts),
                None => continue,
            },
        };
        let start = Instant::now();
        if session.apply(decision).is_ok() {
            times.push(start.elapsed());
        }
    }
    for (kind, times) in
        [("confirm", confirms), ("reject", rejects), ("merge", merges), ("cut", cuts)]
    {
        if !times.is_empty() {
            report(&format!("{name}, {kind}"), times);
        }
    }
}

fn merged(session: &Session, row: usize) -> Option<Decision> {
    let rows = session.rows().get(row..row + 2)?;
    let is_usable = |row: &nasaq_review::Row| !row.is_null() && !row.moved && !row.is_fixed();
    if !rows.iter().all(is_usable) {
        return None;
    }
    let [a, b] = [rows[0].segments(), rows[1].segments()];
    let src = [a.src.start, b.src.end].into();
    let tgt = [a.tgt.start, b.tgt.end].into();
    Some(Decision::SetBeads { src, tgt, beads: vec![BeadSegments { src, tgt }] })
}

fn cut(session: &Session, row: usize) -> Option<Decision> {
    let segment = session.rows()[row].tgt.range().next()?;
    let text = session.segment(ReviewSide::Tgt, segment);
    let at = text.match_indices(' ').map(|(at, _)| at).find(|at| *at > text.len() / 2)?;
    Some(Decision::Cut { side: ReviewSide::Tgt, segment, at })
}

#[test]
#[ignore = "a measurement"]
fn sessions_of_three_sizes() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut settings = Settings::default();
    settings.segmented = true;
    let engine = Arc::new(Engine::new(settings).expect("the built-in model"));
    for count in [200, 5000] {
        let name = format!("{count} × {count}");
        let [src, tgt] = ["ar", "en"].map(|lang| {
            let path = folder.path().join(format!("{count}.{lang}.txt"));
            fs::write(&path, text(lang, count)).expect("a file");
            path
        });
        let source = ReviewSource::documents(src, tgt);
        let log = source.log_path();
        let open = || Session::open(&log, &source, &engine).expect("documents");
        drop(timed(&format!("{name}, aligned and opened"), open));
        let mut session = timed(&format!("{name}, opened again"), open);
        let row = session.next(None, Order::Risk).expect("a row");
        let first = Decision::Confirm { row, seen: None };
        timed(&format!("{name}, first decision"), || session.apply(first).expect("a row"));
        decide(&mut session, &name, 200);
        timed(&format!("{name}, undo"), || session.undo().expect("a decision"));
        drop(session);
        timed(&format!("{name}, opened with its decisions"), open);
    }
    // Aligned before, as a corpus run has it.
    let count = 100_000;
    let name = format!("{count} × {count}");
    let (arabic, english) = (text("ar", count), text("en", count));
    let rows = arabic
        .lines()
        .zip(english.lines())
        .enumerate()
        .map(|(index, (src, tgt))| format!("{src}\t{tgt}\t0.{:02}\n", 99 - index * 7 % 50));
    let table = folder.path().join("long.tsv");
    fs::write(&table, "src\ttgt\tprobability\n".to_owned() + &rows.collect::<String>())
        .expect("a file");
    let source = ReviewSource::bitext(BitextInput::file(&table));
    let log = source.log_path();
    let open = || Session::open(&log, &source, &engine).expect("a bitext");
    drop(timed(&format!("{name}, made of a table"), open));
    let mut session = timed(&format!("{name}, opened again"), open);
    let first = Decision::Confirm { row: 50_000, seen: None };
    timed(&format!("{name}, first decision"), || session.apply(first).expect("a row"));
    let times = (0..40).map(|step| {
        let decision = Decision::Confirm { row: 50_010 + step * 20, seen: None };
        let start = Instant::now();
        session.apply(decision).expect("a row");
        start.elapsed()
    });
    report(&format!("{name}, confirm in the same block"), times.collect());
}
