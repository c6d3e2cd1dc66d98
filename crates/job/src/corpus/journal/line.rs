//! The lines of the journal, as JSON.

use std::slice;

use serde::{Deserialize, Serialize};

use crate::message::Message;

/// A line of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum JournalLine {
    Document(DocumentLine),
    Shard(ShardLine),
    SetAside(SetAsideLine),
    Listing(ListingLine),
}

impl JournalLine {
    /// Returns the file of beads that the line is about, with the hash of its content.
    pub(crate) fn output(&self) -> Option<(&str, ContentHash)> {
        match self {
            Self::Document(line) => Some((line.file.as_deref()?, line.output?)),
            Self::Shard(line) => Some((&line.file, line.output)),
            Self::SetAside(line) => Some((&line.set_aside, line.output)),
            Self::Listing(_) => None,
        }
    }

    /// Returns the ids of the documents that the file holds.
    pub(crate) fn ids(&self) -> &[String] {
        match self {
            Self::Document(line) => slice::from_ref(&line.id),
            Self::Shard(line) => &line.ids,
            Self::SetAside(line) => &line.ids,
            Self::Listing(_) => &[],
        }
    }

    /// Returns whether the beginning of a line could be that of this program: a stopped run may have
    /// written no more of it.
    pub(super) fn is_beginning(bytes: &[u8]) -> bool {
        ["id", "shard", "set_aside", "listing"].into_iter().any(|key| {
            let start = format!("{{\"{key}\":");
            let common = bytes.len().min(start.len());
            bytes[..common] == start.as_bytes()[..common]
        })
    }
}

/// A finished document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct DocumentLine {
    pub(crate) id: String,
    /// Hash of the texts, their metadata and the settings.
    pub(crate) input: ContentHash,
    /// The file that its beads are in: its own, or its part of an unfinished shard. Nothing once the
    /// shard is finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<String>,
    /// Hash of that file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) output: Option<ContentHash>,
    #[serde(flatten)]
    pub(crate) summary: DocumentSummary,
}

/// What is known about an aligned document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DocumentSummary {
    /// Segments of the source.
    pub src_segments: usize,
    /// Segments of the target.
    pub tgt_segments: usize,
    /// Beads, null beads included.
    pub beads: usize,
    /// Beads with a probability below [`DOUBTFUL_BELOW`](nasaq::Alignment::DOUBTFUL_BELOW).
    pub doubtful: usize,
    /// How many beads are expected to be wrong: the sum of 1 − probability.
    pub expected_wrong: f64,
    /// The probability that the two documents are translations of each other.
    pub document_score: f64,
    /// Pairs with a probability below that of the settings, which translation memories omit.
    #[serde(default)]
    pub improbable: usize,
    /// Beads with text on one side only, which translation memories omit.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub one_sided: usize,
    /// Beads that a reviewer has decided.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub reviewed: usize,
    /// What a user should look at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Message>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// A finished shard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ShardLine {
    pub(crate) shard: usize,
    /// Hash of the input hashes of its documents.
    pub(crate) input: ContentHash,
    pub(crate) file: String,
    pub(crate) output: ContentHash,
    /// The documents that the file holds, in its order.
    pub(crate) ids: Vec<String>,
}

/// A shard that got another name, because a document that it holds is in no new one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SetAsideLine {
    /// The file.
    pub(crate) set_aside: String,
    pub(crate) output: ContentHash,
    /// The documents that the file holds, in its order.
    pub(crate) ids: Vec<String>,
}

/// A list of results, such as `documents.tsv`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ListingLine {
    /// The file.
    pub(crate) listing: String,
    /// Hash of its content; nothing while a run appends to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) output: Option<ContentHash>,
}

/// A 128-bit hash, written in hexadecimal: many JSON readers have no 128-bit integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ContentHash(pub(crate) u128);

impl Serialize for ContentHash {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(&format_args!("{:032x}", self.0))
    }
}

impl<'de> Deserialize<'de> for ContentHash {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let text = String::deserialize(input)?;
        u128::from_str_radix(&text, 16).map(Self).map_err(serde::de::Error::custom)
    }
}

/// Returns a line as bytes, with its line end.
pub(crate) fn line_bytes(line: &JournalLine) -> Vec<u8> {
    let mut bytes = serde_json::to_vec(line).expect("keys are strings and numbers finite");
    bytes.push(b'\n');
    bytes
}
