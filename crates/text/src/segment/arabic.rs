//! What the words around an Arabic stop say about it.

use super::marks::{bare, is_blank, is_dash, is_quote, opens};
use super::rules::{Before, Next};
use crate::normalise::is_line_break;
use crate::script::is_arabic_letter;

/// Shortened words that something always follows: تح. (edited by), مج. (volume), صص. (pages).
///
/// Only such as are no words: a full stop after هام or تر ends a sentence far more often.
const OPEN: &[&str] = &["تح", "مج", "صص", "بروف"];

/// Letters that shorten a unit or an era after a number: متر or ميلادية, هجرية, صباحاً or صفحة…
const UNITS: &[&str] = &["م", "ه", "ص", "ق", "س", "ل", "ك", "ظ"];

/// Words that a lone letter names: فيتامين د, الفئة ب.
const LABELLED: &[&str] = &[
    "فيتامين",
    "حرف",
    "الحرف",
    "فئة",
    "الفئة",
    "مجموعة",
    "المجموعة",
    "فقرة",
    "الفقرة",
    "بند",
    "البند",
    "قسم",
    "القسم",
    "صف",
    "الصف",
    "فصيلة",
    "نوع",
    "النوع",
    "ملحق",
    "الملحق",
    "الجدول",
    "جدول",
    "الخطة",
    "النقطة",
    "الدرجة",
    "المرفق",
];

/// Words that carry a sentence on after an abbreviation of an era or a unit.
const AFTER_ERA: &[&str] = &[
    "الموافق",
    "الموافقة",
    "حتى",
    "وحتى",
    "إلى",
    "الى",
    "وإلى",
    "أو",
    "أي",
    "في",
    "من",
    "عن",
    "على",
    "بين",
    "عند",
    "كما",
    "يوميا",
    "صباحا",
    "مساء",
    "تقريبا",
    "فقط",
    "مثلا",
];

/// Words that carry a sentence on after an ellipsis.
const AFTER_ELLIPSIS: &[&str] = &[
    "أو",
    "أم",
    "بل",
    "لكن",
    "ولكن",
    "لكنه",
    "لكنها",
    "لكني",
    "لكنني",
    "ثم",
    "حتى",
    "إلا",
    "إلى",
    "الى",
    "عن",
    "كي",
    "لكي",
    "الذي",
    "التي",
    "الذين",
    "أي",
    "كأن",
    "كأنه",
    "كأنها",
];

/// Relative pronouns: what they follow is a noun of their sentence, even a question in quotes.
const RELATIVE: &[&str] = &["الذي", "التي", "الذين", "اللذان", "اللذين", "اللتان", "اللواتي"];

/// Stems of verbs of speech, without the endings of [`ENDINGS`].
const SPEECH: &[&str] = &[
    "قال",
    "سأل",
    "أجاب",
    "رد",
    "أضاف",
    "صاح",
    "هتف",
    "همس",
    "تساءل",
    "صرخ",
    "تابع",
    "أردف",
    "علق",
    "عقب",
    "نادى",
    "نادت",
    "غمغم",
    "تمتم",
    "كرر",
    "استفسر",
    "استطرد",
    "استدرك",
    "زعق",
    "دمدم",
    "قلت",
    "قلن",
    "أجبت",
    "صحت",
    "يقول",
    "تقول",
    "يسأل",
    "تسأل",
    "يجيب",
    "تجيب",
];

/// Endings of those verbs: the speaker's gender and number, the person spoken to.
const ENDINGS: &[&str] = &[
    "", "ت", "وا", "ا", "تا", "ن", "ه", "ها", "هم", "ني", "نا", "ك", "ته", "تها", "تهم", "تني",
    "تنا", "تك", "وه", "وها",
];

/// First words of sentences that no name resembles.
const STARTERS: &[&str] = &[
    "ثم",
    "لكن",
    "ولكن",
    "كما",
    "أما",
    "وأما",
    "إن",
    "إنه",
    "إنها",
    "وقد",
    "قد",
    "لقد",
    "ولقد",
    "كان",
    "كانت",
    "وكان",
    "وكانت",
    "هذا",
    "هذه",
    "وهذا",
    "وهذه",
    "هو",
    "هي",
    "وهو",
    "وهي",
    "ولا",
    "لا",
    "لم",
    "ولم",
    "لن",
    "ولن",
    "فإن",
    "فإذا",
    "وإذا",
    "إذا",
    "وفي",
    "ومن",
    "وعلى",
    "وإلى",
    "وبعد",
    "وقبل",
    "وقال",
    "وقالت",
    "وأضاف",
    "وأضافت",
    "وأكد",
    "وأوضح",
    "وأشار",
    "ويذكر",
    "يذكر",
    "وتعد",
    "ويعد",
    "وذلك",
    "وليس",
    "ليس",
    "وتم",
    "وجاء",
    "وتبلغ",
    "ويبلغ",
];

