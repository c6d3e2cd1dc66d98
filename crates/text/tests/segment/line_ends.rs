//! Line ends: of wrapped text, of verse and lists.

use nasaq_text::{Language, LineEnds, Segmenter, segments};

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
