//! Variants of inputs as other programs, sites and people make them, with the answer to each.
//!
//! A row of a table is an input; a new variant of a kind is a new row.

use crate::util::Folder;

const A: [&str; 2] = ["افتح الملف", "أغلق الباب"];
const E: [&str; 2] = ["Open the file", "Close the door"];

/// A file and what `nasaq convert` makes of it: the texts, and what it reports.
struct Bitext {
    file: &'static str,
    text: String,
    pairs: Vec<(String, String)>,
    reports: &'static str,
}

impl Bitext {
    fn new(file: &'static str, text: impl Into<String>) -> Self {
        let pairs = (0..2).map(|at| (A[at].to_owned(), E[at].to_owned())).collect();
        Self { file, text: text.into(), pairs, reports: "" }
    }

    fn english_first(mut self) -> Self {
        self.pairs = (0..2).map(|at| (E[at].to_owned(), A[at].to_owned())).collect();
        self
    }

    fn pairs(mut self, pairs: &[(&str, &str)]) -> Self {
        self.pairs = pairs.iter().map(|(src, tgt)| ((*src).into(), (*tgt).into())).collect();
        self
    }

    fn reports(mut self, part: &'static str) -> Self {
        self.reports = part;
        self
    }

    #[track_caller]
    fn check(&self) {
        let folder = Folder::new();
        folder.write(self.file, &self.text);
        let run = folder.run(&["convert", self.file, "--to", "moses", "-o", "out"]);
        let Self { text, reports, .. } = self;
        assert!(run.stderr.contains(reports), "{text}\n{}", run.stderr);
        run.ok();
        let names: Vec<String> =
            folder.names().into_iter().filter(|it| it.contains("out.")).collect();
        let lines = |tag: &str| -> Vec<String> {
            let name = names.iter().find(|name| name.contains(tag)).expect("an output");
            folder.read(name).lines().map(str::to_owned).collect()
        };
        let found: Vec<(String, String)> = lines(".ar").into_iter().zip(lines(".en")).collect();
        let turned = |(src, tgt): &(String, String)| match src.is_ascii() {
            true => (tgt.clone(), src.clone()),
            false => (src.clone(), tgt.clone()),
        };
        assert_eq!(found, self.pairs.iter().map(turned).collect::<Vec<_>>(), "{text}");
    }
}

fn rows(header: &str, row: impl Fn(usize) -> String) -> String {
    format!("{header}{}\n{}\n", row(0), row(1))
}

#[test]
fn tables_of_other_programs_are_read() {
    let row = |at: usize| format!("{at},{},{}", A[at], E[at]);
    let turned = |at: usize| format!("k{at},{},{},menu", E[at], A[at]);
    for bitext in [
        Bitext::new("a.csv", rows("Export of May,,\n,,\nid,ar,en\n", row))
            .reports("skipped 2 rows before the header"),
        Bitext::new("a.csv", rows("Translations\nid,ar,en\n", row))
            .reports("skipped 1 row before the header"),
        Bitext::new("a.csv", rows("id,ar_EG,en,ar_SA\n", |at| row(at) + "," + A[1 - at]))
            .reports("other columns could be the source or target, too: 4 \"ar_SA\""),
        Bitext::new("a.csv", rows("Key,Source String,Translation,Context\n", turned))
            .english_first(),
        Bitext::new("a.csv", rows("ar,en\n", |at| format!("{},{}", E[at], A[at])))
            .english_first()
            .reports("not in the language that the name calls in column 1 \"ar\", 2 \"en\""),
        Bitext::new("a.txt", rows("", |at| format!("{} ||| {}", A[at], E[at]))),
        Bitext::new(
            "a.csv",
            rows("الرقم,الإنجليزية,العربية\n", |at| {
                format!("{at},{},{}", E[at], A[at])
            }),
        ),
        Bitext::new("a.csv", rows("id;Text [ar];Text [en]\n", |at| row(at).replace(',', ";"))),
        Bitext::new(
            "a.txt",
            rows("\u{feff}Arabic\tEnglish\r\n", |at| format!("{}\t{}\r", A[at], E[at])),
        ),
    ] {
        bitext.check();
    }
}

