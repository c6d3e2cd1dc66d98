//! Which files of an output folder have the present results: outputs of earlier runs, with other
//! documents or in another format, may be beside them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use nasaq_formats::unescape_field;

use super::folder::OutputFolder;
use super::journal::{JOURNAL, JournalLine};
use super::listing::DOCUMENTS_FILE;

/// Returns the files of beads that a run into a folder has written last for its documents; `None` if
/// the folder is not one of a run.
///
/// They are those that `documents.tsv` lists. A run that was stopped has finished others since then,
/// which only its journal has.
#[must_use]
pub fn current_outputs(folder: &Path) -> Option<BTreeSet<PathBuf>> {
    let list = fs::read_to_string(folder.join(DOCUMENTS_FILE)).ok();
    let journal = fs::read(folder.join(JOURNAL)).ok();
    // By the id of the document.
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    match &list {
        Some(list) => files.extend(listed(list)?),
        None => drop(journal.as_ref()?),
    }
    let lines = journal.iter().flat_map(|bytes| bytes.split(|byte| *byte == b'\n'));
    let lines: Vec<JournalLine> =
        lines.filter_map(|line| serde_json::from_slice(line).ok()).collect();
    let is_list = |line: &JournalLine| matches!(line, JournalLine::Listing(it) if it.listing == DOCUMENTS_FILE);
    let end_of_list = match list {
        Some(_) => lines.iter().rposition(is_list).map_or(lines.len(), |at| at + 1),
        None => 0,
    };
    for line in &lines[end_of_list..] {
        if matches!(line, JournalLine::SetAside(_)) {
            continue;
        }
        if let Some((file, _)) = line.output() {
            files.extend(line.ids().iter().map(|id| (id.clone(), file.to_owned())));
        }
    }
    // The names come from lists that somebody may have edited.
    let is_file =
        |name: &String| OutputFolder::is_output_name(name) && !OutputFolder::is_inner(name);
    Some(files.into_values().filter(is_file).map(|name| folder.join(name)).collect())
}

/// Returns the documents of a list and their files; `None` if it is not one of a run.
fn listed(list: &str) -> Option<Vec<(String, String)>> {
    let mut lines = list.lines();
    let header: Vec<&str> = lines.next()?.split('\t').collect();
    let column = |name: &str| header.iter().position(|it| *it == name);
    let (id, file) = (column("id")?, column("file")?);
    column("status")?;
    let rows = lines.filter_map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let cell = |at: usize| cells.get(at).map(|it| unescape_field(it).into_owned());
        Some((cell(id)?, cell(file).filter(|file| !file.is_empty())?))
    });
    Some(rows.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Option<Vec<String>> {
        let name =
            |path: PathBuf| path.strip_prefix(folder).expect("in the folder").display().to_string();
        current_outputs(folder).map(|files| files.into_iter().map(name).collect())
    }

    #[test]
    fn the_list_and_what_a_stopped_run_finished_after_it_count() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        let put = |name: &str, text: &str| fs::write(root.join(name), text).expect("a file");
        assert_eq!(names(root), None);
        let hash = "0".repeat(32);
        let document = |id: &str, file: &str| {
            format!(
                "{{\"id\":\"{id}\",\"input\":\"{hash}\",\"file\":\"{file}\",\"output\":\"{hash}\",\
                 \"src_segments\":1,\"tgt_segments\":1,\"beads\":1,\"doubtful\":0,\
                 \"expected_wrong\":0.0,\"document_score\":1.0}}\n"
            )
        };
        let listing = format!("{{\"listing\":\"documents.tsv\",\"output\":\"{hash}\"}}\n");
        let earlier = document("gone", "docs/gone.tsv") + &document("a", "docs/a.tsv");
        put(JOURNAL, &earlier);
        assert_eq!(names(root).expect("a run"), ["docs/a.tsv", "docs/gone.tsv"]);
        put(DOCUMENTS_FILE, "id\tstatus\tfile\na\taligned\tdocs/a.tsv\nb\tfailed\t\n");
        put(JOURNAL, &format!("{earlier}{listing}"));
        assert_eq!(names(root).expect("a run"), ["docs/a.tsv"]);
        let later = document("a", "docs/a.jsonl") + &document("c", "docs/../../c.tsv");
        put(JOURNAL, &format!("{earlier}{listing}{later}"));
        assert_eq!(names(root).expect("a run"), ["docs/a.jsonl"]);
        put(DOCUMENTS_FILE, "a\tb\n");
        assert_eq!(names(root), None, "a table of another program");
    }
}
