//! Jobs as a program without a command line uses them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use nasaq::{Language, PrecomputedVectors};
use nasaq_formats::{Document, Format};
use nasaq_job::{
    Corpus, CorpusJob, DocumentDone, DocumentJob, Engine, FailureStatus, Observer, PairingJob,
    Settings, SideText, TextPair,
};

const LANGUAGES: [Language; 2] = [Language::Arabic, Language::English];
const ARABIC: [&str; 3] =
    ["وصل القطار إلى المحطة قبل الفجر.", "لم يكن في انتظاره أحد.", "أخرج منها كتابا قديما."];
const ENGLISH: [&str; 3] = [
    "The train reached the station before dawn.",
    "Nobody was waiting for it.",
    "He took an old book out of it.",
];

fn engine(threads: usize) -> Engine {
    let mut settings = Settings::default();
    settings.threads = Some(threads);
    Engine::new(settings).expect("the built-in model")
}

/// Makes a folder with three documents of one to three sentences, and an empty one.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: String| {
        fs::write(folder.path().join(name), text).expect("a file");
    };
    for count in 1..=3 {
        write(&format!("{count}.ar.txt"), ARABIC[..count].join("\n"));
        write(&format!("{count}.en.txt"), ENGLISH[..count].join("\n"));
    }
    write("empty.ar.txt", " \n".to_owned());
    write("empty.en.txt", ENGLISH[0].to_owned());
    folder
}

