//! Times of day in words: `السادسة إلا ربعًا`, `a quarter to six`.

use super::{Amount, Quantity, between};
use crate::language::Language;

/// Adds the readings of an hour with minutes before it: the hour before, and the minutes after that.
pub(super) fn before_the_hour(text: &str, language: Language, found: &mut [Quantity]) {
    for at in 1..found.len() {
        let (before, after) = found.split_at_mut(at);
        let (Some(first), Some(second)) = (before.last_mut(), after.first_mut()) else { continue };
        let Some(gap) = between(text, first, second).map(str::trim) else { continue };
        let (hour, part) = match (language, gap) {
            (Language::Arabic, "إلا" | "الا") => (first, second),
            (Language::English, "to" | "before" | "minutes to" | "minutes before") => {
                (second, first)
            }
            _ => continue,
        };
        let Some(minutes) = minutes(part, language) else { continue };
        match hour.amount.as_whole() {
            Some(of @ 1..=12) => {
                let previous = Amount::whole(if of == 1 { 12 } else { of - 1 });
                // "ten to twelve" may be a range.
                let is_range = language == Language::English && part.alternative.is_none();
                if is_range {
                    hour.also = Some(previous);
                } else {
                    (hour.amount, hour.alternative) = (previous, None);
                }
                part.also = Some(Amount::whole(60 - minutes));
                part.weak = true;
            }
            // مليون إلا ربعا: a fraction of the scale is subtracted.
            Some(scale) if scale >= 1000 && part.amount.as_whole().is_none() => {
                let rest = scale.saturating_sub(scale.saturating_mul(minutes) / 60);
                hour.also = Some(Amount::whole(rest));
                part.weak = true;
            }
            _ => {}
        }
    }
}

/// Returns the minutes of a quantity that may be a part of an hour.
fn minutes(part: &Quantity, language: Language) -> Option<u64> {
    match part.amount.as_whole() {
        Some(minutes @ (1..=29)) => Some(minutes),
        Some(_) => None,
        // Fractions have their hundredths as the alternative. ثلثا is a third here, and elsewhere
        // two of them.
        None => match part.alternative?.as_whole()? {
            67 if language == Language::Arabic => Some(20),
            hundredths => Some((hundredths * 60 + 50) / 100),
        },
    }
}
