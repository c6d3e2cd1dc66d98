//! The light stemmer for Arabic.
//!
//! Without a dictionary, the و of a word may be the conjunction or a letter of the word. The rules
//! are therefore applied until none applies: a word has the same stem whatever particles and
//! endings are written on it, at the price that unrelated words sometimes share a stem.
//!
//! In the manner of Larkey, Ballesteros and Connell 2002, "Improving Stemming for Arabic
//! Information Retrieval", with other affixes.

/// The maximum length of a stem, in letters.
const MAX_LETTERS: usize = 6;
/// The minimum length of a stem after an affix is removed, in letters.
const MIN_LETTERS: usize = 3;

/// Conjunctions that are written on the word after them.
pub(super) const JOINED: [char; 2] = ['و', 'ف'];

/// The article with the particles that may come before it, longest first, and the minimum number of
/// letters after it.
const ARTICLES: [(&str, usize); 11] = [
    ("وبال", 3),
    ("وكال", 3),
    ("فبال", 3),
    ("ولل", 3),
    ("فلل", 3),
    ("وال", 3),
    ("بال", 3),
    ("كال", 3),
    ("فال", 3),
    ("لل", 3),
    ("ال", 2),
];

/// Endings, longest first: pronouns after the ت of a feminine noun, pronouns, number and gender.
const SUFFIXES: [&str; 27] = [
    "تهما", "تكما", "هما", "كما", "تها", "تهم", "تهن", "تكم", "تنا", "ها", "هم", "هن", "كم", "نا",
    "ني", "ته", "تي", "تك", "ات", "ون", "ين", "ان", "وا", "ه", "ي", "ا", "ت",
];

/// Endings that many short words end with by chance, as قانون and لبنان; they need a longer stem.
const PLURALS: [&str; 3] = ["ون", "ين", "ان"];

/// Appends the stem of a word to `out`.
pub(super) fn stem_into(word: &str, out: &mut String) {
    let letters: Vec<char> = word.chars().map(fold).collect();
    if is_allah(&letters) {
        out.push_str("الله");
    } else {
        out.extend(strip(&letters).iter().take(MAX_LETTERS));
    }
}

/// Maps letters that are often written for one another to one letter.
fn fold(c: char) -> char {
    match c {
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ؤ' => 'و',
        'ئ' | 'ى' | 'ی' => 'ي',
        'ة' | 'ھ' | 'ہ' => 'ه',
        'ک' => 'ك',
        c => c,
    }
}

/// Returns the letters without affixes.
fn strip(mut letters: &[char]) -> &[char] {
    loop {
        let before = letters.len();
        letters = strip_suffix(strip_article(letters));
        if letters.len() == before {
            letters = strip_particle(letters);
        }
        if letters.len() == before {
            return letters;
        }
    }
}

/// Returns whether a word is الله with or without particles; its ال is not removed.
fn is_allah(letters: &[char]) -> bool {
    let Some((particles, ['ل', 'ل', 'ه'])) = letters.split_last_chunk::<3>() else {
        return false;
    };
    matches!(particles, [] | ['و' | 'ف'] | ['ا'] | ['و' | 'ف' | 'ب' | 'ت' | 'ك', 'ا'])
}

/// Returns whether a word is a form of والد, "parent", which does not begin with the article.
fn is_parent(letters: &[char]) -> bool {
    let Some(rest) = letters.strip_prefix(&['و', 'ا', 'ل', 'د']) else { return false };
    SUFFIXES.iter().any(|suffix| rest.iter().copied().eq(suffix.chars()))
}

fn strip_article(letters: &[char]) -> &[char] {
    if is_parent(letters) {
        return letters;
    }
    for (article, min_letters) in ARTICLES {
        let len = article.chars().count();
        if letters.len() >= len + min_letters
            && letters.iter().copied().take(len).eq(article.chars())
        {
            return &letters[len..];
        }
    }
    letters
}

fn strip_suffix(letters: &[char]) -> &[char] {
    for suffix in SUFFIXES {
        let len = suffix.chars().count();
        let min_letters = if PLURALS.contains(&suffix) { MIN_LETTERS + 1 } else { MIN_LETTERS };
        if letters.len() >= min_letters + len
            && letters[letters.len() - len..].iter().copied().eq(suffix.chars())
        {
            return &letters[..letters.len() - len];
        }
    }
    letters
}

/// Returns the letters without the first one if it may be a particle.
fn strip_particle(letters: &[char]) -> &[char] {
    let left = letters.len() - 1;
    let is_particle = match letters[0] {
        'و' | 'ف' => left >= MIN_LETTERS,
        // Many words of four letters begin with one of these by chance.
        'ب' | 'ك' | 'ل' => left > MIN_LETTERS,
        // The prefix of the future tense.
        'س' => left >= MIN_LETTERS && matches!(letters[1], 'ي' | 'ت' | 'ن'),
        _ => false,
    };
    if is_particle { &letters[1..] } else { letters }
}
