//! Subtitles of films, aligned by the whole program.

use nasaq_formats::{BeadRecord, BlockKind, read_jsonl};

use crate::util::Folder;

const LINES: [[&str; 2]; 12] = [
    ["هل رأيت مفاتيح السيارة؟", "Have you seen the car keys?"],
    ["تركتها على الطاولة.", "I left them on the table."],
    ["لا شيء هنا غير الخبز.", "There is nothing here but bread."],
    ["اسألي أخاك الصغير.", "Ask your little brother."],
    ["إنه نائم منذ ساعة.", "He has been asleep for an hour."],
    ["سنتأخر عن الطائرة!", "We will be late for the plane!"],
    ["اتصل بسيارة أجرة.", "Call a taxi."],
    ["الهاتف لا يعمل.", "The phone is not working."],
    ["وجدتها في جيبي.", "I found them in my pocket."],
    ["كنت أعرف ذلك!", "I knew it!"],
    ["هيا، احملي الحقيبة.", "Come on, carry the suitcase."],
    ["إنها ثقيلة جدا.", "It is very heavy."],
];

/// A cue with its times in seconds.
struct TimedCue<'t>(f64, f64, &'t str);

fn clock(time: f64) -> String {
    let time = (time * 1000.0).round() as u64;
    let (seconds, thousandths) = (time / 1000, time % 1000);
    format!("{:02}:{:02}:{:02},{thousandths:03}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn subrip(cues: &[TimedCue<'_>]) -> String {
    let cue = |(number, TimedCue(start, end, text)): (usize, &TimedCue<'_>)| {
        format!("{number}\n{} --> {}\n{text}\n\n", clock(*start), clock(*end))
    };
    (1..).zip(cues).map(cue).collect()
}

/// Returns the lines of a side as cues of two seconds, one every four seconds.
fn side(side: usize) -> Vec<TimedCue<'static>> {
    let cue = |(index, line): (usize, &[&'static str; 2])| {
        let start = 2.0 + 4.0 * index as f64;
        TimedCue(start, start + 2.0, line[side])
    };
    LINES.iter().enumerate().map(cue).collect()
}

fn aligned(folder: &Folder, options: &[&str]) -> Vec<BeadRecord> {
    let args = [&["align", "ar.srt", "en.srt", "--to", "jsonl"], options].concat();
    read_jsonl(&folder.run(&args).ok()).expect("JSON Lines")
}

#[test]
fn sounds_that_one_side_describes_are_left_unaligned() {
    for is_lower in [false, true] {
        let folder = Folder::new();
        folder.write("ar.srt", subrip(&side(0)));
        let lower: Vec<String> = LINES.iter().map(|line| line[1].to_lowercase()).collect();
        let mut cues = side(1);
        if is_lower {
            cues.iter_mut().zip(&lower).for_each(|(cue, line)| cue.2 = line);
        }
        let sounds = [
            "[sighs]",
            "(phone ringing)",
            "♪ tense music ♪",
            "[door\ncloses]",
            "# la la #",
            "*laughs*",
        ];
        for (index, sound) in sounds.into_iter().enumerate() {
            let start = 4.2 + 8.0 * index as f64;
            cues.push(TimedCue(start, start + 1.2, sound));
        }
        cues.sort_by(|one, two| one.0.total_cmp(&two.0));
        folder.write("en.srt", subrip(&cues));
        let beads = aligned(&folder, &[]);
        let kinds = |kind: &str| beads.iter().filter(|it| it.kind.to_string() == kind).count();
        assert_eq!((beads.len(), kinds("1-1"), kinds("0-1")), (18, 12, 6), "{beads:?}");
        for bead in beads.iter().filter(|bead| bead.src.is_empty()) {
            let place = bead.tgt_place.as_ref();
            assert!(place.is_none_or(|place| place.kind == BlockKind::Description), "{bead:?}");
        }
        let dropped = aligned(&folder, &["--descriptions", "drop"]);
        let texts = |beads: &[BeadRecord]| -> Vec<String> {
            beads.iter().filter(|it| !it.src.is_empty()).map(|it| it.tgt.clone()).collect()
        };
        assert_eq!((dropped.len(), texts(&dropped)), (12, texts(&beads)));
        let run = folder.run(&["segment", "en.srt", "--lang", "en", "--descriptions", "drop"]);
        assert!(run.stderr.contains("6 descriptions"), "{}", run.stderr);
    }
}

#[test]
fn sounds_that_both_sides_describe_are_pairs() {
    let folder = Folder::new();
    for (name, index, sound) in [("ar.srt", 0, "[موسيقى حزينة]"), ("en.srt", 1, "[sad music]")]
    {
        let mut cues = side(index);
        cues.push(TimedCue(12.2, 13.4, sound));
        cues.sort_by(|one, two| one.0.total_cmp(&two.0));
        folder.write(name, subrip(&cues));
    }
    let beads = aligned(&folder, &[]);
    let music = beads.iter().find(|bead| bead.src == "[موسيقى حزينة]").expect("a bead");
    assert_eq!((beads.len(), music.tgt.as_str()), (13, "[sad music]"));
}

#[test]
fn times_decide_where_the_texts_do_not() {
    // A short answer that the other side lacks, twice.
    let folder = Folder::new();
    let mut arabic = side(0);
    for (index, cue) in arabic.iter_mut().enumerate() {
        if matches!(index, 3 | 4) {
            cue.2 = "نعم.";
        }
    }
    let mut english = side(1);
    english[4].2 = "Yes.";
    english.remove(3);
    folder.write("ar.srt", subrip(&arabic));
    folder.write("en.srt", subrip(&english));
    let beads = aligned(&folder, &[]);
    let answers = beads.iter().filter(|bead| bead.src == "نعم.").map(|bead| bead.tgt.as_str());
    assert_eq!(answers.collect::<Vec<_>>(), ["", "Yes."], "{beads:?}");
}

#[test]
fn clocks_that_differ_by_an_offset_and_a_speed_are_reported_and_used() {
    let folder = Folder::new();
    folder.write("ar.srt", subrip(&side(0)));
    folder.write("en.srt", subrip(&side(1)));
    let args = ["align", "ar.srt", "en.srt", "--to", "tsv"];
    let same = folder.run(&args);
    assert!(!same.stderr.contains("times"), "{}", same.stderr);
    let moved: Vec<TimedCue<'_>> = side(1)
        .into_iter()
        .map(|cue| TimedCue(cue.0 * 25.0 / 24.0 + 30.0, cue.1 * 25.0 / 24.0 + 30.0, cue.2))
        .collect();
    folder.write("en.srt", subrip(&moved));
    let run = folder.run(&args);
    assert!(run.stderr.contains("note: ar.srt and en.srt: the times"), "{}", run.stderr);
    assert!(run.stderr.contains("1.0417"), "{}", run.stderr);
    // Each cue is shown at a time that has nothing to do with the film.
    let scattered: Vec<TimedCue<'_>> = (0_i32..)
        .zip(side(1))
        .map(|(index, cue)| {
            let start = f64::from(index * index * 7 + index);
            TimedCue(start, start + 1.0, cue.2)
        })
        .collect();
    folder.write("en.srt", subrip(&scattered));
    folder.run(&args).warns(&["ar.srt and en.srt", "the times were not used"]);
}

#[test]
fn subtitles_are_read_whatever_their_name_says() {
    let folder = Folder::new();
    let ass = "[Script Info]\n\n[Events]\nFormat: Start, End, Text\n\
        Dialogue: 0:00:01.00,0:00:02.00,{\\i1}وصل القطار.\\Nلم ينتظره أحد.\n";
    let ttml = "<?xml version=\"1.0\"?>\n<tt xmlns=\"http://www.w3.org/ns/ttml\"><body><div>\
        <p begin=\"1s\" end=\"2s\">وصل القطار.<br/>لم ينتظره أحد.</p></div></body></tt>";
    let srt =
        "1\r\r\n\u{200f}٠٠:٠٠:٠١٫٠٠٠ --> ٠٠:٠٠:٠٢٫٠٠٠\r\r\nوصل القطار.\\Nلم ينتظره أحد.\r\r\n";
    let vtt = "WEBVTT\n\n00:01.000 --> 00:02.000\nوصل القطار.\nلم ينتظره أحد.\n";
    for (name, text) in [
        ("a.ass", ass),
        ("a.ssa", ass),
        ("a.txt", ass),
        ("b.srt", ass),
        ("a.ttml", ttml),
        ("a.xml", ttml),
        ("a.dfxp", ttml),
        ("a.srt", srt),
        ("b.txt", srt),
        ("c.srt", vtt),
    ] {
        folder.write(name, text);
        let found = folder.run(&["segment", name, "--lang", "ar"]).ok();
        assert_eq!(found, "وصل القطار.\nلم ينتظره أحد.\n", "{name}");
    }
}

#[test]
fn visual_order_and_rolling_captions_are_mended_and_reported() {
    let folder = Folder::new();
    let visual =
        [".وصل القطار", "؟أين كنت", "!توقف", "لا أعرف إلى أين ذهبوا بعد أن", ".أغلقوا الباب"];
    let cue = |(index, text): (usize, &&'static str)| {
        TimedCue(3.0 * index as f64, 3.0 * index as f64 + 2.0, text)
    };
    let cues: Vec<TimedCue<'_>> = visual.iter().enumerate().map(cue).collect();
    folder.write("a.srt", subrip(&cues));
    let run = folder.run(&["segment", "a.srt", "--lang", "ar"]);
    assert!(run.stderr.contains("note: a.srt: the Arabic is in visual order"), "{}", run.stderr);
    assert_eq!(
        run.ok(),
        "وصل القطار.\nأين كنت؟\nتوقف!\nلا أعرف إلى أين ذهبوا بعد أن أغلقوا الباب.\n"
    );
    let rolling = [
        TimedCue(0.0, 2.0, "one two"),
        TimedCue(2.0, 4.0, "one two\nthree four"),
        TimedCue(4.0, 6.0, "three four\nfive six"),
    ];
    folder.write("b.srt", subrip(&rolling));
    let run = folder.run(&["segment", "b.srt", "--lang", "en"]);
    assert!(run.stderr.contains("note: b.srt: these are rolling captions"), "{}", run.stderr);
    assert_eq!(run.ok(), "one two three four five six\n");
}
