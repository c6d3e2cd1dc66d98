use super::*;

fn read(text: &'static str) -> Result<(Vec<String>, CatalogueReader)> {
    let mut catalogue = CatalogueReader::new(LineReader::new(Box::new(text.as_bytes())));
    let mut rows = Vec::new();
    while let Some(row) = catalogue.next()? {
        let fields: Vec<String> =
            row.fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        rows.push(format!("{}|{}|{}", row.src, row.tgt, fields.join(" ")));
    }
    Ok((rows, catalogue))
}

#[test]
fn entries_are_read_with_their_fields() {
    let (rows, catalogue) = read(concat!(
        "# Arabic\nmsgid \"\"\nmsgstr \"\"\n\"Language: ar_EG\\n\"\n\"Plural-Forms: nplurals=6;\\n\"\n\n",
        "# said at the door\n#. a button\n#: door.c:1\n#, fuzzy\n#| msgid \"Opened\"\n",
        "msgctxt \"door\"\nmsgid \"\"\n\"Open\\t\\\"it\\\"\\n\"\nmsgstr \"افتح\\t\\\"\\n\"\n",
        "msgid \"Shut\"\nmsgstr \"\"\n\n#~ msgid \"Old\"\n#~ msgstr \"قديم\"\n",
    ))
    .expect("a catalogue");
    assert_eq!(
        rows,
        ["Open\t\"it\"\n|افتح\t\"\n|context=door reference=door.c:1 flags=fuzzy \
          note=said at the door comment=a button"]
    );
    assert_eq!(catalogue.untranslated, 2);
    assert_eq!(catalogue.languages(), Some(["en".to_owned(), "ar-EG".to_owned()]));
}

#[test]
fn plural_forms_are_paired_with_the_english_texts() {
    let (rows, catalogue) = read(concat!(
        "msgid \"a file\"\nmsgid_plural \"%d files\"\nmsgstr[0] \"لا ملفات\"\nmsgstr[1] \"ملف\"\n",
        "msgstr[2] \"ملفان\"\nmsgstr[3] \"%d ملفات\"\nmsgstr[4] \"%d ملفا\"\nmsgstr[5] \"%d ملف\"\n\n",
        "msgid \"a day\"\nmsgid_plural \"%d days\"\nmsgstr[0] \"%d\"\n",
    ))
    .expect("a catalogue");
    assert_eq!(rows, ["a file|ملف|plural=1", "%d files|%d ملفا|plural=4", "%d days|%d|plural=0"]);
    assert_eq!(catalogue.with_more_texts, 1);
}

#[test]
fn the_formula_of_the_header_tells_which_form_is_which() {
    let (rows, _) = read(concat!(
        "msgid \"\"\nmsgstr \"\"\n\"Plural-Forms: nplurals=4; \"\n",
        "\"plural=n==1 ? 0 : n==0 ? 1 : n<11 ? 3 : 2;\\n\"\n\n",
        "msgid \"a file\"\nmsgid_plural \"%d files\"\nmsgstr[0] \"ملف\"\nmsgstr[1] \"لا ملفات\"\n",
        "msgstr[2] \"%d ملفا\"\nmsgstr[3] \"%d ملفات\"\n\nmsgid \"one\"\nmsgstr \"واحد\"\n",
    ))
    .expect("a catalogue");
    assert_eq!(rows, ["a file|ملف|plural=0", "%d files|%d ملفا|plural=2", "one|واحد|"]);
}

#[test]
fn errors_in_broken_catalogues_name_the_line() {
    for (text, message) in [
        ("a\tb\n", "line 1: this line is not part of an entry"),
        ("\n", "line 1: this is not a catalogue: it has no msgid"),
        ("msgid \"a\"\n\nmsgid \"b\"\nmsgstr \"\"\n", "line 3: an entry without a msgstr"),
        ("msgstr \"a\"\n", "line 1: an entry without a msgid"),
        ("\"a\"\n", "line 1: a string without a msgid or msgstr before it"),
        ("msgid \"a\nmsgstr \"\"\n", "line 1: a string that is not in quotes"),
        ("msgid \"a\"b\"\n", "line 1: a quote in a string"),
        ("msgid \"\\q\"\n", "line 1: an escape that gettext does not know"),
        ("msgid \"\"\nmsgstr[99] \"\"\n", "line 2: a msgstr with an index that no language has"),
    ] {
        let error = read(text).map(|_| ()).expect_err(text).to_string();
        assert_eq!(error, message, "{text}");
    }
}

#[test]
fn broken_entries_are_skipped_whole_and_no_other_is_lost() {
    let text = "msgid \"a\"\nmsgstr \"1\"\n\
        msgid \"b\nmsgstr \"x\"\n\
        msgid \"c\"\nmsgstr \"3\"\n\
        msgid \"d\"\nmsgid \"e\"\nmsgstr \"5\"\n\n\
        msgctxt \"bad\nmsgid \"f\"\nmsgstr \"y\"\n\
        msgid \"g\"\nmsgstr \"7\"\n\
        nonsense\n# note\nmsgid \"h\"\nmsgstr \"8\"\n\
        msgctxt \"k\"\n\"\\q\"\nmsgid \"i\"\nmsgstr \"z\"\n\
        msgid \"j\"\n";
    let stream = Box::new(text.as_bytes());
    let mut reader = crate::BitextInput::file("a.po").read(vec![stream]).expect("a catalogue");
    reader = reader.skipping_bad(true);
    let ids: Vec<String> = reader.by_ref().map(|row| row.expect("good entries").src).collect();
    assert_eq!(ids, ["a", "c", "e", "g", "h"]);
    assert_eq!(reader.skipped().malformed, 6);
    assert_eq!(reader.first_bad().and_then(Error::line), Some(3));
    let other = crate::BitextInput::file("a.po").read(vec![Box::new(&b"x\ny\n"[..])]);
    let error = other.expect("a stream").skipping_bad(true).next_row().expect_err("no catalogue");
    assert!(error.to_string().contains("this is not a catalogue"), "{error}");
}
