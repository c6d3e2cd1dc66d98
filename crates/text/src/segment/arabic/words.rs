//! The word lists of the Arabic rules.

/// Abbreviations after which a sentence never ends: تح. (edited by), مج. (volume), صص. (pages).
///
/// Only abbreviations that are not words: a full stop after هام or تر usually ends a sentence.
/// Single letters (د., أ.د.) need no entry: a full stop after one never ends a sentence, except
/// after the letters of [`UNITS`] and the words of [`LABELLED`].
pub(super) const ABBREVIATIONS: &[&str] = &["تح", "مج", "صص", "بروف"];

/// Abbreviations like "etc.", after which a sentence ends unless a word of [`AFTER_ERA`] follows.
pub(super) const ET_CETERA: &[&str] = &["إلخ", "الخ", "ألخ"];

/// Abbreviations of eras made of letters with full stops between them, which may end a sentence.
pub(super) const ERAS: &[&str] = &["ق.م", "ب.م", "أ.ه", "ا.ه"];

/// Single letters that abbreviate a unit or an era after a number: متر or ميلادية, هجرية, صباحاً or
/// صفحة.
pub(super) const UNITS: &[&str] = &["م", "ه", "ص", "ق", "س", "ل", "ك", "ظ"];

/// Units of several letters, and units that follow a unit and a slash: كم., ملغ/دل.
///
/// They abbreviate only after a number: كم, سم and مل are words, too.
pub(super) const LONG_UNITS: &[&str] = &[
    "كم", "كلم", "سم", "سنتم", "مم", "ملم", "كغ", "كغم", "كجم", "كلغ", "غ", "غم", "غر", "جم", "ج",
    "ملغ", "ملغم", "ملج", "ملجم", "مجم", "مغ", "مكغ", "مكغم", "ميكغ", "مل", "ملل", "دل", "هك",
    "هكت", "كو", "كوس", "دق", "ثا", "سا",
];

/// Words for numbers that a unit may follow, besides numbers in digits.
pub(super) const NUMBER_WORDS: &[&str] =
    &["ألف", "آلاف", "مليون", "ملايين", "مليار", "مليارات", "مئة", "مائة", "نصف", "ربع"];

/// Words and abbreviations before a number: رقم. ٥, فق. ٣. Elsewhere they may end a sentence.
pub(super) const NUMBERED: &[&str] = &[
    "رقم",
    "الرقم",
    "فق",
    "هاتف",
    "تلفون",
    "تليفون",
    "فاكس",
    "جوال",
    "موبايل",
    "مادة",
    "بند",
    "فقرة",
    "جدول",
    "صفحة",
    "مجلد",
    "ملحق",
];

/// Words before the number of a section: القسم ٢٫١.
pub(super) const SECTIONS: &[&str] = &[
    "قسم",
    "القسم",
    "فصل",
    "الفصل",
    "باب",
    "الباب",
    "مادة",
    "المادة",
    "فقرة",
    "الفقرة",
    "بند",
    "البند",
    "جدول",
    "الجدول",
    "شكل",
    "الشكل",
    "مبحث",
    "المبحث",
    "مطلب",
    "المطلب",
    "ملحق",
    "الملحق",
    "جزء",
    "الجزء",
    "مرفق",
    "المرفق",
    "نقطة",
    "النقطة",
    "صفحة",
    "الصفحة",
    "إصدار",
    "الإصدار",
    "نسخة",
    "النسخة",
    "فرع",
    "الفرع",
    "رقم",
    "الرقم",
];

/// First words of sentences that continue no sentence after a name: not the verbs and pronouns whose
/// subject may be the name itself.
pub(super) const INDEPENDENT: &[&str] = &[
    "لكن",
    "ولكن",
    "كما",
    "أما",
    "وأما",
    "لقد",
    "ولقد",
    "وقد",
    "وقال",
    "وقالت",
    "وأضاف",
    "وأضافت",
    "وأكد",
    "وأكدت",
    "وأوضح",
    "وأوضحت",
    "وأشار",
    "وأشارت",
    "ويذكر",
    "يذكر",
    "وفي",
    "وبعد",
    "وقبل",
    "ومن",
    "وعلى",
    "وإلى",
    "وهذا",
    "وهذه",
    "هذا",
    "هذه",
    "وإذا",
    "فإذا",
    "ثم",
    "وتبلغ",
    "ويبلغ",
    "وجاء",
    "وتم",
];

/// Pronouns, which may refer to the word before an abbreviation.
pub(super) const PRONOUNS: &[&str] = &["هو", "هي", "وهو", "وهي"];

/// Words that are followed by a letter as a label: فيتامين د, الفئة ب.
pub(super) const LABELLED: &[&str] = &[
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

/// Words that continue a sentence after an abbreviation of an era or a unit.
pub(super) const AFTER_ERA: &[&str] = &[
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

/// Words that continue a sentence after an ellipsis.
pub(super) const AFTER_ELLIPSIS: &[&str] = &[
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

/// Relative pronouns. A quotation before one is a noun of its sentence, even if it ends with a
/// question mark.
pub(super) const RELATIVE: &[&str] =
    &["الذي", "التي", "الذين", "اللذان", "اللذين", "اللتان", "اللواتي"];

/// Verbs of speech without the endings of [`ENDINGS`].
pub(super) const SPEECH: &[&str] = &[
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

/// Endings of the verbs of speech: person, gender and number of the subject, and object pronouns.
pub(super) const ENDINGS: &[&str] = &[
    "", "ت", "وا", "ا", "تا", "ن", "ه", "ها", "هم", "ني", "نا", "ك", "ته", "تها", "تهم", "تني",
    "تنا", "تك", "وه", "وها",
];

/// Common first words of sentences that are not names.
pub(super) const STARTERS: &[&str] = &[
    "ثم",
    "لكن",
    "ولكن",
    "لكنه",
    "لكنها",
    "ولكنه",
    "ولكنها",
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
    "تبلغ",
    "يبلغ",
    "تقع",
    "يقع",
    "وتقع",
    "ويقع",
    "توجد",
    "يوجد",
    "وتوجد",
    "ويوجد",
];

/// Last labels of host names in Arabic script.
pub(super) const DOMAINS: &[&str] = &[
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
