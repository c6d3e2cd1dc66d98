//! Logs: what is on disk is what was decided.

use std::fs;

use proptest::prelude::*;

use super::random::{steps, take};
use super::*;

pub(super) fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

pub(super) fn created(path: &Path) -> Session {
    Session::create(path, head(12, 13), Some(Box::new(OneByOne))).expect("a log")
}

pub(super) fn resumed(path: &Path) -> Result<Session, Failure> {
    Session::resume(path, Some(Box::new(OneByOne)))
}

fn assert_same(a: &Session, b: &Session) {
    assert_eq!(a.rows(), b.rows());
    assert_eq!(a.revision(), b.revision());
    assert_eq!(a.state().remarks, b.state().remarks);
    for side in [0, 1] {
        assert_eq!(a.state().sides[side].segments, b.state().sides[side].segments);
        assert_eq!(a.state().sides[side].document.text, b.state().sides[side].document.text);
    }
    assert_eq!(a.can_undo(), b.can_undo());
    assert_eq!(a.can_redo(), b.can_redo());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn replay_gives_the_same_state(steps in steps(40)) {
        let folder = folder();
        let path = folder.path().join("story.review.jsonl");
        let mut session = created(&path);
        for step in &steps {
            take(&mut session, step);
        }
        assert_same(&session, &Session::read(&path).expect("a log"));
        drop(session);
        let mut again = resumed(&path).expect("a log");
        for step in &steps {
            take(&mut again, step);
        }
        assert_same(&again, &Session::read(&path).expect("a log"));
    }
}

#[test]
fn log_that_is_cut_anywhere_opens_with_what_was_whole() {
    let folder = folder();
    let path = folder.path().join("story.review.jsonl");
    let mut session = created(&path);
    let head_len = fs::metadata(&path).expect("a log").len() as usize;
    let mut ends = vec![head_len];
    for row in [0, 3, 5] {
        session.apply(confirm(row)).expect("a row");
        ends.push(fs::metadata(&path).expect("a log").len() as usize);
    }
    drop(session);
    let bytes = fs::read(&path).expect("a log");
    for len in 0..bytes.len() {
        fs::write(&path, &bytes[..len]).expect("a file");
        match resumed(&path) {
            Err(failure) => {
                assert!(len < head_len, "{len}: {}", failure.reason());
                assert!(failure.remedy().is_some(), "{len}: {}", failure.reason());
                assert_eq!(fs::metadata(&path).expect("the file").len(), len as u64);
            }
            Ok(session) => {
                // A line that lacks only its line end is whole.
                let whole = ends.iter().filter(|&&end| end <= len + 1).count() - 1;
                assert_eq!(session.revision(), whole as u64, "{len}");
                let is_torn = !ends.contains(&len) && !ends.contains(&(len + 1));
                assert_eq!(session.notices().len(), usize::from(is_torn), "{len}");
                drop(session);
                let mut session = resumed(&path).expect("a mended log");
                assert!(session.notices().is_empty());
                session.apply(confirm(7)).expect("a row");
                assert_eq!(Session::read(&path).expect("a log").revision(), whole as u64 + 1);
            }
        }
    }
}

#[test]
fn log_of_another_version_or_damaged_inside_is_refused_with_a_way_out() {
    let folder = folder();
    let path = folder.path().join("story.review.jsonl");
    let mut session = created(&path);
    session.apply(confirm(1)).expect("a row");
    session.apply(confirm(2)).expect("a row");
    drop(session);
    let text = fs::read_to_string(&path).expect("a log");
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let reason = |text: String| {
        fs::write(&path, text).expect("a file");
        let failure = Session::read(&path).expect_err("refused");
        assert!(failure.remedy().is_some());
        failure.reason().replace(&path.display().to_string(), "LOG")
    };
    assert_eq!(
        reason(text.replace("\"nasaq_review\":1", "\"nasaq_review\":2")),
        "LOG, line 1: the log has format 2 (nasaq 0), this program knows 1"
    );
    assert_eq!(
        reason([&lines[..4], &lines[5..]].concat().concat()),
        "LOG, line 5: decision 1 is missing: this is 2"
    );
    assert!(
        reason(text.replace("\"seq\":1,", "\"seq\":,"))
            .starts_with("LOG, line 5: this is no decision")
    );
    assert_eq!(reason("{\"src\":\"a\"}\n".to_owned()), "LOG, line 1: this is not a review log");
    // A decision that contradicts those before it.
    let repeated = lines[4].replace("\"seq\":1,", "\"seq\":3,");
    assert_eq!(
        reason(text.clone() + &repeated),
        "LOG, decision 3: it cannot be repeated: row 2 is decided already"
    );
}

