//! Catalogues of [gettext](https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html),
//! read only: `msgid` is the source and `msgstr` the target.
//!
//! Fields of a pair are `msgctxt` as `context`, references as `reference`, flags (`fuzzy`,
//! `c-format`) as `flags`, and the comments of translators and programmers as `note` and `comment`.
//! Fuzzy entries are read, because `flags` marks them. Untranslated and obsolete (`#~`) entries are
//! skipped and counted. The header entry is not a pair; it names the language of the target and the
//! charset.
//!
//! **Plural forms.** English has two texts and Arabic up to six. `msgid` is paired with the form
//! for one, `msgid_plural` with the form that most of the numbers from 11 to 99 take, by the formula
//! in the header. Without a formula these are the second and the last but one of six forms, and
//! otherwise the first and the last; `plural` is the index of the form. The other forms have no
//! English text: they are ignored and counted.

use std::collections::VecDeque;
use std::sync::Arc;

use super::entry::{BitextSource, FormatEntry, Likeness, OpenReader, ReaderEntry};
use super::lines::LineReader;
use super::{BitextRow, FieldValue};
use crate::error::{Error, Result};
use crate::remedy::FormatRemedy;

mod plural;

use plural::PluralForms;

pub(crate) const PO: FormatEntry = FormatEntry {
    name: "po",
    endings: &["po", "pot"],
    description: "Catalogue of gettext",
    recognise: |start| {
        let is_other = start.starts_with(b"<") || start.starts_with(b"{");
        let has_entry = start.starts_with(b"msgid ") || start.contains(b"\nmsgid ");
        Likeness::Certain.when(has_entry && !is_other)
    },
    reader: Some(ReaderEntry {
        more_files: &[0],
        open: OpenReader::Text(|files| {
            Ok(Box::new(CatalogueReader::new(LineReader::new(files.first))))
        }),
    }),
    writer: None,
    losses: &[],
    has_columns: false,
    is_binary: false,
};

const SYNTAX_ADVICE: &str = "msgfmt --check shows more; msgid and msgstr are strings in quotes";

/// An entry of a catalogue, as far as it was read.
#[derive(Default)]
struct PoEntry {
    context: Option<String>,
    id: Option<String>,
    plural: Option<String>,
    forms: Vec<String>,
    references: Vec<String>,
    flags: Vec<String>,
    notes: Vec<String>,
    comments: Vec<String>,
    obsolete: bool,
    line: u64,
}

/// The part of an entry that a string belongs to.
#[derive(Clone, Copy)]
enum EntryPart {
    Context,
    Id,
    Plural,
    Form(usize),
}

/// The maximum number of forms of an entry; no language has more than six.
const MAX_FORMS: usize = 64;
/// The maximum length of an entry in bytes.
const MAX_ENTRY: usize = 1 << 26;

/// Reads the entries of a catalogue.
struct CatalogueReader {
    lines: LineReader,
    entry: PoEntry,
    part: Option<EntryPart>,
    bytes: usize,
    language: Option<String>,
    plural_forms: Option<PluralForms>,
    rows: VecDeque<BitextRow>,
    /// Whether an entry was seen.
    is_po: bool,
    untranslated: u64,
    with_more_texts: u64,
    /// A line that begins the entry after one that is wrong.
    pending: Option<String>,
    /// Whether the entry before the current line is being finished.
    finishes_earlier: bool,
    /// Whether the rest of an entry is skipped, because a line of it was wrong.
    skips_entry: bool,
    /// Whether the entry that is skipped has its `msgid` in a later line.
    awaits_id: bool,
    /// Whether reading can continue after the last error.
    can_resume: bool,
}

impl CatalogueReader {
    fn new(lines: LineReader) -> Self {
        Self {
            lines,
            entry: PoEntry::default(),
            part: None,
            bytes: 0,
            language: None,
            plural_forms: None,
            rows: VecDeque::new(),
            is_po: false,
            untranslated: 0,
            with_more_texts: 0,
            pending: None,
            finishes_earlier: false,
            skips_entry: false,
            awaits_id: false,
            can_resume: true,
        }
    }

