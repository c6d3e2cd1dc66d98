//! Arabic: a light stem.
//!
//! No dictionary says whether the و of a word is "and" or its first letter, so the rules are
//! applied until none applies: whatever stands before or behind a word, its stem is the same, and
//! now and then the stem of another word too.

/// Letters that a stem keeps at most.
const MOST: usize = 6;
/// Letters that a stem keeps at least.
const LEAST: usize = 3;

/// Conjunctions that are written on the word after them.
pub(super) const JOINED: [char; 2] = ['و', 'ف'];

/// The article with the particles that may stand before it, longest first, and the letters that
/// must be left.
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

/// Endings, longest first: pronouns with the ت of a feminine noun, pronouns, number and gender.
const SUFFIXES: [&str; 27] = [
    "تهما", "تكما", "هما", "كما", "تها", "تهم", "تهن", "تكم", "تنا", "ها", "هم", "هن", "كم", "نا",
    "ني", "ته", "تي", "تك", "ات", "ون", "ين", "ان", "وا", "ه", "ي", "ا", "ت",
];

/// Endings that are a part of many short words: قانون, لبنان.
const PLURALS: [&str; 3] = ["ون", "ين", "ان"];

/// Writes the stem of a word.
pub(super) fn stem_into(word: &str, out: &mut String) {
    let mut letters: Vec<char> = word.chars().map(fold).collect();
    strip(&mut letters);
    out.extend(letters.iter().take(MOST));
}

/// Lets letters meet that are written for each other.
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

fn strip(letters: &mut Vec<char>) {
    if is_god(letters) {
        letters.clear();
        letters.extend("الله".chars());
        return;
    }
    loop {
        let before = letters.len();
        strip_article(letters);
        strip_suffix(letters);
        if letters.len() == before {
            strip_particle(letters);
        }
        if letters.len() == before {
            return;
        }
    }
}

/// Tells whether the word is God's name, whose article never leaves it.
fn is_god(letters: &[char]) -> bool {
    let Some((particles, ['ل', 'ل', 'ه'])) = letters.split_last_chunk::<3>() else {
        return false;
    };
    matches!(particles, [] | ['و' | 'ف'] | ['ا'] | ['و' | 'ف' | 'ب' | 'ت' | 'ك', 'ا'])
}

/// Tells whether the word is a form of والد, "parent", and not one with the article.
fn is_parent(letters: &[char]) -> bool {
    let Some(rest) = letters.strip_prefix(&['و', 'ا', 'ل', 'د']) else { return false };
    SUFFIXES.iter().any(|suffix| rest.iter().copied().eq(suffix.chars()))
}

fn strip_article(letters: &mut Vec<char>) {
    if is_parent(letters) {
        return;
    }
    for (article, least) in ARTICLES {
        let len = article.chars().count();
        if letters.len() >= len + least && letters.iter().copied().take(len).eq(article.chars()) {
            letters.drain(..len);
            return;
        }
    }
}

fn strip_suffix(letters: &mut Vec<char>) {
    for suffix in SUFFIXES {
        let len = suffix.chars().count();
        let least = if PLURALS.contains(&suffix) { LEAST + 1 } else { LEAST };
        if letters.len() >= least + len
            && letters[letters.len() - len..].iter().copied().eq(suffix.chars())
        {
            letters.truncate(letters.len() - len);
            return;
        }
    }
}

/// Takes off one letter that may be a particle.
fn strip_particle(letters: &mut Vec<char>) {
    let left = letters.len() - 1;
    let goes = match letters[0] {
        'و' | 'ف' => left >= LEAST,
        // Of these, too many words of four letters have one of their own.
        'ب' | 'ك' | 'ل' => left > LEAST,
        // The future of a verb.
        'س' => left >= LEAST && matches!(letters[1], 'ي' | 'ت' | 'ن'),
        _ => false,
    };
    if goes {
        letters.remove(0);
    }
}
