//! Metadata of documents, which outputs repeat for their beads.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The metadata of a document as names and JSON values, copied to the output.
///
/// JSON Lines has the values; the other formats have texts as they are, nothing for `null`, and
/// every other value as JSON.
///
/// It is read from and written as a JSON object:
///
/// ```
/// use nasaq_formats::Metadata;
///
/// let metadata: Metadata = serde_json::from_str(r#"{"genre":"law","year":1995}"#)?;
/// assert_eq!(metadata.text("genre").as_deref(), Some("law"));
/// assert_eq!(metadata.text("year").as_deref(), Some("1995"));
/// assert_eq!(metadata.text("author"), None);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Metadata(Map<String, Value>);

impl Metadata {
    /// Returns metadata without values.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reports whether there are no values.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Iterates over the names, in the order of the output.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Returns a value as text; `None` for `null` and for a missing value.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        self.0.get(name).and_then(text_of)
    }

    /// Iterates over the names and values of everything that has a text.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, String)> {
        self.0.iter().filter_map(|(name, value)| Some((name.as_str(), text_of(value)?)))
    }
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = r#"{"genre":"نوع","none":null,"list":[1],"number":7.50}"#;

    #[test]
    fn values_are_converted_to_text() {
        let metadata: Metadata = serde_json::from_str(JSON).expect("an object");
        for (name, text) in [
            ("genre", Some("نوع")),
            ("number", Some("7.5")),
            ("list", Some("[1]")),
            ("none", None),
            ("missing", None),
        ] {
            assert_eq!(metadata.text(name).as_deref(), text, "{name}");
        }
        let texts: Vec<&str> = metadata.texts().map(|(name, _)| name).collect();
        assert_eq!(texts.len() + 1, metadata.names().count(), "all but null");
        assert!(!texts.contains(&"none"));
    }

    #[test]
    fn they_are_written_as_the_object_that_they_were_read_from() {
        let metadata: Metadata = serde_json::from_str(JSON).expect("an object");
        let values: Value = serde_json::from_str(JSON).expect("an object");
        assert_eq!(serde_json::to_string(&metadata).ok(), serde_json::to_string(&values).ok());
        assert!(serde_json::from_str::<Metadata>("[1]").is_err());
        assert!(Metadata::new().is_empty() && !metadata.is_empty());
    }
}
