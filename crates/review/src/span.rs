//! How spans lie to each other. An empty span has a place, but no segment that counts.

use nasaq::Span;

/// The empty span of a row whose place is written later.
pub(crate) const NOTHING: Span = Span { start: 0, end: 0 };

/// Returns the span of one segment.
pub(crate) fn single(segment: u32) -> Span {
    Span { start: segment, end: segment + 1 }
}

/// Reports whether two spans have a segment in common.
pub(crate) fn overlaps(a: Span, b: Span) -> bool {
    a.start.max(b.start) < a.end.min(b.end)
}

/// Reports whether all segments of a span are in another.
pub(crate) fn is_inside(inner: Span, outer: Span) -> bool {
    inner.is_empty() || (outer.start <= inner.start && inner.end <= outer.end)
}

/// Reports whether two spans have the same segments.
pub(crate) fn is_same(a: Span, b: Span) -> bool {
    a == b || (a.is_empty() && b.is_empty())
}