#[test]
fn a_table_with_a_row_for_each_text_is_refused() {
    let folder = Folder::new();
    folder.write("a.csv", format!("id,lang,text\n1,ar,{}\n1,en,{}\n", A[0], E[0]));
    let run = folder.run(&["convert", "a.csv", "--to", "tsv"]);
    assert!(run.code == 3 && run.stderr.contains("2 \"lang\", 3 \"text\""), "{}", run.stderr);
}

fn tmx(units: &[(&str, &str)], languages: [&str; 2], declaration: &str) -> String {
    let unit = |(src, tgt): &(&str, &str)| {
        let [from, to] = languages;
        format!(
            "<tu><tuv xml:lang=\"{from}\"><seg>{src}</seg></tuv><tuv xml:lang=\"{to}\"><seg>{tgt}</seg>\
             </tuv></tu>"
        )
    };
    let units: String = units.iter().map(unit).collect();
    format!("{declaration}<tmx version=\"1.4\"><header srclang=\"en\"/><body>{units}</body></tmx>")
}

#[test]
fn memories_of_other_programs_are_read() {
    let en_ar = ["en", "ar"];
    let one = |text: &'static str| tmx(&[(text, A[0])], en_ar, "");
    for (text, src) in [
        ("Open <g id=\"1\">the</g> file<x id=\"2\"/>", "Open the file"),
        ("Open<x/>the<b>m</b> all", "Open them all"),
        ("Open <br/>the file", "Open the file"),
        ("Open the <ph x=\"1\">{0}</ph> file", "Open the file"),
        ("un<b>believ</b>able", "unbelievable"),
        ("<hi type=\"b\">Open <i>the</i></hi> file", "Open the file"),
    ] {
        Bitext::new("a.tmx", one(text)).pairs(&[(src, A[0])]).check();
    }
    let declared = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>";
    Bitext::new("a.tmx", tmx(&[(E[0], A[0]), (E[1], A[1])], en_ar, declared))
        .english_first()
        .reports("the file declares windows-1252, but it is UTF-8 and read as such")
        .check();
    let exchanged = Folder::new();
    exchanged.write("a.tmx", tmx(&[(A[0], E[0])], en_ar, ""));
    let run = exchanged.run(&["convert", "a.tmx", "--to", "tsv"]);
    assert!(run.stderr.contains("labelled en and ar are in the other script"), "{}", run.stderr);
    exchanged.write("b.tmx", tmx(&[("Ouvrir", A[0])], ["fr", "ar"], ""));
    let run = exchanged.run(&["score", "b.tmx", "--no-encoder", "-o", "b.tsv"]);
    assert!(run.stderr.contains("texts are labelled fr"), "{}", run.stderr);
}

#[test]
fn a_memory_judges_pairs_whatever_columns_are_selected() {
    let folder = Folder::new();
    let [a, b] = [0, 1].map(|at| format!("{}\t{}", A[at], E[at]));
    folder.write("a.tsv", format!("src\ttgt\tprobability\n{a}\t0.3\n{b}\t0.9\nنعم\tYes\t0,4\n"));
    for columns in ["src,tgt", "src,tgt,probability"] {
        let run = folder.run(&["convert", "a.tsv", "-o", "a.tmx", "--columns", columns]);
        let cut = "1 pair omitted: the probability is below the minimum (--min-probability 0 writes them)";
        assert!(run.stderr.contains(cut), "{columns}: {}", run.stderr);
        assert_eq!(folder.read("a.tmx").matches("<tu>").count(), 2, "{columns}");
    }
    let run = folder.run(&["convert", "a.tsv", "-o", "a.tmx"]);
    assert!(run.stderr.contains("1 pair written although the probability is not a number"));
    assert!(
        run.stderr.contains("nasaq's properties of 2 pairs omitted (--properties writes them)")
    );
}

#[test]
fn the_formula_of_other_plural_forms_is_not_used() {
    let forms = ["لا ملفات", "ملف واحد", "ملفان", "%d ملفات", "%d ملفًا", "%d ملف"];
    let forms: String =
        (0..).zip(forms).map(|(at, form)| format!("msgstr[{at}] \"{form}\"\n")).collect();
    let text = format!(
        "msgid \"\"\nmsgstr \"\"\n\"Plural-Forms: nplurals=2; plural=(n != 1);\\n\"\n\n\
         msgid \"%d file\"\nmsgid_plural \"%d files\"\n{forms}"
    );
    let pairs = [("%d file", "ملف واحد"), ("%d files", "%d ملفًا")];
    Bitext::new("a.po", text).pairs(&pairs).check();
}

