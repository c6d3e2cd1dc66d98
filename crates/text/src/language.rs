//! The two supported languages.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind};

/// A language that this crate has rules for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
pub enum Language {
    /// Arabic, `ar`.
    #[cfg_attr(feature = "serde", serde(rename = "ar"))]
    Arabic,
    /// English, `en`.
    #[cfg_attr(feature = "serde", serde(rename = "en"))]
    English,
}

impl Language {
    /// Returns the ISO 639-1 code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Arabic => "ar",
            Self::English => "en",
        }
    }

    /// Returns whether the language is written from right to left.
    #[must_use]
    pub fn is_rtl(self) -> bool {
        self == Self::Arabic
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Language {
    type Err = Error;

    /// Parses an ISO 639 code or a locale that begins with one: `ar`, `ara`, `ar-EG`, `en_GB`.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownLanguage`] for the code of any other language.
    fn from_str(code: &str) -> Result<Self, Error> {
        let primary = code.split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "ar" | "ara" | "arb" => Ok(Self::Arabic),
            "en" | "eng" => Ok(Self::English),
            _ => Err(ErrorKind::UnknownLanguage(code.to_owned()).into()),
        }
    }
}
