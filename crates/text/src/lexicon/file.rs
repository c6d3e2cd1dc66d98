//! Reads and writes the lexicon file: a header, the stems, the rows. Integers are little-endian.
//!
//! | bytes | contents |
//! |---|---|
//! | 0..8 | `NASAQLEX` |
//! | 8..12 | version, u32: 1 |
//! | 12..20 | XXH3-64 of all bytes after it, u64 |
//! | 20..24 | A, the number of Arabic stems, u32 |
//! | 24..28 | E, the number of English stems, u32 |
//! | 28..32 | N, the number of pairs, u32 |
//! | 32..36 | the length of the Arabic stems in bytes, u32 |
//! | 36..40 | the length of the English stems in bytes, u32 |
//! | 40.. | the Arabic stems in UTF-8, strictly ascending, each followed by a line feed |
//! | | the English stems in the same form |
//! | | A × u32: the number of pairs of each Arabic stem, at least 1 |
//! | | N × u32: the index of the English stem of each pair, strictly ascending within a row |
//! | | N × u8: the square root of the similarity of each pair in steps of 1/255, at least 1 |

use xxhash_rust::xxh3::xxh3_64;

use super::{Lexicon, LexiconSide, Translation, similarity_at, step};
use crate::error::{Error, ErrorKind, Result};

const MAGIC: &[u8; 8] = b"NASAQLEX";
const VERSION: u32 = 1;
/// The length of the header before the bytes that the checksum covers.
const UNSUMMED: usize = 20;

fn damaged(reason: &'static str) -> Error {
    ErrorKind::Lexicon { reason }.into()
}

/// Decodes a file and checks every invariant of a [`Lexicon`].
pub(super) fn read(bytes: &[u8]) -> Result<Lexicon> {
    let mut rest = bytes;
    if take(&mut rest, MAGIC.len()).is_none_or(|magic| magic != MAGIC) {
        return Err(damaged("it is not a lexicon file"));
    }
    let cut = || damaged("it is truncated");
    if take_u32(&mut rest).ok_or_else(cut)? != VERSION {
        return Err(damaged("its version is not 1"));
    }
    let checksum = take(&mut rest, 8).ok_or_else(cut)?;
    if xxh3_64(rest).to_le_bytes() != checksum {
        return Err(damaged("its checksum does not match its contents"));
    }
    let mut size = || take_u32(&mut rest).map(|n| n as usize).ok_or_else(cut);
    let (arabic, english, pairs) = (size()?, size()?, size()?);
    let (arabic_bytes, english_bytes) = (size()?, size()?);
    let (keys, key_ends) = read_keys(take(&mut rest, arabic_bytes).ok_or_else(cut)?, arabic)?;
    let (english_keys, english_ends) =
        read_keys(take(&mut rest, english_bytes).ok_or_else(cut)?, english)?;
    let lengths = take(&mut rest, arabic.saturating_mul(4)).ok_or_else(cut)?;
    let ids = take(&mut rest, pairs.saturating_mul(4)).ok_or_else(cut)?;
    let steps = take(&mut rest, pairs).ok_or_else(cut)?;
    if !rest.is_empty() {
        return Err(damaged("there are bytes after its end"));
    }

    let row_ends = read_row_ends(lengths, pairs)?;
    let rows: Vec<Translation> = numbers(ids)
        .zip(steps)
        .map(|(id, &step)| Translation { id, similarity: similarity_at(step) })
        .collect();
    let mut start = 0;
    for &end in &row_ends {
        let row = &rows[start..end as usize];
        let known = row.last().is_some_and(|last| (last.id as usize) < english);
        if !known || !row.is_sorted_by(|a, b| a.id < b.id) {
            return Err(damaged("a row is out of order"));
        }
        start = end as usize;
    }
    if steps.contains(&0) {
        return Err(damaged("a pair has similarity 0"));
    }
    let (english_rows, english_row_ends) = transposed(&rows, &row_ends, english);
    Ok(Lexicon {
        arabic: LexiconSide::new(keys, key_ends, rows, row_ends),
        english: LexiconSide::new(english_keys, english_ends, english_rows, english_row_ends),
    })
}

fn take<'b>(rest: &mut &'b [u8], len: usize) -> Option<&'b [u8]> {
    let (head, tail) = rest.split_at_checked(len)?;
    *rest = tail;
    Some(head)
}

