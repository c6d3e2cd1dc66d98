//! Runs of `nasaq align`.

use std::fs;
use std::path::Path;

use nasaq_formats::{read_jsonl, read_ladder, read_tmx, read_tsv};

use crate::util::{ARABIC, ENGLISH, Folder};

const PAIR: [&str; 3] = ["align", "a.ar", "a.en"];

fn align(folder: &Folder, options: &[&str]) -> String {
    folder.run(&[&PAIR[..], options].concat()).ok()
}

#[test]
fn all_formats_have_the_same_alignment() {
    let folder = Folder::with_pair();
    let beads = read_jsonl(&align(&folder, &["--to", "jsonl"])).expect("JSON Lines");
    let rows = read_tsv(&align(&folder, &["--to", "tsv"])).expect("TSV");
    let rungs = read_ladder(&align(&folder, &["--to", "ladder"])).expect("a ladder");
    let units = read_tmx(&align(&folder, &["--to", "tmx"])).expect("TMX");
    assert_eq!(rows.len(), beads.len());
    assert_eq!(rungs.len(), beads.len());
    let mut pairs = beads.iter().filter(|bead| !bead.kind.is_null());
    for unit in units {
        let bead = pairs.next().expect("a bead for each unit");
        assert_eq!(unit.variants[0].lang, "ar");
        assert_eq!(unit.variants[0].text, bead.src);
        assert_eq!(unit.variants[1].text, bead.tgt);
    }
    for ((bead, row), rung) in beads.iter().zip(&rows).zip(&rungs) {
        assert_eq!((&row.src, &row.tgt), (&bead.src, &bead.tgt));
        assert_eq!(rung.src, (bead.src_segments[0]..bead.src_segments[1]).collect::<Vec<_>>());
    }
}

#[test]
fn words_that_translate_each_other_are_linked() {
    let folder = Folder::new();
    folder.write("a.ar", "وصل القطار في الساعة 9 صباحاً.\nأغلقت المدرسة أبوابها.\n");
    folder.write("a.en", "The train arrived at 9 in the morning.\nThe school closed its doors.\n");
    let beads = read_jsonl(&align(&folder, &["--words", "--to", "jsonl"])).expect("JSON Lines");
    let links = |at: usize| {
        let words = beads[at].words.as_deref().expect("links").split(' ');
        words.map(str::to_owned).collect::<Vec<_>>()
    };
    // القطار and train, 9, المدرسة and school.
    assert!(links(0).contains(&"1-1".to_owned()) && links(0).contains(&"4-4".to_owned()));
    assert!(links(1).contains(&"1-1".to_owned()), "{:?}", links(1));
    let rows = read_tsv(&align(&folder, &["--words", "--to", "tsv"])).expect("TSV");
    assert_eq!(rows[0].words, beads[0].words);
    let page = align(&folder, &["--words", "--to", "html"]);
    assert_eq!(page.matches(">train</span>").count(), 1);
    assert!(!align(&folder, &["--to", "html"]).contains("<span class=\"w"));
    assert!(!align(&folder, &["--to", "jsonl"]).contains("\"words\""));
}

#[test]
fn beads_cover_both_documents_and_refer_to_their_bytes() {
    let folder = Folder::new();
    // With a byte order mark and Windows line ends: offsets count from after the mark.
    folder.write("a.ar", format!("\u{feff}{}", ARABIC.replace('\n', "\r\n")));
    folder.write("a.en", ENGLISH);
    let text = ARABIC.replace('\n', "\r\n");
    let beads = read_jsonl(&align(&folder, &["--to", "jsonl"])).expect("JSON Lines");
    let (mut src, mut tgt) = (0, 0);
    for (index, bead) in beads.iter().enumerate() {
        assert_eq!(bead.bead, index);
        assert_eq!([src, tgt], [bead.src_segments[0], bead.tgt_segments[0]]);
        [src, tgt] = [bead.src_segments[1], bead.tgt_segments[1]];
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let [start, end] = bead.src_bytes;
        assert_eq!(words(&text[start..end]), words(&bead.src));
        let [start, end] = bead.tgt_bytes;
        assert_eq!(words(&ENGLISH[start..end]), words(&bead.tgt));
        assert!((0.0..=1.0).contains(&bead.probability));
        assert_eq!(bead.doc, "a.ar");
    }
    assert_eq!([src, tgt], [5, 5]);
}

