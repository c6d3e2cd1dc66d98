//! The words of Arabic numbers, folded.

use std::collections::HashMap;

use crate::lazy::Lazy;

/// The function of a word in an Arabic number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ArabicNumeral {
    /// 1 to 9.
    Unit(u64),
    /// أحد, حادي: 1 before عشر or a ten, but not a number by itself.
    Joining,
    /// عشر, عشرة: 10 by itself, and the second word of a teen.
    Ten,
    /// 20 to 90.
    Tens(u64),
    /// مئة by itself.
    Hundred,
    /// 200 to 900 in one word.
    Hundreds(u64),
    /// ألف and above.
    Scale(u64),
    /// آلاف and above: multiplies the number before it, and is not a number by itself.
    Plural(u64),
    /// ألفان and above.
    Dual(u64),
    /// ألفا: the accusative of ألف after a number, or the dual before a noun.
    ScaleOrDual(u64),
    /// 1 to 10.
    Ordinal(u64),
    /// ثمانينيات: the eighties.
    Decade(u64),
    /// نصف, ربع: a number of hundredths that is added to the number before it.
    Hundredths(u64),
    /// دزينة: 12 by itself, and a factor after a number.
    Dozen,
    /// ثلاثي: consisting of three parts.
    Parts(u64),
}

/// The numerals by folded word.
pub(super) static NUMERALS: Lazy<HashMap<String, ArabicNumeral>> = Lazy::new(numerals);

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

fn numerals() -> HashMap<String, ArabicNumeral> {
    use ArabicNumeral::{
        Decade, Dozen, Dual, Hundred, Hundreds, Hundredths, Joining, Ordinal, Parts, Plural, Scale,
        ScaleOrDual, Ten, Tens, Unit,
    };
    let mut words: Vec<(String, ArabicNumeral)> = Vec::new();
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
    add("دزينه دزينات", Dozen);
    add("نصف", Hundredths(50));
    add("ربع", Hundredths(25));
    let parts = ["ثنائي", "ثلاثي", "رباعي", "خماسي", "سداسي", "سباعي"];
    for (stem, value) in parts.into_iter().zip(2..) {
        add(&format!("{stem} {stem}ه"), Parts(value));
    }
    words.into_iter().collect()
}
