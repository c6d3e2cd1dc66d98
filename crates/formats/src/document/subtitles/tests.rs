use super::*;

fn with(text: &str, format: SubtitleFormat, drop_descriptions: bool) -> Blocks {
    let mut out = Blocks::default();
    read(text, format, drop_descriptions, &mut out).expect("subtitles");
    out
}

fn subtitles(text: &str, format: SubtitleFormat) -> Blocks {
    with(text, format, false)
}

/// Writes cues of two seconds, one every three seconds.
fn subrip(cues: &[&str]) -> String {
    let cue = |(index, text): (usize, &&str)| {
        let clock = |time: usize| format!("00:{:02}:{:02},000", time / 60, time % 60);
        let (start, end) = (clock(3 * index), clock(3 * index + 2));
        format!("{}\n{start} --> {end}\n{text}\n\n", index + 1)
    };
    cues.iter().enumerate().map(cue).collect()
}

fn lines(cues: &[&str]) -> Vec<String> {
    let Blocks { text, .. } = subtitles(&subrip(cues), SubtitleFormat::SubRip);
    text.lines().map(str::to_owned).collect()
}

#[test]
fn sentences_span_cues_that_have_their_times() {
    let text = "1\r\n00:00:01,000 --> 00:00:02,500 X1:0\r\n<i>He came to</i>\r\nthe city\r\n\r\n\
        2\r\n00:00:02,600 --> 00:00:04,000\r\n{\\an8}and stayed.\r\n\r\n\
        3\r\n00:00:04,100 --> 00:00:05,000\r\nWhy?\r\n\r\n4\r\n00:01:00,0 --> 00:01:01,5\r\n- Who?\r\n- Me.\r\n";
    let Blocks { text: joined, blocks, .. } = subtitles(text, SubtitleFormat::SubRip);
    assert_eq!(joined, "He came to the city and stayed. Why?\n- Who?\n- Me.");
    assert_eq!(blocks[1].time, Some([2600, 4000]));
    assert_eq!(blocks[3].time, Some([60_000, 61_500]));
    assert_eq!(&joined[blocks[1].text.clone()], "and stayed.");
    assert_eq!(&text[blocks[0].bytes.clone().unwrap()], "<i>He came to</i>\r\nthe city");
}

#[test]
fn cues_without_stops_are_separate() {
    let text = "1\n00:00:01,000 --> 00:00:02,000\nمرحبا بك\n\n2\n00:00:02,000 --> 00:00:03,000\nإلى أين تذهب\n\n\
        3\n00:00:03,000 --> 00:00:04,000\nإلى السوق،\n\n4\n00:00:04,000 --> 00:00:05,000\nثم إلى البيت\n\n\
        5\n00:00:05,000 --> 00:00:06,000\nنعم -\nلا -\n";
    assert_eq!(
        subtitles(text, SubtitleFormat::SubRip).text,
        "مرحبا بك\nإلى أين تذهب\nإلى السوق، ثم إلى البيت\nنعم -\nلا -"
    );
}

#[test]
fn cues_without_stops_are_joined_up_to_a_limit() {
    let cues =
        ["so I was walking down the street"].into_iter().chain(["and then he said to me"; 19]);
    let found = lines(&cues.collect::<Vec<_>>());
    assert_eq!(found.len(), 7, "three cues take eight seconds: {found:?}");
    assert!(found.iter().all(|line| line.len() < 130), "{found:?}");
    // Where stops are usual, a sentence may be longer, but not without end.
    let mut cues = vec!["Stop here."; 10];
    cues.extend(["And he went on and on"; 20]);
    let found = lines(&cues);
    assert!(found.iter().all(|line| line.matches("And").count() <= 10), "{found:?}");
    assert!(found.iter().any(|line| line.matches("And").count() > 5), "{found:?}");
}

#[test]
fn descriptions_are_blocks_of_their_own() {
    let cues = [
        "where were you",
        "[sighs]",
        "i was at the hospital",
        "[صوت انفجار]\n(يضحك) توقف.",
        "[door\ncloses]",
        "♪ I walk along ♪",
        "♪ and think of you ♪",
    ];
    let text = subrip(&cues);
    let Blocks { text: joined, blocks, .. } = subtitles(&text, SubtitleFormat::SubRip);
    assert_eq!(
        joined,
        "where were you\n[sighs]\ni was at the hospital\n[صوت انفجار]\n(يضحك) توقف.\n\
         [door closes]\n♪ I walk along ♪\n♪ and think of you ♪"
    );
    let kinds: Vec<String> = blocks.iter().map(|block| block.kind.to_string()).collect();
    let description = "description";
    let is = [false, true, false, true, false, true, true, true];
    assert_eq!(kinds, is.map(|is| if is { description } else { "cue" }));
    assert_eq!((blocks[3].index, blocks[4].index), (3, 3));
    assert_eq!(&text[blocks[3].bytes.clone().unwrap()], "[صوت انفجار]");
    let dropped = with(&text, SubtitleFormat::SubRip, true);
    assert_eq!(dropped.text, "where were you\ni was at the hospital (يضحك) توقف.");
    assert_eq!(dropped.notes[0].text, "5 descriptions of sounds and songs were dropped");
}