    fn next(&mut self) -> Result<Option<BitextRow>> {
        while self.rows.is_empty() {
            let Some(line) = self.next_line()? else {
                self.finish_entry()?;
                if !self.is_po {
                    self.can_resume = false;
                    let what = "this is not a catalogue: it has no msgid";
                    return Err(Error::syntax(1, what, FormatRemedy::NameFormat));
                }
                return Ok(self.rows.pop_front());
            };
            if let Err(error) = self.line(&line) {
                if std::mem::take(&mut self.finishes_earlier) {
                    self.pending = Some(line);
                } else {
                    let is_id = line.starts_with("msgid");
                    let has_id = is_id || self.entry.id.is_some();
                    self.awaits_id =
                        !has_id && (self.entry.context.is_some() || line.starts_with("msgctxt"));
                    self.skip_entry();
                }
                return Err(error);
            }
        }
        Ok(self.rows.pop_front())
    }

    /// Returns the next line that is part of an entry that is read.
    fn next_line(&mut self) -> Result<Option<String>> {
        if let Some(line) = self.pending.take() {
            return Ok(Some(line));
        }
        loop {
            let line = match self.lines.next() {
                Ok(Some(line)) => line.trim().to_owned(),
                Ok(None) => return Ok(None),
                Err(error) => {
                    self.skip_entry();
                    return Err(error);
                }
            };
            if self.skips_entry && self.begins_entry(&line) {
                (self.skips_entry, self.awaits_id) = (false, false);
            }
            if !self.skips_entry {
                return Ok(Some(line));
            }
        }
    }

    /// Reports whether the entry that is skipped ends before a line.
    fn begins_entry(&mut self, line: &str) -> bool {
        let is_id = line.starts_with("msgid") && !line.starts_with("msgid_plural");
        if is_id && std::mem::take(&mut self.awaits_id) {
            return false;
        }
        let is_comment = line.starts_with('#') && !line.starts_with("#~");
        is_id || is_comment || line.is_empty() || line.starts_with("msgctxt")
    }

    /// Drops what was read of an entry, and skips its other lines.
    fn skip_entry(&mut self) {
        self.entry = PoEntry::default();
        (self.part, self.bytes, self.skips_entry) = (None, 0, true);
    }

    /// Finishes the entry that the current line is not part of.
    fn finish_earlier(&mut self) -> Result<()> {
        self.finishes_earlier = true;
        self.finish_entry()?;
        self.finishes_earlier = false;
        Ok(())
    }

