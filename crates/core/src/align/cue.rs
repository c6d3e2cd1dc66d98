//! What is known of segments that are subtitles, besides their texts.

/// What is known of a segment that is a subtitle or part of one.
///
/// ```
/// use nasaq::SegmentCue;
///
/// let cue = SegmentCue::new().with_time(Some([1.5, 3.0]));
/// assert!(!cue.is_description);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct SegmentCue {
    /// Whether it describes a sound, or is sung: it is then aligned with other such segments or
    /// not at all.
    pub is_description: bool,
    /// When it is shown, in seconds, half-open, on a clock that both sides share; `None` if that is
    /// unknown.
    pub time: Option<[f32; 2]>,
}

impl SegmentCue {
    /// Returns the cue of a segment of which nothing is known.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the cue of a segment that has the text of several: it is shown from the first to the
    /// last time, and is a description if all of them are.
    pub(super) fn joined(cues: &[Self]) -> Self {
        let join = |[start, end]: [f32; 2], [other_start, other_end]: [f32; 2]| {
            [start.min(other_start), end.max(other_end)]
        };
        let times: Option<Vec<[f32; 2]>> = cues.iter().map(|cue| cue.time).collect();
        Self {
            is_description: !cues.is_empty() && cues.iter().all(|cue| cue.is_description),
            time: times.and_then(|times| times.into_iter().reduce(join)),
        }
    }

    /// Sets whether it describes a sound, or is sung.
    #[must_use]
    pub fn with_description(mut self, is_description: bool) -> Self {
        self.is_description = is_description;
        self
    }

    /// Sets when it is shown.
    #[must_use]
    pub fn with_time(mut self, time: Option<[f32; 2]>) -> Self {
        self.time = time;
        self
    }
}