fn contents(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).expect("below").display().to_string();
                found.insert(name, fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

/// Remembers the finished documents, and cancels the job after some of them.
#[derive(Default)]
struct Watch {
    cancel_after: Option<usize>,
    count: AtomicUsize,
    done: Mutex<Vec<(String, bool, bool)>>,
}

impl Observer for Watch {
    fn document_done(&self, document: &DocumentDone<'_>) {
        self.count.fetch_add(1, Ordering::SeqCst);
        let entry = (document.id.to_owned(), document.result.is_ok(), document.reused);
        self.done.lock().expect("no panic").push(entry);
    }

    fn is_cancelled(&self) -> bool {
        self.cancel_after.is_some_and(|count| self.count.load(Ordering::SeqCst) >= count)
    }
}

#[test]
fn more_threads_than_any_machine_has_are_a_wrong_setting() {
    let mut settings = Settings::default();
    settings.threads = Some(100_000);
    let failure = Engine::new(settings).err().expect("too many threads");
    assert_eq!(failure.status(), FailureStatus::Usage);
    assert_eq!(failure.reason(), "threads: 100000 is more than 1024");
}

#[test]
fn a_cancelled_job_resumes_and_ends_with_the_same_files() {
    let folder = folder();
    let corpus = Corpus::find(folder.path(), None, LANGUAGES, None).expect("pairs");
    let engine = engine(1);
    for (name, shard_size) in [("files", None), ("shards", Some(2))] {
        let job = CorpusJob::new(&engine, &corpus).format(Format::Jsonl).shard_size(shard_size);
        let expected = folder.path().join(format!("{name}-whole"));
        job.run(&expected, &()).expect("a run");

        let output = folder.path().join(name);
        let watch = Watch { cancel_after: Some(2), ..Watch::default() };
        let failure = job.run(&output, &watch).expect_err("cancelled");
        assert!(failure.is_cancelled(), "{failure}");
        assert_eq!(watch.count.into_inner(), 2, "nothing is aligned after the cancellation");

        let watch = Watch::default();
        let report = job.run(&output, &watch).expect("the rest");
        let totals = report.totals;
        assert_eq!((totals.documents, totals.aligned, totals.failed), (4, 3, 1));
        assert_eq!(totals.reused, 2, "{:?}", watch.done);
        assert_eq!(contents(&output), contents(&expected));
    }
}

#[test]
fn observers_see_each_document_once_with_its_result() {
    let folder = folder();
    let corpus = Corpus::find(folder.path(), None, LANGUAGES, None).expect("pairs");
    let engine = engine(2);
    let watch = Watch::default();
    CorpusJob::new(&engine, &corpus).run(&folder.path().join("out"), &watch).expect("a run");
    let mut done = watch.done.into_inner().expect("no panic");
    done.sort();
    let expected = [("1", true), ("2", true), ("3", true), ("empty", false)];
    let expected = expected.map(|(id, is_ok)| (id.to_owned(), is_ok, false));
    assert_eq!(done, expected);
}

#[test]
fn remedies_in_files_have_the_words_of_the_shell() {
    let folder = folder();
    let out = |name: &str| folder.path().join(name);
    let corpus = Corpus::find(folder.path(), None, LANGUAGES, None).expect("pairs");
    let mut settings = Settings::default();
    settings.languages.reverse();
    let engine = Engine::new(settings).expect("the built-in model");
    let job = CorpusJob::new(&engine, &corpus);
    job.run(&out("neutral"), &()).expect("a run");
    job.wording(|_| "ask at the desk".to_owned()).run(&out("shell"), &()).expect("a run");
    let warnings =
        |name: &str| fs::read_to_string(out(name).join("warnings.jsonl")).expect("a file");
    assert!(
        warnings("neutral").contains("set the source language to ar"),
        "{}",
        warnings("neutral")
    );
    assert!(warnings("shell").contains("\"hint\":\"ask at the desk\""), "{}", warnings("shell"));
    assert!(!warnings("neutral").contains("--"), "{}", warnings("neutral"));
}

#[test]
fn texts_lines_and_segments_are_aligned_alike() {
    let engine = engine(1);
    let [src, tgt] = [ARABIC.join("\n"), ENGLISH.join("\n")];
    let align = |sides: [SideText<'_>; 2]| {
        let texts = TextPair::new("", sides).expect("texts");
        let aligned = texts.job(&engine).expect("texts").run().expect("an alignment");
        aligned.beads
    };
    let expected = align([SideText::Text(&src), SideText::Text(&tgt)]);
    assert_eq!(expected.len(), 3);
    assert_eq!(align([SideText::Lines(&src), SideText::Lines(&tgt)]), expected);
    let segments = [SideText::Segments(ARABIC.to_vec()), SideText::Segments(ENGLISH.to_vec())];
    assert_eq!(align(segments), expected);
    let [src, tgt] = [("a", src), ("b", tgt)]
        .map(|(name, text)| Document::from_bytes(name.to_owned(), text.into()).expect("text"));
    assert_eq!(align([SideText::Document(&src), SideText::DocumentLines(&tgt)]), expected);
}

#[test]
fn an_encoder_replaces_that_of_the_engine() {
    let engine = engine(1);
    let sides = [SideText::Segments(ARABIC.to_vec()), SideText::Segments(ENGLISH.to_vec())];
    let texts = TextPair::new("", sides).expect("texts");
    let align = |src: &[f32], tgt: &[f32]| {
        let vectors = PrecomputedVectors::from_segments(3, src.to_vec(), tgt.to_vec());
        let vectors = vectors.expect("vectors of three segments");
        let job = texts.job(&engine).expect("texts").encoder(&vectors);
        job.run().map(|aligned| aligned.beads.len())
    };
    let unit = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0];
    assert_eq!(align(&unit, &unit).expect("an alignment"), 3);
    let failure = align(&unit, &unit[..6]).expect_err("vectors of two segments");
    assert!(failure.reason().contains("vectors of 2 segments"), "{}", failure.reason());
}

#[test]
fn a_document_is_not_its_own_translation() {
    let texts = TextPair::new("a", [SideText::Text("نص"), SideText::Text("نص")]).expect("texts");
    let engine = engine(1);
    let [src, tgt] = texts.documents();
    let failure = DocumentJob::new(&engine, "a", [src, tgt]).err().expect("the same text");
    assert_eq!(failure.kind(), "identical");
}

#[test]
fn files_are_paired_by_content_and_unreadable_ones_reported() {
    let folder = tempfile::tempdir().expect("a folder");
    let side = |name: &str| folder.path().join(name);
    for (name, texts) in [("ar", ARABIC), ("en", ENGLISH)] {
        fs::create_dir(side(name)).expect("a folder");
        fs::write(side(name).join(format!("{name}-1.txt")), texts.join("\n")).expect("a file");
    }
    fs::write(side("en").join("broken.txt"), b"\xff\xfe\x00").expect("a file");
    let engine = engine(1);
    let paired = PairingJob::new(&engine).run([&side("ar"), &side("en")]).expect("a pairing");
    assert_eq!(paired.pairs.pairs.len(), 1);
    assert_eq!(paired.ids, ["1"]);
    assert_eq!(paired.unreadable[0].0.name, "broken.txt");
}