    fn line(&mut self, line: &str) -> Result<()> {
        self.bytes += line.len();
        if self.bytes > MAX_ENTRY {
            return Err(self.error("an entry of more than 64 MB"));
        }
        let (line, obsolete) = match line.strip_prefix("#~") {
            // A bar marks the previous texts of obsolete entries.
            Some(rest) if rest.trim_start().starts_with('|') => return Ok(()),
            Some(rest) => (rest.trim_start(), true),
            None => (line, false),
        };
        if line.is_empty() {
            return Ok(());
        }
        if let Some(comment) = line.strip_prefix('#') {
            // A comment after the texts begins the next entry.
            if !self.entry.forms.is_empty() {
                self.finish_earlier()?;
            }
            self.comment(comment);
            return Ok(());
        }
        if line.starts_with('"') {
            let Some(part) = self.part else {
                return Err(self.error("a string without a msgid or msgstr before it"));
            };
            let text = self.string(line)?;
            self.slot(part).push_str(&text);
            return Ok(());
        }
        let (word, rest) = line.split_at(line.find(['"', ' ', '\t']).unwrap_or(line.len()));
        let part = match word {
            "msgctxt" => EntryPart::Context,
            "msgid" => EntryPart::Id,
            "msgid_plural" => EntryPart::Plural,
            "msgstr" => EntryPart::Form(0),
            _ => match word.strip_prefix("msgstr[").and_then(|rest| rest.strip_suffix(']')) {
                Some(number) => match number.parse::<usize>() {
                    Ok(number) if number < MAX_FORMS => EntryPart::Form(number),
                    _ => return Err(self.error("a msgstr with an index that no language has")),
                },
                None => {
                    // The entry before it is complete.
                    if !self.entry.forms.is_empty() {
                        self.finish_earlier()?;
                    }
                    return Err(self.error("this line is not part of an entry"));
                }
            },
        };
        let begins = matches!(part, EntryPart::Context)
            || matches!(part, EntryPart::Id)
                && (self.entry.id.is_some() || self.entry.context.is_none());
        if begins && (self.entry.id.is_some() || !self.entry.forms.is_empty()) {
            self.finish_earlier()?;
        }
        if begins {
            self.entry.line = self.lines.number();
        }
        let text = self.string(rest.trim_start())?;
        self.entry.obsolete |= obsolete;
        self.part = Some(part);
        *self.slot(part) = text;
        Ok(())
    }

    fn slot(&mut self, part: EntryPart) -> &mut String {
        let entry = &mut self.entry;
        match part {
            EntryPart::Context => entry.context.get_or_insert_default(),
            EntryPart::Id => entry.id.get_or_insert_default(),
            EntryPart::Plural => entry.plural.get_or_insert_default(),
            EntryPart::Form(number) => {
                if entry.forms.len() <= number {
                    entry.forms.resize(number + 1, String::new());
                }
                &mut entry.forms[number]
            }
        }
    }

    fn comment(&mut self, comment: &str) {
        let entry = &mut self.entry;
        let mut chars = comment.chars();
        let (list, text) = match chars.next() {
            Some(':') => (&mut entry.references, chars.as_str()),
            Some(',') => (&mut entry.flags, chars.as_str()),
            Some('.') => (&mut entry.comments, chars.as_str()),
            // The texts before the last change.
            Some('|') => return,
            _ => (&mut entry.notes, comment),
        };
        list.push(text.trim().to_owned());
    }

    fn error(&self, what: &str) -> Error {
        Error::syntax(self.lines.number(), what, SYNTAX_ADVICE)
    }