/// Last labels of host names in Arabic script.
const DOMAINS: &[&str] = &[
    "مصر",
    "السعودية",
    "امارات",
    "شبكة",
    "موقع",
    "قطر",
    "عمان",
    "الاردن",
    "المغرب",
    "تونس",
    "فلسطين",
    "سورية",
    "العراق",
    "عرب",
    "كوم",
];

/// Tells whether a full stop after an Arabic word ends a sentence.
pub(super) fn full_stop_ends(before: &Before<'_>, next: &Next<'_>) -> bool {
    let token = bare(before.token);
    // ١٤٤٢هـ is written as one word.
    let word = token.trim_start_matches(|c: char| c.is_numeric() || matches!(c, '.' | '٫' | '/'));
    let counted = word.len() < token.len() || before.follows_number();
    let mut letters = 0;
    let single = |part: &str| part.chars().count() == 1;
    if word.split('.').inspect(|_| letters += 1).all(single) {
        return if letters > 1 {
            initials_end(word, next)
        } else if counted && UNITS.contains(&word) {
            era_ends(next)
        } else {
            is_labelled(&bare(before.previous_word()))
        };
    }
    if before.spaced {
        return true;
    }
    match word {
        "إلخ" | "الخ" | "ألخ" => era_ends(next),
        // ص. ٤٥ وج. ٢
        word if next.first.is_numeric() && is_joined_letter(word) => false,
        word => !OPEN.contains(&word),
    }
}

/// Tells whether letters with full stops between them end a sentence: ق.م. may, أ.د. does not.
fn initials_end(word: &str, next: &Next<'_>) -> bool {
    match word {
        "ق.م" | "ب.م" | "أ.ه" | "ا.ه" => era_ends(next),
        _ if word.ends_with('د') => false,
        _ => next.is_arabic() && is_starter(next.word),
    }
}

/// Tells whether a word is a lone letter after و.
fn is_joined_letter(word: &str) -> bool {
    word.strip_prefix('و').is_some_and(|letter| letter.chars().count() == 1)
}

/// Tells whether a lone letter after the word is a name: also with a prefix, بفيتامين.
fn is_labelled(word: &str) -> bool {
    let plain = word.trim_start_matches(['و', 'ب', 'ل', 'ك']);
    LABELLED.iter().any(|label| *label == word || *label == plain)
}

fn era_ends(next: &Next<'_>) -> bool {
    !(next.first.is_numeric() || next.opened || AFTER_ERA.contains(&bare(next.word).as_str()))
}

/// Tells whether a word most often begins a sentence, and is no name.
pub(super) fn is_starter(word: &str) -> bool {
    STARTERS.contains(&bare(word).as_str())
}

/// Tells whether a word joins what follows to what came before: و or ف as its first letter.
pub(super) fn is_joined(word: &str) -> bool {
    let word = bare(word);
    word.starts_with(['و', 'ف']) && word.chars().nth(1).is_some()
}

/// Tells whether a word carries the sentence on after an ellipsis.
pub(super) fn carries_on(word: &str) -> bool {
    AFTER_ELLIPSIS.contains(&bare(word).as_str())
}

/// Tells whether a word is a relative pronoun.
pub(super) fn is_relative(word: &str) -> bool {
    RELATIVE.contains(&bare(word).as_str())
}

/// Tells whether a word may be the last label of a host name.
pub(super) fn is_domain(word: &str) -> bool {
    DOMAINS.contains(&bare(word).as_str())
}

/// Tells whether what follows a closed quotation names who said it: قال الرجل, سألته أمه.
///
/// A colon shows that the verb introduces the next speech instead: قال الرجل: «…».
pub(super) fn is_attribution(word: &str, rest: &str) -> bool {
    const NEAR: usize = 60;
    let verb = bare(word);
    let speaks = SPEECH
        .iter()
        .filter_map(|stem| verb.strip_prefix(stem))
        .any(|ending| ENDINGS.contains(&ending));
    if !speaks {
        return false;
    }
    let mut words = rest.chars().take(NEAR).take_while(|&c| {
        !(is_line_break(c) || opens(c) || is_quote(c) || matches!(c, '.' | '،' | '؟' | '!'))
    });
    !words.any(|c| c == ':')
}

/// Tells whether a token is one Arabic word of two letters or more, and nothing else.
pub(super) fn is_plain_word(token: &str) -> bool {
    let word = bare(token);
    word.chars().nth(1).is_some() && word.chars().all(is_arabic_letter)
}

/// Tells whether a character parts the tokens of Arabic text.
pub(super) fn parts_tokens(c: char) -> bool {
    is_blank(c)
        || is_line_break(c)
        || opens(c)
        || is_quote(c)
        || is_dash(c)
        || matches!(c, ',' | ';' | ':' | '،' | '؛' | '/' | ')' | ']' | '}')
}
