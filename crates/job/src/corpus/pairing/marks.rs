//! Marks of a language in the names of files: `a.ar.txt`, `ar_a`, `a (Arabic)`, `a-en-US`, `aEN`,
//! `a عربي`, `arabic/a`.

use std::ops::Range;

use nasaq::Language;
use nasaq_text::normalise;

/// Words that mark Arabic, folded by [`fold_word`].
const ARABIC: [&str; 10] =
    ["ar", "ara", "arb", "arabic", "عربي", "عربيه", "العربيه", "العربي", "بالعربيه", "بالعربي"];
/// Words that mark English, folded by [`fold_word`].
const ENGLISH: [&str; 15] = [
    "en",
    "eng",
    "english",
    "انجليزي",
    "انجليزيه",
    "الانجليزيه",
    "الانجليزي",
    "بالانجليزيه",
    "انكليزي",
    "انكليزيه",
    "الانكليزيه",
    "الانكليزي",
    "بالانكليزيه",
    "بالانجليزي",
    "بالانكليزي",
];
/// Regions that follow the mark of a language: `ar-EG`. ISO 3166-1 and UN M.49.
const ARABIC_REGIONS: [&str; 26] = [
    "ae", "bh", "dj", "dz", "eg", "eh", "er", "iq", "jo", "km", "kw", "lb", "ly", "ma", "mr", "om",
    "ps", "qa", "sa", "sd", "so", "sy", "td", "tn", "ye", "001",
];
const ENGLISH_REGIONS: [&str; 20] = [
    "us", "gb", "uk", "au", "ca", "ie", "in", "nz", "za", "sg", "ph", "hk", "jm", "tt", "bz", "bw",
    "zw", "ng", "ke", "001",
];
/// Scripts that follow the mark of a language: `arb_Arab`.
const SCRIPTS: [&str; 2] = ["arab", "latn"];
/// Words that mark other languages where a name ends in them: `a.fr.txt`.
const OTHERS: [&str; 32] = [
    "fr", "fra", "fre", "french", "de", "deu", "ger", "german", "es", "spa", "spanish", "tr",
    "tur", "turkish", "fa", "fas", "per", "persian", "ur", "urd", "urdu", "he", "heb", "hebrew",
    "ru", "rus", "russian", "zh", "chi", "zho", "chinese", "ku",
];
/// Words that tell versions of one text apart, as subtitles for the hard of hearing, folded by
/// [`fold_word`].
const VERSIONS: [&str; 7] = ["cc", "sdh", "hoh", "version", "edition", "النسخه", "نسخه"];
/// Extensions of documents. Others may be part of the name, as in `a.v2`.
const EXTENSIONS: [&str; 33] = [
    "txt", "text", "md", "markdown", "htm", "html", "xhtml", "xml", "tei", "docx", "doc", "docm",
    "odt", "rtf", "pdf", "epub", "pptx", "srt", "vtt", "ass", "ssa", "ttml", "dfxp", "sub", "sgm",
    "json", "tok", "seg", "segments", "lines", "raw", "gz", "zst",
];
/// What stands for a mark in a name that is compared. No file name contains it.
const MASK: char = '\0';

/// A mark of a language in a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) language: Language,
    /// Its bytes in the name, without a region.
    word: Range<usize>,
    /// Its bytes with the region that follows, if there is one.
    with_region: Range<usize>,
}

/// Finds the marks of languages in a name, a relative path with `/` between folders.
pub(super) fn marks(name: &str) -> Vec<Mark> {
    let words = words(name);
    let mut marks = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let folded = fold_word(&name[word.clone()]);
        let language = match &*folded {
            word if ARABIC.contains(&word) => Language::Arabic,
            word if ENGLISH.contains(&word) => Language::English,
            _ => continue,
        };
        let mut end = word.end;
        for subtag in words[at + 1..].iter().take(2) {
            if is_subtag(name, end, subtag, language) {
                end = subtag.end;
            }
        }
        marks.push(Mark { language, word: word.clone(), with_region: word.start..end });
    }
    marks
}

