//! JSON objects in which a name may occur only once.

use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// The members of a JSON object; a name that occurs twice is an error, because programs differ in
/// which of its values counts.
#[derive(Debug)]
pub(crate) struct UniqueObject(pub(crate) Map<String, Value>);

impl<'de> Deserialize<'de> for UniqueObject {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_map(ObjectVisitor)
    }
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = UniqueObject;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<UniqueObject, A::Error> {
        let mut members = Map::new();
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            if members.contains_key(&name) {
                return Err(A::Error::custom(format_args!("the name {name:?} occurs twice")));
            }
            members.insert(name, value);
        }
        Ok(UniqueObject(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_occurs_twice_is_an_error() {
        let read = |text: &str| serde_json::from_str::<UniqueObject>(text);
        let object = read(r#"{"b":1,"a":{"b":2}}"#).expect("an object");
        assert_eq!(object.0.len(), 2);
        let error = read(r#"{"a":1,"\u0061":1}"#).expect_err("twice").to_string();
        assert!(error.starts_with("the name \"a\" occurs twice"), "{error}");
        assert!(read("[1]").is_err());
    }
}