#[test]
fn standard_input_may_be_either_side() {
    let folder = Folder::with_pair();
    let ladder = align(&folder, &["--to", "ladder"]);
    let source = ["align", "-", "a.en", "--to", "ladder"];
    assert_eq!(folder.run_with_input(&source, ARABIC.as_bytes()).ok(), ladder);
    let target = ["align", "a.ar", "-", "--to", "ladder"];
    assert_eq!(folder.run_with_input(&target, ENGLISH.as_bytes()).ok(), ladder);
}

#[test]
fn threads_and_kernels_do_not_change_the_output() {
    let folder = Folder::with_pair();
    let expected = align(&folder, &["--to", "jsonl"]);
    for options in [["--threads", "1"], ["--threads", "3"], ["--kernel", "scalar"]] {
        let options = [&["--to", "jsonl"][..], &options].concat();
        assert_eq!(align(&folder, &options), expected, "{options:?}");
    }
}

#[test]
fn format_follows_the_extension_and_the_option_overrides_it() {
    let folder = Folder::with_pair();
    align(&folder, &["-o", "out.tmx"]);
    assert!(folder.read("out.tmx").starts_with("<?xml"));
    align(&folder, &["-o", "فصل ١.JSONL"]);
    assert!(folder.read("فصل ١.JSONL").starts_with("{\"doc\""));
    align(&folder, &["-o", "out.txt", "--to", "ladder"]);
    assert!(folder.read("out.txt").starts_with('['));
    assert!(align(&folder, &[]).starts_with("src\ttgt\t"), "the default of a pipe is TSV");
    assert_eq!(folder.names(), ["a.ar", "a.en", "out.tmx", "out.txt", "فصل ١.JSONL"]);
}

#[test]
fn segmented_takes_lines_as_segments() {
    let folder = Folder::new();
    folder.write("a.ar", "سطر أول. فيه جملتان.\n\nسطر ثالث.\n");
    folder.write("a.en", "A first line. It has two sentences.\n\nA third line.\n");
    let beads = read_jsonl(&align(&folder, &["--segmented", "--to", "jsonl"])).expect("JSON Lines");
    let last = beads.last().expect("beads");
    assert_eq!([last.src_segments[1], last.tgt_segments[1]], [3, 3], "empty lines count");
    assert!(beads.iter().all(|bead| bead.src.trim() == bead.src), "and add no spaces");
}

#[test]
fn languages_may_be_in_either_order() {
    let folder = Folder::with_pair();
    let args =
        ["align", "a.en", "a.ar", "--src-lang", "en-GB", "--tgt-lang", "ar_EG", "--to", "tmx"];
    let run = folder.run(&args);
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
    let text = run.ok();
    assert!(text.contains("srclang=\"en-GB\""));
    assert!(text.contains("<tuv xml:lang=\"ar-EG\">"));
}

#[test]
fn settings_are_in_the_tmx_header() {
    let folder = Folder::with_pair();
    let text = align(&folder, &["--segmented", "--anchor", "0:0", "--to", "tmx", "--properties"]);
    assert!(text.contains("<prop type=\"x-nasaq-segmented\">true</prop>"));
    assert!(text.contains("<prop type=\"x-nasaq-anchors\">0:0</prop>"));
}

