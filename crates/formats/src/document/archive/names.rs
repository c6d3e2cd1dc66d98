//! Finds parts of an archive whose names are spelt in another way than where they are referred to:
//! programs decompose letters (أ to ا and a hamza), change the case, and store names in the encoding
//! of their system.

use std::collections::HashMap;
use std::io::{Read, Seek};

use unicode_normalization::UnicodeNormalization;
use zip::ZipArchive;

use super::percent_decoded;

/// The indices of all parts by the spellings of their names.
pub(super) struct PartNames(HashMap<String, usize>);

impl PartNames {
    /// Collects the spellings. Of parts that share one, the first is found.
    pub(super) fn new(zip: &mut ZipArchive<impl Read + Seek>) -> Self {
        let mut names = HashMap::new();
        let mut add = |name: &str, index: usize| {
            names.entry(folded(name)).or_insert(index);
        };
        let mut others: Vec<(usize, Vec<u8>)> = Vec::new();
        for index in 0..zip.len() {
            // A damaged part is reported when it is read.
            let Ok(part) = zip.by_index_raw(index) else { continue };
            if let Ok(name) = part.name() {
                add(&name, index);
            }
            others.push((index, part.name_raw().to_vec()));
        }
        for (index, raw) in others {
            let name = String::from_utf8_lossy(&raw);
            add(&name, index);
            add(&percent_decoded(&name), index);
            if std::str::from_utf8(&raw).is_err() {
                add(&encoding_rs::WINDOWS_1256.decode_without_bom_handling(&raw).0, index);
            }
        }
        Self(names)
    }

    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.0.get(&folded(name)).copied()
    }
}

/// Returns what the spellings of a name have in common.
fn folded(name: &str) -> String {
    name.replace('\\', "/").nfc().collect::<String>().to_lowercase()
}
