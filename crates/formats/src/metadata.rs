//! Metadata of documents, which outputs repeat for their beads.

use serde_json::Value;

/// The metadata of a document as names and JSON values, copied to the output.
///
/// JSON Lines has the values; the other formats have texts as they are, nothing for `null`, and
/// every other value as JSON.
pub type Metadata = serde_json::Map<String, Value>;

/// Returns a value as text; `None` for `null` and for a missing value.
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
    fn values_are_converted_to_text() {
        let value = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
        for (json, text) in
            [("\"نوع\"", Some("نوع")), ("7.50", Some("7.5")), ("[1]", Some("[1]")), ("null", None)]
        {
            assert_eq!(text_of(Some(&value(json))).as_deref(), text);
        }
        assert_eq!(text_of(None), None);
    }
}