#[test]
fn anchors_are_read_from_options_and_files() {
    let folder = Folder::with_pair();
    folder.write("anchors.tsv", "# source, target\n\n1\t1\n4\t4\n");
    let args = ["--segmented", "--anchor", "0:0", "--anchors", "anchors.tsv", "--to", "ladder"];
    let rungs = read_ladder(&align(&folder, &args)).expect("a ladder");
    for index in [0, 1, 4] {
        let together = |rung: &&nasaq::Rung| rung.src.contains(&index) && rung.tgt.contains(&index);
        assert!(rungs.iter().find(together).is_some(), "{index} is in one bead");
    }
}

/// Four invented Arabic names and three English ones: the vectors do not show which belong together.
fn names() -> Folder {
    let folder = Folder::new();
    folder.write("a.ar", "الزرفل.\nالغمطون.\nالشلقوم.\nالخرنوق.\n");
    folder.write("a.en", "Quibberox.\nDreebantol.\nSnorbellax.\n");
    folder
}

#[test]
fn lexicon_decides_between_unknown_names() {
    let folder = names();
    // Each row may have either column order; the TBX has the same terms as the TSV.
    folder.write("second.tsv", "الزرفل\tquibberox\ndreebantol\tالشلقوم\nالخرنوق\tsnorbellax\t1\n");
    folder.write(
        "third.tsv",
        "en\tother\nquibberox\tالزرفل\ndreebantol\tالغمطون\nsnorbellax\tالشلقوم\n",
    );
    let entries: String = [
        ("الزرفل", "quibberox"),
        ("الغمطون", "dreebantol"),
        ("الشلقوم", "snorbellax"),
    ]
    .map(|(arabic, english)| {
        format!(
            "<termEntry><langSet xml:lang=\"en-GB\"><tig><term>{english}</term></tig></langSet>\
                 <langSet xml:lang=\"ar\"><tig><term>{arabic}</term></tig></langSet></termEntry>"
        )
    })
    .concat();
    folder.write("third.tbx", format!("<martif><text><body>{entries}</body></text></martif>"));
    let spans = |lexicon: &str| -> Vec<usize> {
        let text = align(&folder, &["--to", "ladder", "--lexicon", lexicon]);
        read_ladder(&text).expect("a ladder").iter().map(|rung| rung.src.len()).collect()
    };
    assert_eq!(spans("second.tsv"), [1, 2, 1]);
    assert_eq!(spans("third.tsv"), [1, 1, 2]);
    assert_eq!(spans("third.tbx"), [1, 1, 2]);
}

#[test]
fn a_later_lexicon_overrides_an_earlier_one() {
    let folder = names();
    folder.write("terms.tsv", "الزرفل\tquibberox\nالغمطون\tdreebantol\nالشلقوم\tsnorbellax\n");
    folder.write(
        "undo.tsv",
        "الزرفل\tquibberox\t0\nالغمطون\tdreebantol\t0\nالشلقوم\tsnorbellax\t0\n",
    );
    let plain = align(&folder, &["--to", "ladder"]);
    let both = ["--lexicon", "terms.tsv", "--lexicon", "undo.tsv"];
    assert_ne!(align(&folder, &["--to", "ladder", "--lexicon", "terms.tsv"]), plain);
    assert_eq!(align(&folder, &[&["--to", "ladder"][..], &both].concat()), plain);
    let header = align(&folder, &[&["--to", "tmx", "--properties"][..], &both].concat());
    let start =
        header.find("x-nasaq-lexicons\">").expect("the setting") + "x-nasaq-lexicons\">".len();
    let value = &header[start..start + 33];
    assert!(value.chars().all(|c| c.is_ascii_hexdigit() || c == ' '), "two checksums: {value}");
}

/// One chained Arabic sentence and its three English ones, between two plain sentences.
const CHAINED: &str = "وصل القطار إلى المحطة قبل الفجر. جلس المسافر على المقعد الخشبي، وفتح \
                       حقيبته القديمة، ثم أخرج منها رسالة لم تُفتح. كان الجو باردًا.";
const UNCHAINED: &str = "The train reached the station before dawn. The traveller sat down on the \
                         wooden bench. He opened his old bag. Then he took out a letter that had \
                         not been opened. It was cold.";