#[test]
fn second_process_is_told_who_has_the_log() {
    let folder = folder();
    let path = folder.path().join("story.review.jsonl");
    let session = created(&path);
    let failure = resumed(&path).expect_err("it is locked");
    assert_eq!(failure.kind(), "locked");
    let owner = format!("it is being reviewed by process {}", std::process::id());
    assert!(failure.reason().contains(&owner), "{}", failure.reason());
    assert!(Session::read(&path).is_ok(), "reading needs no lock");
    drop(session);
    assert!(resumed(&path).is_ok());
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "the lock is gone");
    assert!(Session::create(&path, head(2, 2), None).is_err(), "a log is never replaced");
}

/// `/dev/full` takes no byte.
#[cfg(target_os = "linux")]
#[test]
fn decision_that_cannot_be_stored_is_not_taken() {
    let folder = folder();
    let path = folder.path().join("story.review.jsonl");
    let mut session = created(&path);
    session.apply(confirm(0)).expect("a row");
    let before = session.rows().to_vec();
    session.log.as_mut().expect("a log").redirect(Path::new("/dev/full"));
    for _ in 0..2 {
        let refusal = session.apply(confirm(3)).expect_err("the disk is full");
        assert_eq!(refusal.kind(), RefusalKind::Log);
        assert!(session.undo().is_err());
        assert_eq!((session.rows(), session.revision()), (&before[..], 1));
    }
    session.log.as_mut().expect("a log").redirect(&path);
    session.apply(confirm(3)).expect("there is room again");
    let read = Session::read(&path).expect("a log");
    assert_same(&session, &read);
    assert!(read.notices().is_empty());
}

#[cfg(unix)]
#[test]
fn log_that_was_moved_or_changed_takes_no_decision() {
    let folder = folder();
    let path = folder.path().join("story.review.jsonl");
    let away = folder.path().join("away.jsonl");
    let mut session = created(&path);
    session.apply(confirm(0)).expect("a row");
    let bytes = fs::read(&path).expect("a log");
    let refused = |session: &mut Session, reason: &str| {
        let refusal = session.apply(confirm(3)).expect_err("the log is elsewhere");
        assert_eq!(refusal.kind(), RefusalKind::Log);
        assert!(refusal.reason().ends_with(reason), "{}", refusal.reason());
        assert!(session.undo().is_err());
        assert_eq!((session.revision(), session.summary().confirmed), (1, 1));
    };
    fs::rename(&path, &away).expect("it can be moved");
    refused(&mut session, "moved, replaced or deleted");
    fs::write(&path, &bytes).expect("another file");
    refused(&mut session, "moved, replaced or deleted");
    assert_eq!((fs::read(&path).expect("a file"), fs::read(&away).expect("a file")), {
        (bytes.clone(), bytes.clone())
    });
    fs::rename(&away, &path).expect("it can be moved back");
    fs::write(&path, &bytes[..bytes.len() - 9]).expect("the file changes in its place");
    refused(&mut session, "another program has changed the log");
    fs::write(&path, &bytes).expect("a file");
    session.apply(confirm(3)).expect("the log is there again");
    assert_same(&session, &Session::read(&path).expect("a log"));
}
