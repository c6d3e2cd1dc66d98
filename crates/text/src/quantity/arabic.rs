//! Arabic number words: cardinals to the trillions, ordinals, decades.
//!
//! Words are compared after [`fold`]: the seats of an initial hamza, ة and ه, ى and ي meet, as they
//! are written for each other everywhere. The grammar is that of the language: the unit stands
//! before the ten and is joined to it by و (`خمسة وعشرون`), a teen is two words (`خمسة عشر`),
//! hundreds are one word or two (`ثلاثمائة`, `ثلاث مئة`), the dual is a 2 (`ألفان`), and what goes
//! on is joined by و. The classical order from the unit upwards is read too (`سبع وستين ومائة`).

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{Amount, Reading, Token};

/// What a word is in a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Numeral {
    /// 1 to 9.
    Unit(u64),
    /// أحد, حادي: 1 before عشر or a ten, and no number by itself.
    Joining,
    /// عشر, عشرة: 10 by itself, and what makes a unit a teen.
    Ten,
    /// 20 to 90.
    Tens(u64),
    /// مئة by itself.
    Hundred,
    /// 200 to 900 in one word.
    Hundreds(u64),
    /// ألف and above.
    Scale(u64),
    /// آلاف and above: counted by what stands before it, and nothing by itself.
    Plural(u64),
    /// ألفان and above.
    Dual(u64),
    /// ألفا: the accusative of ألف after a number, or the dual before a noun.
    ScaleOrDual(u64),
    /// 1 to 10.
    Ordinal(u64),
    /// ثمانينيات: the eighties.
    Decade(u64),
    /// نصف, ربع: so many hundredths more, after a number.
    More(u64),
    /// ثلاثي: of three parts.
    Parts(u64),
}

static NUMERALS: LazyLock<HashMap<String, Numeral>> = LazyLock::new(numerals);

const UNITS: [(&str, u64); 7] =
    [("ثلاث", 3), ("اربع", 4), ("خمس", 5), ("ست", 6), ("سبع", 7), ("ثمان", 8), ("تسع", 9)];
const HUNDREDS: [&str; 4] = ["مائه", "مئه", "مايه", "ميه"];
const SCALES: [(&str, &str, u64); 5] = [
    ("الف", "الاف", 1_000),
    ("مليون", "ملايين", 1_000_000),
    ("مليار", "مليارات", 1_000_000_000),
    ("بليون", "بلايين", 1_000_000_000),
    ("تريليون", "تريليونات", 1_000_000_000_000),
];
const ORDINALS: [(&str, u64); 8] = [
    ("ثالث", 3),
    ("رابع", 4),
    ("خامس", 5),
    ("سادس", 6),
    ("سابع", 7),
    ("ثامن", 8),
    ("تاسع", 9),
    ("عاشر", 10),
];