#[test]
fn a_leading_sign_stays_with_its_cue() {
    for sign in
        ["…", "...", "♪ ", "- ", "– ", "✓ ", "★ ", "🙂 ", "= ", "| ", "/ ", "، ", ": ", "* ", "\" "]
    {
        let next = format!("{sign}and the car.");
        let found = lines(&["I know.", &next, "It is broken."]);
        assert!(found[0] == "I know." && found[1].starts_with(&next), "{sign}: {found:?}");
    }
    for sign in ["♪ ", "- ", "✓ ", "★ ", "🙂 ", "= ", "| "] {
        let next = format!("{sign}the car");
        assert_eq!(lines(&["He said that", &next, "Yes.", "No."])[0], "He said that", "{sign}");
    }
    for next in ["...the car.", "\"the car\".", "(the) car.", "5 cars.", "€5."] {
        let joined = format!("He said that {next}");
        assert!(lines(&["He said that", next, "Yes.", "No."])[0].starts_with(&joined), "{next}");
    }
}

#[test]
fn sentences_end_at_stops_in_files_without_capitals() {
    let cues = ["where were you?", "at home.", "i was...", "asleep.", "why?"];
    let expected = ["where were you?", "at home.", "i was... asleep.", "why?"];
    assert_eq!(lines(&cues), expected);
}

#[test]
fn a_cue_without_words_is_a_segment() {
    assert_eq!(lines(&["Who?", "...", "Me.", "[ANN] Yes."]), ["Who?", "...", "Me.", "[ANN] Yes."]);
}

#[test]
fn speakers_begin_sentences() {
    assert_eq!(
        lines(&["ANN: I wonder\nif BOB: knows", "DR. LEE: He does", ">> not know", "Yes.", "No."]),
        ["ANN: I wonder if BOB: knows", "DR. LEE: He does", ">> not know Yes. No."]
    );
}

#[test]
fn carriage_returns_marks_and_digits_do_not_change_cues() {
    let plain = subrip(&["أين كنت؟", "لا أعرف.", "حسنًا."]);
    let expected = subtitles(&plain, SubtitleFormat::SubRip);
    let digits = |text: &str| -> String {
        let arabic = |c: char| match c {
            '0'..='9' => char::from_u32(0x660 + u32::from(c) - 48).expect("a digit"),
            c => c,
        };
        text.chars().map(arabic).collect()
    };
    let marked = |mark: char| -> String {
        plain
            .lines()
            .map(|line| match line {
                "" => "\n".to_owned(),
                line if line.starts_with(|c: char| c.is_ascii_digit()) => format!("{mark}{line}\n"),
                line => format!("{line}\n"),
            })
            .collect()
    };
    let variants =
        ['\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{2067}', '\u{feff}', '\u{61c}'];
    let mut texts: Vec<String> = variants.into_iter().map(marked).collect();
    texts.push(plain.replace('\n', "\r\r\n"));
    texts.push(plain.replace('\n', "\r\n"));
    texts.push(plain.replace('\n', "\r"));
    texts.push(digits(&plain));
    for text in texts {
        let found = subtitles(&text, SubtitleFormat::SubRip);
        let without_bytes = |blocks: &Blocks| -> Vec<_> {
            blocks.blocks.iter().map(|it| (it.text.clone(), it.time, it.index)).collect()
        };
        assert_eq!(found.text, expected.text, "{text:?}");
        assert_eq!(without_bytes(&found), without_bytes(&expected), "{text:?}");
    }
}

#[test]
fn written_line_breaks_are_line_ends() {
    assert_eq!(lines(&["- Who?\\N- Me.", "{y:i}Stop.\\NGo."]), ["- Who?", "- Me. Stop. Go."]);
}

#[test]
fn webvtt_is_read_without_markup_and_notes() {
    let text = "WEBVTT - title\n\nSTYLE\n::cue { color: red }\n\nNOTE a\nnote\n\nintro\n\
        00:01.000 --> 00:02.000 align:start\n<v Sara>Tom &amp; <c.x>Ann</c>,\n\n\
        01:00:00.000 --> 01:00:02.000\n5 < 6 & 7.\n";
    let Blocks { text, blocks, .. } = subtitles(text, SubtitleFormat::WebVtt);
    assert_eq!(text, "Tom & Ann,\n5 < 6 & 7.");
    assert_eq!(
        (blocks[0].time, blocks[1].time),
        (Some([1000, 2000]), Some([3_600_000, 3_602_000]))
    );
}

