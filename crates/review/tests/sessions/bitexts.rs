//! Bitexts that become sessions, and sessions that become bitexts.

use std::fs;

use nasaq_formats::{BitextInput, Format, Loss, WriteOptions};
use nasaq_review::{BeadSegments, Decision, ReviewSide, ReviewSource, Row, Session};

use super::{confirm, corpus, engine, exported, folder, gold, pairs, same, story};

#[test]
fn bitexts_of_other_programs_become_sessions() {
    let folder = folder();
    let engine = engine(false);
    let open = |source: &ReviewSource, name: &str| {
        Session::open(&folder.path().join(name), source, &engine).expect("a bitext")
    };
    let news = corpus("news");
    let texts = ["ar.segments.txt", "en.segments.txt"].map(|name| news.join(name));
    let ladder = BitextInput::file(news.join("gold.ladder")).with_more(texts);
    let session = open(&ReviewSource::bitext(ladder), "ladder.review.jsonl");
    let found: Vec<BeadSegments> = session.rows().iter().map(Row::segments).collect();
    let gold = gold("news");
    assert_eq!(found.len(), gold.len(), "{:?}", session.notices());
    assert!(found.iter().zip(&gold).all(|(a, b)| same(a.src, b.src) && same(a.tgt, b.tgt)));
    assert!(session.rows().iter().any(|row| row.probability > 0.9), "they are estimated");
    assert!(session.notices().iter().any(|it| it.contains("had no probability")));
    let memory = folder.path().join("memory.tmx");
    fs::write(&memory, exported(&session, Format::Tmx)).expect("a file");
    assert!(!session.notices().iter().any(|it| it.contains("units of their own")));
    let mut session = open(&ReviewSource::bitext(BitextInput::file(&memory)), "tmx.review.jsonl");
    let is_pair =
        |bead: &&BeadSegments| !bead.src.range().is_empty() && !bead.tgt.range().is_empty();
    assert_eq!(session.rows().len(), gold.iter().filter(is_pair).count());
    assert!(session.rows().iter().all(|row| row.src.len() == 1 && row.tgt.len() == 1));
    assert!(session.notices().iter().any(|it| it.contains("units of their own")));
    let change = session.apply(confirm(3)).expect("a row");
    assert_eq!((change.first_row, change.removed_rows, change.inserted_rows), (3, 1, 1));
}

#[test]
fn what_a_review_of_a_bitext_does_not_hold_is_counted_at_opening() {
    let folder = folder();
    let engine = engine(false);
    let tmx = "<?xml version=\"1.0\"?>\n<tmx version=\"1.4\"><header srclang=\"ar\"/><body>\n\
        <tu tuid=\"1\" changedate=\"20200101T000000Z\"><note>n</note><prop type=\"x-client\">c</prop>\
        <tuv xml:lang=\"ar\"><seg>مرحبا <bpt i=\"1\">&lt;b&gt;</bpt>بكم<ept i=\"1\"/></seg></tuv>\
        <tuv xml:lang=\"en\"><seg>Welcome</seg></tuv><tuv xml:lang=\"fr\"><seg>Bienvenue</seg></tuv></tu>\n\
        <tu tuid=\"2\"><tuv xml:lang=\"ar\"><seg>وداعا</seg></tuv>\
        <tuv xml:lang=\"en\"><seg>Goodbye</seg></tuv></tu>\n</body></tmx>\n";
    let path = folder.path().join("memory.tmx");
    fs::write(&path, tmx).expect("a file");
    let source = ReviewSource::bitext(BitextInput::file(&path));
    let session = Session::open(&source.log_path(), &source, &engine).expect("a memory");
    let notices = session.notices().join("\n");
    for part in
        ["\"tuid\" of 2 pairs", "x-client\" of 1 pair", "inline codes of 1 pair", "notes, dates"]
    {
        assert!(notices.contains(part), "{part}: {notices}");
    }

    // What nasaq writes for review is held: verdicts, the reviewer and notes.
    let table = "src\ttgt\treviewed\treviewer\tnote\tquality\nنعم\tYes\tconfirmed\tMuna\tcheck\t0.5\n\
        لا\tNo\t\t\t\t\n";
    let path = folder.path().join("table.tsv");
    fs::write(&path, table).expect("a file");
    let source = ReviewSource::bitext(BitextInput::file(&path));
    let log = source.log_path();
    let session = Session::open(&log, &source, &engine).expect("a table");
    let notices = session.notices().join("\n");
    assert!(notices.contains("exports lack: \"quality\" of 1 pair"), "{notices}");
    assert_eq!(session.note(0).as_deref(), Some("check"));
    assert_eq!(session.records()[0].reviewer.as_deref(), Some("Muna"));
    drop(session);
    assert_eq!(Session::read(&log).expect("a log").note(0).as_deref(), Some("check"));
}

#[test]
fn formats_without_a_place_for_decisions_say_so() {
    let folder = folder();
    let engine = engine(false);
    let source = story(&folder, "news", ".txt");
    let mut session = Session::open(&source.log_path(), &source, &engine).expect("documents");
    let [a, b] = *pairs(&session).first_chunk().expect("pairs");
    let text = "Corrected by hand.".to_owned();
    session
        .apply(Decision::Edit { row: b, side: ReviewSide::Tgt, text, seen: None })
        .expect("a row");
    session.apply(confirm(a)).expect("a row");
    for format in Format::all().filter(|format| format.writes() && !format.needs_times()) {
        let outs = vec![Vec::new(); format.output_files()];
        let (options, header) = (WriteOptions::default(), session.bitext_header());
        let (outs, losses) = session.export(format, options, outs, &header).expect("memory");
        let decided = if format.holds_reviews() { 0 } else { 2 };
        assert_eq!(losses.count(&Loss::Review), decided, "{}", format.name());
        let lost = if format.holds_texts() { 0 } else { 1 };
        assert_eq!(losses.count(&Loss::Corrections), lost, "{}", format.name());
        let bytes = outs.concat();
        if !format.is_binary() {
            let text = String::from_utf8(bytes).expect("UTF-8");
            assert_eq!(text.contains("Corrected by hand."), lost == 0, "{}", format.name());
            if format.holds_reviews() {
                assert!(text.contains("changed"), "{}", format.name());
            }
        }
    }
}