fn numerals() -> HashMap<String, Numeral> {
    use Numeral::{
        Decade, Dual, Hundred, Hundreds, Joining, More, Ordinal, Parts, Plural, Scale, ScaleOrDual,
        Ten, Tens, Unit,
    };
    let mut words: Vec<(String, Numeral)> = Vec::new();
    let mut add = |list: &str, numeral| {
        words.extend(list.split_whitespace().map(|word| (word.to_owned(), numeral)));
    };
    add("صفر صفرا", Unit(0));
    add("واحد واحده واحدا", Unit(1));
    add("احد احدي حادي حاديه", Joining);
    add("اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي ثنتان ثنتين", Unit(2));
    add("ثماني ثمانيه ثمانيا", Unit(8));
    for (stem, value) in UNITS {
        add(&format!("{stem} {stem}ه {stem}ا"), Unit(value));
        for hundred in HUNDREDS {
            add(&format!("{stem}{hundred}"), Hundreds(value * 100));
        }
        if value != 6 {
            add(&format!("{stem}ون {stem}ين"), Tens(value * 10));
            add(&format!("{stem}ينيات {stem}ينات"), Decade(value * 10));
        }
    }
    add("ستون ستين", Tens(60));
    add("ستينيات ستينات", Decade(60));
    add("ثمانيمائه ثمانيمئه", Hundreds(800));
    add("عشر عشره عشرا", Ten);
    add("عشرون عشرين", Tens(20));
    add("عشرينيات عشرينات", Decade(20));
    add(&HUNDREDS.join(" "), Hundred);
    add("مائتان مائتين مئتان مئتين مائتا مائتي مئتا مئتي مايتين ميتين", Hundreds(200));
    for (scale, plural, base) in SCALES {
        add(scale, Scale(base));
        add(plural, Plural(base));
        add(&format!("{scale}ا"), ScaleOrDual(base));
        add(&format!("{scale}ان {scale}ين {scale}ي"), Dual(base));
    }
    add("اول اولي اولا", Ordinal(1));
    add("ثاني ثانيه ثانيا ثان", Ordinal(2));
    for (stem, value) in ORDINALS {
        add(&format!("{stem} {stem}ه {stem}ا"), Ordinal(value));
    }
    add("نصف", More(50));
    add("ربع", More(25));
    let parts = ["ثنائي", "ثلاثي", "رباعي", "خماسي", "سداسي", "سباعي"];
    for (stem, value) in parts.into_iter().zip(2..) {
        add(&format!("{stem} {stem}ه"), Parts(value));
    }
    words.into_iter().collect()
}

/// Lets the spellings of a word meet: أ إ آ and ا, ى and ي, ة and ه.
pub(super) fn fold(word: &str, out: &mut String) {
    out.clear();
    out.extend(word.chars().map(|c| match c {
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ی' => 'ي',
        'ة' => 'ه',
        'ک' => 'ك',
        c => c,
    }));
}

/// What is written before a word and joined to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Joined {
    /// و or ف.
    pub(super) and: bool,
    /// ال.
    pub(super) the: bool,
    /// ب, ل or ك.
    pub(super) preposition: bool,
}

/// Finds a folded word with what `known` says of it, taking off the particles before it one after
/// the other until it is known.
pub(super) fn look_up<T>(word: &str, known: impl Fn(&str) -> Option<T>) -> Option<(T, Joined)> {
    let mut joined = Joined::default();
    let mut rest = word;
    loop {
        if let Some(found) = known(rest) {
            return Some((found, joined));
        }
        let fresh = !joined.the && !joined.preposition;
        if let Some(after) = rest.strip_prefix("ال").filter(|_| !joined.the) {
            joined.the = true;
            rest = after;
        } else if let Some(after) = rest.strip_prefix("لل").filter(|_| fresh) {
            (joined.the, joined.preposition) = (true, true);
            rest = after;
        } else if let Some(after) = rest.strip_prefix(['و', 'ف']).filter(|_| fresh && !joined.and)
        {
            joined.and = true;
            rest = after;
        } else if let Some(after) = rest.strip_prefix(['ب', 'ل', 'ك']).filter(|_| fresh) {
            joined.preposition = true;
            rest = after;
        } else {
            return None;
        }
    }
}

