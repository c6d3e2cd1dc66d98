//! Segmentation: the cases in `cases/segment.toml`, and properties that hold for every text.

use std::fmt::Write as _;

use nasaq_text::{
    Abbreviations, Language, LineEnds, Segmenter, is_ignorable, lines, segments, sentences,
};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    language: String,
    text: String,
    sentences: Vec<String>,
    #[serde(default)]
    semicolons: bool,
}

#[test]
fn segments_are_those_of_the_cases() {
    let cases: Cases = toml::from_str(include_str!("cases/segment.toml")).unwrap();
    let mut failures = String::new();
    let mut failed = 0;
    for case in &cases.case {
        let language: Language = case.language.parse().unwrap();
        let segmenter = Segmenter::new(language).semicolons(case.semicolons);
        let ours: Vec<&str> = segmenter.segments(&case.text).iter().map(|s| s.text).collect();
        if ours != case.sentences {
            failed += 1;
            let (expected, found) = (case.sentences.join("\n    "), ours.join("\n    "));
            writeln!(failures, "{}\n  expected\n    {expected}\n  found\n    {found}", case.name)
                .unwrap();
        }
    }
    assert!(failed == 0, "{failed} of {} cases\n{failures}", cases.case.len());
}

#[test]
fn sentences_are_counted_as_in_the_list() {
    // A line: language, number of segments, text.
    let mut failures = String::new();
    for line in include_str!("cases/ends.txt").lines() {
        let fields: Vec<&str> = line.splitn(3, '|').collect();
        let language: Language = fields[0].parse().unwrap();
        let found = segments(fields[2], language);
        if found.len().to_string() != fields[1] {
            writeln!(failures, "{line}\n  {found:?}").unwrap();
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn case_names_are_unique() {
    let cases: Cases = toml::from_str(include_str!("cases/segment.toml")).unwrap();
    let mut names: Vec<&str> = cases.case.iter().map(|case| case.name.as_str()).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}

/// Hard-wraps a text at a width as an editor does, at the last space that fits.
fn wrapped(paragraph: &str, width: usize) -> String {
    let mut out = String::new();
    let mut column = 0;
    for word in paragraph.split(' ') {
        let len = word.chars().count();
        if column > 0 && column + 1 + len > width {
            out.push('\n');
            column = 0;
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += len;
    }
    out
}

const PARAGRAPHS: [&str; 2] = [
    "كان الخزّاف العجوز يخرج إلى النهر كل صباح قبل أن تستيقظ القرية، ومعه سلّة من القصب وسكّين \
     قصيرة، فيختار الطين من حافة الماء كما يختار غيره الفاكهة. لم يكن يتكلّم كثيراً. وكان \
     الصغار يتبعونه من بعيد، يعدّون خطواته ويقلّدون مشيته، فإذا التفت إليهم جلسوا في الحقل \
     كأنهم من أهله. ثم يعود مع الظهر وقد امتلأت السلّة، فينام ساعة لا تزيد ولا تنقص.",
    "The old potter went down to the river every morning before the village woke, with a reed \
     basket and a short knife, and chose his clay at the edge of the water as others choose \
     fruit. He said little. The children followed him at a distance, counting his steps and \
     copying his walk, and when he turned round they sat down in the field as if they had grown \
     there. At noon he came back with a full basket and slept for an hour, neither more nor less.",
];

#[test]
fn hard_wrapped_lines_do_not_end_segments() {
    for (paragraph, language) in PARAGRAPHS.iter().zip([Language::Arabic, Language::English]) {
        let whole = segments(paragraph, language);
        assert_eq!(whole.len(), 4);
        for width in [60, 72, 80] {
            let text = format!("{0}\n\n{0}\n", wrapped(paragraph, width));
            let cut = segments(&text, language);
            let joined: Vec<String> = cut.iter().map(|s| s.text.replace('\n', " ")).collect();
            assert_eq!(joined.len(), 8, "width {width}: {joined:#?}");
            assert!(joined.iter().zip(whole.iter().chain(&whole)).all(|(a, b)| a == b.text));
        }
    }
}

#[test]
fn headings_and_list_items_in_hard_wrapped_text_are_segments() {
    let body = wrapped(PARAGRAPHS[1], 72);
    let text =
        format!("The potter\nA tale\n\n{body}\n\nHe took:\n- a basket\n- a knife\n\n{body}\n");
    let cut: Vec<&str> = segments(&text, Language::English).iter().map(|s| s.text).collect();
    assert_eq!(cut[..2], ["The potter", "A tale"]);
    assert_eq!(cut[6..9], ["He took:", "- a basket", "- a knife"]);
    assert_eq!(cut.len(), 13);
}

/// The invisible characters that word processors and subtitle programs put before a sentence.
fn marks() -> impl Iterator<Item = char> {
    let ranges = [
        '\u{200B}'..='\u{200F}',
        '\u{202A}'..='\u{202E}',
        '\u{2060}'..='\u{2060}',
        '\u{2066}'..='\u{2069}',
        '\u{61C}'..='\u{61C}',
        '\u{AD}'..='\u{AD}',
        '\u{FEFF}'..='\u{FEFF}',
    ];
    ranges.into_iter().flatten()
}

/// Two sentences in each language; the second begins with an abbreviation.
const SENTENCES: [(Language, [&str; 2]); 2] = [
    (Language::Arabic, ["وصل القطار صباحاً.", "د. سامي لم ينتظره؟"]),
    (Language::English, ["The train came.", "Dr. Sami did not wait."]),
];

#[test]
fn invisible_marks_stay_with_the_sentence_that_they_begin() {
    for (language, [first, second]) in SENTENCES {
        for mark in marks() {
            for gap in [" ", "\n", "\n\n", "\r\n", " \n ", "\u{A0}", "\u{2028}"] {
                // A mark that closes an embedding on the same line closes that of the sentence
                // before it.
                let closes = matches!(mark, '\u{202C}' | '\u{2069}');
                if closes && !gap.contains(['\n', '\u{2028}']) {
                    continue;
                }
                let text = format!("{mark}{first}{gap}{mark}{second}\n");
                let found: Vec<&str> = segments(&text, language).iter().map(|s| s.text).collect();
                let mut expected = [format!("{mark}{first}"), format!("{mark}{second}")];
                if mark == '\u{FEFF}' {
                    // At the beginning of a text, this is a byte order mark.
                    expected[0] = first.to_owned();
                }
                assert_eq!(found, expected, "U+{:04X} {gap:?}", u32::from(mark));
            }
        }
    }
}

#[test]
fn marks_that_close_stay_with_the_sentence_before_them() {
    for (language, [first, second]) in SENTENCES {
        for [open, close] in
            [['\u{202B}', '\u{202C}'], ['\u{202A}', '\u{202C}'], ['\u{2067}', '\u{2069}']]
        {
            for (gap, end) in [("", " "), (" ", ""), (" ", " ")] {
                let text = format!("{open}{first}{gap}{close}{end}{open}{second}{close}");
                let found: Vec<&str> = segments(&text, language).iter().map(|s| s.text).collect();
                let expected =
                    [format!("{open}{first}{gap}{close}"), format!("{open}{second}{close}")];
                assert_eq!(found, expected, "{text:?}");
            }
        }
    }
}

#[test]
fn lines_of_invisible_marks_belong_to_no_segment() {
    for mark in marks() {
        let text = format!("{mark}\nنعم.\n{mark}\n\n{mark} {mark}\n{mark}لا.\n{mark}\n");
        let found: Vec<&str> = segments(&text, Language::Arabic).iter().map(|s| s.text).collect();
        assert_eq!(found, ["نعم.".to_owned(), format!("{mark}لا.")], "U+{:04X}", u32::from(mark));
    }
}

#[test]
fn marks_do_not_hide_abbreviations() {
    for (language, text) in [
        (Language::Arabic, "قال \u{200F}د.\u{200F} سامي في \u{202B}ص.\u{202C} ٥ نعم."),
        (Language::Arabic, "الطول 12 \u{200F}كم\u{200F}. من هنا."),
        (Language::English, "He met \u{200E}Dr.\u{200E} Sami and \u{202A}Mr\u{202C}. Idris."),
        (Language::English, "\u{200E}1.\u{200E} The aim is set"),
    ] {
        assert_eq!(segments(text, language).len(), 1, "{text:?}");
    }
}

#[test]
fn units_do_not_end_sentences() {
    for unit in [
        "كم",
        "كغ",
        "كجم",
        "كغم",
        "سم",
        "مم",
        "ملم",
        "مل",
        "ملغ",
        "ملغم",
        "مجم",
        "ملجم",
        "غم",
        "جم",
        "كلم",
        "م2",
        "م²",
        "كم2",
        "كم²",
        "م³",
        "م٣",
        "°م",
        "كم/س",
        "ملغ/دل",
    ] {
        for number in ["12.5 ", "40 ", "٤٠ ", "٢٫٥\u{A0}", "5 آلاف ", "7"] {
            for rest in ["من هنا إلى القرية.", "وعرضه عشرون.", "وهي كافية.", "مرتين يومياً."]
            {
                let text = format!("بلغ القياس {number}{unit}. {rest}");
                let found = segments(&text, Language::Arabic);
                assert_eq!(found.len(), 1, "{text}: {found:?}");
            }
            let text = format!("بلغ القياس {number}{unit}. ثم عاد إلى القرية.");
            assert_eq!(segments(&text, Language::Arabic).len(), 2, "{text}");
        }
    }
}

#[test]
fn initialisms_do_not_end_sentences_before_usual_words() {
    for letters in ["م.ت.ف", "ش.م.م", "م.م", "أ.ف.ب", "ج.م.ع", "د.ك"] {
        for rest in ["إنها ترفض العرض.", "كانت رابحة.", "هي الأكبر.", "وكان كبيراً.", "لم تقبل."]
        {
            let text = format!("قالت {letters}. {rest}");
            assert_eq!(segments(&text, Language::Arabic).len(), 1, "{text}");
        }
        let text = format!("قالت {letters}. وأضافت أنها ترفض.");
        assert_eq!(segments(&text, Language::Arabic).len(), 2, "{text}");
    }
}

#[test]
fn abbreviations_of_the_user_do_not_end_sentences() {
    let list: Abbreviations = "ar\tمهـ.\nen\tengr.\nobs\n".parse().unwrap();
    for (language, text, count) in [
        (Language::Arabic, "حضر مهـ. سامي. ثم رحل.", 2),
        (Language::Arabic, "حضر ومهـ.سامي معه. ثم رحل.", 2),
        (Language::Arabic, "حضر Obs. Kamal كذلك. ثم رحل.", 2),
        (Language::English, "She met Engr. Sami. He left.", 2),
        (Language::English, "She met engr. Sami (obs. Kamal was away). He left.", 2),
        (Language::English, "She met مهـ. سامي. He left.", 3),
    ] {
        let segmenter = Segmenter::new(language).abbreviations(list.clone());
        assert_eq!(segmenter.segments(text).len(), count, "{text}");
    }
}

#[test]
fn line_ends_are_hard_if_so_configured() {
    let text = format!("{0}\n\n{0}\n", wrapped(PARAGRAPHS[0], 72));
    let hard = Segmenter::new(Language::Arabic).line_ends(LineEnds::Hard).segments(&text);
    assert!(hard.iter().all(|segment| !segment.text.contains('\n')));
}

#[test]
fn line_ends_are_hard_in_verse_and_lists() {
    // Blocks of lines with one sentence or verse each, some without a full stop.
    let verse = "يا دار أهلي والطريق إليك يسكنه الضباب\nوالباب مفتوح ولا أحد هناك\n\
                 ناديت فارتدّ الصدى وحده إليّ\nوالنخل يسأل عن خطاك ولا جواب\n";
    let text = format!("{verse}\n{verse}\n{verse}");
    assert_eq!(segments(&text, Language::Arabic).len(), 12);
    let list = "A short line\nanother line that is somewhat longer than that one was, by far\n\
                yet another one here\n";
    assert_eq!(segments(&format!("{list}\n{list}\n{list}\n{list}"), Language::English).len(), 12);
}

#[test]
fn lines_that_their_author_ended_are_segments() {
    for (language, text) in [
        // English verse begins each line with a capital.
        (
            Language::English,
            "The lamp is out along the quay,\nThe nets are folded on the stone,\n\
             And he who went to court the sea\nHas left the harbour all alone;\n\
             The tide will bring his boat to land,\nThe wind will mend his broken sail,\n\
             But none will ever understand\nThe ending of the old man's tale.",
        ),
        // Modern verse does not, but its lines have any length.
        (
            Language::English,
            "i have kept your letters\nin a drawer\nunder the winter coats that nobody wears\n\
             and the moths\nread them\nslowly, one word at a time, as if they had all of it",
        ),
        (
            Language::Arabic,
            "يا ليل طال بك السهاد فنم قليلاً،\nواترك لنا باب الحكاية مشرعاً،\n\
             فلنا على شط الفرات منازل،\nولنا هناك النخل يرفع أذرعا،\n\
             والماء يحكي للنخيل حكاية،\nعن عاشقين تفرقا وتجمعا.",
        ),
        // Verse in which sentences run over line ends.
        (
            Language::Arabic,
            "سرينا وليل البيد يمتد حولنا إلى\nأن انشق عن وجه الصباح ظلامه\n\
             وقلت لركب ضل عن درب أهله من\nيعيد إلى قلب الغريب سلامه\n\
             فما ردّ حاد غير صوت بعيدة\nتنادي على طفل أضاع كلامه\n\
             وأرخت نجوم الليل فوق خيامنا\nستارا من الأحلام فيه غمامه\n\
             وكم من غريب بات يحصي ديونه\nعلى دفتر قد ضاع منه ختامه",
        ),
        // Headlines and lists.
        (
            Language::Arabic,
            "افتتاح المعرض السنوي للكتاب في العاصمة اليوم\n\
             وزير النقل يعلن خطة جديدة لتوسعة المطار\n\
             ارتفاع أسعار القمح في الأسواق العالمية مجدداً\n\
             فريق المدينة يفوز بكأس البطولة للمرة الثالثة\n\
             علماء يكتشفون نقوشاً قديمة قرب ساحل البحر",
        ),
        (
            Language::English,
            "apples from the north valley\noranges from the coast\ndates from the old oasis\n\
             bread from the corner shop\ncheese from the mountains\nolives from the terraces",
        ),
        // A sentence on each line, of about the same length.
        (
            Language::Arabic,
            "وصل القطار إلى المحطة متأخراً كعادته كل يوم.\nلم ينزل منه أحد سوى رجل عجوز وحفيدته.\n\
             سأل الحارس عن السبب فلم يجبه أحد من الركاب.\nعاد إلى كرسيه وهو يهز رأسه ويبتسم وحده.",
        ),
    ] {
        let found = segments(text, language);
        assert_eq!(found.len(), text.lines().count(), "{found:#?}");
    }
}

/// Wraps a paragraph as text from a printed page is, at widths between 4/5 of a width and the width.
fn ragged(paragraph: &str, width: usize) -> String {
    let (mut out, mut column, mut line) = (String::new(), 0, 0);
    for word in paragraph.split(' ') {
        let len = word.chars().count();
        if column > 0 && column + 1 + len > width - line * 7 % (width / 5) {
            out.push('\n');
            (column, line) = (0, line + 1);
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += len;
    }
    out
}

#[test]
fn a_line_with_room_for_the_next_word_ends_whatever_its_last_mark() {
    for (paragraph, language, [first, second]) in [
        (PARAGRAPHS[0], Language::Arabic, ["وعندما استفاق من نومه،", "وجد الغيوم قد اختفت."]),
        (
            PARAGRAPHS[1],
            Language::English,
            ["When he woke from his sleep,", "the clouds had gone."],
        ),
    ] {
        for wrap in [wrapped, ragged] {
            let body = wrap(paragraph, 70);
            let text = format!("{body}\n{first}\n{second}\n{body}\n");
            let found = segments(&text, language);
            let texts: Vec<&str> = found.iter().map(|segment| segment.text).collect();
            assert_eq!((texts.len(), &texts[4..6]), (10, &[first, second][..]), "{texts:#?}");
        }
    }
}

#[test]
fn numbers_at_the_beginning_of_a_full_line_are_no_items() {
    let text = "The committee decided that the rule applies to every case named in paragraph\n\
                (1) of this article, and that it was given to all children up to the age of\n\
                5. They were well, and most of them went back to their school after a week in\n\
                which nobody had to stay in bed.\n";
    let text = format!("{text}{}\n", wrapped(PARAGRAPHS[1], 77));
    let found = segments(&text, Language::English);
    assert_eq!(found.len(), 6, "{found:#?}");
    assert!(found[0].text.ends_with("age of\n5."));
}

#[test]
fn turns_of_a_dialogue_that_were_wrapped_are_joined() {
    // No turn ends with a stop; the line ends that are spaces are those of full lines.
    let turns = [
        "طيب",
        "انت رايح فين دلوقتي",
        "انا رايح السوق اجيب شوية حاجات للبيت وبعدين هعدي على خالتي عشان اطمن عليها",
        "ماشي",
        "خد بالك من الطريق الجديد عشان زحمة جدا الايام دي والعربيات واقفة من الصبح هناك",
        "ايوه عارف",
        "وسلم على خالتك كتير وقول لها ان احنا هنيجي كلنا يوم الجمعة الجاية ان شاء الله",
        "حاضر",
        "ومتنساش تجيب معاك العيش والجبنة والزيتون والشاي اللي بابا بيحبه من المحل القديم",
        "لا مش هنسى",
        "يلا",
        "مع السلامة يا حبيبي وكلمني اول ما توصل هناك عشان ابقى مطمنة عليك طول اليوم",
        "سلام",
    ]
    .repeat(2);
    for width in [60, 70] {
        let text: String = turns.iter().map(|turn| wrapped(turn, width) + "\n").collect();
        let found = segments(&text, Language::Arabic);
        let joined: Vec<String> = found.iter().map(|s| s.text.replace('\n', " ")).collect();
        assert_eq!(joined, turns, "{width}");
    }
}

#[test]
fn headings_and_items_of_running_text_are_segments() {
    let english = "The harbour of the old town The boats leave before dawn and come back at noon \
                   The boatmen sing: The sea is wide and the night is long Figure 2: Boats The nets \
                   that Section 3 of the book describes are folded on the stone quay in the sun and \
                   wait there until the women have come. "
        .repeat(8);
    let found = segments(&english, Language::English);
    let texts: Vec<&str> = found[..6].iter().map(|segment| segment.text).collect();
    assert_eq!(
        texts,
        [
            "The harbour of the old town",
            "The boats leave before dawn and come back at noon",
            "The boatmen sing:",
            "The sea is wide and the night is long",
            "Figure 2: Boats",
            "The nets that Section 3 of the book describes are folded on the stone quay in the sun \
             and wait there until the women have come.",
        ]
    );
    let arabic = "الفصل الأول في أحوال الميناء تخرج القوارب قبل الفجر وتعود ظهراً الفصل الثاني في \
                  صيد السمك للصيادين أغنية: البحر واسع وقد ورد ذلك في الفصل الأول من الكتاب الذي كتبه \
                  رجل من أهل المدينة القديمة وعاش فيها حتى رآها تكبر وتصير ميناء كبيراً للسفن كلها وبقي \
                  على ذلك سنين. "
        .repeat(8);
    let found = segments(&arabic, Language::Arabic);
    let texts: Vec<&str> = found[..4].iter().map(|segment| segment.text).collect();
    assert_eq!(
        texts,
        [
            "الفصل الأول في أحوال الميناء تخرج القوارب قبل الفجر وتعود ظهراً",
            "الفصل الثاني في صيد السمك للصيادين أغنية:",
            "البحر واسع وقد ورد ذلك في الفصل الأول من الكتاب الذي كتبه رجل من أهل المدينة القديمة \
             وعاش فيها حتى رآها تكبر وتصير ميناء كبيراً للسفن كلها وبقي على ذلك سنين.",
            "الفصل الأول في أحوال الميناء تخرج القوارب قبل الفجر وتعود ظهراً",
        ]
    );
    // With a line end, or in a short text, only stops and line ends end segments.
    let text = format!("{english}\nA line");
    assert_eq!(segments(&text, Language::English)[0].text.find("The boats"), Some(28));
    let short = "A harbour The boats leave before dawn";
    assert_eq!(segments(short, Language::English).len(), 1);
}

#[test]
fn prose_on_one_line_is_divided_at_stops_and_colons() {
    let english =
        "The judges cited Article 5 and Section 12 of the statute, and referred to Chapter \
                   VII of the Charter. The band The Beatles played the music of As You Like It. He \
                   pointed out the following: The law is old. "
            .repeat(8);
    assert!(english.len() > 1_000);
    let found = segments(&english, Language::English);
    assert_eq!(found.len(), 32, "{found:?}");
    assert!(found.iter().all(|segment| segment.text.ends_with(['.', ':'])), "{found:?}");
    let arabic =
        "وقرأ الفصل الثالث من الكتاب ثم شرح شكل ٢ للطلاب. وأشار إلى الآتي: القانون قديم. ".repeat(16);
    assert!(arabic.chars().count() > 1_000);
    let found = segments(&arabic, Language::Arabic);
    assert_eq!(found.len(), 48, "{found:?}");
}

#[test]
fn wrapped_lines_are_joined_at_any_length() {
    for (paragraph, language) in PARAGRAPHS.iter().zip([Language::Arabic, Language::English]) {
        for width in [40, 48, 64, 72, 90] {
            let wrapped = wrapped(paragraph, width);
            for lines in 3..=wrapped.lines().count() {
                let text: Vec<&str> = wrapped.lines().take(lines).collect();
                let whole = segments(&text.join(" "), language).len();
                let text = text.join("\n");
                let cut = segments(&text, language);
                assert_eq!(cut.len(), whole, "{width} {lines} {cut:#?}");
            }
        }
    }
}

#[test]
fn paragraphs_without_blank_lines_are_joined() {
    for (paragraph, language) in PARAGRAPHS.iter().zip([Language::Arabic, Language::English]) {
        let sentences: Vec<&str> = segments(paragraph, language).iter().map(|s| s.text).collect();
        for width in [50, 70] {
            for wrap in [wrapped, ragged] {
                let text: String = sentences.iter().map(|s| wrap(s, width) + "\n").collect();
                let cut = segments(&text, language);
                let joined: Vec<String> = cut.iter().map(|s| s.text.replace('\n', " ")).collect();
                assert_eq!(joined, sentences, "{width}");
            }
        }
    }
}

#[test]
fn ragged_lines_are_joined() {
    for (paragraph, language) in PARAGRAPHS.iter().zip([Language::Arabic, Language::English]) {
        let whole = segments(paragraph, language);
        for width in [50, 70] {
            let text = format!("A title\n\n{0}\n\n{0}\n", ragged(paragraph, width));
            let cut = segments(&text, language);
            let joined: Vec<String> = cut.iter().map(|s| s.text.replace('\n', " ")).collect();
            assert_eq!(joined.len(), 9, "width {width}: {joined:#?}");
            assert!(joined[1..].iter().zip(whole.iter().chain(&whole)).all(|(a, b)| a == b.text));
        }
    }
}

#[test]
fn soft_line_ends_are_spaces_except_at_headings_and_items() {
    let soft = Segmenter::new(Language::English).line_ends(LineEnds::Soft);
    let text = "The harbour\nHe came to the old\nharbour. Nobody\nwaited for\nhim.\n- a rope\n\
                - a lamp that\nburned\n\nThe end";
    let found: Vec<String> =
        soft.segments(text).iter().map(|s| s.text.replace('\n', " ")).collect();
    assert_eq!(
        found,
        [
            "The harbour",
            "He came to the old harbour.",
            "Nobody waited for him.",
            "- a rope",
            "- a lamp that burned",
            "The end"
        ]
    );
}

#[test]
fn each_line_is_the_segment_with_its_index() {
    let text = "\u{FEFF}first. second\r\n\r\n  third \n\nfifth";
    let cut = lines(text);
    let texts: Vec<&str> = cut.iter().map(|s| s.text).collect();
    assert_eq!(texts, ["first. second", "", "third", "", "fifth"]);
    assert!(cut.iter().all(|s| &text[s.bytes()] == s.text));
    assert_eq!(lines("a\n").len(), 1);
    assert_eq!(lines("a\n\n").len(), 2);
    assert_eq!(lines("").len(), 0);
}

#[test]
fn long_texts_take_linear_time() {
    // Each of these takes quadratic time if a rule looks back or ahead without a bound.
    const LEN: usize = 1 << 20;
    for unit in [
        ".",
        ". ",
        "…",
        "كلمة ",
        "كلمة",
        "a. ",
        "\"",
        ".\"",
        "(... ",
        "«أ؟» قال ",
        "- ",
        " ",
        "\n",
        "\r\n",
        "\u{200F}",
        ".\u{200F}",
        "َ",
        "1. ",
        "a.b",
        "؟! ",
        "» ",
        "[1",
        ".(1)",
        "😀",
    ] {
        let text = unit.repeat(LEN / unit.len());
        for language in [Language::Arabic, Language::English] {
            let len: usize = sentences(&text, language).map(str::len).sum();
            assert_eq!(len, text.len(), "{unit:?}");
        }
    }
}

/// Generates texts of the characters and words that the rules depend on.
fn text() -> impl Strategy<Value = String> {
    let token = prop::sample::select(vec![
        ".",
        "!",
        "?",
        "؟",
        "…",
        "۔",
        "؛",
        "،",
        ":",
        "...",
        "؟!",
        " ",
        " ",
        " ",
        "\u{A0}",
        "\n",
        "\r\n",
        "\r",
        "\n\n",
        "\t",
        "\u{2028}",
        "\u{200F}",
        "\u{FEFF}",
        "\"",
        "'",
        "«",
        "»",
        "“",
        "”",
        "’",
        "(",
        ")",
        "[",
        "]",
        "-",
        "—",
        "*",
        "د",
        "أ",
        "هـ",
        "م",
        "ص",
        "قال",
        "الرجل",
        "ثمّ",
        "وَ",
        "كتاب",
        "فيتامين",
        "إلخ",
        "Mr",
        "U.S",
        "a.m",
        "etc",
        "J",
        "I",
        "said",
        "He",
        "the",
        "No",
        "1",
        "٣",
        "12",
        "2021",
        "3.5",
        "٫",
        "[1]",
        "(٢)",
        "¹",
        "😀",
        "中",
        "ß",
    ]);
    prop::collection::vec(token, 0..40).prop_map(|tokens| tokens.concat())
}

proptest! {
    #[test]
    fn sentences_concatenate_to_the_text(
        text in prop_oneof![text(), ".{0,40}"],
        arabic in any::<bool>(),
        semicolons in any::<bool>(),
    ) {
        let language = if arabic { Language::Arabic } else { Language::English };
        let segmenter = Segmenter::new(language).semicolons(semicolons);
        let sentences: Vec<&str> = segmenter.sentences(&text).collect();
        prop_assert!(sentences.iter().all(|sentence| !sentence.is_empty()));
        prop_assert_eq!(sentences.concat(), text);
    }

    #[test]
    fn offsets_of_segments_are_those_of_their_text(text in text(), arabic in any::<bool>()) {
        let language = if arabic { Language::Arabic } else { Language::English };
        let mut end = 0;
        for segment in segments(&text, language) {
            prop_assert_eq!(&text[segment.bytes()], segment.text);
            prop_assert!(segment.start >= end && !segment.text.is_empty());
            prop_assert_eq!(segment.text.trim(), segment.text);
            end = segment.bytes().end;
        }
    }

    #[test]
    fn segments_omit_only_white_space(text in text()) {
        let visible = |text: &str| -> String {
            text.chars().filter(|&c| !c.is_whitespace() && !is_ignorable(c)).collect()
        };
        let found: String =
            segments(&text, Language::Arabic).iter().map(|s| visible(s.text)).collect();
        prop_assert_eq!(found, visible(&text));
    }
}
