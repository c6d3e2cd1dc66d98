//! Function words, such as particles and pronouns. Almost every sentence has some, so a function
//! word that matches is no evidence that one sentence translates another.

use super::{arabic, stem};
use crate::language::Language;
use crate::lazy::Lazy;
use crate::word_set::WordSet;

/// Arabic particles, pronouns and auxiliaries, two letters or more.
///
/// They are compared as stems, in which أ, إ and آ are ا, so one spelling is enough: ان is also أن
/// and إن.
const ARABIC: &str = "\
    في من ما لا لم لن هو هي ان قد عن اذ او ام اي كي لو يا بل ثم مع به بي بك لك له لي انا نحن انت \
    انتم هم هن هما انه انها انهم اني انك اننا الى اليه اليها اليهم على عليه عليها عليهم عليك علي \
    هذا هذه ذلك تلك هؤلاء اولئك هناك هنا الذي التي الذين اللذين اللواتي اللاتي كما مما فيما عما \
    فيه فيها فيهم منه منها منهم عنه عنها عنهم به بها بهم لها لهم لنا لكم بنا بكم معه معها معهم \
    كان كانت كانوا يكون تكون ليس ليست اذا لما لكن لكنه لكنها حتى حيث كيف ماذا لماذا هل الا اما \
    ايضا لقد سوف عند عنده عندما بين كل كذلك ذات اياه اياها فان وان ولا وما ومن وفي فلا فما بما \
    لان لانه لانها بان بانه لدى لديه غير ايها";

/// English articles, pronouns, prepositions and auxiliaries.
///
/// The last ones are parts of contractions, for text in which these are separated: it s, don t.
const ENGLISH: &str = "\
    a an the of to in on at by for from with into onto upon as and or nor but so if than that this \
    these those there here it its itself he him his himself she her hers herself they them their \
    theirs themselves we us our ours you your yours yourself i me my mine myself who whom whose \
    which what when where why how is am are was were be been being do does did done has have had \
    having will would shall should can could may might must not no yes all any each every some \
    such also then too very just only about between through during up down out off over under \
    again because while until both own same other more most s t d ll re ve m don";

static ARABIC_STEMS: Lazy<WordSet> = Lazy::new(|| stems(ARABIC, Language::Arabic));
static ENGLISH_STEMS: Lazy<WordSet> = Lazy::new(|| stems(ENGLISH, Language::English));

fn stems(words: &str, language: Language) -> WordSet {
    words.split_whitespace().map(|word| stem(word, language)).collect()
}

/// Returns whether a stem is that of a function word: a particle, pronoun, preposition or
/// auxiliary.
///
/// Callers that compare meaning usually skip these.
#[must_use]
pub fn is_function_stem(stem: &str, language: Language) -> bool {
    match language {
        Language::Arabic => {
            let is_listed = |stem: &str| ARABIC_STEMS.contains(stem);
            is_listed(stem) || stem.strip_prefix(arabic::JOINED).is_some_and(is_listed)
        }
        Language::English => ENGLISH_STEMS.contains(stem),
    }
}