/// Splits a name into words: runs of letters or of digits, also where a capital follows a small
/// letter.
fn words(name: &str) -> Vec<Range<usize>> {
    let kind = |c: char| match c {
        c if c.is_numeric() => 1,
        c if c.is_alphabetic() || !c.is_ascii() && !c.is_whitespace() => 2,
        _ => 0,
    };
    let mut words: Vec<Range<usize>> = Vec::new();
    let mut before = None;
    for (at, c) in name.char_indices() {
        let continues = before.is_some_and(|before: char| {
            kind(before) == kind(c) && !(before.is_lowercase() && c.is_uppercase())
        });
        match words.last_mut() {
            _ if kind(c) == 0 => {}
            Some(word) if continues => word.end = at + c.len_utf8(),
            _ => words.push(at..at + c.len_utf8()),
        }
        before = Some(c);
    }
    words
}

/// Folds case, vowel marks, the forms of alef, and final ة and ى, which names often confuse.
fn fold_word(word: &str) -> String {
    let fold = |c: char| match c {
        'أ' | 'إ' | 'آ' => 'ا',
        'ة' => 'ه',
        'ى' => 'ي',
        c => c,
    };
    normalise(word).to_lowercase().chars().map(fold).collect()
}

/// Reports whether a word is a region or a script of the mark that ends at `end`.
fn is_subtag(name: &str, end: usize, next: &Range<usize>, language: Language) -> bool {
    let regions: &[&str] = match language {
        Language::Arabic => &ARABIC_REGIONS,
        Language::English => &ENGLISH_REGIONS,
    };
    let word = name[next.clone()].to_ascii_lowercase();
    name.get(end..next.start).is_some_and(|between| matches!(between, "-" | "_"))
        && (regions.contains(&&*word) || SCRIPTS.contains(&&*word))
}

/// Reports whether a name ends in the mark of a language other than Arabic and English.
pub(super) fn is_other_language(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let stem = without_known_extensions(file);
    let last = stem.rsplit(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty());
    // The whole name is a word of the text.
    last.is_some_and(|word| word.len() < stem.len() && OTHERS.contains(&&*word.to_lowercase()))
}

/// How much of a name counts as a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MarkExtent {
    Word,
    Region,
}

/// Returns what remains of a name when the marks of a language are masked: each mark by itself, and
/// all of them.
pub(super) fn masked(name: &str, language: Language, extent: MarkExtent) -> Vec<String> {
    let found: Vec<Range<usize>> = marks(name)
        .into_iter()
        .filter(|mark| mark.language == language)
        .map(|mark| match extent {
            MarkExtent::Word => mark.word,
            MarkExtent::Region => mark.with_region,
        })
        .collect();
    let mut names: Vec<String> =
        found.iter().rev().map(|mark| mask(name, std::slice::from_ref(mark))).collect();
    if found.len() > 1 {
        names.push(mask(name, &found));
    }
    names
}

fn mask(name: &str, marks: &[Range<usize>]) -> String {
    let mut masked = String::with_capacity(name.len());
    let mut from = 0;
    for mark in marks {
        masked.push_str(&name[from..mark.start]);
        masked.push(MASK);
        from = mark.end;
    }
    masked.push_str(&name[from..]);
    masked
}

/// Removes the masks of a name, and the separators and brackets around them: `a/1` for `a/1.` + mask,
/// `1_l` for `1_` + mask + `_l`. Folders that are nothing but a mark disappear.
pub(super) fn without_masks(masked: &str) -> String {
    let parts = masked.split('/').map(without_mask).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("/")
}

fn without_mask(part: &str) -> String {
    if !part.contains(MASK) {
        return part.to_owned();
    }
    let is_separator = |c: char| !c.is_alphanumeric() && c.is_ascii();
    let mut name = String::with_capacity(part.len());
    for piece in part.split(MASK) {
        let separator = piece.chars().next().filter(|c| matches!(c, '.' | '_' | '-' | ' '));
        let piece = piece.trim_matches(is_separator);
        if piece.is_empty() {
            continue;
        }
        if !name.is_empty() {
            name.push(separator.unwrap_or('_'));
        }
        name.push_str(piece);
    }
    name
}

/// Returns a name without the extension of its format; one that is the mark of a language stays.
pub(super) fn without_extension(masked: &str) -> &str {
    let file = masked.rfind('/').map_or(0, |at| at + 1);
    match masked[file..].rfind('.') {
        Some(at) if at > 0 && !masked[file + at..].contains(MASK) => &masked[..file + at],
        _ => masked,
    }
}

