//! Translation memories and XLIFF of other programs: what is read, and what is copied.

mod samples;

use nasaq_formats::{BitextInput, Format, read_tmx};
use quick_xml::Reader;
use quick_xml::events::Event;

use self::samples::{Sample, documents, memories};
use crate::util::Folder;

/// A filter that keeps every pair.
const KEEP_ALL: &str = "[[filter]]\nname = 'all'\nreject = \"src == ''\"\n";

/// Returns the events of a file in a canonical form: text with entities resolved and runs joined,
/// attributes sorted, empty elements as a start and an end, without the declaration.
fn canonical(xml: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    let mut events: Vec<String> = Vec::new();
    let mut text = String::new();
    loop {
        let event = reader.read_event().expect("well-formed");
        let mut other = match event {
            Event::Text(found) => {
                text.push_str(&found.xml10_content());
                continue;
            }
            Event::CData(found) => {
                text.push_str(&found.xml10_content());
                continue;
            }
            Event::GeneralRef(name) => {
                match name.resolve_char_ref().expect("a reference") {
                    Some(c) => text.push(c),
                    None => text.push_str(
                        quick_xml::escape::resolve_predefined_entity(&name).expect("predefined"),
                    ),
                }
                continue;
            }
            Event::Start(tag) => {
                let mut attributes: Vec<String> = tag
                    .attributes()
                    .map(|found| {
                        let found = found.expect("an attribute");
                        let version = quick_xml::XmlVersion::Implicit1_0;
                        let key: &str = found.key.as_ref();
                        format!("{key}={:?}", found.normalized_value(version).expect("a value"))
                    })
                    .collect();
                attributes.sort();
                let name = tag.name();
                let name: &str = name.as_ref();
                vec![format!("<{name} {}>", attributes.join(" "))]
            }
            Event::End(tag) => {
                let name = tag.name();
                let name: &str = name.as_ref();
                vec![format!("</{name}>")]
            }
            Event::Comment(found) => vec![format!("<!--{}-->", &*found)],
            Event::PI(found) => vec![format!("<?{}?>", &*found)],
            Event::DocType(found) => vec![format!("<!DOCTYPE {}>", &*found)],
            // An empty element is a start and an end here.
            Event::Decl(_) | Event::Empty(_) => Vec::new(),
            Event::Eof => {
                events.push(std::mem::take(&mut text));
                return events;
            }
        };
        events.push(std::mem::take(&mut text));
        events.append(&mut other);
    }
}

fn samples() -> Vec<Sample> {
    memories().into_iter().chain(documents()).collect()
}

/// Returns the texts of a bitext.
fn texts(folder: &Folder, name: &str, format: Format) -> Vec<[String; 2]> {
    let rows = BitextInput::file(folder.path(name)).with_format(format).open().expect("a bitext");
    rows.map(|row| row.expect("a row")).map(|row| [row.src, row.tgt]).collect()
}

fn format_of(name: &str) -> Format {
    if name.ends_with("tmx") { Format::Tmx } else { Format::Xliff }
}

#[test]
fn files_of_other_programs_are_copied_with_all_that_they_have() {
    let folder = Folder::new();
    folder.write("all.toml", KEEP_ALL);
    assert!(samples().len() >= 20);
    for Sample { name, text, pairs } in samples() {
        folder.write(name, &text);
        let format = format_of(name);
        assert_eq!(texts(&folder, name, format).len(), pairs, "{name}");
        for command in [&["filter", "--filters", "all.toml"][..], &["convert"]] {
            let run = [command, &[name, "--from", format.name(), "--to", format.name()]].concat();
            let run = folder.run(&run);
            assert!(!run.stderr.contains("omitted"), "{name}: {}", run.stderr);
            let copy = run.ok();
            assert_eq!(canonical(&copy), canonical(&text), "{name}: {command:?}");
            assert_eq!(copy, text, "{name}: the bytes, too");
        }
    }
}

