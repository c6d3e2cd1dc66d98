//! Tests of outputs.

use super::*;

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_file_appears_when_it_is_complete() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("فصل ١.tsv");
    let target = OutputTarget::new(Some(&path)).expect("writable");
    assert!(names(folder.path()).is_empty(), "checking leaves no file behind");
    let mut out = target.open().expect("writable");
    out.write_all(b"text").expect("space on the disk");
    assert!(!path.exists());
    out.commit().expect("a new name");
    assert_eq!(fs::read(&path).expect("the file"), b"text");
    assert_eq!(names(folder.path()), ["فصل ١.tsv"]);
}

#[test]
fn a_dropped_output_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.tsv");
    fs::write(&path, "old").expect("a file");
    let mut out = OutputTarget::new(Some(&path)).expect("writable").open().expect("writable");
    out.write_all(b"new").expect("space on the disk");
    drop(out);
    assert_eq!(fs::read(&path).expect("the file"), b"old");
    assert_eq!(names(folder.path()), ["a.tsv"]);
}

#[test]
fn destinations_that_cannot_be_written_are_refused_early() {
    let folder = tempfile::tempdir().expect("a folder");
    let error = OutputTarget::new(Some(folder.path())).expect_err("a folder");
    assert!(matches!(error.kind(), ErrorKind::Folder));
    let error = OutputTarget::new(Some(&folder.path().join("no/a.tsv"))).expect_err("no folder");
    assert!(matches!(error.kind(), ErrorKind::NoFolder(_)));
    assert!(error.to_string().contains("a.tsv"));
}

#[cfg(unix)]
#[test]
fn links_and_permissions_are_preserved() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().expect("a folder");
    let (real, link) = (folder.path().join("real.tsv"), folder.path().join("link.tsv"));
    fs::write(&real, "old").expect("a file");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).expect("rights");
    symlink(&real, &link).expect("a link");
    let mut out = OutputTarget::new(Some(&link)).expect("writable").open().expect("writable");
    out.write_all(b"new").expect("space on the disk");
    out.commit().expect("a new name");
    assert!(fs::symlink_metadata(&link).expect("the link").is_symlink());
    assert_eq!(fs::read(&real).expect("the file"), b"new");
    assert_eq!(fs::metadata(&real).expect("the file").permissions().mode() & 0o777, 0o640);
}

#[cfg(unix)]
#[test]
fn a_link_to_a_missing_file_makes_the_file() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().expect("a folder");
    let (real, link) = (folder.path().join("real.tsv"), folder.path().join("link.tsv"));
    // Relative to the folder of the link.
    symlink("real.tsv", &link).expect("a link");
    let mut out = OutputTarget::new(Some(&link)).expect("writable").open().expect("writable");
    out.write_all(b"new").expect("space on the disk");
    out.commit().expect("a new name");
    assert!(fs::symlink_metadata(&link).expect("the link").is_symlink());
    assert_eq!(fs::read(&real).expect("the file"), b"new");
    symlink("round.tsv", folder.path().join("round.tsv")).expect("a link");
    let error = OutputTarget::new(Some(&folder.path().join("round.tsv"))).expect_err("a loop");
    assert!(matches!(error.kind(), ErrorKind::Unwritable(_)), "{error}");
}

#[cfg(unix)]
#[test]
fn what_became_a_link_meanwhile_is_not_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.tsv");
    let out = OutputTarget::new(Some(&path)).expect("writable").open().expect("writable");
    std::os::unix::fs::symlink("b.tsv", &path).expect("a link");
    out.commit().expect_err("a link");
    assert_eq!(names(folder.path()), ["a.tsv"]);
}

#[test]
fn unfinished_files_are_removed_when_a_signal_ends_the_process() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.tsv");
    let out = OutputTarget::new(Some(&path)).expect("writable").open().expect("writable");
    assert_eq!(names(folder.path()).len(), 1);
    unfinished::remove_in(folder.path());
    assert!(names(folder.path()).is_empty());
    drop(out);
}

#[test]
fn no_file_is_moved_unless_all_are_complete() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    for name in ["a", "b"] {
        fs::write(path(name), "old").expect("a file");
    }
    let open = |name: &str| {
        let target = OutputTarget::new(Some(&path(name))).expect("writable");
        let mut out = target.open_among_others().expect("writable");
        out.write_all(b"new").expect("space on the disk");
        out
    };
    let outputs = [open("a"), open("b")];
    fs::remove_file(path("b")).expect("a file");
    fs::create_dir(path("b")).expect("a folder");
    let error = Output::commit_all(outputs).expect_err("b is a folder");
    assert_eq!(error.path(), Some(&*fs::canonicalize(path("b")).expect("a path")));
    assert_eq!(fs::read(path("a")).expect("a file"), b"old");
    assert_eq!(names(folder.path()), ["a", "b"]);
    Output::commit_all([open("a"), open("c")]).expect("writable");
    assert_eq!(fs::read(path("a")).expect("a file"), b"new");
    assert_eq!(names(folder.path()), ["a", "b", "c"]);
}

#[cfg(unix)]
#[test]
fn name_that_is_too_long_is_refused_early() {
    let folder = tempfile::tempdir().expect("a folder");
    let long = folder.path().join("a".repeat(300));
    let error = OutputTarget::new(Some(&long)).expect_err("too long");
    assert!(matches!(error.kind(), ErrorKind::Unwritable(_)), "{error}");
    assert!(names(folder.path()).is_empty());
}

#[cfg(unix)]
#[test]
fn file_that_a_killed_run_left_is_removed() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join(".nasaq-abc.part"), "half").expect("a file");
    OutputTarget::new(Some(&folder.path().join("a"))).expect("writable");
    assert!(names(folder.path()).is_empty());
}

#[test]
fn none_and_dash_are_standard_output() {
    assert!(OutputTarget::new(None).expect("always").is_stdout());
    assert!(OutputTarget::new(Some(Path::new("-"))).expect("always").is_stdout());
}