    /// Reads a string in quotes.
    fn string(&self, text: &str) -> Result<String> {
        let inner = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let Some(inner) = inner.filter(|_| text.len() > 1) else {
            return Err(self.error("a string that is not in quotes"));
        };
        let mut out = String::with_capacity(inner.len());
        let mut chars = inner.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '"' => return Err(self.error("a quote in a string")),
                '\\' => {}
                c => {
                    out.push(c);
                    continue;
                }
            }
            let code = chars.next();
            out.push(match code {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('r') => '\r',
                Some('a') => '\u{7}',
                Some('b') => '\u{8}',
                Some('f') => '\u{c}',
                Some('v') => '\u{b}',
                Some(c @ ('"' | '\\')) => c,
                Some('x') => self.number(&mut chars, None, 16, 2)?,
                Some(digit @ '0'..='7') => self.number(&mut chars, Some(digit), 8, 3)?,
                _ => return Err(self.error("an escape that gettext does not know")),
            });
        }
        Ok(out)
    }

    fn number(
        &self,
        chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
        first: Option<char>,
        base: u32,
        max_digits: usize,
    ) -> Result<char> {
        let mut digits: String = first.into_iter().collect();
        while digits.len() < max_digits
            && let Some(c) = chars.next_if(|c| c.is_digit(base))
        {
            digits.push(c);
        }
        let byte = u32::from_str_radix(&digits, base).ok().filter(|code| *code < 0x80);
        // A byte above ASCII is part of a character in the charset of the file.
        byte.and_then(char::from_u32)
            .ok_or_else(|| self.error("an escape that is not an ASCII character"))
    }

    fn finish_entry(&mut self) -> Result<()> {
        let entry = std::mem::take(&mut self.entry);
        (self.part, self.bytes) = (None, 0);
        self.is_po |= entry.id.is_some();
        let Some(id) = entry.id else {
            if entry.context.is_some() || !entry.forms.is_empty() {
                return Err(self.error("an entry without a msgid"));
            }
            return Ok(());
        };
        if entry.forms.is_empty() {
            return Err(self.error("an entry without a msgstr"));
        }
        if id.is_empty() && entry.context.is_none() {
            let header =
                |name: &str| entry.forms[0].lines().find_map(|line| line.strip_prefix(name));
            let formula = header("Plural-Forms:");
            self.plural_forms =
                formula.and_then(|formula| PluralForms::of_header(formula, MAX_FORMS));
            let language = header("Language:");
            let language = language.map(|language| language.trim().replace('_', "-"));
            self.language = language.filter(|language| !language.is_empty());
            return Ok(());
        }
        if entry.obsolete || entry.forms.iter().all(String::is_empty) {
            self.untranslated += 1;
            return Ok(());
        }
        let count = entry.forms.len();
        // The formula of another number of forms belongs to another catalogue.
        let by_formula = self
            .plural_forms
            .filter(|forms| forms.one.max(forms.other) < count && !(count == 6 && forms.count < 6));
        let (one, other) = match (by_formula, count) {
            (_, 1) if entry.plural.is_some() => (None, 0),
            (Some(forms), _) if entry.plural.is_some() => {
                // If one form serves both, it is that of most numbers.
                (Some(forms.one).filter(|one| *one != forms.other), forms.other)
            }
            (None, 6) => (Some(1), 4),
            (_, count) => (Some(0), count - 1),
        };
        let pairs = [(Some(id), one), (entry.plural.clone(), Some(other))];
        let used = pairs.iter().filter(|(text, form)| text.is_some() && form.is_some()).count();
        let filled = entry.forms.iter().filter(|form| !form.is_empty()).count();
        self.with_more_texts += u64::from(filled > used);
        for (src, form) in pairs {
            let (Some(src), Some(form)) = (src, form) else { continue };
            if entry.forms[form].is_empty() {
                self.untranslated += 1;
                continue;
            }
            let mut fields: Vec<(Arc<str>, FieldValue)> = Vec::new();
            let mut add = |name: &str, text: Option<String>| {
                fields.extend(text.map(|text| (Arc::from(name), FieldValue::Text(text))));
            };
            let joined = |list: &[String], separator: &str| {
                Some(list.join(separator)).filter(|_| !list.is_empty())
            };
            add("context", entry.context.clone());
            add("reference", joined(&entry.references, " "));
            add("flags", joined(&entry.flags, ", "));
            add("note", joined(&entry.notes, "\n"));
            add("comment", joined(&entry.comments, "\n"));
            add("plural", entry.plural.as_ref().map(|_| form.to_string()));
            let tgt = entry.forms[form].clone();
            self.rows.push_back(BitextRow {
                src,
                tgt,
                fields,
                line: entry.line,
                ..BitextRow::default()
            });
        }
        Ok(())
    }
}

impl BitextSource for CatalogueReader {
    fn next_row(&mut self) -> Result<Option<BitextRow>> {
        self.next()
    }

    /// Returns English and the language of the header, if it names one.
    fn languages(&self) -> Option<[String; 2]> {
        Some(["en".to_owned(), self.language.clone()?])
    }

    fn untranslated(&self) -> u64 {
        self.untranslated
    }

    fn with_more_texts(&self) -> u64 {
        self.with_more_texts
    }

    fn can_resume(&self) -> bool {
        self.can_resume
    }
}

#[cfg(test)]
mod tests;