#[test]
fn added_properties_change_nothing_else_and_are_read_again() {
    let folder = Folder::new();
    for Sample { name, text, pairs } in samples() {
        folder.write(name, &text);
        let format = format_of(name).name();
        let options = ["--no-encoder", "--columns", "quality", "--from", format];
        let scored = folder.run(&[&["score", name, "--to", format][..], &options].concat()).ok();
        let (before, after) = (canonical(&text), canonical(&scored));
        // All of the file is still there, in its order.
        let mut rest = after.iter();
        for event in before.iter().filter(|event| !event.trim().is_empty()) {
            assert!(rest.any(|other| other == event), "{name}: {event}\n{scored}");
        }
        let file = format!("scored-{name}");
        folder.write(&file, &scored);
        let table = folder.run(&["convert", &file, "--from", format, "--to", "tsv"]).ok();
        let column = table.lines().next().unwrap().split('\t').position(|name| name == "quality");
        let column = column.unwrap_or_else(|| panic!("{name}: {scored}"));
        let values: Vec<&str> =
            table.lines().skip(1).map(|line| line.split('\t').nth(column).unwrap()).collect();
        assert_eq!(values.len(), pairs, "{name}");
        assert!(values.iter().all(|value| value.parse::<f64>().is_ok()), "{name}: {values:?}");
        // Rating again replaces the properties.
        let args = [&["score", &file, "--to", format][..], &options].concat();
        assert_eq!(canonical(&folder.run(&args).ok()), after, "{name}");
    }
}

#[test]
fn only_rejected_units_are_removed() {
    let folder = Folder::new();
    folder.write(
        "f.toml",
        "[[filter]]\nname = 'door'\nreject = \"src contains 'door' or tgt contains 'door'\"\n",
    );
    for Sample { name, text, pairs } in samples().into_iter().filter(|it| it.pairs % 2 == 0) {
        folder.write(name, &text);
        let format = format_of(name);
        let (kept, rejected) = (format!("kept-{name}"), format!("rejected-{name}"));
        let args = [
            "filter",
            name,
            "--filters",
            "f.toml",
            "--from",
            format.name(),
            "--to",
            format.name(),
            "-o",
            &kept,
            "--rejects",
            &rejected,
        ];
        folder.run(&args).ok();
        let left = texts(&folder, &kept, format);
        let out = texts(&folder, &rejected, format);
        assert_eq!((left.len(), out.len()), (pairs - 1, 1), "{name}: {}", folder.read(&kept));
        assert!(out[0].iter().any(|text| text.contains("door")), "{name}: {out:?}");
        let (kept, rejected) = (folder.read(&kept), folder.read(&rejected));
        canonical(&kept);
        canonical(&rejected);
        for part in ["No Arabic", "New", "of the group", "of the file", "Ouvrir"] {
            assert_eq!(kept.contains(part), text.contains(part), "{name}: {part}");
        }
        assert!(rejected.contains("first_reason"), "{name}: {rejected}");
    }
}

#[test]
fn other_formats_lose_codes_and_details_with_a_note() {
    let folder = Folder::new();
    for Sample { name, text, .. } in samples() {
        folder.write(name, &text);
    }
    for (name, from, notes) in [
        (
            "dates.tmx",
            "tmx",
            &["authors, further texts or other attributes of 2 pairs omitted"][..],
        ),
        ("codes.tmx", "tmx", &["inline codes of 2 pairs omitted"]),
        ("codes.xlf", "xliff", &["inline codes of 2 pairs omitted", "of 2 pairs omitted"]),
    ] {
        for to in ["tsv", "jsonl", if from == "tmx" { "xliff" } else { "tmx" }] {
            let run = folder.run(&["convert", name, "--from", from, "--to", to]);
            for note in notes {
                assert!(run.stderr.contains(note), "{name} to {to}: {}", run.stderr);
            }
            run.ok();
        }
    }
    let run = folder.run(&["convert", "own.tmx", "--to", "tsv"]);
    assert!(!run.stderr.contains("omitted"), "{}", run.stderr);
}

#[test]
fn codes_between_words_leave_a_space() {
    let folder = Folder::new();
    let unit = |seg: &str| {
        format!(
            "<tmx version='1.4'><header srclang='en'/><body><tu><tuv xml:lang='en'><seg>{seg}</seg></tuv><tuv xml:lang='ar'><seg>نعم</seg></tuv></tu></body></tmx>"
        )
    };
    for (seg, text) in [
        ("First line<ph type=\"lb\"/>Second line", "First line\\nSecond line"),
        ("Open it now<ph x=\"1\">{0}</ph>please", "Open it now please"),
        ("Open <bpt i=\"1\">&lt;b&gt;</bpt>it<ept i=\"1\">&lt;/b&gt;</ept>.", "Open it."),
    ] {
        folder.write("a.tmx", unit(seg));
        let out = folder.run(&["convert", "a.tmx", "--to", "tsv", "-q"]).ok();
        assert_eq!(out, format!("src\ttgt\n{text}\tنعم\n"));
    }
}

