//! Ladders as vecalign writes them: `[0, 1]:[2]:0.9300`, one bead a line, segments from 0.
//!
//! Described in [vecalign's README](https://github.com/thompsonb/vecalign#run-vecalign). The third
//! field, which is a cost there, is the probability here and may be missing; a null has `[]` on one
//! side. The reader skips empty lines and lines that begin with `#`, and allows spaces anywhere.
//!
//! Loses the texts, the offsets and the score, and all but four decimals of the probability.

use std::io::Write;

use nasaq::Rung;

use crate::error::{Error, Result};
use crate::record::BeadRecord;

const WANTED: &str = "a line of a ladder looks like [0, 1]:[2] or [0, 1]:[2]:0.93";

/// Reads a ladder.
///
/// # Errors
/// [`ErrorKind::Syntax`](crate::ErrorKind::Syntax) with the line, for a line that is no rung.
pub fn read_ladder(text: &str) -> Result<Vec<Rung>> {
    let mut rungs = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        let line = line.trim();
        if !line.is_empty() && !line.starts_with('#') {
            rungs.push(rung(line).map_err(|what| Error::syntax(number, what, WANTED))?);
        }
    }
    Ok(rungs)
}

fn rung(line: &str) -> Result<Rung, String> {
    let mut fields = line.splitn(3, ':');
    let mut side = || indices(fields.next().unwrap_or_default());
    let (src, tgt) = (side()?, side()?);
    let score = match fields.next().map(str::trim) {
        None | Some("") => None,
        Some(score) => match score.parse::<f32>() {
            Ok(score) if score.is_finite() => Some(score),
            _ => return Err(format!("\"{}\" is no score", short(score))),
        },
    };
    Ok(Rung { src, tgt, score })
}

fn indices(field: &str) -> Result<Vec<u32>, String> {
    let inner = field
        .trim()
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .ok_or_else(|| format!("\"{}\" is no list of segments", short(field)))?
        .trim();
    if inner.is_empty() {
        return Ok(Vec::new());
    }
    inner
        .split(',')
        .map(|index| {
            let index = index.trim();
            index.parse().map_err(|_| format!("\"{}\" is no segment number", short(index)))
        })
        .collect()
}

/// Cuts what is quoted in a message, because a file of another format may have long lines.
fn short(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut cut: String = text.trim().chars().take(LONGEST).collect();
    if text.trim().chars().count() > LONGEST {
        cut.push('…');
    }
    cut
}

/// Writes one line of a ladder; a score is written with four decimals.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io) where writing fails.
pub fn write_rung(out: &mut impl Write, rung: &Rung) -> Result<()> {
    let list = |side: &[u32]| {
        let numbers: Vec<String> = side.iter().map(u32::to_string).collect();
        format!("[{}]", numbers.join(", "))
    };
    let (src, tgt) = (list(&rung.src), list(&rung.tgt));
    match rung.score {
        Some(score) => writeln!(out, "{src}:{tgt}:{score:.4}"),
        None => writeln!(out, "{src}:{tgt}"),
    }
    .map_err(Error::writing)
}

/// Writes beads as a ladder.
#[derive(Debug)]
pub struct LadderWriter<W> {
    out: W,
}

impl<W: Write> LadderWriter<W> {
    /// Starts a ladder; it has no header.
    pub fn new(out: W) -> Self {
        Self { out }
    }

    /// Writes one bead.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) where writing fails.
    pub fn write(&mut self, record: &BeadRecord) -> Result<()> {
        let span = |[start, end]: [u32; 2]| (start..end).collect();
        let rung = Rung {
            src: span(record.src_segments),
            tgt: span(record.tgt_segments),
            score: Some(record.probability),
        };
        write_rung(&mut self.out, &rung)
    }

    /// Gives the output back.
    pub fn finish(self) -> W {
        self.out
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::record::strategies::record;

    fn rung(src: &[u32], tgt: &[u32], score: Option<f32>) -> Rung {
        Rung { src: src.into(), tgt: tgt.into(), score }
    }

    #[test]
    fn every_spelling_in_use_is_read() {
        let text = "# made by hand\r\n\r\n[0]:[0]\r\n[1,2]:[ 1 ]:0.5\n[]:[2]: 0.25 \n  [3]:[]:\n";
        let expected = [
            rung(&[0], &[0], None),
            rung(&[1, 2], &[1], Some(0.5)),
            rung(&[], &[2], Some(0.25)),
            rung(&[3], &[], None),
        ];
        assert_eq!(read_ladder(text).expect("a ladder"), expected);
    }

    #[test]
    fn errors_name_the_line_and_what_is_wrong() {
        for (text, message) in [
            ("[0]:[0]\n[1]\n", "line 2: \"\" is no list of segments"),
            ("0\t0\t0.3", "line 1: \"0\t0\t0.3\" is no list of segments"),
            ("\n\n[0]:[x]", "line 3: \"x\" is no segment number"),
            ("[-1]:[0]", "line 1: \"-1\" is no segment number"),
            ("[0,]:[0]", "line 1: \"\" is no segment number"),
            ("[0]:[0]:high", "line 1: \"high\" is no score"),
            ("[0]:[0]:NaN", "line 1: \"NaN\" is no score"),
            ("[99999999999]:[0]", "line 1: \"99999999999\" is no segment number"),
        ] {
            assert_eq!(read_ladder(text).expect_err("no ladder").to_string(), message);
        }
    }

    #[test]
    fn long_lines_are_cut_in_messages() {
        let error = read_ladder(&"س".repeat(100_000)).expect_err("no ladder");
        assert!(error.to_string().len() < 200);
    }

    #[test]
    fn probabilities_have_four_decimals() {
        let mut out = Vec::new();
        write_rung(&mut out, &rung(&[0, 1], &[2], Some(0.93))).expect("memory");
        write_rung(&mut out, &rung(&[], &[3], None)).expect("memory");
        assert_eq!(out, b"[0, 1]:[2]:0.9300\n[]:[3]\n");
    }

    proptest! {
        #[test]
        fn reading_gives_back_what_was_written(beads in prop::collection::vec(record(), 0..8)) {
            let mut writer = LadderWriter::new(Vec::new());
            for bead in &beads {
                writer.write(bead).expect("memory");
            }
            let text = String::from_utf8(writer.finish()).expect("ASCII");
            let back = read_ladder(&text).expect("a ladder");
            prop_assert_eq!(back.len(), beads.len());
            for (rung, bead) in back.iter().zip(&beads) {
                let span = |[start, end]: [u32; 2]| (start..end).collect::<Vec<_>>();
                prop_assert_eq!(&rung.src, &span(bead.src_segments));
                prop_assert_eq!(&rung.tgt, &span(bead.tgt_segments));
                prop_assert!((rung.score.expect("a score") - bead.probability).abs() <= 6e-5);
            }
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "(\\[|\\]|:|,|[0-9]|\\PC|\n){0,40}") {
            let _ = read_ladder(&text);
        }
    }
}
