//! What a user says of a document and wants to find again beside its beads.

use serde_json::Value;

/// Names and values that a manifest gives for a document, carried through as they are.
///
/// JSON Lines keeps the values; the other formats write texts as they are, nothing for `null`, and
/// every other value as JSON.
pub type Metadata = serde_json::Map<String, Value>;

/// Gives a value as text; `null` and what is not there have none.
pub(crate) fn text_of(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_as_text() {
        let value = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
        for (json, text) in
            [("\"نوع\"", Some("نوع")), ("7.50", Some("7.5")), ("[1]", Some("[1]")), ("null", None)]
        {
            assert_eq!(text_of(Some(&value(json))).as_deref(), text);
        }
        assert_eq!(text_of(None), None);
    }
}
