//! A column of texts or of lists of texts, read where it is.

use std::ops::Range;

use arrow_array::{
    Array, LargeListArray, LargeStringArray, ListArray, StringArray, StringViewArray,
};

use crate::pair::Side;

/// Texts in one of Arrow's three ways.
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

/// Where the lists of a column are.
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

/// One side of all documents of a batch.
#[derive(Clone, Copy)]
pub(crate) enum TextColumn<'a> {
    Texts(StringColumn<'a>),
    Items(ListColumn<'a>),
}

/// Texts.
#[derive(Clone, Copy)]
pub(crate) struct StringColumn<'a>(Strings<'a>);

/// Lists of texts.
#[derive(Clone, Copy)]
pub(crate) struct ListColumn<'a>(Lists<'a>, Strings<'a>);

impl<'a> TextColumn<'a> {
    /// Takes a column, unless it has neither texts nor lists of texts.
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

    /// Gives a document's side; nothing where it is null, or a segment of it is.
    pub(crate) fn side(self, row: usize, segmented: bool) -> Option<Side<'a>> {
        match self {
            Self::Texts(StringColumn(strings)) => {
                let text = strings.get(row)?;
                Some(if segmented { Side::Lines(text) } else { Side::Raw(text) })
            }
            Self::Items(ListColumn(lists, strings)) => {
                let items = lists.range(row)?.map(|item| strings.get(item));
                Some(Side::Items(items.collect::<Option<_>>()?))
            }
        }
    }
}