#[test]
fn languages_are_named_as_the_file_has_them() {
    let folder = Folder::new();
    let memory = |languages: &[&str]| {
        let variants: String = languages
            .iter()
            .map(|lang| {
                let text = if ["de", "fr"].contains(lang) { "Oui" } else { "نعم" };
                let text = if lang.to_lowercase().starts_with("en") { "Yes" } else { text };
                format!("<tuv xml:lang=\"{lang}\"><seg>{text}</seg></tuv>")
            })
            .collect();
        format!("<tmx version='1.4'><header srclang='en'/><body><tu>{variants}</tu></body></tmx>")
    };
    folder.write("f.toml", KEEP_ALL);
    for languages in
        [["eng", "ara"], ["en", "arb"], ["arz", "en-GB"], ["English", "Arabic"], ["en_US", "apc"]]
    {
        folder.write("a.tmx", memory(&languages));
        for command in [
            &["filter", "--filters", "f.toml"][..],
            &["score", "--no-encoder"],
            &["convert"],
            &["merge"],
        ] {
            let args = [command, &["a.tmx", "--to", "tsv"]].concat();
            assert!(folder.run(&args).ok().contains("Yes\tنعم"), "{languages:?} {command:?}");
        }
        folder.run(&["report", "a.tmx", "--no-encoder", "--summary"]).ok();
    }
    folder.write("a.tmx", memory(&["en", "fr"]));
    assert_eq!(folder.run(&["convert", "a.tmx"]).ok(), "src\ttgt\nYes\tOui\n", "its two languages");
    let run = folder.run(&["filter", "a.tmx", "--filters", "f.toml"]);
    run.warns(&["a.tmx: neither side is in Arabic script"]);
    folder.write("a.tmx", memory(&["de", "fr", "en"]));
    for command in ["convert", "filter", "score", "report", "merge"] {
        folder.run(&[command, "a.tmx"]).fails(3, &["its texts are in de, en, fr", "--src-lang"]);
    }
    folder.write("a.tmx", memory(&["en", "ar", "arz"]));
    for (options, expected) in
        [(&["--tgt-lang", "arz"][..], "Yes\tنعم\n"), (&["--src-lang", "ara"], "نعم\tYes\n")]
    {
        let args = [&["filter", "a.tmx", "--filters", "f.toml", "--to", "tsv"], options].concat();
        assert!(folder.run(&args).ok().ends_with(expected), "{options:?}");
    }
    folder.run(&["filter", "a.tmx", "--src-lang", "fr"]).fails(2, &["neither Arabic nor English"]);
    folder
        .run(&["score", "a.tmx", "--src-lang", "ar", "--tgt-lang", "arz"])
        .fails(2, &["the same language"]);
}

#[test]
fn broken_units_are_named_and_can_be_skipped() {
    let folder = Folder::new();
    let unit = |text: &str| {
        format!(
            "<tu><tuv xml:lang='en'><seg>{text}</seg></tuv><tuv xml:lang='ar'><seg>نعم</seg></tuv></tu>\n"
        )
    };
    let good = unit("Yes");
    for (broken, message) in [
        (unit("Salt & pepper"), "a.tmx:3: this is not well-formed XML"),
        (unit("a < b"), "a.tmx:3: this is not well-formed XML"),
        (unit("a&nbsp;b"), "a.tmx:3: the entity &nbsp;"),
        (good.replace("</seg></tuv><tuv", "</seg><tuv"), "a.tmx:3: this is not well-formed XML"),
        (good.replace("</tu>", ""), "this is not well-formed XML"),
        (good.replace("<tu>", ""), "a.tmx:3: this is not well-formed XML"),
        (good.replace("='en'", "='en"), "a.tmx:3: this is not well-formed XML"),
    ] {
        folder.write("a.tmx", format!("<tmx version='1.4'><header srclang='en'/><body>\n{good}{broken}{good}{good}</body></tmx>\n"));
        for command in ["convert", "merge"] {
            folder.run(&[command, "a.tmx", "--to", "tsv"]).fails(3, &[message]);
        }
        let run = folder.run(&["convert", "a.tmx", "--to", "tsv", "--skip-bad"]);
        assert!(
            run.stderr.contains("skipped 1 malformed row; the first: a.tmx:"),
            "{broken}{}",
            run.stderr
        );
        assert_eq!(run.ok().lines().count(), 4, "{broken}");
        let copy = folder.run(&["convert", "a.tmx", "--to", "tmx", "--skip-bad"]).ok();
        assert_eq!(read_tmx(&copy).expect("TMX").len(), 3, "{copy}");
    }
    // A truncated file has the units before its end.
    folder.write(
        "a.tmx",
        format!("<tmx version='1.4'><header srclang='en'/><body>\n{good}{good}<tu><tuv xml:la"),
    );
    folder.run(&["convert", "a.tmx"]).fails(3, &["a.tmx:4: "]);
    let copy = folder.run(&["convert", "a.tmx", "--to", "tmx", "--skip-bad"]).ok();
    assert_eq!(read_tmx(&copy).expect("TMX").len(), 2, "{copy}");
    let unit = |id: u32, text: &str| {
        format!("<trans-unit id='{id}'><source>{text}</source><target>نعم</target></trans-unit>\n")
    };
    folder.write("a.xlf", format!(
        "<xliff version='1.2'><file original='a' source-language='en' target-language='ar'><body>\n{}{}{}</body></file></xliff>",
        unit(1, "Yes"), unit(2, "Salt & pepper"), unit(3, "No")
    ));
    folder.run(&["convert", "a.xlf"]).fails(3, &["a.xlf:3: this is not well-formed XML"]);
    let out = folder.run(&["convert", "a.xlf", "--to", "xliff", "--skip-bad"]).ok();
    assert!(out.contains("id='1'") && !out.contains("id='2'") && out.contains("id='3'"), "{out}");
    canonical(&out);
}