#[test]
fn rolling_captions_are_read_once() {
    let text = "WEBVTT\nKind: captions\n\n00:00:00.000 --> 00:00:02.000 align:start position:0%\n \n\
        أهلًا<00:00:00.400><c> بكم</c>\n\n00:00:02.000 --> 00:00:02.010\nأهلًا بكم\n \n\n\
        00:00:02.010 --> 00:00:04.000\nأهلًا بكم\nفي قناتنا<00:00:02.500><c> الجديدة</c>\n\n\
        00:00:04.000 --> 00:00:04.010\nفي قناتنا الجديدة\n \n";
    let Blocks { text, notes, .. } = subtitles(text, SubtitleFormat::WebVtt);
    assert_eq!(text, "أهلًا بكم\nفي قناتنا الجديدة");
    assert_eq!(notes[0].kind, "rolling-captions");
}

#[test]
fn visual_order_is_mended_before_cues_are_joined() {
    let cues = ["لا أعرف إلى أين ذهبوا بعد أن", ".أغلقوا باب المحطة", "؟أين كنت", "!توقف", ".نعم"];
    let Blocks { text, notes, .. } = subtitles(&subrip(&cues), SubtitleFormat::SubRip);
    assert_eq!(text, "لا أعرف إلى أين ذهبوا بعد أن أغلقوا باب المحطة. أين كنت؟ توقف! نعم.");
    assert_eq!(notes[0].kind, "visual-order");
}

#[test]
fn cues_are_sorted_by_their_start() {
    let text =
        "2\n00:00:05,000 --> 00:00:04,000\nSecond.\n\n1\n00:00:01,000 --> 00:00:02,000\nFirst.\n";
    let Blocks { text, blocks, .. } = subtitles(text, SubtitleFormat::SubRip);
    assert_eq!(text, "First. Second.");
    assert_eq!((blocks[0].index, blocks[1].index), (1, 0));
    assert_eq!(blocks[1].time, Some([5000, 5000]));
    // The first cue is shown longer than the second.
    let text =
        "1\n00:00:01,000 --> 00:00:09,000\nFirst.\n\n2\n00:00:02,000 --> 00:00:03,000\nSecond.\n";
    assert_eq!(subtitles(text, SubtitleFormat::SubRip).text, "First. Second.");
}

#[test]
fn blank_lines_and_numbers_do_not_end_a_cue() {
    let text = "1\n00:00:01,000 --> 00:00:02,000\n\nOne\n\ntwo.\n42\n\n2\n00:00:02,000 --> 00:00:03,000\nThree.\n";
    assert_eq!(subtitles(text, SubtitleFormat::SubRip).text, "One two. 42 Three.");
}

#[test]
fn bad_times_are_errors_with_their_line() {
    for (text, line) in [
        ("1\n00:00:01,000 --> soon\nx\n", 2),
        ("1\n00:00:0x,000 --> 00:00:02,000\nx\n", 2),
        ("no subtitles\nat all\n", 1),
        ("{10}{20}frames\n", 1),
    ] {
        let error =
            read(text, SubtitleFormat::SubRip, false, &mut Blocks::default()).expect_err("bad");
        assert_eq!(error.line(), Some(line));
    }
    for text in ["--> ", "99999999999:00 --> 1", "0:0:0 --> 999999999:999999999:999999999,999"] {
        let _ = read(text, SubtitleFormat::WebVtt, false, &mut Blocks::default());
    }
}

#[test]
fn names_of_speakers_that_return_begin_sentences() {
    let cues = [
        "سامي: أين كنت",
        "طوال هذا الليل؟",
        "ليلى: قال لي أبي",
        "ثلاث كلمات: لا تخافي.",
        "سامي: لم أجدك هناك",
        "ليلى: كنت في البيت",
        "\u{200f}- سامي: نعم\nليلى: لا.",
        "توقف!",
    ];
    assert_eq!(
        lines(&cues),
        [
            "سامي: أين كنت طوال هذا الليل؟",
            "ليلى: قال لي أبي ثلاث كلمات: لا تخافي.",
            "سامي: لم أجدك هناك",
            "ليلى: كنت في البيت",
            "\u{200f}- سامي: نعم",
            "ليلى: لا. توقف!"
        ]
    );
}

#[test]
fn what_is_before_a_colon_is_no_name_where_few_lines_have_one() {
    let cues = ["نظر إلي الرجل", "وقال: تعال.", "ثم صمت.", "نظرت إليه", "وقال: اذهب.", "ذهبت."];
    // The segmenter cuts this line at its stops.
    let expected = ["نظر إلي الرجل وقال: تعال. ثم صمت. نظرت إليه وقال: اذهب. ذهبت."];
    assert_eq!(lines(&cues), expected);
}

#[test]
fn a_song_goes_on_to_the_sign_at_its_end() {
    let cues = ["♫ يا ليل", "يا عين", "يا ليل ♫", "من يغني؟", "♪ وحدي", "نعم.", "لا."];
    let Blocks { blocks, .. } = subtitles(&subrip(&cues), SubtitleFormat::SubRip);
    let is_song: Vec<bool> =
        blocks.iter().map(|block| block.kind == BlockKind::Description).collect();
    assert_eq!(is_song, [true, true, true, false, true, false, false]);
}