#[test]
fn long_sentences_are_split_where_the_english_is_in_either_order() {
    let folder = Folder::new();
    folder.write("a.ar", CHAINED);
    folder.write("a.en", UNCHAINED);
    let whole = read_jsonl(&align(&folder, &["--to", "jsonl"])).expect("JSON Lines");
    assert_eq!(
        whole.iter().map(|bead| bead.kind.to_string()).collect::<Vec<_>>(),
        ["1-1", "1-3", "1-1"]
    );

    let beads =
        read_jsonl(&align(&folder, &["--split-long", "--to", "jsonl"])).expect("JSON Lines");
    assert!(beads.iter().all(|bead| bead.kind.to_string() == "1-1"));
    assert_eq!(beads.len(), 5);
    assert_eq!(beads[2].src, "وفتح حقيبته القديمة،");
    for (index, bead) in beads.iter().enumerate() {
        let index = u32::try_from(index).expect("few beads");
        assert_eq!([bead.src_segments, bead.tgt_segments], [[index, index + 1]; 2]);
        assert_eq!(&CHAINED[bead.src_bytes[0]..bead.src_bytes[1]], bead.src);
        assert_eq!(&UNCHAINED[bead.tgt_bytes[0]..bead.tgt_bytes[1]], bead.tgt);
    }
    let parts = &beads[1..4];
    assert!(parts.iter().all(|bead| bead.probability <= whole[1].probability));

    let args = ["align", "a.en", "a.ar", "--src-lang", "en", "--split-long", "--to", "jsonl"];
    let swapped = read_jsonl(&folder.run(&args).ok()).expect("JSON Lines");
    let sides = |bead: &nasaq_formats::BeadRecord| (bead.src.clone(), bead.tgt.clone());
    let expected: Vec<_> = beads.iter().map(|bead| (bead.tgt.clone(), bead.src.clone())).collect();
    assert_eq!(swapped.iter().map(sides).collect::<Vec<_>>(), expected);
}

#[test]
fn abridged_documents_and_alignments_with_few_sure_beads_have_a_warning() {
    let folder = Folder::new();
    let corpus = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpora/prose").join(name);
        fs::read_to_string(path).expect("a bundled corpus")
    };
    let english = corpus("en.segments.txt");
    folder.write("ar", corpus("ar.segments.txt"));
    folder.write("en", &english);
    let third: Vec<&str> = english.lines().step_by(3).collect();
    folder.write("third.en", third.join("\n") + "\n");
    let run = folder.run(&["align", "--segmented", "ar", "en", "--to", "ladder"]);
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
    let run = folder.run(&["align", "--segmented", "ar", "third.en", "--to", "ladder"]);
    run.warns(&["third.en looks abridged: ", " % of the text of ar has no counterpart in it"]);
    // Lines that are all alike: any of them may be the missing ones.
    folder.write("same.ar", "نعم.\n".repeat(13));
    folder.write("same.en", "Yes.\n".repeat(12));
    let run = folder.run(&["align", "--segmented", "same.ar", "same.en", "--to", "ladder"]);
    run.warns(&["same.ar and same.en: only 0 % of the beads have a probability of 0.9 or more"]);
    assert!(!run.stderr.contains("abridged"), "{}", run.stderr);
}

