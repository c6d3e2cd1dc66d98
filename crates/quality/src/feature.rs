//! The features of a pair: their names, ranges and descriptions.

/// Which values of a feature good pairs have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Higher values are better.
    High,
    /// Lower values are better.
    Low,
    /// Very low and very high values are suspicious.
    Middle,
    /// The value alone is no evidence; it is for reading and filtering.
    Neutral,
}

/// The description of a feature.
#[derive(Clone, Copy, Debug)]
pub struct FeatureInfo {
    /// The name of its column.
    pub name: &'static str,
    /// The minimum and maximum value; infinite if there is none.
    pub range: (f32, f32),
    /// Which values are good.
    pub direction: Direction,
    /// The number of decimals in files.
    pub decimals: usize,
    /// What the feature measures, in one sentence.
    pub description: &'static str,
}

macro_rules! features {
    ($($(#[$doc:meta])* $variant:ident $name:literal $low:expr, $high:expr, $direction:ident, $decimals:literal, $description:literal;)*) => {
        /// A feature of a pair.
        ///
        /// `docs/quality.md` defines each in full.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Feature {
            $(#[doc = $description] $variant,)*
        }

        impl Feature {
            /// All features, in the order of their columns.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Returns the feature with a column name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// Returns the description of the feature.
            #[must_use]
            pub fn info(self) -> FeatureInfo {
                match self {
                    $(Self::$variant => FeatureInfo {
                        name: $name,
                        range: ($low, $high),
                        direction: Direction::$direction,
                        decimals: $decimals,
                        description: $description,
                    },)*
                }
            }
        }
    };
}

const INF: f32 = f32::INFINITY;

features! {
    ArChars "ar_chars" 0.0, INF, Neutral, 0, "Length of the Arabic text in chars, without optional marks";
    EnChars "en_chars" 0.0, INF, Neutral, 0, "Length of the English text in chars";
    ArWords "ar_words" 0.0, INF, Neutral, 0, "Length of the Arabic text in words";
    EnWords "en_words" 0.0, INF, Neutral, 0, "Length of the English text in words";
    LengthRatio "length_ratio" 0.0, INF, Middle, 3, "Length of the Arabic text divided by the length of the English text, in chars";
    LengthZ "length_z" -INF, INF, Middle, 2, "Difference of the logarithm of the length ratio from the median of the corpus, in standard deviations of pairs of that length and kind of bead";
    ArScript "ar_script" 0.0, 1.0, High, 3, "Share of Arabic script among the letters of the Arabic text, tashkeel and tatweel counted as Arabic";
    EnScript "en_script" 0.0, 1.0, High, 3, "Share of Latin script among the letters of the English text";
    ArLanguage "ar_language" 0.0, 1.0, High, 3, "Confidence that the Arabic text is Arabic: 1 it is, 0.5 undecided, 0 it is not";
    EnLanguage "en_language" 0.0, 1.0, High, 3, "Confidence that the English text is English";
    Numbers "numbers" 0.0, 1.0, High, 3, "Share of the numbers in digits and the months of both sides that the other side has too, in digits or words";
    NumbersMissing "numbers_missing" 0.0, INF, Low, 0, "Number of numbers in digits and of months that the other side lacks";
    NumberWordsMissing "number_words_missing" 0.0, INF, Low, 0, "Number of numbers in words above two that the other side lacks";
    Names "names" 0.0, 1.0, High, 3, "Share of the names in the English text that a word of the Arabic text sounds like or translates";
    NamesMissing "names_missing" 0.0, INF, Low, 0, "Number of names in the English text that the Arabic text lacks";
    Latin "latin" 0.0, 1.0, High, 3, "Share of the Latin words in the Arabic text that the English text has too";
    Copy "copy" 0.0, 1.0, Low, 3, "Degree to which one side is a copy of the other: the similarity of the letters or the share of copied words";
    Addresses "addresses" 0.0, 1.0, High, 3, "Share of the web and mail addresses of both sides that the other side has too";
    Brackets "brackets" 0.0, INF, Low, 0, "Number of unbalanced brackets and quotation marks, plus the difference between the sides in pairs of brackets";
    Terminal "terminal" 0.0, 1.0, High, 2, "Agreement of the final marks: 1 they agree, 0.5 one side has none, 0 they contradict each other";
    ArRepetition "ar_repetition" 0.0, INF, Low, 0, "Number of words in the Arabic text that repeat the words directly before them, except adverbial doubling";
    EnRepetition "en_repetition" 0.0, INF, Low, 0, "Number of words in the English text that repeat the words directly before them";
    ArGlued "ar_glued" 0.0, 1.0, Low, 3, "Share of the Arabic letters that are in words too long to be one word";
    EnGlued "en_glued" 0.0, 1.0, Low, 3, "Share of the English letters that are in words too long to be one word or with a capital inside";
    ArWordLength "ar_word_length" 0.0, INF, Middle, 2, "Mean length of the Arabic words in letters";
    EnWordLength "en_word_length" 0.0, INF, Middle, 2, "Mean length of the English words in letters";
    Mojibake "mojibake" 0.0, INF, Low, 0, "Number of characters that were decoded in a wrong encoding, replacement characters and escapes";
    Controls "controls" 0.0, INF, Low, 0, "Number of control characters and of unbalanced bidi controls";
    Markup "markup" 0.0, INF, Low, 0, "Number of tags, entities, template marks and format placeholders";
    ArKnown "ar_known" 0.0, 1.0, High, 3, "Share of the Arabic words that are in the lexicon, without numbers, as if four more words were known";
    EnKnown "en_known" 0.0, 1.0, High, 3, "Share of the English words that are in the lexicon, without numbers and names, as if four more words were known";
    ArSpelling "ar_spelling" 0.0, INF, Low, 3, "Surprise of the spelling of unknown Arabic words: their bits under a letter trigram model, divided by the letters of all words plus 24";
    EnSpelling "en_spelling" 0.0, INF, Low, 3, "Surprise of the spelling of unknown English words, without names, computed as for the Arabic text";
    ArFunction "ar_function" 0.0, 1.0, Middle, 3, "Share of function words among the Arabic words";
    EnFunction "en_function" 0.0, 1.0, Middle, 3, "Share of function words among the English words";
    ArCoverage "ar_coverage" 0.0, 1.0, High, 3, "Share of the Arabic content words that a word of the English text may translate, by the lexicon";
    EnCoverage "en_coverage" 0.0, 1.0, High, 3, "Share of the English content words that a word of the Arabic text may translate";
    ArGap "ar_gap" 0.0, INF, Low, 2, "Largest deficit of matched words in a run of the Arabic text compared with the mean of the text, divided by the square root of the number of words";
    EnGap "en_gap" 0.0, INF, Low, 2, "Largest deficit of matched words in a run of the English text, computed as for the Arabic text";
    Lexical "lexical" 0.0, 1.0, High, 3, "Share of the English text that the lexicon finds in the Arabic text, weighted by rarity";
    LexicalMargin "lexical_margin" -1.0, 1.0, High, 3, "The same minus the mean for the 4 nearest other texts of the block, on both sides, nearer to 0 the fewer and the more frequent words the shorter side has";
    Negation "negation" -INF, INF, Middle, 0, "Number of negations in the Arabic text minus that in the English text, limited to -3 to 3";
    Order "order" -1.0, 1.0, Middle, 3, "Rank correlation of the positions of words that translate each other";
    Cosine "cosine" -1.0, 1.0, High, 4, "Cosine of the vectors of the two texts";
    Margin "margin" -2.0, 2.0, High, 4, "Cosine of the pair minus the mean cosine with the 4 nearest other texts of the block, on both sides";
    Shift "shift" -2.0, 2.0, High, 4, "Cosine of the pair minus the maximum cosine of a side with the other side of the two pairs before or after";
    Contrast "contrast" -INF, INF, High, 2, "Cosine of the pair in standard deviations above the mean of random pairs of the block";
    Match "match" -INF, INF, High, 2, "Sum of cosine and lexical share, each in standard deviations above the mean of random pairs of the block";
    MatchMargin "match_margin" -INF, INF, High, 2, "The same minus the mean for the 4 nearest other texts of the block, on both sides";
    ArExcess "ar_excess" -1.0, 1.0, Low, 4, "Maximum increase of the cosine when the start or the end of the Arabic text is omitted";
    EnExcess "en_excess" -1.0, 1.0, Low, 4, "Maximum increase of the cosine when the start or the end of the English text is omitted";
}

/// The number of features.
pub const FEATURE_COUNT: usize = Feature::ALL.len();

impl Feature {
    /// Returns whether the feature needs the encoder.
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

/// The features of one pair. A feature that does not apply is NaN: for example `names` of a text
/// without names.
#[derive(Clone, Copy, Debug)]
pub struct Features([f32; FEATURE_COUNT]);

impl Default for Features {
    /// Returns features of which none applies.
    fn default() -> Self {
        Self([f32::NAN; FEATURE_COUNT])
    }
}

/// Features are equal if the same ones apply and these have equal values.
impl PartialEq for Features {
    fn eq(&self, other: &Self) -> bool {
        Feature::ALL.iter().all(|&feature| self.get(feature) == other.get(feature))
    }
}

impl Features {
    /// Returns the value of a feature, or `None` if it does not apply.
    #[must_use]
    pub fn get(&self, feature: Feature) -> Option<f32> {
        let value = self.0[feature as usize];
        (!value.is_nan()).then_some(value)
    }

    /// Sets the value of a feature; NaN if it does not apply.
    pub fn set(&mut self, feature: Feature, value: f32) {
        self.0[feature as usize] = value;
    }

    /// Sets the value of a feature that may not apply.
    pub(super) fn set_some(&mut self, feature: Feature, value: Option<f32>) {
        self.set(feature, value.unwrap_or(f32::NAN));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_that_do_not_apply_are_equal() {
        let (mut one, mut other) = (Features::default(), Features::default());
        assert_eq!(one, other);
        one.set(Feature::Cosine, 0.5);
        assert_ne!(one, other);
        other.set(Feature::Cosine, 0.5);
        assert_eq!(one, other);
    }

    #[test]
    fn a_name_belongs_to_one_feature() {
        for feature in Feature::ALL {
            assert_eq!(Feature::from_name(feature.info().name), Some(*feature));
            assert_eq!(Feature::ALL[*feature as usize], *feature);
        }
        assert_eq!(Feature::from_name("quality"), None);
    }
}
