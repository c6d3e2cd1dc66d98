//! Columns of texts or of lists of texts, read in place.

use std::ops::Range;

use arrow_array::{
    Array, LargeListArray, LargeStringArray, ListArray, StringArray, StringViewArray,
};
use nasaq_job::SideText;

/// Texts in one of Arrow's three layouts.
#[derive(Clone, Copy)]
enum Strings<'a> {
    Small(&'a StringArray),
    Large(&'a LargeStringArray),
    View(&'a StringViewArray),
}

impl<'a> Strings<'a> {
    fn new(array: &'a dyn Array) -> Option<Self> {
        let any = array.as_any();
        any.downcast_ref()
            .map(Self::Small)
            .or_else(|| any.downcast_ref().map(Self::Large))
            .or_else(|| any.downcast_ref().map(Self::View))
    }

    fn get(self, row: usize) -> Option<&'a str> {
        match self {
            Self::Small(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Large(array) => array.is_valid(row).then(|| array.value(row)),
            Self::View(array) => array.is_valid(row).then(|| array.value(row)),
        }
    }
}

/// Lists in one of Arrow's two layouts.
#[derive(Clone, Copy)]
enum Lists<'a> {
    Small(&'a ListArray),
    Large(&'a LargeListArray),
}

impl<'a> Lists<'a> {
    fn range(self, row: usize) -> Option<Range<usize>> {
        match self {
            Self::Small(array) => array.is_valid(row).then(|| {
                let offsets = array.value_offsets();
                offsets[row] as usize..offsets[row + 1] as usize
            }),
            Self::Large(array) => array.is_valid(row).then(|| {
                let offsets = array.value_offsets();
                offsets[row] as usize..offsets[row + 1] as usize
            }),
        }
    }

    fn values(self) -> &'a dyn Array {
        match self {
            Self::Small(array) => array.values(),
            Self::Large(array) => array.values(),
        }
    }
}

/// One side of the documents of a batch.
#[derive(Clone, Copy)]
pub(crate) enum TextColumn<'a> {
    Texts(StringColumn<'a>),
    Items(ListColumn<'a>),
}

/// A column of texts.
#[derive(Clone, Copy)]
pub(crate) struct StringColumn<'a>(Strings<'a>);

/// A column of lists of texts.
#[derive(Clone, Copy)]
pub(crate) struct ListColumn<'a>(Lists<'a>, Strings<'a>);

impl<'a> TextColumn<'a> {
    /// Returns a column, or nothing if it has neither texts nor lists of texts.
    pub(crate) fn new(array: &'a dyn Array) -> Option<Self> {
        if let Some(strings) = Strings::new(array) {
            return Some(Self::Texts(StringColumn(strings)));
        }
        let any = array.as_any();
        let lists = any
            .downcast_ref()
            .map(Lists::Small)
            .or_else(|| any.downcast_ref().map(Lists::Large))?;
        Some(Self::Items(ListColumn(lists, Strings::new(lists.values())?)))
    }

    /// Returns the text of a row, or nothing if it or one of its segments is null.
    pub(crate) fn side(self, row: usize, segmented: bool) -> Option<SideText<'a>> {
        match self {
            Self::Texts(StringColumn(strings)) => {
                let text = strings.get(row)?;
                Some(if segmented { SideText::Lines(text) } else { SideText::Text(text) })
            }
            Self::Items(ListColumn(lists, strings)) => {
                let items = lists.range(row)?.map(|item| strings.get(item));
                Some(SideText::Segments(items.collect::<Option<_>>()?))
            }
        }
    }

    /// Returns the bytes of text of a row.
    pub(crate) fn bytes(self, row: usize) -> u64 {
        let bytes = |text: Option<&str>| text.map_or(0, |text| text.len() as u64);
        match self {
            Self::Texts(StringColumn(strings)) => bytes(strings.get(row)),
            Self::Items(ListColumn(lists, strings)) => {
                lists.range(row).into_iter().flatten().map(|item| bytes(strings.get(item))).sum()
            }
        }
    }
}