#[test]
fn ladders_may_have_any_name() {
    let folder = Folder::new();
    folder.write("a.ar", A.join("\n"));
    folder.write("a.en", E.join("\n"));
    for (name, ladder, column) in [
        ("v.txt", "[0]:[0]:0.156000\n[1]:[1]:1.200000\n", "cost"),
        ("v.path", "[0]:[0]:0.1560\n[1]:[1]:0.9000\n", "probability"),
        ("h.txt", "0\t0\t1.2\n1\t1\t0.3\n2\t2\t0\n", "score"),
    ] {
        folder.write(name, ladder);
        let table = folder.run(&["convert", name, "a.ar", "a.en", "--to", "tsv"]).ok();
        assert_eq!(table.lines().count(), 3, "{name}: {table}");
        assert!(table.starts_with(&format!("src\ttgt\t{column}")), "{name}: {table}");
    }
    folder.write("t.txt", format!("{}\t{}\t1.2\nنعم. ~~~ لا.\tYes. ~~~ No.\t0.4\n", A[0], E[0]));
    let table = folder.run(&["convert", "t.txt", "--to", "tsv"]).ok();
    assert!(table.contains("نعم. لا.\tYes. No.\t") && table.contains("2-2"), "{table}");
}

#[test]
fn links_name_documents_as_other_systems_do() {
    for prefix in ["C:x", "a\\b"] {
        let folder = Folder::new();
        folder.write("a.tsv", format!("src\ttgt\n{}\t{}\n", A[0], E[0]));
        folder.run(&["convert", "a.tsv", "-o", prefix, "--to", "xces"]).ok();
        let links = format!("{prefix}.ar.en.alignment.xml");
        let table = folder.run(&["convert", &links, "--to", "tsv"]).ok();
        assert!(table.contains(E[0]), "{prefix}");
    }
    let folder = Folder::new();
    let links = "<cesAlign version=\"1.0\"><linkGrp fromDoc=\"x/a.xml\" toDoc=\"b.xml\">\
                 <link xtargets=\"1;1\"/></linkGrp></cesAlign>";
    folder.write("l.xml", links);
    let run = folder.run(&["convert", "l.xml", "--to", "tsv"]);
    assert_eq!(run.stderr.matches("x/a.xml").count(), 1, "{}", run.stderr);
}

#[test]
fn words_without_anything_between_them_are_separate() {
    let folder = Folder::new();
    folder.write("a.ar.xml", "<t><s id=\"1\"><w>افتح</w><w>الملف</w><w>.</w></s></t>");
    folder.write("a.en.xml", "<t><s id=\"1\"><w>Open</w><w>it</w><w>.</w></s></t>");
    folder.write(
        "l.xml",
        "<cesAlign version=\"1.0\"><linkGrp fromDoc=\"a.ar.xml\" toDoc=\"a.en.xml\">\
         <link xtargets=\"1;1\"/></linkGrp></cesAlign>",
    );
    let table = folder.run(&["convert", "l.xml", "--to", "tsv"]).ok();
    assert!(table.contains("افتح الملف.\tOpen it.\t"), "{table}");
}

/// Writes subtitles of one cue for each text, three seconds apart.
fn subrip(cues: &[&str]) -> String {
    let cue = |(at, text): (usize, &&str)| {
        let second = 10 + 3 * at;
        format!("{at}\n00:00:{second},000 --> 00:00:{},000\n{text}\n\n", second + 2)
    };
    cues.iter().enumerate().map(cue).collect()
}

#[track_caller]
fn check_segments(name: &str, text: &str, language: &str, expected: &[&str], reports: &str) {
    let folder = Folder::new();
    folder.write(name, text);
    let run = folder.run(&["segment", name, "--lang", language]);
    assert!(run.stderr.contains(reports), "{text}\n{}", run.stderr);
    let found = run.ok();
    assert_eq!(found.lines().collect::<Vec<_>>(), expected, "{text}");
}