/// The word of a token as a numeral; a و that stands by itself belongs to the word after it.
fn numeral(
    tokens: &[Token<'_>],
    at: usize,
    buffer: &mut String,
) -> Option<(Numeral, Joined, usize)> {
    let token = tokens.get(at)?;
    if token.text == "و" && at > 0 {
        let next = tokens.get(at + 1).filter(|next| next.gap.trim().is_empty())?;
        fold(next.text, buffer);
        let (numeral, joined) = look_up(buffer, |word| NUMERALS.get(word).copied())?;
        return Some((numeral, Joined { and: true, ..joined }, 2));
    }
    // Without its hamza, وأحد would be واحد.
    if matches!(token.text, "وأحد" | "وإحدى" | "وإحدي") {
        return Some((Numeral::Joining, Joined { and: true, ..Joined::default() }, 1));
    }
    fold(token.text, buffer);
    let (numeral, joined) = look_up(buffer, |word| NUMERALS.get(word).copied())?;
    Some((numeral, joined, 1))
}

/// Gives the factor of a word that counts thousands and above, for a number in digits before it.
pub(super) fn scale(token: &Token<'_>) -> Option<u64> {
    let mut folded = String::new();
    fold(token.text, &mut folded);
    match NUMERALS.get(&folded)? {
        Numeral::Scale(base) | Numeral::Plural(base) | Numeral::ScaleOrDual(base) => Some(*base),
        _ => None,
    }
}

/// Gives the factor of a word that counts thousands and above and is one: مليون, المليون.
pub(super) fn bare_scale(token: &Token<'_>, buffer: &mut String) -> Option<u64> {
    fold(token.text, buffer);
    match look_up(buffer, |word| NUMERALS.get(word).copied())? {
        (Numeral::Scale(base), joined) if !joined.and && !joined.preposition => Some(base),
        _ => None,
    }
}

/// A number as far as it has been read.
struct Sum {
    /// What whole scales have given.
    total: u64,
    /// Below a thousand, since the last scale.
    current: u64,
    /// The last scale, or more than any.
    scale: u64,
    /// The second reading of the whole.
    other: Option<u64>,
    ordinal: bool,
    /// Hundredths of the last scale, or of one.
    more: u64,
    weak: bool,
    /// أحد or حادي was read, and nothing after it yet.
    open: bool,
}

impl Sum {
    fn start(numeral: Numeral, joined: Joined, alone: bool) -> Option<Self> {
        let mut sum = Self {
            total: 0,
            current: 0,
            scale: u64::MAX,
            other: None,
            ordinal: false,
            more: 0,
            weak: false,
            open: false,
        };
        match numeral {
            // With the article it is Monday, unless a ten comes after it.
            Numeral::Unit(2) if joined.the && alone => return None,
            Numeral::Unit(value) => sum.current = value,
            Numeral::Joining => (sum.current, sum.open) = (1, true),
            Numeral::Ten => sum.current = 10,
            Numeral::Tens(value) | Numeral::Hundreds(value) => sum.current = value,
            Numeral::Hundred => sum.current = 100,
            Numeral::Scale(base) => (sum.total, sum.scale) = (base, base),
            Numeral::Dual(base) => (sum.total, sum.scale) = (2 * base, base),
            Numeral::ScaleOrDual(base) => {
                (sum.total, sum.scale, sum.other) = (2 * base, base, Some(base));
            }
            Numeral::Ordinal(value) => (sum.current, sum.ordinal) = (value, true),
            Numeral::Decade(value) => (sum.current, sum.other) = (value, Some(1900 + value)),
            Numeral::Parts(value) => (sum.current, sum.weak) = (value, true),
            Numeral::Plural(_) | Numeral::More(_) => return None,
        }
        Some(sum)
    }

    /// Takes the next word in, where the number goes on with it.
    fn add(&mut self, numeral: Numeral, joined: Joined) -> bool {
        let and = joined.and;
        if self.more > 0 || self.weak || self.other.is_some() && self.current > 0 {
            return false;
        }
        let tail = self.current % 100;
        let starts_group = self.total > 0 && self.current == 0;
        let open_hundred = self.current >= 100 && tail == 0;
        match numeral {
            Numeral::Unit(value) if and && (starts_group || open_hundred) => self.current += value,
            Numeral::Joining if and && (starts_group || open_hundred) => {
                self.current += 1;
                self.open = true;
                return true;
            }
            Numeral::Ten if !and && (1..10).contains(&tail) => self.current += 10,
            Numeral::Ten if and && (starts_group || open_hundred) => self.current += 10,
            Numeral::Tens(value) if and && tail < 10 && (self.current > 0 || starts_group) => {
                self.current += value;
            }
            Numeral::Hundred if !and && (3..10).contains(&self.current) && !self.ordinal => {
                self.current *= 100;
            }
            Numeral::Hundred if and && self.current < 100 && (self.current > 0 || starts_group) => {
                self.current += 100;
            }
            Numeral::Hundreds(value)
                if and && self.current < 100 && (self.current > 0 || starts_group) =>
            {
                self.current += value;
            }
            Numeral::Scale(base) | Numeral::Plural(base) | Numeral::ScaleOrDual(base)
                if !and && self.current > 0 && base < self.scale && !self.ordinal =>
            {
                self.total = self.total.saturating_add(self.current.saturating_mul(base));
                (self.current, self.scale) = (0, base);
            }
            Numeral::Scale(base) | Numeral::ScaleOrDual(base)
                if and && starts_group && base < self.scale =>
            {
                self.total = self.total.saturating_add(base);
                self.scale = base;
            }
            Numeral::Scale(base) if !and && starts_group && base > self.scale => {
                self.total = self.total.saturating_mul(base);
                self.scale = base;
            }
            Numeral::Dual(base) if and && starts_group && base < self.scale => {
                self.total = self.total.saturating_add(2 * base);
                self.scale = base;
            }
            Numeral::More(value) if and && !self.ordinal => self.more = value,
            _ => return false,
        }
        self.open = false;
        // What followed the ambiguous word settles that it was a number of its own.
        self.other = self.other.map(|other| other + self.current).filter(|_| self.current > 0);
        true
    }
}

impl Sum {
    /// Takes in the hundred that an ordinal has after it: الثامنة عشرة بعد المائة, the 118th.
    fn add_after(&mut self, rest: &[Token<'_>], buffer: &mut String) -> usize {
        let [after, hundred, ..] = rest else { return 0 };
        if !self.ordinal || after.text != "بعد" || hundred.gap != " " {
            return 0;
        }
        match numeral(std::slice::from_ref(hundred), 0, buffer) {
            Some((Numeral::Hundred, joined, _)) if joined.the => self.current += 100,
            Some((Numeral::Hundreds(value), joined, _)) if joined.the => self.current += value,
            _ => return 0,
        }
        2
    }
}

/// Reads the number in words that begins at the first token.
pub(super) fn read(tokens: &[Token<'_>], buffer: &mut String) -> Option<Reading> {
    let (first, joined, mut count) = numeral(tokens, 0, buffer)?;
    let fits = |at: usize| tokens.get(at).is_some_and(|token| token.gap.trim().is_empty());
    let second = if fits(1) { numeral(tokens, 1, buffer) } else { None };
    let mut sum = Sum::start(first, joined, second.is_none())?;
    let mut next = second;
    while let Some((word, joined, length)) = next {
        if !sum.add(word, joined) {
            break;
        }
        count += length;
        next = if fits(count) { numeral(tokens, count, buffer) } else { None };
    }
    if sum.open {
        return None;
    }
    count += sum.add_after(&tokens[count..], buffer);
    let mut amount = Amount::whole(sum.total.saturating_add(sum.current));
    let mut other = sum.other.map(Amount::whole);
    if sum.more > 0 && (sum.current > 0 || sum.scale == u64::MAX) {
        // خمسة ونصف may be five and a half, or five of one thing and half another.
        other = other.or(Some(amount));
        amount = amount.and_hundredths_of(1, sum.more);
    } else if sum.more > 0 {
        amount = amount.and_hundredths_of(sum.scale, sum.more);
        // مليونان ونصف المليون: the scale is said again.
        if let Some((Numeral::Scale(base), joined, length)) = next
            && joined.the
            && base == sum.scale
        {
            count += length;
        }
    }
    Some(Reading { tokens: count, amount, other, ordinal: sum.ordinal, weak: sum.weak })
}