/// Returns a name as it is compared where nothing better is found: without the extensions, in small
/// letters, with European digits, and with a space for any other characters.
pub(super) fn similar(name: &str) -> String {
    let folder = |part: &str| {
        let part = fold_word(part);
        let words = part.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.filter(|word| !VERSIONS.contains(word)).collect::<Vec<_>>().join(" ")
    };
    without_known_extensions(name).split('/').map(folder).collect::<Vec<_>>().join("/")
}

/// Returns a name without the extensions of documents at its end.
fn without_known_extensions(name: &str) -> &str {
    let mut name = name;
    loop {
        let stem = without_extension(name);
        let extension = name.get(stem.len() + 1..).unwrap_or_default().to_ascii_lowercase();
        if !EXTENSIONS.contains(&&*extension) {
            return name;
        }
        name = stem;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(name: &str, language: Language) -> Vec<String> {
        let masked = masked(name, language, MarkExtent::Region);
        masked.iter().map(|masked| without_masks(without_extension(masked))).collect()
    }

    #[test]
    fn marks_are_found_in_any_usual_place() {
        for (name, key) in [
            ("a.ar.txt", "a"),
            ("b_AR.txt", "b"),
            ("c-ara.txt", "c"),
            ("d.ar-EG.txt", "d"),
            ("e_arabic.txt", "e"),
            ("f (Arabic).txt", "f"),
            ("ar_g.txt", "g"),
            ("AR - g.txt", "g"),
            ("h.arb.txt", "h"),
            ("j AR.txt", "j"),
            ("m عربي.txt", "m"),
            ("m العربية.txt", "m"),
            ("o[ar].txt", "o"),
            ("pAR.txt", "p"),
            ("q.AR.TXT", "q"),
            ("r_ar_final.txt", "r_final"),
            ("001_AR_l.txt", "001_l"),
            ("v_ar_EG.txt", "v"),
            ("w-ar-001.txt", "w"),
            ("x.txt.ar", "x.txt"),
            ("y.ar", "y"),
            ("ar/y.txt", "y"),
            ("Arabic texts/y.txt", "texts/y"),
            ("y/ar/z.txt", "y/z"),
            ("12ar.txt", "12"),
            ("a.ar-Arab-EG.txt", "a"),
            ("c.arb_Arab", "c"),
        ] {
            assert_eq!(keys(name, Language::Arabic), [key], "{name}");
        }
        for name in ["calendar.txt", "arab.txt", "par.txt", "star/a.txt", "a.en.txt", "عرب.txt"]
        {
            assert!(keys(name, Language::Arabic).is_empty(), "{name}");
        }
        assert_eq!(keys("a إنجليزي.txt", Language::English), ["a"]);
        assert_eq!(keys("x.en-GB.srt", Language::English), ["x"]);
        assert_eq!(keys("ar/x.ar.srt", Language::Arabic), ["ar/x", "x.ar", "x"]);
    }

    #[test]
    fn similar_names_differ_in_case_digits_separators_and_extensions() {
        for (name, other) in [
            ("B.TXT", "b.txt"),
            ("١.txt", "1.txt"),
            ("فصل_٢.md", "فصل 2.docx"),
            (" g.txt", "g.txt"),
            ("c.docx.txt", "c.txt"),
        ] {
            assert_eq!(similar(name), similar(other));
        }
        assert_ne!(similar("v1.2.txt"), similar("v1.3.txt"));
        assert_ne!(similar("i (1).txt"), similar("i.txt"));
        assert_ne!(similar("a.v2.txt"), similar("a.old.txt"));
        assert_eq!(similar("a[cc].srt"), similar("a.srt"));
    }

    #[test]
    fn other_languages_are_marked_at_the_end() {
        for name in ["a.fr.txt", "a_de.docx", "x/a-Turkish.srt"] {
            assert!(is_other_language(name), "{name}");
        }
        for name in ["de.txt", "a.ar.txt", "the fr line.txt", "a.txt", "fr/a.txt"] {
            assert!(!is_other_language(name), "{name}");
        }
    }
}