#[test]
fn subtitles_are_read_as_people_write_them() {
    let three = ["نعم.", "لا أعرف.", "وداعا."];
    let plain = subrip(&three);
    for text in [
        plain.replace("1\n00", "#1\n00").replace("2\n00", "#2\n00"),
        plain.replace("1\n00", "1.\n00").replace("2\n00", "2.\n00"),
        plain.replace("1\n00", "1 00").replace("2\n00", "2 00"),
        plain.replace("00:00:10", "-00:00:01"),
        plain.replace(",000", "，０００"),
    ] {
        check_segments("a.srt", &text, "ar", &three, "");
    }
    let titled = format!("Translated by nobody\n\n{plain}");
    check_segments("a.srt", &titled, "ar", &three, "1 line before the first subtitle skipped");
    for (cues, expected) in [
        (&["نعم<br>يا سامي.", "لا\\nأعرف."][..], &["نعم يا سامي.", "لا أعرف."][..]),
        (&["Yes &amp; no.", "It&#39;s it."], &["Yes & no.", "It's it."]),
        (&["Yes.", "<door closes>", "No."], &["Yes.", "<door closes>", "No."]),
        (&["نعم.", "]صوت باب[", "لا."], &["نعم.", "]صوت باب[", "لا."]),
        (
            &["ماذا قلت", "سامي: أعرف", "سامي: لا أعرف", "سامي: نعم.", "لا."],
            &["ماذا قلت", "سامي: أعرف", "سامي: لا أعرف", "سامي: نعم.", "لا."],
        ),
    ] {
        check_segments("a.srt", &subrip(cues), "ar", expected, "");
    }
    let mixed = subrip(&[".وصل القطار", "لم ينتظره أحد!", "؟أين الحارس", "خرج.", "!قف"]);
    let expected = ["وصل القطار.", "لم ينتظره أحد!", "أين الحارس؟", "خرج.", "قف!"];
    check_segments("a.srt", &mixed, "ar", &expected, "the ends of 3 lines was moved");
}

#[test]
fn subtitles_that_are_not_read_are_refused() {
    for (name, text) in [
        ("a.sub", "[INFORMATION]\n[TITLE]x\n00:00:10.00,00:00:12.00\nنعم.\n"),
        ("a.txt", "00:00:10:نعم.\n00:00:13:لا.\n00:00:16:نعم.\n"),
        ("a.lrc", "[ti:x]\n[00:10.00]نعم\n[00:13.00]لا\n[00:16.00]نعم\n"),
        ("a.smi", "<SAMI><BODY><SYNC Start=10><P>نعم.</BODY></SAMI>"),
    ] {
        let folder = Folder::new();
        folder.write(name, text);
        let run = folder.run(&["segment", name, "--lang", "ar"]);
        assert!(run.code == 3 && run.stderr.contains("ffmpeg -i"), "{name}: {}", run.stderr);
    }
}

#[test]
fn a_manifest_may_be_a_pipe() {
    let folder = Folder::new();
    let manifest = format!("id\tsrc_text\ttgt_text\na\t{}.\t{}.\n", A[0], E[0]);
    let args = ["align", "--corpus", "-", "-o", "out"];
    let run = folder.run_with_input(&args, manifest.as_bytes());
    assert!(run.stderr.contains("1 document: 1 aligned"), "{}", run.stderr);
    run.ok();
    assert!(folder.read("out/docs/a.tsv").contains(E[0]));
}

#[test]
fn folders_beside_ar_and_en_are_paired_and_third_languages_are_not() {
    let folder = Folder::new();
    for name in
        ["ar/1", "en/1", "2015/ar/2", "2015/en/2", "b.ar", "b.fr", "c.arb_Arab", "c.eng_Latn"]
    {
        folder.write(&format!("all/{name}.txt"), "نص text");
    }
    folder.write("all/d.ar[cc].srt", "x");
    folder.write("all/d.en.srt", "x");
    let run = folder.run(&["align", "--corpus", "all", "-o", "out", "--dry-run"]);
    let ids: Vec<&str> =
        run.stdout.lines().skip(1).filter_map(|line| line.split('\t').next()).collect();
    assert_eq!(ids, ["1", "2015/2", "c", "d"], "{}", run.stdout);
    assert!(run.stderr.contains("another language in the name: all/b.fr.txt"), "{}", run.stderr);
    assert!(run.stderr.contains("source without target: all/b.ar.txt"), "{}", run.stderr);
}

#[test]
fn manual_pages_need_a_folder() {
    let folder = Folder::new();
    folder.write("a.txt", "");
    let run = folder.run(&["man", "a.txt"]);
    assert!(run.code == 2 && run.stderr.contains("hint: name a folder"), "{}", run.stderr);
}