/// A paragraph of thirteen clauses without a full stop, and its thirteen sentences.
const PARAGRAPH: [(&str, &str); 13] = [
    ("خرجت سلمى من بيتها قبل شروق الشمس", "Salma left her house before sunrise."),
    ("وحملت معها سلة من الخبز والتمر", "She carried a basket of bread and dates."),
    ("كان الطريق إلى القرية طويلا وموحلا", "The road to the village was long and muddy."),
    ("فوجدت عند الجسر راعيا مع أغنامه", "At the bridge she found a shepherd with his sheep."),
    (
        "سألته عن الطبيب الذي يسكن الجبل",
        "She asked him about the doctor who lives on the mountain.",
    ),
    ("أشار الراعي إلى بيت أبيض بعيد", "The shepherd pointed to a distant white house."),
    ("شكرته سلمى وأعطته رغيفا ساخنا", "Salma thanked him and gave him a hot loaf."),
    ("ثم صعدت الدرب بين أشجار الزيتون", "Then she climbed the path between the olive trees."),
    ("بدأ المطر ينزل فوق الوادي", "Rain began to fall over the valley."),
    ("فتح الطبيب لها الباب مبتسما", "The doctor opened the door for her with a smile."),
    ("وأعد لها كوبا من الشاي بالنعناع", "He made her a cup of mint tea."),
    ("أخبرته أن أخاها مريض منذ أسبوع", "She told him that her brother had been ill for a week."),
    ("فأخذ حقيبته ونزل معها إلى المدينة", "He took his bag and went down to the city with her."),
];

#[test]
fn a_paragraph_is_one_bead_and_split_into_its_clauses() {
    let folder = Folder::new();
    let arabic = PARAGRAPH.map(|(arabic, _)| arabic).join("، ");
    folder.write("a.ar", format!("{arabic}.\n"));
    folder.write("a.en", PARAGRAPH.map(|(_, english)| english).join(" "));
    let kinds = |args: &[&str]| -> Vec<String> {
        let beads = read_jsonl(&folder.run(args).ok()).expect("JSON Lines");
        beads.iter().map(|bead| bead.kind.to_string()).collect()
    };
    let args = ["align", "a.ar", "a.en", "--to", "jsonl"];
    assert_eq!(kinds(&args), ["1-13"]);
    assert_eq!(kinds(&["align", "a.en", "a.ar", "--src-lang", "en", "--to", "jsonl"]), ["13-1"]);
    assert_eq!(kinds(&[&args[..], &["--split-long"]].concat()), ["1-1"; 13]);
}

#[test]
fn every_format_and_the_settings_have_the_splits() {
    let folder = Folder::new();
    folder.write("a.ar", CHAINED);
    folder.write("a.en", UNCHAINED);
    let split = |format: &str| align(&folder, &["--split-long", "--properties", "--to", format]);
    assert_eq!(read_tsv(&split("tsv")).expect("TSV").len(), 5);
    assert_eq!(read_ladder(&split("ladder")).expect("a ladder").len(), 5);
    let memory = split("tmx");
    assert_eq!(read_tmx(&memory).expect("TMX").len(), 5);
    assert!(memory.contains("<prop type=\"x-nasaq-split-long\">true</prop>"));
    assert!(split("table").contains("He opened his old bag."));
    let run = folder.run(&[&PAIR[..], &["--split-long", "--to", "ladder"]].concat());
    assert!(run.stderr.contains("split at 2 places"), "{}", run.stderr);
    let one = align(&folder, &["--split-long", "--to", "jsonl", "--threads", "1"]);
    assert_eq!(split("jsonl"), one, "threads do not change the output");
}

#[test]
fn summary_is_on_standard_error_or_as_json_on_standard_output() {
    let folder = Folder::with_pair();
    let run = folder.run(&[&PAIR[..], &["--to", "ladder"]].concat());
    assert!(run.stderr.contains("beads from 5 source and 5 target segments"), "{}", run.stderr);
    let json = align(&folder, &["-o", "out.tsv", "--json"]);
    let summary: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(summary["src"]["segments"], 5);
    assert!(summary["expected_wrong"].is_number());
}

#[test]
fn table_without_a_terminal_has_no_colour_and_no_direction_marks() {
    let folder = Folder::with_pair();
    let text = align(&folder, &["--to", "table"]);
    assert!(text.contains("Nobody was waiting for it."), "{text}");
    assert!(!text.contains(['\u{1b}', '\u{2067}', '\u{2066}', '\u{2069}']));
}