#[test]
fn other_encodings_are_copied_as_utf_8() {
    let folder = Folder::new();
    let text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n<tmx version=\"1.4\"><header srclang=\"en\"/>\
                <body><tu><tuv xml:lang=\"en\"><seg>Yes</seg></tuv><tuv xml:lang=\"ar\"><seg>نعم</seg></tuv></tu></body></tmx>";
    let bytes: Vec<u8> =
        format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    folder.write("a.tmx", bytes);
    let copy = folder.run(&["convert", "a.tmx", "--to", "tmx"]).ok();
    assert_eq!(copy, text.replace("UTF-16", "UTF-8"));
}

#[test]
fn memories_for_people_have_no_properties_of_nasaq() {
    let folder = Folder::with_pair();
    folder.run(&["align", "a.ar", "a.en", "-o", "lean.tmx"]).ok();
    assert!(!folder.read("lean.tmx").contains("x-nasaq"));
    folder.run(&["align", "a.ar", "a.en", "-o", "full.tmx", "--properties"]).ok();
    assert!(folder.read("full.tmx").contains("x-nasaq-probability"));
    folder.run(&["align", "a.ar", "a.en", "-o", "a.jsonl"]).ok();
    let run = folder.run(&["convert", "a.jsonl", "-o", "b.tmx"]);
    assert!(
        run.stderr.contains("nasaq's properties of 5 pairs omitted (--properties writes them)"),
        "{}",
        run.stderr
    );
    assert!(!folder.read("b.tmx").contains("x-nasaq"));
    let run = folder.run(&["convert", "a.jsonl", "-o", "c.tmx", "--properties"]);
    assert!(!run.stderr.contains("omitted"), "{}", run.stderr);
    assert!(folder.read("c.tmx").contains("x-nasaq-src_bytes"));
    // What a copy has stays, and what a command computes is written.
    assert_eq!(folder.run(&["convert", "full.tmx", "--to", "tmx"]).ok(), folder.read("full.tmx"));
    let scored = folder
        .run(&["score", "a.jsonl", "--to", "tmx", "--no-encoder", "--columns", "quality"])
        .ok();
    assert!(
        scored.contains("x-nasaq-quality") && !scored.contains("x-nasaq-probability"),
        "{scored}"
    );
    // What needs the properties reports that they are missing.
    folder.write("f.toml", "[[filter]]\nname = 'p'\ncolumn = 'probability'\nmin = 0.1\n");
    folder.run(&["filter", "full.tmx", "--filters", "f.toml"]).ok();
    folder
        .run(&["filter", "lean.tmx", "--filters", "f.toml"])
        .fails(3, &["\"probability\"", "--properties"]);
    let run = folder.run(&["report", "lean.tmx", "--no-encoder", "--summary"]);
    assert!(run.stderr.contains("a memory without probabilities"), "{}", run.stderr);
    run.ok();
}
