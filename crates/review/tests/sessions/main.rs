//! Sessions of real documents, with the built-in aligner.

mod bitexts;
mod carried;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use nasaq_formats::{
    BeadReview, BitextInput, Format, WriteOptions, read_jsonl, read_ladder, read_tmx,
};
use nasaq_job::{Engine, Settings};
use nasaq_review::{
    BeadSegments, Decided, Decision, Order, ReviewSide, ReviewSource, Row, Segments, Session,
    is_log,
};
use tempfile::TempDir;

fn corpus(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpora").join(name)
}

fn engine(segmented: bool) -> Arc<Engine> {
    let mut settings = Settings::default();
    settings.segmented = segmented;
    settings.threads = Some(1);
    Arc::new(Engine::new(settings).expect("the built-in model"))
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// Copies a bundled corpus to `story.ar.txt` and `story.en.txt`.
fn story(folder: &TempDir, name: &str, ending: &str) -> ReviewSource {
    let [src, tgt] = ["ar", "en"].map(|lang| {
        let path = folder.path().join(format!("story.{lang}.txt"));
        fs::copy(corpus(name).join(format!("{lang}{ending}")), &path).expect("a file");
        path
    });
    ReviewSource::documents(src, tgt)
}

fn confirm(row: usize) -> Decision {
    Decision::Confirm { row, seen: None }
}

fn exported(session: &Session, format: Format) -> Vec<u8> {
    let header = session.bitext_header();
    let outs = vec![Vec::new()];
    let (mut outs, _) =
        session.export(format, WriteOptions::default(), outs, &header).expect("memory");
    outs.remove(0)
}

fn spans(session: &Session) -> Vec<(Segments, Segments, bool, Decided)> {
    let rows = session.rows().iter();
    rows.map(|row| (row.src.into(), row.tgt.into(), row.moved, row.decided)).collect()
}

fn decided(session: &Session) -> Vec<Decided> {
    session.rows().iter().map(|row| row.decided).collect()
}

fn pairs(session: &Session) -> Vec<usize> {
    (0..session.rows().len()).filter(|&row| !session.rows()[row].is_null()).collect()
}

fn same(a: Segments, b: Segments) -> bool {
    a == b || (a.range().is_empty() && b.range().is_empty())
}

fn gold(name: &str) -> Vec<BeadSegments> {
    let text = fs::read_to_string(corpus(name).join("gold.ladder")).expect("gold");
    let span = |indices: &[u32]| match (indices.first(), indices.last()) {
        (Some(first), Some(last)) => Segments { start: *first, end: *last + 1 },
        _ => Segments { start: 0, end: 0 },
    };
    let rungs = read_ladder(&text).expect("a ladder").into_iter();
    rungs.map(|rung| BeadSegments { src: span(&rung.src), tgt: span(&rung.tgt) }).collect()
}

/// Sets the gold beads of the smallest region that holds a row and no part of a bead.
fn region_of_gold(session: &Session, gold: &[BeadSegments], row: usize) -> Decision {
    let BeadSegments { mut src, mut tgt } = session.rows()[row].segments();
    let grow = |span: &mut Segments, other: Segments| {
        if other.range().is_empty() {
            return;
        }
        if span.range().is_empty() {
            *span = other;
        }
        span.start = span.start.min(other.start);
        span.end = span.end.max(other.end);
    };
    let overlaps = |a: Segments, b: Segments| a.start.max(b.start) < a.end.min(b.end);
    loop {
        let before = (src, tgt);
        let rows = session.rows().iter().map(Row::segments);
        for bead in rows.chain(gold.iter().copied()) {
            if overlaps(bead.src, src) || overlaps(bead.tgt, tgt) {
                grow(&mut src, bead.src);
                grow(&mut tgt, bead.tgt);
            }
        }
        if before == (src, tgt) {
            break;
        }
    }
    let inside = |bead: &&BeadSegments| overlaps(bead.src, src) || overlaps(bead.tgt, tgt);
    let beads = gold.iter().filter(inside).copied().collect();
    Decision::SetBeads { src, tgt, beads }
}

/// The reviewer looks at the most doubtful row, and confirms it or sets the beads around it.
#[test]
fn reviewer_with_gold_reaches_gold_and_the_log_gives_it_back() {
    let engine = engine(true);
    for name in ["news", "prose"] {
        let folder = folder();
        let source = story(&folder, name, ".segments.txt");
        let log = source.log_path();
        assert!(log.ends_with("story.review.jsonl"));
        let mut session = Session::open(&log, &source, &engine).expect("documents");
        let gold = gold(name);
        let is_gold = |session: &Session, row: usize| {
            let bead = session.rows()[row].segments();
            gold.iter().any(|it| same(it.src, bead.src) && same(it.tgt, bead.tgt))
        };
        let mut decisions = 0;
        while let Some(row) = session.next(None, Order::Risk) {
            let decision = match is_gold(&session, row) {
                true => confirm(row),
                false => region_of_gold(&session, &gold, row),
            };
            let taken = session.apply(decision.clone());
            taken.unwrap_or_else(|why| panic!("{name}, row {row}: {decision:?}: {why}"));
            decisions += 1;
            assert!(decisions <= 2 * gold.len(), "it does not end");
        }
        assert!((0..session.rows().len()).all(|row| is_gold(&session, row)), "{name}");
        let before = (spans(&session), session.revision());
        drop(session);
        assert!(is_log(&log));
        let read = Session::read(&log).expect("a log");
        assert_eq!((spans(&read), read.revision()), before);
    }
}

#[test]
fn realignment_after_a_restart_is_the_same() {
    let folder = folder();
    let source = story(&folder, "prose", ".txt");
    let engine = engine(false);
    let [one, other] = ["a.review.jsonl", "b.review.jsonl"].map(|name| folder.path().join(name));
    let mut session = Session::open(&one, &source, &engine).expect("documents");
    let row = session.next(None, Order::Risk).expect("a row");
    let decisions = [Decision::Reject { row, seen: None }, confirm(3), confirm(20)];
    for decision in decisions.clone() {
        session.apply(decision).expect("it is possible");
    }
    for decision in decisions {
        // The search starts anew for each decision.
        let mut again = Session::open(&other, &source, &engine).expect("a log");
        again.apply(decision).expect("it is possible");
    }
    let again = Session::read(&other).expect("a log");
    assert_eq!(session.rows(), again.rows());
}

#[test]
fn exports_say_who_decided_and_are_read_back() {
    let folder = folder();
    let engine = engine(false);
    let source = story(&folder, "news", ".txt").with_reviewer(Some("منى".to_owned()));
    let mut session = Session::open(&source.log_path(), &source, &engine).expect("documents");
    let [a, b, c, d] = *pairs(&session).first_chunk().expect("pairs");
    session.apply(confirm(a)).expect("a row");
    let text = "A corrected text.".to_owned();
    let edit = Decision::Edit { row: b, side: ReviewSide::Tgt, text: text.clone(), seen: None };
    session.apply(edit).expect("a row");
    session.apply(Decision::Note { row: d, text: "?".to_owned(), seen: None }).expect("a row");

    let jsonl = String::from_utf8(exported(&session, Format::Jsonl)).expect("UTF-8");
    let records = read_jsonl(&jsonl).expect("beads");
    assert_eq!(records, session.records());
    let word = |row: usize| records[row].reviewed.map(BeadReview::name);
    assert_eq!((word(a), records[a].reviewer.as_deref()), (Some("confirmed"), Some("منى")));
    assert_eq!((word(b), &records[b].tgt), (Some("changed"), &text));
    assert_eq!((word(c), records[c].reviewer.as_deref()), (None, None));
    assert_eq!(records[d].note.as_deref(), Some("?"));
    let tmx = String::from_utf8(exported(&session, Format::Tmx)).expect("UTF-8");
    let units = read_tmx(&tmx).expect("a memory");
    let confirmed = units.iter().filter(|unit| unit.prop("x-nasaq-reviewed") == Some("confirmed"));
    assert_eq!(confirmed.count(), 1);
    let xliff = String::from_utf8(exported(&session, Format::Xliff)).expect("UTF-8");
    assert_eq!(xliff.matches("state=\"reviewed\"").count(), 2);
    let table = String::from_utf8(exported(&session, Format::Tsv)).expect("UTF-8");
    assert!(table.lines().next().is_some_and(|it| it.contains("\treviewed\treviewer\tnote")));

    // A bitext that was reviewed begins with its decisions.
    for (format, name) in [(Format::Jsonl, "back.jsonl"), (Format::Tsv, "back.tsv")] {
        let path = folder.path().join(name);
        fs::write(&path, exported(&session, format)).expect("a file");
        let source = ReviewSource::bitext(BitextInput::file(&path));
        let log = folder.path().join(format!("{name}.review.jsonl"));
        let back = Session::open(&log, &source, &engine).expect("a bitext");
        assert_eq!(decided(&back), decided(&session), "{name}: {:?}", back.notices());
        assert_eq!(decided(&Session::read(&log).expect("a log")), decided(&session));
    }
}

#[test]
fn sheet_with_rows_deleted_reordered_and_edited_is_taken_back() {
    let folder = folder();
    let engine = engine(false);
    let source = story(&folder, "news", ".txt");
    let mut session = Session::open(&source.log_path(), &source, &engine).expect("documents");
    let records = session.records();
    let [a, b, c, d, e, f] = *pairs(&session).first_chunk().expect("pairs");
    // The columns of xlsx, as text.
    let cells = |row: usize, tgt: Option<&str>, rest: &str| {
        let line = |text: &str| text.replace(['\n', '\t'], " ");
        let tgt = line(tgt.unwrap_or(&records[row].tgt));
        format!("{}\t{}\t{tgt}\t{rest}\n", row + 1, line(&records[row].src))
    };
    let sheet = folder.path().join("sheet.tsv");
    let text = "pair\tsrc\ttgt\tverdict\tcorrected_tgt\tcomment\n".to_owned()
        + &cells(e, None, "wrong\t\t")
        + &cells(a, None, "right\t\tgood")
        + &cells(b, None, "\tCorrected.\t")
        + &cells(c, Some("Edited in its place."), "\t\t")
        + &cells(d, None, "unsure\t\t")
        + &cells(a, None, "wrong\t\t")
        + &cells(f, None, "maybe\t\t")
        + "9999\tلا\tNothing like it.\tright\t\t\n";
    fs::write(&sheet, text).expect("a file");
    let report = session.import(&BitextInput::file(&sheet)).expect("a sheet");
    assert_eq!((report.confirmed, report.rejected, report.corrected), (1, 1, 2), "{report:?}");
    assert_eq!((report.noted, report.unsure), (1, 1));
    assert_eq!(report.missing, records.len() - 6);
    let reasons: Vec<&str> = report.unused.iter().map(|(_, reason)| reason.as_str()).collect();
    assert_eq!(reasons.len(), 3, "{reasons:?}");
    assert!(reasons[0].contains("already") && reasons[1].contains("maybe"));
    assert_eq!(session.rows()[a].decided, Decided::Confirmed);
    assert_eq!(session.note(a).as_deref(), Some("good"));
    assert_eq!(session.rows()[b].edited(ReviewSide::Tgt), Some("Corrected."));
    assert_eq!(session.rows()[c].edited(ReviewSide::Tgt), Some("Edited in its place."));
    assert_eq!(session.revision(), 1, "one decision");
    session.undo().expect("it can be undone");
    assert_eq!(session.summary().unlooked, session.rows().len());

    let sheet = folder.path().join("sheet.xlsx");
    fs::write(&sheet, exported(&session, Format::Xlsx)).expect("a file");
    let report = session.import(&BitextInput::file(&sheet)).expect("a sheet");
    assert_eq!(
        (report.blank, report.missing, report.unused.len()),
        (records.len(), 0, 0),
        "{report:?}"
    );
    assert!(report.change.is_none());
    assert!(session.import(&BitextInput::file(corpus("news").join("ar.txt"))).is_err());
}

#[test]
fn gone_documents_do_not_end_a_review() {
    let folder = folder();
    let engine = engine(false);
    let source = story(&folder, "news", ".txt");
    let log = source.log_path();
    drop(Session::open(&log, &source, &engine).expect("documents"));
    for lang in ["ar", "en"] {
        fs::remove_file(folder.path().join(format!("story.{lang}.txt"))).expect("a file");
    }
    let mut session = Session::open_log(&log, &engine).expect("the log has the texts");
    assert_eq!(session.notices().len(), 2, "{:?}", session.notices());
    session.apply(confirm(0)).expect("a row");
}