#[test]
fn closed_pipe_is_success() {
    let folder = Folder::new();
    // More than the buffer of a pipe, so that writing fails.
    folder.write("long.en", "A short sentence. ".repeat(20_000));
    let mut child =
        folder.command(&["segment", "long.en", "--lang", "en"]).spawn().expect("the program");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("an ending");
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty());
}

#[test]
fn wrapped_documents_are_aligned_by_sentence() {
    let folder = Folder::new();
    folder.write(
        "a.ar",
        "كان الخزاف العجوز يخرج إلى النهر كل صباح قبل أن\nتستيقظ القرية ومعه سلة من القصب. لم يكن\n\
         يتكلم كثيرا. وكان الصغار يتبعونه من بعيد إلى\nالحقل.\n",
    );
    folder.write(
        "a.en",
        "The old potter went down to the river every\nmorning before the village woke, with a\nreed \
         basket. He said little. The children\nfollowed him at a distance to the field.\n",
    );
    let run = folder.run(&["align", "a.ar", "a.en", "--to", "tsv"]);
    run.notes(&["note: a.ar: the text is wrapped", "note: a.en: the text is wrapped"]);
    assert_eq!(folder.run(&["align", "a.ar", "a.en", "--to", "tsv"]).ok().lines().count(), 4);
    let run =
        folder.run(&["align", "a.ar", "a.en", "--to", "tmx", "--properties", "--lines", "keep"]);
    let text = run.ok();
    assert!(text.contains("lines") && text.contains("keep"), "{text}");
    folder
        .run(&["align", "a.ar", "a.en", "--segmented", "--lines", "join"])
        .fails(2, &["--segmented", "--lines"]);
}

/// A bundled corpus.
fn bundled(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpora").join(name);
    fs::read_to_string(path).expect("a bundled corpus")
}

#[test]
fn pairs_of_unrelated_documents_are_improbable_and_no_part_of_a_memory() {
    let folder = Folder::new();
    folder.write("news.ar", bundled("news/ar.txt"));
    folder.write("news.en", bundled("news/en.txt"));
    folder.write("travel.en", bundled("travel/en.txt"));
    let beads = |tgt: &str| {
        let run = folder.run(&["align", "news.ar", tgt, "--to", "jsonl"]);
        (read_jsonl(&run.stdout).expect("JSON Lines"), run.stderr)
    };
    let (related, stderr) = beads("news.en");
    assert!(!stderr.contains("translations of each other"), "{stderr}");
    assert!(related.iter().all(|bead| bead.document_score.is_some_and(|score| score > 0.99)));
    let (unrelated, stderr) = beads("travel.en");
    assert!(stderr.contains("do not look like translations of each other"), "{stderr}");
    for bead in unrelated.iter().filter(|bead| !bead.kind.is_null()) {
        let score = bead.document_score.expect("a score");
        assert!(score < 0.5 && bead.probability <= score, "{bead:?}");
        assert!(bead.log_odds.is_some());
    }
    let pairs = unrelated.iter().filter(|bead| !bead.kind.is_null()).count();
    let run = folder.run(&["align", "news.ar", "travel.en", "-o", "a.tmx"]);
    let omitted = format!("{pairs} pairs omitted: the probability is below the minimum");
    assert!(run.stderr.contains(&omitted), "{}", run.stderr);
    assert!(!folder.read("a.tmx").contains("<tu "));
    // So do other commands that omit improbable pairs.
    folder.write("pair/a.ar", bundled("news/ar.txt"));
    folder.write("pair/a.en", bundled("travel/en.txt"));
    folder.run(&["align", "news.ar", "travel.en", "-o", "b.tsv", "-q"]).ok();
    for args in
        [&["convert", "b.tsv", "-o", "b.tmx"][..], &["align", "--corpus", "pair", "-o", "c.tmx"]]
    {
        let run = folder.run(args);
        assert!(run.stderr.contains("warning: no pair was written as tmx"), "{}", run.stderr);
    }
    let run = ["align", "news.ar", "travel.en", "-o", "a.tmx", "--min-probability", "0"];
    assert!(!folder.run(&run).stderr.contains("pairs omitted"));
    assert_eq!(folder.read("a.tmx").matches("<tu ").count(), pairs);
}