fn take_u32(rest: &mut &[u8]) -> Option<u32> {
    numbers(take(rest, 4)?).next()
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.as_chunks::<4>().0.iter().map(|&number| u32::from_le_bytes(number))
}

fn read_keys(bytes: &[u8], count: usize) -> Result<(String, Vec<u32>)> {
    let text = std::str::from_utf8(bytes).map_err(|_| damaged("its stems are not UTF-8"))?;
    let mut ends = Vec::with_capacity(count.min(bytes.len()));
    let (mut previous, mut start) = (None, 0);
    while let Some(len) = bytes[start..].iter().position(|&byte| byte == b'\n') {
        let key = &bytes[start..start + len];
        if previous.is_some_and(|previous| previous >= key) {
            return Err(damaged("its stems are out of order"));
        }
        previous = Some(key);
        start += len + 1;
        ends.push(start as u32);
    }
    if start != bytes.len() {
        return Err(damaged("a stem has no line feed after it"));
    }
    if ends.len() != count {
        return Err(damaged("its number of stems does not match its header"));
    }
    Ok((text.to_owned(), ends))
}

fn read_row_ends(lengths: &[u8], pairs: usize) -> Result<Vec<u32>> {
    let mut end = 0_u32;
    let ends: Option<Vec<u32>> = numbers(lengths)
        .map(|length| {
            end = end.checked_add(length)?;
            (end as usize <= pairs).then_some(end)
        })
        .collect();
    ends.filter(|_| end as usize == pairs)
        .ok_or_else(|| damaged("its number of pairs does not match its header"))
}

/// Transposes the rows: returns those of the other language, with their ends.
fn transposed(
    rows: &[Translation],
    row_ends: &[u32],
    count: usize,
) -> (Vec<Translation>, Vec<u32>) {
    let mut ends = vec![0_u32; count];
    for entry in rows {
        ends[entry.id as usize] += 1;
    }
    let mut start = 0;
    for end in &mut ends {
        start += std::mem::replace(end, start);
    }
    let mut transposed = vec![Translation { id: 0, similarity: 0.0 }; rows.len()];
    let mut at = 0;
    for (id, &end) in row_ends.iter().enumerate() {
        for entry in &rows[at..end as usize] {
            let next = &mut ends[entry.id as usize];
            transposed[*next as usize] =
                Translation { id: id as u32, similarity: entry.similarity };
            *next += 1;
        }
        at = end as usize;
    }
    (transposed, ends)
}

/// Encodes a lexicon; stems without a pair are omitted.
pub(super) fn write(lexicon: &Lexicon) -> Vec<u8> {
    let (arabic, english) = (lexicon.arabic.sorted(), lexicon.english.sorted());
    let mut new_ids = vec![0_u32; lexicon.english.len()];
    for (new, &old) in english.iter().enumerate() {
        new_ids[old as usize] = new as u32;
    }
    let keys = |side: &LexiconSide, ids: &[u32]| -> String {
        ids.iter().flat_map(|&id| [side.stem(id), "\n"]).collect()
    };
    let (arabic_keys, english_keys) =
        (keys(&lexicon.arabic, &arabic), keys(&lexicon.english, &english));
    let mut lengths = Vec::new();
    let mut pairs = Vec::new();
    for &id in &arabic {
        let start = pairs.len();
        pairs.extend(
            lexicon
                .arabic_row(id)
                .iter()
                .map(|pair| (new_ids[pair.id as usize], step(pair.similarity))),
        );
        pairs[start..].sort_unstable();
        lengths.push((pairs.len() - start) as u32);
    }

    let mut body = Vec::new();
    let mut push = |number: u32| body.extend_from_slice(&number.to_le_bytes());
    [arabic.len(), english.len(), pairs.len(), arabic_keys.len(), english_keys.len()]
        .into_iter()
        .for_each(|number| push(number as u32));
    body.extend_from_slice(arabic_keys.as_bytes());
    body.extend_from_slice(english_keys.as_bytes());
    body.extend(lengths.iter().flat_map(|length| length.to_le_bytes()));
    body.extend(pairs.iter().flat_map(|(id, _)| id.to_le_bytes()));
    body.extend(pairs.iter().map(|&(_, step)| step));

    let mut file = Vec::with_capacity(UNSUMMED + body.len());
    file.extend_from_slice(MAGIC);
    file.extend_from_slice(&VERSION.to_le_bytes());
    file.extend_from_slice(&xxh3_64(&body).to_le_bytes());
    file.extend_from_slice(&body);
    file
}
