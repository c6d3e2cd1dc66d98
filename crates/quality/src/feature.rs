//! The features of a pair: their names, what they mean, which way is good.

/// Which values of a feature a good pair has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// More is better.
    High,
    /// Less is better.
    Low,
    /// The middle is best: both ends are suspicious.
    Middle,
    /// It says nothing by itself: it is there to be read, or to be filtered by.
    Neutral,
}

/// What a feature is.
#[derive(Clone, Copy, Debug)]
pub struct FeatureInfo {
    /// The column's name.
    pub name: &'static str,
    /// Least and greatest value; an infinite end is open.
    pub range: (f32, f32),
    /// Which values are good.
    pub direction: Direction,
    /// Digits after the point in files.
    pub decimals: usize,
    /// What it is, in a few words.
    pub what: &'static str,
}

macro_rules! features {
    ($($(#[$doc:meta])* $variant:ident $name:literal $low:expr, $high:expr, $direction:ident, $decimals:literal, $what:literal;)*) => {
        /// A feature of a pair.
        ///
        /// `docs/quality.md` defines each in full.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Feature {
            $(#[doc = $what] $variant,)*
        }

        impl Feature {
            /// All features, in the order of their columns.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Says what the feature is.
            #[must_use]
            pub fn info(self) -> FeatureInfo {
                match self {
                    $(Self::$variant => FeatureInfo {
                        name: $name,
                        range: ($low, $high),
                        direction: Direction::$direction,
                        decimals: $decimals,
                        what: $what,
                    },)*
                }
            }
        }
    };
}

const INF: f32 = f32::INFINITY;

features! {
    ArChars "ar_chars" 0.0, INF, Neutral, 0, "Length of the Arabic text in chars, without marks that may be left out";
    EnChars "en_chars" 0.0, INF, Neutral, 0, "Length of the English text in chars";
    ArWords "ar_words" 0.0, INF, Neutral, 0, "Length of the Arabic text in words";
    EnWords "en_words" 0.0, INF, Neutral, 0, "Length of the English text in words";
    LengthRatio "length_ratio" 0.0, INF, Middle, 3, "Chars of the Arabic text by chars of the English one";
    LengthZ "length_z" -INF, INF, Middle, 2, "How far the logarithm of the length ratio is from the corpus's own, in standard deviations of pairs of that length and kind of bead";
    ArScript "ar_script" 0.0, 1.0, High, 3, "Share of Arabic script among the letters of the Arabic text, tashkeel and tatweel counted as Arabic";
    EnScript "en_script" 0.0, 1.0, High, 3, "Share of Latin script among the letters of the English text";
    ArLanguage "ar_language" 0.0, 1.0, High, 3, "How sure it is that the Arabic text is Arabic: 1 it is, 0.5 undecided, 0 it is not";
    EnLanguage "en_language" 0.0, 1.0, High, 3, "How sure it is that the English text is English";
    Numbers "numbers" 0.0, 1.0, High, 3, "Share of the numbers in digits and the months, of both sides, that the other side has too, in digits or words";
    NumbersMissing "numbers_missing" 0.0, INF, Low, 0, "How many numbers in digits and months, of both sides, the other side lacks";
    NumberWordsMissing "number_words_missing" 0.0, INF, Low, 0, "How many numbers in words above two the other side lacks";
    Names "names" 0.0, 1.0, High, 3, "Share of the names of the English text that a word of the Arabic one sounds like or translates";
    NamesMissing "names_missing" 0.0, INF, Low, 0, "How many names of the English text the Arabic one lacks";
    Latin "latin" 0.0, 1.0, High, 3, "Share of the Latin words in the Arabic text that the English one has too";
    Copy "copy" 0.0, 1.0, Low, 3, "How far one side is a copy of the other: similarity of the letters, or share of the words copied";
    Addresses "addresses" 0.0, 1.0, High, 3, "Share of web and mail addresses, of both sides, that the other side has too";
    Brackets "brackets" 0.0, INF, Low, 0, "Brackets and quotes that are open on one side, and how far the sides differ in brackets";
    Terminal "terminal" 0.0, 1.0, High, 2, "How far the final marks agree: 1 they do, 0.5 one side has none, 0 they contradict each other";
    ArRepetition "ar_repetition" 0.0, INF, Low, 0, "Words of the Arabic text that repeat what stands right before them, adverbial doubling left aside";
    EnRepetition "en_repetition" 0.0, INF, Low, 0, "Words of the English text that repeat what stands right before them";
    ArGlued "ar_glued" 0.0, 1.0, Low, 3, "Share of the Arabic letters that stand in words too long to be one";
    EnGlued "en_glued" 0.0, 1.0, Low, 3, "Share of the English letters that stand in words too long to be one, or with a capital inside";
    ArWordLength "ar_word_length" 0.0, INF, Middle, 2, "Mean length of the Arabic words in letters";
    EnWordLength "en_word_length" 0.0, INF, Middle, 2, "Mean length of the English words in letters";
    Mojibake "mojibake" 0.0, INF, Low, 0, "Runs of characters that are text read in a wrong encoding, replacement characters, escapes";
    Controls "controls" 0.0, INF, Low, 0, "Control characters, and bidi controls that are not balanced";
    Markup "markup" 0.0, INF, Low, 0, "Tags, entities, and remains of templates and formats";
    ArKnown "ar_known" 0.0, 1.0, High, 3, "Share of the Arabic words that the lexicon knows, numbers left aside, as if four more were known";
    EnKnown "en_known" 0.0, 1.0, High, 3, "Share of the English words that the lexicon knows, numbers and names left aside, as if four more were known";
    ArSpelling "ar_spelling" 0.0, INF, Low, 3, "How little the unknown Arabic words are spelt like words: their bits by a model of letters, by the letters of all words and 24 more";
    EnSpelling "en_spelling" 0.0, INF, Low, 3, "How little the unknown English words are spelt like words, names left aside";
    ArFunction "ar_function" 0.0, 1.0, Middle, 3, "Share of function words among the Arabic words";
    EnFunction "en_function" 0.0, 1.0, Middle, 3, "Share of function words among the English words";
    ArCoverage "ar_coverage" 0.0, 1.0, High, 3, "Share of the Arabic content words that a word of the English text may translate, by the lexicon";
    EnCoverage "en_coverage" 0.0, 1.0, High, 3, "Share of the English content words that a word of the Arabic text may translate";
    ArGap "ar_gap" 0.0, INF, Low, 2, "The worst stretch of the Arabic text: by how many words it is answered less than the text is on average, over the root of their number";
    EnGap "en_gap" 0.0, INF, Low, 2, "The worst stretch of the English text, likewise";
    Lexical "lexical" 0.0, 1.0, High, 3, "Share of the English text that the lexicon finds in the Arabic one, rare words weighing more";
    LexicalMargin "lexical_margin" -1.0, 1.0, High, 3, "The same less the greatest share of eight other English texts of the block";
    Negation "negation" -INF, INF, Middle, 0, "Negations of the Arabic text less those of the English one, none against some";
    Order "order" -1.0, 1.0, Middle, 3, "How far the words that translate each other stand in the same order, as a rank correlation";
    Cosine "cosine" -1.0, 1.0, High, 4, "Cosine of the two texts' vectors";
    Margin "margin" -2.0, 2.0, High, 4, "Cosine of the pair less the mean of the cosines with the 4 nearest other texts of the block, of both sides";
    Shift "shift" -2.0, 2.0, High, 4, "Cosine of the pair less the greatest cosine of a side with the other side of the two pairs before or after";
    Contrast "contrast" -INF, INF, High, 2, "Cosine of the pair in standard deviations above that of random pairs of the block";
    Match "match" -INF, INF, High, 2, "Cosine and words found together, each in standard deviations above random pairs of the block";
    MatchMargin "match_margin" -INF, INF, High, 2, "The same less the mean of the 4 nearest other texts of the block, of both sides";
    ArExcess "ar_excess" -1.0, 1.0, Low, 4, "By how much the cosine rises at most when an end of the Arabic text is left out";
    EnExcess "en_excess" -1.0, 1.0, Low, 4, "By how much the cosine rises at most when an end of the English text is left out";
}

/// How many features there are.
pub const FEATURES: usize = Feature::ALL.len();

impl Feature {
    /// Finds a feature by its column's name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|feature| feature.info().name == name)
    }

    /// Tells whether the feature needs the encoder.
    #[must_use]
    pub fn needs_encoder(self) -> bool {
        matches!(
            self,
            Self::Cosine
                | Self::Margin
                | Self::Shift
                | Self::Contrast
                | Self::Match
                | Self::MatchMargin
                | Self::ArExcess
                | Self::EnExcess
        )
    }
}

/// The features of one pair; what does not apply is NaN, as the names of a text without any.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Features([f32; FEATURES]);

impl Default for Features {
    /// Nothing is known.
    fn default() -> Self {
        Self([f32::NAN; FEATURES])
    }
}

impl Features {
    /// Gives a feature; `None` where it does not apply.
    #[must_use]
    pub fn get(&self, feature: Feature) -> Option<f32> {
        let value = self.0[feature as usize];
        (!value.is_nan()).then_some(value)
    }

    /// Sets a feature.
    pub fn set(&mut self, feature: Feature, value: f32) {
        self.0[feature as usize] = value;
    }

    /// Sets a feature that may not apply.
    pub(super) fn set_some(&mut self, feature: Feature, value: Option<f32>) {
        self.set(feature, value.unwrap_or(f32::NAN));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinct_and_lead_back() {
        for feature in Feature::ALL {
            assert_eq!(Feature::from_name(feature.info().name), Some(*feature));
            assert_eq!(Feature::ALL[*feature as usize], *feature);
        }
        assert_eq!(Feature::from_name("quality"), None);
    }
}