#[test]
fn few_unrelated_lines_are_no_alarm() {
    let folder = Folder::new();
    folder.write("a.ar", "سطر عن القمر.\nوسطر آخر.\n");
    folder.write("a.en", "The price of bread rose.\nNobody came to the harbour.\n");
    let run = folder.run(&["align", "--segmented", "a.ar", "a.en", "--to", "jsonl"]);
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
    let beads = read_jsonl(&run.stdout).expect("JSON Lines");
    let low = beads.iter().any(|bead| bead.document_score.is_some_and(|score| score < 0.5));
    assert_eq!(low, run.stderr.contains("too little text to tell"), "{}", run.stderr);
}

#[test]
fn nearly_sure_beads_are_ranked_by_their_log_odds() {
    let folder = Folder::new();
    folder.write("a.ar", bundled("news/ar.txt"));
    folder.write("a.en", bundled("news/en.txt"));
    let table = folder.run(&["align", "a.ar", "a.en", "--to", "tsv"]).ok();
    let beads = read_tsv(&table).expect("a table");
    let most = beads.iter().map(|bead| bead.probability.to_bits()).max().expect("a bead");
    let mut odds: Vec<u32> = beads
        .iter()
        .filter(|bead| bead.probability.to_bits() == most)
        .map(|bead| bead.log_odds.expect("log-odds").to_bits())
        .collect();
    let count = odds.len();
    odds.sort_unstable();
    odds.dedup();
    assert!(count > 1 && odds.len() > count / 2, "{} of {count} differ", odds.len());
    assert!(f32::from_bits(most) < 0.9995);
}

/// Two paragraphs, wrapped, without a blank line; the last line of the first has no full stop and is as
/// long as the others.
const NOTICES: [&str; 2] = [
    "\
     اجتمع مجلس البلدة مساء الثلاثاء في المكتبة القديمة في الساحة\n\
     لمناقشة إصلاح الجسر فوق النهر. وقال المهندسون إن العمل سيستمر\n\
     مدة ثلاثة أشهر كاملة بحسب ما جاء في التقرير الأخير للمكتب\n\
     سيعقد اجتماع ثان في ربيع العام المقبل كما أعلن رئيس المجلس\n\
     ارتفع سعر الخبز مرة أخرى في متاجر الميناء وصارت عائلات كثيرة\n\
     تخبز في البيت بدقيق من طاحونة القرية. وقال الخباز إنه لا يستطيع\n\
     خفض أسعاره قبل موسم الحصاد الذي ينتظر أن يكون جيدا جدا هذا العام.\n",
    "\
     The town council met on Tuesday evening in the old library on\n\
     the square to discuss the repair of the bridge over the river.\n\
     The engineers said that the work would last for three months.\n\
     A second meeting will be held in the spring of the next year\n\
     The price of bread has risen again in the shops of the harbour\n\
     and many families now bake at home with flour from the village\n\
     mill. The baker said that he could not lower his prices before\n\
     the harvest, which is expected to be a very good one this year.\n",
];

#[test]
fn ends_of_wrapped_paragraphs_are_found_by_the_other_side() {
    let folder = Folder::new();
    let [arabic, english] = NOTICES;
    folder.write("a.ar", arabic);
    folder.write("a.en", english);
    let align =
        |lines: &str| folder.run(&["align", "a.ar", "a.en", "--lines", lines, "--to", "jsonl"]);
    let run = align("join");
    let beads = read_jsonl(&run.stdout).expect("JSON Lines");
    assert!(
        beads.len() == 5 && beads.iter().all(|bead| bead.kind.to_string() == "1-1"),
        "{beads:?}"
    );
    run.notes(&[
        "segments of wrapped text were cut at 2 line ends where the other side has a boundary",
    ]);
    assert!(!align("keep").stderr.contains("segments of wrapped text were cut"));
}
